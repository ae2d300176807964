"""Births, deaths, marriages and separations change households, and people remember them."""

from __future__ import annotations

import pytest

from mesa_llm_city import CityAgent, CityModel
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.population.categories import Occupation, Role
from mesa_llm_city.social import Relation
from tests.motion import assert_true, known, tiny_town_at


@pytest.fixture
def model() -> CityModel:
    return tiny_town_at(9)


def first(model: CityModel, role: Role, size: int | None = None, number: int = 0) -> CityAgent:
    people = sorted(model.citizens, key=lambda one: one.person)
    found = [
        one
        for one in people
        if one.persona.household.role is role and size in {None, one.persona.household.size}
    ]
    return found[number]


def memories(agent: CityAgent) -> list[str]:
    memory = agent.citizen.components.memory
    assert memory is not None
    return [entry.observation for entry in memory if entry.key == "event"]


class TestBirth:
    def test_a_couple_become_parents_of_a_child_at_home(self, model: CityModel) -> None:
        mother = first(model, Role.PARTNER, 2)
        father = model.demography.partner_of(mother)
        assert father is not None
        child = model.demography.birth(mother, gender="female", name="Mia")
        assert child.persona.name == f"Mia {mother.persona.name.split()[-1]}"
        assert (child.age, child.persona.occupation) == (0, Occupation.INFANT)
        assert child.place == mother.persona.home
        for parent in (mother, father):
            assert parent.persona.household.role is Role.PARENT
            assert parent.persona.household.size == 3
            assert parent.persona.household.youngest_child == 0
            assert memories(parent) == [f"{child.persona.name} was born"]
            assert parent.person in known(child)
        assert model.events()["event"].tolist() == ["birth"]
        assert_true(model)

    def test_the_same_child_is_born_in_a_run_with_one_person_more(self, model: CityModel) -> None:
        other = tiny_town_at(9)
        other.move_in(other.demography.newcomers())
        children = [one.demography.birth(one.residents.by_id[7]).persona for one in (model, other)]
        assert children[0] == children[1]

    def test_one_who_is_gone_gives_birth_to_nobody(self, model: CityModel) -> None:
        mother = model.citizens[0]
        mother.remove()
        with pytest.raises(DataError, match=f"person {mother.person} does not live in the model"):
            model.demography.birth(mother)


class TestDeath:
    def test_the_partner_is_single_and_remembers_it(self, model: CityModel) -> None:
        agent = first(model, Role.PARTNER, 2)
        partner = model.demography.partner_of(agent)
        assert partner is not None
        assert model.demography.death(agent).id == agent.person
        assert partner.persona.household.role is Role.SINGLE
        assert partner.persona.household.size == 1
        assert memories(partner) == [f"{agent.persona.name} has died"]
        assert partner.mood < 0.0
        assert agent.person in known(partner)
        model.step()
        assert_true(model)

    def test_children_without_an_adult_leave(self, model: CityModel) -> None:
        mother = first(model, Role.SINGLE, 1)
        child = model.demography.birth(mother)
        model.demography.death(mother)
        assert child.is_removed
        assert model.events()["event"].tolist() == ["death", "birth", "departure"]


class TestMarriage:
    def test_two_who_live_alone_live_together(self, model: CityModel) -> None:
        one, other = (first(model, Role.SINGLE, 1, number) for number in (0, 1))
        household = model.demography.marry(one, other)
        assert household == one.persona.household.id == other.persona.household.id
        assert one.persona.home == other.persona.home
        for agent in (one, other):
            assert agent.persona.household.role is Role.PARTNER
            assert agent.persona.household.size == 2
        ties = one.citizen.components.ties
        assert ties is not None
        assert ties.tie(other.person, at_min=model.minute).relation is Relation.HOUSEHOLD
        assert memories(one) == [f"married {other.persona.name}"]
        for _ in range(15):
            model.step()
            assert_true(model)
        assert other.place == one.persona.home or other.purpose != "sleep"

    def test_who_lives_with_parents_leaves_a_couple_behind(self, model: CityModel) -> None:
        child, single = first(model, Role.CHILD, 3), first(model, Role.SINGLE, 1)
        parents = model.residents.household_of(child)
        model.demography.marry(child, single)
        assert child.persona.home == single.persona.home
        assert {one.persona.household.role for one in parents} == {Role.PARTNER}
        assert {one.persona.household.youngest_child for one in parents} == {None}

    def test_it_is_refused_with_all_its_reasons(self, model: CityModel) -> None:
        married = first(model, Role.PARTNER)
        with pytest.raises(DataError, match="has a partner; let them separate first"):
            model.demography.marry(married, first(model, Role.SINGLE))
        with pytest.raises(DataError, match="they are the same person"):
            model.demography.marry(first(model, Role.SINGLE), first(model, Role.SINGLE))


class TestSeparation:
    def test_one_of_the_two_moves_to_a_home_of_their_own(self, model: CityModel) -> None:
        leaving = first(model, Role.PARTNER, 2)
        partner, home = model.demography.partner_of(leaving), leaving.persona.home
        assert partner is not None
        household = model.demography.separate(leaving)
        assert leaving.persona.household.id == household != partner.persona.household.id
        assert leaving.persona.home != home == partner.persona.home
        assert {one.persona.household.role for one in (leaving, partner)} == {Role.SINGLE}
        assert_true(model)

    def test_who_lives_alone_cannot_separate(self, model: CityModel) -> None:
        with pytest.raises(DataError, match="has no partner in the household"):
            model.demography.separate(first(model, Role.SINGLE, 1))
