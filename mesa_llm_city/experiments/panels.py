"""The panels of a day by the clock: time use, trips by mode, needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.values import Float, Int, Mode
from mesa_llm_city.experiments.hourly import (
    DAY_H,
    departures,
    minutes_of,
    occupancy,
    quantiles_by_hour,
)
from mesa_llm_city.experiments.palette import GROUPS, MODE_COLOURS, NEED_COLOURS, group_of
from mesa_llm_city.parameters.needs import NEEDS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["draw_needs", "draw_time_use", "draw_trips"]

_SLOT_MIN = 10


def draw_time_use(axes: Axes, activities: pd.DataFrame, clock: Clock, *, days: int) -> None:
    """Stack what share of the people does what, by time of day.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    activities : pandas.DataFrame
        The table of activities.
    clock : Clock
        Calendar of the run.
    days : int
        Its length; the picture is the mean over them.
    """
    shares = 100.0 * occupancy(
        minutes_of(activities["start"], clock),
        minutes_of(activities["end"], clock),
        _codes(activities["purpose"], group_of),
        kinds=len(GROUPS),
        days=days,
        slot_min=_SLOT_MIN,
    )
    middle_h = (np.arange(DAY_MIN // _SLOT_MIN) + 0.5) * _SLOT_MIN / HOUR_MIN
    at_h = np.concatenate([[0.0], middle_h, [float(DAY_H)]])
    axes.stackplot(
        at_h,
        np.pad(shares, ((0, 0), (1, 1)), mode="edge"),
        colors=[one.colour for one in GROUPS],
        labels=[g.label for g in GROUPS],
        edgecolor="white",
        linewidth=0.3,
    )
    axes.set_ylim(0, 100)
    axes.set_ylabel("share of people (%)")
    _clock_axis(axes)
    _legend_beside(axes, reverse=True)


def draw_trips(axes: Axes, trips: pd.DataFrame, clock: Clock, *, days: int, people: int) -> None:
    """Stack trips by hour of departure and mode; weekdays beside weekends if there are both.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    trips : pandas.DataFrame
        The table of trips.
    clock : Clock
        Calendar of the run.
    days, people : int
        Length of the run and number of people, for the scale.
    """
    at, mode = minutes_of(trips["start"], clock), _codes(trips["mode"], _mode_code)
    workday = np.array([clock.is_workday(day * DAY_MIN) for day in range(days)])
    kinds = [kind for kind in (True, False) if (workday == kind).any()]
    for row, kind in enumerate(kinds):
        chosen = workday[at // DAY_MIN] == kind
        counts = departures(at[chosen], mode[chosen], kinds=len(Mode))
        person_days = people * int(np.count_nonzero(workday == kind))
        rate = 100.0 * counts / person_days
        width = 0.86 / len(kinds)
        left = np.arange(DAY_H, dtype=np.float64) + (0.07 + row * width)
        _stack_bars(axes, left, rate, width=width, hatch="" if kind else "/////", named=row == 0)
    axes.set_ylabel("trips per 100 people\nand hour of departure")
    _clock_axis(axes)
    both = len(kinds) > 1
    _legend_beside(axes, reverse=True, title="weekdays left,\nweekend hatched" if both else None)


def draw_needs(axes: Axes, needs: pd.DataFrame, thresholds: Sequence[float]) -> None:
    """Draw the median of each need by hour, and the range of eight people in ten.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    needs : pandas.DataFrame
        The table of needs.
    thresholds : sequence of float
        At which level each presses, in the order of `NEEDS`.
    """
    _clock_axis(axes)
    if needs.empty:
        axes.text(DAY_H / 2, 0.5, "there are no needs in this model", ha="center")
        return
    levels = needs[list(NEEDS)].to_numpy(dtype=np.float64)
    low, middle, high = quantiles_by_hour(needs["time"].dt.hour.to_numpy(), levels, (0.1, 0.5, 0.9))
    hours = np.arange(DAY_H)
    for column, need in enumerate(NEEDS):
        colour = NEED_COLOURS[need]
        axes.fill_between(hours, low[:, column], high[:, column], color=colour, alpha=0.12, lw=0)
        axes.plot(hours, middle[:, column], color=colour, linewidth=1.8, label=need)
    for threshold in sorted(set(thresholds)):
        pressing = [n for n, one in zip(NEEDS, thresholds, strict=False) if one == threshold]
        axes.axhline(threshold, color="#555555", linewidth=0.9, linestyle=(0, (4, 3)))
        told = f"{' and '.join(pressing)} press below"
        axes.text(0.15, threshold - 0.015, told, fontsize=7, va="top", color="#555555")
    axes.set_ylim(0, 1.02)
    axes.set_ylabel("level of need (1 = met)")
    _legend_beside(axes, title="median and\n10-90 % of people")


def _codes(labels: pd.Series[Any], code: Callable[[str], int]) -> Int:
    """Return the number of each label, looking every kind up only once."""
    kinds = {kind: code(kind) for kind in labels.unique().tolist()}
    return np.array([kinds[kind] for kind in labels], dtype=np.int64)


def _mode_code(mode: str) -> int:
    return list(Mode).index(Mode(mode))


def _stack_bars(
    axes: Axes, left: Float, rate: Float, *, width: float, hatch: str, named: bool
) -> None:
    bottom = np.zeros(DAY_H)
    for mode, height in zip(Mode, rate, strict=True):
        axes.bar(
            left,
            height,
            width,
            bottom,
            align="edge",
            color=MODE_COLOURS[mode],
            hatch=hatch,
            edgecolor="white",
            linewidth=0.3,
            label=str(mode) if named else None,
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
