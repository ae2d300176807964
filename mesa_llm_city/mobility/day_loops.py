"""Plans of days in a loop over rows, from what is drawn to blocks (see `kernels`).

It does what `mandatory_days`, `fill_days` and `as_blocks` do in NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.draw_loops import fill_uniforms, normal_at
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.mobility.day_numbers import (
    DayNumbers,
    Errands,
    FrameNumbers,
    Household,
    MealNumbers,
    Outings,
    OwnErrands,
)
from mesa_llm_city.mobility.fitting_loops import (
    GIVEN_UP,
    Space,
    fit_in,
    fit_parts_in,
    interrupt_in,
    keep_ways_in,
    new_space,
    open_in,
    overlay_in,
    up_to_blocks,
    whole_blocks,
)
from mesa_llm_city.mobility.free_pieces import MOST_PIECES, Minutes
from mesa_llm_city.mobility.layout_loops import Laid, lay_out
from mesa_llm_city.mobility.open_days import AT_HOME, AT_WORK
from mesa_llm_city.mobility.schedule import BLOCK_MIN
from mesa_llm_city.mobility.wanted_outings import Wanted
from mesa_llm_city.population.people_columns import NOBODY
from mesa_llm_city.population.time_use.row import AWAY

__all__ = ["Given", "Scratch", "Wishes", "plan_rows"]

_DRAWS = 7
_MOST_BLOCKS = 4 * MOST_PIECES
_SHOPPING, _SERVICES = AWAY.index("shopping"), AWAY.index("services")


class Given(NamedTuple):
    """What m days are planned from: persons (`PeopleColumns`), draws (`DrawnDays`), and goals.

    `factors` as of `DayFacts`.
    """

    person: Int
    age: Int
    home: Int
    work: Int
    lunch_min: Int
    dinner_min: Int
    eats_out: Float
    commute_min: Float
    wake_min: Minutes
    next_wake_min: Minutes
    bed_min: Minutes
    duty_start_min: Minutes
    duty_end_min: Minutes
    meals: Minutes
    has_duty: Bool
    is_school: Bool
    duty_at_home: Bool
    minutes: Float
    leaves_home: Bool
    ranks: Float
    shares: Float
    lengths: Float
    factors: Float
    wanted: Wanted


class Wishes(NamedTuple):
    """The columns of wishes of m rows (see `WishColumns`)."""

    purpose: NDArray[np.int16]
    minutes: Minutes
    from_min: Minutes
    until_min: Minutes
    size: NDArray[np.int8]


class _Day(NamedTuple):
    """A day that is being planned: its row and its bounds."""

    row: int
    wake: int
    end: int
    bed: int


class Scratch(NamedTuple):
    """Room for what a loop works out of one day after the other.

    Attributes
    ----------
    space : Space
        Room for one day.
    draws, pair, starts : ndarray of float64
        Uniform numbers of the day, of an errand of the user's own, and of begins.
    near, places : ndarray of int64
        When parts should begin, and ids of places by what stands for them.
    """

    space: Space
    draws: Float
    pair: Float
    starts: Float
    near: Int
    places: Int

    @classmethod
    def of(cls, starts: int) -> Scratch:
        """Return room for as many begins of housework."""
        return cls(
            new_space(MOST_PIECES, _MOST_BLOCKS),
            np.empty(_DRAWS),
            np.empty(2),
            np.empty(starts),
            np.empty(starts, dtype=np.int64),
            np.empty(3, dtype=np.int64),
        )


def plan_rows(  # noqa: PLR0917 - compiled loops take no keywords
    given: Given,
    numbers: DayNumbers,
    seed: np.uint64,
    day: int,
    scratch: Scratch,
    laid: Laid,
    wishes: Wishes,
) -> int:
    """Fill the plans and wishes of m persons for a day.

    Parameters
    ----------
    given : Given
        The persons, and what is drawn for them.
    numbers : DayNumbers
        By which they plan.
    seed : uint64
        Seed of what is drawn with the plan of the day.
    day : int
        Index of the day.
    scratch : Scratch
        Is changed.
    laid : Laid
        Is filled with the plans; of columns that a plan does not need nothing is changed.
    wishes : Wishes
        Is filled with the wishes, all in minutes of the run.

    Returns
    -------
    int
        How many were planned: m, or the position of the first day that has no room.
    """
    space, draws, pair, starts, near, places = scratch
    midnight = day * DAY_MIN
    for row in range(len(given.person)):
        fill_uniforms(seed, given.person[row], day + 1, numbers.errands.word, draws)
        one = _begin(given, numbers.frame, space, row)
        _duty(given, numbers.frame, space, one)
        # Without a night people may be up until the day ends.
        one = _Day(row, one.wake, one.end, one.bed if one.bed < one.end else one.wake)
        _errands(given, numbers.errands, space, one, draws)
        _own_errands(given, numbers.own_errands, space, one, seed, day + 1, pair)
        way_home = max(whole_blocks(given.commute_min[row]), BLOCK_MIN)
        keep_ways_in(space, 0, numbers.frame.way_min, way_home, AT_HOME, AT_WORK)
        morning = _care(given, numbers.frame, space, one, near)
        _meals(given, numbers.meals, space, one, morning, draws)
        wishes.size[row] = 0
        _outings(given, numbers.outings, space, one, midnight, wishes)
        _household(given, numbers.household, space, one, seed, day + 1, starts, near)
        places[0], places[1], places[2] = -1, given.home[row], given.work[row]
        has_room = space.pieces[0] < MOST_PIECES and space.blocks[0] < _MOST_BLOCKS
        if not has_room or not lay_out(space, one.wake, one.end, midnight, places, laid, row):
            return row
    return len(given.person)


def _fit(  # noqa: PLR0917 - compiled loops take no keywords
    space: Space, code: int, minutes: int, near: int, low: int, high: int
) -> tuple[int, int]:
    """Fit something in, or half of it; return when it begins, and how long it takes."""
    return fit_in(space, 0, code, minutes, near, low, high, True)  # noqa: FBT003 - likewise


def _begin(given: Given, numbers: FrameNumbers, space: Space, row: int) -> _Day:
    """Open a day, and put its night in."""
    wake, end = int(given.wake_min[row]), DAY_MIN + int(given.next_wake_min[row])
    open_in(space, 0, wake, end)
    bed = max(int(given.bed_min[row]), wake + numbers.least_awake_min)
    bed = min(bed, end - numbers.least_night_min)
    overlay_in(space, 0, bed, end, numbers.sleep)
    # Without time for a night there is none.
    return _Day(row, wake, end, end if bed < wake else bed)


def _duty(given: Given, numbers: FrameNumbers, space: Space, day: _Day) -> None:
    """Put work or school in, with the way there before it."""
    row = day.row
    if not given.has_duty[row]:
        return
    at_home = given.duty_at_home[row] or given.work[row] == NOBODY
    way = 0.0 if at_home else given.commute_min[row]
    start = given.duty_start_min[row]
    leave = max(start - up_to_blocks(way), day.wake + numbers.care_min)
    until = min(given.duty_end_min[row], day.bed - numbers.care_min)
    if until <= max(leave, start):
        return
    purpose = numbers.school if given.is_school[row] else numbers.work
    place = AT_HOME if at_home or given.work[row] == given.home[row] else AT_WORK
    overlay_in(space, 0, leave, until, purpose * 8 + place * 2 + 1)


def _factor(given: Given, row: int, purpose: int) -> float:
    """Return by what goals multiply how likely a purpose is (see `DayFacts.factors`)."""
    return float(given.factors[row if len(given.factors) > 1 else 0, purpose])


def _errands(given: Given, numbers: Errands, space: Space, day: _Day, draws: Float) -> None:
    """Fit in shopping and services, on working days after work."""
    row = day.row
    if not given.leaves_home[row] or given.age[row] < numbers.from_age:
        return
    for turn, activity in enumerate((_SHOPPING, _SERVICES)):
        kind = 0
        if activity == _SERVICES:
            kind = 1 if draws[2] * numbers.either < numbers.health else 2
        minutes, purpose = given.lengths[row, activity], numbers.code[kind] >> 3
        share = given.shares[row, activity] * _factor(given, row, purpose)
        if not given.ranks[row, activity] < share or not minutes > 0.0:
            continue
        near = day.wake + whole_blocks(numbers.after_min + numbers.spread_min * draws[turn])
        if given.duty_end_min[row] > given.duty_start_min[row]:
            near = given.duty_end_min[row]
        lasts = whole_blocks(max(minutes, numbers.least_min[kind]) + numbers.way_min)
        _fit(space, numbers.code[kind], lasts, near, numbers.low_min, numbers.high_min)


def _own_errands(  # noqa: PLR0917 - compiled loops take no keywords
    given: Given,
    numbers: OwnErrands,
    space: Space,
    day: _Day,
    seed: np.uint64,
    step: int,
    draws: Float,
) -> None:
    """Fit in purposes of the user's own that are planned on some days."""
    for kind in range(len(numbers.word)):
        fill_uniforms(seed, given.person[day.row], step, numbers.word[kind], draws)
        factor = _factor(given, day.row, numbers.code[kind] >> 3)
        if draws[0] < numbers.chance[kind] * factor:
            low, high = numbers.low_min[kind], numbers.high_min[kind]
            near = whole_blocks(low + draws[1] * (high - low))
            _fit(space, numbers.code[kind], numbers.minutes[kind], near, low, high)


