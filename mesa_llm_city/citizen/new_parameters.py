"""New parameters in the middle of a life: components are made anew, and keep what they know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.commit import next_due
from mesa_llm_city.citizen.components import ByParameters, ComponentOption, make_components
from mesa_llm_city.citizen.presets import Decider, choose_components
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import OUTSIDE, Purpose
from mesa_llm_city.parameters import CityParameters

__all__ = ["use_parameters"]


def use_parameters(
    person: Citizen,
    parameters: CityParameters,
    *,
    prompts: frozenset[str],
    without: Iterable[str],
    given: Mapping[str, ComponentOption],
    minute: int,
    policies: Mapping[str, Decider] | None = None,
) -> None:
    """Let a person live with other parameters from a minute on.

    Default components, and those given as `ByParameters`, are made anew with them and take over
    the state of those before; other components that users have given stay as they are.

    Parameters
    ----------
    person : Citizen
        The person.
    parameters : CityParameters
        The new parameters.
    prompts : frozenset of str
        What a language model is asked about.
    without : iterable of str
        What the person goes without.
    given : mapping of str to ComponentOption
        Components of the user.
    minute : int
        The time.
    policies : mapping of str to Policy, optional
        What a policy decides.
    """
    needs_change = parameters.needs != person.parameters.needs
    if needs_change:
        _read_off(person, minute)
    chosen = choose_components(
        prompts, parameters=parameters, without=without, given=given, policies=policies
    )
    fresh = make_components(person.persona, chosen, given=given)
    for name, before in person.components:
        component = getattr(fresh, name, None)
        is_given = name in given and not isinstance(given[name], ByParameters)
        if component is None or is_given or type(component) is not type(before):
            continue
        _take_over(name, component, before)
        setattr(person.components, name, component)
    person.parameters = parameters
    if needs_change:
        _begin_again(person, minute)


def _read_off(person: Citizen, minute: int) -> None:
    """Fix the levels of needs at a minute, so that new rates count from then on only."""
    needs = person.components.needs
    if needs is not None:
        needs.satisfy(needs.names[0], 0.0, at=minute / HOUR_MIN)


def _take_over(name: str, component: Any, before: Any) -> None:  # noqa: ANN401 - of any class
    if not hasattr(before, "state"):
        return
    state = before.state()
    if name == "vehicles":
        # Who may use a vehicle now that could not before finds it at home.
        state = {**state, "parked": {**component.state()["parked"], **state["parked"]}}
    component.restore(state)


def _begin_again(person: Citizen, minute: int) -> None:
    """Let the activity under way change needs at the new rates."""
    needs, now = person.components.needs, person.now
    if needs is None or now.activity is None:
        return
    doing = Purpose.TRAVEL if now.trip is not None else now.activity.purpose or Purpose.REST
    if doing != OUTSIDE:
        needs.engage(doing, at=minute / HOUR_MIN)
    now.next_due = max(next_due(person, minute), minute)
