"""A crowd beside the citizens of a model."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import mesa
import numpy as np
import pytest

from mesa_llm_city import City, CityModel, Crowd, Population
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.population import PopulationColumns
from mesa_llm_city.simulation import interventions
from mesa_llm_city.simulation.saving import restored, snapshot

NOON = 150


@cache
def town() -> City:
    return City.synthetic(rng=3, places=300)


def model_with(crowd: Crowd, citizens: int = 8, *, steps: int = 0, **options: object) -> CityModel:
    people = Population.synthesize(citizens, city=town(), rng=7) if citizens else []
    model = CityModel(town(), people, rng=7, crowd=crowd, **options)  # type: ignore[arg-type]
    for _ in range(steps):
        model.step()
    return model


@cache
def day() -> CityModel:
    return model_with(Crowd(80, tables=True, needs=True), steps=288)


def test_a_crowd_is_one_agent_of_mesa_with_many_rows() -> None:
    crowd = day().crowd
    assert isinstance(crowd, mesa.Agent)
    assert crowd in day().agents
    assert len(crowd) == 80
    assert len(day().citizens) == 8


def test_everybody_does_something_at_each_moment() -> None:
    crowd = day().crowd
    assert crowd.doing.total() == 80
    assert crowd.doing["sleep"] > 40


def test_stays_and_trips_of_a_row_follow_each_other_without_a_gap() -> None:
    for _, own in day().crowd.activities().groupby("person"):
        assert (own["start"].to_numpy()[1:] == own["end"].to_numpy()[:-1]).all()


def test_counts_by_the_hour_are_those_of_the_tables() -> None:
    crowd = day().crowd
    trips, hourly = crowd.trips(), crowd.hourly_modes()
    assert hourly["trips"].sum() == len(trips) == crowd.trips_ended
    minutes = (
        crowd.activities()["end"] - crowd.activities()["start"]
    ).dt.total_seconds().sum() / 60
    assert crowd.hourly_activity()["person_min"].sum() == minutes


def test_needs_are_written_down_every_hour() -> None:
    needs = day().crowd.needs()
    assert len(needs) == 24 * 80
    assert needs["hunger"].between(0.0, 1.0).all()


def test_citizens_live_as_without_a_crowd_if_it_meets_nobody() -> None:
    alone = CityModel(town(), Population.synthesize(8, city=town(), rng=7), rng=7)
    beside = model_with(Crowd(80, meets=False), steps=NOON)
    for _ in range(NOON):
        alone.step()
    assert beside.digest() == alone.digest()


def test_the_same_seed_and_crowd_repeat_every_row() -> None:
    again = model_with(Crowd(80, tables=True, needs=True), steps=288)
    assert again.crowd.digest() == day().crowd.digest()
    assert again.digest() == day().digest()


def test_a_saved_model_goes_on_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    stopped = model_with(Crowd(80, tables=True, needs=True), steps=NOON)
    stopped.save(tmp_path / "save")
    loaded = CityModel.load(tmp_path / "save")
    for _ in range(288 - NOON):
        loaded.step()
    assert loaded.crowd.digest() == day().crowd.digest()
    assert loaded.digest() == day().digest()
    assert loaded.crowd.talks == day().crowd.talks


def test_a_copy_lives_the_same_life_and_one_of_another_seed_another() -> None:
    here = model_with(Crowd(80, tables=True, needs=True), steps=NOON)
    kept = snapshot(here)
    same, other = restored(kept), restored(kept, seed=9)
    for model in (same, other):
        for _ in range(288 - NOON):
            model.step()
    assert same.crowd.digest() == day().crowd.digest()
    assert other.crowd.digest() != day().crowd.digest()


def test_columns_rows_and_selections_agree() -> None:
    crowd = day().crowd
    ages = crowd.values("age")
    assert crowd.agg("age", np.max) == ages.max()
    old = crowd.select("age", lambda age: age > 64)
    assert old.tolist() == np.flatnonzero(ages > 64).tolist()
    row = crowd[5]
    assert row.age == ages[5] == row.persona.age
    assert row.purpose == crowd.values("purpose")[5]
    assert row.hunger == crowd.values("hunger")[5]
    assert row.pos == (crowd.values("x")[5], crowd.values("y")[5])
    assert crowd.row_of(row.person) == 5


def test_what_rows_do_not_have_is_refused_with_a_hint() -> None:
    with pytest.raises(ConfigError, match=r"rows have no 'hungry'.*did you mean 'hunger'"):
        day().crowd.values("hungry")


def test_without_tables_only_counts_are_kept() -> None:
    model = model_with(Crowd(30), citizens=0, steps=120)
    assert model.crowd.hourly_modes()["trips"].sum() == model.crowd.trips_ended
    with pytest.raises(ConfigError, match="trips of the crowd are not kept; write crowd=Crowd"):
        model.crowd.trips()


def test_people_of_a_crowd_may_be_given(tmp_path: Path) -> None:
    people = PopulationColumns.synthesize(25, city=town(), rng=4)
    people.to_parquet(tmp_path / "people.parquet")
    read = model_with(Crowd(tmp_path / "people.parquet"), citizens=0)
    given = model_with(Crowd(people), citizens=0)
    assert read.crowd.people.ids.tolist() == given.crowd.people.ids.tolist() == list(range(25))


def test_homes_that_the_city_does_not_have_are_refused() -> None:
    people = PopulationColumns.synthesize(25, city=town(), rng=4)
    elsewhere = replace(people, home=people.home + 10_000)
    with pytest.raises(DataError, match=r"row 0: home .* is none of the city's .* places"):
        CityModel(town(), [], crowd=Crowd(elsewhere))


def test_something_else_than_a_crowd_is_refused() -> None:
    with pytest.raises(ConfigError, match="crowd must be a Crowd or None, got 100"):
        CityModel(town(), [], crowd=100)  # type: ignore[arg-type]


def test_those_at_a_place_that_closes_leave_it() -> None:
    model = model_with(Crowd(120), citizens=0, steps=130)
    crowd = model.crowd
    away = crowd.values("place") != crowd.people.home
    busiest = int(np.bincount(crowd.values("place")[away]).argmax())
    inside = int((crowd.values("place") == busiest).sum())
    model.intervene(interventions.close(place=busiest, minutes=300))
    for _ in range(12):
        model.step()
    still = (crowd.values("place") == busiest) & ~crowd.values("is_travelling")
    assert inside > 0
    assert not still.any()


def test_parameters_change_for_rows_too() -> None:
    model = model_with(Crowd(40), citizens=0, steps=120)
    before = model.crowd.values("hunger")
    model.intervene(interventions.change(parameters={"needs.hunger.decay_per_h": 0.0}))
    model.step()
    model.step()
    doing = model.crowd.values("purpose")
    idle = np.isin(doing, ["work", "school", "housework"])
    assert (model.crowd.values("hunger")[idle] >= before[idle] - 0.02).all()
