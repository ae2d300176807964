"""The parts of a citizen, and how they are put together."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from mesa_llm_city.component import Component, Stateless
from mesa_llm_city.errors import ConfigError
from mesa_llm_city.mind import Memory, Needs, Perception, PlaceBeliefs
from mesa_llm_city.mobility import GravityChoice, LogitModeChoice, Planner, Vehicles
from mesa_llm_city.persona import Persona
from mesa_llm_city.values import Mind

__all__ = ["PROMPTS", "PartOption", "Parts", "assemble", "prompted"]

PartOption: TypeAlias = Component | Callable[[Persona], Component] | None
"""A part to use for everybody, a function that makes one per person, or None to leave it out."""


@dataclass(slots=True, kw_only=True)
class Parts:
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
    """

    planner: Planner
    place_choice: GravityChoice
    mode_choice: LogitModeChoice
    vehicles: Vehicles
    needs: Needs | None = None
    perception: Perception | None = None
    beliefs: PlaceBeliefs | None = None
    memory: Memory | None = None


# Parts without state are shared by everybody.
_SHARED: Mapping[str, Component] = {
    "planner": Planner(),
    "place_choice": GravityChoice(),
    "mode_choice": LogitModeChoice(),
    "perception": Perception(),
}
_PERSONAL: Mapping[str, Callable[[Persona], Component]] = {
    "vehicles": Vehicles,
    "needs": lambda _: Needs(),
    "beliefs": lambda _: PlaceBeliefs(),
    "memory": lambda _: Memory(),
}
_REQUIRED = ("planner", "place_choice", "mode_choice", "vehicles")

PROMPTS: Mapping[str, str] = MappingProxyType(
    {"plan": "planner", "leisure": "planner", "mode": "mode_choice"}
)
"""The parts that can ask a language model, by what they ask about."""


def prompted(
    prompts: Iterable[str], given: Mapping[str, PartOption] | None = None
) -> dict[str, PartOption]:
    """Return parts that ask a language model about some purposes.

    Parameters
    ----------
    prompts : iterable of str
        Some of `PROMPTS`.
    given : mapping of str to PartOption, optional
        Parts of one's own, which come on top.

    Raises
    ------
    ConfigError
        If there is no such purpose, or the part that would ask is one of one's own.

    Examples
    --------
    >>> prompted({"mode"})["mode_choice"].mind
    <Mind.PROMPT: 'prompt'>
    """
    asked, own = frozenset(prompts), dict(given or {})
    if unknown := sorted(asked - PROMPTS.keys()):
        message = f"nothing asks about {', '.join(unknown)}; prompts are {', '.join(PROMPTS)}"
        raise ConfigError(message)
    if taken := sorted(name for name in asked if PROMPTS[name] in own):
        message = (
            f"about {', '.join(taken)} asks a part of your own, {PROMPTS[taken[0]]}; "
            "give that part mind=Mind.PROMPT and leave the prompt out"
        )
        raise ConfigError(message)
    return {**_asking(asked), **own}


@lru_cache(maxsize=64)
def _asking(asked: frozenset[str]) -> Mapping[str, Component]:
    """Return the parts that ask, made once and shared by everybody."""
    mind = {name: Mind.PROMPT if name in asked else Mind.RULE for name in PROMPTS}
    parts: dict[str, Component] = {
        "planner": Planner(mind=mind["plan"], leisure_mind=mind["leisure"]),
        "mode_choice": LogitModeChoice(mind=mind["mode"]),
    }
    asking = {PROMPTS[name] for name in asked}
    return {name: part for name, part in parts.items() if name in asking}


def assemble(persona: Persona, options: Mapping[str, PartOption] | None = None) -> Parts:
    """Put the parts of a person together.

    Parameters
    ----------
    persona : Persona
        Whose parts.
    options : mapping of str to PartOption, optional
        Parts that replace the default of that name; None leaves one out. A part
        that has a state is copied for each person.

    Raises
    ------
    ConfigError
        If there is no part of such a name, or a required one is left out.
    """
    chosen: dict[str, PartOption] = {**_SHARED, **_PERSONAL, **(options or {})}
    _check(chosen)
    return Parts(**{name: _make(option, persona) for name, option in chosen.items()})  # type: ignore[arg-type]


def _check(chosen: Mapping[str, PartOption]) -> None:
    known = [field.name for field in fields(Parts)]
    unknown = [name for name in chosen if name not in known]
    if unknown:
        message = f"unknown parts {', '.join(unknown)}; the parts are {', '.join(known)}"
        raise ConfigError(message)
    missing = [name for name in _REQUIRED if chosen[name] is None]
    if missing:
        message = f"{', '.join(missing)} cannot be left out; replace it instead"
        raise ConfigError(message)


def _make(option: PartOption, persona: Persona) -> Component | None:
    if option is None or isinstance(option, Stateless):
        return option
    if isinstance(option, Component) and not isinstance(option, type):
        return copy.deepcopy(option)
    return option(persona)
