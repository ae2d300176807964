"""The plans of a crowd: blocks ahead of each row, changed at their front."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.narrow import positions_of
from mesa_llm_city.core.values import Bool, Int, Whole
from mesa_llm_city.crowd.blocks import FREE, NOWHERE, Blocks
from mesa_llm_city.crowd.plan_loops import (
    LATEST,
    fill_front_places,
    find_next,
    give_up_blocks,
    push_blocks,
    put_plans,
    take_blocks,
)
from mesa_llm_city.crowd.plan_row_loops import (
    AT_HOME,
    AT_WORK,
    ELSEWHERE,
    NO_ROOM,
    Codes,
    Columns,
    kind_of_place,
)
from mesa_llm_city.mobility import BLOCK_MIN
from mesa_llm_city.mobility.layout_loops import Laid

if TYPE_CHECKING:
    from mesa_llm_city.mobility.plan_blocks import PlanBlocks

__all__ = ["OTHERS", "PlanStore"]

OTHERS = 4
"""Places beside home and work at which blocks ahead of one row can be."""
_SLACK = 2  # room before the first block of a new plan, for what is put in front of it
_FEW = 2**4  # purposes of which codes have 8 bits


class PlanStore:
    """Blocks ahead of n rows, as `Draft` keeps them for one person.

    Parameters
    ----------
    home, work : ndarray of int, shape (n,)
        Where each lives, and works or learns; kept as they are.
    width : int
        Blocks that a plan may have when it is made.
    purposes : int
        Number of purposes.

    Notes
    -----
    Minutes are kept from the begin of each plan, in 16 bits, and places as a few bits: blocks
    ahead of one row are at home, at work, or at `OTHERS` other places at most.
    """

    __slots__ = ("_base", "_code", "_end", "_head", "_home", "_other", "_start", "_work")

    def __init__(self, home: Whole, work: Whole, *, width: int, purposes: int) -> None:
        count, columns = len(home), width + _SLACK
        shape, dtype = (count, columns), np.uint8 if purposes < _FEW else np.uint16
        self._home, self._work = home, work
        self._base = np.zeros(count, dtype=np.int32)
        self._start, self._end = np.zeros(shape, np.int16), np.zeros(shape, np.int16)
        self._code: Codes = np.zeros(shape, dtype=dtype)
        self._head = np.full(count, columns, dtype=np.int8)
        self._other = np.full((count, OTHERS), NOWHERE, dtype=np.int32)

    def replace(self, rows: Int, plans: PlanBlocks) -> None:
        """Replace the plans of some rows."""
        loop, every = compiled(put_plans), np.arange(len(rows))
        if loop is not None:
            self._put_each(loop, rows, plans, every)
            return
        room, most = self._start.shape[1], int(plans.size.max(initial=0))
        place = plans.place[:, :most].astype(np.int64)
        known = (place == NOWHERE) | (place == self._home[rows, None])
        known |= place == self._work[rows, None]
        inside = np.arange(most) < plans.size[:, None]
        base = plans.start[:, 0].astype(np.int64)
        end = plans.end[:, :most] - base[:, None]
        # Plans at other places, or of unusual length, are put in one by one.
        plain = np.all(known & (end <= LATEST), axis=1, where=inside) & (plans.size <= room)
        self._put_each(put_plans, rows, plans, every[~plain])
        self._base[rows[plain]] = base[plain]
        self._head[rows[plain]] = room - plans.size[plain]
        # Tables as one column each, of which entries are read and written faster.
        at = np.flatnonzero(inside & plain[:, None])
        row = at // most
        start, purpose, fixed = (
            one[:, :most].ravel().take(at) for one in (plans.start, plans.purpose, plans.fixed)
        )
        # The last block comes to stand in the last column.
        to = rows.take(row)
        column = self._at(to, at - row * most + room - plans.size.take(row))
        self._start.reshape(-1)[column] = start - base.take(row)
        self._end.reshape(-1)[column] = end.ravel().take(at)
        kind = self._kinds(to, place.ravel().take(at))
        self._code.reshape(-1)[column] = (purpose.astype(np.int64) + 1 << 4) | kind << 1 | fixed

    def _put_each(
        self, loop: Callable[[Columns, Int, Laid], int], rows: Int, plans: PlanBlocks, some: Int
    ) -> None:
        """Replace the plans of some of the rows one after the other."""
        columns = plans.start, plans.end, plans.purpose, plans.place, plans.fixed, plans.size
        laid = Laid(*columns)
        if len(some) < len(rows):
            rows, laid = rows[some], laid.take(some)
        at = loop(self.columns, rows, laid)
        if at < len(rows):
            raise self._refused(plans, int(some[at]))

    def _refused(self, plans: PlanBlocks, at: int) -> DataError:
        """Return the error of a plan that cannot be kept."""
        size = int(plans.size[at])
        if size and plans.end[at, size - 1] - plans.start[at, 0] > LATEST:
            return DataError(
                f"a plan of more than {LATEST} minutes cannot be kept; plan single days"
            )
        return self.full()

    def exists(self, rows: Int) -> Bool:
        """Return whether the rows have a block ahead."""
        ahead: Bool = self._head[rows] < self._start.shape[1]
        return ahead

    def front(self, rows: Int) -> Blocks:
        """Return the next block of each row; of no meaning where none exists."""
        return self._blocks(rows, np.minimum(self._head[rows], self._start.shape[1] - 1))

    def ahead(self, row: int) -> Blocks:
        """Return all blocks ahead of one row, in order of time."""
        at = np.arange(int(self._head[row]), self._start.shape[1])
        return self._blocks(np.full(len(at), row), at)

    def _blocks(self, rows: Int, at: Int) -> Blocks:
        """Return blocks of some rows, which may be given several times."""
        base, at = self._base.take(rows), self._at(rows, at)
        code = self._code.reshape(-1).take(at)
        return Blocks(
            np.add(base, self._start.reshape(-1).take(at), dtype=np.int64),
            np.add(base, self._end.reshape(-1).take(at), dtype=np.int64),
            _purposes(code),
            self._places(rows, code),
            code & 1 == 1,
        )

    def _at(self, rows: Int, at: Int) -> Int:
        """Return where blocks stand if those of all rows are one column, which is read faster."""
        found: Int = rows * self._start.shape[1] + at
        return found

    def front_place(self, rows: Int) -> Int:
        """Return where the next block of each row is; `NOWHERE` without one."""
        loop = compiled(fill_front_places)
        if loop is not None:
            found = np.empty(len(rows), dtype=np.int64)
            loop(self.columns, rows, found)
            return found
        at = np.minimum(self._head[rows], self._start.shape[1] - 1)
        place: Int = np.where(self.exists(rows), self._places(rows, self._code[rows, at]), NOWHERE)
        return place

    def push(self, rows: Int, blocks: Blocks) -> None:
        """Put a block in front of the plan of each row."""
        loop = compiled(push_blocks)
        if loop is not None:
            if loop(self.columns, rows, blocks.columns) < len(rows):
                raise self.full()
            return
        if not self._head[rows].all():
            raise self.full()
        empty = ~self.exists(rows)
        self._base[rows[empty]] = blocks.start[empty]
        kind = self._kinds(rows, blocks.place)
        if (kind == NO_ROOM).any():
            raise self.full()
        at, base = self._head[rows] - 1, self._base[rows]
        self._head[rows] = at
        self._start[rows, at], self._end[rows, at] = blocks.start - base, blocks.end - base
        self._code[rows, at] = (blocks.purpose + 1 << 4) | kind << 1 | blocks.fixed

    def move_front(self, rows: Int, place: Int) -> None:
        """Let the next block of each row be at another place.

        Parameters
        ----------
        rows : ndarray of int64, shape (m,)
            Rows that have a block ahead, each given once.
        place : ndarray of int64, shape (m,)
            Place ids, or `NOWHERE`.
        """
        at, kind = self._head[rows], self._kinds(rows, np.asarray(place, dtype=np.int64))
        if (kind == NO_ROOM).any():
            raise self.full()
        code = self._code[rows, at].astype(np.int64)
        self._code[rows, at] = (code >> 4 << 4) | kind << 1 | (code & 1)

    def full(self) -> DataError:
        """Return the error of a plan that has no room for another block."""
        width = self._start.shape[1]
        return DataError(
            f"a plan has more than {width} blocks, or blocks at more than {OTHERS} places beside "
            "home and work; let the person live as a citizen (promote)"
        )

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
            loop(self.columns, rows, minute, taken.columns, was_there)
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
        minutes = np.zeros(len(rows), dtype=np.int64)
        loop = compiled(give_up_blocks)
        if loop is not None:
            loop(self.columns, rows, purpose, before, minutes)
            return minutes
        ahead, code = self._ahead(rows)
        start = self._start.take(rows, axis=0) + self._base[rows, None]
        fits = ahead & (_purposes(code) == purpose[:, None]) & (start < before[:, None])
        fits &= code & 1 == 0
        found = fits.any(axis=1)
        here, at = rows[found], fits[found].argmax(axis=1)
        minutes[found] = self._end[here, at].astype(np.int64) - self._start[here, at]
        self._code[here, at] = 0
        return minutes

    def next_start(self, rows: Int, purpose: Int | int, otherwise: int) -> Int:
        """Return when the next block for a purpose begins in each row, or `otherwise`."""
        loop = compiled(find_next)
        if loop is not None:
            wanted, none = _each(purpose, len(rows)), _each(otherwise, len(rows))
            found = np.empty(len(rows), dtype=np.int64)
            loop(self.columns, rows, wanted, False, none, found)  # noqa: FBT003 - as it is written
            return found
        ahead, code = self._ahead(rows)
        # In a few bits as codes of purposes are kept.
        wanted = (np.asarray(purpose).reshape(-1, 1) + 1).astype(np.int16)
        ahead &= code >> 4 == wanted
        return self._first_start(rows, ahead, otherwise)

    def next_fixed(self, rows: Int, otherwise: Int) -> Int:
        """Return when the next night or duty begins in each row, or `otherwise`."""
        loop = compiled(find_next)
        if loop is not None:
            found = np.empty(len(rows), dtype=np.int64)
            loop(self.columns, rows, rows, True, otherwise, found)  # noqa: FBT003 - likewise
            return found
        ahead, code = self._ahead(rows)
        ahead &= code & 1 == 1
        return self._first_start(rows, ahead, otherwise)

    def _first_start(self, rows: Int, among: Bool, otherwise: Int | int) -> Int:
        """Return when the first of some blocks of each row begins, or `otherwise`."""
        at = among.argmax(axis=1)
        is_there = among.ravel().take(np.arange(len(rows)) * among.shape[1] + at)
        begin = self._start.reshape(-1).take(self._at(rows, at))
        return np.where(is_there, np.add(self._base[rows], begin, dtype=np.int64), otherwise)

    def places_ahead(self, rows: Int) -> tuple[Whole, Bool]:
        """Return the places of all blocks of some rows, and which are ahead and have one."""
        ahead, code = self._ahead(rows)
        places = self._places(rows[:, None], code)
        return places, ahead & (places != NOWHERE)

    def has_fixed_at(self, rows: Int, place: Int) -> Bool:
        """Return whether a night or duty ahead, or another fixed block, is at a place."""
        ahead, code = self._ahead(rows)
        places = self._places(rows[:, None], code)
        found: Bool = (ahead & (code & 1 == 1) & (places == place[:, None])).any(axis=1)
        return found

    @property
    def columns(self) -> Columns:
        """The columns, as compiled loops take them."""
        return Columns(
            self._base,
            self._start,
            self._end,
            self._code,
            self._head,
            self._other,
            self._home,
            self._work,
        )

    def _ahead(self, rows: Int) -> tuple[Bool, Codes]:
        """Return which blocks of some rows are ahead, and the codes of all."""
        ahead = np.arange(self._start.shape[1], dtype=np.int8) >= self._head[rows, None]
        return ahead, self._code.take(rows, axis=0)

    def _places(self, rows: Int, code: Codes) -> Int:
        """Return the places of blocks of some rows by their codes, which broadcast."""
        kind = code >> 1 & 7
        known = self._home[rows], self._work[rows]
        place = np.where(kind == AT_HOME, known[0], np.where(kind == AT_WORK, known[1], NOWHERE))
        place = place.astype(np.int64, copy=False)
        if kind.max(initial=0) >= ELSEWHERE:
            other = np.nonzero(kind >= ELSEWHERE)
            at = np.broadcast_to(rows, kind.shape)[other]
            place[other] = self._other[at, kind[other].astype(np.int64) - ELSEWHERE]
        return place

    def _kinds(self, rows: Int, place: Int) -> Int:
        """Return what stands for a place in the codes of each row (see `kind_of_place`)."""
        kind = np.where(place == self._home[rows], AT_HOME, ELSEWHERE)
        kind[(kind != AT_HOME) & (place == self._work[rows])] = AT_WORK
        kind[place == NOWHERE] = 0
        columns = self.columns
        for at in positions_of(kind == ELSEWHERE).tolist():
            kind[at] = kind_of_place(columns, int(rows[at]), int(place[at]))
        return kind

    def _drop_passed(self, rows: Int, minute: Int) -> None:
        left, at = rows, minute
        while len(left):
            front = np.minimum(self._head[left], self._start.shape[1] - 1)
            end = self._base[left] + self._end.reshape(-1).take(self._at(left, front))
            over = positions_of(self.exists(left) & (end - at < BLOCK_MIN))
            left, at = left[over], at[over]
            self._head[left] += 1


def _purposes(code: Codes) -> Int:
    """Return what blocks are for by their codes."""
    purpose: Int = (code >> 4).astype(np.int64)
    purpose -= 1
    return purpose


def _each(given: Int | int, count: int) -> Int:
    return np.ascontiguousarray(np.broadcast_to(given, count), dtype=np.int64)
