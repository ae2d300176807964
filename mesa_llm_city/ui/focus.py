"""What the reader looks at closely: people of some activity, mode or place, and a time of day.

Charts set it; map, feed and networks follow. There is one of each per model and browser session,
as for the selected person (`person.selection`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
import solara

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, clock_time
from mesa_llm_city.ui.per_model import PerModel
from mesa_llm_city.ui.person.selection import source_of
from mesa_llm_city.ui.views.span import Span

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from mesa_llm_city.core.values import Float, Int
    from mesa_llm_city.ui.views.protocols import CityView, Crowd

__all__ = [
    "EVERYBODY",
    "Emphasis",
    "TimeRange",
    "emphasis",
    "emphasis_of",
    "share_focus",
    "time_range",
]

_AT_PLACE_M = 0.5
_GRAIN_MIN = 10


class TimeRange(NamedTuple):
    """A part of the day.

    Attributes
    ----------
    start, end : int
        In minutes of the day, from 0 to 1440; the end comes later.
    """

    start: int
    end: int

    @classmethod
    def of_hours(cls, start_h: float, end_h: float) -> Self | None:
        """Return the range between two hours of the day, to 10 minutes; None for an empty one.

        Examples
        --------
        >>> TimeRange.of_hours(7.02, 9.5)
        TimeRange(start=420, end=570)
        """
        low, high = sorted(
            _GRAIN_MIN * round(HOUR_MIN * min(max(one, 0.0), DAY_MIN / HOUR_MIN) / _GRAIN_MIN)
            for one in (start_h, end_h)
        )
        return cls(low, high) if low < high else None

    def latest(self, minute: int) -> Span:
        """Return the range on the latest day on which it has begun, as far as it is over.

        Parameters
        ----------
        minute : int
            Now, in minutes since midnight of the first day. A range that begins now has not begun
            yet; before it begins for the first time the span is empty.

        Examples
        --------
        >>> TimeRange(420, 540).latest(480), TimeRange(420, 540).latest(24 * 60 + 300)
        (Span(start=420, end=480), Span(start=420, end=540))
        """
        day = (minute - 1 - self.start) // DAY_MIN
        if day < 0:
            return Span(0, 0)
        start = day * DAY_MIN + self.start
        return Span(start, min(start + self.end - self.start, minute))

    def in_words(self, minute: int) -> str:
        """Return the range with its day, as the note on what follows it says it.

        Examples
        --------
        >>> TimeRange(420, 540).in_words(480), TimeRange(420, 540).in_words(60)
        ('07:00-09:00, day 1', '07:00-09:00, not begun yet')
        """
        span = self.latest(minute)
        when = f"day {span.start // DAY_MIN + 1}" if span.end else "not begun yet"
        return f"{self}, {when}"

    def __str__(self) -> str:
        """Return it as a text such as ``07:00-09:30``."""
        end = "24:00" if self.end == DAY_MIN else clock_time(self.end)
        return f"{clock_time(self.start)}-{end}"


class Emphasis(NamedTuple):
    """Whom the map shows clearly, others being pale; those of any kind listed, in all three.

    Attributes
    ----------
    purposes : frozenset of str
        What they do; empty for anything.
    modes : frozenset of str
        How they travel; empty for any way, at home too.
    places : frozenset of int
        Places where they are; empty for anywhere.
    """

    purposes: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    places: frozenset[int] = frozenset()

    def toggled(self, kind: str, values: Collection[Any]) -> Emphasis:
        """Return it with values of a kind added, or taken away if all of them are there.

        Parameters
        ----------
        kind : {"purposes", "modes", "places"}
            Which of the sets.
        values : collection
            What to add or to take away.

        Examples
        --------
        >>> EVERYBODY.toggled("modes", {"bus"}).toggled("modes", {"bus"}) == EVERYBODY
        True
        """
        now: frozenset[Any] = getattr(self, kind)
        changed: frozenset[Any] = now - set(values) if now.issuperset(values) else now | set(values)
        return Emphasis(**{**self._asdict(), kind: changed})


EVERYBODY = Emphasis()
"""Nobody is pale."""


def _no_range() -> TimeRange | None:
    return None


_EMPHASIS = PerModel(lambda: solara.reactive(EVERYBODY))
_RANGES = PerModel(lambda: solara.reactive(_no_range()))


def emphasis(model: object) -> solara.Reactive[Emphasis]:
    """Return whom the map of a model shows clearly, `EVERYBODY` at first.

    Parameters
    ----------
    model : CityModel or CityView
        The model itself and its live view share it.
    """
    return _EMPHASIS.of(source_of(model))


def time_range(model: object) -> solara.Reactive[TimeRange | None]:
    """Return the part of the day that the reader has marked in a chart, None for all of it.

    Parameters
    ----------
    model : CityModel or CityView
        The model itself and its live view share it.
    """
    return _RANGES.of(source_of(model))


def share_focus(model: object, other: object) -> None:
    """Let a model have what is marked in another one, from now on.

    Parameters
    ----------
    model : CityModel or CityView
        The model that gives its own up, such as a replay of the other.
    other : CityModel or CityView
        The model whose marks both have.
    """
    source = source_of(model)
    _EMPHASIS.share(source, emphasis(other))
    _RANGES.share(source, time_range(other))


def emphasis_of(view: CityView, crowd: Crowd, wanted: Emphasis) -> bytes:
    """Return who is shown clearly, uint8 a person: 1, or 0 for pale; empty if everybody is.

    Parameters
    ----------
    view : CityView
        The city.
    crowd : Crowd
        Where its people are and what they do.
    wanted : Emphasis
        Who is wanted.
    """
    if wanted == EVERYBODY:
        return b""
    shown = np.ones(len(crowd), dtype=np.bool_)
    if wanted.purposes:
        shown &= _is_any(crowd.doing, list(view.parameters.purposes), wanted.purposes)
    if wanted.modes:
        shown &= _is_any(crowd.mode, list(view.parameters.modes), wanted.modes)
    if wanted.places:
        shown &= _is_at(crowd, view.basemap().places[sorted(wanted.places)])
    return shown.astype(np.uint8).tobytes()


def _is_any(
    codes: NDArray[np.uint8] | NDArray[np.int8], names: list[str], wanted: frozenset[str]
) -> NDArray[np.bool_]:
    rows: Int = np.array([names.index(one) for one in wanted if one in names], dtype=np.int64)
    return np.isin(codes.astype(np.int64), rows)


def _is_at(crowd: Crowd, places: Float) -> NDArray[np.bool_]:
    """Return who stays at one of some places."""
    stays: NDArray[np.bool_] = crowd.mode < 0
    near = np.zeros(len(crowd), dtype=np.bool_)
    for x, y in places.tolist():
        near |= np.hypot(crowd.x - x, crowd.y - y) < _AT_PLACE_M
    return stays & near
