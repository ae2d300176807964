"""Places: columns of points that people live in, work in and go to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.city.kind_names import named_by
from mesa_llm_city.city.opening_times import OpeningTimes
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.opening_hours import Hours
from mesa_llm_city.core.values import Float, Int, Purpose
from mesa_llm_city.parameters import PurposeSpec
from mesa_llm_city.parameters.purposes import PURPOSES

__all__ = ["Place", "Places", "in_order", "place_label"]

Bool = NDArray[np.bool_]

_RANK = {purpose: rank for rank, purpose in enumerate(PURPOSES)}


class Place(NamedTuple):
    """One place, read from the columns of `Places`.

    Attributes
    ----------
    id : int
        Row in the table of places.
    name : str
        Name, empty if unknown.
    category : str
        Kind of place, such as ``"amenity=cafe"``.
    purposes : tuple of str
        What people go there for.
    x, y : float
        Position in metres.
    zone : int
        Row of its zone.
    jobs, residents : float
        People who work and who live there.
    """

    id: int
    name: str
    category: str
    purposes: tuple[str, ...]
    x: float
    y: float
    zone: int
    jobs: float
    residents: float


def in_order(purposes: Iterable[str]) -> tuple[str, ...]:
    """Return purposes once each, the built-in ones first and in their usual order.

    Examples
    --------
    >>> in_order(["worship", "social", "meal", "social"])
    ('meal', 'social', 'worship')
    """
    return tuple(sorted(dict.fromkeys(purposes), key=lambda one: _RANK.get(one, len(_RANK))))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """All places of a city, column by column; the id of a place is its row.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Position in metres of the city's reference system.
    zone : ndarray of int64, shape (n,)
        Row of its zone.
    category : ndarray of int64, shape (n,)
        Row of its kind in `category_names`.
    category_names : tuple of str, length c
        The kinds that occur, such as ``"amenity=cafe"``.
    category_purposes : tuple of tuples of str, length c
        What each kind is for, by the table of kinds of place.
    named_purposes : tuple of tuples of str, length c, optional
        Which purposes name each kind in their `PurposeSpec.places`; none by default
        (see `for_purposes`).
    name, source_id : tuple of str, length n
        Its name, empty if unknown, and its id in the file it came from.
    jobs, residents : ndarray of float64, shape (n,)
        People who work and who live there; relative size.
    price, rating : ndarray of float64, shape (n,)
        From 0 (cheap, bad) to 1 (expensive, good); NaN if unknown.
    attraction : ndarray of float64, shape (n,)
        How strongly it draws people as the files have it, in any unit; NaN if unknown.
    size : ndarray of float64, shape (n,)
        Size as a multiple of that of its kind; NaN if unknown.
    visitors, usual_jobs : ndarray of float64, shape (n,)
        Visitors a day and jobs of a usual place of its kind; NaN for visitors if the table
        of kinds does not tell.
    hours : ndarray of int64, shape (n,)
        Row of its opening hours in `opening_times`.
    opening_times : OpeningTimes
        The opening hours that occur.

    Raises
    ------
    ConfigError
        If the columns differ in length.

    See Also
    --------
    mesa_llm_city.city.place_draft.Draft : makes places from rows of a file.
    """

    x: Float
    y: Float
    zone: Int
    category: Int
    category_names: tuple[str, ...]
    category_purposes: tuple[tuple[str, ...], ...]
    named_purposes: tuple[tuple[str, ...], ...] = ()
    name: tuple[str, ...]
    source_id: tuple[str, ...]
    jobs: Float
    residents: Float
    price: Float
    rating: Float
    attraction: Float
    size: Float
    visitors: Float
    usual_jobs: Float
    hours: Int
    opening_times: OpeningTimes

    def __post_init__(self) -> None:
        """Check that all columns are of one length."""
        lengths = {name: len(getattr(self, name)) for name in _columns()}
        if len(set(lengths.values())) > 1:
            counts = ", ".join(f"{name} {length}" for name, length in lengths.items())
            message = f"columns of places differ in length: {counts}; give one entry per place"
            raise ConfigError(message)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.x)

    def __getitem__(self, place: int) -> Place:
        """Return the place with an id; raise IndexError outside 0 to n - 1."""
        if not 0 <= place < len(self):
            message = f"no place {place}; ids run from 0 to {len(self) - 1}"
            raise IndexError(message)
        return Place(
            id=int(place),
            name=self.name[place],
            category=self.category_names[self.category[place]],
            purposes=self.purposes_of(place),
            x=float(self.x[place]),
            y=float(self.y[place]),
            zone=int(self.zone[place]),
            jobs=float(self.jobs[place]),
            residents=float(self.residents[place]),
        )

    def label(self, place: int) -> str:
        """Return what a place is called: its name, or its kind and id if it has none.

        Examples
        --------
        >>> from mesa_llm_city.city import City
        >>> City.synthetic(rng=1, places=400).places.label(0)
        '60 Thorn Road'
        """
        return place_label(place, self.name[place], self.category_names[int(self.category[place])])

    def purposes_of(self, place: int) -> tuple[str, ...]:
        """Return what people go to a place for; where there are jobs, work is among it."""
        kind = int(self.category[place])
        purposes = [*self.category_purposes[kind], *self._named[kind]]
        if self.jobs[place] > 0 and Purpose.SLEEP not in self.category_purposes[kind]:
            purposes.append(Purpose.WORK.value)
        return in_order(purposes)

    @property
    def is_residence(self) -> Bool:
        """Whether people sleep there, shape (n,)."""
        return self._is_of(self.category_purposes, Purpose.SLEEP)

    def offering(self, purpose: str) -> Int:
        """Return the ids of the places to go to for a purpose, in order.

        Every place with jobs that is no residence offers work. Homes serve their residents
        alone, so residences are left out unless the purpose is ``"sleep"`` or names their
        kind in its `PurposeSpec.places`.
        """
        offers = self._is_of(self.category_purposes, purpose)
        if purpose == Purpose.WORK:
            offers |= self.jobs > 0
        if purpose != Purpose.SLEEP:
            offers &= ~self.is_residence
        return np.flatnonzero(offers | self._is_of(self._named, purpose))

    def for_purposes(self, purposes: Mapping[str, PurposeSpec]) -> Places:
        """Return the same places, offering also what purposes name in `PurposeSpec.places`.

        Parameters
        ----------
        purposes : mapping of str to PurposeSpec
            All purposes of a tree of parameters. What others named before is forgotten.
        """
        named = tuple(
            tuple(name for name, row in purposes.items() if named_by(kind, row.places))
            for kind in self.category_names
        )
        return self if named == self._named else replace(self, named_purposes=named)

    @property
    def _named(self) -> tuple[tuple[str, ...], ...]:
        return self.named_purposes or ((),) * len(self.category_names)

    def _is_of(self, by_kind: tuple[tuple[str, ...], ...], purpose: str) -> Bool:
        """Return which places are of a kind that is for a purpose, shape (n,)."""
        is_for = np.array([purpose in purposes for purposes in by_kind], dtype=np.bool_)
        return is_for[self.category] if len(self) else np.zeros(0, dtype=np.bool_)

    def open_during(
        self,
        ids: Int,
        day: date,
        start_min: ArrayLike,
        end_min: ArrayLike,
        holidays: Collection[date] = frozenset(),
    ) -> Bool:
        """Return which places are open from start to end (see `OpeningTimes.is_open`).

        Parameters
        ----------
        ids : ndarray of int
            Places asked about.
        day : datetime.date
            A day.
        start_min, end_min : array_like of int
            Minutes of that day, which broadcast with `ids`; they may lie after midnight,
            beyond 1440.
        holidays : collection of datetime.date
            Days of the run that are public holidays too.

        Returns
        -------
        ndarray of bool
            True where the place is open all the while.
        """
        return self.opening_times.is_open(self.hours[ids], day, start_min, end_min, holidays)

    def with_hours(self, ids: Int, hours: Hours) -> Places:
        """Return the same places, some of them with other opening hours."""
        times, rows = self.opening_times.joined(OpeningTimes((hours,)))
        numbers = self.hours.copy()
        numbers[ids] = rows[0]
        return replace(self, hours=numbers, opening_times=times)

    def with_zone(self, zone: Int) -> Places:
        """Return the same places in other zones, shape (n,)."""
        return replace(self, zone=zone)

    def append(self, other: Places) -> Places:
        """Return these places followed by `other`; ids of the former do not change."""
        ours, theirs = self._kinds, other._kinds
        kinds = (*ours, *sorted(set(theirs) - set(ours)))
        code = np.array([kinds.index(kind) for kind in theirs], dtype=np.int64)
        named = {
            **dict(zip(theirs, other._named, strict=True)),
            **dict(zip(ours, self._named, strict=True)),
        }
        joined: dict[str, Any] = {column: _join(self, other, column) for column in _columns()}
        joined["category"] = np.concatenate([self.category, code[other.category]])
        opening_times, hours = self.opening_times.joined(other.opening_times)
        joined["hours"] = np.concatenate([self.hours, hours[other.hours]])
        return Places(
            category_names=tuple(name for name, _ in kinds),
            category_purposes=tuple(purposes for _, purposes in kinds),
            named_purposes=tuple(named[kind] for kind in kinds),
            opening_times=opening_times,
            **joined,
        )

    @property
    def _kinds(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The kinds that occur, each with what it is for."""
        return tuple(zip(self.category_names, self.category_purposes, strict=True))


_BY_KIND = ("category_names", "category_purposes", "named_purposes", "opening_times")


def place_label(place: int, name: str, kind: str) -> str:
    """Return what a place is called: its name, or its kind and id if it has none.

    Parameters
    ----------
    place : int
        Its id.
    name : str
        Its name, empty if it has none.
    kind : str
        Its category.

    Examples
    --------
    >>> place_label(7, "Corner Cafe", "cafe"), place_label(8, "", "corner_shop")
    ('Corner Cafe', 'corner shop 8')
    """
    return name or f"{kind.replace('_', ' ')} {place}"


def _columns() -> tuple[str, ...]:
    """Return the names of the fields that hold one entry per place."""
    return tuple(field.name for field in fields(Places) if field.name not in _BY_KIND)


def _join(first: Places, second: Places, column: str) -> object:
    """Join one column of two tables."""
    ours, theirs = getattr(first, column), getattr(second, column)
    return ours + theirs if isinstance(ours, tuple) else np.concatenate([ours, theirs])
