"""Plans of many days as columns, and the operations of `schedule` on all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Activity, Bool, Int, Purpose
from mesa_llm_city.mobility.free_pieces import Minutes, closest
from mesa_llm_city.mobility.open_days import to_blocks
from mesa_llm_city.mobility.purpose_codes import FREE, purpose_codes
from mesa_llm_city.mobility.schedule import BLOCK_MIN, Plan
from mesa_llm_city.parameters import CityParameters

__all__ = [
    "BLOCKS",
    "NO_PLACE",
    "UNUSED",
    "BlockColumns",
    "PlanBlocks",
    "fit",
    "fit_parts",
    "interrupt_duty",
    "merged",
    "overlay",
]

BLOCKS = 24
"""Blocks that a planned day has at most: see the notes of `PlanBlocks`."""

UNUSED = -2
"""Stands in place of a purpose where there is no block."""

NO_PLACE = -1
"""Stands for a place that is chosen when the block begins."""


class BlockColumns(NamedTuple):
    """One block for each of k rows; arrays of shape (k,).

    Attributes
    ----------
    start, end : ndarray of int32
        From and to, in minutes of the run.
    purpose : ndarray of int16
        Position in the purposes of the parameters, `FREE` for an empty block, `UNUSED` for none.
    place : ndarray of int32
        Id of the place, or `NO_PLACE`.
    fixed : ndarray of bool
        Whether the end is binding.
    """

    start: Minutes
    end: Minutes
    purpose: NDArray[np.int16]
    place: NDArray[np.int32]
    fixed: Bool

    def of(self, rows: Int) -> BlockColumns:
        """Return the blocks of some of the rows."""
        return BlockColumns(
            self.start[rows],
            self.end[rows],
            self.purpose[rows],
            self.place[rows],
            self.fixed[rows],
        )


_COLUMNS = BlockColumns._fields
_BLANK = {"start": 0, "end": 0, "purpose": UNUSED, "place": NO_PLACE, "fixed": False}


@dataclass(slots=True, kw_only=True, eq=False)
class PlanBlocks:
    """Blocks ahead of m persons, in order of time.

    Row i has `size[i]` blocks in the columns from `first[i]` on; all others are `UNUSED`. So the
    block that begins is taken off without moving the others.

    Parameters
    ----------
    start, end : ndarray of int32, shape (m, b)
        From and to, in minutes of the run.
    purpose : ndarray of int16, shape (m, b)
        Position in the purposes of the parameters, `FREE` or `UNUSED`.
    place : ndarray of int32, shape (m, b)
        Ids of places, or `NO_PLACE`.
    fixed : ndarray of bool, shape (m, b)
        Whether the end is binding.
    first, size : ndarray of int16, shape (m,)
        Column of the first block, and number of blocks.

    Notes
    -----
    `plan_days` returns as many columns as the fullest of its days needs, and never more than
    `BLOCKS`. A million days of default people, half of them by each table of time use, have
    12 blocks in the mean, and about 30 of them would have more than 24.
    """

    start: Minutes
    end: Minutes
    purpose: NDArray[np.int16]
    place: NDArray[np.int32]
    fixed: Bool
    first: NDArray[np.int16]
    size: NDArray[np.int16]

    @classmethod
    def empty(cls, count: int, most: int = BLOCKS) -> Self:
        """Return rows without blocks, and room for `most` each."""
        return cls(
            start=np.zeros((count, most), dtype=np.int32),
            end=np.zeros((count, most), dtype=np.int32),
            purpose=np.full((count, most), UNUSED, dtype=np.int16),
            place=np.full((count, most), NO_PLACE, dtype=np.int32),
            fixed=np.zeros((count, most), dtype=bool),
            first=np.zeros(count, dtype=np.int16),
            size=np.zeros(count, dtype=np.int16),
        )

    @classmethod
    def of(
        cls, plans: Sequence[Sequence[Activity]], parameters: CityParameters, most: int = BLOCKS
    ) -> Self:
        """Return plans as columns with room for `most` blocks each.

        Raises
        ------
        ConfigError
            If a plan has more.
        """
        codes, blocks = purpose_codes(parameters).of, cls.empty(len(plans), most)
        for row, plan in enumerate(plans):
            _check_room(len(plan), most)
            for column, one in enumerate(plan):
                blocks.start[row, column], blocks.end[row, column] = one.start_min, one.end_min
                blocks.purpose[row, column] = FREE if one.purpose is None else codes[one.purpose]
                blocks.place[row, column] = NO_PLACE if one.place is None else one.place
                blocks.fixed[row, column] = one.fixed
            blocks.size[row] = len(plan)
        return blocks

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.size)

    def plan(self, row: int, parameters: CityParameters) -> Plan:
        """Return the blocks of one row."""
        names = purpose_codes(parameters).names
        columns = slice(int(self.first[row]), int(self.first[row]) + int(self.size[row]))
        told = [getattr(self, name)[row, columns].tolist() for name in _COLUMNS]
        return tuple(
            Activity(
                purpose=None if code == FREE else names[code],
                start_min=start,
                end_min=end,
                place=None if place == NO_PLACE else place,
                fixed=fixed,
            )
            for start, end, code, place, fixed in zip(*told, strict=True)
        )

    def take(self, rows: Int) -> Self:
        """Return some of the rows."""
        columns = {one.name: getattr(self, one.name) for one in fields(self)}
        return type(self)(**{name: one.take(rows, axis=0) for name, one in columns.items()})

    def put(self, rows: Int, other: PlanBlocks) -> None:
        """Replace rows, none of them twice.

        Parameters
        ----------
        rows : ndarray of int64, shape (k,)
            Which.
        other : PlanBlocks
            Their new blocks. Further columns are left out if none of them is used.

        Raises
        ------
        ConfigError
            If there is no room for a row.
        """
        most = self.purpose.shape[1]
        if (needed := int((other.first + other.size).max(initial=0))) > most:
            other = other.take(np.arange(len(other)))
            _to_front(other)
            needed = int(other.size.max())
            _check_room(needed, most)
        for name in _COLUMNS:
            getattr(self, name)[rows, :needed] = getattr(other, name)[:, :needed]
        self.purpose[rows, needed:] = UNUSED
        self.first[rows], self.size[rows] = other.first, other.size

    def head(self, rows: Int) -> BlockColumns:
        """Return the first block of some rows, `UNUSED` where there is none."""
        column = np.minimum(self.first[rows], self.purpose.shape[1] - 1)
        found = BlockColumns(*(getattr(self, name)[rows, column] for name in _COLUMNS))
        return found._replace(purpose=np.where(self.size[rows] > 0, found.purpose, UNUSED))

    def pop_front(self, rows: Int) -> BlockColumns:
        """Take the first block off some rows, none of them twice, and return it (see `head`)."""
        found = self.head(rows)
        some = np.asarray(rows)[self.size[rows] > 0]
        self.purpose[some, self.first[some]] = UNUSED
        self.first[some] += 1
        self.size[some] -= 1
        return found

    def push_front(self, rows: Int, block: BlockColumns) -> None:
        """Put a block before those of some rows, none of them twice.

        Raises
        ------
        ConfigError
            If there is no room for it.
        """
        rows = np.asarray(rows)
        full = rows[self.first[rows] == 0]
        if len(full):
            _check_room(int(self.size[full].max()) + 1, self.purpose.shape[1])
            for name in _COLUMNS:
                column = getattr(self, name)
                column[full, 1:] = column[full, :-1]
            self.first[full] += 1
        self.first[rows] -= 1
        self.size[rows] += 1
        self.replace(rows, self.first[rows], block)

    def replace(self, rows: Int, column: NDArray[np.integer], block: BlockColumns) -> None:
        """Put blocks in place of those in a column of each of some rows."""
        for name in _COLUMNS:
            getattr(self, name)[rows, column] = getattr(block, name)

    def delete(self, rows: Int, column: Int) -> None:
        """Take the block in a column off each of some rows, none of them twice."""
        every = np.arange(self.purpose.shape[1])
        source = every + (every >= np.asarray(column)[:, np.newaxis])
        source = np.minimum(source, len(every) - 1)
        for name in _COLUMNS:
            given = getattr(self, name)
            given[rows] = np.take_along_axis(given[rows], source, axis=1)
        self.purpose[rows, -1] = UNUSED
        self.size[rows] -= 1


def fit(
    blocks: PlanBlocks,
    purpose: ArrayLike,
    *,
    minutes: ArrayLike,
    near_min: ArrayLike,
    low_min: ArrayLike,
    high_min: ArrayLike,
    place: ArrayLike = NO_PLACE,
    shorten: bool = True,
) -> tuple[PlanBlocks, Bool]:
    """Put activities into the empty blocks where they begin closest to the time wished for.

    Parameters
    ----------
    blocks : PlanBlocks
        The m plans.
    purpose, place : array_like of int, shape () or (m,)
        What to fit in, and where.
    minutes : array_like of int, shape () or (m,)
        How long it takes; 0 for nothing.
    near_min : array_like of int, shape () or (m,)
        When it should begin, in minutes of the run.
    low_min, high_min : array_like of int, shape () or (m,)
        Earliest begin and latest end, in minutes of the run.
    shorten : bool, default True
        Whether half of its length is tried if it fits nowhere; then it is left out.

    Returns
    -------
    PlanBlocks
        The plans with the blocks subdivided.
    ndarray of bool, shape (m,)
        Whether anything was fitted in.
    """
    wish = _Wish.of(len(blocks), purpose, place, near_min, low_min, high_min)
    lasts = np.broadcast_to(np.asarray(minutes, dtype=np.int32), len(blocks))
    blocks, found = _fit_once(blocks, wish, lasts)
    if not shorten or found.all():
        return blocks, found
    half = np.where(found, 0, to_blocks(lasts / 2.0))
    blocks, later = _fit_once(blocks, wish, half)
    return blocks, found | later


def fit_parts(
    blocks: PlanBlocks,
    purpose: ArrayLike,
    *,
    minutes: ArrayLike,
    longest_min: ArrayLike,
    near_min: Minutes,
    low_min: ArrayLike,
    high_min: ArrayLike,
    place: ArrayLike = NO_PLACE,
) -> PlanBlocks:
    """Put activities into empty blocks in as many parts as it takes.

    Parameters
    ----------
    blocks, purpose, low_min, high_min, place
        As in `fit`.
    minutes : array_like of int, shape () or (m,)
        How long it takes in all; what fits nowhere is left out.
    longest_min : array_like of int, shape () or (m,)
        Longest part.
    near_min : ndarray of int32, shape (m, n)
        When the parts should begin, in turn; the last holds for all further parts.
    """
    count = len(blocks)
    wish = _Wish.of(count, purpose, place, near_min[:, 0], low_min, high_min)
    left, longest = (
        np.broadcast_to(np.asarray(one, dtype=np.int32), count).copy()
        for one in (minutes, longest_min)
    )
    part, every = np.zeros(count, dtype=np.int64), np.arange(count)
    while (on := (left >= BLOCK_MIN) & (longest >= BLOCK_MIN)).any():
        near = near_min[every, np.minimum(part, near_min.shape[1] - 1)]
        length = np.where(on, np.minimum(left, longest), 0)
        blocks, found = _fit_once(blocks, wish._replace(near=near), length)
        left -= np.where(found, length, 0)
        part += found
        longest = np.where(on & ~found, to_blocks(length / 2.0), longest)
    return blocks


def overlay(blocks: PlanBlocks, block: BlockColumns) -> PlanBlocks:
    """Put a mandatory block into the empty block of each row in which it begins.

    It ends with that block at the latest, and is left out if no empty block is there, or if
    it is `UNUSED`.
    """
    start = block.start[:, np.newaxis]
    inside = (blocks.purpose == FREE) & (blocks.start <= start) & (start < blocks.end)
    inside &= (block.purpose != UNUSED)[:, np.newaxis]
    column = inside.argmax(axis=1)
    end = np.minimum(block.end, blocks.end[np.arange(len(blocks)), column])
    return _split(blocks, np.asarray(inside.any(axis=1)), column, block._replace(end=end))


def merged(blocks: PlanBlocks) -> PlanBlocks:
    """Join blocks for the same purpose at the same place that follow one another.

    Duties and nights, which are fixed, and what is done at a place yet to be chosen stay apart.
    """
    blocks = blocks.take(np.arange(len(blocks)))
    _to_front(blocks)
    purpose, place, fixed = blocks.purpose, blocks.place, blocks.fixed
    is_more = purpose[:, 1:] == purpose[:, :-1]
    is_same = (place[:, 1:] == place[:, :-1]) & (place[:, 1:] != NO_PLACE)
    is_same &= ~fixed[:, 1:] & ~fixed[:, :-1]
    is_more &= (purpose[:, 1:] == FREE) | ((purpose[:, 1:] >= 0) & is_same)
    # Each block ends with the last of those that go on with it.
    for column in range(is_more.shape[1] - 1, -1, -1):
        blocks.end[:, column] = np.where(
            is_more[:, column], blocks.end[:, column + 1], blocks.end[:, column]
        )
    blocks.purpose[:, 1:][is_more] = UNUSED
    order = np.argsort(blocks.purpose == UNUSED, axis=1, kind="stable")
    for name in _COLUMNS:
        setattr(blocks, name, np.take_along_axis(getattr(blocks, name), order, axis=1))
    blocks.size = (blocks.purpose != UNUSED).sum(axis=1).astype(np.int16)
    return blocks


def interrupt_duty(
    blocks: PlanBlocks,
    *,
    start_min: Minutes,
    minutes: Minutes,
    out: Bool,
    parameters: CityParameters,
) -> tuple[PlanBlocks, Bool]:
    """Interrupt work or school for a meal, if it goes on long enough before and after.

    Parameters
    ----------
    blocks : PlanBlocks
        The m plans.
    start_min, minutes : ndarray of int32, shape (m,)
        When the meal begins, in minutes of the run, and how long it takes; 0 for none.
    out : ndarray of bool, shape (m,)
        Whether it is eaten elsewhere; pupils eat where they are.
    parameters : CityParameters
        Reads `mobility.planner.hours` and which purposes are duties.

    Returns
    -------
    PlanBlocks
        The plans with the blocks subdivided.
    ndarray of bool, shape (m,)
        Whether there was a block to interrupt.
    """
    hours, codes = parameters.mobility.planner.hours, purpose_codes(parameters)
    start, end = start_min[:, np.newaxis], (start_min + minutes)[:, np.newaxis]
    is_duty = (blocks.purpose >= 0) & codes.is_duty[np.maximum(blocks.purpose, 0)]
    is_duty &= blocks.start + hours.duty_before_break_min <= start
    is_duty &= end + hours.duty_after_break_min <= blocks.end
    is_duty &= (minutes > 0)[:, np.newaxis]
    column, every = is_duty.argmax(axis=1), np.arange(len(blocks))
    goes_out = out & (blocks.purpose[every, column] == codes.of[Purpose.WORK])
    meal = BlockColumns(
        start_min,
        start_min + minutes,
        np.full(len(blocks), codes.of[Purpose.MEAL], dtype=np.int16),
        np.where(goes_out, NO_PLACE, blocks.place[every, column]),
        np.zeros(len(blocks), dtype=bool),
    )
    found = np.asarray(is_duty.any(axis=1))
    return _split(blocks, found, column, meal), found


class _Wish(NamedTuple):
    """What to fit in, and when; arrays of shape (m,)."""

    purpose: NDArray[np.int16]
    place: NDArray[np.int32]
    near: Minutes
    low: Minutes
    high: Minutes

    @classmethod
    def of(cls, count: int, *given: ArrayLike) -> _Wish:
        """Return the values for each of some rows."""
        purpose, *others = (
            np.broadcast_to(np.asarray(one, dtype=np.int32), count) for one in given
        )
        return cls(purpose.astype(np.int16), *others)


def _fit_once(blocks: PlanBlocks, wish: _Wish, minutes: Minutes) -> tuple[PlanBlocks, Bool]:
    """Fit in activities of one length each, which is 0 for nothing."""
    is_free = blocks.purpose == FREE
    # Minutes of a long run are many, and distances from a wish few.
    base = wish.near[:, np.newaxis]
    start = np.where(is_free, blocks.start - base, 0).T
    end = np.where(is_free, blocks.end - base, 0).T
    zero = np.zeros_like(wish.near)
    found = closest(
        start,
        end,
        minutes,
        near_min=zero,
        low_min=wish.low - wish.near,
        high_min=wish.high - wish.near,
    )
    fits = found.is_found & (minutes >= BLOCK_MIN)
    begin = found.start_min + wish.near
    block = BlockColumns(
        begin, begin + minutes, wish.purpose, wish.place, np.zeros(len(blocks), dtype=bool)
    )
    return _split(blocks, fits, np.where(fits, found.piece, 0), block), fits


def _split(blocks: PlanBlocks, where: Bool, column: Int, block: BlockColumns) -> PlanBlocks:
    """Subdivide the block in a column of some rows around one that lies within it."""
    new = blocks.take(np.arange(len(blocks)))
    rows = np.flatnonzero(where)
    if not len(rows):
        return new
    column, block = np.asarray(column)[rows], block.of(rows)
    before = (new.start[rows, column] < block.start).astype(np.int64)
    after = (block.end < new.end[rows, column]).astype(np.int64)
    first, most = new.first[rows].astype(np.int64), new.purpose.shape[1]
    _check_room(int((new.size[rows] + before + after).max()), most)
    # All blocks move to the front; from the subdivided one on they move back again.
    at = column - first
    every = np.arange(most)[np.newaxis]
    back = (every > at[:, np.newaxis]) * before[:, np.newaxis]
    back = back + (every > (at + before)[:, np.newaxis]) * after[:, np.newaxis]
    source = first[:, np.newaxis] + every - back
    end = (first + new.size[rows])[:, np.newaxis]
    is_used = source < end
    source = np.minimum(source, most - 1)
    for name in _COLUMNS:
        given = getattr(new, name)
        moved = np.take_along_axis(given[rows], source, axis=1)
        given[rows] = np.where(is_used, moved, _BLANK[name])
    middle = at + before
    some = np.flatnonzero(before)
    new.end[rows[some], at[some]] = block.start[some]
    some = np.flatnonzero(after)
    new.start[rows[some], middle[some] + 1] = block.end[some]
    new.replace(rows, middle, block)
    new.first[rows] = 0
    new.size[rows] += (before + after).astype(np.int16)
    return new


def _to_front(blocks: PlanBlocks) -> None:
    """Let the blocks of all rows begin in the first column, in place."""
    if not blocks.first.any():
        return
    every = np.arange(blocks.purpose.shape[1])
    source = np.minimum(every + blocks.first[:, np.newaxis], len(every) - 1)
    is_used = every < blocks.size[:, np.newaxis]
    for name in _COLUMNS:
        moved = np.take_along_axis(getattr(blocks, name), source, axis=1)
        setattr(blocks, name, np.where(is_used, moved, _BLANK[name]).astype(moved.dtype))
    blocks.first = np.zeros_like(blocks.first)


def _check_room(needed: int, most: int) -> None:
    if needed > most:
        message = (
            f"a plan has {needed} blocks, and there is room for {most}; make plans with more "
            "room (PlanBlocks.empty) or plan fewer and longer activities"
        )
        raise ConfigError(message)
