"""New parameters, opening hours and weather in the middle of a run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.citizen.new_parameters import use_parameters
from mesa_llm_city.core.opening_hours import Hours
from mesa_llm_city.parameters import CityParameters, ParameterError
from mesa_llm_city.parameters.base import Branch
from mesa_llm_city.simulation.interventions.detours import use_open_streets

if TYPE_CHECKING:
    from mesa_llm_city.city import City
    from mesa_llm_city.simulation.model import CityModel

__all__ = [
    "CHANGEABLE",
    "can_change",
    "parameter_defects",
    "set_hours",
    "set_parameters",
    "values_of",
]

CHANGEABLE = (
    "mobility",
    "modes",
    "needs",
    "purposes",
    "mind",
    "social",
    "city.travel",
    "city.weather",
    "city.events",
    "city.areas",
    "city.attraction",
    "city.balance",
    "population.time_use",
    "population.demography",
)
"""Branches of parameters that are read while a model runs."""

_FIXED = ("social.acquaintances", "social.ties.start", "population.time_use.table")
"""What in them is read only when a model is made."""

_FIXED_ENDS = {"purposes": ("places",), "needs": ("start",)}
"""Fields of rows that are read only when a city or a person is made."""


def parameter_defects(model: CityModel, given: object) -> Iterator[str]:
    """Yield what is wrong with parameters that are to change while a model runs."""
    if not isinstance(given, Mapping) or not given:
        yield f"must be a table of parameters by dotted name, got {given!r:.80}"
        return
    wrong = [defect for name in given for defect in _name_defects(model.parameters, str(name))]
    yield from wrong
    if wrong:
        return
    try:
        model.parameters.with_(dict(given))
    except ParameterError as error:
        yield from (f"{one.name}: {one.problem}" for one in error.defects)


def _name_defects(parameters: CityParameters, name: str) -> Iterator[str]:
    try:
        found = parameters.get(name)
    except ParameterError as error:
        yield from (f"{one.name}: {one.problem}" for one in error.defects)
        return
    if isinstance(found, Branch):
        yield f"{name}: is a branch of parameters; give those in it one by one"
    elif not can_change(name):
        yield (
            f"{name}: is read only when a city, people or a model are made, so it cannot change "
            f"in a run; what can is in {', '.join(CHANGEABLE)}, but for "
            f"{', '.join(_FIXED)}, places of purposes and the start of needs"
        )


def can_change(name: str) -> bool:
    """Tell whether a parameter is read while a model runs, so that it can change in a run.

    Parameters
    ----------
    name : str
        Dotted name.

    Examples
    --------
    >>> can_change("modes.bus.cost_per_trip"), can_change("city.town.homes")
    (True, False)
    """
    inside = any(name == one or name.startswith(f"{one}.") for one in CHANGEABLE)
    fixed = any(name == one or name.startswith(f"{one}.") for one in _FIXED)
    first, last = name.split(".", maxsplit=1)[0], name.rsplit(".", maxsplit=1)[-1]
    return inside and not fixed and last not in _FIXED_ENDS.get(first, ())


def values_of(parameters: CityParameters, names: Mapping[str, object]) -> dict[str, Any]:
    """Return the values of some parameters as plain values."""
    return {name: _plain(parameters.get(name)) for name in names}


def _plain(value: object) -> Any:  # noqa: ANN401 - plain values of any type
    return json.loads(json.dumps(value, default=list))


def set_parameters(model: CityModel, given: Mapping[str, object], minute: int) -> None:
    """Let everybody in a model live with other parameters from a minute on.

    Parameters
    ----------
    model : CityModel
        The model.
    given : mapping of str to object
        Values by dotted name.
    minute : int
        The time.
    """
    tree = model.parameters.with_(dict(given))
    setup = replace(model.registration.setup, parameters=tree)
    model.registration.setup = setup
    model.parameters = tree
    _take_city(model, model.city.with_parameters(tree))
    model.rounds.gap_min = tree.social.contact.gap_min
    model.news.parameters = tree
    for agent in model.citizens:
        use_parameters(
            agent.citizen,
            tree,
            prompts=setup.prompts,
            without=setup.without,
            given=setup.components,
            minute=minute,
            policies=setup.policies,
        )
        model.residents.reschedule(agent)
    if model.crowd_or_none is not None:
        model.crowd.use_parameters(tree)


def set_hours(model: CityModel, hours_of: Mapping[int, Hours]) -> dict[int, Hours]:
    """Give places other opening hours; return those they had.

    Parameters
    ----------
    model : CityModel
        The model.
    hours_of : mapping of int to Hours
        Opening hours by place.
    """
    places = model.city.places
    before = {place: places.opening_times.hours[int(places.hours[place])] for place in hours_of}
    city = model.city
    by_hours: dict[Hours, list[int]] = {}
    for place, hours in hours_of.items():
        by_hours.setdefault(hours, []).append(place)
    for hours, ids in by_hours.items():
        city = city.with_opening_hours(np.array(ids, dtype=np.int64), hours)
    _take_city(model, city)
    return before


def _take_city(model: CityModel, city: City) -> None:
    model.city = model.space = model.world.city = city
    use_open_streets(model)
