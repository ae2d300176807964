"""The numbers by which a day is planned, as loops over rows take them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.streams import word_of
from mesa_llm_city.core.values import Bool, Float, Int, Purpose
from mesa_llm_city.mobility.day_filling import AT_HOME_BY_TABLE, own_errands
from mesa_llm_city.mobility.mandatory import planned_min
from mesa_llm_city.mobility.open_days import AT_HOME, SOMEWHERE, block_code
from mesa_llm_city.mobility.purpose_codes import purpose_codes
from mesa_llm_city.mobility.purpose_hours import span_of_day
from mesa_llm_city.mobility.schedule import BLOCK_MIN, round_to_block
from mesa_llm_city.mobility.wanted_outings import outing_names
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.time_use.row import DRAWN

__all__ = [
    "DayNumbers",
    "Errands",
    "FrameNumbers",
    "Household",
    "MealNumbers",
    "Outings",
    "OwnErrands",
    "day_numbers",
]

_Words = NDArray[np.uint64]


class FrameNumbers(NamedTuple):
    """Night, duty and care; minutes, and codes of blocks (see `block_code`)."""

    sleep: int
    work: int
    school: int
    care: int
    care_min: int
    least_awake_min: int
    least_night_min: int
    way_min: int
    morning_share: float
    grooming: int


class MealNumbers(NamedTuple):
    """Meals: the purpose, which purposes they interrupt, and minutes (see `PlannerParameters`)."""

    meal: int
    work: int
    is_duty: Bool
    way_min: int
    lunch_sd_min: float
    dinner_sd_min: float
    breakfast_within_min: int
    lunch_earlier_min: int
    lunch_later_min: int
    dinner_earlier_min: int
    dinner_later_min: int
    before_break_min: int
    after_break_min: int


class OwnErrands(NamedTuple):
    """Errands of o kinds of the user's own that have hours on the day.

    Attributes
    ----------
    word : ndarray of uint64, shape (o,)
        What the numbers of a day are drawn for.
    chance : ndarray of float64, shape (o,)
        How likely each is.
    code, minutes, low_min, high_min : ndarray of int64, shape (o,)
        Codes of blocks, lengths, earliest begins and latest ends.
    """

    word: _Words
    chance: Float
    code: Int
    minutes: Int
    low_min: Int
    high_min: Int


class Errands(NamedTuple):
    """Errands: shopping, health and others.

    Attributes
    ----------
    word : uint64
        What the numbers of a day are drawn for.
    from_age, low_min, high_min : int
        Age from which, and between what minutes, errands are done.
    after_min, spread_min : float
        Least time from getting up, and how much more it may be.
    health, either : float
        How often services are those of health, and how often they are used at all.
    way_min : float
        Time for the way there.
    code : ndarray of int64, shape (3,)
        Codes of blocks.
    least_min : ndarray of float64, shape (3,)
        Shortest stays.
    """

    word: np.uint64
    from_age: int
    low_min: int
    high_min: int
    after_min: float
    spread_min: float
    health: float
    either: float
    way_min: float
    code: Int
    least_min: Float


class Household(NamedTuple):
    """Housework and care of others: h kinds, and minutes.

    Attributes
    ----------
    word : ndarray of uint64, shape (h,)
        What their begins are drawn for.
    code, column : ndarray of int64, shape (h,)
        Codes of blocks, and columns of `DRAWN`.
    starts, after_wake_min, before_bed_min, longest_min : int
        As in `ChoreParameters`.
    """

    word: _Words
    code: Int
    column: Int
    starts: int
    after_wake_min: int
    before_bed_min: int
    longest_min: int


class Outings(NamedTuple):
    """Outings for k purposes.

    Attributes
    ----------
    code : ndarray of int16, shape (k,)
        The purposes.
    least_min : ndarray of float64, shape (k,)
        Shortest stays.
    has_hours : ndarray of bool, shape (k,)
        Which have hours on the day.
    low_min, high_min : ndarray of float64, shape (k,)
        When the hours begin, and when an outing begins at the latest.
    from_age, after_wake_min, way_home_min : int
        Age from which people decide, least time from getting up, and time for the way home.
    way_min : float
        Time for the way there.
    """

    code: NDArray[np.int16]
    least_min: Float
    has_hours: Bool
    low_min: Float
    high_min: Float
    from_age: int
    after_wake_min: int
    way_home_min: int
    way_min: float


class DayNumbers(NamedTuple):
    """All of these."""

    frame: FrameNumbers
    meals: MealNumbers
    errands: Errands
    own_errands: OwnErrands
    household: Household
    outings: Outings


@keeps_latest
@lru_cache(maxsize=32)
def day_numbers(parameters: CityParameters, clock: Clock, day: int) -> DayNumbers:
    """Return the numbers for a day, whose purposes have the hours of that day."""
    return DayNumbers(
        _frame(parameters),
        _meals(parameters),
        _errands(parameters),
        _own(parameters, clock, day),
        _household(parameters),
        _outings(parameters, clock, day),
    )


def _frame(parameters: CityParameters) -> FrameNumbers:
    codes, planner = purpose_codes(parameters).of, parameters.mobility.planner
    return FrameNumbers(
        sleep=int(block_code(codes[Purpose.SLEEP], AT_HOME, fixed=True)),
        work=codes[Purpose.WORK],
        school=codes[Purpose.SCHOOL],
        care=int(block_code(codes[Purpose.CARE], AT_HOME)),
        care_min=planned_min(parameters.purposes["care"]),
        least_awake_min=planner.hours.least_awake_min,
        least_night_min=planner.hours.least_night_min,
        way_min=max(round_to_block(planner.way_min), BLOCK_MIN),
        morning_share=float(planner.morning_care_share),
        grooming=DRAWN.index("grooming"),
    )


def _meals(parameters: CityParameters) -> MealNumbers:
    codes, planner = purpose_codes(parameters), parameters.mobility.planner
    hours = planner.hours
    return MealNumbers(
        meal=codes.of[Purpose.MEAL],
        work=codes.of[Purpose.WORK],
        is_duty=codes.is_duty,
        way_min=round_to_block(planner.way_min),
        lunch_sd_min=float(planner.lunch_sd_min),
        dinner_sd_min=float(planner.dinner_sd_min),
        breakfast_within_min=hours.breakfast_within_min,
        lunch_earlier_min=hours.lunch_earlier_min,
        lunch_later_min=hours.lunch_later_min,
        dinner_earlier_min=hours.dinner_earlier_min,
        dinner_later_min=hours.dinner_later_min,
        before_break_min=hours.duty_before_break_min,
        after_break_min=hours.duty_after_break_min,
    )


def _errands(parameters: CityParameters) -> Errands:
    planner, names = parameters.mobility.planner, (Purpose.SHOPPING, Purpose.HEALTH, Purpose.ERRAND)
    chores, specs = planner.chores, [parameters.purposes[one] for one in names]
    health, errand = (float(one.planned_per_day) for one in specs[1:])
    return Errands(
        np.uint64(word_of("day_filling")),
        from_age=chores.errands_from_age,
        low_min=chores.earliest_min,
        high_min=chores.latest_min,
        after_min=float(chores.after_wake_from_min),
        spread_min=float(chores.after_wake_to_min - chores.after_wake_from_min),
        health=health,
        either=health + errand,
        way_min=float(planner.way_min),
        code=np.array([_code(parameters, one) for one in names]),
        least_min=np.array([float(one.least_min) for one in specs]),
    )


def _own(parameters: CityParameters, clock: Clock, day: int) -> OwnErrands:
    spans = {one: _span(parameters, one, clock, day) for one in own_errands(parameters)}
    names = [one for one, span in spans.items() if span is not None]
    specs, chores = [parameters.purposes[one] for one in names], parameters.mobility.planner.chores
    usual = chores.earliest_min, chores.latest_min
    within = [
        (spans[one] or usual) if spec.hours else usual
        for one, spec in zip(names, specs, strict=True)
    ]
    low, high = np.array(within, dtype=np.int64).reshape(-1, 2).T.copy()
    return OwnErrands(
        word=np.array([word_of(f"errand {one}") for one in names], dtype=np.uint64),
        chance=np.array([float(one.planned_per_day) for one in specs]),
        code=np.array([_code(parameters, one) for one in names], dtype=np.int64),
        minutes=np.array([planned_min(one) for one in specs], dtype=np.int64),
        low_min=low,
        high_min=high,
    )


def _household(parameters: CityParameters) -> Household:
    codes, chores = purpose_codes(parameters).of, parameters.mobility.planner.chores
    kinds = AT_HOME_BY_TABLE
    return Household(
        word=np.array([word_of(f"day_filling {one}") for one, _ in kinds], dtype=np.uint64),
        code=np.array([int(block_code(codes[purpose], AT_HOME)) for _, purpose in kinds]),
        column=np.array([DRAWN.index(one) for one, _ in kinds]),
        starts=chores.housework_starts,
        after_wake_min=chores.housework_after_wake_min,
        before_bed_min=chores.housework_before_bed_min,
        longest_min=chores.longest_part_min,
    )


def _outings(parameters: CityParameters, clock: Clock, day: int) -> Outings:
    names, planner = outing_names(parameters), parameters.mobility.planner
    spans = [_span(parameters, one, clock, day) for one in names]
    hours = np.array([(0, 0) if one is None else one for one in spans], dtype=np.float64)
    low, high = hours.reshape(-1, 2).T.copy()
    codes = purpose_codes(parameters).of
    return Outings(
        code=np.array([codes[one] for one in names], dtype=np.int16),
        least_min=np.array([float(parameters.purposes[one].least_min) for one in names]),
        has_hours=np.array([one is not None for one in spans], dtype=np.bool_),
        low_min=low,
        high_min=high - parameters.mobility.free_time.before_closing_min,
        from_age=planner.decides_from_age,
        after_wake_min=planner.hours.breakfast_within_min,
        way_home_min=round_to_block(planner.way_min),
        way_min=float(planner.way_min),
    )


def _span(parameters: CityParameters, name: str, clock: Clock, day: int) -> tuple[int, int] | None:
    """Return the hours of a purpose on a day, in minutes from its midnight."""
    midnight = day * DAY_MIN
    span = span_of_day(parameters.purposes[name], midnight, clock=clock)
    return None if span is None else (span[0] - midnight, span[1] - midnight)


def _code(parameters: CityParameters, name: str) -> int:
    """Return the code of an errand."""
    place = AT_HOME if parameters.purposes[name].at_home else SOMEWHERE
    return int(block_code(purpose_codes(parameters).of[name], place))
