"""Figures: shares in the arms, which rules give the signs, and in which range of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa_llm_city.models.polarisation.model import Polarisation
from mesa_llm_city.models.polarisation.observed import BEST_ANSWER
from mesa_llm_city.models.polarisation.signs import AGENT_SOCIETY, SIGNS, sign_table
from mesa_llm_city.models.polarisation.talk import ARMS, TALKS

from mesa_llm_city.experiments.diffusion import STANCE_CHANGES
from mesa_llm_city.parameters import default_parameters

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_run", "draw_signs"]

_RULE = "social.stance.rule"
_COLOURS = {"more": "#CC6677", "less": "#88CCEE", "opposed": "#332288", "unchanged": "#DDDDDD"}
_HOLDS, _FAILS = "#44AA99", "#F0E2C8"
_DEFAULT = {"graph": "random", "talk": "persuaders", "flipped": False}
_WHOM = {
    "control": "their friends",
    "alike": "{talk} of their own side",
    "different": "{talk} of the other side",
}
_WORDS = {"more": "more extreme", "less": "less extreme"}
_MAIN = tuple(SIGNS)[:3]
_SHORT = {
    "alike strengthens": "alike\nstrengthens",
    "different weakens": "different\nweakens",
    "control lies between": "control\nbetween",
    "control goes both ways": "control\nboth ways",
}


def draw_run(model: Polarisation) -> Figure:
    """Draw the answers at first and now, and what became of the stances day by day.

    Parameters
    ----------
    model : Polarisation
        The model, after at least one step.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 4.0), layout="constrained")
    answers, course = figure.subplots(1, 2)
    points = np.arange(BEST_ANSWER + 1)
    now = np.bincount(model.answers, minlength=len(points))
    answers.bar(points, now, color="#88CCEE", label=f"day {model.minute / 1440:.0f}")
    for point in sorted(set((5.0 + 5.0 * model.first).round().tolist())):
        answers.axvline(point, color="#444444", linestyle=":", linewidth=1.2)
    answers.set_xlabel("answer, 0 (against) to 10 (in favour); dotted: at first")
    answers.set_ylabel("people")
    history = model.history()
    days = history["minute"] / 1440
    shares = [history[name] for name in STANCE_CHANGES]
    words = [_WORDS.get(name, name) for name in STANCE_CHANGES]
    course.stackplot(days, *shares, labels=words, colors=list(_COLOURS.values()))
    course.set_xlabel("day")
    course.set_ylabel("share of people, against the start")
    course.set_ylim(0.0, 1.0)
    course.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    for axes in (answers, course):
        axes.spines[["top", "right"]].set_visible(False)
    whom = _WHOM[model.arm].format(talk=model.talk)
    figure.suptitle(f"{model.topic.capitalize()}: {model.people} people hear {whom}", fontsize=11)
    return figure


