"""Figure of stocks over time: the share at home, of everybody or by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from mesa_llm_city.models.return_migration.course import EVERYBODY, Course

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["stock_figure"]

# Paul Tol (2021), Colour schemes, "bright": safe for colour-blind readers.
_COLOURS = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#BBBBBB")
_GREY = "#444444"


def stock_figure(course: Course, by: str = EVERYBODY) -> Figure:
    """Draw the share at home over the years.

    Everybody is compared with the same run without policies. Few groups are lines; many are
    rows of a heat map, in the order of their last share.

    Parameters
    ----------
    course : Course
        The run.
    by : str
        One of `Course.groupings`.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    axes = figure.subplots()
    shares = course.shares(by)
    if len(shares) > len(_COLOURS):
        _heat_map(figure, axes, course, by)
    else:
        _lines(axes, course, by, shares)
    axes.set_xlabel("year")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title("Share at home" + (f" by {by}" if by != EVERYBODY else ""), loc="left")
    return figure


def _lines(axes: Axes, course: Course, by: str, shares: dict[str, Any]) -> None:
    from matplotlib.ticker import PercentFormatter

    counts = course.counts(by)
    for colour, (name, share) in zip(_COLOURS, shares.items(), strict=False):
        label = "with policies" if by == EVERYBODY else f"{name} ({counts[name]:,})"
        axes.plot(course.years, share, color=colour, marker=".", label=label)
    if by == EVERYBODY:
        without = course.shares_without()
        axes.plot(course.years, without, color=_GREY, linestyle="--", label="without, same draws")
    axes.set_ylim(0.0, 1.0)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)


def _heat_map(figure: Figure, axes: Axes, course: Course, by: str) -> None:
    shares = course.shares(by)
    names = sorted(shares, key=lambda name: (shares[name][-1], name))
    table = np.array([shares[name] for name in names])
    last = course.years[-1]
    shown = axes.imshow(
        table,
        aspect="auto",
        cmap="viridis",
        vmin=0.0,
        vmax=1.0,
        extent=(-0.5, last + 0.5, len(names) - 0.5, -0.5),
    )
    counts = course.counts(by)
    labels = [f"{name} ({counts[name]})" for name in names]
    axes.set_yticks(range(len(names)), labels, fontsize=6)
    figure.colorbar(shown, ax=axes)
