"""Time use: shares of people by activity and time of day, with observed shares beside them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.hourly import DAY_H
from mesa_llm_city.experiments.palette import palette_of
from mesa_llm_city.parameters import CityParameters
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

__all__ = ["NOBODY_LIVES", "time_use_plot"]

NOBODY_LIVES = "No citizen lives here whose time could be shown."
_EXPECTED = 0.45
_CLOCK = "format(floor(datum.hour), '02') + ':' + format(round(60 * (datum.hour % 1)), '02')"
_Y = {"type": "quantitative", "scale": {"domain": [0, 100], "nice": False}}


def time_use_plot(
    view: CityView, person: int = NOBODY, *, observed: Float | None = None, source: str = ""
) -> Plot:
    """Return the shares of people by activity: today, then the mean of earlier days, paler.

    Parameters
    ----------
    view : CityView
        The city.
    person : int, optional
        Not used; everybody counts.
    observed : ndarray, shape (groups, slots), optional
        Shares that were observed elsewhere, one row for each of
        ``palette_of(view.parameters).groups``; the borders between them are dashed.
    source : str, optional
        Where they come from.
    """
    del person
    if not view.minute:
        return hint("Nothing has happened yet: press Step or Play.")
    profile = counts_of(view).time_use(view)
    if profile.latest is None:
        return hint(NOBODY_LIVES)
    shown = np.where(np.isnan(profile.today), profile.before, profile.today)
    shares = 100.0 * np.nan_to_num(shown)
    groups = palette_of(view.parameters).groups
    # The last are other kinds, which most cities do not have.
    rows = len(groups) if shares[-1].any() else len(groups) - 1
    told = named([one.label for one in groups], profile.latest)
    data = {"shares": _table(shares[:rows], "g")}
    if observed is not None:
        data["observed"] = _table(100.0 * observed.cumsum(axis=0)[:-1], "o")
    return Plot(
        description=f"At {clock_time(view.minute)}: "
        + ", ".join(f"{label} {share:.0%}" for label, share in told)
        + ".",
        spec=_spec(view.parameters, rows, has_observed=observed is not None),
        data=data,
        signals={"now": round(now_h(view), 3)},
        legend=_legend(view.parameters, rows),
        picks={
            f"g{row:02d}": Pick("purposes", frozenset(group.purposes))
            for row, group in enumerate(groups[:rows])
            if group.purposes
        },
        caption="" if observed is None else f"dashed: observed{source and f' ({source})'}",
        has_hours=True,
    )


def _table(shares: Float, letter: str) -> dict[str, list[Any]]:
    """Return columns by the hour at which a slot begins, the last repeated at midnight."""
    count = shares.shape[1]
    hours = np.linspace(0.0, DAY_H, count + 1)
    ended = np.hstack([shares, shares[:, -1:]])
    columns = {f"{letter}{row:02d}": numbers(one, 2) for row, one in enumerate(ended)}
    return {"hour": numbers(hours), **columns}


@lru_cache(maxsize=16)
def _legend(parameters: CityParameters, rows: int) -> tuple[Entry, ...]:
    return entries_of(palette_of(parameters).groups[:rows], "g")


@lru_cache(maxsize=16)
def _spec(parameters: CityParameters, rows: int, *, has_observed: bool) -> dict[str, Any]:
    legend = _legend(parameters, rows)
    return day_spec(
        "shares",
        _areas(legend, "datum.hour <= now", 1.0),
        _areas(legend, "datum.hour >= now", _EXPECTED),
        *([_borders([one.label for one in legend])] if has_observed else []),
    )


def _areas(legend: Sequence[Entry], where: str, opacity: float) -> dict[str, Any]:
    keys, labels = [one.key for one in legend], [one.label for one in legend]
    return {
        "transform": [
            {"filter": where},
            *folded(keys, labels, "share"),
            {"calculate": _CLOCK, "as": "clock"},
        ],
        "mark": {"type": "area", "interpolate": "step-after"},
        "encoding": {
            "x": hours_axis(),
            "y": {
                "field": "share",
                "stack": "zero",
                "axis": {"title": "people (%)", "tickCount": 5},
                **_Y,
            },
            "color": key_colours(legend),
            "order": {"field": "rank", "type": "quantitative"},
            "opacity": clear_of(opacity),
            "tooltip": [
                {"field": "label", "title": "doing"},
                {"field": "clock", "title": "at"},
                {"field": "share", "title": "people (%)", "format": ".1f"},
            ],
        },
    }


def _borders(labels: Sequence[str]) -> dict[str, Any]:
    """Return the borders between observed shares, as dashed lines."""
    keys = [f"o{row:02d}" for row in range(len(labels) - 1)]
    return {
        "data": {"name": "observed"},
        "transform": [
            *folded(keys, labels[:-1], "border"),
            {"calculate": _CLOCK, "as": "clock"},
        ],
        "mark": {"type": "line", "strokeDash": [4, 3], "strokeWidth": 1.3},
        "encoding": {
            "x": hours_axis(),
            "y": {"field": "border", **_Y},
            "detail": {"field": "key"},
            "color": {"value": "light-dark(#1f2933, #ffffff)"},
            "tooltip": [
                {"field": "label", "title": "observed, up to"},
                {"field": "clock", "title": "at"},
                {"field": "border", "title": "people (%)", "format": ".1f"},
            ],
        },
    }
