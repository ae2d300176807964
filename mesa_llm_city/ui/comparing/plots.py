"""Charts of what differs between two runs: both beside each other, and the difference."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN, Clock
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.ui.charts.plots.plot import (
    Entry,
    Plot,
    clear_of,
    folded,
    key_colours,
    numbers,
    pair,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Labels", "both_plot", "difference_plot", "wave_plot"]

_SHOWN = ("#1565a8", "#6db8f2")
_OTHER = ("#b3541e", "#ffb26b")
_DIFFERENCE = pair("#6a4c93", "#c9a6f5")
_INK = pair("#1f2933", "#e8edf2")
_HAS_INTERVAL = [{"filter": "isValid(datum.low) && isValid(datum.high)"}]
_FAINT = 0.3
_MOST = 16
_DIGITS = 6
_WAVE_STEPS = 96
_SPAN = "(last_h - first_h)"
# Days, hours that are named by themselves, or parts of hours.
_STEP = (
    f"({_SPAN} > 48 ? 24 * ceil({_SPAN} / 192) : {_SPAN} > 9 ? 3 * ceil({_SPAN} / 27)"
    f" : {_SPAN} > 1.5 ? 1 : 0.25)"
)
_TICKS = f"sequence({_STEP} * ceil(first_h / {_STEP}), last_h + 0.01, {_STEP})"
_TIME = "format(floor(datum.{0} % 24), '02') + ':' + format(round(60 * (datum.{0} % 1)) % 60, '02')"
_TICK = (
    f"{_SPAN} > 48 ? 'day ' + (1 + floor(datum.value / 24)) : {_SPAN} > 1.5 ?"
    f" format(datum.value % 24, '02') : {_TIME.format('value')}"
)
_MOMENT = "'day ' + (1 + floor(datum.hour / 24)) + ', ' + " + _TIME.format("hour")
_MIDDLE = "(datum.hour + datum.end) / 2"


class Labels(NamedTuple):
    """What a measure is called.

    Attributes
    ----------
    title : str
        Heading of its charts.
    unit : str
        What its numbers count.
    label : callable
        Returns a kind that is counted, such as a purpose, in words.
    """

    title: str
    unit: str
    label: Callable[[str], str] = str


def both_plot(rows: pd.DataFrame, names: tuple[str, str], labels: Labels, clock: Clock) -> Plot:
    """Return a measure of both runs beside each other.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``shown``, ``other``, ``difference``, ``low`` and ``high`` (see
        `futures.difference.compared`) by kind, or by time; at least one row.
    names : (str, str)
        Names of the runs.
    labels : Labels
        What the measure is called.
    clock : Clock
        Calendar of the runs.
    """
    drawn = _drawn(rows, labels, clock)
    colours = zip(("shown", "other"), names, (_SHOWN, _OTHER), strict=True)
    legend = tuple(Entry(key, name, *colour) for key, name, colour in colours)
    told = ", ".join(
        f"{name} {rows[key].mean():,.4g}"
        for name, key in zip(names, ("shown", "other"), strict=True)
    )
    return Plot(
        description=f"{labels.title} of both runs, {labels.unit}; mean of what is shown: {told}.",
        spec=_both_spec(legend, labels.unit, by_time=drawn.by_time, is_fine=drawn.is_fine),
        data={"rows": drawn.table},
        signals=drawn.signals,
        legend=legend,
        caption=drawn.caption,
    )


def difference_plot(
    rows: pd.DataFrame, names: tuple[str, str], labels: Labels, clock: Clock
) -> Plot:
    """Return the difference of a measure, other minus shown, with intervals where there are any.

    Parameters
    ----------
    rows, names, labels, clock
        See `both_plot`.
    """
    drawn = _drawn(rows, labels, clock)
    greatest = rows["difference"].abs().max()
    return Plot(
        description=f"{labels.title}: {names[1]} minus {names[0]}, {labels.unit}; "
        f"at most {greatest:,.4g} more or less.",
        spec=_difference_spec(
            f"{names[1]} minus {names[0]}", by_time=drawn.by_time, is_fine=drawn.is_fine
        ),
        data={"rows": drawn.table},
        signals={**drawn.signals, **_ends(rows)},
    )


def _ends(rows: pd.DataFrame) -> dict[str, float]:
    """Return the ends of the axis of a difference: around 0, and never both 0."""
    known = rows[["difference", "low", "high"]].to_numpy(dtype=np.float64)
    known = known[np.isfinite(known)]
    least, most = float(known.min(initial=0.0)), float(known.max(initial=0.0))
    return {"least": least, "most": most} if least < most else {"least": -1.0, "most": 1.0}


def wave_plot(first_min: Int, people: int, begin: int, end: int) -> Plot:
    """Return the share of people whose day differs by then, as time goes on.

    Parameters
    ----------
    first_min : ndarray of int64, shape (k,)
        Minute of the first difference of each person who differs.
    people : int
        How many people were compared.
    begin, end : int
        From when and until when, in minutes since the start of the run.
    """
    at = np.unique(np.linspace(begin, end, _WAVE_STEPS + 1).astype(np.int64))
    shares = 100.0 * np.searchsorted(np.sort(first_min), at, side="right") / max(people, 1)
    return Plot(
        description=f"People whose day differs: {shares[-1]:.1f} % of {people:,} at the end.",
        spec=_wave_spec(),
        data={"rows": {"hour": numbers(at / HOUR_MIN), "share": numbers(shares)}},
        signals={
            "first_h": begin / HOUR_MIN,
            "last_h": max(end, begin + 1) / HOUR_MIN,
            "most": float(shares[-1]) or 1.0,
        },
    )


class _Drawn(NamedTuple):
    """Rows of a measure as the browser takes them."""

    table: dict[str, list[Any]]
    signals: dict[str, Any]
    by_time: bool
    is_fine: bool
    caption: str


def _drawn(rows: pd.DataFrame, labels: Labels, clock: Clock) -> _Drawn:
    if rows.index.dtype.kind == "M":
        return _over_time(rows, clock)
    known = rows.loc[rows["difference"].abs().sort_values(ascending=False, kind="stable").index]
    shown = known.iloc[:_MOST]
    left = len(known) - len(shown)
    table: dict[str, list[Any]] = {
        "row": list(range(len(shown))),
        "label": [labels.label(str(one)) for one in shown.index],
        **_columns(shown),
    }
    caption = f"the {_MOST} that differ most, of {len(known)}" if left else ""
    return _Drawn(table, {}, by_time=False, is_fine=False, caption=caption)


def _over_time(rows: pd.DataFrame, clock: Clock) -> _Drawn:
    minutes = minutes_of(rows.index.to_series(), clock)
    # Hours are drawn as wide as they are; steps as points of a line.
    width = HOUR_MIN if rows.index.name == "hour" else 0
    ends = minutes + width
    table = {"hour": numbers(minutes / HOUR_MIN), "end": numbers(ends / HOUR_MIN), **_columns(rows)}
    first, last = int(minutes[0]), int(ends[-1])
    signals = {"first_h": first / HOUR_MIN, "last_h": max(last, first + 1) / HOUR_MIN}
    return _Drawn(table, signals, by_time=True, is_fine=not width, caption="")


def _columns(rows: pd.DataFrame) -> dict[str, list[Any]]:
    names = ("shown", "other", "difference", "low", "high")
    values: list[Float] = [rows[name].to_numpy(dtype=np.float64) for name in names]
    return {name: numbers(one, _DIGITS) for name, one in zip(names, values, strict=True)}


def _time_params() -> list[dict[str, Any]]:
    values = {"first_h": 0, "last_h": 24, "shown": []}
    return [{"name": name, "value": value} for name, value in values.items()]


def _time_axis(field: str = "hour") -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {
            "domain": [{"expr": "first_h"}, {"expr": "last_h"}],
            "nice": False,
            "padding": 0,
            "zero": False,
        },
        "axis": {
            "values": {"expr": _TICKS},
            "labelExpr": _TICK,
            "title": "time of the run",
            "grid": False,
            "labelOverlap": "greedy",
            "labelSeparation": 5,
        },
    }


def _kinds_axis() -> dict[str, Any]:
    return {
        "field": "label",
        "type": "nominal",
        "sort": {"field": "row", "op": "min"},
        "axis": {"title": None, "labelLimit": 120, "ticks": False, "labelOverlap": False},
    }


@lru_cache(maxsize=128)
def _both_spec(
    legend: tuple[Entry, ...], unit: str, *, by_time: bool, is_fine: bool
) -> dict[str, Any]:
    keys, names = [one.key for one in legend], [one.label for one in legend]
    transform = folded(keys, names, "value")
    # The name of a kind stays, that of the run gets a column of its own.
    transform[-1]["as"] = "run"
    value = {"field": "value", "type": "quantitative", "axis": {"title": unit, "tickCount": 5}}
    shared = {
        "color": key_colours(legend),
        "opacity": clear_of(),
        "tooltip": [
            _which(by_time=by_time),
            {"field": "run", "title": "run"},
            _number("value", unit),
        ],
    }
    if by_time:
        return _both_over_time(keys, transform, value, shared, is_fine=is_fine)
    return {
        "params": [{"name": "shown", "value": []}],
        "data": {"name": "rows"},
        "transform": transform,
        "mark": {"type": "bar"},
        "encoding": {
            "y": _kinds_axis(),
            "yOffset": {"field": "key", "scale": {"domain": keys}},
            "x": value,
            **shared,
        },
    }


def _both_over_time(
    keys: list[str],
    transform: list[dict[str, Any]],
    value: dict[str, Any],
    shared: dict[str, Any],
    *,
    is_fine: bool,
) -> dict[str, Any]:
    """Return lines of both runs; the second is dashed, so that both are seen where they meet."""
    points = {} if is_fine else {"point": {"filled": True, "size": 26}}
    dashes = {"domain": keys, "range": [[1, 0], [5, 3]]}
    return {
        "params": _time_params(),
        "data": {"name": "rows"},
        "transform": [*_moments(), *transform],
        "mark": {"type": "line", "strokeWidth": 1.8, **points},
        "encoding": {
            "x": _time_axis("hour" if is_fine else "middle"),
            "y": value | {"scale": {"zero": not is_fine}},
            "strokeDash": {"field": "key", "scale": dashes, "legend": None},
            **shared,
        },
    }


@lru_cache(maxsize=128)
def _difference_spec(title: str, *, by_time: bool, is_fine: bool) -> dict[str, Any]:
    tip = [
        _which(by_time=by_time),
        _number("difference", title),
        _number("low", "low"),
        _number("high", "high"),
    ]
    value = {
        "type": "quantitative",
        "scale": {"domain": [{"expr": "least"}, {"expr": "most"}], "nice": True},
        "axis": {"title": title, "tickCount": 5, "format": ",.4~g"},
    }
    if not by_time:
        return _difference_by_kind(value, tip)
    layer = _fine_layers(value, tip) if is_fine else _hourly_layers(value, tip)
    return {
        "params": [*_time_params(), *_end_params()],
        "data": {"name": "rows"},
        "transform": _moments(),
        "layer": layer,
    }


def _difference_by_kind(value: dict[str, Any], tip: list[dict[str, Any]]) -> dict[str, Any]:
    kinds = {"y": _kinds_axis(), "tooltip": tip}
    bars = {
        "mark": {"type": "bar", "color": _DIFFERENCE, "height": {"band": 0.72}},
        "encoding": {**kinds, "x": value | {"field": "difference"}},
    }
    lines = {
        "transform": _HAS_INTERVAL,
        "mark": {"type": "rule", "color": _INK, "strokeWidth": 1.4},
        "encoding": {**kinds, "x": value | {"field": "low"}, "x2": {"field": "high"}},
    }
    return {
        "params": [{"name": "shown", "value": []}, *_end_params()],
        "data": {"name": "rows"},
        "layer": [bars, _zero("x"), lines],
    }


def _hourly_layers(value: dict[str, Any], tip: list[dict[str, Any]]) -> list[dict[str, Any]]:
    bars = {
        "mark": {"type": "bar", "color": _DIFFERENCE},
        "encoding": {
            "x": _time_axis(),
            "x2": {"field": "end"},
            "y": value | {"field": "difference"},
            "y2": {"datum": 0},
            "tooltip": tip,
        },
    }
    lines = {
        "transform": _HAS_INTERVAL,
        "mark": {"type": "rule", "color": _INK, "strokeWidth": 1.4},
        "encoding": {
            "x": _time_axis("middle"),
            "y": value | {"field": "low"},
            "y2": {"field": "high"},
            "tooltip": tip,
        },
    }
    return [bars, _zero("y"), lines]


def _fine_layers(value: dict[str, Any], tip: list[dict[str, Any]]) -> list[dict[str, Any]]:
    spread = {
        "transform": _HAS_INTERVAL,
        "mark": {"type": "area", "color": _DIFFERENCE, "opacity": _FAINT},
        "encoding": {
            "x": _time_axis(),
            "y": value | {"field": "low"},
            "y2": {"field": "high"},
        },
    }
    line = {
        "mark": {"type": "line", "color": _DIFFERENCE, "strokeWidth": 1.8},
        "encoding": {"x": _time_axis(), "y": value | {"field": "difference"}, "tooltip": tip},
    }
    return [spread, _zero("y"), line]


@lru_cache(maxsize=1)
def _wave_spec() -> dict[str, Any]:
    title = "% of the people"
    scale = {"domainMin": 0, "domainMax": {"expr": "most"}, "nice": True}
    axis = {"title": title, "tickCount": 5}
    share = {"field": "share", "type": "quantitative", "axis": axis, "scale": scale}
    mark = {
        "type": "area",
        "interpolate": "step-after",
        "color": _DIFFERENCE,
        "fillOpacity": _FAINT,
        "line": {"color": _DIFFERENCE},
    }
    return {
        "params": [*_time_params(), {"name": "most", "value": 1}],
        "data": {"name": "rows"},
        "transform": [{"calculate": _MOMENT, "as": "moment"}],
        "mark": mark,
        "encoding": {
            "x": _time_axis(),
            "y": share,
            "tooltip": [_which(by_time=True), _number("share", title)],
        },
    }


def _moments() -> list[dict[str, Any]]:
    return [{"calculate": _MOMENT, "as": "moment"}, {"calculate": _MIDDLE, "as": "middle"}]


def _end_params() -> list[dict[str, Any]]:
    return [{"name": "least", "value": -1}, {"name": "most", "value": 1}]


def _zero(channel: str) -> dict[str, Any]:
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": _INK, "strokeWidth": 1},
        "encoding": {channel: {"datum": 0, "type": "quantitative"}},
    }


def _which(*, by_time: bool) -> dict[str, Any]:
    """Return what a tip says first: when, or of what."""
    return {"field": "moment", "title": "at"} if by_time else {"field": "label", "title": "of"}


def _number(field: str, title: str) -> dict[str, Any]:
    return {"field": field, "title": title, "format": ",.4~g"}
