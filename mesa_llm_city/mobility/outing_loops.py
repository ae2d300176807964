"""Outings that days are meant to hold, drawn in a loop that is compiled (see `kernels`).

It does what is drawn in `outings`, where nothing speaks for or against purposes and nobody has
usual times.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.draw_loops import fill_uniforms, normal_at
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.schedule import BLOCK_MIN
from mesa_llm_city.population.people_columns import PersonRows
from mesa_llm_city.population.time_use.row import AWAY

__all__ = ["LEAST_CHANCE", "OutingDay", "OutingNumbers", "Outings", "PersonDay", "fill_outings"]

_DRAWS = 3
_SPORT, _CIVIC = AWAY.index("sport"), AWAY.index("civic")
LEAST_CHANCE = 1e-9
"""Keeps the number over its chance finite."""


class OutingNumbers(NamedTuple):
    """What outings for k purposes depend on; arrays of shape (k,).

    Attributes
    ----------
    is_sport, is_social : ndarray of bool
        Which purpose has its time from the table, and to which civic activities belong.
    code : ndarray of int64
        Positions in the purposes of the parameters.
    liked : ndarray of int64
        Columns of preferences, -1 for none.
    weight, usual_min, least_min : ndarray of float64
        How much each is liked if a person has no weight, its usual and its least length.
    word : ndarray of uint64
        What is drawn.
    per_liking, per_relief, length_spread : float
        Fields of `mobility.free_time`.
    way_min, decides_from_age : float
        Fields of `mobility.planner`.
    """

    is_sport: Bool
    is_social: Bool
    code: Int
    liked: Int
    weight: Float
    usual_min: Float
    least_min: Float
    word: Words
    per_liking: float
    per_relief: float
    length_spread: float
    way_min: float
    decides_from_age: float


class OutingDay(NamedTuple):
    """One day: when each purpose is possible, and the random streams.

    Attributes
    ----------
    has_hours : ndarray of bool, shape (k,)
        Whether the purpose has hours on the day at all.
    from_min, until_min : ndarray of int64, shape (k,)
        Earliest begin, and latest one, in minutes from midnight.
    seed : uint64
        Seed of what is drawn on the day.
    step : int
        Its place in the addresses of streams.
    persons : ndarray of int64, shape (m,)
        Ids of the persons.
    """

    has_hours: Bool
    from_min: Int
    until_min: Int
    seed: np.uint64
    step: int
    persons: Int


class PersonDay(NamedTuple):
    """What is known of the days of m persons.

    Attributes
    ----------
    leaves_home, is_away : ndarray of bool, shape (m,)
        Whether each leaves home, and whether something away from home is planned already.
    ranks, shares, lengths : ndarray of float64, shape (m, activities of `AWAY`)
        What is drawn from the table of time use (see `DayDraws`).
    relief : ndarray of float64, shape (m, purposes)
        How much of what each lacks an hour of each purpose would give back.
    earliest_min, bed_min : ndarray of int32, shape (m,)
        From when on there is time for outings, and when the night begins.
    """

    leaves_home: Bool
    is_away: Bool
    ranks: Float
    shares: Float
    lengths: Float
    relief: Float
    earliest_min: Minutes
    bed_min: Minutes


class Outings(NamedTuple):
    """Outings of m persons for k purposes, which are filled; arrays of shape (m, k).

    Attributes
    ----------
    is_wanted : ndarray of bool
        Whether there is one; the rest means nothing where there is none.
    lasts_min : ndarray of int32
        How long it takes, with the way there.
    begin_min, until_min : ndarray of int32
        When it should begin, and when at the latest.
    """

    is_wanted: Bool
    lasts_min: Minutes
    begin_min: Minutes
    until_min: Minutes


def fill_outings(
    people: PersonRows, day: OutingDay, known: PersonDay, numbers: OutingNumbers, outings: Outings
) -> None:
    """Fill which outings days are meant to hold, and when.

    Parameters
    ----------
    people : PersonRows
        The m persons.
    day : OutingDay
        The day.
    known : PersonDay
        What is known of it.
    numbers : OutingNumbers
        The parameters.
    outings : Outings
        Is filled.
    """
    purposes, drawn = len(numbers.code), np.empty(_DRAWS)
    length, start = np.empty(purposes), np.empty(purposes)
    for at in range(len(people.rows)):
        row, is_wanted = people.rows[at], outings.is_wanted[at]
        is_wanted[:] = False
        if not known.leaves_home[at] or people.age[row] < numbers.decides_from_age:
            continue
        ranks, shares, lengths = known.ranks[at], known.shares[at], known.lengths[at]
        sport = lengths[_SPORT] if ranks[_SPORT] < shares[_SPORT] else 0.0
        civic = lengths[_CIVIC] if ranks[_CIVIC] < shares[_CIVIC] else 0.0
        nothing, nearest, best = not known.is_away[at], -1, np.inf
        for one in range(purposes):
            fill_uniforms(day.seed, day.persons[at], day.step, numbers.word[one], drawn)
            if numbers.is_sport[one]:
                start[one], length[one], is_wanted[one] = drawn[0], sport, sport > 0.0
            else:
                liking = _liking(people.preferences[row], numbers.liked[one], numbers.weight[one])
                relief = numbers.per_relief * known.relief[at, numbers.code[one]]
                chance = min(numbers.per_liking * liking + relief, 1.0)
                start[one], is_wanted[one] = drawn[2], drawn[0] < chance
                rank = drawn[0] / max(chance, LEAST_CHANCE)
                if rank < best:
                    nearest, best = one, rank
                length[one] = math.exp(numbers.length_spread * normal_at(drawn[1]))
                length[one] *= numbers.usual_min[one]
            if numbers.is_social[one] and civic > 0.0:
                length[one] = max(length[one], civic) if is_wanted[one] else civic
                is_wanted[one] = True
            nothing = nothing and not is_wanted[one]
        if nothing and nearest >= 0:
            # Who leaves home for nothing else goes for what came nearest to being wanted.
            is_wanted[nearest] = True
        for one in range(purposes):
            is_wanted[one] = is_wanted[one] and day.has_hours[one]
            lasts = _to_blocks(max(length[one], numbers.least_min[one]) + numbers.way_min)
            earliest = max(known.earliest_min[at], day.from_min[one])
            latest = max(min(known.bed_min[at] - lasts, day.until_min[one]), earliest)
            outings.lasts_min[at, one] = lasts
            outings.begin_min[at, one] = _to_blocks(earliest + start[one] * (latest - earliest))
            outings.until_min[at, one] = _to_blocks(float(latest))


def _liking(preferences: Float, column: int, weight: float) -> float:
    """Return how much a purpose is liked by a person, who may have no weight for it."""
    if column < 0 or np.isnan(preferences[column]):
        return weight
    return float(preferences[column])


def _to_blocks(minutes: float) -> int:
    """Round to whole blocks, as `to_blocks` does."""
    return int(np.rint(minutes / BLOCK_MIN)) * BLOCK_MIN