def _care(given: Given, numbers: FrameNumbers, space: Space, day: _Day, near: Int) -> int:
    """Fit in care after getting up and before going to bed; return the minutes of the former."""
    total = whole_blocks(given.minutes[day.row, numbers.grooming])
    morning = whole_blocks(total * numbers.morning_share)
    evening = total - morning
    near[0] = day.wake
    fit_parts_in(space, 0, numbers.care, morning, morning, near[:1], day.wake, day.bed)
    near[0] = day.bed - evening
    fit_parts_in(space, 0, numbers.care, evening, evening, near[:1], day.wake, day.bed)
    return morning


def _meals(  # noqa: PLR0917 - compiled loops take no keywords
    given: Given, numbers: MealNumbers, space: Space, day: _Day, care: int, draws: Float
) -> None:
    """Fit in breakfast, lunch and dinner, some of them out."""
    row, at_home, code = day.row, AT_HOME * 2, numbers.meal * 8
    breakfast, lunch, dinner = given.meals[0, row], given.meals[1, row], given.meals[2, row]
    wake, leaves = day.wake, given.leaves_home[row]
    if breakfast:
        until = wake + numbers.breakfast_within_min
        _fit(space, code + at_home, breakfast, wake + care, wake, until)
    if lunch:
        near = whole_blocks(given.lunch_min[row] + numbers.lunch_sd_min * normal_at(draws[3]))
        is_out = leaves and draws[5] < given.eats_out[row]
        lunch += numbers.way_min if is_out else 0
        before, after = numbers.before_break_min, numbers.after_break_min
        left = numbers.work if is_out else -1
        is_break = interrupt_in(space, 0, near, lunch, numbers.is_duty, before, after, code, left)
        if not is_break:
            low, high = near - numbers.lunch_earlier_min, near + numbers.lunch_later_min
            kind = code + (0 if is_out else at_home)
            _fit(space, kind, lunch, near, low, high)
    if dinner:
        near = whole_blocks(given.dinner_min[row] + numbers.dinner_sd_min * normal_at(draws[4]))
        is_out = leaves and draws[6] < given.eats_out[row]
        dinner += numbers.way_min if is_out else 0
        low, high = near - numbers.dinner_earlier_min, near + numbers.dinner_later_min
        kind = code + (0 if is_out else at_home)
        _fit(space, kind, dinner, near, low, high)


