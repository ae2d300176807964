"""What rows learn from visits that end: beliefs about places, and mood."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.mind.appraisal import mean_rating, mood_lift, rate_visits
from mesa_llm_city.parameters import CityParameters

__all__ = ["Visits", "are_visits", "learn", "rated_visits"]

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
    """Return which of the stays that end were visits, and how they were (see `are_visits`)."""
    people = state.people
    part = np.flatnonzero(are_visits(state, due.rows, parameters))
    visit = due.take(part)
    here = state.doing.place[visit.rows].astype(np.int64)
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


def are_visits(state: CrowdState, rows: Int, parameters: CityParameters) -> Bool:
    """Tell who is neither at home, which a refuge is as well, nor at work (`Person.is_visit`)."""
    people, doing = state.people, state.doing
    place = doing.place[rows]
    away = (place != people.home[rows]) & (place != people.work[rows])
    away &= place != state.refuge[rows]
    away &= ~(doing.fixed[rows] & (doing.purpose[rows] == codes_of(parameters).rest))
    visits: Bool = away & (doing.purpose[rows] >= 0)
    return visits


def learn(state: CrowdState, due: Due, visits: Visits, parameters: CityParameters) -> None:
    """Let rows learn from visits that have ended."""
    rows, minute = due.rows[visits.part], due.minute[visits.part]
    state.beliefs.learn(
        rows, visits.place, mean_rating(visits.ratings), minute, parameters.mind.beliefs
    )
    lift = mood_lift(visits.ratings[:, _SATISFACTION], parameters.mind.beliefs)
    state.mood.feel(rows, lift, minute)
