"""What rows learn from visits that end: beliefs about places, and mood."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.mind.appraisal import mean_rating, mood_lift, rate_visits
from mesa_llm_city.parameters import CityParameters

__all__ = ["Visits", "learn", "rated_visits"]

_SATISFACTION = ASPECTS.index("satisfaction")


class Visits(NamedTuple):
    """Visits that end now.

    Attributes
    ----------
    part : ndarray of int64, shape (v,)
        Which of the due rows end a visit.
    place : ndarray of int64, shape (v,)
        The places.
    ratings : ndarray of float64, shape (v, 4)
        How each was, in the order of `ASPECTS`.
    """

    part: Int
    place: Int
    ratings: Float


def rated_visits(state: CrowdState, due: Due, parameters: CityParameters) -> Visits:
    """Return which of the stays that end were visits, and how they were.

    A visit is a stay away from home and work (see `Person.is_visit`).
    """
    people, rows, doing, codes = state.people, due.rows, state.doing, codes_of(parameters)
    place = doing.place[rows].astype(np.int64)
    away = (place != people.home[rows]) & (place != people.work[rows])
    away &= ~(doing.fixed[rows] & (doing.purpose[rows] == codes.rest))
    part = np.flatnonzero(away & (doing.purpose[rows] >= 0))
    here, visit = place[part], due.take(part)
    places = due.world.city.places
    ratings = rate_visits(
        places.price[here],
        places.rating[here],
        state.came_min[visit.rows],
        income=people.income[visit.rows],
        taste=normal_of(visit.streams.trait("taste", key=here, n=1)[:, 0]),
        mood=state.mood.at(visit.rows, visit.minute),
        noise=normal_of(visit.streams.at("appraisal", step=visit.minute, n=len(ASPECTS))),
        parameters=parameters.mind.beliefs,
    )
    return Visits(part, here, ratings)


def learn(state: CrowdState, due: Due, visits: Visits, parameters: CityParameters) -> None:
    """Let rows learn from visits that have ended."""
    rows, minute = due.rows[visits.part], due.minute[visits.part]
    state.beliefs.learn(
        rows, visits.place, mean_rating(visits.ratings), minute, parameters.mind.beliefs
    )
    lift = mood_lift(visits.ratings[:, _SATISFACTION], parameters.mind.beliefs)
    state.mood.feel(rows, lift, minute)
