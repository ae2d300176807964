"""A chart for the browser: what is drawn, from which numbers, and whom its parts stand for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.hourly import DAY_H

__all__ = [
    "Entry",
    "Pick",
    "Plot",
    "clear_of",
    "day_spec",
    "entries_of",
    "folded",
    "hint",
    "hours_axis",
    "key_colours",
    "numbers",
    "pair",
]

_PALE = 0.3
_TICK_H = 3
_ACCENT = "light-dark(#d4006a, #ffd23f)"


class Entry(NamedTuple):
    """An entry of a legend.

    Attributes
    ----------
    key : str
        Name in the data of the chart.
    label : str
        Text of the entry.
    light, dark : str
        Colours on a light and on a dark background.
    """

    key: str
    label: str
    light: str
    dark: str


class Pick(NamedTuple):
    """Whom a part of a chart stands for, so that the map can show them (see `focus.Emphasis`).

    Attributes
    ----------
    kind : {"purposes", "modes", "places"}
        Which of the sets of `Emphasis`.
    values : frozenset
        Purposes, modes or places.
    """

    kind: str
    values: frozenset[object]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plot:
    """A chart at a moment.

    Parameters
    ----------
    description : str
        What it shows, in a sentence; without a specification, what to do to have one.
    spec : mapping
        Specification in Vega-Lite, the same as long as the kinds of the city are; empty where
        there is nothing to draw yet.
    data : mapping
        Columns by name of each table.
    signals : mapping
        Values of the parameters of the specification.
    legend : tuple of Entry
        What the colours stand for.
    picks : mapping of str to Pick
        Whom to show on the map when a part with this key is clicked.
    caption : str
        Text below it, such as the source of observed values.
    has_hours : bool
        Whether its horizontal axis is the time of day, of which a range can be marked.
    """

    description: str
    spec: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Mapping[str, list[Any]]] = field(default_factory=dict)
    signals: Mapping[str, Any] = field(default_factory=dict)
    legend: tuple[Entry, ...] = ()
    picks: Mapping[str, Pick] = field(default_factory=dict)
    caption: str = ""
    has_hours: bool = False


class _Kind(Protocol):
    """What a colour stands for, such as a mode."""

    @property
    def label(self) -> str: ...
    @property
    def colour(self) -> str: ...
    @property
    def colour_dark(self) -> str: ...


def entries_of(kinds: Iterable[_Kind], letter: str) -> tuple[Entry, ...]:
    """Return the legend of kinds, whose keys are a letter and their number.

    Parameters
    ----------
    kinds : iterable
        Things with a label and two colours, such as modes.
    letter : str
        What keys begin with.

    Examples
    --------
    >>> from mesa_llm_city.experiments.palette import OTHER
    >>> entries_of([OTHER], "m")[0].key
    'm00'
    """
    return tuple(
        Entry(f"{letter}{row:02d}", one.label, one.colour, one.colour_dark)
        for row, one in enumerate(kinds)
    )


def hint(text: str) -> Plot:
    """Return a chart that says what to do to have one."""
    return Plot(description=text)


def pair(light: str, dark: str) -> str:
    """Return a colour that depends on the background, as in CSS.

    Examples
    --------
    >>> pair("#000000", "#ffffff")
    'light-dark(#000000, #ffffff)'
    """
    return f"light-dark({light}, {dark})"


def numbers(values: Float, digits: int = 4) -> list[Any]:
    """Return numbers to send, rounded, None where they are not known.

    Parameters
    ----------
    values : ndarray
        Numbers, NaN for unknown ones.
    digits : int, default 4
        Digits after the point.

    Examples
    --------
    >>> numbers(np.array([1 / 3, np.nan]))
    [0.3333, None]
    """
    told: list[Any] = np.round(values, digits).tolist()
    return [None if one != one else one for one in told]  # noqa: PLR0124 - NaN alone differs


def folded(keys: Sequence[str], labels: Sequence[str], value: str) -> list[dict[str, Any]]:
    """Return the transforms that make one row of each column named by a key.

    Parameters
    ----------
    keys : sequence of str
        Names of the columns.
    labels : sequence of str
        What they mean.
    value : str
        Name of the new column with the numbers; ``key``, ``label`` and ``rank`` say whose it is.
    """
    return [
        {"fold": list(keys), "as": ["key", value]},
        {"calculate": f"indexof({list(keys)!r}, datum.key)", "as": "rank"},
        {"calculate": f"{_texts(labels)}[datum.rank]", "as": "label"},
    ]


def _texts(labels: Sequence[str]) -> str:
    """Write texts as a list of Vega's language."""
    return json.dumps(list(labels), ensure_ascii=False)


def key_colours(legend: Sequence[Entry]) -> dict[str, Any]:
    """Return the colours of keys, with the legend that saved pictures have."""
    labels = _texts([one.label for one in legend])
    keys = [one.key for one in legend]
    return {
        "field": "key",
        "type": "nominal",
        "scale": {"domain": keys, "range": [pair(one.light, one.dark) for one in legend]},
        "legend": {"title": None, "labelExpr": f"{labels}[indexof({keys!r}, datum.value)]"},
    }


def clear_of(level: float = 1.0) -> dict[str, Any]:
    """Return the opacity of keys: pale for those that are not picked, if any are.

    Parameters
    ----------
    level : float, default 1
        Opacity of those that are picked, in (0, 1].
    """
    is_picked = "!length(shown) || indexof(shown, datum.key) >= 0"
    return {"condition": {"test": is_picked, "value": level}, "value": level * _PALE}


def hours_axis(field: str = "hour") -> dict[str, Any]:
    """Return the horizontal axis of a day."""
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [0, DAY_H], "nice": False, "padding": 0},
        "axis": {
            "values": list(range(0, DAY_H + 1, _TICK_H)),
            "format": "02d",
            "title": "time of day",
            "grid": False,
        },
    }


def day_spec(table: str, *layers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the specification of a chart of a day, on which a range of hours can be marked.

    Parameters
    ----------
    table : str
        Name of the data of its layers.
    *layers : mapping
        Layers; hours are dragged over on the first one.
    """
    first, *others = layers
    brush = {"name": "hours", "select": {"type": "interval", "encodings": ["x"]}}
    return {
        "params": [
            {"name": "now", "value": DAY_H},
            {"name": "shown", "value": []},
            {"name": "marked", "value": None},
        ],
        "data": {"name": table},
        "layer": [{**first, "params": [brush]}, *others, *_range_marks()],
    }


def _range_marks() -> list[dict[str, Any]]:
    """Return the lines at now and at both ends of the marked part of the day."""
    ends = [
        {
            "data": {"values": [{}]},
            "transform": [{"filter": "marked != null"}],
            "mark": {"type": "rule", "color": _ACCENT, "strokeWidth": 1.5, "strokeDash": [3, 2]},
            "encoding": {"x": _at(f"marked == null ? 0 : marked[{end}]")},
        }
        for end in (0, 1)
    ]
    now = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "strokeWidth": 1},
        "encoding": {"x": _at("now")},
    }
    return [now, *ends]


def _at(expression: str) -> dict[str, Any]:
    return {"datum": {"expr": expression}, "type": "quantitative"}
