"""Who is at a place, and who is company there."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from mesa_llm_city import CityAgent, CityModel
from mesa_llm_city.core.values import Activity
from tests.town import small_town, townspeople


@pytest.fixture(scope="module")
def model() -> CityModel:
    return CityModel(small_town(), townspeople(), rng=7)


def company_by_definition(model: CityModel, agent: CityAgent, place: int) -> tuple[int, ...]:
    """Return who is awake there: at home the household, elsewhere all who do not live there."""
    here = [one for one in model.people_at(place) if one is not agent and one.purpose != "sleep"]
    if place == agent.persona.home:
        mine = agent.persona.household.id
        return tuple(one.person for one in here if one.persona.household.id == mine)
    return tuple(one.person for one in here if one.persona.home != place)


@pytest.mark.slow
def test_company_is_who_is_awake_there_at_every_hour_of_a_day(model: CityModel) -> None:
    found = 0
    for step in range(288):
        model.step()
        if step % 12 == 0:
            for agent in model.citizens:
                for place in {agent.place, agent.persona.home}:
                    company = model.residents.company_of(agent, place)
                    assert company == company_by_definition(model, agent, place)
                    found += len(company)
    assert found > 100


def test_who_has_no_ties_has_no_company() -> None:
    model = CityModel(small_town(), townspeople(), rng=7, without=["social"])
    model.run_days(1)
    assert {model.residents.company_of(one, one.place) for one in model.citizens} == {()}


def test_company_is_who_is_awake_there_after_any_moves() -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    homes, draw = [agent.persona.home for agent in model.citizens[:6]], Random(5)  # noqa: S311
    for _ in range(12):
        for agent in draw.sample(model.citizens, 15):
            now, purpose = agent.citizen.now, draw.choice(["rest", "sleep", "social"])
            now.place = draw.choice(homes)
            now.activity = Activity(purpose=purpose, start_min=0, end_min=60, place=now.place)
            model.residents.arrive(agent)
            if draw.random() < 0.2:
                model.residents.leave(agent)
        for agent in model.citizens:
            for home in homes:
                company = model.residents.company_of(agent, home)
                assert company == company_by_definition(model, agent, home)


def test_who_moves_in_where_they_visit_is_no_visitor_any_more() -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    guest, host, third = _of_different_homes(model, 3)
    for agent in (guest, third):
        now = agent.citizen.now
        now.place = host.persona.home
        now.activity = Activity(purpose="rest", start_min=0, end_min=60, place=now.place)
        model.residents.arrive(agent)
    assert guest.person in model.residents.company_of(third, host.persona.home)
    model.residents.change(guest, replace(guest.persona, home=host.persona.home))
    assert guest.person not in model.residents.company_of(third, host.persona.home)


def _of_different_homes(model: CityModel, count: int) -> list[CityAgent]:
    by_home = {agent.persona.home: agent for agent in model.citizens}
    return list(by_home.values())[:count]
