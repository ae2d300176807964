"""The picture of a calibration: before and after, error by run, and the curves after the fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.experiments.validation.picture import (
    NAIVE,
    PEOPLE,
    RUN,
    draw_panels,
    legend,
    panels_of,
    title,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mesa_llm_city.experiments.calibration.compared import Compared
    from mesa_llm_city.experiments.validation.measure import Family

__all__ = ["draw_calibration"]

_MOST_ROWS = 12


def draw_calibration(
    lines: Sequence[str],
    compared: Sequence[Compared],
    log: Sequence[Mapping[str, float]],
    families: Sequence[Family],
) -> Figure:
    """Draw a calibration.

    Parameters
    ----------
    lines : sequence of str
        What a reader must know; written above the panels.
    compared : sequence of Compared
        Measures before and after.
    log : sequence of mapping of str to float
        Errors of each run of the fit, by target.
    families : sequence of Family
        Curves after the fit.

    Returns
    -------
    matplotlib.figure.Figure
        Made without pyplot, so no window is needed.
    """
    own = (partial(_before_and_after, compared=compared), partial(_by_run, log=log))
    return draw_panels(lines, [*own, *panels_of(families)])


def _before_and_after(axes: Axes, compared: Sequence[Compared]) -> None:
    """Draw errors over the naive one, so that targets of any unit share an axis."""
    rows = [one for one in compared if _scale(one) > 0][:_MOST_ROWS]
    for at, one in enumerate(rows):
        scale = _scale(one)
        before, after = _error(one, one.before.value) / scale, _error(one, one.after.value) / scale
        ends = [_error(one, end) / scale for end in one.after.interval]
        first = at == 0
        axes.plot([before, after], [at, at], color=NAIVE, linewidth=2, zorder=1)
        axes.plot(ends, [at, at], color=RUN, linewidth=1, zorder=2)
        axes.plot(before, at, "o", color=PEOPLE, label="before" if first else None)
        axes.plot(after, at, "o", color=RUN, label="after, with 95 %" if first else None)
    axes.axvline(1.0, color="black", linewidth=0.8, linestyle=":", label="naive")
    axes.set_yticks(range(len(rows)), [_label(one) for one in rows])
    axes.invert_yaxis()
    axes.set_xlim(left=0.0)
    legend(axes)
    title(axes, "Error over that of the naive prediction")


def _by_run(axes: Axes, log: Sequence[Mapping[str, float]]) -> None:
    styles = ("-o", "-s", "-^", "-d")
    for name, style in zip(log[0], styles, strict=False):
        first = max(log[0][name], 1e-9)
        line = np.array([one[name] / first for one in log])
        axes.plot(range(1, len(line) + 1), line, style, markersize=4, label=name)
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("run of the fit")
    legend(axes)
    title(axes, "Error of what is fitted, over that before")


def _label(one: Compared) -> str:
    return f"{one.target}, {one.after.name.partition(':')[0]} ({one.cells})"


def _error(one: Compared, value: float) -> float:
    return value if one.after.better == "lower" else 1.0 - value


def _scale(one: Compared) -> float:
    """Return the error of the naive prediction; 0 if there is none."""
    naive = next(iter(one.after.naive.values()), None)
    return 0.0 if naive is None else _error(one, naive)
