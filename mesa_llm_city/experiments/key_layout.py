"""Where words of a picture have room: columns of a key, and names on a map."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["NameRoom", "key_columns", "sheet_of", "text_width_pt", "width_in_of"]

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


class NameRoom:
    """Which names have room on a map: none lies on another.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The map, nearly as wide as its figure, with its limits set.
    size_pt : float
        Size of the letters.
    """

    def __init__(self, axes: Axes, size_pt: float) -> None:
        self._size_pt = size_pt
        width_in = width_in_of(axes)
        west, east = axes.get_xlim()
        self._unit = (east - west) / (_POINTS_PER_IN * width_in)
        self._east = east
        self._taken: list[tuple[float, float, float, float]] = []

    def take(self, name: str, x: float, y: float, *, centred: bool = False) -> bool:
        """Tell whether there is room for a name, and take it.

        Parameters
        ----------
        name : str
            The name.
        x, y : float
            Where it begins, or its middle, at its lower end; in units of the axes.
        centred : bool, default False
            Whether `x` is its middle.
        """
        width = self._unit * text_width_pt(name, self._size_pt)
        left = x - width / 2.0 if centred else x
        box = (left, y, left + width, y + 1.2 * self._unit * self._size_pt)
        if box[2] > self._east + width / 2.0 or any(_overlap(box, one) for one in self._taken):
            return False
        self._taken.append(box)
        return True


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
