"""What a form of parameters shows: which there are, which can change now, and what is typed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mesa_llm_city.parameters import CityParameters, ParameterError, ParameterInfo
from mesa_llm_city.parameters.table import cells, matching
from mesa_llm_city.simulation.interventions.new_parameters import can_change, values_of

__all__ = ["ALL", "GROUPS", "WHY_FIXED", "Typed", "fitting", "read_typed", "shown_value"]

ALL = "all groups"
"""Name of no group."""

GROUPS = (ALL, *CityParameters.model_fields)
"""The groups of parameters: branches of the tree."""

WHY_FIXED = (
    "Is read only when a city, its people or a model are made, so a change now would do nothing. "
    "Give it to a new run: --set {name}=VALUE."
)
"""Why a parameter cannot change in a run; with the name of it."""


class Typed(NamedTuple):
    """What typed values come to.

    Attributes
    ----------
    values : dict
        Plain values by dotted name, if nothing is wrong.
    wrong : dict
        What is wrong, by dotted name.
    """

    values: dict[str, Any]
    wrong: dict[str, str]


def fitting(
    parameters: CityParameters,
    text: str = "",
    *,
    group: str = ALL,
    changed: bool = False,
    changeable: bool = False,
) -> list[ParameterInfo]:
    """Return the parameters that a search is about, in the order of the tree, texts last.

    Parameters
    ----------
    parameters : CityParameters
        The tree.
    text : str, optional
        Words, each of which stands in the name, the description or the source.
    group : str, default "all groups"
        One of `GROUPS`.
    changed : bool, default False
        Only those that differ from their default.
    changeable : bool, default False
        Only those that can change while a model runs.

    Examples
    --------
    >>> [one.name for one in fitting(CityParameters(), "bus cost_per_trip")]
    ['modes.bus.cost_per_trip']
    """
    words = text.casefold().split()
    rows = matching(parameters, "" if group == ALL else f"{group}.*", changed=changed)
    found = [
        one
        for one in rows
        if (can_change(one.name) or not changeable) and all(word in _told(one) for word in words)
    ]
    return sorted(found, key=lambda one: isinstance(one.value, str))


def _told(one: ParameterInfo) -> str:
    return f"{one.name} {one.description} {one.source}".casefold()


def shown_value(one: ParameterInfo) -> str:
    """Return the value of a parameter as it is typed."""
    return cells(one)[1]


def read_typed(parameters: CityParameters, typed: Mapping[str, str]) -> Typed:
    """Read what was typed, as the parameters themselves check it.

    Parameters
    ----------
    parameters : CityParameters
        The tree.
    typed : mapping of str to str
        Texts by dotted name.

    Examples
    --------
    >>> read_typed(CityParameters(), {"modes.bus.wait_min": "4"}).values
    {'modes.bus.wait_min': 4.0}
    >>> read_typed(CityParameters(), {"modes.bus.wait_min": "-4"}).wrong
    {'modes.bus.wait_min': "got '-4'; accepted is a number of at least 0"}
    """
    wrong: dict[str, str] = {}
    for name, text in typed.items():
        try:
            parameters.with_({name: text})
        except ParameterError as error:
            wrong[name] = "; ".join(one.problem for one in error.defects)
    if wrong or not typed:
        return Typed({}, wrong)
    try:
        tree = parameters.with_(dict(typed))
    except ParameterError as error:
        # Each is right by itself, but they do not go together.
        return Typed({}, {one.name: one.problem for one in error.defects})
    return Typed(values_of(tree, dict(typed)), {})
