"""How many trips lead from zone to zone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.span import Span

__all__ = ["SPANS", "Flows", "zone_flows"]

SPANS = ("hour", "day")
"""Trips of the last 60 minutes, or since midnight."""


class Flows(NamedTuple):
    """Trips between zones, most of them first.

    Attributes
    ----------
    ends : ndarray of float64, shape (m, 4)
        From the middle of one zone to that of another, (x, y) to (x, y) in metres.
    trips : ndarray of int64, shape (m,)
        How many trips there were.
    """

    ends: Float
    trips: Int


def zone_flows(view: CityView, span: str | Span = "hour", *, most: int = 60) -> Flows:
    """Return the strongest flows between different zones.

    Parameters
    ----------
    view : CityView
        The city.
    span : {"hour", "day"} or Span
        Trips that ended within the last 60 minutes, or since midnight; or those that began in
        a part of the run and have ended by now.
    most : int, default 60
        How many flows are returned at most.

    Raises
    ------
    ConfigError
        If `span` is something else.
    """
    if not isinstance(span, Span) and span not in SPANS:
        message = f"flows cover {' or '.join(SPANS)}, got {span!r}"
        raise ConfigError(message)
    trips, areas = view.table("trips"), view.basemap().areas
    end = minutes_of(trips["end"], view.clock)
    if isinstance(span, Span):
        counted = span.holds(minutes_of(trips["start"], view.clock))
    else:
        midnight = (view.minute - 1) // DAY_MIN * DAY_MIN
        counted = end > (view.minute - HOUR_MIN if span == "hour" else midnight)
    some = np.flatnonzero(counted & (end <= view.minute))
    begin, to = (
        areas.of_place[trips[name].to_numpy(dtype=np.int64)[some]]
        for name in ("origin", "destination")
    )
    apart = (begin >= 0) & (to >= 0) & (begin != to)
    pairs, count = np.unique(begin[apart] * len(areas) + to[apart], return_counts=True)
    chosen = np.argsort(-count, kind="stable")[:most]
    low, high = np.divmod(pairs[chosen], max(len(areas), 1))
    return Flows(np.hstack([areas.centre[low], areas.centre[high]]), count[chosen])
