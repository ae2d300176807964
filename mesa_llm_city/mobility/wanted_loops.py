"""Which outings persons want, drawn in a loop that is compiled (see `kernels`).

It does what `wanted_outings` does in NumPy.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.draw_loops import fill_uniforms, normal_at
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.population.people_columns import PersonRows
from mesa_llm_city.population.time_use.row import AWAY

__all__ = ["DRAWS", "LEAST_CHANCE", "DrawnRows", "Wanted", "WantedNumbers", "fill_wanted"]

DRAWS = 3
"""Numbers of a person for a purpose: whether, how long, and when."""
LEAST_CHANCE = 1e-9
"""Keeps the number over its chance finite."""
_SPORT, _CIVIC = AWAY.index("sport"), AWAY.index("civic")


class Wanted(NamedTuple):
    """Outings of m persons for each of k purposes; arrays of shape (k, m).

    Attributes
    ----------
    is_wanted : ndarray of bool
        Whether each is wanted.
    rank : ndarray of float64
        How near each came to being wanted, the nearest the least; infinite for what never is.
    minutes : ndarray of float64
        How long it takes, or would take.
    start : ndarray of float64
        Where it lies between the earliest and the latest time, from 0 to 1.
    """

    is_wanted: Bool
    rank: Float
    minutes: Float
    start: Float


class WantedNumbers(NamedTuple):
    """What outings for k purposes depend on; arrays of shape (k,).

    Attributes
    ----------
    is_sport, is_social : ndarray of bool
        Which purpose has its time from the table, and to which civic activities belong.
    code : ndarray of int64
        Positions in the purposes of the parameters.
    liked : ndarray of int64
        Columns of preferences, -1 for none.
    weight, usual_min : ndarray of float64
        How much each is liked by persons without a weight, and its usual length.
    word : ndarray of uint64
        What is drawn.
    per_liking, per_relief, length_spread : float
        Fields of `mobility.free_time`.
    """

    is_sport: Bool
    is_social: Bool
    code: Int
    liked: Int
    weight: Float
    usual_min: Float
    word: Words
    per_liking: float
    per_relief: float
    length_spread: float


class DrawnRows(NamedTuple):
    """What is drawn from the table of time use for m persons (see `DayDraws`)."""

    ranks: Float
    shares: Float
    lengths: Float


def fill_wanted(  # noqa: PLR0917 - compiled loops take no keywords
    people: PersonRows,
    persons: Int,
    goes: Bool,
    relief: Float,
    factors: Float,
    table: DrawnRows,
    seed: np.uint64,
    step: int,
    numbers: WantedNumbers,
    drawn: Float,
    wanted: Wanted,
) -> None:
    """Fill which outings persons want on a day.

    Parameters
    ----------
    people : PersonRows
        The m persons.
    persons : ndarray of int64, shape (m,)
        Their ids.
    goes : ndarray of bool, shape (m,)
        Who leaves home and decides alone; the others want none.
    relief : ndarray of float64, shape (m, purposes)
        How much of what each lacks an hour of each purpose would give back.
    factors : ndarray of float64, shape (m, purposes) or (1, purposes)
        By what goals multiply how likely each purpose is (see `DayFacts.factors`).
    table : DrawnRows
        What is drawn from the table of time use.
    seed : uint64
        Seed of what is drawn on the day.
    step : int
        Place of the day in the addresses of streams.
    numbers : WantedNumbers
        The parameters.
    drawn : ndarray of float64, shape (DRAWS,)
        Is changed.
    wanted : Wanted
        Is filled.
    """
    is_wanted, rank, minutes, start = wanted
    for at in range(len(people.rows)):
        is_wanted[:, at], rank[:, at] = False, np.inf
        minutes[:, at], start[:, at] = 0.0, 0.0
        if not goes[at]:
            continue
        preferences = people.preferences[people.rows[at]]
        civic, of_goals = _of_table(table, at, _CIVIC, 1.0), at if len(factors) > 1 else 0
        for kind in range(len(numbers.code)):
            fill_uniforms(seed, persons[at], step, numbers.word[kind], drawn)
            factor = factors[of_goals, numbers.code[kind]]
            if numbers.is_sport[kind]:
                sport = _of_table(table, at, _SPORT, factor)
                is_wanted[kind, at], minutes[kind, at] = sport > 0.0, sport
                start[kind, at] = drawn[0]
                continue
            liking = _liking(preferences, numbers.liked[kind], numbers.weight[kind])
            gain = numbers.per_relief * relief[at, numbers.code[kind]]
            chance = min(numbers.per_liking * liking * factor + gain, 1.0)
            is_one = drawn[0] < chance
            lasts = math.exp(numbers.length_spread * normal_at(drawn[1]))
            lasts *= numbers.usual_min[kind]
            if numbers.is_social[kind] and civic > 0.0:
                lasts, is_one = max(lasts, civic) if is_one else civic, True
            is_wanted[kind, at], minutes[kind, at], start[kind, at] = is_one, lasts, drawn[2]
            rank[kind, at] = drawn[0] / max(chance, LEAST_CHANCE)


def _of_table(table: DrawnRows, at: int, activity: int, factor: float) -> float:
    """Return the minutes of what is drawn from the table of time use, of who leaves home."""
    is_done = table.ranks[at, activity] < table.shares[at, activity] * factor
    return float(table.lengths[at, activity]) if is_done else 0.0


def _liking(preferences: NDArray[np.floating[Any]], column: int, weight: float) -> float:
    """Return how much a purpose is liked by a person, who may have no weight for it."""
    if column < 0 or np.isnan(preferences[column]):
        return weight
    return float(preferences[column])
