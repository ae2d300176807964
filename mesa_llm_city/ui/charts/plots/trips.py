"""Trips: departures by hour and mode, today and as on earlier days."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.hourly import DAY_H
from mesa_llm_city.experiments.palette import OTHER, Group
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.modes import ModeSpec
from mesa_llm_city.ui.charts.plots.plot import (
    Entry,
    Pick,
    Plot,
    clear_of,
    day_spec,
    entries_of,
    folded,
    hint,
    hours_axis,
    key_colours,
    numbers,
)
from mesa_llm_city.ui.charts.time_of_day import named, now_h
from mesa_llm_city.ui.person.selection import NOBODY
from mesa_llm_city.ui.views.counts import counts_of
from mesa_llm_city.ui.views.protocols import CityView

__all__ = ["trips_plot"]

_EXPECTED = 0.4
_GAP_H = 0.05
_TEXT = "light-dark(#1f2933, #e8edf2)"
_CLOCK = "format(datum.hour, '02') + ':00-' + format(datum.hour + 1, '02') + ':00'"


def trips_plot(
    view: CityView, person: int = NOBODY, *, observed: Float | None = None, source: str = ""
) -> Plot:
    """Return departures per 100 people by hour and mode; paler, what earlier days lead to expect.

    Parameters
    ----------
    view : CityView
        The city.
    person : int, optional
        Not used; everybody counts.
    observed : ndarray, shape (24,), optional
        Observed shares of the trips of a day that begin in each hour, adding up to 1; drawn as
        a dashed line of as many trips as the city makes.
    source : str, optional
        Where they come from.
    """
    del person
    profile = counts_of(view).trips(view)
    if not np.nansum([profile.today, profile.before]):
        return hint("Nobody has arrived anywhere yet: go on until the morning.")
    modes = view.parameters.modes
    now = now_h(view)
    expected, done = np.nan_to_num(profile.before), np.nan_to_num(profile.today)
    expected[:, : int(now)] = 0.0
    rows = len(done) if (expected[-1] + done[-1]).any() else len(done) - 1
    usual = profile.before.sum(axis=0)
    table = {
        "hour": list(range(DAY_H)),
        **{f"m{row:02d}": numbers(one) for row, one in enumerate(done[:rows])},
        **{f"e{row:02d}": numbers(one) for row, one in enumerate(expected[:rows])},
        "usual": numbers(usual),
    }
    if observed is not None:
        table["observed"] = numbers(observed * _trips_of_a_day(done, expected, usual))
    total = named([*(one.label for one in modes.values()), OTHER.label], done.sum(axis=1))
    return Plot(
        description="Trips today per 100 people, by mode: "
        + ", ".join(f"{label} {count:.0f}" for label, count in total)
        + ".",
        spec=_spec(view.parameters, rows, has_observed=observed is not None),
        data={"trips": table},
        signals={"now": round(now, 3)},
        legend=_legend(view.parameters, rows),
        picks={f"m{row:02d}": Pick("modes", frozenset({name})) for row, name in enumerate(modes)},
        caption=_caption(usual, observed, source),
        has_hours=True,
    )


def _trips_of_a_day(done: Float, expected: Float, usual: Float) -> float:
    """Return how many trips a day has: on earlier days, or else what has been made so far."""
    whole = usual if not np.isnan(usual).all() else (done + expected).sum(axis=0)
    return float(whole.sum())


def _caption(usual: Float, observed: Float | None, source: str) -> str:
    parts = []
    if not np.isnan(usual).all():
        parts.append("dotted: days before")
    if observed is not None:
        parts.append(f"dashed: observed{source and f' ({source})'}, scaled to as many trips")
    return "; ".join(parts)


@lru_cache(maxsize=16)
def _legend(parameters: CityParameters, rows: int) -> tuple[Entry, ...]:
    kinds: tuple[ModeSpec | Group, ...] = (*parameters.modes.values(), OTHER)
    return entries_of(kinds[:rows], "m")


@lru_cache(maxsize=16)
def _spec(parameters: CityParameters, rows: int, *, has_observed: bool) -> dict[str, Any]:
    legend = _legend(parameters, rows)
    return day_spec(
        "trips",
        _bars(legend, "m", 1.0),
        _bars(legend, "e", _EXPECTED),
        _line("usual", [1, 2], _TEXT, "days before"),
        *([_line("observed", [5, 3], _TEXT, "observed")] if has_observed else []),
    )


def _bars(legend: Sequence[Entry], letter: str, opacity: float) -> dict[str, Any]:
    labels = [one.label for one in legend]
    columns = [f"{letter}{one.key[1:]}" for one in legend]
    return {
        "transform": [
            *folded(columns, labels, "trips"),
            {"calculate": "'m' + slice(datum.key, 1)", "as": "key"},
            {"filter": "datum.trips > 0"},
            {"calculate": f"datum.hour + {_GAP_H}", "as": "begin"},
            {"calculate": f"datum.hour + {1.0 - _GAP_H}", "as": "end"},
            {"calculate": _CLOCK, "as": "clock"},
        ],
        "mark": {"type": "bar", "orient": "vertical"},
        "encoding": {
            "x": hours_axis("begin"),
            "x2": {"field": "end"},
            "y": {
                "field": "trips",
                "type": "quantitative",
                "stack": "zero",
                "axis": {"title": "trips per 100 people", "tickCount": 5},
            },
            "color": key_colours(legend),
            "order": {"field": "rank", "type": "quantitative"},
            "opacity": clear_of(opacity),
            "tooltip": [
                {"field": "label", "title": "by"},
                {"field": "clock", "title": "at"},
                {"field": "trips", "title": "trips per 100 people", "format": ".1f"},
            ],
        },
    }


def _line(field: str, dash: list[int], colour: str, title: str) -> dict[str, Any]:
    return {
        "transform": [
            {"calculate": "datum.hour + 0.5", "as": "middle"},
            {"calculate": _CLOCK, "as": "clock"},
        ],
        "mark": {"type": "line", "strokeDash": dash, "strokeWidth": 1.3, "color": colour},
        "encoding": {
            "x": hours_axis("middle"),
            "y": {"field": field, "type": "quantitative"},
            "tooltip": [
                {"field": "clock", "title": "at"},
                {"field": field, "title": f"{title}, per 100 people", "format": ".1f"},
            ],
        },
    }
