"""Anything that a model reports, as a line over the run."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN, clock_time
from mesa_llm_city.ui.charts.plots.plot import Plot, hint, numbers
from mesa_llm_city.ui.person.selection import NOBODY
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.reporters import series_of

__all__ = ["reporter_plot"]

_COLOUR = "light-dark(#1565a8, #6db8f2)"
_LONG_H = 48
_TICKS = (
    f"last_h > {_LONG_H} ? sequence(0, last_h + 0.01, 24 * ceil(last_h / 192))"
    " : sequence(0, last_h + 0.01, 3 * ceil(last_h / 24))"
)
_TICK = (
    f"last_h > {_LONG_H} ? 'day ' + (1 + floor(datum.value / 24)) : format(datum.value % 24, '02')"
)
_MOMENT = (
    "'day ' + (1 + floor(datum.hour / 24)) + ', ' + format(floor(datum.hour % 24), '02') + ':'"
    " + format(round(60 * (datum.hour % 1)) % 60, '02')"
)


def reporter_plot(view: CityView, person: int = NOBODY, *, reporter: str) -> Plot:
    """Return what a model has reported at each step.

    Parameters
    ----------
    view : CityView
        The city.
    person : int, optional
        Not used.
    reporter : str
        One of `reporters_of`.
    """
    del person
    series = series_of(view, reporter)
    known = np.flatnonzero(~np.isnan(series.values))
    if not len(known):
        return hint("Nothing has been reported yet: press Step or Play.")
    last = int(known[-1])
    hours = series.minute / HOUR_MIN
    return Plot(
        description=f"{reporter} at {clock_time(int(series.minute[last]))}: "
        f"{series.values[last]:,.4g}.",
        spec=_spec(reporter),
        data={"series": {"hour": numbers(hours), "value": numbers(series.values, 6)}},
        signals={"last_h": max(float(hours[-1]), 1.0)},
    )


@lru_cache(maxsize=64)
def _spec(reporter: str) -> dict[str, Any]:
    return {
        "params": [{"name": "last_h", "value": 24}, {"name": "shown", "value": []}],
        "data": {"name": "series"},
        "transform": [{"calculate": _MOMENT, "as": "moment"}],
        "mark": {"type": "line", "color": _COLOUR, "strokeWidth": 1.6},
        "encoding": {
            "x": {
                "field": "hour",
                "type": "quantitative",
                "scale": {"domain": [0, {"expr": "last_h"}], "nice": False, "padding": 0},
                "axis": {
                    "values": {"expr": _TICKS},
                    "labelExpr": _TICK,
                    "title": "time of the run",
                    "grid": False,
                },
            },
            "y": {
                "field": "value",
                "type": "quantitative",
                "scale": {"zero": False},
                "axis": {"title": None, "tickCount": 5},
            },
            "tooltip": [
                {"field": "moment", "title": "at"},
                {"field": "value", "title": reporter, "format": ",.6~g"},
            ],
        },
    }