def draw_signs(by_rule: pd.DataFrame, range_signs: pd.DataFrame, path: str | Path) -> None:
    """Draw shares in the arms, which rules give the signs, and in which range of numbers.

    Parameters
    ----------
    by_rule : pandas.DataFrame
        Runs of `sweep.rules`.
    range_signs : pandas.DataFrame
        Signs (`sign_table`) of the runs of `sweep.ranges`.
    path : str or Path
        PNG file to write, 1100 pixels wide.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 8.2), layout="constrained")
    halves: Any = figure.subfigures(2, 1, height_ratios=(1.0, 1.15))
    top, bottom = halves
    shares, signs = top.subplots(1, 2, width_ratios=(1.0, 1.25))
    _draw_shares(shares, by_rule)
    _draw_rules(signs, by_rule)
    for axes, talk in zip(bottom.subplots(1, 2, sharey=True), TALKS, strict=True):
        _draw_ranges(axes, range_signs[range_signs["talk"] == talk], talk)
    figure.savefig(path, dpi=110)


def _draw_shares(axes: Axes, by_rule: pd.DataFrame) -> None:
    """Draw the shares of each arm, for the paper and the rules that matter."""
    labels: list[str] = []
    for row, (rule, arm) in enumerate(_bars()):
        shares = AGENT_SOCIETY[arm] if rule == "paper" else _mean_shares(by_rule, rule, arm)
        left = 0.0
        for name in STANCE_CHANGES:
            axes.barh(row, shares[name], left=left, color=_COLOURS[name], height=0.82)
            left += shares[name]
        labels.append(f"{arm}: {'AgentSociety' if rule == 'paper' else rule.replace('_', ' ')}")
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0.0, 1.0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title("Answers against the first ones, mean shares", loc="left", fontsize=10)
    handles = [_patch(_COLOURS[name]) for name in STANCE_CHANGES]
    axes.legend(
        handles,
        [_WORDS.get(name, name) for name in STANCE_CHANGES],
        ncols=4,
        frameon=False,
        fontsize=8,
        loc="upper center",
        bbox_to_anchor=(0.4, -0.06),
        handlelength=1.0,
        columnspacing=1.0,
    )


def _bars() -> list[tuple[str, str]]:
    return [(rule, arm) for arm in ARMS for rule in ("paper", "soft", "repulsion")]


def _mean_shares(by_rule: pd.DataFrame, rule: str, arm: str) -> dict[str, float]:
    some = by_rule[(by_rule[_RULE] == rule) & (by_rule["arm"] == arm)]
    for name, value in _DEFAULT.items():
        some = some[some[name] == value]
    return {name: float(some[name].mean()) for name in STANCE_CHANGES}


def _draw_rules(axes: Axes, by_rule: pd.DataFrame) -> None:
    """Draw in how many settings each sign holds, by rule and way of talking."""
    table = sign_table(by_rule, [_RULE, "talk", "graph", "flipped"])
    rules = list(dict.fromkeys(table[_RULE]))
    rules.sort(key=lambda rule: -int(table.loc[table[_RULE] == rule, "holds"].sum()))
    columns = [(talk, sign) for talk in TALKS for sign in SIGNS]
    for row, rule in enumerate(rules):
        for column, (talk, sign) in enumerate(columns):
            is_cell = (table[_RULE] == rule) & (table["talk"] == talk) & (table["sign"] == sign)
            holds = table.loc[is_cell, "holds"]
            text = f"{int(holds.sum())}/{len(holds)}"
            _box(axes, column, row, _shade(float(holds.mean())), text)
    seeds = int(table["seeds"].max())
    axes.set_xticks(range(len(columns)), [_SHORT[sign] for _, sign in columns], fontsize=6.2)
    axes.set_yticks(range(len(rules)), [rule.replace("_", " ") for rule in rules], fontsize=8)
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rules) - 0.5, -0.5)
    axes.axvline(len(SIGNS) - 0.5, color="#444444", linewidth=1.0)
    title = f"In how many of 8 settings a sign holds, {seeds} seeds each"
    axes.set_title(title, loc="left", fontsize=10)
    for talk, centre in zip(TALKS, (0.25, 0.75), strict=True):
        axes.text(
            centre, -0.2, f"talk with {talk}", transform=axes.transAxes, ha="center", fontsize=8
        )
    _plain(axes)


def _draw_ranges(axes: Axes, signs: pd.DataFrame, talk: str) -> None:
    """Draw for each number and value whether the first three signs hold."""
    names, defaults = list(dict.fromkeys(signs["name"])), _defaults(signs["name"])
    for row, name in enumerate(names):
        some = signs[(signs["name"] == name) & signs["sign"].isin(_MAIN)]
        held = some.groupby("value")["holds"].all()
        for column, (value, holds) in enumerate(held.items()):
            text = f"[{value:g}]" if value == defaults[name] else f"{value:g}"
            _box(axes, column, row, _HOLDS if holds else _FAILS, text)
    axes.set_yticks(range(len(names)), [name.removeprefix("social.stance.") for name in names])
    axes.tick_params(labelsize=8)
    axes.set_xlim(-0.5, 6.5)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xticks([])
    title = f"Rule soft, talk with {talk}: one number changed, [default]"
    axes.set_title(title, loc="left", fontsize=10)
    axes.legend(
        [_patch(_HOLDS), _patch(_FAILS)],
        ["all of the first three signs hold", "not all"],
        ncols=2,
        frameon=False,
        fontsize=8,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
    )
    _plain(axes)


def _defaults(names: Iterable[str]) -> dict[str, float]:
    """Return the default of options and parameters by name."""
    taken, parameters = signature(Polarisation).parameters, default_parameters()
    return {
        name: float(parameters.get(name) if "." in name else taken[name].default)
        for name in dict.fromkeys(names)
    }


def _box(axes: Axes, column: int, row: int, colour: Any, text: str) -> None:  # noqa: ANN401
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((column - 0.47, row - 0.43), 0.94, 0.86, color=colour, linewidth=0))
    axes.text(column, row, text, ha="center", va="center", fontsize=8)


def _shade(share: float) -> Sequence[float]:
    from matplotlib.colors import to_rgb

    low, high = np.array(to_rgb(_FAILS)), np.array(to_rgb(_HOLDS))
    return tuple((low + share * (high - low)).tolist())


def _patch(colour: str) -> Any:  # noqa: ANN401 - a patch of matplotlib
    from matplotlib.patches import Patch

    return Patch(color=colour)


def _plain(axes: Axes) -> None:
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
