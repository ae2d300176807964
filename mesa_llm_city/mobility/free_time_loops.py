"""What a person spends an empty block on, as functions that are compiled (see `kernels`).

They do for one row what `free_time_columns` and `WishColumns` do for columns, in the same order of
operations. They take single arrays, since each use of an array in a tuple costs compiled code as
much as several additions.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.draw_loops import gumbel_at, normal_at
from mesa_llm_city.core.prefetch import prefetch, prefetch_all
from mesa_llm_city.core.values import Bool, Float, Int, Whole
from mesa_llm_city.mobility.purpose_codes import FREE
from mesa_llm_city.mobility.schedule import BLOCK_MIN

__all__ = [
    "FreeTimeNumbers",
    "FreeTimeTable",
    "WishArrays",
    "ask_for_wishes",
    "best_activity",
    "end_of",
    "fill_due",
    "fill_values",
    "fulfil_wish",
    "kind_of_block",
    "only_activity",
]

_PARTS = 256  # of the range of a uniform number, for each of which bounds are known
_ROUNDING = 1e-9  # of a Gumbel number
_WHIMS = np.array([gumbel_at(part / _PARTS) for part in range(_PARTS + 1)])
_LEAST_WHIM, _GREATEST_WHIM = _WHIMS[:-1] - _ROUNDING, _WHIMS[1:] + _ROUNDING


class FreeTimeNumbers(NamedTuple):
    """Parameters of free time.

    Attributes
    ----------
    rest : int
        Position of rest among the F `free_purposes`.
    candidates, outing_min, shortest_min, useless_min, wish_early_min : int
        See `mobility.free_time`.
    decides_from_age : int
        See `mobility.planner`.
    relief_weight, whim, length_spread : float
        See `mobility.free_time`.
    least_weight, certain_weight : float
        Weights of what comes to mind last, and of what comes for sure.
    """

    rest: int
    candidates: int
    outing_min: int
    shortest_min: int
    useless_min: int
    wish_early_min: int
    decides_from_age: int
    relief_weight: float
    whim: float
    length_spread: float
    least_weight: float
    certain_weight: float


class FreeTimeTable(NamedTuple):
    """Properties of the F `free_purposes`.

    Attributes
    ----------
    codes : ndarray of int16, shape (F,)
        Position of each among all purposes.
    relieves : ndarray of int64, shape (F,)
        Likewise, -1 for rest where free time is not meant for it: it meets no need then.
    column_of : ndarray of int64, shape (P,)
        Position of each of all purposes among the F, -1 for none.
    at_home : ndarray of bool, shape (F,)
        Whether it is done at home.
    usual_min : ndarray of float64, shape (F,)
        How long it usually takes.
    usual_liking : ndarray of float64, shape (F,)
        How much it is liked by whom it has no weight of their own.
    suits : ndarray of bool, shape (5, F)
        Whether it suits a short and a long block, of people who live here and of outsiders, and
        whether it suits a small child.
    wished : ndarray of float64, shape (2, F)
        What is added to the value of what is not due, and of what is.
    numbers : FreeTimeNumbers
        Parameters.
    """

    codes: NDArray[np.int16]
    relieves: Int
    column_of: Int
    at_home: Bool
    usual_min: Float
    usual_liking: Float
    suits: Bool
    wished: Float
    numbers: FreeTimeNumbers


class WishArrays(NamedTuple):
    """The columns of `WishStore`."""

    purpose: Whole
    minutes: Whole
    base: NDArray[np.int32]
    from_min: NDArray[np.int16]
    until_min: NDArray[np.int16]
    size: NDArray[np.int8]


def ask_for_wishes(wishes: WishArrays, row: int) -> None:
    """Ask for the wishes of a row, before they are needed (see `prefetch`)."""
    prefetch_all(wishes.purpose, row)
    prefetch_all(wishes.minutes, row)
    prefetch_all(wishes.from_min, row)
    prefetch_all(wishes.until_min, row)
    prefetch(wishes.size, row)


def fill_due(  # noqa: PLR0917 - compiled loops take no keywords
    start: int,
    early: int,
    row: int,
    size: int,
    purpose: Whole,
    minutes: Whole,
    from_min: NDArray[np.int16],
    until_min: NDArray[np.int16],
    column_of: Int,
    due: Int,
) -> int:
    """Fill how long the outings take whose time has come (see `due_outings`).

    Parameters
    ----------
    start, early : int
        Now, in minutes from the `base` of the row on, and `wish_early_min`.
    row, size : int
        Whose wishes, and how many count, -1 if nothing is said about the day.
    purpose, minutes, from_min, until_min
        Columns of `WishStore`.
    column_of : ndarray of int64, shape (P,)
        See `FreeTimeTable`.
    due : ndarray of int64, shape (F,)
        Is filled with minutes, -1 for what is not due.

    Returns
    -------
    int
        Minutes until the next outing is due, at least a block and at most a day.
    """
    until_next = DAY_MIN
    due[:] = -1
    for slot in range(size):
        begin = int(from_min[row, slot])
        if begin - early <= start <= int(until_min[row, slot]) + early:
            column = column_of[purpose[row, slot]]
            if column >= 0:
                due[column] = minutes[row, slot]
        if begin > start + early:
            until_next = min(until_next, begin - start)
    return max(until_next, BLOCK_MIN)


def kind_of_block(minutes: int, age: int, outing_min: int, decides_from_age: int) -> int:
    """Return which row of `FreeTimeTable.suits` holds for a block of a person who lives here."""
    if age < decides_from_age:
        return -1
    return 1 if minutes >= outing_min else 0


def only_activity(
    suits: Bool, kind: int, begins: Bool, minute: int, numbers: FreeTimeNumbers
) -> int:
    """Return what a block is spent on where one purpose at most is feasible, else -1.

    Parameters
    ----------
    suits, numbers
        See `FreeTimeTable`.
    kind : int
        See `kind_of_block`.
    begins : ndarray of bool, shape (1440, F)
        What can begin at which minute of the day.
    minute : int
        Of the day.
    """
    count, only = 0, numbers.rest
    for column in range(begins.shape[1]):
        if suits[kind, column] and begins[minute, column]:
            count, only = count + 1, column
    return only if count <= 1 else -1


def fill_values(  # noqa: PLR0917 - compiled loops take no keywords
    suits: Bool,
    kind: int,
    begins: Bool,
    minute: int,
    outing_cost: float,
    is_said: bool,  # noqa: FBT001 - likewise
    at_home: Bool,
    wished: Float,
    numbers: FreeTimeNumbers,
    liked: Float,
    relief: Float,
    due: Int,
    value: Float,
) -> None:
    """Fill the value of each purpose but for whims (see `choose_free_time`).

    Parameters
    ----------
    suits, kind, begins, minute
        See `only_activity`; more than one purpose is feasible.
    outing_cost : float
        What going out takes off the value.
    is_said : bool
        Whether anything is said about the day.
    at_home, wished, numbers
        See `FreeTimeTable`.
    liked : ndarray of float64, shape (F,)
        How much each is liked.
    relief : ndarray of float64, shape (F,)
        How much of what the person lacks each gives back.
    due : ndarray of int64, shape (F,)
        See `fill_due`.
    value : ndarray of float64, shape (F,)
        Is filled, with minus infinity for what is not feasible.
    """
    for column in range(len(value)):
        value[column] = -np.inf
        if suits[kind, column] and begins[minute, column]:
            worth = liked[column] - (0.0 if at_home[column] else outing_cost)
            worth += relief[column] * numbers.relief_weight
            if is_said:
                worth += wished[1 if due[column] >= 0 else 0, column]
            value[column] = worth


def best_activity(  # noqa: PLR0917 - compiled loops take no keywords
    is_said: bool,  # noqa: FBT001 - likewise
    at_home: Bool,
    numbers: FreeTimeNumbers,
    liked: Float,
    value: Float,
    draws: Float,
    due: Int,
    time: Float,
) -> int:
    """Return what has the highest value of the first to come to mind (see `choose_free_time`).

    Parameters
    ----------
    is_said, at_home, numbers, liked, value, due
        See `fill_values`.
    draws : ndarray of float64, shape (1 + 2 F,)
        Uniform numbers (see `free_time_draws`).
    time : ndarray of float64, shape (F,)
        Room for when each comes to mind.
    """
    if is_said:
        best = _certain_choice(at_home, numbers, liked, value, draws, due)
        if best >= 0:
            return best
    _fill_times(is_said, at_home, numbers, liked, value, draws, due, time)
    best, highest = -1, -np.inf
    for column in range(len(time)):
        if _comes_to_mind(column, numbers.candidates, time):
            worth = value[column] + gumbel_at(draws[2 + 2 * column]) * numbers.whim
            if best < 0 or worth > highest:
                best, highest = column, worth
    return best


def _certain_choice(  # noqa: PLR0917 - compiled loops take no keywords
    at_home: Bool, numbers: FreeTimeNumbers, liked: Float, value: Float, draws: Float, due: Int
) -> int:
    """Return what is chosen where bounds of random numbers leave no doubt of it, else -1.

    It takes no logarithms. What comes to mind for sure has a value that no other can reach.
    """
    best, least, certain = -1, -np.inf, 0
    for column in range(len(value)):
        if value[column] > -np.inf and (at_home[column] or due[column] >= 0):
            certain += 1
            low = value[column] + _LEAST_WHIM[int(draws[2 + 2 * column] * _PARTS)] * numbers.whim
            if low > least:
                best, least = column, low
    if best < 0:
        return -1
    # How late it comes at most: -log(1 - u) is from u to u / (1 - u).
    draw = draws[1 + 2 * best]
    latest = draw / ((1.0 - draw) * numbers.certain_weight)
    earlier = certain - 1
    for column in range(len(value)):
        if column == best or value[column] == -np.inf:
            continue
        high = value[column] + _GREATEST_WHIM[int(draws[2 + 2 * column] * _PARTS)] * numbers.whim
        if high >= least:
            return -1
        if not (at_home[column] or due[column] >= 0):
            # Twice as late, whatever is rounded.
            soonest = draws[1 + 2 * column] / (liked[column] + numbers.least_weight)
            earlier += soonest <= latest + latest
    return best if earlier < numbers.candidates else -1


def _fill_times(  # noqa: PLR0917 - compiled loops take no keywords
    is_said: bool,  # noqa: FBT001 - likewise
    at_home: Bool,
    numbers: FreeTimeNumbers,
    liked: Float,
    value: Float,
    draws: Float,
    due: Int,
    time: Float,
) -> None:
    """Fill when each purpose comes to mind (see `_coming_to_mind` of the columns).

    What is not feasible never does.
    """
    takes_all = numbers.candidates >= len(time)
    for column in range(len(time)):
        time[column] = np.inf
        if value[column] > -np.inf:
            time[column] = 0.0
            if not takes_all:
                weight = liked[column] + numbers.least_weight
                if is_said and (at_home[column] or due[column] >= 0):
                    weight = numbers.certain_weight
                time[column] = math.log(1.0 - draws[1 + 2 * column]) / -weight


def _comes_to_mind(column: int, count: int, time: Float) -> bool:
    """Tell whether a purpose is among the first to come."""
    if time[column] == np.inf:
        return False
    earlier = 0
    for other in time:
        if other < time[column]:
            earlier += 1
    return earlier < count


def end_of(  # noqa: PLR0917 - compiled loops take no keywords
    start: int,
    end: int,
    wished_min: int,
    usual_min: float,
    draw: float,
    until_next: int,
    numbers: FreeTimeNumbers,
) -> int:
    """Return when an activity ends that begins with a free block (see `free_end_min`).

    Parameters
    ----------
    start, end : int
        The block, in minutes of the run.
    wished_min : int
        How long it is meant to take, -1 if nothing is meant.
    usual_min : float
        How long it usually takes.
    draw : float
        A uniform number.
    until_next : int
        Minutes until the next outing is due.
    numbers : FreeTimeNumbers
        Parameters.
    """
    minutes = wished_min
    if minutes < 0:
        spread = math.exp(numbers.length_spread * normal_at(draw))
        minutes = min(int(BLOCK_MIN * np.rint(usual_min * spread / BLOCK_MIN)), until_next)
    block = end - start
    if block - minutes < numbers.useless_min:
        return end
    return start + min(max(minutes, numbers.shortest_min), block)


def fulfil_wish(wishes: WishArrays, row: int, purpose: int) -> None:
    """Take all outings for a purpose off the wishes of a row (see `WishStore.fulfil`)."""
    width = wishes.purpose.shape[1]
    last = width
    # What is done moves behind the others, from the last on, so that all keep their order.
    for slot in range(width - 1, -1, -1):
        if wishes.purpose[row, slot] == purpose:
            last -= 1
            _move(wishes, row, slot, last)
    if last == width:
        return
    left = wishes.size[row] - (width - last)
    wishes.size[row] = left
    for slot in range(max(left, 0), width):
        wishes.purpose[row, slot] = FREE


def _move(wishes: WishArrays, row: int, slot: int, last: int) -> None:
    """Move a wish behind those that follow it up to a slot."""
    purpose, minutes = wishes.purpose[row, slot], wishes.minutes[row, slot]
    from_min, until_min = wishes.from_min[row, slot], wishes.until_min[row, slot]
    for to in range(slot, last):
        wishes.purpose[row, to] = wishes.purpose[row, to + 1]
        wishes.minutes[row, to] = wishes.minutes[row, to + 1]
        wishes.from_min[row, to] = wishes.from_min[row, to + 1]
        wishes.until_min[row, to] = wishes.until_min[row, to + 1]
    wishes.purpose[row, last], wishes.minutes[row, last] = purpose, minutes
    wishes.from_min[row, last], wishes.until_min[row, last] = from_min, until_min
