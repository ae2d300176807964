"""Who is at a place, and who is company there."""

from __future__ import annotations

import pytest

from mesa_llm_city import CityAgent, CityModel
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
