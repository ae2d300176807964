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
    "fill_times",
    "fulfil_wish",
    "kind_of_block",
]


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


def fill_times(  # noqa: PLR0917 - compiled loops take no keywords
    suits: Bool,
    kind: int,
    begins: Bool,
    minute: int,
    is_said: bool,  # noqa: FBT001 - likewise
    at_home: Bool,
    numbers: FreeTimeNumbers,
    liked: Float,
    draws: Float,
    due: Int,
    time: Float,
) -> None:
    """Fill when each purpose comes to mind (see `_coming_to_mind` of the columns).

    Parameters
    ----------
    suits, at_home, numbers
        See `FreeTimeTable`.
    kind : int
        See `kind_of_block`.
    begins : ndarray of bool, shape (1440, F)
        What can begin at which minute of the day.
    minute : int
        Of the day.
    is_said : bool
        Whether anything is said about the day.
    liked : ndarray of float64, shape (F,)
        How much each is liked.
    draws : ndarray of float64, shape (1 + 2 F,)
        Uniform numbers (see `free_time_draws`).
    due : ndarray of int64, shape (F,)
        See `fill_due`.
    time : ndarray of float64, shape (F,)
        Is filled, with infinity for what is not feasible.
    """
    is_any, takes_all = False, numbers.candidates >= len(time)
    for column in range(len(time)):
        time[column] = np.inf
        if suits[kind, column] and begins[minute, column]:
            is_any, time[column] = True, 0.0
            if not takes_all:
                weight = liked[column] + numbers.least_weight
                if is_said and (at_home[column] or due[column] >= 0):
                    weight = numbers.certain_weight
                time[column] = math.log(1.0 - draws[1 + 2 * column]) / -weight
    if not is_any:
        time[numbers.rest] = 0.0


def best_activity(  # noqa: PLR0917 - compiled loops take no keywords
    outing_cost: float,
    is_said: bool,  # noqa: FBT001 - likewise
    at_home: Bool,
    wished: Float,
    numbers: FreeTimeNumbers,
    liked: Float,
    relief: Float,
    draws: Float,
    due: Int,
    time: Float,
) -> int:
    """Return what has the highest value of the first to come to mind (see `choose_free_time`).

    Parameters
    ----------
    outing_cost : float
        What going out takes off the value.
    at_home, wished, numbers
        See `FreeTimeTable`.
    relief : ndarray of float64, shape (F,)
        How much of what the person lacks each gives back.
    is_said, liked, draws, due, time
        See `fill_times`.
    """
    best, highest = -1, -np.inf
    for column in range(len(time)):
        if not _comes_to_mind(column, numbers.candidates, time):
            continue
        value = liked[column] - (0.0 if at_home[column] else outing_cost)
        value += relief[column] * numbers.relief_weight
        if is_said:
            value += wished[1 if due[column] >= 0 else 0, column]
        value += gumbel_at(draws[2 + 2 * column]) * numbers.whim
        if best < 0 or value > highest:
            best, highest = column, value
    return best


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
