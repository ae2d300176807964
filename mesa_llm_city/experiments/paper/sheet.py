"""The sheet that pictures of experiments are drawn on: a heading, then panels below it."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mesa_llm_city.experiments.paper.report import Report

__all__ = ["NAIVE", "PEOPLE", "RUN", "entitle", "new_sheet"]

RUN: Final = "#4477AA"
"""Colour of the run."""
PEOPLE: Final = "#EE6677"
"""Colour of what was observed."""
NAIVE: Final = "#999999"
"""Colour of naive predictions."""

_DPI = 120
_TITLE_PT, _SMALL_PT = 13.0, 8.5
_CHARACTER_IN = 0.068
_LINE_IN = 0.165
_MARGIN_IN = 0.15
_MOST_LINES = 10


def new_sheet(report: Report, *, width_in: float, height_in: float) -> Figure:
    """Return a figure whose heading says what it shows, and who decided with which data.

    Parameters
    ----------
    report : Report
        The report.
    width_in, height_in : float
        Width, and height of the part below the heading, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        Made without pyplot, so no window is needed.
    """
    from matplotlib.figure import Figure

    columns = int((width_in - 2 * _MARGIN_IN) / _CHARACTER_IN)
    lines = [
        part
        for line in report.heading()
        for part in wrap(line, columns, subsequent_indent=" " * 9, drop_whitespace=True)
    ][:_MOST_LINES]
    head_in = 0.55 + _LINE_IN * len(lines)
    whole_in = head_in + height_in
    figure = Figure(figsize=(width_in, whole_in), dpi=_DPI, facecolor="white")
    figure.set_layout_engine("constrained", rect=(0.005, 0.005, 0.99, height_in / whole_in - 0.01))
    left = _MARGIN_IN / width_in
    figure.text(
        left,
        1 - 0.1 / whole_in,
        report.experiment.shows.rstrip("."),
        fontsize=_TITLE_PT,
        weight="bold",
        va="top",
    )
    figure.text(
        left,
        1 - 0.42 / whole_in,
        "\n".join(lines),
        fontsize=_SMALL_PT,
        va="top",
        linespacing=1.3,
        family="monospace",
    )
    return figure


def entitle(axes: Axes, text: str) -> None:
    """Write the title of a panel."""
    axes.set_title(text, loc="left", fontsize=10, fontweight="bold")
    axes.tick_params(labelsize=8)
    axes.xaxis.label.set_fontsize(8.5)
    axes.yaxis.label.set_fontsize(8.5)
