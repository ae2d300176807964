"""Figures of the flood: who left when, and where people were, beside the control."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.evacuation.model import FLOODED_MIN
from mesa_llm_city.models.evacuation.two_futures import (
    CONTROL,
    FLOOD,
    WATCHED_MIN,
    left_shares,
    models_of,
)
from mesa_llm_city.models.evacuation.who_left import departures, rayleigh_share

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments import Futures
from mesa_llm_city.experiments.futures.difference import paired_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from mesa_llm_city.models.evacuation.model import Evacuation

__all__ = ["draw_departures"]

# Paul Tol (2021), Colour schemes, "bright": safe for colour-blind readers.
_COLOUR = MappingProxyType({FLOOD: "#4477AA", CONTROL: "#999999"})
_LABEL = MappingProxyType({FLOOD: "flood", CONTROL: "no flood"})
_CITED, _REFUGE, _WATER = "#EE6677", "#AA3377", "#66CCEE"
_OPEN_MIN = 2 * DAY_MIN + 6 * HOUR_MIN


def draw_departures(futures: Futures, path: str | Path) -> None:
    """Draw who left the zone when, and how many people were inside, with and without the flood.

    Parameters
    ----------
    futures : Futures
        From `flood_futures`. With several replicates, lines are means, bands 95 % intervals.
    path : str or Path
        PNG file to write.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 4.2), layout="constrained")
    left, inside = figure.subplots(1, 2)
    _draw_left(left, futures)
    _draw_inside(inside, futures)
    figure.savefig(path, dpi=110)


def _draw_left(axes: Axes, futures: Futures) -> None:
    minutes = np.arange(0.0, WATCHED_MIN + 1.0)
    first = models_of(futures, FLOOD)[0]
    # All copies have the same past, so the same people are inside at the warning.
    people = len(departures(first))
    for name in (FLOOD, CONTROL):
        shares = np.array([left_shares(one) for one in models_of(futures, name)])
        label = f"{_LABEL[name]} (n = {people})"
        _draw_mean(axes, minutes, shares, _COLOUR[name], label, highest=1.0)
    cited = rayleigh_share(minutes)
    axes.plot(minutes, cited, color=_CITED, ls="--", label="Tweedie et al. (1986)")
    water = FLOODED_MIN - first.warned_min
    axes.axvline(water, color=_WATER, lw=1.0)
    axes.annotate("water", (water, 0.02), xytext=(3, 0), textcoords="offset points", fontsize=8)
    axes.set(xlabel="minutes after the warning", ylim=(0.0, 1.02), xlim=(0.0, WATCHED_MIN))
    axes.set_ylabel("share of those in the zone who have left")
    axes.legend(frameon=False, fontsize=8, loc="center right")
    axes.set_title("Who left when", loc="left")
    axes.spines[["top", "right"]].set_visible(False)


def _draw_inside(axes: Axes, futures: Futures) -> None:
    for name in (CONTROL, FLOOD):
        models = models_of(futures, name)
        label = f"in the zone, {_LABEL[name]}"
        _draw_mean(axes, _hours(models[0]), _counts(models, "inside"), _COLOUR[name], label)
    flooded = models_of(futures, FLOOD)
    away = _counts(flooded, "away")
    _draw_mean(axes, _hours(flooded[0]), away, _REFUGE, "at a refuge, flood")
    axes.axvspan(FLOODED_MIN / HOUR_MIN, _OPEN_MIN / HOUR_MIN, color=_WATER, alpha=0.15, lw=0)
    axes.set(xlabel="hours since the first midnight", ylabel="people", ylim=(0.0, None))
    axes.set_xlim(DAY_MIN / HOUR_MIN, flooded[0].minute / HOUR_MIN)
    axes.set_xticks(np.arange(24, flooded[0].minute / HOUR_MIN + 1, 6))
    axes.legend(frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.62, 0.04))
    axes.set_title("Where people were", loc="left")
    axes.spines[["top", "right"]].set_visible(False)


def _draw_mean(
    axes: Axes, x: Float, values: Float, colour: str, label: str, *, highest: float | None = None
) -> None:
    """Draw the mean of replicates (rows), and the interval of the mean if there are several."""
    axes.step(x, values.mean(axis=0), where="post", color=colour, label=label)
    if len(values) > 1:
        low, high = (np.clip(one, 0.0, highest) for one in paired_interval(values, level=0.95))
        axes.fill_between(x, low, high, step="post", color=colour, alpha=0.25, lw=0)


def _counts(models: list[Evacuation], name: str) -> Float:
    """Return a reporter of each replicate, step by step."""
    frames = [one.datacollector.get_model_vars_dataframe() for one in models]
    return np.array([frame[name].to_numpy(dtype=np.float64) for frame in frames])


def _hours(model: Evacuation) -> Float:
    minutes = model.datacollector.get_model_vars_dataframe()["minute"]
    hours: Float = minutes.to_numpy(dtype=np.float64) / HOUR_MIN
    return hours
