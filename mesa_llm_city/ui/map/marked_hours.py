"""The hours that the reader has marked: which trips and visits the map shows of them."""

from __future__ import annotations

from collections.abc import Callable
from threading import Timer
from typing import NamedTuple

import numpy as np
import solara

from mesa_llm_city.city.polylines import Polylines
from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.ui.focus import TimeRange, time_range
from mesa_llm_city.ui.map.canvas import Frame, Packed
from mesa_llm_city.ui.map.slowly import use_slowly
from mesa_llm_city.ui.person.selection import source_of
from mesa_llm_city.ui.views.past_trips import PastTrips, line_finder, past_trips
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.span import Span
from mesa_llm_city.ui.views.trip_lines import Going, MovingLines
from mesa_llm_city.ui.views.zone_measures import VISITS

__all__ = ["MarkedHours", "use_marked_hours"]

_MOST_LINES = 1500
"""Some 100 KB."""

_STEPS = 40_000
"""Junctions that may be visited in one reading to find ways: some 8 ms of a processor."""

_LOOK_AGAIN_S = 0.25
_NO_LINES: Packed = {"past_xy": b"", "past_sizes": b"", "past_modes": b""}


class MarkedHours(NamedTuple):
    """What the map shows of the marked hours.

    Attributes
    ----------
    span : Span or None
        The hours on the latest day on which they have begun; None if none are marked.
    traits : dict
        Traits of the map.
    clear : callable
        Takes the mark away.
    """

    span: Span | None
    traits: Packed
    clear: Callable[[], None]


class _Lines:
    """Lines of past trips, found a few at a time."""

    def __init__(self, trips: PastTrips) -> None:
        self.trips = trips
        self._moving = MovingLines(_STEPS)
        self._readings = 0

    def read(self, view: CityView) -> tuple[Polylines, Bool]:
        """Look for some more lines and return all, and which of them were found."""
        finder, trips = line_finder(view), self.trips
        if finder is None:
            return Polylines.straight(trips.ends), np.ones(len(trips.ends), dtype=np.bool_)
        self._readings += 1
        going = Going(np.arange(len(trips.ends)), trips.ends, trips.mode)
        return self._moving.at(self._readings, going, finder)


def use_marked_hours(view: CityView, frame: Frame, *, has_trips: bool, measure: str) -> MarkedHours:
    """Return what the map shows of the marked hours, inside a component.

    Trips are those that began in these hours and have ended; some of them are drawn, as still
    lines, as soon as their ways are found.

    Parameters
    ----------
    view : CityView
        The city.
    frame : Frame
        Frame of the city.
    has_trips : bool
        Whether the layer of trips is shown.
    measure : str
        What zones are coloured by.
    """
    marked, source = time_range(view), source_of(view)
    hours = marked.value
    wanted = hours if has_trips else None
    known = _known_for(wanted, view.minute, use_slowly(view.minute))
    lines = solara.use_memo(lambda: _lines_in(view, wanted), [source, *known])
    looked, look_again = solara.use_state(0)
    drawn, is_whole = solara.use_memo(
        lambda: (_NO_LINES, True) if lines is None else _drawn(view, frame, lines),
        [lines, frame, looked],
    )

    def come_again() -> Callable[[], None] | None:
        if is_whole:
            return None
        timer = Timer(_LOOK_AGAIN_S, lambda: look_again(_next))
        timer.daemon = True
        timer.start()
        return timer.cancel

    solara.use_effect(come_again, [is_whole, looked, lines])
    if hours is None:
        return MarkedHours(None, {"hours": {}, **drawn}, lambda: marked.set(None))
    about = {
        "label": hours.in_words(view.minute),
        "trips": 0 if lines is None else lines.trips.total,
        "drawn": 0 if lines is None else len(lines.trips.mode),
        "visits": measure == VISITS,
    }
    span = hours.latest(view.minute)
    return MarkedHours(span, {"hours": about, **drawn}, lambda: marked.set(None))


def _known_for(
    hours: TimeRange | None, minute: int, slowly: int
) -> tuple[TimeRange | None, int, int]:
    """Return what the lines are known for: they are found anew when any of it changes."""
    # Hours that begin within a quarter begin on another day.
    begun = -1 if hours is None else hours.latest(minute).start
    return hours, begun, slowly


def _lines_in(view: CityView, hours: TimeRange | None) -> _Lines | None:
    if hours is None:
        return None
    return _Lines(past_trips(view, hours.latest(view.minute), most=_MOST_LINES))


def _drawn(view: CityView, frame: Frame, lines: _Lines) -> tuple[Packed, bool]:
    """Return the lines that are known, for the map, and whether these are all."""
    found, is_found = lines.read(view)
    rows: Int = np.flatnonzero(is_found)
    some = found.take(rows)
    traits = {
        "past_xy": frame.packed(some.points).tobytes(),
        "past_sizes": some.sizes.astype(np.uint16).tobytes(),
        "past_modes": lines.trips.mode[rows].astype(np.uint8).tobytes(),
    }
    return traits, len(rows) == len(is_found)


def _next(count: int) -> int:
    return count + 1
