"""From settled blocks of a day to its plan, as scalar rules that loops over days call.

They do what `as_blocks` does in NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.mobility.fitting_loops import BEFORE, BITS, GIVEN_UP, MASK, Space
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.purpose_codes import FREE

__all__ = ["Laid", "lay_out"]


class Laid(NamedTuple):
    """The columns of plans of m days with room for b blocks each (see `PlanBlocks`)."""

    start: Minutes
    end: Minutes
    purpose: NDArray[np.int16]
    place: NDArray[np.int32]
    fixed: Bool
    size: NDArray[np.int16]

    def take(self, rows: Int) -> Laid:
        """Return some of the rows."""
        return Laid(
            self.start.take(rows, axis=0),
            self.end.take(rows, axis=0),
            self.purpose.take(rows, axis=0),
            self.place.take(rows, axis=0),
            self.fixed.take(rows, axis=0),
            self.size.take(rows, axis=0),
        )


def lay_out(  # noqa: PLR0917 - compiled loops take no keywords
    space: Space, start: int, end: int, midnight: int, places: Int, laid: Laid, row: int
) -> bool:
    """Write the plan of a day, with free time where nothing is settled.

    Parameters
    ----------
    space : Space
        A day of its own, whose settled blocks are put in order; of too many the shortest are
        given up.
    start, end : int
        When the day begins and ends, in minutes from its midnight.
    midnight : int
        Minute of the run from which those of the day count.
    places : ndarray of int64, shape (3,)
        Ids of places by what stands for them in codes of blocks.
    laid : Laid
        The columns, which are filled.
    row : int
        Which row of them.

    Returns
    -------
    bool
        Whether there was room, as nearly always.
    """
    count = _put_in_order(space)
    while _size(space.keys, count, start, end) > laid.start.shape[1]:
        if not _give_up_shortest(space.keys, count):
            return False
        count -= 1
    column, last, before = 0, start, -1
    for block in range(count):
        key = space.keys[block, 0]
        begins, ends, code = (key >> 2 * BITS) - BEFORE, (key >> BITS & MASK) - BEFORE, key & MASK
        if begins > last:
            _write(laid, row, column, midnight + last, FREE, -1, 0)
            column += 1
        if begins > last or not _goes_on(before, code):
            place = places[code >> 1 & 3]
            _write(laid, row, column, midnight + begins, code >> 3, place, code & 1)
            column += 1
        last, before = max(last, ends), code
    if last < end:
        _write(laid, row, column, midnight + last, FREE, -1, 0)
        column += 1
    laid.size[row] = column
    if column:
        laid.end[row, column - 1] = midnight + end
    return True


def _write(  # noqa: PLR0917 - compiled loops take no keywords
    laid: Laid, row: int, column: int, start: int, purpose: int, place: int, fixed: int
) -> None:
    """Write a block, at whose begin the one before ends."""
    laid.start[row, column], laid.purpose[row, column] = start, purpose
    laid.place[row, column], laid.fixed[row, column] = place, fixed == 1
    if column:
        laid.end[row, column - 1] = start


def _goes_on(before: int, code: int) -> bool:
    """Tell whether a block only goes on with the one before, which is no end that binds."""
    # An even code whose place is the residence, or that of work or school.
    return before == code and code & 1 == 0 and code & 6 != 0


def _size(keys: Int, count: int, start: int, end: int) -> int:
    """Return how many blocks a day has with the free time between those that are settled."""
    size, last, before = 0, start, -1
    for block in range(count):
        key = keys[block, 0]
        begins, ends, code = (key >> 2 * BITS) - BEFORE, (key >> BITS & MASK) - BEFORE, key & MASK
        size += 2 if begins > last else 0 if _goes_on(before, code) else 1
        last, before = max(last, ends), code
    return size + (1 if last < end else 0)


def _put_in_order(space: Space) -> int:
    """Sort the settled blocks of a day by time, without those given up; return their number."""
    keys, count = space.keys, 0
    for block in range(space.blocks[0]):
        key, at = keys[block, 0], count
        if key == GIVEN_UP:
            continue
        while at > 0 and keys[at - 1, 0] > key:
            keys[at, 0] = keys[at - 1, 0]
            at -= 1
        keys[at, 0] = key
        count += 1
    return count


def _give_up_shortest(keys: Int, count: int) -> bool:
    """Take the shortest block without an end that binds off a day, if there is any."""
    # Of two as short the earlier one, of which there is only one.
    shortest, least = -1, 0
    for block in range(count):
        key = keys[block, 0]
        begins, ends = key >> 2 * BITS, key >> BITS & MASK
        rank = (ends - begins << BITS) + begins
        if key & 1 == 0 and (shortest < 0 or rank < least):
            shortest, least = block, rank
    if shortest < 0:
        return False
    for block in range(shortest, count - 1):
        keys[block, 0] = keys[block + 1, 0]
    return True
