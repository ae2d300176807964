"""Putting the parts of a person together."""

from __future__ import annotations

import pytest

from mesa_llm_city.citizen.components import ComponentOption, assemble
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.mind import Memory, Needs
from mesa_llm_city.mobility import GravityChoice
from mesa_llm_city.parameters import CityParameters
from tests.mobility.people import clerk, pensioner


def test_parts_without_state_are_shared_and_others_are_not() -> None:
    one, other = assemble(clerk()), assemble(pensioner())
    assert one.planner is other.planner
    assert one.needs is not other.needs


def test_a_part_given_for_everybody_is_copied_if_it_has_a_state() -> None:
    memory, choice = Memory(CityParameters().with_("mind.memory.capacity", 3)), GravityChoice()
    options: dict[str, ComponentOption] = {"memory": memory, "place_choice": choice}
    one, other = assemble(clerk(), options), assemble(pensioner(), options)
    assert one.memory is not None
    assert one.memory is not other.memory is not memory
    assert one.memory.parameters.capacity == 3
    assert one.place_choice is other.place_choice is choice


def test_a_function_makes_a_part_for_each_person() -> None:
    components = assemble(clerk(), {"needs": lambda persona: Needs(at=float(persona.age))})
    assert components.needs is not None
    assert components.needs.trajectory.since_h == 34.0


def test_an_unknown_part_is_named_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="unknown parts soul; the parts are planner"):
        assemble(clerk(), {"soul": None})


def test_what_a_day_needs_cannot_be_left_out() -> None:
    with pytest.raises(ConfigError, match="planner cannot be left out; replace it instead"):
        assemble(clerk(), {"planner": None})
