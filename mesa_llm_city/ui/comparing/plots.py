"""Charts of what differs between two runs: both beside each other, and the difference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
_ZERO = pair("#1f2933", "#e8edf2")
_MOST = 14
_DIGITS = 6
_WAVE_STEPS = 96
_SPAN = "(last_h - first_h)"
_STEP = (
    f"({_SPAN} > 48 ? 24 * ceil({_SPAN} / 192) : {_SPAN} > 9 ? 3 * ceil({_SPAN} / 27)"
    f" : {_SPAN} > 3 ? 1 : 0.5)"
)
_TICKS = f"sequence({_STEP} * ceil(first_h / {_STEP}), last_h + 0.01, {_STEP})"
_TIME = "format(floor(datum.{0} % 24), '02') + ':' + format(round(60 * (datum.{0} % 1)) % 60, '02')"
_TICK = f"{_SPAN} > 48 ? 'day ' + (1 + floor(datum.value / 24)) : " + _TIME.format("value")
_MOMENT = "'day ' + (1 + floor(datum.hour / 24)) + ', ' + " + _TIME.format("hour")


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


def both_plot(
    rows: pd.DataFrame, names: tuple[str, str], labels: Labels, clock: Clock
) -> Plot:
    """Return a measure of both runs beside each other.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``shown``, ``other``, ``difference``, ``low`` and ``high`` (see
        `futures.difference.compared`) by kind, or by time.
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
        f"{name} {rows[key].mean():,.4g}" for name, key in zip(names, ("shown", "other"), strict=True)
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
    greatest = rows["difference"].abs().max() if len(rows) else 0.0
    return Plot(
        description=f"{labels.title}: {names[1]} minus {names[0]}, {labels.unit}; "
        f"at most {greatest:,.4g} more or less.",
        spec=_difference_spec(
            f"{names[1]} minus {names[0]}", by_time=drawn.by_time, is_fine=drawn.is_fine
        ),
        data={"rows": drawn.table},
        signals=drawn.signals,
    )


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
        signals={"first_h": begin / HOUR_MIN, "last_h": max(end, begin + 1) / HOUR_MIN},
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
    first, last = (minutes[0], ends[-1]) if len(rows) else (0, HOUR_MIN)
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
            "labelOverlap": True,
        },
    }


def _kinds_axis() -> dict[str, Any]:
    return {
        "field": "label",
        "type": "nominal",
        "sort": {"field": "row", "op": "min"},
        "axis": {"title": None, "labelLimit": 120, "ticks": False},
    }


@lru_cache(maxsize=128)
def _both_spec(
    legend: tuple[Entry, ...], unit: str, *, by_time: bool, is_fine: bool
) -> dict[str, Any]:
    keys, names = [one.key for one in legend], [one.label for one in legend]
    value = {"field": "value", "type": "quantitative", "axis": {"title": unit, "tickCount": 5}}
    shared: dict[str, Any] = {"color": key_colours(legend), "opacity": clear_of()}
    moment = [{"field": "moment", "title": "at"}] if by_time else [{"field": "label", "title": "of"}]
    tip = [*moment, {"field": "run", "title": "run"}, _number("value", unit)]
    transform = folded(keys, names, "value")
    if not by_time:
        # The name of a kind stays, that of the run gets a column of its own.
        transform[-1]["as"] = "run"
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
                "tooltip": tip,
            },
        }
    transform[-1]["as"] = "run"
    mark: dict[str, Any] = {"type": "line", "strokeWidth": 1.8}
    if not is_fine:
        mark |= {"point": {"filled": True, "size": 26}}
    at = "hour" if is_fine else "middle"
    middle = {"calculate": "(datum.hour + datum.end) / 2", "as": "middle"}
    return {
        "params": _time_params(),
        "data": {"name": "rows"},
        "transform": [{"calculate": _MOMENT, "as": "moment"}, middle, *transform],
        "mark": mark,
        "encoding": {
            "x": _time_axis(at),
            "y": value | {"scale": {"zero": not is_fine}},
            "strokeDash": {
                "field": "key",
                "scale": {"domain": keys, "range": [[1, 0], [5, 3]]},
                "legend": None,
            },
            **shared,
            "tooltip": tip,
        },
    }


@lru_cache(maxsize=128)
def _difference_spec(title: str, *, by_time: bool, is_fine: bool) -> dict[str, Any]:
    value = {"type": "quantitative", "axis": {"title": title, "tickCount": 5}}
    tip = [
        {"field": "moment", "title": "at"} if by_time else {"field": "label", "title": "of"},
        _number("difference", title),
        _number("low", "low"),
        _number("high", "high"),
    ]
    field, ends = "x" if not by_time else "y", "x2" if not by_time else "y2"
    interval = {
        field: value | {"field": "low"},
        ends: {"field": "high"},
    }
    zero = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": _ZERO, "strokeWidth": 1},
        "encoding": {field: {"datum": 0, "type": "quantitative"}},
    }
    has_interval = [{"filter": "isValid(datum.low) && isValid(datum.high)"}]
    if not by_time:
        kinds = {"y": _kinds_axis()}
        bars = {
            "mark": {"type": "bar", "color": _DIFFERENCE, "height": {"band": 0.72}},
            "encoding": {**kinds, "x": value | {"field": "difference"}, "tooltip": tip},
        }
        lines = {
            "transform": has_interval,
            "mark": {"type": "rule", "color": _ZERO, "strokeWidth": 1.4},
            "encoding": {**kinds, **interval, "tooltip": tip},
        }
        return {
            "params": [{"name": "shown", "value": []}],
            "data": {"name": "rows"},
            "layer": [bars, zero, lines],
        }
    moment = [
        {"calculate": _MOMENT, "as": "moment"},
        {"calculate": "(datum.hour + datum.end) / 2", "as": "middle"},
    ]
    if is_fine:
        main = {
            "mark": {"type": "line", "color": _DIFFERENCE, "strokeWidth": 1.8},
            "encoding": {"x": _time_axis(), "y": value | {"field": "difference"}, "tooltip": tip},
        }
        spread = {
            "transform": has_interval,
            "mark": {"type": "area", "color": _DIFFERENCE, "opacity": 0.25},
            "encoding": {"x": _time_axis(), **interval},
        }
    else:
        main = {
            "mark": {"type": "bar", "color": _DIFFERENCE},
            "encoding": {
                "x": _time_axis(),
                "x2": {"field": "end"},
                "y": value | {"field": "difference"},
                "tooltip": tip,
            },
        }
        spread = {
            "transform": has_interval,
            "mark": {"type": "rule", "color": _ZERO, "strokeWidth": 1.4},
            "encoding": {"x": _time_axis("middle"), **interval, "tooltip": tip},
        }
    return {
        "params": _time_params(),
        "data": {"name": "rows"},
        "transform": moment,
        "layer": [spread, zero, main] if is_fine else [main, zero, spread],
    }


@lru_cache(maxsize=1)
def _wave_spec() -> dict[str, Any]:
    title = "% of the people"
    return {
        "params": _time_params(),
        "data": {"name": "rows"},
        "transform": [{"calculate": _MOMENT, "as": "moment"}],
        "mark": {"type": "area", "color": _DIFFERENCE, "opacity": 0.55, "line": {"color": _DIFFERENCE}},
        "encoding": {
            "x": _time_axis(),
            "y": {"field": "share", "type": "quantitative", "axis": {"title": title, "tickCount": 5}},
            "tooltip": [{"field": "moment", "title": "at"}, _number("share", title)],
        },
    }


def _number(field: str, title: str) -> dict[str, Any]:
    return {"field": field, "title": title, "format": ",.4~g"}
