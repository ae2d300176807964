"""Style of the charts: colours on light and dark backgrounds, axes, legends, PNG."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import east_asian_width

import numpy as np

from mesa_llm_city.experiments.hourly import DAY_H
from mesa_llm_city.ui.palette import THEMES, colouring

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mesa_llm_city.experiments.palette import Group
    from mesa_llm_city.parameters.kind import KindSpec

__all__ = [
    "DARK",
    "LIGHT",
    "ChartStyle",
    "day_axis",
    "empty_axes",
    "fade_after",
    "key_beside",
    "png_of",
    "short",
]

_SIZE = (4.3, 2.0)
_DPI = 164
_PALE = 0.45
_KEY_PT = 6.8
_KEY_SPACING = 1.6


class ChartStyle(NamedTuple):
    """Colours of a chart on a light or dark background.

    Attributes
    ----------
    text, grid, background : str
        Colours of text, of axes, and of the background.
    likings : tuple of str
        Ramp from dislike to liking.
    is_dark : bool
        Whether the background is dark.
    """

    text: str
    grid: str
    background: str
    likings: tuple[str, ...]
    is_dark: bool

    def shade(self, kind: KindSpec | Group) -> str:
        """Return the colour of a purpose, mode, need or group of purposes.

        Examples
        --------
        >>> from mesa_llm_city.parameters import default_parameters
        >>> walk = default_parameters().modes["walk"]
        >>> LIGHT.shade(walk), DARK.shade(walk)
        ('#4477AA', '#2b86cf')
        """
        return kind.colour_dark if self.is_dark else kind.colour

    def liking(self, level: float) -> str:
        """Return the colour of a level from 0, disliked, to 1, liked; NaN is in the middle.

        Examples
        --------
        >>> LIGHT.liking(0.0), LIGHT.liking(1.0)
        ('#a3230b', '#1b3f78')
        """
        at = 0.5 if np.isnan(level) else min(max(level, 0.0), 1.0)
        return self.likings[round(at * (len(self.likings) - 1))]


def _style(name: str) -> ChartStyle:
    theme, likings = THEMES[name], colouring("belief")
    if name == "light":
        return ChartStyle(theme.text, theme.edge, theme.panel, likings.light, is_dark=False)
    return ChartStyle(theme.text, theme.edge, theme.panel, likings.dark, is_dark=True)


LIGHT, DARK = _style("light"), _style("dark")


def png_of(figure: Figure) -> bytes:
    """Return a figure as PNG, with little compression, which is fast."""
    out = BytesIO()
    figure.savefig(out, format="png", dpi=_DPI, pil_kwargs={"compress_level": 1})
    return out.getvalue()


def empty_axes(
    style: ChartStyle, *, left: float = 0.115, right: float = 0.7
) -> tuple[Figure, Axes]:
    """Return a figure with axes from `left` to `right`, as shares of its width."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE, dpi=_DPI, facecolor=style.background)
    axes: Axes = figure.add_axes((left, 0.19, right - left, 0.75), facecolor=style.background)
    axes.tick_params(colors=style.text, labelsize=7, left=False, bottom=False)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["bottom", "left"]].set_color(style.grid)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set_color(style.text)
        label.set_fontsize(7.5)
    return figure, axes


def day_axis(axes: Axes) -> None:
    """Let the x axis show the hours of a day."""
    axes.set_xlim(0, DAY_H)
    axes.set_xticks(range(0, 25, 3), [f"{hour:02d}" for hour in range(0, 25, 3)])
    axes.set_xlabel("time of day", labelpad=1.0)


def fade_after(
    axes: Axes, now_h: float, style: ChartStyle, *, begin_h: float | None = None
) -> None:
    """Cover what is still to come, or what lies after `begin_h`, and mark now."""
    if now_h < DAY_H:
        begin = now_h if begin_h is None else begin_h
        axes.axvspan(
            begin, DAY_H, color=style.background, alpha=1.0 - _PALE, linewidth=0.0, zorder=3
        )
        axes.axvline(now_h, color=style.text, linewidth=1.0, zorder=5)


def key_beside(
    axes: Axes, style: ChartStyle, entries: Sequence[tuple[str, str]], *, title: str = ""
) -> None:
    """Write names beside squares of their colours, the last on top.

    Simple texts are drawn in half the time of a legend.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Axes beside which the names are written.
    style : ChartStyle
        Colour of the text.
    entries : sequence of (str, str)
        Names and colours.
    title : str, optional
        Heading above the names.
    """
    names = [*title.split("\n")] if title else []
    names += [name for name, _ in reversed(entries)]
    line = _KEY_PT * _KEY_SPACING / 72.0 / (axes.get_position().height * _SIZE[1])
    rows = 0.5 + line * ((len(names) - 1) / 2.0 - np.arange(len(names)))
    for name, row in zip(names, rows.tolist(), strict=True):
        look: dict[str, Any] = {"fontsize": _KEY_PT, "color": style.text, "va": "center_baseline"}
        axes.text(1.055, row, name, transform=axes.transAxes, **look)
    axes.scatter(
        [1.032] * len(entries),
        rows[len(names) - len(entries) :],
        s=26.0,
        marker="s",
        c=[colour for _, colour in reversed(entries)],
        transform=axes.transAxes,
        clip_on=False,
        linewidths=0.0,
    )


def short(name: str, longest: int = 26) -> str:
    """Return the beginning of a name, in which nothing is taken for a formula.

    Parameters
    ----------
    name : str
        Name of a place or a person.
    longest : int, default 26
        Greatest width, in letters; East Asian ones count double.

    Examples
    --------
    >>> short("The Old Oak", 8), short("渋谷駅前広場", 8)
    ('The Old…', '渋谷駅…')
    """
    widths = [2 if east_asian_width(one) in "FW" else 1 for one in name]
    if sum(widths) > longest:
        room = np.searchsorted(np.cumsum(widths), longest - 1, side="right")
        name = f"{name[:room]}…"
    return name.replace("$", r"\$")
