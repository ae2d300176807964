"""Outsiders in a model: they enter as counted, live inside, leave, and are counted once."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city import CityModel, ConfigError, DataError, Outsiders, Population
from mesa_llm_city.city.gates import default_gates
from mesa_llm_city.core.values import OUTSIDE
from mesa_llm_city.experiments.validation.run_tables import RunTables
from tests.town import small_town, townspeople

STATION = small_town().stations.names[0]
COUNTS = pd.DataFrame(
    {
        "gate": [STATION, "north"],
        "role": ["commuter", "visitor"],
        "hour": [8, 13],
        "count": [6, 3],
    }
)


@cache
def _lived() -> CityModel:
    model = CityModel(small_town(), townspeople(12), rng=7, outsiders=Outsiders.from_counts(COUNTS))
    model.run_days(2)
    return model


def _outsiders(model: CityModel) -> set[int]:
    return {one.id for one in model.population if one.outsider is not None}


def test_as_many_enter_at_each_gate_and_hour_as_were_counted() -> None:
    model = _lived()
    first, trips = len(small_town().places), model.trips()
    entered = trips[trips["origin"] >= first]
    found = entered.groupby([entered["origin"] - first, entered["start"].dt.hour]).size()
    assert found.to_dict() == {(0, 8): 12, (1, 13): 6}


def test_the_day_of_everybody_has_24_hours_without_gap() -> None:
    activities = _lived().activities()
    length = (activities["end"] - activities["start"]).dt.total_seconds() / 60
    assert set(length.groupby(activities["person"]).sum()) == {2 * 1440.0}
    after = activities.groupby("person")["start"].shift(-1).dropna()
    assert (activities.loc[after.index, "end"] == after).all()


def test_time_outside_is_at_the_gate_and_of_outsiders_only() -> None:
    model = _lived()
    activities = model.activities()
    outside = activities[activities["purpose"] == OUTSIDE]
    homes = {one.id: one.home for one in model.population}
    assert set(outside["person"]) == _outsiders(model)
    assert (outside["place"] == outside["person"].map(homes)).all()
    gates = set(range(len(small_town().places), len(model.city.places)))
    assert not set(model.visits()["place"]) & gates
    others = activities[activities["place"].isin(gates)]
    assert set(others["purpose"]) == {OUTSIDE}


def test_who_is_outside_has_no_needs_and_no_memories_of_it() -> None:
    model = _lived()
    needs = model.needs()
    night = needs[(needs["time"].dt.hour == 3) & needs["person"].isin(_outsiders(model))]
    assert night.empty
    for agent in model.citizens:
        memory = agent.citizen.components.memory
        assert memory is not None
        assert all(entry.key != OUTSIDE for entry in memory)


def test_the_city_given_stays_as_it_is() -> None:
    model = _lived()
    assert len(model.city.places) == len(small_town().places) + 2
    assert model.space is model.city


def test_measures_of_time_use_are_of_residents_and_leave_nobody_counted_twice() -> None:
    tables = RunTables.of_model(_lived())
    residents = tables.residents
    assert (residents.persons, tables.persons) == (12, 12 + 6 + 21)
    assert OUTSIDE not in set(tables.activities.purpose.tolist())
    assert len(residents.visits) < len(tables.visits)
    assert residents.visits.person.max() < 12


def test_by_default_and_without_outsiders_nobody_enters() -> None:
    plain = CityModel(small_town(), townspeople(12), rng=7)
    given = Outsiders.from_counts(COUNTS)
    without = CityModel(
        small_town(), townspeople(12), rng=7, outsiders=given, without=["outsiders"]
    )
    for model in (plain, without):
        assert model.city is small_town()
        assert model.population is not None
        assert not _outsiders(model)
    known = _lived().population
    assert len(CityModel(_lived().city, known, rng=7, without=["outsiders"]).citizens) == 12


def test_parameters_alone_bring_outsiders_as_for_batch_run() -> None:
    town = small_town()
    jobs = float(town.supply("work").weight.sum())
    numbers: dict[str, Any] = {"population.outsiders.commuters.per_open_job": 20.0 / jobs}
    model = CityModel(town, townspeople(12), rng=7, **numbers)
    assert 17 <= len(_outsiders(model)) <= 20
    assert sum(default_gates(town).values()) == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_outsiders_and_lives() -> None:
    model = CityModel(small_town(), townspeople(12), rng=7, outsiders=Outsiders.from_counts(COUNTS))
    assert [one.to_row() for one in model.population] == [
        one.to_row() for one in _lived().population
    ]
    model.run_days(2)
    assert model.digest() == _lived().digest()


def test_a_gate_that_is_not_on_the_map_is_named() -> None:
    far = COUNTS.assign(gate=["Nowhere", "far"], lon=[np.nan, 0.0], lat=[np.nan, 0.0])
    with pytest.raises(DataError, match="Nowhere") as found:
        CityModel(small_town(), townspeople(12), rng=7, outsiders=Outsiders.from_counts(far))
    assert "outside the map" in str(found.value)


def test_anything_but_outsiders_is_refused() -> None:
    with pytest.raises(ConfigError, match="from_counts"):
        CityModel(small_town(), townspeople(12), rng=7, outsiders=COUNTS)  # type: ignore[arg-type]


def test_roles_are_in_the_table_of_people() -> None:
    rows = [one.to_row()["role"] for one in _lived().population]
    counted = dict(zip(*np.unique(rows, return_counts=True), strict=True))
    assert counted == {"commuter": 6, "resident": 12, "visitor": 21}


def test_the_people_of_a_run_are_read_back_without_outsiders() -> None:
    model = _lived()
    frame = Population(tuple(model.population)).to_frame()
    read_back = Population.from_table(frame, city=small_town(), rng=3)
    assert [one.id for one in read_back] == [one.id for one in townspeople(12)]
    assert "27 outsiders are left out" in read_back.assumptions
