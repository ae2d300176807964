"""Candidates: the places for a purpose that come into question from each part of a city."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.place_index import PlaceIndex
from mesa_llm_city.city.places import Places
from mesa_llm_city.core.place_slots import NO_PLACE
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters import CityParameters, PurposeSpec

__all__ = ["Candidates", "Near", "strata"]

_OFFSET = 2**31
"""Makes numbers of squares positive."""

_HALF_DIAGONAL = 0.5**0.5

_RANK_BITS = 38
_INDEX_BITS = 25
_INDEX = 2**_INDEX_BITS - 1


class Near(NamedTuple):
    """Places that come into question, k at most for each of m rows.

    Attributes
    ----------
    places : ndarray of int32, shape (m, k)
        Ids in about the order of distance; -1 at the end where there are fewer.
    correction : ndarray of float64, shape (m, k)
        How many places each stands for, at least 1.
    x, y : ndarray of float64, shape (m, k)
        Positions in metres; infinite where there is no place.
    """

    places: NDArray[np.int32]
    correction: Float
    x: Float
    y: Float

    def take(self, rows: Int) -> Self:
        """Return some of the rows."""
        return self._replace(
            places=self.places[rows],
            correction=self.correction[rows],
            x=self.x[rows],
            y=self.y[rows],
        )

    def followed_by(self, other: Self) -> Self:
        """Return these rows and others below them."""
        return self._replace(
            places=np.concatenate([self.places, other.places]),
            correction=np.concatenate([self.correction, other.correction]),
            x=np.concatenate([self.x, other.x]),
            y=np.concatenate([self.y, other.y]),
        )

    def write(self, row: int, places: Int, correction: Int, at: Places) -> None:
        """Fill a row that is empty."""
        count = len(places)
        self.places[row, :count], self.correction[row, :count] = places, correction
        self.x[row, :count], self.y[row, :count] = at.x[places], at.y[places]


class Candidates:
    """Which places come into question from where, in columns.

    The city is divided into squares (``mobility.candidates.cell_m``). From each the places
    that come into question for a purpose are the nearest ones and a sample of the others, one
    of each of some groups of neighbours in the order of distance from the middle, which are
    the larger the farther away (`strata`). A place of the sample stands for its group: its
    weight is divided by the probability of having been drawn (McFadden 1978). The squares are
    worked out when they are first asked about; their draws have addresses, so that it does not
    matter when.

    Parameters
    ----------
    places : Places
        Places of the city.
    parameters : CityParameters
        Reads `mobility.candidates`, `mobility.gravity.most_places`, and how far people go for
        each purpose.
    seed : int
        Seed of the samples.

    References
    ----------
    .. [1] McFadden (1978), Modelling the choice of residential location, in: Karlqvist et al.
       (eds.), Spatial Interaction Theory and Planning Models.
    """

    def __init__(self, places: Places, parameters: CityParameters, seed: int) -> None:
        numbers = parameters.mobility.candidates
        self._places = places
        self._parameters = parameters
        self._seed = seed
        self._most = min(numbers.number, parameters.mobility.gravity.most_places)
        at = np.column_stack([places.x, places.y]) / numbers.cell_m
        self._square, of_place = np.unique(
            np.floor(at).astype(np.int64), axis=0, return_inverse=True
        )
        self._of_place: Int = of_place.reshape(-1)
        self._tables: dict[str, _Table] = {}
        self._offers: dict[str, Bool] = {}
        self._kinds: dict[str, tuple[Int, Int]] = {}

    def around(self, origin: NDArray[np.integer], purpose: str) -> Near:
        """Return the places that come into question from where m persons are.

        Parameters
        ----------
        origin : ndarray of int, shape (m,)
            Ids of the places where they are.
        purpose : str
            Name of the purpose.
        """
        row, near = self.of_squares(origin, purpose)
        return near.take(row)

    def of_squares(self, origin: NDArray[np.integer], purpose: str) -> tuple[Int, Near]:
        """Return the candidates of all squares that are known, and the row of each person's.

        The arguments are those of `around`.
        """
        table = self._table(purpose)
        square = self._of_place[origin]
        row = table.row[square]
        if (row < 0).any():
            self._work_out(purpose, table, np.unique(square[row < 0]))
            row = table.row[square]
        return row, table.near

    def prepare(self, purpose: str) -> None:
        """Work out the candidates for a purpose from all squares with places at once."""
        table = self._table(purpose)
        self._work_out(purpose, table, np.flatnonzero(table.row < 0))

    def offers(self, purpose: str) -> Bool:
        """Return which places are gone to for a purpose, shape (n + 1,); the last stands for none.

        So it may be indexed by ids of places of which some are -1.
        """
        known = self._offers.get(purpose)
        if known is None:
            known = np.zeros(len(self._places) + 1, dtype=np.bool_)
            known[self._places.offering(purpose)] = True
            self._offers[purpose] = known
        return known

    def kinds(self, purpose: str) -> tuple[Int, Int]:
        """Return the kinds of place that are gone to for a purpose, and where each is among them.

        Returns
        -------
        kinds : ndarray of int64, shape (K,)
            Codes of the kinds, in rising order.
        position : ndarray of int64, shape (c,)
            Position of each of the city's kinds in `kinds`; 0 for those that are not in it.
        """
        known = self._kinds.get(purpose)
        if known is None:
            kinds = np.unique(self._places.category[self._places.offering(purpose)])
            position = np.zeros(len(self._places.category_names), dtype=np.int64)
            position[kinds] = np.arange(len(kinds))
            known = self._kinds[purpose] = kinds, position
        return known

    def _table(self, purpose: str) -> _Table:
        table = self._tables.get(purpose)
        if table is None:
            ids = self._places.offering(purpose)
            width = max(min(self._most, len(ids)), 1)
            index = PlaceIndex.of(ids, self._places.x[ids], self._places.y[ids])
            table = _Table.empty(index, len(self._square), width)
            self._tables[purpose] = table
        return table

    def _work_out(self, purpose: str, table: _Table, squares: Int) -> None:
        """Add the rows of some squares to a table."""
        tree = self._parameters
        numbers, spec = tree.mobility.candidates, tree.purposes.get(purpose, PurposeSpec())
        farthest = tree.mobility.reach.most_m if spec.reach_m is None else spec.reach_m
        within = farthest + numbers.cell_m * _HALF_DIAGONAL
        near = round(numbers.near * self._most)
        at = self._square[squares]
        address = (at + _OFFSET).astype(np.uint64)
        draws = uniforms(
            self._seed,
            (address[:, 0] << np.uint64(32)) | address[:, 1],
            f"candidates {purpose}",
            0,
            self._most - near,
        )
        middle = (at + 0.5) * numbers.cell_m
        first = table.grow(squares)
        for row, ((x, y), draw) in enumerate(zip(middle.tolist(), draws, strict=True), first):
            nearest = _in_order(table.index, x, y, within)
            ranks, size = strata(len(nearest), self._most, near, draw)
            table.near.write(row, nearest[ranks], size, self._places)


@dataclass(slots=True, eq=False)
class _Table:
    """The candidates for one purpose from the squares that have been worked out so far."""

    index: PlaceIndex
    row: Int
    near: Near
    count: int = 0

    @classmethod
    def empty(cls, index: PlaceIndex, squares: int, width: int) -> Self:
        return cls(index, np.full(squares, -1, dtype=np.int64), _no_places(0, width))

    def grow(self, squares: Int) -> int:
        """Make room for some squares, and return the row of the first of them."""
        first, self.count = self.count, self.count + len(squares)
        self.row[squares] = np.arange(first, self.count)
        rows, width = self.near.places.shape
        if self.count > rows:
            more = _no_places(max(self.count, 2 * rows) - rows, width)
            self.near = self.near.followed_by(more)
        return first


def _no_places(rows: int, width: int) -> Near:
    shape = rows, width
    return Near(
        places=np.full(shape, NO_PLACE, dtype=np.int32),
        correction=np.ones(shape),
        x=np.full(shape, np.inf),
        y=np.full(shape, np.inf),
    )


def strata(n: int, most: int, near: int, draws: Float) -> tuple[Int, Int]:
    """Return the ranks of a sample that is dense near and sparse far, and what each stands for.

    The first `near` of `n` ranks are all taken. The others are divided into groups of
    neighbours whose bounds grow in proportion to the rank, and one of each group is drawn.

    Parameters
    ----------
    n : int
        Number of ranks.
    most : int
        Greatest number of ranks to take; all, if there are no more.
    near : int
        How many of these are the first ones, from 0 to `most`.
    draws : ndarray of float64, shape (most - near,)
        Uniform numbers in [0, 1), one for each group.

    Returns
    -------
    ranks : ndarray of int64, shape (k,)
        In rising order.
    size : ndarray of int64, shape (k,)
        Number of ranks in the group of each.

    Examples
    --------
    >>> ranks, size = strata(100, 6, 3, np.array([0.5, 0.5, 0.5]))
    >>> ranks.tolist(), size.tolist()
    ([0, 1, 2, 6, 20, 65], [1, 1, 1, 6, 22, 69])
    """
    if n <= most:
        return np.arange(n), np.ones(n, dtype=np.int64)
    first = np.arange(near)
    groups = most - near
    if not groups:
        return first, np.ones(near, dtype=np.int64)
    start = max(near, 1)
    part = np.arange(groups + 1)
    bounds = np.floor(start * (n / start) ** (part / groups)).astype(np.int64)
    # Each group has one rank at least.
    bounds = np.maximum(bounds, near + part)
    bounds[0], bounds[-1] = near, n
    size = np.diff(bounds)
    drawn = bounds[:-1] + (draws * size).astype(np.int64)
    ones = np.ones(near, dtype=np.int64)
    return np.concatenate([first, drawn]), np.concatenate([ones, size])


def _in_order(index: PlaceIndex, x: float, y: float, within_m: float) -> Int:
    """Return the places in a circle, nearest first; those at one distance in the index's order."""
    low = int(index.y.searchsorted(y - within_m))
    high = int(index.y.searchsorted(y + within_m, side="right"))
    dx, dy = index.x[low:high] - x, index.y[low:high] - y
    squared = dx * dx + dy * dy
    inside = np.flatnonzero(squared <= within_m * within_m)
    # Whole numbers of which none are equal are sorted fast, and in the same way everywhere.
    rank = (squared[inside] * (2.0**_RANK_BITS / (within_m * within_m))).astype(np.int64)
    keys = np.sort((rank << _INDEX_BITS) | inside)
    found: Int = index.ids[low:high][keys & _INDEX]
    return found
