"""Free time in columns: what each of many people spends an empty block of the day on.

`FreeTimeChoice` calls these functions with one row.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.inverse_draws import gumbel_of, normal_of
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.libm import exp, log
from mesa_llm_city.core.narrow import least_of_rows, true_entries
from mesa_llm_city.core.values import Bool, Float, Int, Purpose, Weather
from mesa_llm_city.mobility.free_time_loops import FreeTimeNumbers, FreeTimeTable
from mesa_llm_city.mobility.leaning import leaning_liking
from mesa_llm_city.mobility.purpose_hours import begin_minutes
from mesa_llm_city.mobility.schedule import BLOCK_MIN
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mobility import FreeTimeChoiceParameters
from mesa_llm_city.population.people_columns import PeopleColumns

__all__ = [
    "DueOutings",
    "FreeTimeRows",
    "WishTable",
    "begin_table",
    "choose_free_time",
    "due_outings",
    "feasible_rows",
    "free_end_min",
    "free_purposes",
    "free_time_draws",
    "free_time_table",
    "liked_columns",
    "likings",
    "outing_factor",
]

# Lets what is not liked at all come to mind after everything else.
_LEAST_WEIGHT = 1e-6
# What has this weight comes to mind for sure.
_CERTAIN_WEIGHT = 1e6


class WishTable(Protocol):
    """Outings that the day is still meant to hold, in columns of at most W for each person.

    Attributes
    ----------
    purpose : ndarray of int, shape (m, W)
        Position among all purposes.
    minutes : ndarray of int, shape (m, W)
        How long, the way there included.
    from_min, until_min : ndarray of int, shape (m, W)
        Between which minutes of the run each is meant to begin.
    size : ndarray of int, shape (m,)
        How many of the columns count; -1 if nothing is said about the day.
    """

    # Properties, so that tables which cannot be changed fit too.
    @property
    def purpose(self) -> NDArray[np.integer]: ...  # noqa: D102 - described above
    @property
    def minutes(self) -> NDArray[np.integer]: ...  # noqa: D102
    @property
    def from_min(self) -> NDArray[np.integer]: ...  # noqa: D102
    @property
    def until_min(self) -> NDArray[np.integer]: ...  # noqa: D102
    @property
    def size(self) -> NDArray[np.integer]: ...  # noqa: D102


class FreeTimeRows(NamedTuple):
    """What each of m people spends free time on.

    Attributes
    ----------
    purpose : ndarray of int16, shape (m,)
        Position of the purpose among all purposes.
    end_min : ndarray of int64, shape (m,)
        When it ends; it begins with the free block.
    at_home : ndarray of bool, shape (m,)
        Whether it is done at home.
    column : ndarray of int64, shape (m,)
        Position of the purpose among `free_purposes`.
    values : ndarray of float64, shape (m, F)
        Value of each of `free_purposes`, NaN where it has not come to mind.
    """

    purpose: NDArray[np.int16]
    end_min: Int
    at_home: Bool
    column: Int
    values: Float


class DueOutings(NamedTuple):
    """What the wishes of m days mean for what is chosen now (see `due_outings`).

    Attributes
    ----------
    is_said : ndarray of bool, shape (m, 1)
        Whether anything is said about the day.
    minutes : ndarray of int64, shape (m, F)
        How long the outings take whose time has come, by `free_purposes`; -1 for the others.
    until_next : ndarray of int64, shape (m,)
        Minutes until the next one is due, at least a block and at most a day.
    """

    is_said: Bool
    minutes: Int
    until_next: Int


@keeps_latest
@lru_cache(maxsize=64)
def free_purposes(parameters: CityParameters) -> tuple[str, ...]:
    """Return the F purposes that free time can be spent on, in the order of all columns here.

    These are `CityParameters.free_time`; behind them rest, if it is none of them, since it is
    what is left where nothing is feasible.
    """
    names = parameters.free_time
    return names if Purpose.REST in names else (*names, Purpose.REST)


def free_time_draws(parameters: CityParameters) -> int:
    """Return how many uniform numbers a choice takes of its stream, ``1 + 2 F``.

    The first draws the length, then two for each purpose, whether it comes to mind and its
    whim. So a purpose behind the others changes none of their numbers.
    """
    return 1 + 2 * len(free_purposes(parameters))


def likings(people: PeopleColumns, leanings: Float | None, parameters: CityParameters) -> Float:
    """Return how much each of m people likes what free time can be spent on.

    Parameters
    ----------
    people : PeopleColumns
        The people; a purpose for which a person has no weight is liked as its
        `free_time_weight`.
    leanings : ndarray of float64, shape (m, P), or None
        How much goals and insights speak for each of all P purposes, from -1 to 1.
    parameters : CityParameters
        Reads the purposes and `mobility.planner.leaning_factor`.

    Returns
    -------
    ndarray of float64, shape (m, F)
        By `free_purposes`.
    """
    table, own_columns = free_time_table(parameters), liked_columns(people.purposes, parameters)
    if people.purposes:
        own = people.preferences[:, own_columns]
        liked = np.where((own_columns < 0) | np.isnan(own), table.usual_liking, own)
    else:
        liked = np.tile(table.usual_liking, (len(people), 1))
    if leanings is None:
        return liked
    factor = parameters.mobility.planner.leaning_factor
    return leaning_liking(liked, leanings[:, table.codes], factor)


@keeps_latest
@lru_cache(maxsize=16)
def liked_columns(purposes: tuple[str, ...], parameters: CityParameters) -> Int:
    """Return where preferences have each of the F `free_purposes`, -1 for nowhere.

    Parameters
    ----------
    purposes : tuple of str
        Names of the columns of `PeopleColumns.preferences`.
    parameters : CityParameters
        Reads the purposes.
    """
    names = free_purposes(parameters)
    return np.array([purposes.index(one) if one in purposes else -1 for one in names])


def outing_factor(weather: Weather, parameters: CityParameters) -> float:
    """Return how much more it costs to go out in rain or storm (`mobility.free_time`)."""
    free_time = parameters.mobility.free_time
    is_windy = weather.wind_km_h >= free_time.storm_from_km_h
    if is_windy or weather.warning >= free_time.storm_from_warning:
        return free_time.storm_outing_factor
    return free_time.wet_outing_factor if weather.is_wet else 1.0


def feasible_rows(
    start_min: Int,
    end_min: Int,
    *,
    age: ArrayLike,
    is_outsider: ArrayLike,
    clock: Clock,
    parameters: CityParameters,
) -> Bool:
    """Return what free time can be spent on in each of m blocks; rest always can.

    Away from home it takes a block of `outing_min`, a person of `decides_from_age`, and the
    hours of the purpose. Outsiders have not come to rest, but do so in what is left of a stay.

    Parameters
    ----------
    start_min, end_min : ndarray of int64, shape (m,)
        The free blocks, in minutes of the run.
    age : array_like of int, shape (m,) or ()
        Ages in years.
    is_outsider : array_like of bool, shape (m,) or ()
        Whether the home lies outside the city.
    clock : Clock
        The calendar.
    parameters : CityParameters
        Reads `mobility.free_time`, `mobility.planner` and the purposes.

    Returns
    -------
    ndarray of bool, shape (m, F)
        By `free_purposes`.
    """
    purposes, numbers = free_time_table(parameters), parameters.mobility
    block = (end_min - start_min >= numbers.free_time.outing_min) + np.multiply(is_outsider, 2)
    suits = purposes.suits.take(
        np.where(np.less(age, numbers.planner.decides_from_age), -1, block), axis=0
    )
    found: Bool = suits & _can_begin(start_min, clock, parameters)
    if not found[:, purposes.numbers.rest].all():
        found[:, purposes.numbers.rest] |= ~found.any(axis=1)
    return found


def due_outings(wishes: WishTable, start_min: ArrayLike, parameters: CityParameters) -> DueOutings:
    """Return what the wishes of m days mean for what is chosen now.

    Parameters
    ----------
    wishes : WishTable
        Outings that the days are still meant to hold.
    start_min : array_like of int, shape (m,)
        Now, in minutes of the run.
    parameters : CityParameters
        Reads `mobility.free_time.wish_early_min` and the purposes.
    """
    purposes, start = free_time_table(parameters), np.asarray(start_min, dtype=np.int64)
    early, now = parameters.mobility.free_time.wish_early_min, start[:, np.newaxis]
    is_said = wishes.size[:, np.newaxis] >= 0
    minutes = np.full((len(start), len(purposes.codes)), -1, dtype=np.int64)
    most = int(wishes.size.max(initial=0))
    if most <= 0:
        return DueOutings(is_said, minutes, np.full(len(start), DAY_MIN))
    used = np.arange(most) < wishes.size[:, np.newaxis]
    begin = wishes.from_min[:, :most].astype(np.int64)
    is_due = used & (begin - early <= now) & (now <= wishes.until_min[:, :most] + early)
    rows, slots = true_entries(is_due)
    columns = purposes.column_of[wishes.purpose[rows, slots]]
    free = columns >= 0
    minutes[rows[free], columns[free]] = wishes.minutes[rows[free], slots[free]]
    later = np.where(used & (begin > now + early), begin - now, DAY_MIN)
    until = np.maximum(np.minimum(least_of_rows(later), DAY_MIN), BLOCK_MIN)
    return DueOutings(is_said, minutes, until)


def choose_free_time(
    start_min: ArrayLike,
    end_min: ArrayLike,
    *,
    age: ArrayLike,
    is_outsider: ArrayLike,
    likings: Float,
    relief: ArrayLike | None,
    weather: Weather,
    draws: Float,
    wishes: WishTable | DueOutings | None,
    clock: Clock,
    parameters: CityParameters,
) -> FreeTimeRows:
    """Choose what each of m people spends a free block on (CitySim, appendix A.1.1).

    N of the feasible purposes come to mind, drawn by liking, and the one of highest value is
    taken: ``liking + relief_weight relief - outing_cost + whim noise``. The noise is Gumbel
    distributed, so the choice among the N is a logit. If the day has wishes, those whose time has
    come are among the N and gain `wish_value`; other outings lose `other_outing_cost`.

    Parameters
    ----------
    start_min, end_min : array_like of int, shape (m,)
        The free blocks, in minutes of the run.
    age : array_like of int, shape (m,) or ()
        Ages in years.
    is_outsider : array_like of bool, shape (m,) or ()
        Whether the home lies outside the city.
    likings : ndarray of float64, shape (m, F)
        How much each of `free_purposes` is liked (see `likings`).
    relief : array_like, shape (m, F), or None
        How much of what each person lacks an hour of it would give back; None for nothing.
    weather : Weather
        The weather outside.
    draws : ndarray of float64, shape (m, n)
        `free_time_draws` uniform numbers in [0, 1), of the stream ``"fill"`` of each person at
        the minute.
    wishes : WishTable, DueOutings or None
        Outings that the day is still meant to hold, or what they mean now; None if nothing is said
        in any row.
    clock : Clock
        The calendar, for purposes with hours of their own.
    parameters : CityParameters
        Reads `mobility.free_time`, `mobility.planner` and the purposes.
    """
    start = np.asarray(start_min, dtype=np.int64)
    end = np.asarray(end_min, dtype=np.int64)
    purposes, numbers = free_time_table(parameters), parameters.mobility.free_time
    due: DueOutings | None
    if wishes is None or isinstance(wishes, DueOutings):
        due = wishes
    else:
        due = due_outings(wishes, start, parameters)
    feasible = feasible_rows(
        start, end, age=age, is_outsider=is_outsider, clock=clock, parameters=parameters
    )
    # Two numbers for each purpose: whether it comes to mind, and its whim.
    comes = _coming_to_mind(
        likings,
        feasible,
        draws[:, 1::2],
        due,
        at_home=purposes.at_home,
        count=numbers.candidates,
    )
    value = likings - _cost(parameters, outing_factor(weather, parameters))
    if relief is not None:
        value += np.multiply(relief, numbers.relief_weight)
    if due is not None:
        value += np.where(due.minutes >= 0, purposes.wished[1], purposes.wished[0]) * due.is_said
    value += gumbel_of(draws[:, 2::2]) * numbers.whim
    best = np.where(comes, value, -np.inf).argmax(axis=1)
    minutes = _minutes(best, draws[:, 0], due, purposes, numbers)
    return FreeTimeRows(
        purposes.codes[best],
        free_end_min(start, end, minutes, numbers),
        purposes.at_home[best],
        best,
        np.where(comes, value, np.nan),
    )


def free_end_min(
    start_min: ArrayLike, end_min: ArrayLike, minutes: ArrayLike, numbers: FreeTimeChoiceParameters
) -> Int:
    """Return when an activity ends that begins with a free block.

    It takes `minutes`, but at least `shortest_min`, and leaves no rest of the block that is
    shorter than `useless_min`.

    Parameters
    ----------
    start_min, end_min : array_like of int, shape (m,)
        The free blocks, in minutes of the run.
    minutes : array_like of int, shape (m,)
        How long the activities are meant to take.
    numbers : FreeTimeChoiceParameters
        Reads `shortest_min` and `useless_min`.

    Returns
    -------
    ndarray of int64, shape (m,)
        Within the block.
    """
    start, block = np.asarray(start_min, dtype=np.int64), np.subtract(end_min, start_min)
    lasts = np.minimum(np.maximum(minutes, numbers.shortest_min), block)
    is_useless = block - minutes < numbers.useless_min
    return np.asarray(start + np.where(is_useless, block, lasts), dtype=np.int64)


@keeps_latest
@lru_cache(maxsize=16)
def free_time_table(parameters: CityParameters) -> FreeTimeTable:
    """Return what a choice reads of the F `free_purposes`, and of the parameters."""
    every, names = list(parameters.purposes), free_purposes(parameters)
    specs = [parameters.purposes[name] for name in names]
    codes = [every.index(name) for name in names]
    column_of = np.full(len(every), -1, dtype=np.int64)
    column_of[codes] = np.arange(len(names))
    at_home = np.array([one.at_home for one in specs])
    always, never = np.ones_like(at_home), np.zeros_like(at_home)
    free_time = parameters.mobility.free_time
    wished = ((-free_time.other_outing_cost,), (free_time.wish_value,))
    return FreeTimeTable(
        np.array(codes, dtype=np.int16),
        np.array([every.index(one) if one in parameters.free_time else -1 for one in names]),
        column_of,
        at_home,
        np.array([one.usual_min or 0.0 for one in specs]),
        np.array([one.free_time_weight for one in specs]),
        np.array([at_home, always, at_home, ~at_home, never]),
        np.where(at_home, 0.0, wished),
        FreeTimeNumbers(
            names.index(Purpose.REST),
            free_time.candidates,
            free_time.outing_min,
            free_time.shortest_min,
            free_time.useless_min,
            free_time.wish_early_min,
            parameters.mobility.planner.decides_from_age,
            float(free_time.relief_weight),
            float(free_time.whim),
            float(free_time.length_spread),
            _LEAST_WEIGHT,
            _CERTAIN_WEIGHT,
        ),
    )


@lru_cache(maxsize=64)
def _cost(parameters: CityParameters, factor: float) -> Float:
    """Return what going out takes off the value of each purpose, shape (F,)."""
    return np.where(
        free_time_table(parameters).at_home, 0.0, parameters.mobility.free_time.outing_cost * factor
    )


@keeps_latest
@lru_cache(maxsize=64)
def begin_table(parameters: CityParameters, clock: Clock, day: int) -> Bool:
    """Return at which minutes of a day each purpose can begin, shape (1440, F)."""
    before = parameters.mobility.free_time.before_closing_min
    names, chosen = free_purposes(parameters), parameters.free_time
    table = np.zeros((DAY_MIN, len(names)), dtype=np.bool_)
    for column, name in enumerate(names):
        if name in chosen:
            spec = parameters.purposes[name]
            table[:, column] = begin_minutes(spec, day, clock=clock, before_closing_min=before)
    return table


def _can_begin(start_min: Int, clock: Clock, parameters: CityParameters) -> Bool:
    """Return what can begin at each minute by its hours, shape (m, F)."""
    if len(start_min) == 1:
        one, minute_of_day = divmod(int(start_min[0]), DAY_MIN)
        return begin_table(parameters, clock, one)[minute_of_day : minute_of_day + 1]
    day, minute = np.divmod(start_min, DAY_MIN)
    if not len(day) or day.min() == (first := int(day.max())):
        return begin_table(parameters, clock, first if len(day) else 0).take(minute, axis=0)
    found = np.empty((len(day), len(free_purposes(parameters))), dtype=np.bool_)
    for one in np.unique(day).tolist():
        rows = day == one
        found[rows] = begin_table(parameters, clock, one)[minute[rows]]
    return found


def _coming_to_mind(
    likings: Float,
    feasible: Bool,
    draws: Float,
    due: DueOutings | None,
    *,
    at_home: Bool,
    count: int,
) -> Bool:
    """Draw `count` purposes that come to mind, without replacement, with the likings as weights.

    If the day has wishes, those due and staying in do so for sure. Each purpose comes after an
    exponential time whose rate is its weight; the first to come are such a sample (Efraimidis and
    Spirakis 2006, Inf. Process. Lett. 97(5), 181-185).
    """
    weight = likings + _LEAST_WEIGHT
    if due is not None:
        certain = (at_home | (due.minutes >= 0)) & due.is_said
        np.copyto(weight, _CERTAIN_WEIGHT, where=certain)
    if count >= weight.shape[1]:
        return feasible
    time = np.where(feasible, log(1.0 - draws) / -weight, np.inf)
    last = np.partition(time, count - 1, axis=1)[:, count - 1 : count]
    comes: Bool = feasible & (time <= last)
    return comes


def _minutes(
    best: Int,
    draw: Float,
    due: DueOutings | None,
    purposes: FreeTimeTable,
    numbers: FreeTimeChoiceParameters,
) -> Int:
    """Return how long what was chosen is meant to take, in whole blocks."""
    usual = purposes.usual_min[best] * exp(numbers.length_spread * normal_of(draw))
    minutes = (BLOCK_MIN * np.rint(usual / BLOCK_MIN)).astype(np.int64)
    if due is None:
        return minutes
    wished = due.minutes[np.arange(len(best)), best]
    # Something else ends before the next wish is due.
    return np.where(wished >= 0, wished, np.minimum(minutes, due.until_next))
