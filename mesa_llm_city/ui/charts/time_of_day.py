"""The moment that charts show, and the names in their descriptions."""

from __future__ import annotations

from collections.abc import Sequence

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.hourly import DAY_H
from mesa_llm_city.ui.person.selection import NOBODY
from mesa_llm_city.ui.views.protocols import CityView

__all__ = ["name_of", "named", "now_h"]


def now_h(view: CityView) -> float:
    """Return the time of day in hours; a midnight is the end of the day before."""
    return view.minute % DAY_MIN / HOUR_MIN or (float(DAY_H) if view.minute else 0.0)


def name_of(view: CityView, person: int) -> str:
    """Return the name of a person, empty for nobody."""
    if person == NOBODY:
        return ""
    row = view.crowd().row_of(person)
    return "" if row is None else view.names()[row]


def named(labels: Sequence[str], values: Float) -> list[tuple[str, float]]:
    """Return labels and values; the last, of other kinds, only if there is any."""
    both = list(zip(labels, values.tolist(), strict=True))
    return both if both[-1][1] else both[:-1]
