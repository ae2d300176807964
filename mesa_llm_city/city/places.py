"""Places: columns of points that people live in, work in and go to."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN, WEEK_DAYS
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int, Purpose

__all__ = ["Place", "Places", "purpose_bit"]

_BITS = {purpose: 1 << place for place, purpose in enumerate(Purpose)}


class Place(NamedTuple):
    """One place, read from the columns of `Places`."""

    id: int
    name: str
    category: str
    purposes: tuple[Purpose, ...]
    x: float
    y: float
    zone: int
    jobs: float
    residents: float


def purpose_bit(purpose: Purpose) -> int:
    """Return the bit that stands for a purpose in `Places.purposes`.

    Examples
    --------
    >>> purpose_bit(Purpose.SLEEP), purpose_bit(Purpose.HOUSEWORK)
    (1, 4)
    """
    return _BITS[purpose]


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
    category_names : tuple of str
        The kinds that occur.
    purposes : ndarray of uint32, shape (n,)
        What it offers, one bit per purpose (see `purpose_bit`).
    name, source_id : tuple of str, length n
        Its name, empty if unknown, and its id in the file it came from.
    jobs, residents : ndarray of float64, shape (n,)
        People who work and who live there; relative size.
    price, rating : ndarray of float64, shape (n,)
        From 0, cheap or bad, to 1, dear or good; NaN if unknown.
    opens, closes : ndarray of int16, shape (n, 7)
        Minutes of each day, Monday first; a closing after midnight exceeds 1440,
        and a closed day has 0 in both.

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
    purposes: NDArray[np.uint32]
    name: tuple[str, ...]
    source_id: tuple[str, ...]
    jobs: Float
    residents: Float
    price: Float
    rating: Float
    opens: NDArray[np.int16]
    closes: NDArray[np.int16]

    def __post_init__(self) -> None:
        """Check that all columns are of one length."""
        lengths = {name: len(getattr(self, name)) for name in _columns()}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} {length}" for name, length in lengths.items())
            message = f"columns of places differ in length: {told}; give one entry per place"
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
            purposes=tuple(p for p in Purpose if self.purposes[place] & _BITS[p]),
            x=float(self.x[place]),
            y=float(self.y[place]),
            zone=int(self.zone[place]),
            jobs=float(self.jobs[place]),
            residents=float(self.residents[place]),
        )

    @property
    def is_residence(self) -> NDArray[np.bool_]:
        """Whether people sleep there, shape (n,)."""
        sleeps: NDArray[np.bool_] = (self.purposes & _BITS[Purpose.SLEEP]) != 0
        return sleeps

    def offering(self, purpose: Purpose) -> Int:
        """Return the ids of the places to go to for a purpose, in order.

        Homes serve their residents alone, so residences are left out unless
        `purpose` is `Purpose.SLEEP`.
        """
        offers = (self.purposes & _BITS[purpose]) != 0
        if purpose != Purpose.SLEEP:
            offers &= ~self.is_residence
        return np.flatnonzero(offers)

    def open_during(
        self, ids: Int, weekday: int, start_min: int, end_min: int
    ) -> NDArray[np.bool_]:
        """Tell which places are open from start to end.

        Parameters
        ----------
        ids : ndarray of int64, shape (k,)
            Places asked about.
        weekday : int
            Day on which it starts, 0 for Monday.
        start_min, end_min : int
            Minutes of that day; the end may lie after midnight, beyond 1440.

        Returns
        -------
        ndarray of bool, shape (k,)
            True where one opening span covers it, or where spans meet at midnight.
        """
        days, start = divmod(start_min, DAY_MIN)
        day, end = weekday + days, end_min - days * DAY_MIN
        is_open = self._covered(ids, day, start, min(end, DAY_MIN))
        if end > DAY_MIN:
            is_open &= self._covered(ids, day + 1, 0, end - DAY_MIN)
        return is_open

    def _covered(self, ids: Int, day: int, start: int, end: int) -> NDArray[np.bool_]:
        """Tell which are open for a part of one day, by its own span or the last night's."""
        today, yesterday = day % WEEK_DAYS, (day - 1) % WEEK_DAYS
        opens, closes = self.opens[ids, today], self.closes[ids, today]
        late = self.closes[ids, yesterday] - DAY_MIN
        own: NDArray[np.bool_] = (opens <= start) & (end <= closes) & (closes > opens)
        last_night: NDArray[np.bool_] = (end <= late) & (late > 0)
        return np.asarray(own | last_night)

    def with_zone(self, zone: Int) -> Places:
        """Return the same places in other zones, shape (n,)."""
        return replace(self, zone=zone)

    def append(self, other: Places) -> Places:
        """Return these places followed by `other`; ids of the former do not change."""
        names = (
            *self.category_names,
            *sorted(set(other.category_names) - set(self.category_names)),
        )
        code = np.array([names.index(name) for name in other.category_names], dtype=np.int64)
        joined: dict[str, Any] = {column: _join(self, other, column) for column in _columns()}
        joined["category"] = np.concatenate([self.category, code[other.category]])
        return Places(category_names=names, **joined)


def _columns() -> tuple[str, ...]:
    """Return the names of the fields that hold one entry per place."""
    return tuple(field.name for field in fields(Places) if field.name != "category_names")


def _join(first: Places, second: Places, column: str) -> object:
    """Join one column of two tables."""
    ours, theirs = getattr(first, column), getattr(second, column)
    return ours + theirs if isinstance(ours, tuple) else np.concatenate([ours, theirs])
