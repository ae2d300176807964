"""Figures: who knows, feels and believes hour by hour, and what corrections change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.rumour.model import Rumour

from mesa_llm_city.core.clock import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_run", "draw_story", "story_figure"]

# Paul Tol (2021), Colour schemes, "muted": safe for colour-blind readers.
_FALSE, _TRUE = "#CC6677", "#332288"
_LINES = ("#CC6677", "#44AA99", "#DDCC77", "#332288")
_ARMS = ("none", "early", "late", "often")
_WORDS: Mapping[str, str] = MappingProxyType(
    {"aware": "people who know it", "shared": "forwards, replies, posts", "misbelief": "belief"}
)
_SEED = 7


def draw_run(model: Rumour) -> Figure:
    """Draw who knows the items, who is moved by them, and how far they are believed.

    Parameters
    ----------
    model : Rumour
        The model, after at least one step.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 3.9), layout="constrained")
    known, moved, believed = figure.subplots(1, 3)
    course = model.course()
    _draw_column(known, course, "aware", "Who knows", "share of all people")
    _draw_moved(moved, course)
    _draw_column(believed, course, "belief", "How sure those who know are", "mean belief")
    for axes in (known, moved, believed):
        _mark_corrections(axes, model)
    believed.set_xlim(known.get_xlim())
    believed.set_ylim(0.0, 1.0)
    corrected = (
        f"corrections to {model.correction_to}" if model.correction_minutes else "no corrections"
    )
    figure.suptitle(f"{model.people:,} people, {corrected}", fontsize=11)
    return figure


def draw_story(effects: pd.DataFrame, path: str | Path) -> None:
    """Draw the figure of `story_figure` to a PNG file, 1100 pixels wide."""
    story_figure(effects).savefig(path, dpi=110)


def story_figure(effects: pd.DataFrame, *, people: int = 2000, days: int = 7) -> Figure:
    """Return a run, the belief in four arms of corrections, and what a correction changes by hour.

    Parameters
    ----------
    effects : pandas.DataFrame
        Of `sweep.effects`.
    people, days : int
        Size of the runs that are made for it, by rules.
    """
    from matplotlib.figure import Figure

    runs = {arm: _lived(arm, people, days) for arm in _ARMS}
    figure = Figure(figsize=(10.0, 7.4), layout="constrained")
    (known, moved), (believed, changed) = figure.subplots(2, 2)
    course = runs["none"].course()
    _draw_column(known, course, "aware", "Who knows, without corrections", "share of all people")
    _draw_moved(moved, course)
    for colour, (arm, model) in zip(_LINES, runs.items(), strict=True):
        history = model.history()
        label = f"corrections: {arm}"
        believed.plot(history["minute"] / DAY_MIN, history["misbelief"], color=colour, label=label)
    _dress(believed, "Belief in the rumour, official corrections", "mean of all people")
    _draw_effects(changed, effects[effects["to"] == "everybody"])
    return figure


def _lived(arm: str, people: int, days: int) -> Rumour:
    model = Rumour(people=people, days=days, corrections=arm, rng=_SEED)
    model.run_to_end()
    return model


def _draw_column(axes: Axes, course: pd.DataFrame, name: str, title: str, unit: str) -> None:
    for item, rows in course.groupby("item", sort=False):
        is_true = bool(rows["is_true"].iloc[0])
        label = f"{item} ({'true' if is_true else 'false'})"
        axes.plot(
            rows["minute"] / DAY_MIN, rows[name], color=_TRUE if is_true else _FALSE, label=label
        )
    _dress(axes, title, unit)


def _draw_moved(axes: Axes, course: pd.DataFrame) -> None:
    """Draw the emotional density of the first false item, moderate and intense."""
    false = course[~course["is_true"]]
    rows = course if false.empty else false
    rows = rows[rows["item"] == rows["item"].iloc[0]]
    days = rows["minute"] / DAY_MIN
    axes.stackplot(
        days,
        rows["intense"],
        rows["moderate"],
        colors=[_FALSE, "#DDCC77"],
        labels=["intense", "moderate"],
    )
    _dress(axes, f"Emotional density: {rows['item'].iloc[0]}", "share of all people")


def _draw_effects(axes: Axes, effects: pd.DataFrame) -> None:
    """Draw what a correction of everybody changes, against its hour, with intervals."""
    for colour, (name, words) in zip(_LINES, _WORDS.items(), strict=False):
        rows = effects[effects["measure"] == name]
        span = np.array([rows["mean"] - rows["low"], rows["high"] - rows["mean"]])
        axes.errorbar(
            rows["hour"], rows["mean"], yerr=span, color=colour, marker="o", capsize=3, label=words
        )
    axes.axhline(0.0, color="#444444", linewidth=0.8)
    axes.set_xscale("log")
    hours = sorted(set(effects["hour"]))
    axes.set_xticks(hours, [str(one) for one in hours])
    axes.minorticks_off()
    seeds = int(effects["seeds"].max()) if len(effects) else 0
    _dress(axes, f"One correction of everybody, {seeds} seeds", "change of the rumour at the end")
    axes.set_xlabel("hours from the rumour to its correction")
    axes.yaxis.set_major_formatter(_percent)


def _percent(value: float, _position: float) -> str:
    return f"{value:+.0%}"


def _mark_corrections(axes: Axes, model: Rumour) -> None:
    for minute in sorted(model.correction_minutes):
        if minute < model.minute:
            axes.axvline(minute / DAY_MIN, color="#888888", linestyle=":", linewidth=1.0)


def _dress(axes: Axes, title: str, unit: str) -> None:
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_xlabel("days")
    axes.set_ylabel(unit)
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
