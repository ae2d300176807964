"""How wide the words of a key are, and in how many columns they have room."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["key_columns", "sheet_of", "text_width_pt", "width_in_of"]

_LETTER = 0.56  # mean width of a letter of a sans-serif font, as a share of its size
_MARK_PT = 22.0
_MOST_COLUMNS = 5
_POINTS_PER_IN = 72.0


def sheet_of(axes: Axes) -> Figure:
    """Return the figure that axes lie on."""
    figure = axes.get_figure(root=True)
    if figure is None:
        message = "axes that are drawn on belong to a figure"
        raise ValueError(message)
    return figure


def width_in_of(axes: Axes) -> float:
    """Return the width of axes in inches, before any layout has been worked out."""
    return float(axes.get_position().width * sheet_of(axes).get_figwidth())


def text_width_pt(text: str, size_pt: float) -> float:
    """Return about how wide a text is; East Asian letters count double.

    Examples
    --------
    >>> round(text_width_pt("Priory", 10.0), 1), round(text_width_pt("渋谷", 10.0), 1)
    (33.6, 22.4)
    """
    letters = sum(2 if east_asian_width(one) in "FW" else 1 for one in text)
    return _LETTER * size_pt * letters


def key_columns(labels: Sequence[str], *, size_pt: float, width_in: float) -> int:
    """Return how many columns of a key have room in a width, from 1 to 5.

    Parameters
    ----------
    labels : sequence of str
        Labels of the key, which are filled in column by column.
    size_pt : float
        Size of the letters, in points.
    width_in : float
        Width of the figure, in inches.

    Examples
    --------
    >>> key_columns(["walk", "car", "bus"], size_pt=7.0, width_in=3.5)
    3
    >>> key_columns(["shops, errands, health"] * 4, size_pt=7.0, width_in=3.5)
    2
    """
    for columns in range(min(_MOST_COLUMNS, len(labels)), 1, -1):
        widths = [
            max(text_width_pt(one, size_pt) for one in part) + _MARK_PT
            for part in _filled(labels, columns)
        ]
        if sum(widths) < width_in * _POINTS_PER_IN:
            return columns
    return 1


def _filled(labels: Sequence[str], columns: int) -> list[Sequence[str]]:
    """Return the labels of each column: those that hold one more come first, as Matplotlib has it.

    Examples
    --------
    >>> _filled(["a", "b", "c", "d", "e"], 3)
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    rows, longer = divmod(len(labels), columns)
    ends = [row * rows + min(row, longer) for row in range(columns + 1)]
    return [labels[start:end] for start, end in pairwise(ends)]
