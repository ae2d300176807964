"""Pictures of responses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from mesa_llm_city.migration.effects.changes import label_of
from mesa_llm_city.migration.effects.curve import ResponseCurve
from mesa_llm_city.migration.effects.resampling import Estimate

__all__ = ["draw_response"]

_BLUE, _ORANGE = "#0b6fa4", "#d1661b"  # told apart by most people who see colours differently
_LONGEST = 18


def draw_response(curve: ResponseCurve, path: str | Path) -> None:
    """Draw the curves of a response with their intervals.

    Parameters
    ----------
    curve : ResponseCurve
        The response.
    path : str or Path
        File to write; its ending gives the format, such as ``.png`` or ``.svg``.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.subplots()
    is_coded = curve.column.is_coded
    at = np.arange(len(curve.points)) if is_coded else curve.points
    _plot(axes, at, curve.partial, "partial dependence", _BLUE, points=is_coded)
    if curve.local is not None:
        _plot(axes, at, curve.local, "accumulated local effects", _ORANGE, points=is_coded)
    if is_coded:
        labels = [label_of(curve.column, one)[:_LONGEST] for one in curve.points.tolist()]
        axes.set_xticks(at, labels, rotation=30, ha="right")
    unit = f" ({curve.column.unit})" if curve.column.unit else ""
    axes.set_xlabel(f"{curve.column.label}{unit}")
    axes.set_ylabel(f"Probability: {curve.outcome}")
    axes.set_title(_title(curve), fontsize=9, loc="left")
    axes.legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=120)


def _title(curve: ResponseCurve) -> str:
    words = {-1: "negative", 0: "none", 1: "positive"}
    expected = words[curve.column.expected] if curve.column.expected else "not stated"
    lever = "; a policy lever" if curve.column.lever else ""
    return f"sign expected: {expected}, found: {words[curve.sign]}{lever}"


def _plot(
    axes: Any,  # noqa: ANN401 - of an untyped library
    at: Any,  # noqa: ANN401 - numbers
    curve: Estimate,
    label: str,
    colour: str,
    *,
    points: bool,
) -> None:
    if not points:
        axes.plot(at, curve.value, color=colour, label=label)
        axes.fill_between(at, curve.low, curve.high, color=colour, alpha=0.15, linewidth=0)
        return
    axes.plot(at, curve.value, "o", color=colour, label=label)
    axes.vlines(at, curve.low, curve.high, color=colour)
