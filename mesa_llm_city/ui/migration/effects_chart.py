"""Average marginal effects with their intervals, as SVG."""

from __future__ import annotations

from math import isnan
from typing import NamedTuple

from mesa_llm_city.migration.effects.margins import MarginalEffect, MarginalEffects
from mesa_llm_city.ui.migration.svg import element, number, ticks

__all__ = ["effects_chart"]

_MOST = 12
_WIDTH, _ROW, _LEFT, _RIGHT, _TOP = 420.0, 30.0, 198.0, 16.0, 22.0
_LETTERS = 28
_POINTS = 100.0
_LEAST = 5e-4  # of a probability; smaller effects are not shown


def effects_chart(found: MarginalEffects, most: int = _MOST) -> str:
    """Return the largest effects, the largest first.

    Parameters
    ----------
    found : MarginalEffects
        The effects.
    most : int
        Greatest number that is drawn.
    """
    known = [one for one in found.effects if abs(_parts(one)[0]) >= _LEAST]
    shown = sorted(known, key=lambda one: -abs(_parts(one)[0]))[:most]
    ends = [0.0, *(end for one in shown for end in _parts(one) if not isnan(end))]
    scale = _Scale(min(ends), max(ends))
    height = _TOP + _ROW * len(shown) + 6.0
    rows = "".join(_row(one, place, scale) for place, one in enumerate(shown))
    told = "; ".join(f"{one.column.label} {_POINTS * _parts(one)[0]:+.1f}" for one in shown)
    return element(
        "svg",
        inner=_grid(scale, height) + rows,
        viewBox=f"0 0 {number(_WIDTH)} {number(height)}",
        class_="migration-svg migration-effects",
        role="img",
        aria_label=f"Average marginal effects in percentage points: {told}",
    )


class _Scale(NamedTuple):
    low: float
    high: float

    def at(self, value: float) -> float:
        """Return where an effect is drawn."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _grid(scale: _Scale, height: float) -> str:
    lines = []
    for points in ticks(_POINTS * scale.low, _POINTS * scale.high, 4):
        x = scale.at(points / _POINTS)
        line = element("path", d=f"M{number(x)} {number(_TOP)}V{number(height)}", class_="grid")
        words = element(
            "text", f"{points:+g}" if points else "0", x=x, y=_TOP - 6.0, text_anchor="middle"
        )
        lines.append(line + words)
    return "".join(lines)


def _row(one: MarginalEffect, place: int, scale: _Scale) -> str:
    """Return an effect: its column and change, and a dot with its interval."""
    value, low, high = _parts(one)
    y, side = _TOP + _ROW * (place + 0.5), "back" if value > 0.0 else "away"
    interval = "" if isnan(low) else f" ({_POINTS * low:+.1f} to {_POINTS * high:+.1f})"
    words = f"{one.column.label}, {one.change}: {_POINTS * value:+.1f} points{interval}"
    bar = ""
    if not isnan(low):
        bar = element(
            "path",
            d=f"M{number(scale.at(low))} {number(y)}H{number(scale.at(high))}",
            class_="migration-interval",
            style=f"stroke: var(--{side})",
        )
    dot = element("circle", cx=scale.at(value), cy=y, r=4.5, class_=f"migration-{side}")
    texts = (
        (_short(one.column.label), y - 3.0, "migration-strong"),
        (_short(one.change), y + 10.0, ""),
    )
    named = "".join(
        element("text", text, x=_LEFT - 12.0, y=at, text_anchor="end", class_=kind)
        for text, at, kind in texts
    )
    return element("g", inner=element("title", words) + named + bar + dot)


def _parts(one: MarginalEffect) -> tuple[float, float, float]:
    """Return an effect and the ends of its interval."""
    value, low, high = (float(part[0]) for part in one.effect)
    return value, low, high


def _short(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"
