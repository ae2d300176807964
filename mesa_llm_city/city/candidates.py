"""Candidates: the places for a purpose that come into question from each part of a city."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.candidate_loops import (
    INDEX,
    INDEX_BITS,
    RANK_BITS,
    Lists,
    Ordered,
    fill_candidates,
)
from mesa_llm_city.city.choice_loops import Facts, place_table
from mesa_llm_city.city.place_index import PlaceIndex
from mesa_llm_city.city.places import Places
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.libm import power
from mesa_llm_city.core.narrow import true_entries
from mesa_llm_city.core.place_slots import NO_PLACE
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters import CityParameters, PurposeSpec

__all__ = ["Candidates", "Near", "strata", "strata_rows"]

_AT_ONCE = 64  # squares whose candidates are drawn at once

_OFFSET = 2**31
"""Makes numbers of squares positive."""

_HALF_DIAGONAL = 0.5**0.5


class Near(NamedTuple):
    """Places that come into question, k at most for each of m rows.

    Attributes
    ----------
    places : ndarray of int32, shape (m, k)
        Ids in about the order of distance; -1 at the end where there are fewer.
    correction : ndarray of float64, shape (m, k)
        How many places each stands for, at least 1.
    """

    places: NDArray[np.int32]
    correction: Float

    def take(self, rows: Int) -> Self:
        """Return some of the rows."""
        return self._replace(places=self.places[rows], correction=self.correction[rows])


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
        self._codes = {name: code for code, name in enumerate(parameters.purposes)}
        self._lists = Lists.none(len(self._codes), len(self._square), self._of_place)
        self._is_whole = np.zeros(len(self._codes), dtype=np.bool_)
        self._count = 0
        self._indices: dict[str, PlaceIndex] = {}
        self._kinds: dict[str, tuple[Int, Int]] = {}

    def around(self, origin: NDArray[np.integer], purpose: str | NDArray[np.integer]) -> Near:
        """Return the places that come into question from where m persons are.

        Parameters
        ----------
        origin : ndarray of int, shape (m,)
            Ids of the places where they are.
        purpose : str, or ndarray of int of shape (m,)
            Name of the purpose, or what each goes out for (see `code_of`).
        """
        code = self.codes_of(purpose, len(origin))
        lists = self.lists(origin, code)
        begin, width = lists.begin[code, lists.square[origin]], lists.width[code]
        column = np.arange(int(width.max(initial=1)))
        at = begin[:, np.newaxis] + column
        if (width == len(column)).all():
            return Near(lists.places.take(at), lists.stands_for.take(at).astype(np.float64))
        is_theirs = column < width[:, np.newaxis]
        at[~is_theirs] = 0
        places = np.where(is_theirs, lists.places.take(at), np.int32(NO_PLACE))
        return Near(places, lists.stands_for.take(at).astype(np.float64))

    def lists(self, origin: NDArray[np.integer], code: NDArray[np.integer]) -> Lists:
        """Return all lists of candidates, among them those that m persons need.

        Parameters
        ----------
        origin : ndarray of int, shape (m,)
            Ids of the places where they are.
        code : ndarray of int, shape (m,)
            What each goes out for (see `code_of`).
        """
        if self._is_whole[code].all():
            return self._lists
        square = self._of_place[origin]
        lacks = self._lists.begin[code, square] < 0
        if lacks.any():
            for one in np.unique(code[lacks]).tolist():
                self._work_out(one, np.unique(square[lacks & (code == one)]))
        return self._lists

    @cached_property
    def facts(self) -> tuple[Float, Facts]:
        """What loops need of each place (see `choice_loops.Reach`), without kind and area."""
        places = self._places
        return place_table(places.x, places.y, zone=places.zone, hours=places.hours)

    @property
    def squares(self) -> int:
        """Number of squares with places."""
        return len(self._square)

    def prepare(self, purpose: str) -> None:
        """Work out the candidates for a purpose from all squares with places at once."""
        code = self.code_of(purpose)
        squares = np.flatnonzero(self._lists.begin[code] < 0)
        if len(squares):
            self._work_out(code, squares)

    def code_of(self, purpose: str) -> int:
        """Return the number of a purpose: its position in the parameters if they name it."""
        code = self._codes.setdefault(purpose, len(self._codes))
        if code == len(self._lists.width):
            self._lists = self._lists.with_one_more()
            self._is_whole = np.append(self._is_whole, False)
        return code

    def codes_of(self, purpose: str | NDArray[np.integer], people: int) -> Int:
        """Return the number of the purpose of each person, shape (m,)."""
        if isinstance(purpose, str):
            return np.full(people, self.code_of(purpose))
        return purpose.astype(np.int64, copy=False)

    def offered(self, purpose: str | NDArray[np.integer], places: NDArray[np.integer]) -> Bool:
        """Return which places are gone to for what m persons go out for.

        Parameters
        ----------
        purpose : str, or ndarray of int of shape (m,)
            As in `around`, which has been asked about them.
        places : ndarray of int, shape (m, S)
            Ids, -1 for none.
        """
        if isinstance(purpose, str):
            of_one: Bool = self.offers(purpose)[places]
            return of_one
        offers = self._lists.offers
        found: Bool = offers.ravel().take(
            (purpose % len(offers) * offers.shape[1])[:, np.newaxis] + places
        )
        return found

    def offers(self, purpose: str) -> Bool:
        """Return which places are gone to for a purpose, shape (n + 1,); the last stands for none.

        So it may be indexed by ids of places of which some are -1.
        """
        self._index(purpose)
        offered: Bool = self._lists.offers[self.code_of(purpose)]
        return offered

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

    def _index(self, purpose: str) -> PlaceIndex:
        """Return the places for a purpose, and note which they are."""
        index = self._indices.get(purpose)
        if index is None:
            ids, code = self._places.offering(purpose), self.code_of(purpose)
            index = PlaceIndex.of(ids, self._places.x[ids], self._places.y[ids])
            self._lists.offers[code, ids] = True
            self._lists.width[code] = max(min(self._most, len(ids)), 1)
            self._indices[purpose] = index
        return index

    def _work_out(self, code: int, squares: Int) -> None:
        """Add the lists of some squares for a purpose."""
        tree, purpose = self._parameters, list(self._codes)[code]
        numbers, spec = tree.mobility.candidates, tree.purposes.get(purpose, PurposeSpec())
        farthest = tree.mobility.reach.most_m if spec.reach_m is None else spec.reach_m
        within = farthest + numbers.cell_m * _HALF_DIAGONAL
        near = round(numbers.near * self._most)
        index = self._index(purpose)
        at = self._square[squares]
        address = (at + _OFFSET).astype(np.uint64)
        draws = uniforms(
            self._seed,
            (address[:, 0] << np.uint64(32)) | address[:, 1],
            f"candidates {purpose}",
            0,
            self._most - near,
        )
        middle = np.asarray((at + 0.5) * numbers.cell_m, dtype=np.float64)
        width = int(self._lists.width[code])
        first, self._count = self._count, self._count + width * len(squares)
        self._lists = self._lists.with_room(self._count)
        self._lists.begin[code, squares] = first + width * np.arange(len(squares))
        self._is_whole[code] = self._lists.begin[code].min() >= 0
        places, stands_for = (
            one[first : self._count].reshape(-1, width)
            for one in (self._lists.places, self._lists.stands_for)
        )
        loop = compiled(fill_candidates)
        if loop is not None:
            order = Ordered(index.ids, index.x, index.y)
            loop(order, middle, within, self._most, near, draws, places, stands_for)
            return
        for first in range(0, len(squares), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            nearest = [_in_order(index, x, y, within) for x, y in middle[some].tolist()]
            count = np.array([len(one) for one in nearest])
            ranks, size = strata_rows(count, self._most, near, draws[some])
            ranks, size = ranks[:, :width], size[:, :width]
            begin = np.cumsum(count) - count
            row, column = true_entries(ranks < count[:, np.newaxis])
            found = np.concatenate(nearest)[begin[row] + ranks[row, column]]
            places[first + row, column] = found
            stands_for[first + row, column] = size[row, column]


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
    ranks, size = strata_rows(np.array([n]), most, near, np.reshape(draws, (1, -1)))
    count = min(n, most)
    return ranks[0, :count], size[0, :count]


def strata_rows(n: Int, most: int, near: int, draws: Float) -> tuple[Int, Int]:
    """Return the samples of `strata` of many lists at once.

    Parameters
    ----------
    n : ndarray of int64, shape (s,)
        Number of ranks of each list.
    most, near : int
        As in `strata`.
    draws : ndarray of float64, shape (s, most - near)
        Uniform numbers in [0, 1).

    Returns
    -------
    ranks, size : ndarray of int64, shape (s, most)
        As in `strata`; where there are fewer ranks than `most`, those that are not below `n` are
        of no meaning.
    """
    ranks = np.tile(np.arange(most), (len(n), 1))
    size, groups = np.ones((len(n), most), dtype=np.int64), most - near
    long = np.flatnonzero(n > most)
    if not groups or not len(long):
        return ranks, size
    start, part, count = max(near, 1), np.arange(groups + 1), n[long]
    bounds = np.floor(start * power(count[:, np.newaxis] / start, part / groups)).astype(np.int64)
    # Each group has one rank at least.
    bounds = np.maximum(bounds, near + part)
    bounds[:, 0], bounds[:, -1] = near, count
    widths = np.diff(bounds, axis=1)
    size[long, near:] = widths
    ranks[long, near:] = bounds[:, :-1] + (draws[long] * widths).astype(np.int64)
    return ranks, size


def _in_order(index: PlaceIndex, x: float, y: float, within_m: float) -> Int:
    """Return the places in a circle, nearest first; those at one distance in the index's order."""
    low = int(index.y.searchsorted(y - within_m))
    high = int(index.y.searchsorted(y + within_m, side="right"))
    dx, dy = index.x[low:high] - x, index.y[low:high] - y
    squared = dx * dx + dy * dy
    inside = np.flatnonzero(squared <= within_m * within_m)
    # Whole numbers of which none are equal are sorted fast, and in the same way everywhere.
    rank = (squared[inside] * (2.0**RANK_BITS / (within_m * within_m))).astype(np.int64)
    keys = np.sort((rank << INDEX_BITS) | inside)
    found: Int = index.ids[low:high][keys & INDEX]
    return found
