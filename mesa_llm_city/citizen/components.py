"""The parts of a citizen, and how they are put together."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from mesa_llm_city.core.component import Component, Stateless
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.mind import (
    Goals,
    InsightMemory,
    Memory,
    Mood,
    Needs,
    Perception,
    PlaceBeliefs,
    Reflection,
)
from mesa_llm_city.mobility import GravityChoice, LogitModeChoice, Planner, Vehicles
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Prompted
from mesa_llm_city.social import ContactChoice, Conversing, Ties

__all__ = ["ComponentOption", "Components", "assemble", "default_components"]

ComponentOption: TypeAlias = Component | Callable[[Persona], Component] | None
"""A part to use for everybody, a function that makes one per person, or None to leave it out."""


@dataclass(slots=True, kw_only=True)
class Components:
    """The parts of one citizen.

    Parameters
    ----------
    planner : Planner
        Plans the day and fills free time.
    place_choice : GravityChoice
        Chooses where to go.
    mode_choice : LogitModeChoice
        Chooses how to get there.
    vehicles : Vehicles
        Knows where car and bicycle stand.
    needs : Needs, optional
        Without them nothing interrupts a plan.
    perception : Perception, optional
        Without it no need is noticed.
    beliefs : PlaceBeliefs, optional
        Without them all places are equally attractive.
    memory : Memory, optional
        Without it nothing is remembered.
    insights : InsightMemory, optional
        Without it nothing is learnt about oneself, and no way of going is justified.
    reflection : Reflection, optional
        Without it the days are not thought over.
    goals : Goals, optional
        Without them the person is after nothing.
    mood : Mood, optional
        Without it nothing is felt.
    ties : Ties, optional
        Without them the person knows nobody and talks to nobody.
    contacts : ContactChoice, optional
        Without it the person seeks nobody out, but may be sought out.
    conversing : Conversing, optional
        Without it the conversations that the person begins do not come about.
    """

    planner: Planner
    place_choice: GravityChoice
    mode_choice: LogitModeChoice
    vehicles: Vehicles
    needs: Needs | None = None
    perception: Perception | None = None
    beliefs: PlaceBeliefs | None = None
    memory: Memory | None = None
    insights: InsightMemory | None = None
    reflection: Reflection | None = None
    goals: Goals | None = None
    mood: Mood | None = None
    ties: Ties | None = None
    contacts: ContactChoice | None = None
    conversing: Conversing | None = None


# Made once for each tree of parameters, since a million citizens may share it.
@lru_cache(maxsize=8)
def default_components(parameters: CityParameters) -> Mapping[str, ComponentOption]:
    """Return the default components: those without state shared, the others made for each person.

    Parameters
    ----------
    parameters : CityParameters
        Their numbers.
    """
    return MappingProxyType(
        {
            "planner": Planner(),
            "place_choice": GravityChoice(),
            "mode_choice": LogitModeChoice(),
            "perception": Perception(parameters),
            "reflection": Reflection(parameters),
            "contacts": ContactChoice(),
            "conversing": Conversing(),
            "vehicles": Vehicles,
            "needs": lambda _: Needs(parameters),
            "beliefs": lambda _: PlaceBeliefs(parameters),
            "memory": lambda _: Memory(parameters),
            "insights": lambda _: InsightMemory(parameters),
            "goals": lambda _: Goals(parameters),
            "mood": lambda persona: Mood(parameters, traits=persona.big_five),
            "ties": lambda _: Ties(),
        }
    )


_REQUIRED = ("planner", "place_choice", "mode_choice", "vehicles")


def assemble(
    persona: Persona,
    options: Mapping[str, ComponentOption] | None = None,
    *,
    parameters: CityParameters | None = None,
) -> Components:
    """Put the parts of a person together.

    Parameters
    ----------
    persona : Persona
        Whose parts.
    options : mapping of str to ComponentOption, optional
        Components that replace the default of that name; None leaves one out. A part
        that has a state is copied for each person.
    parameters : CityParameters, optional
        Numbers of the default components.
    parameters : CityParameters, optional
        Numbers of the default components.

    Raises
    ------
    ConfigError
        If there is no part of such a name, or a required one is left out.
    """
    chosen: dict[str, ComponentOption] = {
        **default_components(parameters or CityParameters()),
        **(options or {}),
    }
    _check(chosen)
    return Components(**{name: _make(option, persona) for name, option in chosen.items()})  # type: ignore[arg-type]


def _check(chosen: Mapping[str, ComponentOption]) -> None:
    known = [field.name for field in fields(Components)]
    unknown = [name for name in chosen if name not in known]
    if unknown:
        message = f"unknown parts {', '.join(unknown)}; the parts are {', '.join(known)}"
        raise ConfigError(message)
    missing = [name for name in _REQUIRED if chosen[name] is None]
    if missing:
        message = f"{', '.join(missing)} cannot be left out; replace it instead"
        raise ConfigError(message)


def _is_shared(option: ComponentOption) -> bool:
    """Tell whether a component remembers nothing, so that everybody can have the same one."""
    return isinstance(option, Stateless) or (
        isinstance(option, Prompted) and _is_shared(option.rule)
    )


def _make(option: ComponentOption, persona: Persona) -> Component | None:
    if option is None or _is_shared(option):
        return option
    if isinstance(option, Component) and not isinstance(option, type):
        return copy.deepcopy(option)
    return option(persona)
