"""What drove a decision: contributions that add up to a probability, as a waterfall."""

from __future__ import annotations

from math import isnan
from typing import NamedTuple

from mesa_llm_city.migration.evaluation.calibration import sigmoid
from mesa_llm_city.ui.migration.story import Drivers
from mesa_llm_city.ui.migration.svg import element, number

__all__ = ["steps_of", "waterfall"]

_MOST = 9  # columns with a bar of their own
_WIDTH, _ROW, _LEFT, _RIGHT, _TOP, _BELOW = 372.0, 19.0, 132.0, 46.0, 18.0, 6.0
_LETTERS = 20
_LEAST = 0.005  # a contribution that would be written as 0.00


def steps_of(drivers: Drivers, most: int = _MOST) -> list[tuple[str, float]]:
    """Return what is added up, the largest first; small contributions are put together.

    Parameters
    ----------
    drivers : Drivers
        What drove the decision.
    most : int
        Columns that have a step of their own.

    Examples
    --------
    >>> steps_of(Drivers(0.5, (("age", 0.2), ("wage", -0.7)), -0.1, 0.0, "log odds"))
    [('wage', -0.7), ('age', 0.2), ('places', -0.1)]
    """
    ordered = sorted(drivers.parts, key=lambda part: (-abs(part[1]), part[0]))
    told = [part for part in ordered if abs(part[1]) >= _LEAST]
    steps = told[:most]
    others = [value for part in ordered if part not in steps for value in part[1:]]
    rest = float(sum(others, start=0.0))  # in the order of their size
    if abs(rest) >= _LEAST:
        steps.append((f"{len(others)} others", rest))
    ends = (("places", drivers.places), ("observed flows", drivers.calibration))
    return [*steps, *(end for end in ends if abs(end[1]) >= _LEAST)]


def waterfall(drivers: Drivers, p: float) -> str:
    """Return the contributions as bars, each beginning where the last one ends.

    Parameters
    ----------
    drivers : Drivers
        What drove the decision; if its parts do not add up, all bars begin at 0.
    p : float
        The probability that they lead to, in [0, 1].
    """
    bars, adds_up = _bars(drivers), not isnan(drivers.base)
    ends = [0.0, *(end for bar in bars for end in bar[1:])]
    scale = _Scale(min(ends), max(ends))
    rows = [
        (name, f"{end - begin:+.2f}", _bar(name, begin, end, scale)) for name, begin, end in bars
    ]
    if adds_up:
        rows = [
            ("at first", f"{float(sigmoid(drivers.base)):.0%}", ""),
            *rows,
            ("so at home", f"{p:.0%}", ""),
        ]
    height = _TOP + _ROW * len(rows) + _BELOW
    drawn = "".join(
        element(
            "g", inner=_words(name, value) + bar, transform=f"translate(0 {_TOP + _ROW * row:g})"
        )
        for row, (name, value, bar) in enumerate(rows)
    )
    zero = element(
        "path",
        d=f"M{number(scale.at(0.0))} {number(_TOP)}V{number(height - _BELOW)}",
        class_="grid",
    )
    told = ", ".join(f"{name} {end - begin:+.2f}" for name, begin, end in bars)
    return element(
        "svg",
        inner=element("text", drivers.unit, x=_LEFT, y=_TOP - 6.0) + zero + drawn,
        viewBox=f"0 0 {number(_WIDTH)} {number(height)}",
        class_="migration-svg migration-waterfall",
        role="img",
        aria_label=f"What counts, in {drivers.unit}: {told}; p {p:.2f}",
    )


class _Scale(NamedTuple):
    low: float
    high: float

    def at(self, value: float) -> float:
        """Return where a value is drawn."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _bars(drivers: Drivers) -> list[tuple[str, float, float]]:
    """Return name, beginning and end of each bar."""
    bars, at = [], 0.0 if isnan(drivers.base) else drivers.base
    for name, value in steps_of(drivers):
        begin = 0.0 if isnan(drivers.base) else at
        at = begin + value
        bars.append((name, begin, at))
    return bars


def _bar(name: str, begin: float, end: float, scale: _Scale) -> str:
    left, right = sorted((scale.at(begin), scale.at(end)))
    side = "to-home" if end > begin else "to-city"
    return element(
        "rect",
        inner=element("title", f"{name} {end - begin:+.2f}"),
        x=left,
        y=3.0,
        width=max(right - left, 1.0),
        height=_ROW - 6.0,
        class_=f"migration-{side}",
    )


def _words(name: str, value: str) -> str:
    """Return the name at the left and the value at the right of a row."""
    short = name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
    middle = _ROW / 2.0 + 4.0
    left = element("text", short, x=_LEFT - 8.0, y=middle, text_anchor="end")
    return left + element("text", value, x=_WIDTH - 2.0, y=middle, text_anchor="end")
