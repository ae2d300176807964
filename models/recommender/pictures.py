"""Figures: what people are recommended over time, and whether they follow the crowd."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.recommender.conformity import crowd_effects
from mesa_llm_city.models.recommender.model import CROWD, RecommenderModel

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mesa_llm_city.core.values import Float

__all__ = ["draw_run", "draw_story"]

# Paul Tol (2021), Colour schemes, "bright": safe for colour-blind readers.
_COLOURS = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#AA3377", "#66CCEE", "#BBBBBB")
_GREY = "#777777"
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "inequality": "inequality\n(Gini)",
        "unpredictability": "unpredict-\nability",
        "boosted_ratio": "boosted posts\nto others",
    }
)


def draw_run(model: RecommenderModel) -> Figure:
    """Return the figure of one run: what was recommended over time, and what was watched.

    Parameters
    ----------
    model : RecommenderModel
        The model, after any number of days.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 3.6), layout="constrained")
    entropy, echo, choices = figure.subplots(1, 3)
    history = model.history()
    day = np.arange(1, len(history) + 1)
    entropy.plot(day, history["entropy"], color=_COLOURS[0])
    most = float(np.log(len(model.topics)))
    entropy.axhline(most, color=_GREY, linewidth=0.8, linestyle=":")
    entropy.set_ylim(0.0, 1.05 * most)
    entropy.set_title("Variety of topics recommended (entropy)", loc="left", fontsize=9)
    echo.plot(day, history["echo"], color=_COLOURS[1])
    echo.axhline(0.0, color=_GREY, linewidth=0.8, linestyle=":")
    echo.set_title("Own side recommended beyond its share", loc="left", fontsize=9)
    _draw_lorenz(choices, np.asarray(model.platform.item_choices(), dtype=np.float64))
    for axes in (entropy, echo):
        axes.set_xlabel("day")
    _bare(entropy, echo, choices)
    slots = f", {int(model.random_slots)} random" if model.random_slots else ""
    name = model.platform.engine.name
    figure.suptitle(f"Recommender: {name}{slots}; counts {model.crowd}", fontsize=11)
    return figure


def draw_story(days: pd.DataFrame, crowd: pd.DataFrame, path: str | Path) -> None:
    """Draw variety and echo over time by arm, and the effect of showing counts.

    Parameters
    ----------
    days : pandas.DataFrame
        Rows of `sweep.histories`.
    crowd : pandas.DataFrame
        Rows of `conformity.compare`.
    path : str or Path
        PNG file to write.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 4.2), layout="constrained")
    entropy, echo, effect = figure.subplots(1, 3, width_ratios=(1.0, 1.0, 1.1))
    arms = list(dict.fromkeys(days["arm"]))
    for colour, arm in zip(_COLOURS, arms, strict=False):
        its = days[days["arm"] == arm]
        _draw_band(entropy, its, "entropy", colour, arm)
        _draw_band(echo, its, "echo", colour, arm)
    seeds = days["rng"].nunique()
    entropy.set_title("Variety of topics recommended (entropy)", loc="left", fontsize=9)
    echo.set_title("Own side recommended beyond its share", loc="left", fontsize=9)
    echo.axhline(0.0, color=_GREY, linewidth=0.8, linestyle=":")
    for axes in (entropy, echo):
        axes.set_xlabel(f"day; mean and range of {seeds} seeds")
    entropy.set_ylim(bottom=0.0)
    lines, names = echo.get_legend_handles_labels()
    figure.legend(lines, names, frameon=False, fontsize=8, ncols=4, loc="outside lower center")
    _draw_crowd(effect, crowd)
    _bare(entropy, echo, effect)
    figure.savefig(path, dpi=110, pil_kwargs={"optimize": True})


def _draw_band(axes: Axes, rows: pd.DataFrame, name: str, colour: str, label: str) -> None:
    band = rows.groupby("day")[name].agg(["mean", "min", "max"])
    day = band.index.to_numpy() + 1
    axes.fill_between(day, band["min"], band["max"], color=colour, alpha=0.15, linewidth=0)
    axes.plot(day, band["mean"], color=colour, label=label)


def _draw_lorenz(axes: Axes, counts: Float) -> None:
    ordered = np.sort(counts)
    total = ordered.sum()
    share = np.concatenate([[0.0], np.cumsum(ordered)]) / (total or 1.0)
    axes.plot(np.linspace(0.0, 1.0, len(share)), share, color=_COLOURS[2])
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=0.8, linestyle=":")
    axes.set_title("Share of what is watched", loc="left", fontsize=9)
    axes.set_xlabel("share of posts, the least watched first")


def _draw_crowd(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the difference that showing counts makes, in per cent of the arm where they are not."""
    hidden = rows[rows["crowd"] == CROWD[1]]
    for place, (name, effect) in enumerate(crowd_effects(rows).items()):
        base = float(hidden[name].mean()) / 100.0
        ends = [[(effect.mean - effect.low) / base], [(effect.high - effect.mean) / base]]
        axes.errorbar([place], [effect.mean / base], ends, fmt="o", color=_COLOURS[4], capsize=4)
        label = f"{effect.mean / base:+.0f} %"
        axes.annotate(label, (place, effect.mean / base), (8, 0), textcoords="offset points")
    axes.axhline(0.0, color=_GREY, linewidth=0.8, linestyle=":")
    axes.set_xticks(range(len(_NAMES)), list(_NAMES.values()), fontsize=8)
    axes.set_xlim(-0.5, len(_NAMES) - 0.2)
    axes.set_title("Counts shown against hidden, %", loc="left", fontsize=9)


def _bare(*several: Axes) -> None:
    for axes in several:
        axes.spines[["top", "right"]].set_visible(False)
