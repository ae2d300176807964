"""Zones in the colours of what is measured there, packed for the map."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.ui.map.canvas import Packed, zones_traits
from mesa_llm_city.ui.palette import Colouring, colouring, counting
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.span import Span
from mesa_llm_city.ui.views.zone_measures import (
    COUNTS,
    measure_label,
    zone_measures,
    zone_values,
)

__all__ = ["NO_ZONES", "choropleth", "look_of", "measures_of"]

NO_ZONES: Packed = {"zone_look": {}, "zone_codes": b"", "zone_words": ""}
"""What the map is told while zones have no colours."""


def choropleth(
    view: CityView,
    measure: str,
    span: Span | None = None,
    *,
    beside: CityView | None = None,
) -> Packed:
    """Return the colours of the zones of a city (see `zone_values`), and what to say of each.

    Parameters
    ----------
    view : CityView
        The city.
    measure : str
        One of `zone_measures`.
    span : Span, optional
        Hours that are marked, in which visits are counted.
    beside : CityView, optional
        A run whose map stands beside this one, so that both get one scale, if both know the
        measure.
    """
    values = scale = zone_values(view, measure, span)
    if beside is not None and measure in zone_measures(beside):
        scale = np.concatenate([values, zone_values(beside, measure, span)])
    label, digits = measure_label(view, measure, span), 0 if measure in COUNTS else 2
    said = [f"{one:,.{digits}f}" if np.isfinite(one) else "not known" for one in values.tolist()]
    look = look_of(view, measure, scale)
    if measure in COUNTS:
        look = replace(look, title=label)
    return {
        **zones_traits(look, values),
        "zone_words": "\n".join(f"{label}: {one}" for one in said),
    }


def look_of(view: CityView, measure: str, values: Float) -> Colouring:
    """Return what the colours of zones mean.

    Parameters
    ----------
    view : CityView
        The city.
    measure : str
        One of `zone_measures`.
    values : ndarray of float64
        Values that are shown, NaN where they are not known: the largest count has the
        strongest colour, and means are coloured from the lowest to the highest of them, since
        those of zones differ less than people do.
    """
    known = values[np.isfinite(values)]
    if measure in COUNTS:
        return counting(measure, COUNTS[measure], float(np.max(known, initial=0.0)))
    usual = replace(colouring(measure, view.parameters), title=measure_label(view, measure))
    if not len(known) or known.min() == known.max():
        return usual
    low, high = float(known.min()), float(known.max())
    # The words of an income, "none" and "2.5 x median", stand for its usual ends only.
    words = ("", "x median") if measure == "income" else usual.ends
    ends = (f"{low:.2f} {words[0]}".strip(), f"{high:.2f} {words[1]}")
    return replace(usual, low=low, high=high, ends=ends)


def measures_of(view: CityView) -> list[dict[str, Any]]:
    """Return the names and labels of what zones can be coloured by."""
    return [{"name": one, "label": measure_label(view, one)} for one in zone_measures(view)]
