"""What a person spends an empty block on, as functions that are compiled (see `kernels`).

They do for one row what `free_time_columns` and `WishColumns` do for columns, in the same order of
operations.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.draw_loops import gumbel_at, normal_at
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.mobility.purpose_codes import FREE
from mesa_llm_city.mobility.schedule import BLOCK_MIN

__all__ = [
    "FreeTimeTable",
    "Scratch",
    "WishArrays",
    "choose_activity",
    "fulfil_wish",
    "room_for_choice",
]


class FreeTimeTable(NamedTuple):
    """Parameters of free time and properties of the F `free_purposes`.

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
    rest : int
        Position of rest among the F.
    candidates, outing_min, decides_from_age, shortest_min, useless_min, wish_early_min : int
        See `mobility.free_time` and `mobility.planner`.
    relief_weight, whim, length_spread : float
        See `mobility.free_time`.
    least_weight, certain_weight : float
        Weights of what comes to mind last, and of what comes for sure.
    """

    codes: NDArray[np.int16]
    relieves: Int
    column_of: Int
    at_home: Bool
    usual_min: Float
    usual_liking: Float
    suits: Bool
    wished: Float
    rest: int
    candidates: int
    outing_min: int
    decides_from_age: int
    shortest_min: int
    useless_min: int
    wish_early_min: int
    relief_weight: float
    whim: float
    length_spread: float
    least_weight: float
    certain_weight: float


class WishArrays(NamedTuple):
    """The columns of `WishColumns`."""

    purpose: NDArray[np.int16]
    minutes: NDArray[np.int32]
    from_min: NDArray[np.int32]
    until_min: NDArray[np.int32]
    size: NDArray[np.int8]


class Scratch(NamedTuple):
    """Room for one choice among F purposes.

    Attributes
    ----------
    liked, relief : ndarray of float64, shape (F,)
        How much each is liked, and how much of what the person lacks it would give back.
    draws : ndarray of float64, shape (1 + 2 F,)
        Uniform numbers (see `free_time_draws`).
    time : ndarray of float64, shape (F,)
        When each comes to mind, infinity for what is not feasible.
    wished : ndarray of int64, shape (F,)
        How long the outings take whose time has come; -1 for the others.
    """

    liked: Float
    relief: Float
    draws: Float
    time: Float
    wished: Int


def room_for_choice(count: int) -> Scratch:
    """Return room for choices among so many purposes."""
    return Scratch(
        np.empty(count),
        np.empty(count),
        np.empty(1 + 2 * count),
        np.empty(count),
        np.empty(count, dtype=np.int64),
    )


def choose_activity(  # noqa: PLR0917 - compiled loops take no keywords
    start: int,
    end: int,
    age: int,
    outing_cost: float,
    begins: Bool,
    wishes: WishArrays,
    row: int,
    free: FreeTimeTable,
    room: Scratch,
) -> tuple[int, int]:
    """Choose what one person spends a free block on (see `choose_free_time`).

    Parameters
    ----------
    start, end : int
        The block, in minutes of the run.
    age : int
        In years.
    outing_cost : float
        What going out takes off the value.
    begins : ndarray of bool, shape (F,)
        What can begin at this minute.
    wishes : WishArrays
        Outings that days are still meant to hold.
    row : int
        Which of the days it is.
    free : FreeTimeTable
        The purposes.
    room : Scratch
        Holds likings, relief and draws; the rest is filled.

    Returns
    -------
    int, int
        Position among the F, and when it ends.
    """
    wished, time = room.wished, room.time
    is_said = wishes.size[row] >= 0
    until_next = _due_outings(start, wishes, row, free, wished)
    suits = free.suits[1 if end - start >= free.outing_min else 0]
    if age < free.decides_from_age:
        suits = free.suits[-1]
    _fill_times(suits, begins, is_said, wished, room.draws, free, room.liked, time)
    best = _best(outing_cost, is_said, free, room)
    minutes = wished[best]
    if minutes < 0:
        spread = math.exp(free.length_spread * normal_at(room.draws[0]))
        usual = np.rint(free.usual_min[best] * spread / BLOCK_MIN)
        minutes = min(int(BLOCK_MIN * usual), until_next)
    block = end - start
    lasts = min(max(minutes, free.shortest_min), block)
    return best, start + (block if block - minutes < free.useless_min else lasts)


def _due_outings(start: int, wishes: WishArrays, row: int, free: FreeTimeTable, due: Int) -> int:
    """Fill how long outings take whose time has come; return the minutes until the next."""
    early, until_next = free.wish_early_min, DAY_MIN
    due[:] = -1
    for slot in range(wishes.size[row]):
        begin = wishes.from_min[row, slot]
        if begin - early <= start <= wishes.until_min[row, slot] + early:
            column = free.column_of[wishes.purpose[row, slot]]
            if column >= 0:
                due[column] = wishes.minutes[row, slot]
        if begin > start + early:
            until_next = min(until_next, begin - start)
    return max(until_next, BLOCK_MIN)


def _fill_times(  # noqa: PLR0917 - compiled loops take no keywords
    suits: Bool,
    begins: Bool,
    is_said: bool,  # noqa: FBT001 - likewise
    wished: Int,
    draws: Float,
    free: FreeTimeTable,
    liked: Float,
    time: Float,
) -> None:
    """Fill when each purpose comes to mind (see `_coming_to_mind` of the columns)."""
    is_any, takes_all, at_home = False, free.candidates >= len(time), free.at_home
    for column in range(len(time)):
        time[column] = np.inf
        if suits[column] and begins[column]:
            is_any, time[column] = True, 0.0
            if not takes_all:
                weight = liked[column] + free.least_weight
                if is_said and (at_home[column] or wished[column] >= 0):
                    weight = free.certain_weight
                time[column] = math.log(1.0 - draws[1 + 2 * column]) / -weight
    if not is_any:
        time[free.rest] = 0.0


def _best(
    outing_cost: float,
    is_said: bool,  # noqa: FBT001 - compiled loops take no keywords
    free: FreeTimeTable,
    room: Scratch,
) -> int:
    """Return what has the highest value of what comes to mind."""
    liked, relief, draws, time, wished = room
    at_home, gains = free.at_home, free.wished
    best, highest = -1, -np.inf
    for column in range(len(time)):
        if not _comes_to_mind(column, free.candidates, time):
            continue
        value = liked[column] - (0.0 if at_home[column] else outing_cost)
        value += relief[column] * free.relief_weight
        if is_said:
            value += gains[1 if wished[column] >= 0 else 0, column]
        value += gumbel_at(draws[2 + 2 * column]) * free.whim
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


def fulfil_wish(wishes: WishArrays, row: int, purpose: int) -> None:
    """Take all outings for a purpose off the wishes of a row (see `WishColumns.fulfil`)."""
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
