"""The plans of a crowd: blocks ahead of each row, changed at their front."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.values import Bool, Int, Whole
from mesa_llm_city.crowd.blocks import FREE, NOWHERE, Blocks
from mesa_llm_city.crowd.plan_loops import SLACK, Columns, find_next, take_blocks
from mesa_llm_city.mobility import BLOCK_MIN

if TYPE_CHECKING:
    from mesa_llm_city.mobility.plan_blocks import PlanBlocks

__all__ = ["PlanStore"]

_LATEST = np.iinfo(np.int16).max


class PlanStore:
    """Blocks ahead of n rows, as `Draft` keeps them for one person.

    Parameters
    ----------
    count : int
        Number of rows.
    width : int
        Blocks that a plan may have.

    Notes
    -----
    Minutes are kept from the begin of each plan, in 16 bits.
    """

    __slots__ = ("_base", "_end", "_fixed", "_head", "_place", "_purpose", "_start", "_tail")

    def __init__(self, count: int, width: int) -> None:
        shape = count, width + SLACK
        self._base = np.zeros(count, dtype=np.int32)
        self._start, self._end = np.zeros(shape, np.int16), np.zeros(shape, np.int16)
        self._purpose = np.full(shape, FREE, dtype=np.int8)
        self._place = np.full(shape, NOWHERE, dtype=np.int32)
        self._fixed = np.zeros(shape, dtype=np.bool_)
        self._head = np.zeros(count, dtype=np.int8)
        self._tail = np.zeros(count, dtype=np.int8)

    def replace(self, rows: Int, plans: PlanBlocks) -> None:
        """Replace the plans of some rows."""
        width = int(plans.size.max(initial=0))
        base = plans.start[:, 0]
        at, used = slice(SLACK, SLACK + width), slice(width)
        self._base[rows] = base
        start, end = plans.start[:, used] - base[:, None], plans.end[:, used] - base[:, None]
        inside = np.arange(width) < plans.size[:, None]
        if int(np.max(end, where=inside, initial=0)) > _LATEST:
            message = f"a plan of more than {_LATEST} minutes cannot be kept; plan single days"
            raise DataError(message)
        self._start[rows, at], self._end[rows, at] = start, end
        self._purpose[rows, at] = plans.purpose[:, used]
        self._place[rows, at], self._fixed[rows, at] = plans.place[:, used], plans.fixed[:, used]
        self._head[rows] = SLACK
        self._tail[rows] = SLACK + plans.size

    def exists(self, rows: Int) -> Bool:
        """Return whether the rows have a block ahead."""
        ahead: Bool = self._head[rows] < self._tail[rows]
        return ahead

    def front(self, rows: Int) -> Blocks:
        """Return the next block of each row; of no meaning where none exists."""
        at = np.minimum(self._head[rows], self._start.shape[1] - 1)
        base = self._base[rows].astype(np.int64)
        return Blocks(
            base + self._start[rows, at],
            base + self._end[rows, at],
            self._purpose[rows, at].astype(np.int64),
            self._place[rows, at].astype(np.int64),
            self._fixed[rows, at],
        )

    def ahead(self, row: int) -> Blocks:
        """Return all blocks ahead of one row, in order of time."""
        at = slice(int(self._head[row]), int(self._tail[row]))
        base = int(self._base[row])
        return Blocks(
            base + self._start[row, at].astype(np.int64),
            base + self._end[row, at].astype(np.int64),
            self._purpose[row, at].astype(np.int64),
            self._place[row, at].astype(np.int64),
            self._fixed[row, at].copy(),
        )

    def front_place(self, rows: Int) -> Int:
        """Return where the next block of each row is; `NOWHERE` without one."""
        at = np.minimum(self._head[rows], self._start.shape[1] - 1)
        place: Int = np.where(self.exists(rows), self._place[rows, at], NOWHERE)
        return place

    def push(self, rows: Int, blocks: Blocks) -> None:
        """Put a block in front of the plan of each row."""
        full = rows[self._head[rows] == 0]
        if len(full):
            self._make_room(full)
        empty = ~self.exists(rows)
        fresh = rows[empty]
        self._base[fresh] = blocks.start[empty]
        self._head[fresh] = self._tail[fresh] = SLACK
        at = self._head[rows] - 1
        base = self._base[rows]
        self._head[rows] = at
        self._start[rows, at], self._end[rows, at] = blocks.start - base, blocks.end - base
        self._purpose[rows, at], self._place[rows, at] = blocks.purpose, blocks.place
        self._fixed[rows, at] = blocks.fixed

    def move_front(self, rows: Int, place: Int) -> None:
        """Let the next block of each row be at another place."""
        self._place[rows, self._head[rows]] = place

    def put_back(self, rows: Int, blocks: Blocks, start: Int) -> None:
        """Put what remains of blocks from `start` on back to the front (`Draft.put_back`)."""
        left = blocks.end - start >= BLOCK_MIN
        rest = blocks.take(left)
        rest.start = start[left]
        self.push(rows[left], rest)

    def take(self, rows: Int, minute: Int) -> tuple[Blocks, Bool]:
        """Take the block of `minute` off each plan (`Draft.take`).

        Parameters
        ----------
        rows : ndarray of int64, shape (m,)
            Rows, each given once.
        minute : ndarray of int64, shape (m,)
            The minute of each.

        Returns
        -------
        Blocks, ndarray of bool
            The blocks, and whether there is one; else the plan has come to its end.
        """
        loop = compiled(take_blocks)
        if loop is not None:
            taken, was_there = Blocks.empty(len(rows)), np.zeros(len(rows), dtype=np.bool_)
            columns = taken.start, taken.end, taken.purpose, taken.place, taken.fixed
            loop(self.columns, rows, minute, *columns, was_there)
            return taken, was_there
        self._drop_passed(rows, minute)
        found = self.exists(rows)
        block = self.front(rows)
        later = found & (block.start > minute)
        block.end[later] = block.start[later]
        block.purpose[later], block.place[later], block.fixed[later] = FREE, NOWHERE, False
        now = found & ~later
        late = minute - block.start
        self._head[rows[now]] += 1
        is_late = now & (late > 0)
        if is_late.any():
            part = block.take(is_late)
            self.prolong(rows[is_late], part, late[is_late])
            block.put(is_late, part)
        block.start[found] = minute[found]
        return block, found

    def prolong(self, rows: Int, blocks: Blocks, late: Int) -> None:
        """Let blocks end later, as far as free time follows (`Draft.prolong`); in place."""
        follows = self.front(rows)
        may = self.exists(rows) & (follows.purpose == FREE)
        may &= ~blocks.fixed & (blocks.purpose != FREE)
        by = np.where(may, np.minimum(late, follows.minutes), 0)
        at = np.minimum(self._head[rows], self._start.shape[1] - 1)
        self._start[rows, at] += by.astype(np.int16)
        used_up = may & (by == follows.minutes)
        self._head[rows[used_up]] += 1
        blocks.end += by

    def give_up(self, rows: Int, purpose: Int, before: Int) -> Int:
        """Free the next block for a purpose before a minute, and return its length; else 0."""
        ahead, start, kinds = self._ahead(rows)
        fits = ahead & (kinds == purpose[:, None]) & (start < before[:, None])
        fits &= ~self._fixed[rows]
        found = fits.any(axis=1)
        here, at = rows[found], fits[found].argmax(axis=1)
        minutes = np.zeros(len(rows), dtype=np.int64)
        minutes[found] = self._end[here, at].astype(np.int64) - self._start[here, at]
        self._purpose[here, at], self._place[here, at] = FREE, NOWHERE
        return minutes

    def next_start(self, rows: Int, purpose: Int | int, otherwise: int) -> Int:
        """Return when the next block for a purpose begins in each row, or `otherwise`."""
        loop = compiled(find_next)
        if loop is not None:
            wanted, none = _each(purpose, len(rows)), _each(otherwise, len(rows))
            found = np.empty(len(rows), dtype=np.int64)
            loop(self.columns, rows, wanted, False, none, found)  # noqa: FBT003 - as it is written
            return found
        ahead, start, kinds = self._ahead(rows)
        ahead &= kinds == np.asarray(purpose).reshape(-1, 1)
        soonest = np.min(start, axis=1, where=ahead, initial=np.iinfo(np.int64).max)
        return np.where(ahead.any(axis=1), soonest, otherwise)

    def next_fixed(self, rows: Int, otherwise: Int) -> Int:
        """Return when the next night or duty begins in each row, or `otherwise`."""
        loop = compiled(find_next)
        if loop is not None:
            found = np.empty(len(rows), dtype=np.int64)
            loop(self.columns, rows, rows, True, otherwise, found)  # noqa: FBT003 - likewise
            return found
        ahead, start, _ = self._ahead(rows)
        ahead &= self._fixed[rows]
        soonest = np.min(start, axis=1, where=ahead, initial=np.iinfo(np.int64).max)
        return np.where(ahead.any(axis=1), soonest, otherwise)

    def places_ahead(self, rows: Int) -> tuple[Whole, Bool]:
        """Return the places of all blocks of some rows, and which are ahead and have one."""
        position = np.arange(self._start.shape[1])
        ahead = (position >= self._head[rows, None]) & (position < self._tail[rows, None])
        places: Whole = self._place[rows]
        exists: Bool = ahead & (places != NOWHERE)
        return places, exists

    def has_fixed_at(self, rows: Int, place: Int) -> Bool:
        """Return whether a night or duty ahead, or another fixed block, is at a place."""
        places, ahead = self.places_ahead(rows)
        found: Bool = (ahead & self._fixed[rows] & (places == place[:, None])).any(axis=1)
        return found

    def full(self) -> DataError:
        """Return the error of a plan that has no room for another block."""
        width = self._start.shape[1]
        return DataError(f"a plan has more than {width - SLACK} blocks; make the store wider")

    @property
    def columns(self) -> Columns:
        """The columns, as compiled loops take them."""
        return Columns(
            self._base,
            self._start,
            self._end,
            self._purpose,
            self._place,
            self._fixed,
            self._head,
            self._tail,
        )

    def _ahead(self, rows: Int) -> tuple[Bool, Whole, Whole]:
        position = np.arange(self._start.shape[1])
        ahead = (position >= self._head[rows, None]) & (position < self._tail[rows, None])
        start = self._base[rows, None].astype(np.int64) + self._start[rows]
        return ahead, start, self._purpose[rows]

    def _drop_passed(self, rows: Int, minute: Int) -> None:
        left, at = rows, minute
        while len(left):
            block = self.front(left)
            over = self.exists(left) & (block.end - at < BLOCK_MIN)
            left, at = left[over], at[over]
            self._head[left] += 1

    def _make_room(self, rows: Int) -> None:
        width = self._start.shape[1]
        if int(self._tail[rows].max()) + SLACK > width:
            raise self.full()
        for name in ("_start", "_end", "_purpose", "_place", "_fixed"):
            column = getattr(self, name)
            column[rows, SLACK:] = column[rows, : width - SLACK]
        self._head[rows] += SLACK
        self._tail[rows] += SLACK


def _each(given: Int | int, count: int) -> Int:
    return np.ascontiguousarray(np.broadcast_to(given, count), dtype=np.int64)
