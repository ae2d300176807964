"""What zones can be coloured by: people, visits, residents, and how people there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.span import Span

__all__ = ["COUNTS", "VISITS", "measure_label", "zone_measures", "zone_values"]

VISITS = "visits"
"""The measure that is counted in the marked hours, if there are any."""

COUNTS: Mapping[str, str] = {
    "people": "people there now",
    "visits": "visits today",
    "residents": "residents",
}
"""Measures that are counts, and their labels."""

_PER_PERSON = ("mood", "belief", "income")


def zone_measures(view: CityView) -> tuple[str, ...]:
    """Return what the zones of a city can be coloured by, as far as it is known.

    Beside `COUNTS` these are the needs, ``mood``, ``belief`` and ``income``: means over the people
    who are in a zone, for incomes over those who live there. People who are too many to have dots
    (`CityView.density`) count, but are not in the means.
    """
    means = [by for by in view.colours() if by in view.parameters.needs or by in _PER_PERSON]
    return (*COUNTS, *means)


def measure_label(view: CityView, measure: str, span: Span | None = None) -> str:
    """Return what a measure is called, if hours are marked (see `zone_values`) or not."""
    spec = view.parameters.needs.get(measure)
    if measure == VISITS:
        model = model_of(view)
        # Those of rows of a crowd are in no table that a page reads.
        has_rows = model is not None and model.crowd_or_none is not None
        whose = "visits of citizens" if has_rows else "visits"
        return f"{whose} {'today' if span is None else 'in the marked hours'}"
    if measure in COUNTS:
        return COUNTS[measure]
    if measure == "belief":
        return "mean liking of places"
    return f"mean {measure if spec is None else spec.label}"


def zone_values(view: CityView, measure: str, span: Span | None = None) -> Float:
    """Return a measure of each zone, shape (z,), NaN where it is not known.

    Parameters
    ----------
    view : CityView
        The city.
    measure : str
        One of `zone_measures`.
    span : Span, optional
        Part of the run in which visits are counted that began in it; since midnight by default.
        Other measures are of now.

    Raises
    ------
    ConfigError
        If it is none of them.
    """
    if measure not in (known := zone_measures(view)):
        message = f"zones cannot be coloured by {measure!r}; choose one of {', '.join(known)}"
        raise ConfigError(message)
    areas = view.basemap().areas
    if measure == VISITS:
        return _visits(view, span)
    if measure in _COUNTED:
        return _COUNTED[measure](view)
    if measure == "income":
        return areas.mean(areas.of_place[view.homes()], view.values(measure))
    crowd = view.crowd()
    values = view.values(measure)
    where = areas.of_points(np.column_stack([crowd.x, crowd.y]))
    # Somebody may have arrived between the two readings of a model that runs.
    count = min(len(where), len(values))
    return areas.mean(where[:count], values[:count])


def _people(view: CityView) -> Float:
    crowd, areas = view.crowd(), view.basemap().areas
    counts = areas.count(areas.of_points(np.column_stack([crowd.x, crowd.y])))
    density = view.density()
    return counts if density is None else counts + density.present


def _visits(view: CityView, span: Span | None) -> Float:
    visits, areas = view.table("visits"), view.basemap().areas
    midnight = (view.minute - 1) // DAY_MIN * DAY_MIN
    counted = span or Span(midnight, view.minute)
    began = counted.holds(minutes_of(visits["start"], view.clock))
    return areas.count(areas.of_place[visits["place"].to_numpy(dtype=np.int64)[began]])


def _residents(view: CityView) -> Float:
    areas = view.basemap().areas
    counts, density = areas.count(areas.of_place[view.homes()]), view.density()
    return counts if density is None else counts + density.residents


_COUNTED: Mapping[str, Callable[[CityView], Float]] = {
    "people": _people,
    "residents": _residents,
}
