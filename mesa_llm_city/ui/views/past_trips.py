"""The trips that began in a part of a run: how many, and some of them to be drawn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.ui.views.kinds import row_of, rows_of
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.span import Span
from mesa_llm_city.ui.views.trip_lines import TripLines

__all__ = ["PastTrips", "line_finder", "past_trips"]

# Knuth (1998), The art of computer programming, vol. 3, sec. 6.4: multiplicative hashing.
_SPREAD = 2_654_435_761
_WORD = 2**32


class PastTrips(NamedTuple):
    """Trips that are over, of which some are drawn.

    Attributes
    ----------
    total : int
        How many trips there were.
    ends : ndarray of float64, shape (n, 4)
        Of those that are drawn, from (x, y) to (x, y) in metres.
    mode : ndarray of int64, shape (n,)
        Rows of ``parameters.modes``; one beyond the last for an unknown mode.
    """

    total: int
    ends: Float
    mode: Int


def past_trips(view: CityView, span: Span, *, most: int) -> PastTrips:
    """Return the trips that began within a span and have ended by now.

    Parameters
    ----------
    view : CityView
        The city.
    span : Span
        When they began.
    most : int
        How many are drawn at most: a sample in which each trip is with equal chance, always
        the same of the same trips.
    """
    trips = view.table("trips")
    start = minutes_of(trips["start"], view.clock)
    known = span.holds(start) & (minutes_of(trips["end"], view.clock) <= view.minute)
    rows = np.flatnonzero(known)
    person = trips["person"].to_numpy(dtype=np.int64)[rows]
    mixed = (person * _SPREAD + start[rows] * (_SPREAD // 2)) % _WORD
    some = np.sort(rows[np.argsort(mixed, kind="stable")[:most]])
    modes, places = row_of(view.parameters.modes), view.basemap().places
    origin, there = (
        places[trips[name].to_numpy(dtype=np.int64)[some]] for name in ("origin", "destination")
    )
    mode = rows_of(trips["mode"].iloc[some], modes, unknown=len(modes))
    return PastTrips(len(rows), np.hstack([origin, there]), mode)


def line_finder(view: CityView) -> TripLines | None:
    """Return what finds the lines of trips in a city, None for a view that knows none."""
    if isinstance(view, LiveView):
        return view.trip_lines
    return view.history.track.finder if isinstance(view, Replay) else None
