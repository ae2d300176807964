"""Panels of the picture of a run: time use, trips by mode and needs, by time of day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.hourly import (
    DAY_H,
    departures,
    minutes_of,
    occupancy,
    quantiles_by_hour,
)
from mesa_llm_city.experiments.key_layout import key_columns, sheet_of
from mesa_llm_city.experiments.palette import OTHER, Palette

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = [
    "clock_axis",
    "draw_departures",
    "draw_needs",
    "draw_shares",
    "draw_time_use",
    "draw_trips",
    "key_of",
]

_SLOT_MIN = 10
_NARROW_IN = 4.5  # width of a figure in which fewer words find room
_KEY_PT = 7.0


def draw_time_use(
    axes: Axes,
    activities: pd.DataFrame,
    clock: Clock,
    palette: Palette,
    *,
    days: int,
    key_below: bool = False,
) -> None:
    """Stack the shares of people by activity and time of day.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    activities : pandas.DataFrame
        The table of activities.
    clock : Clock
        Calendar of the run.
    palette : Palette
        Colours and labels.
    days : int
        Number of days; the picture is the mean over them.
    key_below : bool, default False
        Whether the key is below the figure instead of beside the axes.
    """
    shares = occupancy(
        minutes_of(activities["start"], clock),
        minutes_of(activities["end"], clock),
        _codes(activities["purpose"], palette.group_of),
        kinds=len(palette.groups),
        days=days,
        slot_min=_SLOT_MIN,
    )
    draw_shares(axes, shares, palette, key_below=key_below)


def draw_shares(axes: Axes, shares: Float, palette: Palette, *, key_below: bool = False) -> None:
    """Stack shares of people by activity and time of day.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    shares : ndarray of float64, shape (groups, slots)
        Shares in [0, 1], one row for each of ``palette.groups``, the slots of a day in columns.
    palette : Palette
        Colours and labels.
    key_below : bool, default False
        Whether the key is below the figure instead of beside the axes.
    """
    percent, slots = 100.0 * shares, shares.shape[1]
    middle_h = (np.arange(slots) + 0.5) * DAY_H / slots
    at_h = np.concatenate([[0.0], middle_h, [float(DAY_H)]])
    rows = [row for row, one in enumerate(palette.groups) if _is_drawn(one.label, percent[row])]
    axes.stackplot(
        at_h,
        np.pad(percent[rows], ((0, 0), (1, 1)), mode="edge"),
        colors=[palette.groups[row].colour for row in rows],
        labels=[palette.groups[row].label for row in rows],
        edgecolor="white",
        linewidth=0.3,
    )
    axes.set_ylim(0, 100)
    axes.set_ylabel("share of people (%)")
    clock_axis(axes)
    key_of(axes, below=key_below, reverse=True)


def draw_trips(
    axes: Axes,
    trips: pd.DataFrame,
    clock: Clock,
    palette: Palette,
    *,
    days: int,
    people: int,
    key_below: bool = False,
) -> None:
    """Stack trips by hour of departure and mode; weekdays beside weekends if there are both.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    trips : pandas.DataFrame
        The table of trips.
    clock : Clock
        Calendar of the run.
    palette : Palette
        Colours and labels.
    days, people : int
        Length of the run and number of people, for the scale.
    key_below : bool, default False
        Whether the key is below the figure instead of beside the axes.
    """
    at, modes = minutes_of(trips["start"], clock), list(palette.modes)
    mode = _codes(trips["mode"], lambda one: modes.index(one) if one in modes else len(modes))
    counts = np.stack(
        [
            departures(at[at // DAY_MIN == day], mode[at // DAY_MIN == day], kinds=len(modes) + 1)
            for day in range(days)
        ]
    )
    draw_departures(axes, counts, clock, palette, people=people, key_below=key_below)


def draw_departures(
    axes: Axes,
    counts: Float,
    clock: Clock,
    palette: Palette,
    *,
    people: int,
    key_below: bool = False,
) -> None:
    """Stack numbers of trips by hour and mode; weekdays beside weekends if there are both.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    counts : ndarray of float64, shape (days, modes + 1, 24)
        Departures; the last mode is any that the palette does not know.
    clock : Clock
        Calendar of the run.
    palette : Palette
        Colours and labels.
    people : int
        Number of people, for the scale.
    key_below : bool, default False
        Whether the key is below the figure instead of beside the axes.
    """
    workday = np.array([clock.is_workday(day * DAY_MIN) for day in range(len(counts))])
    kinds = [kind for kind in (True, False) if (workday == kind).any()]
    for row, kind in enumerate(kinds):
        person_days = people * int(np.count_nonzero(workday == kind))
        rate = 100.0 * counts[workday == kind].sum(axis=0) / person_days
        width = 0.86 / len(kinds)
        left = np.arange(DAY_H, dtype=np.float64) + (0.07 + row * width)
        bars = _Bars(left, width, hatch="" if kind else "/////", is_named=row == 0)
        _stack_bars(axes, bars, rate, [*palette.modes.values(), OTHER[:2]])
    axes.set_ylabel("trips per 100 people\nand hour of departure")
    clock_axis(axes)
    title = "weekdays left,\nweekend hatched" if len(kinds) > 1 else None
    key_of(axes, below=key_below, reverse=True, title=title)


def draw_needs(
    axes: Axes,
    needs: pd.DataFrame,
    thresholds: Mapping[str, float],
    palette: Palette,
    *,
    key_below: bool = False,
) -> None:
    """Draw the median of each need by hour, and the range of eight people in ten.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    needs : pandas.DataFrame
        The table of needs.
    thresholds : mapping of str to float
        Level below which each need presses, by name.
    palette : Palette
        Colours and labels.
    key_below : bool, default False
        Whether the key is below the figure instead of beside the axes.
    """
    clock_axis(axes)
    if needs.empty:
        axes.text(DAY_H / 2, 0.5, "there are no needs in this model", ha="center")
        return
    names = [name for name in palette.needs if name in needs]
    levels = needs[names].to_numpy(dtype=np.float64)
    low, middle, high = quantiles_by_hour(needs["time"].dt.hour.to_numpy(), levels, (0.1, 0.5, 0.9))
    hours = np.arange(DAY_H)
    for column, need in enumerate(names):
        label, colour = palette.needs[need]
        axes.fill_between(hours, low[:, column], high[:, column], color=colour, alpha=0.12, lw=0)
        axes.plot(hours, middle[:, column], color=colour, linewidth=1.8, label=label)
    for threshold in sorted({thresholds[name] for name in names}):
        pressing = [palette.needs[name][0] for name in names if thresholds[name] == threshold]
        axes.axhline(threshold, color="#555555", linewidth=0.9, linestyle=(0, (4, 3)))
        text = f"{_listed(pressing)} press{'es' if len(pressing) == 1 else ''} below"
        axes.text(0.15, threshold - 0.015, text, fontsize=7, va="top", color="#555555")
    axes.set_ylim(0, 1.02)
    axes.set_ylabel("level of need (1 = met)")
    key_of(axes, below=key_below, title="median and\n10-90 % of people")


def _codes(labels: pd.Series[Any], code: Callable[[str], int]) -> Int:
    """Return the number of each label, looking every kind up only once."""
    kinds = {kind: code(kind) for kind in labels.unique().tolist()}
    return np.array([kinds[kind] for kind in labels], dtype=np.int64)


def _is_drawn(label: str, values: Float) -> bool:
    """Tell whether a kind is drawn: what the parameters do not know, only if it occurs."""
    return label != OTHER.label or bool(values.any())


class _Bars(NamedTuple):
    """How the bars of the hours of a day are drawn."""

    left: Float
    width: float
    hatch: str
    is_named: bool


def _stack_bars(axes: Axes, bars: _Bars, rate: Float, modes: Sequence[tuple[str, str]]) -> None:
    bottom = np.zeros(DAY_H)
    for (label, colour), height in zip(modes, rate, strict=True):
        if not _is_drawn(label, height):
            continue
        axes.bar(
            bars.left,
            height,
            bars.width,
            bottom,
            align="edge",
            color=colour,
            hatch=bars.hatch,
            edgecolor="white",
            linewidth=0.3,
            label=label if bars.is_named else None,
        )
        bottom = bottom + height


def clock_axis(axes: Axes) -> None:
    """Let the x axis show the hours of a day, as many as there is room for."""
    step = 3 if sheet_of(axes).get_figwidth() > _NARROW_IN else 6
    axes.set_xlim(0, DAY_H)
    hours = range(0, DAY_H + 1, step)
    axes.set_xticks(hours, [f"{hour:02d}:00" for hour in hours])
    axes.spines[["top", "right"]].set_visible(False)


def key_of(
    axes: Axes, *, below: bool = False, reverse: bool = False, title: str | None = None
) -> None:
    """Explain the colours of axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        What is explained.
    below : bool, default False
        Whether below the figure, whose layout is ``"constrained"``; otherwise beside the axes.
    reverse : bool, default False
        Whether the last comes first, as where one is drawn above the other.
    title : str, optional
        Heading of the key.
    """
    look: dict[str, Any] = {"frameon": False, "fontsize": 8, "title_fontsize": 8}
    look |= {"alignment": "left", "handlelength": 1.2, "title": title}
    handles, labels = axes.get_legend_handles_labels()
    if not handles:
        return
    if below:
        look["title"] = None if title is None else title.replace("\n", " ")
        figure = sheet_of(axes)
        names, width_in = [str(one) for one in labels], figure.get_figwidth()
        columns = key_columns(names, size_pt=_KEY_PT, width_in=width_in)
        look |= {"fontsize": _KEY_PT, "title_fontsize": _KEY_PT}
        figure.legend(handles, labels, loc="outside lower center", ncols=columns, **look)
    else:
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), reverse=reverse, **look)


def _listed(names: Sequence[str]) -> str:
    """Return names as in a sentence.

    Examples
    --------
    >>> _listed(["hunger"]), _listed(["safety", "social", "esteem"])
    ('hunger', 'safety, social and esteem')
    """
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
