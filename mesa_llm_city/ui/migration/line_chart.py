"""Lines over years, with bands, as SVG; years can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mesa_llm_city.ui.migration.axes import Axes
from mesa_llm_city.ui.migration.svg import element, number

__all__ = ["COLOURS", "Line", "line_chart"]

COLOURS = 6
"""Lines that have a colour of their own."""


class Line(NamedTuple):
    """Values of the years from 0.

    Attributes
    ----------
    name : str
        What they are of.
    values : sequence of float
        A value for each year.
    is_dashed : bool
        Whether the line is dashed.
    band : (sequence of float, sequence of float) or None
        Lower and upper end of an interval for each year.
    """

    name: str
    values: Sequence[float]
    is_dashed: bool = False
    band: tuple[Sequence[float], Sequence[float]] | None = None


def line_chart(
    lines: Sequence[Line],
    *,
    years: int,
    shown: int,
    y_label: str,
    words: Callable[[float], str] = "{:.0%}".format,
    span: tuple[float, float] | None = None,
    is_whole: bool = False,
) -> str:
    """Return lines over the years.

    Parameters
    ----------
    lines : sequence of Line
        What is shown, six at most in different colours; each has a name in the legend.
    years : int
        Years of the whole run.
    shown : int
        The year that the page shows, which is marked.
    y_label : str
        What the values are.
    words : callable
        Returns the label of a value.
    span : (float, float), optional
        Ends of the vertical axis; by default what is needed, 0 included.
    is_whole : bool, default False
        Whether the values are whole numbers.
    """
    values = [
        value for line in lines for part in (line.values, *(line.band or ())) for value in part
    ]
    low, high = span or (min([0.0, *values]), max([0.0, *values]))
    if high - low < 1e-9:  # nothing differs
        low, high = low - 0.01, high + 0.01
    axes = Axes(
        x=(0.0, float(max(years, 1))),
        y=(low, high),
        x_label="year",
        y_label=y_label,
        y_words=words,
        x_is_whole=True,
        y_is_whole=is_whole,
    )
    drawn = "".join(_line(axes, line, place % COLOURS) for place, line in enumerate(lines))
    label = f"{y_label} by year. " + " ".join(_last(line, words) for line in lines)
    return axes.drawn(
        _marker(axes, shown) + drawn + _columns(axes, lines, words, shown), label, role="group"
    )


def _line(axes: Axes, line: Line, colour: int) -> str:
    years = [float(year) for year in range(len(line.values))]
    band = ""
    if line.band is not None:
        band = axes.band(years, *line.band, class_=f"migration-band migration-colour-{colour}")
    dash = " migration-dashed" if line.is_dashed else ""
    kind = f"migration-line migration-colour-{colour}{dash}"
    end = element(
        "circle", cx=axes.at_x(years[-1]), cy=axes.at_y(line.values[-1]), r=2.5, class_=kind
    )
    return band + axes.path(years, line.values, class_=kind) + end


def _marker(axes: Axes, shown: int) -> str:
    x, (top, floor) = axes.at_x(float(shown)), (axes.at_y(axes.y[1]), axes.at_y(axes.y[0]))
    return element(
        "path", d=f"M{number(x)} {number(top)}V{number(floor)}", class_="migration-marker"
    )


def _columns(axes: Axes, lines: Sequence[Line], words: Callable[[float], str], shown: int) -> str:
    """Return a column for each year, which tells its values and can be chosen."""
    wide = axes.at_x(1.0) - axes.at_x(0.0)
    top, floor = axes.at_y(axes.y[1]), axes.at_y(axes.y[0])
    count = max((len(line.values) for line in lines), default=0)
    return "".join(
        element(
            "rect",
            inner=element("title", _told(year, lines, words)),
            x=axes.at_x(float(year)) - wide / 2.0,
            y=top,
            width=wide,
            height=floor - top,
            class_="migration-column" + " migration-shown" * (year == shown),
            data_key=year,
        )
        for year in range(count)
    )


def _told(year: int, lines: Sequence[Line], words: Callable[[float], str]) -> str:
    values = [
        f"{line.name} {words(line.values[year])}" for line in lines if year < len(line.values)
    ]
    return f"Year {year}: {', '.join(values)}"


def _last(line: Line, words: Callable[[float], str]) -> str:
    return f"{line.name}: {words(line.values[-1])} in year {len(line.values) - 1}."
