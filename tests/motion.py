"""A tiny town whose people come, go and change, and what must be true of it at any moment."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np

from mesa_llm_city import City, CityAgent, CityModel, Population
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.population.categories import Role


@cache
def tiny_city() -> City:
    """Return a town of some 300 places."""
    return City.synthetic(rng=1, places=300)


@cache
def few_people(count: int = 20, rng: int = 3) -> Population:
    """Return people of the tiny town."""
    return Population.synthesize(count, city=tiny_city(), rng=rng)


def tiny_town(*, rng: int = 7, step_min: int = 60, **options: object) -> CityModel:
    """Return a model of the tiny town, with steps of an hour."""
    clock = Clock(step_min=step_min)
    return CityModel(tiny_city(), few_people(), rng=rng, clock=clock, **options)  # type: ignore[arg-type]


def assert_true(model: CityModel) -> None:
    """Check that counts, presence, households, ties, clocks and tables are true."""
    _assert_counts(model)
    _assert_households(model)
    _assert_ties(model)
    _assert_lives(model)
    _assert_spells(model)


def _assert_counts(model: CityModel) -> None:
    citizens = model.citizens
    assert [agent.row for agent in citizens] == list(range(len(citizens)))
    assert set(model.residents.by_id.values()) == set(citizens) == set(model.agents)
    assert not any(agent.is_removed for agent in citizens)
    assert model.residents.next_due.tolist() == [agent.citizen.now.next_due for agent in citizens]
    assert all(agent.citizen.now.next_due >= model.minute for agent in citizens)
    assert +model.doing == Counter(agent.purpose for agent in citizens)
    present = [agent for place in range(len(model.city.places)) for agent in model.people_at(place)]
    assert set(present) == {agent for agent in citizens if agent.citizen.now.trip is None}
    assert len(present) == len(set(present))
    assert all(agent in model.people_at(agent.place) for agent in present)


def _assert_households(model: CityModel) -> None:
    for household in model.residents.households:
        members = model.residents.household(household)
        personas = [agent.persona for agent in members]
        assert {one.household.id for one in personas} == {household}
        assert {one.home for one in personas} == {personas[0].home}, personas
        assert len({one.household.size for one in personas}) == 1
        assert personas[0].household.size >= len(members)
        if personas[0].household.size == len(members) == 1 and personas[0].age >= 16:
            assert personas[0].household.role is Role.SINGLE


def _assert_ties(model: CityModel) -> None:
    for agent in model.citizens:
        for other in model.residents.household_of(agent):
            assert agent.person in known(other)
        now = agent.citizen.now
        for place in {agent.place, agent.persona.home, *(one.place for one in now.plan)} - {None}:
            assert 0 <= place < len(model.city.places)
            company = model.residents.company_of(agent, place)
            assert set(company) <= set(model.residents.by_id) - {agent.person}


def known(agent: CityAgent) -> set[int]:
    """Return the ids of those whom a citizen knows."""
    ties = agent.citizen.components.ties
    return set() if ties is None else set(ties.others.tolist())


def _assert_lives(model: CityModel) -> None:
    """Check that nobody has a gap or an overlap between what they did."""
    for _, mine in model.activities().groupby("person"):
        start, end = mine["start"].to_numpy(), mine["end"].to_numpy()
        assert (start < end).all(), mine
        assert (start[1:] >= end[:-1]).all(), mine
    spells = model.spells()
    first = np.datetime64(model.clock.at(0))
    until = np.datetime64(model.clock.at(model.minute), "s")
    for person, mine in model.activities().groupby("person"):
        lived = spells[spells["person"] == person]
        begins, ends = lived["from"].min(), lived["until"].fillna(until).max()
        assert mine["start"].min() >= max(begins, first)
        assert mine["end"].max() <= ends + np.timedelta64(2, "m")
        total = (mine["end"] - mine["start"]).sum()
        there = (lived["until"].fillna(until) - lived["from"]).sum()
        assert abs(total - there) <= np.timedelta64(5 * len(lived), "m"), (mine, lived)


def _assert_spells(model: CityModel) -> None:
    spells = model.spells()
    going_on = spells[spells["until"].isna()]
    assert sorted(going_on["person"]) == sorted(model.residents.by_id)
    for row in going_on.itertuples():
        persona = model.residents.by_id[row.person].persona
        assert (row.age, row.household, row.home) == (
            persona.age,
            persona.household.id,
            persona.home,
        )
    for _, mine in spells.groupby("person"):
        assert (mine["from"].to_numpy()[1:] >= mine["until"].to_numpy()[:-1]).all()
    assert len({one.id for one in model.everybody}) == len(model.everybody)
    assert set(model.activities()["person"]) <= {one.id for one in model.everybody}
