"""Stays that end, and what is learnt from them, as a loop that is compiled (see `kernels`).

It does what `CrowdLife` does in NumPy when rows leave.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.draw_loops import normal_at, normals_at, uniform_at
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.prefetch import AHEAD, prefetch
from mesa_llm_city.core.values import Float, Int, Whole
from mesa_llm_city.crowd.going_columns import NextColumns
from mesa_llm_city.crowd.row_columns import RowColumns, ask_for_doing
from mesa_llm_city.crowd.state import NOT_TRAVELLING
from mesa_llm_city.mind.appraisal_loops import RatingNumbers, rate_visit
from mesa_llm_city.mind.belief_loops import (
    BeliefRows,
    LearningNumbers,
    ask_for_beliefs,
    learn_visit,
)
from mesa_llm_city.mind.mood_loops import MoodRows, set_mood, valence_of

__all__ = [
    "NO_END",
    "STAY_ENDS",
    "VISIT_ENDS",
    "Ended",
    "Learning",
    "ask_for_ends",
    "end_row",
    "fill_ended",
]

NO_END, STAY_ENDS, VISIT_ENDS = 0, 1, 2
"""What ends for a row that goes on to something: nothing if it is more of the same."""

_ASPECTS, _SATISFACTION = 4, 2  # of `mind.ASPECTS`
_SOON = AHEAD // 2  # turns between asking for what visits need and using it


class Learning(NamedTuple):
    """What rating visits and learning from them reads besides `RowColumns`.

    Attributes
    ----------
    mood : MoodRows
        How good each row feels, which is changed.
    slots : BeliefRows
        What each believes, which is changed.
    income : ndarray of float64, shape (n,)
        Income of each, in median incomes.
    price, rating : ndarray of float64
        Price level and public rating of each place, NaN if unknown.
    rates : RatingNumbers
        How visits are rated.
    learns : LearningNumbers
        How is learnt from them.
    rest : int
        Position of the purpose of a rest.
    seed : uint64
        Seed of what persons are like.
    seeds : ndarray of uint64, shape (1,) or (m,)
        Seed of what is drawn now.
    taste, noise : uint64
        What is drawn.
    """

    mood: MoodRows
    slots: BeliefRows
    income: Float
    price: Float
    rating: Float
    rates: RatingNumbers
    learns: LearningNumbers
    rest: int
    seed: np.uint64
    seeds: Words
    taste: np.uint64
    noise: np.uint64


class Ended(NamedTuple):
    """Stays that have ended, and visits among them; filled from the front.

    Attributes
    ----------
    stay : ndarray of int64, shape (m,)
        Positions among the m rows of those who leave.
    start, purpose, place : ndarray of int, shape (m,)
        Since when they did what where.
    visit : ndarray of int64, shape (m,)
        Positions of those who end a visit, among the stays.
    ratings : ndarray of float64, shape (m, 4)
        How these were.
    """

    stay: Int
    start: Whole
    purpose: Whole
    place: Whole
    visit: Int
    ratings: Float


def fill_ended(  # noqa: PLR0917 - compiled loops take no keywords
    rows: RowColumns, by: Learning, after: NextColumns, some: Int, minute: Int, ended: Ended
) -> tuple[int, int]:
    """Let those of m rows end their stays who go on to something else, and learn from visits.

    Parameters
    ----------
    rows : RowColumns
        The crowd.
    by : Learning
        What is learnt, and by which numbers.
    after : NextColumns
        What is done from now on, shape (m,).
    some, minute : ndarray of int64, shape (m,)
        The rows, and the minute of each.
    ended : Ended
        Is filled.

    Returns
    -------
    tuple of (int, int)
        Number of stays and of visits.
    """
    stays = visits = 0
    for at in range(len(some)):
        ask_for_ends(rows, by, some, at)
        ends = end_row(rows, by, after, at, some[at], minute[at], ended, stays, visits)
        stays += ends > NO_END
        visits += ends == VISIT_ENDS
    return stays, visits


def ask_for_ends(rows: RowColumns, by: Learning, some: Int, at: int) -> None:
    """Ask for what `end_row` reads of those who come later (see `prefetch`)."""
    if at + AHEAD < len(some):
        later = some[at + AHEAD]
        ask_for_doing(rows.doing, later)
        prefetch(rows.home, later)
        prefetch(rows.work, later)
    if at + _SOON < len(some):
        _ask_for_visit(rows, by, some[at + _SOON])


def end_row(  # noqa: PLR0917 - compiled loops take no keywords
    rows: RowColumns,
    by: Learning,
    after: NextColumns,
    at: int,
    row: int,
    now: int,
    ended: Ended,
    stays: int,
    visits: int,
) -> int:
    """Let the stay of one row end, if it goes on to something else, as `fill_ended` does.

    Parameters
    ----------
    rows, by, after, ended
        As of `fill_ended`.
    at, row, now : int
        Position of the row among those who leave, the row, and the minute.
    stays, visits : int
        How many stays and visits have ended before.

    Returns
    -------
    int
        `NO_END`, `STAY_ENDS` or `VISIT_ENDS`.
    """
    doing = rows.doing
    purpose, place = doing.purpose[row], doing.place[row]
    same = purpose == after.purpose[at] and place == after.place[at]
    if same and after.destination[at] == NOT_TRAVELLING:
        return NO_END
    ended.stay[stays], ended.start[stays] = at, doing.start[row]
    ended.purpose[stays], ended.place[stays] = purpose, place
    is_away = place != rows.home[row] and place != rows.work[row] and place != rows.refuge[row]
    # Neither at home, which a refuge is as well, nor at work (see `are_visits`).
    if not is_away or purpose < 0 or (doing.fixed[row] and purpose == by.rest):
        return STAY_ENDS
    person, mood = rows.ids[row], by.mood
    taste = normal_at(uniform_at(by.seed, person, place, by.taste))
    noise = normals_at(by.seeds[at if len(by.seeds) > 1 else 0], person, now, by.noise)
    felt = valence_of(mood, row, now)
    price, rating = by.price[place], by.rating[place]
    rated = rate_visit(
        price, rating, rows.came_min[row], by.income[row], taste, felt, noise, by.rates
    )
    mean = (rated[0] + rated[1] + rated[2] + rated[3]) / _ASPECTS
    learn_visit(by.slots, row, place, mean, now, by.learns)
    set_mood(mood, row, felt + by.rates.mood_lift * (2.0 * rated[_SATISFACTION] - 1.0), now)
    ended.visit[visits] = stays
    for aspect in range(_ASPECTS):
        ended.ratings[visits, aspect] = rated[aspect]
    return VISIT_ENDS


def _ask_for_visit(rows: RowColumns, by: Learning, row: int) -> None:
    """Ask for what a visit changes, if a row is out, before it is needed (see `prefetch`)."""
    place = rows.doing.place[row]
    if place == rows.home[row] or place == rows.work[row]:
        return
    prefetch(by.mood.level_code, row)
    prefetch(by.mood.rest_code, row)
    prefetch(by.mood.minute, row)
    prefetch(by.income, row)
    prefetch(by.price, place)
    prefetch(by.rating, place)
    prefetch(rows.ids, row)
    prefetch(rows.refuge, row)
    prefetch(rows.came_min, row)
    ask_for_beliefs(by.slots, row)
