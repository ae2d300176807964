"""The picture of two futures: trips by hour, minutes by purpose, who is touched as time goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.experiments.palette import OTHER, palette_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mesa_llm_city.experiments.futures.comparisons import Comparisons
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["draw_futures"]

_SIZE_IN = (9.0, 10.5)
# The scheme "bright" of Paul Tol, as in `palette`.
_BEFORE, _AFTER, _INK = "#777777", "#CC3311", "#333333"


def draw_futures(futures: Comparisons, future: str, *, against: str) -> Figure:
    """Draw what a future changes, in three panels below each other.

    Parameters
    ----------
    futures : Comparisons
        The futures.
    future, against : str
        Names of the two to compare.

    Returns
    -------
    matplotlib.figure.Figure
        9 by 10.5 inches.
    """
    from matplotlib.figure import Figure

    model = futures.models[against][0]
    figure = Figure(figsize=_SIZE_IN, facecolor="white")
    grid = figure.add_gridspec(
        3, left=0.2, right=0.97, top=0.885, bottom=0.055, hspace=0.42, height_ratios=(3, 4, 3)
    )
    trips, minutes, wave = (figure.add_subplot(grid[row]) for row in range(3))
    _draw_trips(trips, futures.difference("trips by hour", future, against=against))
    _draw_minutes(minutes, futures.difference("minutes by purpose", future, against=against), model)
    _draw_wave(wave, futures, future, against)
    _title(figure, futures, future, against)
    return figure


def _draw_trips(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the trips of both futures by hour of departure, as steps."""
    against, future = rows.columns[:2]
    for name, colour, style in ((against, _BEFORE, (0, (4, 2))), (future, _AFTER, "-")):
        values = rows[name].to_numpy()
        edges = np.arange(len(values) + 1)
        axes.stairs(
            values, edges, color=colour, linestyle=style, linewidth=1.6, label=name, baseline=None
        )
    _hours(axes, rows.index)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("trips per hour of departure")
    axes.legend(frameon=False, fontsize=8)
    _caption(axes, "a", "Trips")


def _draw_minutes(axes: Axes, rows: pd.DataFrame, model: CityModel) -> None:
    """Draw by how many minutes the day of a mean person changes, with intervals."""
    palette = palette_of(model.parameters)
    known = [name for name in model.parameters.purposes if name in rows.index]
    rows = rows.loc[[*known, *(name for name in rows.index if name not in known)]]
    places, values = np.arange(len(rows)), rows["difference"].to_numpy()
    groups = [palette.groups[palette.group_of(name)] for name in rows.index]
    colours = [OTHER.colour if one is OTHER else one.colour for one in groups]
    axes.barh(places, values, color=colours, height=0.72)
    for place, low, high in zip(places, rows["low"], rows["high"], strict=True):
        axes.plot([low, high], [place, place], color=_INK, linewidth=1.0)
    axes.axvline(0.0, color=_INK, linewidth=0.8)
    labels = [str(name).replace("_", " ") for name in rows.index]
    axes.set_yticks(places, labels, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel("minutes more or less in the day of a mean person")
    axes.spines[["top", "right"]].set_visible(False)
    _caption(axes, "b", "Change of time use")


def _draw_wave(axes: Axes, futures: Comparisons, future: str, against: str) -> None:
    """Draw the share of people whose days differ up to each hour, one line a replicate."""
    last = futures.models[against][0].minute
    ends = np.arange(futures.minute, last + 1, 5)
    shares = []
    for number in range(1, len(futures.seeds) + 1):
        first = futures.touched(future, against=against, replicate=number)["minute"].to_numpy()
        people = max(len(futures.models[against][number - 1].population), 1)
        shares.append(100.0 * np.searchsorted(np.sort(first), ends, side="right") / people)
    start = futures.models[against][0].clock.at(futures.minute)
    offset = start.minute / 60
    hours = offset + (ends - futures.minute) / 60
    for one in shares:
        axes.plot(hours, one, color=_AFTER, linewidth=0.8, alpha=0.35)
    axes.plot(hours, np.mean(shares, axis=0), color=_AFTER, linewidth=2.0)
    hourly = futures.difference("trips by hour", future, against=against).index
    _hours(axes, hourly)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("% of people")
    several = "" if len(shares) == 1 else ", mean and each replicate"
    _caption(axes, "c", f"People whose day differs by then{several}")


def _hours(axes: Axes, hours: pd.Index[pd.Timestamp]) -> None:
    """Label an axis of hours from the first on, every third, with the day where it begins."""
    step = 3 * -(-len(hours) // 27)
    first = (-hours[0].hour) % step
    at = range(first, len(hours) + 1, step)
    stamps = [hours[0] + (hours[1] - hours[0]) * one if len(hours) > 1 else hours[0] for one in at]
    labels = [f"{one:%H:%M}\n{one:%a %d}" if one.hour == 0 else f"{one:%H:%M}" for one in stamps]
    axes.set_xticks(list(at), labels, fontsize=8)
    axes.set_xlim(0, len(hours))
    axes.spines[["top", "right"]].set_visible(False)


def _caption(axes: Axes, letter: str, text: str) -> None:
    axes.set_title(f"{letter}   {text}", loc="left", pad=7, fontsize=10.5, fontweight="bold")
    axes.tick_params(labelsize=8)
    axes.yaxis.label.set_fontsize(9)
    axes.xaxis.label.set_fontsize(9)


def _title(figure: Figure, futures: Comparisons, future: str, against: str) -> None:
    model = futures.models[against][0]
    share = futures.share_touched(future, against=against)
    begin, end = (model.clock.at(one) for one in (futures.minute, model.minute))
    several = len(futures.seeds) > 1
    interval = f" ({100 * share['low']:.1f} to {100 * share['high']:.1f} %)" if several else ""
    when = (
        f"{begin:%A %d %B, %H:%M} to {end:%A %d %B, %H:%M}; {len(model.citizens):,} people, "
        f"{len(futures.seeds)} replicate{'s' if several else ''}"
        f"{'; lines at bars: 95 % intervals' if several else ''}"
    )
    who = f"The days of {100 * share['share']:.1f} %{interval} of the people differ."
    figure.text(0.03, 0.965, f"{future} against {against}", fontsize=15, fontweight="bold")
    figure.text(0.03, 0.943, when, fontsize=9.5, color=_INK)
    figure.text(0.03, 0.923, who, fontsize=9.5, color=_INK)
