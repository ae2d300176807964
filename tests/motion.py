"""A tiny town whose people come, go and change, and what must be true of it at any moment."""

from __future__ import annotations

import pickle
from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd

from mesa_llm_city import City, CityAgent, CityModel, Population
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.population.categories import Role

LATE_MIN = 5
"""Minutes between a change from outside and what is written down."""


@cache
def tiny_city() -> City:
    """Return a town of some 300 places."""
    return City.synthetic(rng=1, places=300)


@cache
def few_people(count: int = 20, rng: int = 3) -> Population:
    """Return people of the tiny town."""
    return Population.synthesize(count, city=tiny_city(), rng=rng)


def tiny_town(*, rng: int = 7, step_min: int = 60, **options: object) -> CityModel:
    """Return a model of the tiny town, with steps of an hour; `options` as `CityModel` has."""
    clock = Clock(step_min=step_min)
    return CityModel(tiny_city(), few_people(), rng=rng, clock=clock, **options)  # type: ignore[arg-type]


def tiny_town_at(hours: int) -> CityModel:
    """Return a model of the tiny town that has lived for some hours."""
    model: CityModel = pickle.loads(_lived(hours))
    return model


@cache
def _lived(hours: int) -> bytes:
    model = tiny_town()
    for _ in range(hours):
        model.step()
    return pickle.dumps(model)


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
        planned = {one.place for one in now.plan if one.place is not None}
        for place in {agent.place, agent.persona.home, *planned}:
            assert 0 <= place < len(model.city.places)
            company = model.residents.company_of(agent, place)
            assert set(company) <= set(model.residents.by_id) - {agent.person}


def known(agent: CityAgent) -> set[int]:
    """Return the ids of those whom a citizen knows."""
    ties = agent.citizen.components.ties
    return set() if ties is None else set(ties.others.tolist())


def _assert_lives(model: CityModel) -> None:
    """Check that nobody has a gap or an overlap in what they did while they lived there."""
    lived = _minutes(model.activities(), model, "start", "end")
    there = _minutes(model.spells(), model, "from", "until")
    assert set(lived) <= set(there)
    for person, did in lived.items():
        spells = _joined(there[person])
        for start, end in did:
            assert start < end, (person, did)
        for (_, end), (start, _) in pairwise(did):
            # Who leaves and comes back is away in between.
            assert start == end or any(start == begin for begin, _ in spells), (person, did, spells)
        assert spells[0][0] <= did[0][0] <= spells[0][0] + LATE_MIN, (person, did, spells)
        assert spells[-1][1] - LATE_MIN <= did[-1][1] <= spells[-1][1] + LATE_MIN, (did, spells)


def _assert_spells(model: CityModel) -> None:
    spells = model.spells()
    going_on = spells[spells["until"].isna()]
    assert sorted(going_on["person"]) == sorted(model.residents.by_id)
    columns = [going_on[name].tolist() for name in ("person", "age", "household", "home")]
    for person, *what in zip(*columns, strict=True):
        one = model.residents.by_id[person].persona
        assert what == [one.age, one.household.id, one.home]
    for mine in _minutes(spells, model, "from", "until").values():
        assert all(start >= end for (_, end), (start, _) in pairwise(mine))
    assert len({one.id for one in model.everybody}) == len(model.everybody)
    assert set(spells["person"]) == {one.id for one in model.everybody}


def _minutes(
    frame: pd.DataFrame, model: CityModel, begin: str, end: str
) -> dict[int, list[tuple[int, int]]]:
    """Return the times of each person in a table, in minutes; what goes on ends now."""
    first = np.datetime64(model.clock.at(0))
    now = np.datetime64(model.clock.at(model.minute), "s")
    found: dict[int, list[tuple[int, int]]] = {}
    columns = (frame[begin], frame[end].fillna(now))
    minutes = [((column - first) // np.timedelta64(1, "m")).tolist() for column in columns]
    for person, *times in zip(frame["person"].tolist(), *minutes, strict=True):
        found.setdefault(person, []).append((times[0], times[1]))
    return found


def _joined(spells: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spells without those that only change who the person is."""
    joined = spells[:1]
    for start, end in spells[1:]:
        if start == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