def _outings(  # noqa: PLR0917 - compiled loops take no keywords
    given: Given, numbers: Outings, space: Space, day: _Day, midnight: int, wishes: Wishes
) -> None:
    """Wish for outings, at minutes drawn from those possible, and keep time free for them."""
    row, wanted = day.row, given.wanted
    if not given.leaves_home[row] or given.age[row] < numbers.from_age:
        return
    first = day.wake + numbers.after_wake_min
    if given.duty_end_min[row] > given.duty_start_min[row]:
        first = max(first, given.duty_end_min[row])
    must = _nearest(wanted, row, space)
    for kind in range(len(numbers.code)):
        if not (wanted.is_wanted[kind, row] or kind == must) or not numbers.has_hours[kind]:
            continue
        minutes = max(wanted.minutes[kind, row], numbers.least_min[kind]) + numbers.way_min
        lasts = whole_blocks(minutes)
        earliest = max(float(first), numbers.low_min[kind])
        latest = max(min(float(given.bed_min[row] - lasts), numbers.high_min[kind]), earliest)
        begin = whole_blocks(earliest + wanted.start[kind, row] * (latest - earliest))
        until, way = whole_blocks(latest), numbers.way_home_min
        high = until + lasts + way
        kept, length = _fit(space, -1, lasts + way, begin, first, high)
        # Without time for it, it stays a wish.
        if length:
            begin, lasts = kept, max(length - way, BLOCK_MIN)
        _wish(wishes, row, numbers.code[kind], lasts, midnight + begin, midnight + until)


