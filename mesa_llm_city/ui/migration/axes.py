"""Axes of a small chart in SVG: scales, lines of the grid, labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mesa_llm_city.ui.migration.svg import element, number, ticks

__all__ = ["Axes"]

_LEFT, _RIGHT, _TOP, _BELOW = 50.0, 18.0, 24.0, 36.0
_LETTERS = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """Two linear scales in a drawing.

    Parameters
    ----------
    x, y : (float, float)
        Least and greatest value of each axis.
    x_label, y_label : str
        What is shown, with its unit.
    x_words, y_words : callable
        Return the label of a value.
    width, height : float
        Size of the drawing.
    x_is_whole, y_is_whole : bool, default False
        Whether an axis has labels at whole numbers only.

    Examples
    --------
    >>> axes = Axes(x=(0.0, 10.0), y=(0.0, 1.0), x_label="year", y_label="share")
    >>> axes.at_x(0.0), axes.at_y(0.0)
    (50.0, 184.0)
    """

    x: tuple[float, float]
    y: tuple[float, float]
    x_label: str
    y_label: str
    x_words: Callable[[float], str] = "{:g}".format
    y_words: Callable[[float], str] = "{:.0%}".format
    width: float = 420.0
    height: float = 220.0
    x_is_whole: bool = False
    y_is_whole: bool = False

    def at_x(self, value: float) -> float:
        """Return where a value of the horizontal axis is."""
        low, high = self.x
        share = (value - low) / ((high - low) or 1.0)
        return _LEFT + share * (self.width - _LEFT - _RIGHT)

    def at_y(self, value: float) -> float:
        """Return where a value of the vertical axis is."""
        low, high = self.y
        share = (value - low) / ((high - low) or 1.0)
        return self.height - _BELOW - share * (self.height - _BELOW - _TOP)

    def path(self, x: Sequence[float], y: Sequence[float], **values: str) -> str:
        """Return a line through points."""
        spots = "L".join(
            f"{number(self.at_x(a))} {number(self.at_y(b))}" for a, b in zip(x, y, strict=True)
        )
        return element("path", d=f"M{spots}", fill="none", **values)

    def band(
        self, x: Sequence[float], low: Sequence[float], high: Sequence[float], **values: str
    ) -> str:
        """Return the area between two lines."""
        around = [*zip(x, high, strict=True), *reversed([*zip(x, low, strict=True)])]
        spots = "L".join(f"{number(self.at_x(a))} {number(self.at_y(b))}" for a, b in around)
        return element("path", d=f"M{spots}Z", **values)

    def drawn(self, inner: str, label: str, *, role: str = "img", kind: str = "") -> str:
        """Return the whole chart with what is in it.

        Parameters
        ----------
        inner : str
            Markup of what is shown.
        label : str
            Description for people who cannot see it.
        role : str, default "img"
            ``"group"`` if parts of it can be chosen.
        kind : str, optional
            Further class of the drawing.
        """
        return element(
            "svg",
            inner=self._grid() + inner,
            viewBox=f"0 0 {number(self.width)} {number(self.height)}",
            class_=f"migration-svg migration-chart {kind}".rstrip(),
            role=role,
            aria_label=label,
        )

    def _grid(self) -> str:
        right, floor = self.width - _RIGHT, self.height - _BELOW
        lines = "".join(
            element("path", d=f"M{number(_LEFT)} {number(y)}H{number(right)}", class_="grid")
            + element("text", words, x=_LEFT - 6.0, y=y + 4.0, text_anchor="end")
            for y, words in [
                (self.at_y(at), self.y_words(at))
                for at in ticks(*self.y, 4, are_whole=self.y_is_whole)
            ]
        )
        below = "".join(
            element("text", words, x=x, y=floor + _LETTERS + 4.0, text_anchor="middle")
            for x, words in [
                (self.at_x(at), self.x_words(at))
                for at in ticks(*self.x, 6, are_whole=self.x_is_whole)
            ]
        )
        names = element("text", self.x_label, x=right, y=self.height - 4.0, text_anchor="end")
        names += element("text", self.y_label, x=4.0, y=_LETTERS - 1.0)
        return element(
            "g", inner=lines + below + names, class_="migration-axes", aria_hidden="true"
        )
