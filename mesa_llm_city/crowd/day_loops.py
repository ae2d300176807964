"""Planning the days of rows from their columns into the store, as a loop (see `kernels`).

It calls the loops of all that a day is made of for some rows at a time, so that what is drawn for
them stays in the cache of a processor and nothing of it has to be handed over.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.way_loops import Roads, ask_for_place
from mesa_llm_city.core.prefetch import AHEAD, prefetch, prefetch_all
from mesa_llm_city.core.unsigned import unsigned
from mesa_llm_city.core.values import Float, Int, Whole
from mesa_llm_city.crowd.plan_loops import put_plans
from mesa_llm_city.crowd.plan_row_loops import Columns
from mesa_llm_city.crowd.travel_loops import Travellers, expect_commutes
from mesa_llm_city.mind.need_loops import NeedArrays, fill_relief
from mesa_llm_city.mobility.day_loops import Given, Scratch, Wishes, plan_rows
from mesa_llm_city.mobility.day_numbers import DayNumbers
from mesa_llm_city.mobility.drawn_loops import (
    Dates,
    FrameNumbers,
    Frames,
    FrameTables,
    fill_frames,
)
from mesa_llm_city.mobility.free_time_loops import WishArrays
from mesa_llm_city.mobility.layout_loops import Laid
from mesa_llm_city.mobility.mode_loops import ModeRules
from mesa_llm_city.mobility.plan_blocks import BLOCKS
from mesa_llm_city.mobility.purpose_codes import FREE
from mesa_llm_city.mobility.wanted_loops import (
    DRAWS,
    DrawnRows,
    Wanted,
    WantedNumbers,
    fill_wanted,
)
from mesa_llm_city.population.people_columns import PersonRows
from mesa_llm_city.population.schedules.night_loops import NightNumbers, fill_sleep_needs
from mesa_llm_city.population.time_use import DayTraits
from mesa_llm_city.population.time_use.day_loops import Aims
from mesa_llm_city.population.time_use.duty import DRAWS as DAY_DRAWS
from mesa_llm_city.population.time_use.row import AWAY, DRAWN
from mesa_llm_city.population.time_use.trait_loops import (
    Draws,
    TraitNumbers,
    Traits,
    fill_traits,
)
from mesa_llm_city.population.time_use.traits import NUMBERS

__all__ = ["NO_ROOM", "NO_WAY", "DayBook", "DayRules", "Planners", "plan_in_store"]

NO_WAY, NO_ROOM = -1, -2
"""What `plan_in_store` returns where somebody cannot travel, or a plan cannot be kept."""

_AT_ONCE = 128  # rows whose days are drawn before they are planned
_AIMS, _AWAY = len(DRAWN), len(AWAY)
_LATEST = np.iinfo(np.int16).max  # as in `WishStore`


class Planners(NamedTuple):
    """Columns of n rows that planning reads and changes.

    `people` as of `PersonRows`, whose rows are left out; the other columns as those of
    `PeopleColumns` and `CrowdState`. `scratch` is room for a day.
    """

    ids: Int
    people: PersonRows
    lunch_min: Whole
    dinner_min: Whole
    eats_out: Float
    travellers: Travellers
    needs: NeedArrays
    plans: Columns
    wishes: WishArrays
    scratch: Scratch


class DayRules(NamedTuple):
    """What decides about days, whatever the day.

    Attributes
    ----------
    roads, modes
        The city, and the modes in fair weather.
    conscientiousness : int
        Position of this trait.
    nights, traits, numbers, tables, wanted
        Numbers and tables of the loops that are called.
    trait_words : ndarray of uint64, shape (2,)
        What persons and their jobs beside school are drawn for.
    free_time : ndarray of int64, shape (f,)
        Purposes of free time.
    decides_from_age : int
        Age from which people decide alone.
    trait_seed : uint64
        Seed of what persons are like.
    """

    roads: Roads
    modes: ModeRules
    conscientiousness: int
    nights: NightNumbers
    traits: TraitNumbers
    numbers: FrameNumbers
    tables: FrameTables
    wanted: WantedNumbers
    trait_words: NDArray[np.uint64]
    free_time: Int
    decides_from_age: int
    trait_seed: np.uint64


class DayBook(NamedTuple):
    """A day: its numbers, its place among random streams, and their seed."""

    dates: Dates
    numbers: DayNumbers
    day: int
    seed: np.uint64


def plan_in_store(  # noqa: PLR0915, PLR0917 - one loop; compiled loops take no keywords
    planners: Planners, rules: DayRules, book: DayBook, rows: Int, minute: Int, factors: Float
) -> int:
    """Plan a day of m rows, and replace their plans and wishes.

    Parameters
    ----------
    planners : Planners
        The crowd, whose plans and wishes change.
    rules, book
        What decides, and the day.
    rows, minute : ndarray of int64, shape (m,)
        The rows, and the minute at which each plans.
    factors : ndarray of float64, shape (m, purposes) or (1, purposes)
        By what goals multiply how likely each purpose is (see `DayFacts.factors`).

    Returns
    -------
    int
        How many have been planned: m, or the position from which on days are too full for loops;
        or `NO_WAY` or `NO_ROOM`.
    """
    count, purposes = min(len(rows), _AT_ONCE), factors.shape[1]
    columns = planners.people
    kinds = len(rules.wanted.code)
    commute, need = np.empty(count), np.empty(count)
    traits = DayTraits(
        np.empty(count, dtype=np.int32),
        np.empty(count, dtype=np.int8),
        np.empty((count, NUMBERS), dtype=np.float32),
        np.empty(count, dtype=np.float32),
    )
    frames = Frames(
        np.empty(count, dtype=np.int64),
        np.empty((7, count), dtype=np.bool_),
        np.empty((4, count)),
        np.empty((8, count), dtype=np.int32),
        Aims(
            np.empty((count, _AIMS)),
            np.empty((count, _AWAY)),
            np.empty((count, _AWAY)),
            np.empty((count, _AWAY)),
        ),
    )
    relief, own_factors = np.zeros((count, purposes)), np.empty((count, purposes))
    wanted = Wanted(
        np.empty((kinds, count), dtype=np.bool_),
        np.empty((kinds, count)),
        np.empty((kinds, count)),
        np.empty((kinds, count)),
    )
    laid = Laid(
        np.empty((count, BLOCKS), dtype=np.int32),
        np.empty((count, BLOCKS), dtype=np.int32),
        np.empty((count, BLOCKS), dtype=np.int16),
        np.empty((count, BLOCKS), dtype=np.int32),
        np.empty((count, BLOCKS), dtype=np.bool_),
        np.empty(count, dtype=np.int16),
    )
    wishes = Wishes(
        np.empty((count, kinds), dtype=np.int8),
        np.empty((count, kinds), dtype=np.int16),
        np.empty((count, kinds), dtype=np.int32),
        np.empty((count, kinds), dtype=np.int32),
        np.empty(count, dtype=np.int8),
    )
    whole = np.empty((6, count), dtype=np.int64)
    eats_out, goes = np.empty(count), np.empty(count, dtype=np.bool_)
    relieved = np.empty(len(rules.free_time))
    drawn, bounds, day_draws, wish_draws = (
        np.empty(NUMBERS),
        np.empty(DAY_DRAWS + 1),
        np.empty(NUMBERS),
        np.empty(DRAWS),
    )
    for first in range(0, len(rows), count):
        some, now = rows[first : first + count], minute[first : first + count]
        persons = whole[0, : len(some)]
        for at in range(len(some)):
            if at + AHEAD < len(some):
                _ask_for(planners, some[at + AHEAD])
            row = unsigned(some[at])
            persons[at] = planners.ids[row]
            whole[1, at], whole[2, at] = planners.people.age[row], planners.people.home[row]
            whole[3, at], whole[4, at] = planners.people.work[row], planners.lunch_min[row]
            whole[5, at], eats_out[at] = planners.dinner_min[row], planners.eats_out[row]
            _fill_relief(planners.needs, row, now[at], rules.free_time, relieved, relief[at])
            own_factors[at, :] = factors[first + at if len(factors) > 1 else 0]
            ask_for_place(rules.roads, whole[2, at])
            if whole[3, at] >= 0:
                ask_for_place(rules.roads, whole[3, at])
        # Here, since functions that make no arrays do not count who uses those they return.
        people = PersonRows(
            some,
            columns.age,
            columns.gender,
            columns.occupation,
            columns.role,
            columns.youngest_child,
            columns.home,
            columns.work,
            columns.big_five,
            columns.wake_min,
            columns.bed_min,
            columns.work_days,
            columns.work_start_min,
            columns.work_minutes,
            columns.preferences,
        )
        if expect_commutes(some, planners.travellers, rules.roads, rules.modes, commute) < 0:
            return NO_WAY
        fill_sleep_needs(people, commute, rules.conscientiousness, rules.nights, need)
        for at in range(len(some)):
            traits.sleep_need[at] = need[at]
        draws = Draws(rules.trait_seed, persons, rules.trait_words[0], rules.trait_words[1])
        found = Traits(traits.cell, traits.employment, traits.numbers)
        fill_traits(people, draws, rules.traits, drawn, found)
        fill_frames(
            people,
            traits,
            commute,
            persons,
            book.dates,
            rules.tables,
            rules.numbers,
            bounds,
            day_draws,
            frames,
        )
        leaves = frames.flags[6]
        for at in range(len(some)):
            goes[at] = leaves[at] and whole[1, at] >= rules.decides_from_age
        aims = frames.aims
        fill_wanted(
            people,
            persons,
            goes,
            relief,
            own_factors,
            DrawnRows(aims.ranks, aims.shares, aims.lengths),
            book.seed,
            book.day + 1,
            rules.wanted,
            wish_draws,
            wanted,
        )
        given = Given(
            persons,
            whole[1],
            whole[2],
            whole[3],
            whole[4],
            whole[5],
            eats_out,
            commute,
            frames.minutes[0],
            frames.minutes[7],
            frames.minutes[1],
            frames.minutes[2],
            frames.minutes[3],
            frames.minutes[4:7],
            frames.flags[1],
            frames.flags[2],
            frames.flags[3],
            aims.minutes,
            leaves,
            aims.ranks,
            aims.shares,
            aims.lengths,
            own_factors,
            wanted,
        )
        done = plan_rows(given, book.numbers, book.seed, book.day, planners.scratch, laid, wishes)
        if put_plans(planners.plans, some[:done], laid) < done:
            return NO_ROOM
        _put_wishes(planners.wishes, some[:done], wishes)
        if done < len(some):
            return first + done
    return len(rows)


def _ask_for(planners: Planners, row: int) -> None:
    """Ask for what is read of a row that plans, before it is needed (see `prefetch`)."""
    people, needs = planners.people, planners.needs
    prefetch(planners.ids, row)
    prefetch(people.age, row)
    prefetch(people.home, row)
    prefetch(people.work, row)
    prefetch(planners.lunch_min, row)
    prefetch(planners.dinner_min, row)
    prefetch(planners.eats_out, row)
    prefetch_all(needs.level_code, row)
    prefetch(needs.purpose, row)
    prefetch(needs.since, row)
    prefetch(planners.travellers.income, row)
    prefetch(planners.travellers.has_licence, row)
    prefetch(planners.travellers.parked, row)
    prefetch(people.gender, row)
    prefetch(people.occupation, row)
    prefetch(people.role, row)
    prefetch(people.youngest_child, row)
    prefetch(people.big_five, row)
    prefetch(people.wake_min, row)
    prefetch(people.bed_min, row)
    prefetch(people.work_days, row)
    prefetch(people.work_start_min, row)
    prefetch(people.work_minutes, row)
    prefetch_all(people.preferences, row)
    prefetch_all(planners.plans.code, row)


def _fill_relief(  # noqa: PLR0917 - compiled functions take no keywords
    needs: NeedArrays, row: int, minute: int, purposes: Int, relieved: Float, relief: Float
) -> None:
    """Fill what an hour of each purpose of free time gives back; 0 for the others already."""
    fill_relief(
        needs.level_code,
        needs.purpose,
        needs.since,
        needs.losses,
        needs.gains,
        row,
        minute,
        purposes,
        relieved,
    )
    for at in range(len(purposes)):
        relief[purposes[at]] = relieved[at]


def _put_wishes(store: WishArrays, rows: Int, wishes: Wishes) -> None:
    """Replace the wishes of rows (see `WishStore.put`)."""
    for at in range(len(rows)):
        row, size = rows[at], wishes.size[at]
        base = wishes.from_min[at, 0] if size > 0 else 0
        store.base[row], store.size[row] = base, size
        for one in range(store.purpose.shape[1]):
            if one < size:
                store.purpose[row, one] = wishes.purpose[at, one]
                store.minutes[row, one] = wishes.minutes[at, one]
                # What may begin weeks later may begin at any time of the day.
                store.from_min[row, one] = min(wishes.from_min[at, one] - base, _LATEST)
                store.until_min[row, one] = min(wishes.until_min[at, one] - base, _LATEST)
            else:
                store.purpose[row, one], store.minutes[row, one] = FREE, 0
                store.from_min[row, one], store.until_min[row, one] = 0, 0
