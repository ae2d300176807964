"""Households move into a model and out of it as one, with ties, places and tables kept true."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mesa_llm_city import CityModel, Persona
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.population.categories import Role
from mesa_llm_city.social import Relation
from tests.motion import few_people, tiny_town, tiny_town_at

PEOPLE = few_people()
OTHERS = few_people(12, rng=5)


def strangers() -> list[Persona]:
    """Return the first household of more than one person that is not from here."""
    household = next(one.household for one in OTHERS if one.household.size > 1)
    return [
        replace(one, id=one.id + 500, household=replace(one.household, id=900))
        for one in OTHERS
        if one.household.id == household.id
    ]


def household_of(model: CityModel, size: int) -> int:
    return next(
        one.persona.household.id for one in model.citizens if one.persona.household.size == size
    )


def relation(model: CityModel, one: int, other: int) -> Relation:
    ties = model.residents.by_id[one].citizen.components.ties
    assert ties is not None
    return ties.tie(other, at_min=model.minute).relation


class TestMoveIn:
    def test_a_household_lives_there_at_once_and_its_members_know_each_other(self) -> None:
        model = tiny_town()
        model.step()
        agents = model.move_in(strangers(), reason="a new job")
        ids = [agent.person for agent in agents]
        assert len(model.citizens) == 20 + len(agents)
        assert all(agent in model.people_at(agent.persona.home) for agent in agents)
        assert {relation(model, one, other) for one in ids for other in ids if one != other} == {
            Relation.HOUSEHOLD
        }
        events = model.events()
        assert events["person"].tolist() == ids
        assert set(events["event"]) == {"arrival"}
        assert set(events["details"]) == {"a new job"}
        assert set(events["time"]) == {np.datetime64("2024-04-01T01:00")}

    def test_newcomers_and_some_colleagues_know_each_other(self) -> None:
        model = tiny_town()
        worker = next(one for one in PEOPLE if one.is_employed and one.work != one.home)
        alone = replace(worker, id=500, household=replace(worker.household, id=900, size=1))
        model.move_in([alone])
        assert relation(model, 500, worker.id) is Relation.COLLEAGUE
        assert relation(model, worker.id, 500) is Relation.COLLEAGUE

    def test_nobody_moves_in_if_one_cannot(self) -> None:
        model = tiny_town()
        good, bad = strangers()[0], replace(strangers()[1], home=10**6)
        with pytest.raises(DataError, match="home 1000000 is none of the city's"):
            model.move_in([good, bad])
        assert len(model.citizens) == len(model.agents) == 20
        assert model.events().empty

    @pytest.mark.parametrize("given", [3, [3]])
    def test_a_number_is_no_person(self, given: Any) -> None:  # noqa: ANN401
        with pytest.raises(ConfigError, match=r"newcomers\(3\), got 3"):
            tiny_town().move_in(given)

    def test_one_who_joins_a_household_makes_it_larger(self) -> None:
        model = tiny_town()
        single = next(one for one in PEOPLE if one.household.size == 1)
        guest = replace(single, id=500, household=replace(single.household, role=Role.OTHER))
        model.move_in([guest])
        sizes = {one.persona.household.size for one in model.residents.household(0)}
        members = model.residents.household(single.household.id)
        assert {one.persona.household.size for one in members} == {2}
        assert sizes

    def test_a_newcomer_has_not_planned_the_days_before(self) -> None:
        model = tiny_town_at(31)
        (first, *_) = model.move_in(strangers())
        assert first.hunger == 1.0
        model.step()
        mine = model.decisions().query("person == @first.person and component == 'planner'")
        assert len(mine[mine["choice"].str.endswith("blocks")]) <= 2


class TestMoveOut:
    def test_a_text_names_nobody(self) -> None:
        with pytest.raises(
            ConfigError, match="id of a household, a citizen or several are wanted, got 'x'"
        ):
            tiny_town().move_out("x")  # type: ignore[arg-type]

    def test_a_household_leaves_as_one_and_may_come_back(self) -> None:
        model = tiny_town_at(9)
        size = max(one.household.size for one in PEOPLE)
        household = household_of(model, size)
        people = model.move_out(household, reason="moved to a village")
        assert len(people) == size
        assert {one.household.id for one in people} == {household}
        assert model.residents.household(household) == []
        with pytest.raises(DataError, match=f"no household {household} lives in the model"):
            model.move_out(household)
        model.step()
        assert [one.persona for one in model.move_in(people)] == people
        model.step()
        spells = model.spells().query("household == @household")
        assert len(spells) == 2 * size
        assert spells["until"].isna().sum() == size

    def test_those_who_stay_are_a_smaller_household(self) -> None:
        model = tiny_town()
        household = household_of(model, 2)
        first, second = model.residents.household(household)
        assert model.move_out(first) == [PEOPLE[first.person]]
        assert second.persona.household.size == 1
        assert second.persona.household.role is Role.SINGLE
        assert model.spells().query("person == @second.person")["role"].tolist() == ["single"]

    def test_one_who_is_gone_leaves_once(self) -> None:
        model = tiny_town()
        agent = model.citizens[0]
        assert len(model.move_out([agent, agent])) == 1
        assert model.move_out(agent) == []
        assert len(model.events()) == 1


class TestEverybody:
    def test_it_is_the_population_while_nobody_comes_or_goes(self) -> None:
        model = tiny_town()
        model.step()
        assert model.everybody is model.population
        assert model.events().empty
        assert len(model.spells()) == 20

    def test_it_holds_those_who_came_and_those_who_left(self) -> None:
        model = tiny_town()
        model.citizens[3].remove()
        arrived = strangers()
        model.move_in(arrived)
        assert [one.id for one in model.everybody] == [*range(20), *(one.id for one in arrived)]
