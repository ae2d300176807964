"""What rows learn from visits that end: beliefs about places, and mood."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.city.places import Places
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.held import held
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.narrow import positions_of
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.streams import word_of
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.codes import Codes, codes_of
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.going_columns import NextColumns, is_more_of
from mesa_llm_city.crowd.learning_loops import Ended, Learning, fill_ended
from mesa_llm_city.crowd.row_columns import row_columns
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.crowd.travel import Going
from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.mind.appraisal import mean_rating, mood_lift, rate_visits, rating_numbers
from mesa_llm_city.mind.appraisal_loops import RatingNumbers
from mesa_llm_city.mind.belief_loops import LearningNumbers
from mesa_llm_city.mind.belief_slots import learning_numbers
from mesa_llm_city.parameters import CityParameters

__all__ = ["are_visits", "end_stays", "first_ones", "learning_by", "learning_of", "room_for"]

_SATISFACTION = ASPECTS.index("satisfaction")
_TASTE, _APPRAISAL = np.uint64(word_of("taste")), np.uint64(word_of("appraisal"))


def end_stays(state: CrowdState, due: Due, going: Going, parameters: CityParameters) -> Ended:
    """Let those end their stays who go on to something else, and learn from visits.

    Parameters
    ----------
    state : CrowdState
        The crowd, whose beliefs and moods change.
    due : Due
        The m rows.
    going : Going
        What they go on to.
    parameters : CityParameters
        Numbers that shape behaviour.
    """
    loop = compiled(fill_ended)
    if loop is None:
        return _ended(state, due, going, parameters)
    ended = room_for(len(due))
    after = NextColumns(going.block.purpose, going.block.place, going.destination)
    rows, learning = row_columns(state), learning_by(state, due, parameters)
    stays, visits = loop(rows, learning, after, due.rows, due.minute, ended)
    return first_ones(ended, stays, visits)


def room_for(count: int) -> Ended:
    """Return room for stays of so many rows."""
    stay, start, purpose, place, visit = np.empty((5, count), dtype=np.int64)
    return Ended(stay, start, purpose, place, visit, np.empty((count, len(ASPECTS))))


def first_ones(ended: Ended, stays: int, visits: int) -> Ended:
    """Return the first stays and visits."""
    at, start, purpose, place = (one[:stays] for one in ended[:4])
    return Ended(at, start, purpose, place, ended.visit[:visits], ended.ratings[:visits])


def learning_by(state: CrowdState, due: Due, parameters: CityParameters) -> Learning:
    """Return what loops read that let rows rate visits and learn from them."""
    streams, places = due.everybody, due.world.city.places
    seeds = streams.seeds_at(due.minute)
    return learning_of(state, places, due.days[1], streams, seeds, parameters)


def learning_of(  # noqa: PLR0917 - what is kept is told apart by these
    state: CrowdState,
    places: Places,
    day: int,
    streams: ColumnStreams,
    seeds: Words,
    parameters: CityParameters,
) -> Learning:
    """Return what loops read that let rows rate visits and learn from them until a day."""
    numbers = parameters.mind.beliefs
    rates, learns = rating_numbers(numbers), learning_numbers(numbers, (day + 1) * DAY_MIN - 1)
    return state.kept(_learning, places, rates, learns, codes_of(parameters), streams, seeds)


def _learning(  # noqa: PLR0917 - what is kept is told apart by these
    state: CrowdState,
    places: Places,
    rates: RatingNumbers,
    learns: LearningNumbers,
    codes: Codes,
    streams: ColumnStreams,
    seeds: Words,
) -> Learning:
    columns = Learning(
        state.mood.columns,
        state.beliefs.columns,
        state.people.income,
        places.price,
        places.rating,
        rates,
        learns,
        codes.rest,
        np.uint64(streams.seed),
        seeds,
        _TASTE,
        _APPRAISAL,
    )
    return held(columns)


def _ended(state: CrowdState, due: Due, going: Going, parameters: CityParameters) -> Ended:
    stay = positions_of(~is_more_of(state, due.rows, going))
    rows, doing = due.rows[stay], state.doing
    start, purpose, place = doing.start[rows], doing.purpose[rows], doing.place[rows]
    visit = positions_of(are_visits(state, rows, parameters))
    visitors, here = due.take(stay[visit]), place[visit].astype(np.int64)
    ratings = _rated(state, visitors, here, parameters)
    numbers = parameters.mind.beliefs
    state.beliefs.learn(visitors.rows, here, mean_rating(ratings), visitors.minute, numbers)
    lift = mood_lift(ratings[:, _SATISFACTION], numbers)
    state.mood.feel(visitors.rows, lift, visitors.minute)
    return Ended(stay, start, purpose, place, visit, ratings)


def _rated(state: CrowdState, due: Due, here: Int, parameters: CityParameters) -> Float:
    """Return how visits to places were that end now."""
    places = due.world.city.places
    return rate_visits(
        places.price[here],
        places.rating[here],
        state.came_min[due.rows],
        income=state.people.income[due.rows],
        taste=normal_of(due.streams.trait("taste", key=here, n=1)[:, 0]),
        mood=state.mood.at(due.rows, due.minute),
        noise=normal_of(due.streams.at("appraisal", step=due.minute, n=len(ASPECTS))),
        parameters=parameters.mind.beliefs,
    )


def are_visits(state: CrowdState, rows: Int, parameters: CityParameters) -> Bool:
    """Tell who is neither at home, which a refuge is as well, nor at work (`Person.is_visit`)."""
    people, doing = state.people, state.doing
    place = doing.place[rows]
    away = (place != people.home[rows]) & (place != people.work[rows])
    away &= place != state.refuge[rows]
    away &= ~(doing.fixed[rows] & (doing.purpose[rows] == codes_of(parameters).rest))
    visits: Bool = away & (doing.purpose[rows] >= 0)
    return visits
