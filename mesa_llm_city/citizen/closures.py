"""Closures: which places and modes are closed at the moment, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.values import Int

__all__ = ["UNTIL_OPENED", "Closure", "Closures"]

UNTIL_OPENED = 2**40
"""Minute at which a closure ends that has no end: later than any run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Places and modes that are closed together.

    Parameters
    ----------
    places : tuple of int
        Ids of the places.
    modes : tuple of str
        Names of the modes of travel.
    links : tuple of int
        Rows of the streets of the city's network.
    until_min : int, default UNTIL_OPENED
        When they open again, in minutes since the start of the run.
    text : str
        What is closed and why, as people hear it.
    """

    places: tuple[int, ...] = ()
    modes: tuple[str, ...] = ()
    links: tuple[int, ...] = ()
    until_min: int = UNTIL_OPENED
    text: str = ""

    def without(
        self, places: Iterable[int] = (), modes: Iterable[str] = (), links: Iterable[int] = ()
    ) -> Self:
        """Return what is left when some of it opens."""
        gone, ways, streets = set(places), set(modes), set(links)
        return type(self)(
            places=tuple(one for one in self.places if one not in gone),
            modes=tuple(one for one in self.modes if one not in ways),
            links=tuple(one for one in self.links if one not in streets),
            until_min=self.until_min,
            text=self.text,
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is closed by it."""
        return not (self.places or self.modes or self.links)


class Closures:
    """What is closed in a city now; nobody knows of what will close later.

    Only interventions change it. While nothing is closed it costs a look at `active`.

    Attributes
    ----------
    active : bool
        Whether anything is closed.
    modes : frozenset of str
        Modes that are closed.
    links : frozenset of int
        Rows of streets that are closed.

    Examples
    --------
    >>> closures = Closures()
    >>> closures.close(0, Closure(places=(3, 4), until_min=900))
    >>> closures.is_closed(4, 800), closures.is_closed(4, 900), closures.is_closed(5, 800)
    (True, False, False)
    """

    __slots__ = ("_closed", "_until", "active", "links", "modes")

    def __init__(self) -> None:
        self._closed: dict[int, Closure] = {}
        self._until: Int = np.empty(0, dtype=np.int64)
        self.active = False
        self.modes: frozenset[str] = frozenset()
        self.links: frozenset[int] = frozenset()

    def close(self, number: int, closure: Closure) -> None:
        """Close places and modes, as closure `number`."""
        self._closed[number] = closure
        self._count()

    def open(self, number: int) -> Closure | None:
        """End a closure, and return it; None if it has been opened before."""
        found = self._closed.pop(number, None)
        self._count()
        return found

    def __iter__(self) -> Iterator[tuple[int, Closure]]:
        """Iterate over numbers and closures, as they are now."""
        return iter(list(self._closed.items()))

    def is_closed(self, place: int, minute: int) -> bool:
        """Tell whether a place is closed at `minute`."""
        return self.until(place) > minute

    def until(self, place: int) -> int:
        """Return when a place opens, in minutes; 0 if it is not closed."""
        return int(self._until[place]) if place < len(self._until) else 0

    def is_open(self, places: Int, minute: ArrayLike) -> NDArray[np.bool_]:
        """Return which of `places` are not closed at `minute`; both broadcast."""
        known = places < len(self._until)
        until = np.zeros(places.shape, dtype=np.int64)
        until[known] = self._until[places[known]]
        return until <= np.asarray(minute)

    def text_of(self, place: int) -> str:
        """Return why a place is closed, in words; empty if it is not closed."""
        found = [one.text for one in self._closed.values() if place in one.places and one.text]
        return "; ".join(dict.fromkeys(found))

    def told(self, minute: int, clock: Clock) -> tuple[str, ...]:
        """Return what is closed at `minute`, a line for each closure."""
        return tuple(
            f"{one.text or 'closed'}{_until_words(one.until_min, minute, clock)}"
            for one in self._closed.values()
            if one.until_min > minute
        )

    def state(self) -> dict[str, Any]:
        """Return what is closed, as plain values."""
        return {
            "closed": [
                {
                    "number": number,
                    "places": list(one.places),
                    "modes": list(one.modes),
                    "links": list(one.links),
                    "until_min": one.until_min,
                    "text": one.text,
                }
                for number, one in self._closed.items()
            ]
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._closed = {
            int(one["number"]): Closure(
                places=tuple(one["places"]),
                modes=tuple(one["modes"]),
                links=tuple(one["links"]),
                until_min=int(one["until_min"]),
                text=str(one["text"]),
            )
            for one in state["closed"]
        }
        self._count()

    def _count(self) -> None:
        """Work out again what is closed by all closures together."""
        closed = list(self._closed.values())
        self.active = bool(closed)
        self.modes = frozenset(mode for one in closed for mode in one.modes)
        self.links = frozenset(link for one in closed for link in one.links)
        last = max((max(one.places, default=-1) for one in closed), default=-1)
        self._until = np.zeros(last + 1, dtype=np.int64)
        for one in closed:
            rows = np.array(one.places, dtype=np.int64)
            self._until[rows] = np.maximum(self._until[rows], one.until_min)


def _until_words(until: int, minute: int, clock: Clock) -> str:
    if until >= UNTIL_OPENED:
        return ""
    is_today = clock.day(until) == clock.day(minute)
    return f" until {clock.at(until):{'%H:%M' if is_today else '%A %H:%M'}}"
