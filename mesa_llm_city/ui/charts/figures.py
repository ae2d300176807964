"""Charts as Matplotlib figures, drawn from arrays; light and dark, no window, no state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.figures.fonts import families
from mesa_llm_city.experiments.hourly import DAY_H
from mesa_llm_city.experiments.palette import OTHER, palette_of
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.ui.charts.style import (
    DARK,
    LIGHT,
    ChartStyle,
    day_axis,
    empty_axes,
    fade_after,
    key_beside,
    png_of,
    short,
)
from mesa_llm_city.ui.views.counting import DailyProfile, NeedsSeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "DARK",
    "LIGHT",
    "ChartStyle",
    "needs_figure",
    "png_of",
    "popularity_figure",
    "time_use_figure",
    "trips_figure",
]


def time_use_figure(
    profile: DailyProfile,
    *,
    now_h: float,
    style: ChartStyle = LIGHT,
    observed: Float | None = None,
    parameters: CityParameters | None = None,
) -> Figure:
    """Stack the shares of people by activity and time of day.

    Up to now the present day; after now, paler, the mean of earlier days.

    Parameters
    ----------
    profile : DailyProfile
        Shares, one row for each of ``palette_of(parameters).groups``.
    now_h : float
        Time of day, in hours.
    style : ChartStyle, default LIGHT
        Colours of text, axes and background.
    observed : ndarray, shape (groups, slots), optional
        Shares that were observed elsewhere, such as in a survey of time use; the borders
        between them are dotted.
    parameters : CityParameters, optional
        They give the purposes their groups, labels and colours; the defaults if not given.
    """
    figure, axes = empty_axes(style)
    shown = np.where(np.isnan(profile.today), profile.before, profile.today)
    shares = 100.0 * np.nan_to_num(shown)
    groups = palette_of(parameters or default_parameters()).groups
    entries = [(group.label, style.shade(group)) for group in groups]
    bottom = np.vstack([np.zeros(shares.shape[1]), shares.cumsum(axis=0)])
    edges_h = np.linspace(0.0, DAY_H, shares.shape[1] + 1)
    drawn = _drawn_rows(shares)
    for row in drawn:
        colour = entries[row][1]
        low, high = (np.append(bottom[row + one], bottom[row + one, -1]) for one in (0, 1))
        axes.fill_between(edges_h, low, high, step="post", color=colour, linewidth=0.0)
    fade_after(axes, now_h, style)
    if observed is not None:
        _dot_borders(axes, observed, style)
    axes.set_ylim(0, 100)
    axes.set_ylabel("people (%)")
    day_axis(axes)
    key_beside(axes, style, [entries[row] for row in drawn])
    return figure


def _drawn_rows(values: Float) -> list[int]:
    """Return the rows to draw: all of them, but the last, of other kinds, only if not empty."""
    return [row for row in range(len(values)) if row < len(values) - 1 or values[row].any()]


def trips_figure(
    profile: DailyProfile,
    *,
    now_h: float,
    style: ChartStyle = LIGHT,
    parameters: CityParameters | None = None,
) -> Figure:
    """Stack departures by hour and mode; after now, paler, the mean of earlier days.

    Parameters
    ----------
    profile : DailyProfile
        Departures per 100 people, one row for each mode, and a last one for unknown modes.
    now_h : float
        Time of day, in hours.
    style : ChartStyle, default LIGHT
        Colours of text, axes and background.
    parameters : CityParameters, optional
        They give the modes their labels and colours; the defaults if not given.
    """
    figure, axes = empty_axes(style)
    modes = (parameters or default_parameters()).modes.values()
    entries = [(one.label, style.shade(one)) for one in modes]
    entries.append((OTHER.label, style.shade(OTHER)))
    colours = [colour for _, colour in entries]
    hour = int(now_h)
    expected, done = np.nan_to_num(profile.before), np.nan_to_num(profile.today)
    expected[:, :hour] = 0.0
    _stack(axes, expected, colours, above=1)
    fade_after(axes, now_h, style, begin_h=hour)
    _stack(axes, done, colours, above=4)
    usual = profile.before.sum(axis=0)
    usual_known = not np.isnan(usual).all()
    if usual_known:
        middle = np.arange(len(usual)) + 0.5
        axes.plot(middle, usual, color=style.text, linewidth=0.9, linestyle=":", zorder=6)
    highest = max(done.sum(axis=0).max(), np.nan_to_num(usual).max())
    axes.set_ylim(0, max(1.0, 1.15 * float(highest)))
    axes.set_ylabel("trips per 100 people")
    day_axis(axes)
    title = "dotted: days before" if usual_known else ""
    drawn = _drawn_rows(expected + done)
    key_beside(axes, style, [entries[row] for row in drawn], title=title)
    return figure


def _stack(axes: Axes, rates: Float, colours: Sequence[str], *, above: int) -> None:
    """Draw departures by mode as bars on top of each other."""
    bottom, edges_h = np.zeros(rates.shape[1]), np.arange(rates.shape[1] + 1)
    for row in _drawn_rows(rates):
        colour, top = colours[row], bottom + rates[row]
        axes.stairs(top, edges_h, baseline=bottom, fill=True, color=colour, zorder=above)
        bottom = top


def needs_figure(
    series: NeedsSeries,
    *,
    name: str = "",
    style: ChartStyle = LIGHT,
    parameters: CityParameters | None = None,
) -> Figure:
    """Draw the needs of the last 24 hours: the mean of all, and one person's in full lines.

    Parameters
    ----------
    series : NeedsSeries
        Levels at full hours.
    name : str, optional
        Name of the person; without it only the mean is drawn.
    style : ChartStyle, default LIGHT
        Colours of text, axes and background.
    parameters : CityParameters, optional
        They give the needs their labels and colours; the defaults if not given.
    """
    needs = tuple((parameters or default_parameters()).needs.values())
    figure, axes = empty_axes(style)
    at_h = series.minute / HOUR_MIN
    for row, need in enumerate(needs):
        colour = style.shade(need)
        mean = {"linewidth": 1.2, "linestyle": (0, (4, 2))} if name else {"linewidth": 2.0}
        axes.plot(at_h, series.mean[:, row], color=colour, **mean)
        if name:
            axes.plot(at_h, series.own[:, row], color=colour, linewidth=2.2)
    axes.set_ylim(0, 1.03)
    axes.set_ylabel("level (1 = met)")
    end_h = float(at_h[-1]) if len(at_h) else DAY_H
    axes.set_xlim(max(end_h - DAY_H, 0.0), max(end_h, 1.0))
    first = int(np.ceil(max(end_h - DAY_H, 0.0) / 3.0)) * 3
    ticks = range(first, int(max(end_h, 1.0)) + 1, 3)
    axes.set_xticks(ticks, [f"{hour % 24:02d}" for hour in ticks])
    axes.set_xlabel("time of day", labelpad=1.0)
    title = f"full lines: {short(name, 15)}\ndashes: mean of all" if name else "mean of all"
    entries = [(need.label, style.shade(need)) for need in reversed(needs)]
    key_beside(axes, style, entries, title=title)
    return figure


def popularity_figure(
    names: Sequence[str],
    visits: Sequence[int],
    satisfaction: Sequence[float],
    style: ChartStyle = LIGHT,
) -> Figure:
    """Draw bars of the places most visited, coloured by satisfaction.

    Parameters
    ----------
    names : sequence of str, length n
        Names of the places, the most visited first.
    visits : sequence of int, length n
        Numbers of visits.
    satisfaction : sequence of float, length n
        Mean rating, in [0, 1] or NaN.
    style : ChartStyle, default LIGHT
        Colours of text, axes and background.
    """
    figure, axes = empty_axes(style, left=0.36, right=0.93)
    colours = [style.liking(one) for one in satisfaction]
    rows = np.arange(len(names))
    axes.barh(rows, visits, color=colours, height=0.78)
    for row, (count, liked) in enumerate(zip(visits, satisfaction, strict=True)):
        label = f" {count:,}" if np.isnan(liked) else f" {count:,} · liked {liked:.0%}"
        axes.text(count, row, label, va="center", fontsize=6.5, color=style.text)
    axes.set_yticks(rows, [short(name) for name in names], fontfamily=families())
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0, 1.28 * max(visits, default=1))
    axes.locator_params(axis="x", integer=True, nbins=6)
    axes.set_xlabel("visits so far")
    return figure


def _dot_borders(axes: Axes, observed: Float, style: ChartStyle) -> None:
    middle_h = (np.arange(observed.shape[1]) + 0.5) * DAY_H / observed.shape[1]
    for border in 100.0 * observed.cumsum(axis=0)[:-1]:
        axes.plot(middle_h, border, color=style.background, linewidth=1.8, zorder=5)
        axes.plot(middle_h, border, color=style.text, linewidth=1.0, linestyle=":", zorder=6)
