"""Stays that end, and what is learnt from them, as a loop that is compiled (see `kernels`).

It does what `CrowdLife` does in NumPy when rows leave.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.draw_loops import fill_uniforms, normal_at, uniform_at
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
from mesa_llm_city.mind.mood_loops import MoodRows, feel_row, valence_of

__all__ = ["Ended", "Learning", "fill_ended"]

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
    return _fill(rows, by, after, some, minute, ended, np.empty(_ASPECTS), np.empty(_ASPECTS))


def _fill(  # noqa: PLR0917 - compiled loops take no keywords
    rows: RowColumns,
    by: Learning,
    after: NextColumns,
    some: Int,
    minute: Int,
    ended: Ended,
    rated: Float,
    noise: Float,
) -> tuple[int, int]:
    """Let stays end, as `fill_ended` does, with room for a rating and for random numbers."""
    doing = rows.doing
    mood, slots, home, work, refuge = by.mood, by.slots, rows.home, rows.work, rows.refuge
    stays = visits = 0
    for at in range(len(some)):
        if at + AHEAD < len(some):
            later = some[at + AHEAD]
            ask_for_doing(doing, later)
            prefetch(home, later)
            prefetch(work, later)
            prefetch(refuge, later)
        if at + _SOON < len(some):
            _ask_for_visit(rows, by, some[at + _SOON])
        row, now = some[at], minute[at]
        purpose, place = doing.purpose[row], doing.place[row]
        same = purpose == after.purpose[at] and place == after.place[at]
        if same and after.destination[at] == NOT_TRAVELLING:
            continue
        ended.stay[stays], ended.start[stays] = at, doing.start[row]
        ended.purpose[stays], ended.place[stays] = purpose, place
        is_away = place != home[row] and place != work[row] and place != refuge[row]
        is_visit = purpose >= 0 and not (doing.fixed[row] and purpose == by.rest)
        # Neither at home, which a refuge is as well, nor at work (see `are_visits`).
        if is_away and is_visit:
            seed = by.seeds[at if len(by.seeds) > 1 else 0]
            fill_uniforms(seed, rows.ids[row], now, by.noise, noise)
            for aspect in range(_ASPECTS):
                noise[aspect] = normal_at(noise[aspect])
            taste = normal_at(uniform_at(by.seed, rows.ids[row], place, by.taste))
            rate_visit(
                by.price[place],
                by.rating[place],
                rows.came_min[row],
                by.income[row],
                taste,
                valence_of(mood, row, now),
                noise,
                by.rates,
                rated,
            )
            mean = (rated[0] + rated[1] + rated[2] + rated[3]) / _ASPECTS
            learn_visit(slots, row, place, mean, now, by.learns)
            lift = by.rates.mood_lift * (2.0 * rated[_SATISFACTION] - 1.0)
            feel_row(mood, row, lift, now)
            ended.visit[visits] = stays
            for aspect in range(_ASPECTS):
                ended.ratings[visits, aspect] = rated[aspect]
            visits += 1
        stays += 1
    return stays, visits


def _ask_for_visit(rows: RowColumns, by: Learning, row: int) -> None:
    """Ask for what a visit changes, if a row is out, before it is needed (see `prefetch`)."""
    place = rows.doing.place[row]
    if place == rows.home[row] or place == rows.work[row]:
        return
    prefetch(by.mood.level_code, row)
    prefetch(by.mood.rest_code, row)
    prefetch(by.mood.minute, row)
    prefetch(by.income, row)
    prefetch(rows.came_min, row)
    ask_for_beliefs(by.slots, row)
