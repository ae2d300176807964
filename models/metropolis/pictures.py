"""The picture of a metropolis: where people are, how they travel, what the warning changed."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa_llm_city.models.metropolis.snapshots import HOURS, MetropolisDay
from mesa_llm_city.models.metropolis.storm import WARNED_MIN

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Float

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_day"]

# Paul Tol (2021), Colour schemes, "bright": safe for colour-blind readers.
_COLOURS = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#BBBBBB")
_WARNED, _CONTROL, _GREY = "#EE6677", "#4477AA", "#555555"
_DAY_H = 24
_WIDTH = 52
_SCALE_PERCENTILE = 99.5


def draw_day(day: MetropolisDay, control: MetropolisDay | None = None) -> Figure:
    """Draw density at four hours, trips by mode, who was out, and words of citizens.

    Parameters
    ----------
    day : MetropolisDay
        The day.
    control : MetropolisDay, optional
        The same people on the same day without hurricane and warning.

    Returns
    -------
    matplotlib.figure.Figure
        14 by 7.4 inches; made without pyplot.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(14.0, 7.4), layout="constrained", facecolor="white")
    halves: Any = figure.subfigures(2, 1, height_ratios=(0.75, 1.0))
    upper, lower = halves
    _draw_maps(upper, day, control)
    out, modes, words = lower.subplots(1, 3, width_ratios=(1.0, 1.0, 1.05))
    _draw_out(out, day, control)
    _draw_modes(modes, day.modes)
    _draw_words(words, day)
    figure.suptitle(_title(day, control), x=0.01, ha="left", fontsize=13, fontweight="bold")
    return figure


def _draw_maps(figure: object, day: MetropolisDay, control: MetropolisDay | None) -> None:
    hours = [hour for hour in HOURS if hour in day.densities]
    has_change = control is not None and hours and hours[-1] in control.densities
    axes = figure.subplots(1, max(len(hours) + bool(has_change), 1), squeeze=False)[0]  # type: ignore[attr-defined]
    shown = [day.densities[hour] for hour in hours]
    for one in axes:
        one.set_axis_off()
        one.set_aspect("equal")
    if not hours:
        return
    top = _scale(np.stack(shown))
    for one, hour, counts in zip(axes, hours, shown, strict=False):
        mesh = one.pcolormesh(
            day.grid.x, day.grid.y, np.log10(1.0 + counts), cmap="magma", vmin=0.0,
            vmax=np.log10(1.0 + top), rasterized=True,
        )  # fmt: skip
        one.set_title(f"{hour:02d}:00", loc="left", fontsize=10)
    ticks = [0.0, *range(1, int(np.log10(1.0 + top)) + 1)]
    bar = figure.colorbar(mesh, ax=axes[len(hours) - 1], shrink=0.7, ticks=ticks)  # type: ignore[attr-defined]
    bar.ax.set_yticklabels([f"{round(10**one - 1):,}" for one in ticks], fontsize=8)
    side = float(np.diff(day.grid.x)[0])
    bar.set_label(f"people in a cell of {side:.0f} m", fontsize=8)
    if has_change and control is not None:
        _draw_change(figure, axes[-1], day, control, hours[-1])


def _draw_change(
    figure: object, axes: Axes, day: MetropolisDay, control: MetropolisDay, hour: int
) -> None:
    change = day.densities[hour] - control.densities[hour]
    most = _scale(np.abs(change))
    mesh = axes.pcolormesh(
        day.grid.x, day.grid.y, change, cmap="RdBu_r", vmin=-most, vmax=most, rasterized=True
    )
    axes.set_title(f"{hour:02d}:00, change by the warning", loc="left", fontsize=10)
    bar = figure.colorbar(mesh, ax=axes, shrink=0.7)  # type: ignore[attr-defined]
    bar.ax.tick_params(labelsize=8)
    bar.set_label("more or fewer people", fontsize=8)


def _draw_out(axes: Axes, day: MetropolisDay, control: MetropolisDay | None) -> None:
    both = [(day, _WARNED if day.warned else _CONTROL)]
    both += [] if control is None else [(control, _CONTROL)]
    for one, colour in both:
        hour = one.series["minute"] / HOUR_MIN
        name = "hurricane" if one.warned else "no hurricane"
        axes.plot(hour, 100.0 * one.series["out"], color=colour, label=f"out, {name}")
        axes.plot(
            hour, 100.0 * one.series["on_the_way"], color=colour, lw=1.0, ls="--",
            label=f"on the way, {name}",
        )  # fmt: skip
    if day.warned:
        axes.axvline(WARNED_MIN / HOUR_MIN, color=_GREY, lw=0.8, ls=":")
        axes.annotate(
            "warning", (WARNED_MIN / HOUR_MIN, 0.985), xycoords=("data", "axes fraction"),
            ha="right", va="top", rotation=90, fontsize=8, color=_GREY,
        )  # fmt: skip
    axes.set(xlim=(0, _DAY_H), ylim=(0, None), xticks=range(0, _DAY_H + 1, 4), xlabel="hour")
    axes.set_title("Away from home, % of the crowd", loc="left", fontsize=10)
    axes.legend(frameon=False, fontsize=8, loc="upper left")
    _bare(axes)


def _draw_modes(axes: Axes, modes: pd.DataFrame) -> None:
    table = modes.pivot_table(
        index="hour", columns="mode", values="trips", aggfunc="sum", fill_value=0
    ).reindex(range(_DAY_H), fill_value=0)
    names = table.sum().sort_values(ascending=False).index
    floor = np.zeros(_DAY_H)
    for row, name in enumerate(names):
        counts = table[name].to_numpy(dtype=np.float64) / 1000.0
        colour = _COLOURS[row % len(_COLOURS)]
        axes.bar(table.index + 0.5, counts, bottom=floor, width=0.9, color=colour, label=str(name))
        floor += counts
    axes.set(xlim=(0, _DAY_H), xticks=range(0, _DAY_H + 1, 4), xlabel="hour of departure")
    axes.set_title("Trips of the crowd by mode, thousands", loc="left", fontsize=10)
    if len(names):
        axes.legend(frameon=False, fontsize=8, loc="upper left")
    _bare(axes)


def _draw_words(axes: Axes, day: MetropolisDay) -> None:
    axes.set_axis_off()
    axes.set_title("Thinking people on the warning (scripted answers)", loc="left", fontsize=10)
    height = 0.0
    for one in day.said:
        words = fill(f"“{one.words}”", _WIDTH)
        axes.text(
            0.0, 0.97 - height, f"{one.time}  {one.who}: {one.reaction.replace('_', ' ')}",
            fontsize=8.5, va="top", color=_GREY, transform=axes.transAxes,
        )  # fmt: skip
        axes.text(0.02, 0.92 - height, words, fontsize=9.5, va="top", transform=axes.transAxes)
        height += 0.1 + 0.05 * (1 + words.count("\n"))
    crowd = f"In the crowd {day.staying_in:,} people decided, by rule, to stay in."
    axes.text(0.0, 0.0, crowd if day.warned else "", fontsize=9.5, transform=axes.transAxes)


def _title(day: MetropolisDay, control: MetropolisDay | None) -> str:
    who = f"{day.people:,} people by rules, {day.citizens:,} who think"
    beside = "" if control is None else ", beside the same day without it"
    return f"{who}; a hurricane is warned of at noon{beside}" if day.warned else who


def _scale(counts: Float) -> float:
    """Return a value that nearly all cells with people stay below."""
    there = counts[counts > 0]
    return float(np.percentile(there, _SCALE_PERCENTILE)) if len(there) else 1.0


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
