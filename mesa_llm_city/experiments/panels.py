"""Panels of the picture of a run: time use, trips by mode and needs, by time of day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.hourly import (
    DAY_H,
    departures,
    minutes_of,
    occupancy,
    quantiles_by_hour,
)
from mesa_llm_city.experiments.palette import OTHER, Palette

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["draw_needs", "draw_time_use", "draw_trips"]

_SLOT_MIN = 10


def draw_time_use(
    axes: Axes, activities: pd.DataFrame, clock: Clock, palette: Palette, *, days: int
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
    """
    shares = 100.0 * occupancy(
        minutes_of(activities["start"], clock),
        minutes_of(activities["end"], clock),
        _codes(activities["purpose"], palette.group_of),
        kinds=len(palette.groups),
        days=days,
        slot_min=_SLOT_MIN,
    )
    middle_h = (np.arange(DAY_MIN // _SLOT_MIN) + 0.5) * _SLOT_MIN / HOUR_MIN
    at_h = np.concatenate([[0.0], middle_h, [float(DAY_H)]])
    rows = [row for row, group in enumerate(palette.groups) if _is_drawn(group.label, shares[row])]
    axes.stackplot(
        at_h,
        np.pad(shares[rows], ((0, 0), (1, 1)), mode="edge"),
        colors=[palette.groups[row].colour for row in rows],
        labels=[palette.groups[row].label for row in rows],
        edgecolor="white",
        linewidth=0.3,
    )
    axes.set_ylim(0, 100)
    axes.set_ylabel("share of people (%)")
    _clock_axis(axes)
    _legend_beside(axes, reverse=True)


def draw_trips(
    axes: Axes, trips: pd.DataFrame, clock: Clock, palette: Palette, *, days: int, people: int
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
    """
    at, modes = minutes_of(trips["start"], clock), list(palette.modes)
    mode = _codes(trips["mode"], lambda one: modes.index(one) if one in modes else len(modes))
    workday = np.array([clock.is_workday(day * DAY_MIN) for day in range(days)])
    kinds = [kind for kind in (True, False) if (workday == kind).any()]
    for row, kind in enumerate(kinds):
        chosen = workday[at // DAY_MIN] == kind
        counts = departures(at[chosen], mode[chosen], kinds=len(modes) + 1)
        person_days = people * int(np.count_nonzero(workday == kind))
        rate = 100.0 * counts / person_days
        width = 0.86 / len(kinds)
        left = np.arange(DAY_H, dtype=np.float64) + (0.07 + row * width)
        bars = _Bars(left, width, hatch="" if kind else "/////", is_named=row == 0)
        _stack_bars(axes, bars, rate, [*palette.modes.values(), OTHER[:2]])
    axes.set_ylabel("trips per 100 people\nand hour of departure")
    _clock_axis(axes)
    both = len(kinds) > 1
    _legend_beside(axes, reverse=True, title="weekdays left,\nweekend hatched" if both else None)


def draw_needs(
    axes: Axes, needs: pd.DataFrame, thresholds: Mapping[str, float], palette: Palette
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
    """
    _clock_axis(axes)
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
    _legend_beside(axes, title="median and\n10-90 % of people")


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


def _clock_axis(axes: Axes) -> None:
    axes.set_xlim(0, DAY_H)
    axes.set_xticks(range(0, DAY_H + 1, 3), [f"{hour:02d}:00" for hour in range(0, DAY_H + 1, 3)])
    axes.spines[["top", "right"]].set_visible(False)


def _legend_beside(axes: Axes, *, reverse: bool = False, title: str | None = None) -> None:
    axes.legend(
        loc="center left",
        bbox_to_anchor=(1.01, 0.5),
        frameon=False,
        fontsize=8,
        reverse=reverse,
        title=title,
        title_fontsize=8,
        alignment="left",
        handlelength=1.2,
    )


def _listed(names: Sequence[str]) -> str:
    """Return names as in a sentence.

    Examples
    --------
    >>> _listed(["hunger"]), _listed(["safety", "social", "esteem"])
    ('hunger', 'safety, social and esteem')
    """
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
