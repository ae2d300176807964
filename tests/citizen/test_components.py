"""Putting the parts of a person together."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping, Sequence

import pytest

from mesa_llm_city.citizen.components import ComponentOption, assemble
from mesa_llm_city.citizen.slots import SLOTS, check_slot
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import TravelOption
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


class Taxi:
    """Fits the slot ``mode_choice`` and derives from nothing."""

    async def choose(
        self, options: Sequence[TravelOption], **_: object
    ) -> tuple[TravelOption, str]:
        return min(options, key=lambda option: option.minutes), "always the fastest"


class Dating:
    """A component of a user's own, with something to remember."""

    def __init__(self) -> None:
        self.dates = 0

    def state(self) -> dict[str, int]:
        return {"dates": self.dates}

    def restore(self, state: Mapping[str, int]) -> None:
        self.dates = state["dates"]


def test_a_component_of_a_users_own_class_fits_a_slot_and_is_shared_without_state() -> None:
    taxi: object = Taxi()
    components = assemble(clerk(), {"mode_choice": taxi})
    assert components.mode_choice is taxi


def test_a_name_that_is_no_slot_is_that_of_a_users_own_component() -> None:
    dating = Dating()
    components = assemble(clerk(), {"dating": dating, "chess": lambda persona: persona.age})
    assert components.dating is not dating
    assert components.dating.state() == {"dates": 0}
    assert components.chess == 34
    assert dict(components)["dating"] is components.dating
    with pytest.raises(
        AttributeError, match=r"no component 'golf'; those of your own are \['chess"
    ):
        _ = components.golf


def test_components_of_a_users_own_are_copied_and_pickled() -> None:
    components = assemble(clerk(), {"dating": Dating()})
    components.dating.dates = 3
    assert copy.deepcopy(components).dating.dates == 3
    assert pickle.loads(pickle.dumps(components)).dating.dates == 3


def test_a_name_that_is_almost_a_slot_is_taken_for_a_slip() -> None:
    with pytest.raises(ConfigError, match=r"no such slot; did you mean 'mode_choice'\?"):
        assemble(clerk(), {"mode_choise": Taxi()})


class Rude:
    def choose(self, options: Sequence[TravelOption]) -> TravelOption:
        return options[0]


@pytest.mark.parametrize(
    ("slot", "component", "told"),
    [
        ("mode_choice", Dating(), r"components\['mode_choice'\]: Dating has no method choose"),
        ("mode_choice", Rude(), r"Rude\.choose must be `async def`; a ModeChooser needs"),
        ("perception", Taxi(), "Taxi has no method react; Taxi has no method answer"),
        ("needs", lambda _: Taxi(), "Taxi has no method levels_at"),
    ],
)
def test_a_component_without_the_methods_of_its_slot_is_refused(
    slot: str, component: object, told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        assemble(clerk(), {slot: component})


# Slots that are empty unless a component for them is given.
EMPTY = {"migration", "emotion", "stance", "awareness", "sharing"}


@pytest.mark.parametrize("slot", sorted(SLOTS.keys() - EMPTY))
def test_the_default_component_of_each_slot_fits_it(slot: str) -> None:
    component = getattr(assemble(clerk()), slot)
    check_slot(slot, component)


def test_what_a_day_needs_cannot_be_left_out() -> None:
    with pytest.raises(ConfigError, match="planner cannot be left out; replace it instead"):
        assemble(clerk(), {"planner": None})
