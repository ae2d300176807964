"""Days of many persons while they are planned: what is settled, and the pieces that are free."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.narrow import positions_of
from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.mobility.fitting_loops import BEFORE as _BEFORE
from mesa_llm_city.mobility.fitting_loops import BITS as _BITS
from mesa_llm_city.mobility.fitting_loops import Space, fit_days, fit_parts_of_days
from mesa_llm_city.mobility.free_pieces import (
    MOST_PIECES,
    Found,
    Minutes,
    closest,
    closest_of_one,
)
from mesa_llm_city.mobility.schedule import BLOCK_MIN, round_to_block

__all__ = ["AT_HOME", "AT_WORK", "SOMEWHERE", "OpenDays", "Settled", "block_code", "to_blocks"]

SOMEWHERE, AT_HOME, AT_WORK = range(3)
"""Where a block takes place: to be chosen, in the residence, at the place of work or school."""

_Keys = NDArray[np.int64]
_Column: TypeAlias = NDArray[Any] | np.int32

# A settled block is one number (begin, end and code), so that sorting orders blocks by time.
_MASK = 2**_BITS - 1
_NONE = np.int64(2**62)
_FIRST_PIECES, _FIRST_BLOCKS = 8, 16
_FEW_ROWS = 8  # fewer are faster one by one; the result is the same


def to_blocks(minutes: NDArray[np.floating[Any]] | NDArray[np.integer[Any]]) -> Minutes:
    """Round to whole blocks of five minutes, as `round_to_block` does.

    Examples
    --------
    >>> to_blocks(np.array([62.6, 62.4]))
    array([65, 60], dtype=int32)
    """
    blocks = np.rint(minutes / BLOCK_MIN).astype(np.int32)
    blocks *= BLOCK_MIN
    return blocks


def block_code(purpose: Int | int, place: Int | int = SOMEWHERE, *, fixed: bool = False) -> Int:
    """Return what a block is as one number (see `Settled`).

    Parameters
    ----------
    purpose : int or ndarray of int
        Position in the purposes of the parameters.
    place : int or ndarray of int
        `SOMEWHERE`, `AT_HOME` or `AT_WORK`.
    fixed : bool
        Whether its end is binding.
    """
    code: Int = np.asarray(purpose, dtype=np.int64) * 8 + np.asarray(place) * 2 + fixed
    return code


class _When(NamedTuple):
    """When something should begin, its earliest begin and its latest end."""

    near_min: Minutes | np.int32
    low_min: Minutes | np.int32
    high_min: Minutes | np.int32

    def of(self, rows: Int) -> _When:
        """Return those of some rows; one value holds for all."""
        return _When(*(_of(one, rows) for one in self))


class Settled(NamedTuple):
    """Blocks that are settled; arrays of any one shape.

    Attributes
    ----------
    start, end : ndarray of int64
        Begin and end, in minutes from midnight of the day.
    code : ndarray of int64
        What for and where (see `block_code`).
    """

    start: Int
    end: Int
    code: Int

    @property
    def purpose(self) -> Int:
        """What for."""
        return self.code >> 3

    @property
    def place(self) -> Int:
        """Where: `SOMEWHERE`, `AT_HOME` or `AT_WORK`."""
        return self.code >> 1 & 3

    @property
    def is_fixed(self) -> Bool:
        """Whether the end is binding."""
        is_fixed: Bool = self.code & 1 == 1
        return is_fixed


class OpenDays:
    """Days of m persons while they are planned.

    Minutes count from midnight of the day. Each operation takes the rows that it is for,
    which lie in any order and occur once; all its other arguments have one value for each of
    these rows, or one for all.

    Parameters
    ----------
    start, end : ndarray of int32, shape (m,)
        From when to when the days last; all of it is free.

    Attributes
    ----------
    start, end : ndarray of int32, shape (m,)
        The bounds.
    """

    __slots__ = ("_blocks", "_free_end", "_free_start", "_keys", "_most", "_pieces", "end", "start")

    def __init__(self, start: Minutes, end: Minutes) -> None:
        count = len(start)
        self.start, self.end = start, end
        # The first axis is that of pieces and blocks, so that each of them is a row in memory.
        self._free_start = np.zeros((_FIRST_PIECES, count), dtype=np.int32)
        self._free_end = np.zeros((_FIRST_PIECES, count), dtype=np.int32)
        self._free_start[0], self._free_end[0] = start, end
        self._pieces = np.ones(count, dtype=np.int32)
        self._keys = np.full((_FIRST_BLOCKS, count), _NONE)
        self._blocks = np.zeros(count, dtype=np.int32)
        self._most = 1

    def __len__(self) -> int:
        """Return the number of days."""
        return len(self.start)

    def settle(self, rows: Int, start: Minutes, end: Minutes, code: Int) -> None:
        """Put blocks where they begin, each into the piece of free time that it begins in.

        They end with that piece at the latest, and are left out if no piece is there.
        """
        if len(rows) <= _FEW_ROWS:
            self._settle_few(rows, start, end, code)
            return
        low, high = self._pieces_in(rows)
        inside = (low <= start) & (start < high)
        number = np.arange(len(low), dtype=np.int32)[:, np.newaxis]
        piece = np.where(inside, number, np.int32(len(low))).min(axis=0)
        found = piece < len(low)
        piece[~found] = 0
        end = np.minimum(end, high.ravel().take(piece * len(rows) + np.arange(len(rows))))
        where = Found(found, piece, np.broadcast_to(start, found.shape))
        self._take(rows, where, np.broadcast_to(end, found.shape), code)

    def _settle_few(self, rows: Int, start: Minutes, end: Minutes, code: Int) -> None:
        for at, row in enumerate(rows.tolist()):
            begin, until = _item(start, at), _item(end, at)
            for piece, (low, high) in enumerate(self._pieces_of(row)):
                if low <= begin < high:
                    self._take_one(row, piece, (begin, min(until, high)), _item(code, at))
                    break

    def fit(
        self,
        rows: Int,
        code: Int | None,
        *,
        minutes: Minutes,
        near_min: Minutes | np.int32,
        low_min: Minutes | np.int32,
        high_min: Minutes | np.int32,
        shorten: bool = True,
    ) -> tuple[Minutes, Minutes]:
        """Fit blocks into free time where they begin closest to the time wished for.

        Parameters
        ----------
        rows : ndarray of int64, shape (k,)
            The days.
        code : ndarray of int64, shape () or (k,), or None
            What to fit in; None keeps the time free of all that is fitted in later.
        minutes : ndarray of int32, shape (k,)
            How long it takes.
        near_min : ndarray of int32, shape () or (k,)
            When it should begin.
        low_min, high_min : ndarray of int32, shape () or (k,)
            Earliest begin and latest end.
        shorten : bool, default True
            Whether half of its length is tried if it fits nowhere; then it is left out.

        Returns
        -------
        tuple of ndarray of int32, shape (k,)
            When each begins, and how long it takes; 0 for what is left out.
        """
        when = _When(near_min, low_min, high_min)
        loop: Callable[..., Any] | None = compiled(fit_days)
        if loop is not None:
            begins, lasts = (np.zeros(len(rows), dtype=np.int32) for _ in range(2))
            asked = (minutes, *when, -1 if code is None else code)
            given = [_each(one, len(rows)) for one in asked]
            self._loop(rows, lambda at: loop(rows, *given, shorten, self._free, begins, lasts, at))
            return begins, lasts
        begins, lasts = self._try(rows, code, minutes, when)
        left = positions_of(lasts == 0)
        if shorten and len(left):
            half = to_blocks(minutes[left] / 2.0)
            kept = code if code is None else _of(code, left)
            begins[left], lasts[left] = self._try(rows[left], kept, half, when.of(left))
        return begins, lasts

    def fit_parts(
        self,
        rows: Int,
        code: Int,
        *,
        minutes: Minutes,
        longest_min: Minutes,
        near_min: Minutes,
        low_min: Minutes,
        high_min: Minutes,
    ) -> None:
        """Fit blocks into free time in as many parts as it takes.

        Parameters
        ----------
        rows, code, low_min, high_min
            As in `fit`.
        minutes : ndarray of int32, shape (k,)
            How long it takes in all; what fits nowhere is left out.
        longest_min : ndarray of int32, shape (k,)
            Longest part.
        near_min : ndarray of int32, shape (n, k)
            When the parts should begin, in turn; the last holds for all further parts.
        """
        loop: Callable[..., Any] | None = compiled(fit_parts_of_days)
        if loop is not None:
            whole, most = (one.astype(np.int64) for one in (minutes, longest_min))
            wanted, done = near_min.astype(np.int64, order="C"), np.zeros(len(rows), dtype=np.int64)
            given = [_each(one, len(rows)) for one in (low_min, high_min, code)]
            self._loop(
                rows, lambda at: loop(rows, wanted, *given, self._free, whole, most, done, at)
            )
            return
        left, longest = minutes.copy(), longest_min.copy()
        part = np.zeros(len(rows), dtype=np.int64)
        while len(on := positions_of((left >= BLOCK_MIN) & (longest >= BLOCK_MIN))):
            if len(on) <= _FEW_ROWS:
                kept, within = _of(code, on), (_of(low_min, on), _of(high_min, on))
                still = left[on], longest[on], part[on]
                self._parts_few(rows[on], kept, still, near_min[:, on], within)
                return
            length = np.minimum(left[on], longest[on])
            near = near_min[np.minimum(part[on], len(near_min) - 1), on]
            when = _When(near, _of(low_min, on), _of(high_min, on))
            _, lasts = self._try(rows[on], code, length, when)
            left[on] -= lasts
            is_done = lasts > 0
            part[on] += is_done
            missed = positions_of(~is_done)
            longest[on[missed]] = to_blocks(length[missed] / 2.0)

    def _parts_few(
        self,
        rows: Int,
        code: Int,
        lasts: tuple[Minutes, Minutes, Int],
        near_min: Minutes,
        within: tuple[Minutes, Minutes],
    ) -> None:
        """Fit parts one by one, with the same result, which is faster for few rows.

        It is told how many minutes are left, the longest part, and how many parts are done.
        """
        for at, row in enumerate(rows.tolist()):
            left, longest, part = (int(one[at]) for one in lasts)
            nears = near_min[:, at].tolist()
            low, high = (_item(one, at) for one in within)
            while left >= BLOCK_MIN and longest >= BLOCK_MIN:
                length, near = min(left, longest), nears[min(part, len(nears) - 1)]
                found = closest_of_one(
                    self._pieces_of(row), length, near_min=near, low_min=low, high_min=high
                )
                if found is None:
                    longest = round_to_block(length / 2)
                    continue
                piece, begin = found
                self._take_one(row, piece, (begin, begin + length), _item(code, at))
                left, part = left - length, part + 1

    def interrupt(
        self,
        rows: Int,
        *,
        start_min: Minutes,
        minutes: Minutes,
        among: Bool,
        before_min: int,
        after_min: int,
        code: Int,
        stays: Bool,
    ) -> Bool:
        """Interrupt a settled block by another one.

        Parameters
        ----------
        rows : ndarray of int64, shape (k,)
            The days.
        start_min, minutes : ndarray of int32, shape (k,)
            When the interruption begins, and how long it takes.
        among : ndarray of bool
            By purpose, whether it may be interrupted.
        before_min, after_min : int
            How long the block goes on at least before and after.
        code : ndarray of int64, shape () or (k,)
            What it is interrupted for, without a place.
        stays : ndarray of bool, shape (purposes, k)
            Whether the interruption is spent where the block is, by its purpose.

        Returns
        -------
        ndarray of bool, shape (k,)
            Whether there was a block to interrupt.
        """
        keys = self._keys[: int(self._blocks.max(initial=0))].take(rows, axis=1)
        one = _opened(keys)
        fits = (one.start + before_min <= start_min) & (start_min + minutes + after_min <= one.end)
        fits &= (keys != _NONE) & among[np.minimum(one.purpose, len(among) - 1)]
        found = np.asarray(fits.any(axis=0))
        at = positions_of(found)
        if not len(at):
            return found
        block = fits[:, at].argmax(axis=0)
        old = _opened(keys[block, at])
        rows, begin, stop = rows[at], start_min[at], start_min[at] + minutes[at]
        first = _closed(old.start, begin, old.code)
        self._keys[block, rows] = np.where(begin > old.start, first, _NONE)
        place = np.where(stays[old.purpose, at], old.place, SOMEWHERE)
        self._record(rows, begin, stop, _of(code, at) + 2 * place)
        goes_on = stop < old.end
        self._record(rows[goes_on], stop[goes_on], old.end[goes_on], old.code[goes_on])
        return found

    def move(
        self,
        rows: Int,
        block: Int,
        *,
        near_min: Minutes,
        low_min: Minutes,
        high_min: Minutes,
    ) -> None:
        """Move settled blocks closer to a time, with their lengths, where they fit.

        Parameters
        ----------
        rows : ndarray of int64, shape (k,)
            The days.
        block : ndarray of int64, shape (k,)
            Rows of `settled`.
        near_min, low_min, high_min : ndarray of int32, shape (k,)
            When each should begin, its earliest begin and its latest end.
        """
        old = _opened(self._keys[block, rows])
        start, end = self._emptied(rows, old)
        lasts = (old.end - old.start).astype(np.int32)
        found = closest(start, end, lasts, near_min=near_min, low_min=low_min, high_min=high_min)
        at = positions_of(found.is_found)
        rows, begin, stop = rows[at], found.start_min[at], found.start_min[at] + lasts[at]
        # The time that was empty before is taken from again, now with what was moved.
        self._free_start[: len(start), rows] = start[:, at]
        self._free_end[: len(end), rows] = end[:, at]
        self._pieces[rows] = len(start)
        self._most = max(self._most, len(start))
        self._take(rows, _some(found, at), stop, None)
        self._keys[block[at], rows] = _closed(begin, stop, old.code[at])

    def _emptied(self, rows: Int, old: Settled) -> tuple[Minutes, Minutes]:
        """Return pieces of free time with a block made empty, and joined to what is beside it."""
        self._grow(self._most + 1)
        start, end = self._pieces_in(rows, more=1)
        is_free = start < end
        before, after = is_free & (end == old.start), is_free & (start == old.end)
        low = np.where(before, start, old.start).min(axis=0)
        high = np.where(after, end, old.end).max(axis=0)
        beside = before | after
        start[beside] = end[beside] = 0
        start[-1], end[-1] = low, high
        return start, end

    def keep_ways(self, way_min: Minutes | np.int32, work_way_min: Minutes) -> None:
        """Keep time free after all settled blocks away from home.

        Parameters
        ----------
        way_min, work_way_min : ndarray of int32, shape () or (m,)
            How long after blocks elsewhere, and after work or school.
        """
        start, end = self._free_start[: self._most], self._free_end[: self._most]
        for keys in self._keys[: int(self._blocks.max(initial=0))]:
            one = _opened(keys)
            way = np.where(one.place == AT_WORK, work_way_min, way_min)
            way = np.where((keys != _NONE) & (one.place != AT_HOME), way, 0).astype(np.int32)
            np.minimum(start + (start == one.end) * way, end, out=start)

    def settled(self) -> tuple[Settled, Bool]:
        """Return the settled blocks, shape (b, m), in no order, and which of them there are."""
        keys = self._keys[: int(self._blocks.max(initial=0))]
        return _opened(keys), keys != _NONE

    def in_order(self, rows: Int) -> tuple[Settled, Bool]:
        """Return the settled blocks of some days in order of time, and which of them there are.

        The arrays have the shape (k, b).
        """
        keys = self._keys[: int(self._blocks[rows].max(initial=0))].take(rows, axis=1).T.copy()
        keys.sort(axis=1)
        return _opened(keys), keys != _NONE

    def with_more_than(self, blocks: int) -> Int:
        """Return the rows of days with more than some settled blocks."""
        return positions_of(self._blocks > blocks)

    def give_up_shortest(self, rows: Int) -> None:
        """Give up the shortest settled block of each day that is not fixed, if there is any."""
        keys = self._keys[: int(self._blocks[rows].max(initial=0)), rows]
        if not keys.size:
            return
        one = _opened(keys)
        can_go = (keys != _NONE) & ~one.is_fixed
        # Of two as short the earlier one.
        rank = np.where(can_go, (one.end - one.start << _BITS) + one.start + _BEFORE, _NONE)
        block = rank.argmin(axis=0)
        at = positions_of(can_go.any(axis=0))
        self._keys[block[at], rows[at]] = _NONE

    @property
    def _free(self) -> Space:
        """What compiled loops change."""
        return Space(self._free_start, self._free_end, self._pieces, self._keys, self._blocks)

    def _loop(self, rows: Int, run: Callable[[int], int]) -> None:
        """Run a compiled loop over some rows, with more room as often as it asks for it."""
        at = 0
        while (at := run(at)) < len(rows):
            row = rows[at]
            self._grow(int(self._pieces[row]) + 1)
            self._grow_blocks(int(self._blocks[row]) + 1)
        self._most = max(self._most, min(int(self._pieces.max()) + 1, len(self._free_start)))

    def _try(
        self, rows: Int, code: Int | None, minutes: Minutes, when: _When
    ) -> tuple[Minutes, Minutes]:
        """Fit blocks of one length each; return begin and length, 0 where they do not fit."""
        if len(rows) <= _FEW_ROWS:
            return self._try_few(rows, code, minutes, when)
        found = closest(
            *self._pieces_in(rows),
            minutes,
            near_min=when.near_min,
            low_min=when.low_min,
            high_min=when.high_min,
        )
        fits = found.is_found & (minutes >= BLOCK_MIN)
        found = found._replace(is_found=fits)
        self._take(rows, found, found.start_min + minutes, code)
        return np.where(fits, found.start_min, 0), np.where(fits, minutes, 0)

    def _try_few(
        self, rows: Int, code: Int | None, minutes: Minutes, when: _When
    ) -> tuple[Minutes, Minutes]:
        """Fit blocks one by one, with the same result, which is faster for few rows."""
        lasts, begins = np.zeros_like(minutes), np.zeros_like(minutes)
        for at, (row, lasting) in enumerate(zip(rows.tolist(), minutes.tolist(), strict=True)):
            pieces = self._pieces_of(row)
            near, low, high = (_item(one, at) for one in when)
            found = (
                closest_of_one(pieces, lasting, near_min=near, low_min=low, high_min=high)
                if lasting >= BLOCK_MIN
                else None
            )
            if found is not None:
                piece, begins[at] = found
                lasts[at] = lasting
                kept = None if code is None else _item(code, at)
                self._take_one(row, piece, (found[1], found[1] + lasting), kept)
        return begins, lasts

    def _pieces_in(self, rows: Int, *, more: int = 0) -> tuple[Minutes, Minutes]:
        """Return begin and end of the pieces of free time of some days, and of `more` pieces."""
        count = self._most + more
        low = self._free_start[:count].take(rows, axis=1)
        return low, self._free_end[:count].take(rows, axis=1)

    def _pieces_of(self, row: int) -> list[tuple[int, int]]:
        """Return begin and end of the pieces of free time of one day."""
        start = self._free_start[: self._most, row].tolist()
        return list(zip(start, self._free_end[: self._most, row].tolist(), strict=True))

    def _take_one(self, row: int, piece: int, taken: tuple[int, int], code: int | None) -> None:
        """Take time off a piece of free time of one day (see `_take`)."""
        (begin, stop), other = taken, piece
        low, high = int(self._free_start[piece, row]), int(self._free_end[piece, row])
        self._grow(self._most + 1)
        self._free_end[piece, row] = begin
        if begin > low:
            other = int(self._pieces[row])
            self._pieces[row] += stop < high
        self._free_start[other, row], self._free_end[other, row] = stop, high
        self._most = max(self._most, other + 1)
        if code is not None:
            block = int(self._blocks[row])
            self._grow_blocks(block + 1)
            self._keys[block, row] = (begin + _BEFORE << _BITS | stop + _BEFORE) << _BITS | code
            self._blocks[row] = block + 1

    def _take(self, rows: Int, found: Found, stop: Minutes, code: Int | None) -> None:
        """Take time off the pieces in which it was found, and settle a block there."""
        if not found.is_found.any():
            return
        if not found.is_found.all():
            at = positions_of(found.is_found)
            rows, stop, found = rows[at], stop[at], _some(found, at)
            code = code if code is None else _of(code, at)
        self._grow(self._most + 1)
        piece, begin, pieces = found.piece, found.start_min, self._pieces.take(rows)
        # Pieces of all days as one column, which is read and written faster.
        starts, ends, days = self._free_start.ravel(), self._free_end.ravel(), len(self)
        at = piece * np.int64(days) + rows
        low, high = starts.take(at), ends.take(at)
        ends[at] = begin
        is_left = begin > low
        # What is left after it takes the place of the piece if nothing is left before it.
        other = np.where(is_left, pieces, piece)
        at = other * np.int64(days) + rows
        starts[at], ends[at] = stop, high
        self._pieces[rows] = pieces + (is_left & (stop < high))
        self._most = max(self._most, int(other.max()) + 1)
        if code is not None:
            self._record(rows, begin, stop, code)

    def _record(self, rows: Int, start: Minutes | Int, end: Minutes | Int, code: Int) -> None:
        if not len(rows):
            return
        block = self._blocks[rows]
        self._grow_blocks(int(block.max()) + 1)
        self._keys.ravel()[block * np.int64(len(self)) + rows] = _closed(start, end, code)
        self._blocks[rows] = block + 1

    def _grow_blocks(self, blocks: int) -> None:
        if blocks > len(self._keys):
            more = np.full((len(self._keys), len(self)), _NONE)
            self._keys = np.concatenate([self._keys, more])

    def _grow(self, pieces: int) -> None:
        if pieces > MOST_PIECES:
            message = (
                f"a day has more than {MOST_PIECES} pieces of free time; plan fewer and longer "
                "activities (mobility.planner.chores.longest_part_min)"
            )
            raise ConfigError(message)
        if pieces > len(self._free_start):
            more = np.zeros((len(self._free_start), len(self)), dtype=np.int32)
            self._free_start = np.concatenate([self._free_start, more])
            self._free_end = np.concatenate([self._free_end, more])


def _of(given: _Column, rows: Int) -> Any:  # noqa: ANN401 - of the type of what is given
    """Return the values of some rows; one value holds for all."""
    return given[rows] if isinstance(given, np.ndarray) and given.ndim else given


def _each(given: _Column | Int | int, count: int) -> Int:
    """Return one whole number of 64 bits for each row."""
    return np.ascontiguousarray(np.broadcast_to(given, count), dtype=np.int64)


def _item(given: _Column, at: int) -> int:
    """Return one of some values; one value holds for all."""
    return int(given[at] if isinstance(given, np.ndarray) and given.ndim else given)


def _some(found: Found, rows: Int) -> Found:
    return Found(found.is_found[rows], found.piece[rows], found.start_min[rows])


def _closed(start: Minutes | Int, end: Minutes | Int, code: Int) -> _Keys:
    """Return blocks as one number each."""
    begin, stop = (np.asarray(one, dtype=np.int64) + _BEFORE for one in (start, end))
    return begin << 2 * _BITS | stop << _BITS | code


def _opened(keys: _Keys) -> Settled:
    start = (keys >> 2 * _BITS) - _BEFORE
    return Settled(start, (keys >> _BITS & _MASK) - _BEFORE, keys & _MASK)
