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
from mesa_llm_city.core.values import Bool, Float, Int, Whole
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
from mesa_llm_city.mobility.wanted_loops import (
    DRAWS,
    DrawnRows,
    Wanted,
    WantedNumbers,
    fill_wanted,
)
from mesa_llm_city.mobility.wish_store_loops import put_wishes
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


def plan_in_store(  # noqa: PLR0917 - compiled loops take no keywords
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
    room = _room(count, purposes, len(rules.wanted.code), len(rules.free_time))
    for first in range(0, len(rows), count):
        some, now = rows[first : first + count], minute[first : first + count]
        own = factors if len(factors) == 1 else factors[first : first + count]
        done = _plan_some(planners, rules, book, some, now, own, room)
        if done < 0:
            return done
        if done < len(some):
            return first + done
    return len(rows)


class _Room(NamedTuple):
    """Room for the days of k rows.

    `persons` are their ids, and `whole` columns of `Given` from `age` to `dinner_min`. The numbers
    of one person after the other go to `relieved` and the draws.
    """

    persons: Int
    whole: Int
    eats_out: Float
    relief: Float
    factors: Float
    commute: Float
    need: Float
    traits: DayTraits
    frames: Frames
    goes: Bool
    wanted: Wanted
    laid: Laid
    wishes: Wishes
    relieved: Float
    trait_draws: Float
    frame_bounds: Float
    frame_draws: Float
    wish_draws: Float


def _room(count: int, purposes: int, kinds: int, free: int) -> _Room:
    """Return room for rows, all purposes, kinds of wishes and purposes of free time."""
    return _Room(
        np.empty(count, dtype=np.int64),
        np.empty((5, count), dtype=np.int64),
        np.empty(count),
        np.zeros((count, purposes)),
        np.empty((count, purposes)),
        np.empty(count),
        np.empty(count),
        DayTraits(
            np.empty(count, dtype=np.int32),
            np.empty(count, dtype=np.int8),
            np.empty((count, NUMBERS), dtype=np.float32),
            np.empty(count, dtype=np.float32),
        ),
        Frames(
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
        ),
        np.empty(count, dtype=np.bool_),
        Wanted(
            np.empty((kinds, count), dtype=np.bool_),
            np.empty((kinds, count)),
            np.empty((kinds, count)),
            np.empty((kinds, count)),
        ),
        Laid(
            np.empty((count, BLOCKS), dtype=np.int32),
            np.empty((count, BLOCKS), dtype=np.int32),
            np.empty((count, BLOCKS), dtype=np.int16),
            np.empty((count, BLOCKS), dtype=np.int32),
            np.empty((count, BLOCKS), dtype=np.bool_),
            np.empty(count, dtype=np.int16),
        ),
        Wishes(
            np.empty((count, kinds), dtype=np.int8),
            np.empty((count, kinds), dtype=np.int16),
            np.empty((count, kinds), dtype=np.int32),
            np.empty((count, kinds), dtype=np.int32),
            np.empty(count, dtype=np.int8),
        ),
        np.empty(free),
        np.empty(NUMBERS),
        np.empty(DAY_DRAWS + 1),
        np.empty(NUMBERS),
        np.empty(DRAWS),
    )


def _plan_some(  # noqa: PLR0917 - compiled functions take no keywords
    planners: Planners,
    rules: DayRules,
    book: DayBook,
    rows: Int,
    minute: Int,
    factors: Float,
    room: _Room,
) -> int:
    """Plan a day of as many rows as there is room for, and return what `plan_in_store` does."""
    columns = planners.people
    people = PersonRows(
        rows,
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
    _read(planners, rules, rows, minute, factors, room)
    if expect_commutes(rows, planners.travellers, rules.roads, rules.modes, room.commute) < 0:
        return NO_WAY
    _draw(people, rules, book, room)
    whole, frames, aims = room.whole, room.frames, room.frames.aims
    given = Given(
        room.persons[: len(rows)],
        whole[0],
        whole[1],
        whole[2],
        whole[3],
        whole[4],
        room.eats_out,
        room.commute,
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
        frames.flags[6],
        aims.ranks,
        aims.shares,
        aims.lengths,
        room.factors,
        room.wanted,
    )
    laid, wishes = room.laid, room.wishes
    done = plan_rows(given, book.numbers, book.seed, book.day, planners.scratch, laid, wishes)
    if put_plans(planners.plans, rows[:done], laid) < done:
        return NO_ROOM
    put_wishes(planners.wishes, rows[:done], wishes)
    return done


def _read(  # noqa: PLR0917 - compiled functions take no keywords
    planners: Planners, rules: DayRules, rows: Int, minute: Int, factors: Float, room: _Room
) -> None:
    """Fill what planning needs of rows in one piece, and ask for what is read of them later."""
    whole, people = room.whole, planners.people
    for at in range(len(rows)):
        if at + AHEAD < len(rows):
            _ask_for(planners, rows[at + AHEAD])
        row = unsigned(rows[at])
        room.persons[at], room.eats_out[at] = planners.ids[row], planners.eats_out[row]
        whole[0, at], whole[1, at], whole[2, at] = (
            people.age[row],
            people.home[row],
            people.work[row],
        )
        whole[3, at], whole[4, at] = planners.lunch_min[row], planners.dinner_min[row]
        free, relieved = rules.free_time, room.relieved
        _fill_relief(planners.needs, row, minute[at], free, relieved, room.relief[at])
        whose = at if len(factors) > 1 else 0
        for purpose in range(factors.shape[1]):
            room.factors[at, purpose] = factors[whose, purpose]
        ask_for_place(rules.roads, whole[1, at])
        if whole[2, at] >= 0:
            ask_for_place(rules.roads, whole[2, at])


def _draw(people: PersonRows, rules: DayRules, book: DayBook, room: _Room) -> None:
    """Fill what persons are like, what a day draws of each, and which outings they wish for."""
    persons, traits, frames, need = room.persons, room.traits, room.frames, room.need
    persons = persons[: len(people.rows)]
    fill_sleep_needs(people, room.commute, rules.conscientiousness, rules.nights, need)
    for at in range(len(persons)):
        traits.sleep_need[at] = need[at]
    draws = Draws(rules.trait_seed, persons, rules.trait_words[0], rules.trait_words[1])
    found = Traits(traits.cell, traits.employment, traits.numbers)
    fill_traits(people, draws, rules.traits, room.trait_draws, found)
    fill_frames(
        people,
        traits,
        room.commute,
        persons,
        book.dates,
        rules.tables,
        rules.numbers,
        room.frame_bounds,
        room.frame_draws,
        frames,
    )
    leaves, aims = frames.flags[6], frames.aims
    for at in range(len(persons)):
        room.goes[at] = leaves[at] and room.whole[0, at] >= rules.decides_from_age
    fill_wanted(
        people,
        persons,
        room.goes,
        room.relief,
        room.factors,
        DrawnRows(aims.ranks, aims.shares, aims.lengths),
        book.seed,
        book.day + 1,
        rules.wanted,
        room.wish_draws,
        room.wanted,
    )


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
