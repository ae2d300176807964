"""Company: of all who are at the same place, the few of whom a person takes notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.narrow import positions_of
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.tie_slots import NOBODY

__all__ = [
    "AllBut",
    "Present",
    "company_sample",
    "company_spans",
    "fill_company",
    "rows_by_size",
    "sampled_company",
    "sampled_positions",
]

# An id in the lower half of a number of 64 bits, and a place in the upper.
_ID_BITS = 32
_FEW_ROWS = 256  # fewer are worked on together; the result is the same
_ID_MASK = 2**_ID_BITS - 1


def sampled_positions(count: ArrayLike, draw: ArrayLike, most: int) -> Int:
    """Return the positions of a sample of at most `most` among some people each.

    All if there are no more; otherwise the systematic sample ``floor((j + u) n / most)`` for
    j = 0 to most - 1, in which everybody has the same chance to be [1]_. It takes one random
    number u, however many people there are.

    Parameters
    ----------
    count : array_like of int, shape (m,)
        Numbers of people, n.
    draw : array_like, shape (m,)
        Uniform numbers in [0, 1), u.
    most : int
        Greatest size of a sample.

    Returns
    -------
    ndarray of int64, shape (m, most)
        Rising positions below `count`; -1 behind them if there are fewer people.

    References
    ----------
    .. [1] Madow and Madow (1944), On the theory of systematic sampling. Ann. Math. Stat. 15(1),
       1-24.

    Examples
    --------
    >>> sampled_positions([2, 3, 10], [0.5, 0.5, 0.5], 3)
    array([[ 0,  1, -1],
           [ 0,  1,  2],
           [ 1,  5,  8]])
    """
    people = np.asarray(count, dtype=np.int64)[:, np.newaxis]
    turn = np.arange(most)
    if int(people.max(initial=0)) <= most:
        return np.where(turn < people, turn, -1)
    share = (turn + np.asarray(draw, dtype=np.float64)[:, np.newaxis]) / most
    # A product may be rounded up to the number of people itself.
    drawn = np.minimum((share * people).astype(np.int64), people - 1)
    return np.where(people > most, drawn, np.where(turn < people, turn, -1))


def company_sample(
    where: NDArray[np.integer],
    ids: NDArray[np.integer],
    *,
    at: ArrayLike,
    observers: ArrayLike,
    draw: ArrayLike,
    most: int,
    spans: tuple[Int, Int] | None = None,
    own: Int | None = None,
) -> Int:
    """Return of whom each of m people takes notice, among those at the same place.

    Parameters
    ----------
    where : ndarray of int, shape (k,)
        Where each of those who can be met is, rising: the id of a place. At home only the
        household is company, so that its members there have a number of their own, such as the
        number of places plus the id of the household.
    ids : ndarray of int, shape (k,)
        Their ids, rising within equal `where`, and each once there.
    at : array_like of int, shape (m,)
        Where the observers are, or are about to be.
    observers : array_like of int, shape (m,)
        Ids of the observers, who are never their own company.
    draw : array_like, shape (m,)
        A uniform number in [0, 1) of each (the stream ``"company"`` at the minute); any number
        where there are no more than `most` others.
    most : int
        Greatest number of people (`social.contact.company`).
    spans : tuple of ndarray of int64, shape (m,), optional
        From which position in `ids` (inclusive) to which (exclusive) those stand who are where
        the observer is, if that is known already.
    own : ndarray of int64, shape (m,), optional
        Position in `ids` at which each observer stands, -1 for who is not there yet; if that is
        known already.

    Returns
    -------
    ndarray of int64, shape (m, most)
        Rising ids; `NOBODY` behind them where there are fewer people.

    Examples
    --------
    >>> where, ids = np.array([3, 3, 3, 8]), np.array([10, 11, 14, 12])
    >>> company_sample(where, ids, at=[3, 8], observers=[11, 2], draw=[0.1, 0.1], most=3)
    array([[10, 14, -1],
           [12, -1, -1]])
    """
    person = np.asarray(observers)
    loop = compiled(fill_company)
    if loop is not None and spans is None:
        found = np.full((len(person), most), NOBODY, dtype=np.int64)
        loop(where, ids, np.asarray(at), person, np.asarray(draw), found)
        return found
    if spans is None:
        spans = company_spans(where, at)
    found, size = np.full((len(person), most), NOBODY, dtype=np.int64), spans[1] - spans[0]
    # Many are alone where they are, most of all at home.
    single = positions_of(size == 1)
    size[single[ids[spans[0][single]] == person[single]]] = 0
    for rows, width in rows_by_size(size, most):
        first, last = spans[0][rows], spans[1][rows]
        at_own = _own_position(ids, person[rows], first, last) if own is None else own[rows]
        seen = _sampled(ids, first, last, own=at_own, draw=np.asarray(draw)[rows], most=width)
        found[rows, :width] = seen
    return found


def company_spans(where: NDArray[np.integer], at: ArrayLike) -> tuple[Int, Int]:
    """Return between which positions those stand who are at the same place as each observer.

    The sizes tell whose company is more than is noticed, and who therefore needs a random number.

    Parameters
    ----------
    where : ndarray of int, shape (k,)
        Where each of those who can be met is, rising.
    at : array_like of int, shape (m,)
        Where the observers are.

    Returns
    -------
    tuple of ndarray of int64, shape (m,)
        First position (inclusive) and last (exclusive).
    """
    # Few places, searched for in their order, are found several times as fast.
    places, turn = np.unique(np.asarray(at), return_inverse=True)
    first = np.searchsorted(where, places, side="left")
    last = np.searchsorted(where, places, side="right")
    return first[turn], last[turn]


class Present(NamedTuple):
    """Of a crowd, those who are where some of its rows are.

    Attributes
    ----------
    where, ids : ndarray of int64, shape (k,)
        As `company_sample` takes them; places are numbered anew.
    at : ndarray of int64, shape (m,)
        Number of the place of each observer.
    spans : tuple of ndarray of int64, shape (m,)
        Between which positions those stand who are there (see `company_spans`).
    own : ndarray of int64, shape (m,)
        Position of each observer among them, -1 for who is not there yet.
    """

    where: Int
    ids: Int
    at: Int
    spans: tuple[Int, Int]
    own: Int

    @classmethod
    def of(
        cls,
        spot: NDArray[np.integer],
        ids: Int,
        rows: Int,
        at: NDArray[np.integer],
        *,
        places: int,
        order: NDArray[np.integer] | None = None,
    ) -> Self:
        """Return those who are where some rows are, or are about to be.

        Parameters
        ----------
        spot : ndarray of int, shape (n,)
            Where each row can be met, -1 for nowhere.
        ids : ndarray of int64, shape (n,)
            Ids of all rows.
        rows : ndarray of int64, shape (m,)
            The observers.
        at : ndarray of int, shape (m,)
            Where they are.
        places : int
            Above all places.
        order : ndarray of int, shape (n,), optional
            Rows by rising id; they are in that order anyway by default.
        """
        is_asked = np.zeros(places + 1, dtype=np.bool_)  # the last entry is that of nowhere
        is_asked[at] = True
        here = positions_of(is_asked.take(spot))
        number = np.cumsum(is_asked) - 1
        if order is None:
            rank = here
        else:
            ranks = np.empty(len(ids), dtype=np.int64)
            ranks[order] = np.arange(len(ids))
            rank = ranks[here]
        key = np.sort(number.take(spot.take(here)) << _ID_BITS | rank)
        where, rank = key >> _ID_BITS, key & _ID_MASK
        here = rank if order is None else order.take(rank)
        size = np.bincount(where, minlength=int(number[-1]) + 1)
        own, mine = np.empty(len(ids), dtype=np.int64), number.take(at)
        own[here] = np.arange(len(here))
        is_here = spot.take(rows) == at
        last = np.cumsum(size).take(mine)
        return cls(
            where,
            ids.take(here),
            mine,
            (last - size.take(mine), last),
            np.where(is_here, own.take(rows), -1),
        )


def rows_by_size(size: Int, most: int) -> Iterator[tuple[Int, int]]:
    """Yield rows whose numbers of columns in use are about the same, and how many these are.

    Most people are in small company, for which it does not pay to go through all columns.

    Parameters
    ----------
    size : ndarray of int64, shape (m,)
        How many columns each row needs; rows that need none are left out.
    most : int
        How many there are; rows that need more get as many.
    """
    if len(size) <= _FEW_ROWS:
        rows = positions_of(size > 0)
        if len(rows):
            yield rows, min(int(size.max()), most)
        return
    width, smaller = 1, 0
    while smaller < most:
        width = min(width, most)
        is_last = width == most
        rows = positions_of((size > smaller) & (is_last | (size <= width)))
        if len(rows):
            yield rows, width
        smaller, width = width, 2 * width


def _sampled(
    ids: NDArray[np.integer], first: Int, last: Int, *, own: Int, draw: Float, most: int
) -> Int:
    """Return samples among the ids from `first` to `last`, without that at the own position."""
    is_here = own >= 0
    positions = sampled_positions(last - first - is_here, draw, most)
    # From the own position on, those of the others are one further.
    own = np.where(is_here, own - first, last - first)[:, np.newaxis]
    seen = ids[np.minimum(first[:, np.newaxis] + positions + (positions >= own), len(ids) - 1)]
    return np.where(positions < 0, NOBODY, seen)


def sampled_company(others: Sequence[int], draw: float, most: int) -> tuple[int, ...]:
    """Return of whom one person takes notice, among others at the same place.

    Parameters
    ----------
    others : sequence of int
        Ids of the others, rising.
    draw : float
        A uniform number in [0, 1), as for `company_sample`.
    most : int
        Greatest number of people (`social.contact.company`).

    Examples
    --------
    >>> sampled_company(range(100, 110), 0.5, 3)
    (101, 105, 108)
    """
    if len(others) <= most:
        return tuple(others)
    return tuple(others[one] for one in sampled_positions([len(others)], [draw], most)[0].tolist())


class AllBut(Sequence[int]):
    """Ids but the one at a position, without a copy of them; to be read before they change.

    Parameters
    ----------
    ids : sequence of int
        The ids.
    position : int
        Position of the one that is left out.

    Examples
    --------
    >>> others = AllBut([3, 5, 8], 1)
    >>> len(others), list(others), others[1]
    (2, [3, 8], 8)
    """

    __slots__ = ("_ids", "_position")

    def __init__(self, ids: Sequence[int], position: int) -> None:
        self._ids, self._position = ids, position

    def __len__(self) -> int:
        """Return the number of others."""
        return len(self._ids) - 1

    @overload
    def __getitem__(self, row: int) -> int: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[int]: ...
    def __getitem__(self, row: int | slice) -> int | Sequence[int]:
        """Return one of the others, or some of them."""
        if isinstance(row, slice):
            return tuple(self)[row]
        at = range(len(self))[row]
        return self._ids[at + (at >= self._position)]


def _own_position(ids: NDArray[np.integer], person: Int, first: Int, last: Int) -> Int:
    """Return where each person stands among the ids from `first` to `last`, -1 for nowhere."""
    own = _position(ids, person, first, last)
    is_here = own < last
    is_here[is_here] = ids[own[is_here]] == person[is_here]
    return np.where(is_here, own, -1)


def _position(ids: NDArray[np.integer], person: Int, first: Int, last: Int) -> Int:
    """Return where each person stands, or would stand, among the ids from `first` to `last`."""
    low, high = first.copy(), last.copy()
    rows = positions_of(low < high)
    # Bisection in all of them at once.
    while len(rows):
        middle = (low[rows] + high[rows]) // 2
        is_less = ids[middle] < person[rows]
        low[rows[is_less]] = middle[is_less] + 1
        high[rows[~is_less]] = middle[~is_less]
        rows = rows[low[rows] < high[rows]]
    return low


def fill_company(  # noqa: PLR0917 - compiled loops take no keywords
    where: NDArray[np.integer],
    ids: NDArray[np.integer],
    at: NDArray[np.integer],
    observers: NDArray[np.integer],
    draw: Float,
    found: Int,
) -> None:
    """Fill the company of observers, as `company_sample` does: a loop that is compiled.

    Parameters
    ----------
    where, ids, at, observers, draw
        As in `company_sample`.
    found : ndarray of int64, shape (m, most)
        Is filled; `NOBODY` everywhere before.
    """
    most = found.shape[1]
    for row in range(len(observers)):
        first = _first_not_below(where, 0, len(where), at[row])
        last = _first_not_below(where, first, len(where), at[row] + 1)
        own = _first_not_below(ids, first, last, observers[row])
        is_here = own < last and ids[own] == observers[row]
        count = last - first - (1 if is_here else 0)
        for turn in range(min(count, most)):
            position = turn
            if count > most:
                position = min(int((turn + draw[row]) / most * count), count - 1)
            if is_here and first + position >= own:
                position += 1
            found[row, turn] = ids[first + position]


def _first_not_below(values: NDArray[np.integer], low: int, high: int, wanted: int) -> int:
    """Return the first position of rising values at which one is not below another."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low
