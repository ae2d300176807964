"""Figures of the flood: who left when, and where people were, beside the control arm."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.evacuation.model import FLOODED_MIN, Evacuation
from mesa_llm_city.models.evacuation.who_left import departures, left_by, rayleigh_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_departures"]

# Paul Tol (2021), Colour schemes, "bright": safe for colour-blind readers.
_FLOOD, _CONTROL, _CITED, _WATER = "#4477AA", "#AAAAAA", "#EE6677", "#66CCEE"
_WATCHED_MIN = 240


def draw_departures(flooded: Evacuation, control: Evacuation, path: str | Path) -> None:
    """Draw who left the zone when, and how many people were inside, with and without the flood.

    Parameters
    ----------
    flooded, control : Evacuation
        Two runs with the same seed.
    path : str or Path
        PNG file to write.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 4.2), layout="constrained")
    left, inside = figure.subplots(1, 2)
    _draw_left(left, flooded, control)
    _draw_inside(inside, flooded, control)
    figure.savefig(path, dpi=110)


def _draw_left(axes: Axes, flooded: Evacuation, control: Evacuation) -> None:
    minutes = np.arange(0.0, _WATCHED_MIN + 1.0)
    for model, colour, label in ((flooded, _FLOOD, "flood"), (control, _CONTROL, "no flood")):
        table = departures(model)
        share = left_by(table, minutes)
        axes.step(minutes, share, where="post", color=colour, label=f"{label} (n = {len(table)})")
    cited = rayleigh_share(minutes)
    axes.plot(minutes, cited, color=_CITED, ls="--", label="Tweedie et al. (1986)")
    water = FLOODED_MIN - flooded.warned_min
    axes.axvline(water, color=_WATER, lw=1.0)
    axes.annotate("water", (water, 0.02), xytext=(3, 0), textcoords="offset points", fontsize=8)
    axes.set(xlabel="minutes after the warning", ylim=(0.0, 1.02), xlim=(0.0, _WATCHED_MIN))
    axes.set_ylabel("share of those in the zone who have left")
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    axes.set_title("Who left when", loc="left")
    axes.spines[["top", "right"]].set_visible(False)


def _draw_inside(axes: Axes, flooded: Evacuation, control: Evacuation) -> None:
    for model, colour, label in ((flooded, _FLOOD, "flood"), (control, _CONTROL, "no flood")):
        counts = model.datacollector.get_model_vars_dataframe()
        hours = np.arange(1, len(counts) + 1) * model.clock.step_min / 60.0
        axes.plot(hours, counts["inside"], color=colour, label=f"in the zone, {label}")
    away = flooded.datacollector.get_model_vars_dataframe()["away"]
    hours = np.arange(1, len(away) + 1) * flooded.clock.step_min / 60.0
    axes.plot(hours, away, color=_CITED, label="at a refuge, flood")
    axes.axvspan(FLOODED_MIN / 60.0, FLOODED_MIN / 60.0 + 18.0, color=_WATER, alpha=0.15, lw=0)
    axes.set(xlabel="hours since the first midnight", ylabel="people", ylim=(0.0, None))
    axes.legend(frameon=False, fontsize=8)
    axes.set_title("Where people were", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