def _nearest(wanted: Wanted, row: int, space: Space) -> int:
    """Return what those go out for who leave home for nothing else; -1 for all others."""
    for block in range(space.blocks[0]):
        key = space.keys[block, 0]
        if key != GIVEN_UP and key >> 1 & 3 != AT_HOME:
            return -1
    nearest, least = -1, np.inf
    for kind in range(len(wanted.rank)):
        if wanted.is_wanted[kind, row]:
            return -1
        if wanted.rank[kind, row] < least:
            nearest, least = kind, wanted.rank[kind, row]
    return nearest


def _wish(  # noqa: PLR0917 - compiled loops take no keywords
    wishes: Wishes, row: int, purpose: int, lasts: int, begin: int, until: int
) -> None:
    """Write a wish down, after those that begin before it or then."""
    at = wishes.size[row]
    while at > 0 and wishes.from_min[row, at - 1] > begin:
        wishes.purpose[row, at] = wishes.purpose[row, at - 1]
        wishes.minutes[row, at] = wishes.minutes[row, at - 1]
        wishes.from_min[row, at] = wishes.from_min[row, at - 1]
        wishes.until_min[row, at] = wishes.until_min[row, at - 1]
        at -= 1
    wishes.purpose[row, at], wishes.minutes[row, at] = purpose, lasts
    wishes.from_min[row, at], wishes.until_min[row, at] = begin, until
    wishes.size[row] += 1


def _household(  # noqa: PLR0917 - compiled loops take no keywords
    given: Given,
    numbers: Household,
    space: Space,
    day: _Day,
    seed: np.uint64,
    step: int,
    draws: Float,
    near: Int,
) -> None:
    """Fit in care of others and housework, in parts, at hours that differ."""
    row = day.row
    earliest = day.wake + numbers.after_wake_min
    last = max(day.bed - numbers.before_bed_min, earliest + 1)
    for kind in range(len(numbers.word)):
        total = whole_blocks(given.minutes[row, numbers.column[kind]])
        if not total:
            continue
        fill_uniforms(seed, given.person[row], step, numbers.word[kind], draws)
        for at in range(len(draws)):
            near[at] = whole_blocks(earliest + draws[at] * (last - earliest))
        code, longest = numbers.code[kind], numbers.longest_min
        fit_parts_in(space, 0, code, total, longest, near, day.wake, day.bed)
