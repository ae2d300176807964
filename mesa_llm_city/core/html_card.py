"""A small card of HTML that notebooks show for an object: a title, facts, a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

__all__ = ["bars", "dots", "html_card"]

_PALE, _STRONG = "#8b95a1", "#3f7fbf"  # to be seen on white and on black
_WIDTH, _HEIGHT = 150.0, 110.0


def html_card(title: str, facts: Mapping[str, str], *, picture: str = "", hint: str = "") -> str:
    """Return a card; it takes colours and size of what it is in, and asks nobody for anything.

    Parameters
    ----------
    title : str
        Title.
    facts : mapping of str to str
        Texts by name; empty ones are left out.
    picture : str, optional
        Markup of a picture, as `dots` and `bars` return it.
    hint : str, optional
        What to call to see more, in code.

    Examples
    --------
    >>> "&lt;b&gt;" in html_card("<b>", {"people": "3"})
    True
    """
    rows = "".join(
        '<tr style="background:none"><th scope="row" style="text-align:left;vertical-align:top;'
        'padding:1px 12px 1px 0;font-weight:500;opacity:.75;white-space:nowrap">'
        f"{escape(name)}</th>"
        '<td style="text-align:left;padding:1px 0;overflow-wrap:anywhere">'
        f"{escape(text)}</td></tr>"
        for name, text in facts.items()
        if text
    )
    foot = f'<small style="opacity:.75"><code>{escape(hint)}</code></small>' if hint else ""
    return (
        '<div style="display:inline-flex;flex-wrap:wrap;gap:6px 18px;align-items:center;'
        "max-width:100%;box-sizing:border-box;border:1px solid #8886;border-radius:8px;"
        'padding:8px 14px;color:inherit">'
        f'<div style="min-width:0;flex:1 1 220px"><b>{escape(title)}</b>'
        '<table style="font-size:.9em;margin:4px 0;border:0;border-collapse:collapse;'
        f'color:inherit">{rows}</table>{foot}</div>{picture}</div>'
    )


def dots(layers: Iterable[tuple[Iterable[tuple[float, float]], bool]], label: str) -> str:
    """Return points in a drawing that keeps their proportions, north up.

    Parameters
    ----------
    layers : iterable of (iterable of (float, float), bool)
        Points east and north in any unit, and whether they stand out; later ones lie above.
    label : str
        Description for people who cannot see it.
    """
    drawn = [([*points], strong) for points, strong in layers]
    xs = [x for points, _ in drawn for x, _ in points]
    ys = [y for points, _ in drawn for _, y in points]
    if not xs:
        return ""
    west, north = min(xs), max(ys)
    wide, high = max(xs) - west, north - min(ys)
    span = max(wide / _WIDTH, high / _HEIGHT) or 1.0
    paths = "".join(
        f'<path stroke="{_STRONG if strong else _PALE}" stroke-width="{2.6 if strong else 1.6}" '
        'stroke-linecap="round" fill="none" d="'
        + "".join(f"M{(x - west) / span:.0f} {(north - y) / span:.0f}h0" for x, y in points)
        + '"/>'
        for points, strong in drawn
    )
    return _svg(wide / span, high / span, paths, label)


def bars(rows: Iterable[tuple[str, float]], label: str, *, most: float = 0.0) -> str:
    """Return bars with their names.

    Parameters
    ----------
    rows : iterable of (str, float)
        Name and length of each; lengths are at least 0.
    label : str
        Description for people who cannot see it.
    most : float, optional
        Length that is as wide as the drawing; by default that of the longest bar.
    """
    shown = [*rows]
    most = most or max((length for _, length in shown), default=0.0) or 1.0
    step, left = 12.0, 68.0
    drawn = "".join(
        f'<text x="{left - 4.0:.0f}" y="{step * row + 9.5:.1f}" text-anchor="end" font-size="9" '
        f'fill="currentColor" opacity=".8">{escape(name)}</text>'
        f'<rect x="{left:.0f}" y="{step * row + 2.0:.0f}" height="{step - 3.0:.0f}" '
        f'width="{max((_WIDTH - left) * length / most, 0.5):.1f}" fill="{_STRONG}"/>'
        for row, (name, length) in enumerate(shown)
    )
    return _svg(_WIDTH, step * len(shown), drawn, label) if shown else ""


def _svg(width: float, height: float, inner: str, label: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(label)}" width="{width + 6.0:.0f}" '
        f'height="{height + 6.0:.0f}" viewBox="-3 -3 {width + 6.0:.0f} {height + 6.0:.0f}" '
        f'style="max-width:100%;flex:none">{inner}</svg>'
    )
