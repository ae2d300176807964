"""Pieces of SVG: numbers, texts and attributes, escaped."""

from __future__ import annotations

from html import escape

import numpy as np

__all__ = ["attributes", "element", "number", "ticks"]

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def number(value: float) -> str:
    """Return a coordinate with one decimal at most.

    Examples
    --------
    >>> number(2.0), number(2.25)
    ('2', '2.2')
    """
    return f"{value:.1f}".removesuffix(".0")


def attributes(values: dict[str, object]) -> str:
    """Return attributes of an element; names with ``_`` are written with ``-``.

    Examples
    --------
    >>> attributes({"class_": "a", "text_anchor": "end", "x": 2.0})
    ' class="a" text-anchor="end" x="2"'
    """
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_text(value), quote=True)}"'
        for name, value in values.items()
    )


def element(tag: str, text: str = "", inner: str = "", **values: object) -> str:
    """Return an element with a text, which is escaped, and with inner elements, which are not.

    Examples
    --------
    >>> element("text", "a < b", x=1.0)
    '<text x="1">a &lt; b</text>'
    """
    return f"<{tag}{attributes(values)}>{escape(text)}{inner}</{tag}>"


def ticks(low: float, high: float, count: int = 5, *, are_whole: bool = False) -> list[float]:
    """Return round numbers between two numbers, some `count` of them.

    Parameters
    ----------
    low, high : float
        The ends.
    count : int, default 5
        About how many.
    are_whole : bool, default False
        Whether only whole numbers mean something, as of years.

    Examples
    --------
    >>> ticks(0.0, 1.0)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    >>> ticks(0.0, 15.0, 6, are_whole=True)
    [0.0, 5.0, 10.0, 15.0]
    """
    span = max(high - low, 1e-9)
    power = 10.0 ** np.floor(np.log10(span / count))
    steps = [power * one for one in _STEPS]
    # Of the last, ten times a power of ten, any span has enough.
    fine = [one for one in (*steps, 1.0) if not are_whole or (one >= 1.0 and one == round(one))]
    step = min(one for one in fine if one >= 0.999 * span / count)
    first, last = np.ceil(low / step - 1e-6), np.floor(high / step + 1e-6)
    return [round(float(one * step), 10) + 0.0 for one in np.arange(first, last + 1.0)]


def _text(value: object) -> str:
    return number(value) if isinstance(value, float) else str(value)
