"""Needs over the last 24 hours: the mean of all, and those of the person selected."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN, clock_time
from mesa_llm_city.experiments.hourly import DAY_H
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.ui.charts.plots.plot import (
    Entry,
    Plot,
    clear_of,
    folded,
    hint,
    key_colours,
    numbers,
)
from mesa_llm_city.ui.charts.time_of_day import name_of
from mesa_llm_city.ui.person.selection import NOBODY
from mesa_llm_city.ui.views.counts import counts_of
from mesa_llm_city.ui.views.protocols import CityView

__all__ = ["needs_plot"]

_TICK_H = 3
_DASHED_BESIDE_A_PERSON = {"condition": {"test": "person", "value": [4, 2]}}


def needs_plot(view: CityView, person: int = NOBODY) -> Plot:
    """Return the levels of needs, in percent.

    Parameters
    ----------
    view : CityView
        The city.
    person : int, optional
        Whose needs to show in full lines, beside the mean of all in dashes.
    """
    series = counts_of(view).needs(view, person)
    if len(series.minute) < 2:
        known = not view.minute or len(series.minute)
        soon = "Needs are written down each hour: go on for two hours."
        return hint(soon if known else "This run has no needs to show.")
    needs = view.parameters.needs.values()
    levels = [f"{one.label} {at:.0%}" for one, at in zip(needs, series.mean[-1], strict=True)]
    name = "" if np.isnan(series.own).all() else name_of(view, person)
    hours = series.minute / HOUR_MIN
    return Plot(
        description="Needs satisfied, on average, at "
        f"{clock_time(int(series.minute[-1]))}: {', '.join(levels)}.",
        spec=_spec(view.parameters),
        data={
            "needs": {
                "hour": numbers(hours),
                **{f"n{row:02d}": numbers(one) for row, one in enumerate(100.0 * series.mean.T)},
                **{f"o{row:02d}": numbers(one) for row, one in enumerate(100.0 * series.own.T)},
            }
        },
        signals={
            "person": name,
            "first_h": max(float(hours[-1]) - DAY_H, 0.0),
            "last_h": max(float(hours[-1]), 1.0),
        },
        legend=_legend(view.parameters),
        caption=f"full lines: {name}; dashes: mean of all" if name else "mean of all",
    )


@lru_cache(maxsize=8)
def _legend(parameters: CityParameters) -> tuple[Entry, ...]:
    return tuple(
        Entry(f"n{row:02d}", one.label, one.colour, one.colour_dark)
        for row, one in enumerate(parameters.needs.values())
    )


@lru_cache(maxsize=8)
def _spec(parameters: CityParameters) -> dict[str, Any]:
    legend = _legend(parameters)
    return {
        "params": [
            {"name": "shown", "value": []},
            {"name": "person", "value": ""},
            {"name": "first_h", "value": 0},
            {"name": "last_h", "value": DAY_H},
        ],
        "data": {"name": "needs"},
        "layer": [
            _lines(legend, "n", "'mean of all'", _DASHED_BESIDE_A_PERSON),
            _lines(legend, "o", "person", {}),
        ],
    }


def _lines(
    legend: Sequence[Entry], letter: str, whose: str, dash: dict[str, Any]
) -> dict[str, Any]:
    columns = [f"{letter}{one.key[1:]}" for one in legend]
    ticks = f"sequence({_TICK_H} * ceil(first_h / {_TICK_H}), last_h + 0.01, {_TICK_H})"
    return {
        "transform": [
            *folded(columns, [one.label for one in legend], "level"),
            {"calculate": "'n' + slice(datum.key, 1)", "as": "key"},
            {"filter": "datum.level != null"},
            {"calculate": whose, "as": "whose"},
            {"calculate": "format(datum.hour % 24, '02') + ':00'", "as": "clock"},
        ],
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": {
            "x": {
                "field": "hour",
                "type": "quantitative",
                "scale": {
                    "domain": [{"expr": "first_h"}, {"expr": "last_h"}],
                    "nice": False,
                    "zero": False,
                },
                "axis": {
                    "values": {"expr": ticks},
                    "labelExpr": "format(datum.value % 24, '02')",
                    "title": "time of day",
                    "grid": False,
                },
            },
            "y": {
                "field": "level",
                "type": "quantitative",
                "scale": {"domain": [0, 100]},
                "axis": {"title": "satisfied (%)", "tickCount": 5},
            },
            "color": key_colours(legend),
            "opacity": clear_of(),
            "strokeDash": {**dash, "value": [1, 0]},
            "tooltip": [
                {"field": "label", "title": "need"},
                {"field": "whose", "title": "of"},
                {"field": "clock", "title": "at"},
                {"field": "level", "title": "satisfied (%)", "format": ".0f"},
            ],
        },
    }
