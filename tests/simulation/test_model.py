"""The city model: Mesa's habits, seeds, comings and goings."""

from __future__ import annotations

import inspect
import pickle
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city import CityAgent, CityModel, Population
from mesa_llm_city.citizen.intention import Intention
from mesa_llm_city.city import Environment
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Observation, Purpose
from tests.town import small_town, townspeople


def town(rng: int | None = 7, **options: object) -> CityModel:
    return CityModel(small_town(), townspeople(), rng=rng, **options)  # type: ignore[arg-type]


def test_a_step_is_five_minutes() -> None:
    model = town()
    for _ in range(3):
        model.step()
    assert (model.steps, model.minute) == (3, 15)


def test_a_table_of_weather_that_does_not_cover_the_run_is_refused_before_it() -> None:
    rows = pd.DataFrame({"time": ["2024-04-01T00:00"], "temperature_c": 9.0, "rain_mm_h": 0.0})
    city = pickle.loads(pickle.dumps(small_town()))
    city.environment = Environment.from_table(rows)
    people = Population.synthesize(2, city=city, rng=3)
    model = CityModel(city, people, clock=Clock(start=date(2024, 4, 1)))
    with pytest.raises(DataError, match=r"has no row for 2024-04-01 03:00:00; it covers"):
        model.run_days(1)
    assert model.minute == 0
    with pytest.raises(DataError, match="has no row for 2024-04-02 00:00:00"):
        CityModel(city, people, clock=Clock(start=date(2024, 4, 2)))


@pytest.mark.slow
@pytest.mark.each_line
def test_a_day_has_288_steps_and_a_longer_step_makes_fewer() -> None:
    model = town(clock=Clock(step_min=15))
    model.run_days(1)
    assert (model.steps, model.minute) == (96, 1440)


@pytest.mark.slow
@pytest.mark.each_line
def test_the_length_of_a_step_changes_no_life() -> None:
    fine, coarse = town(), town(clock=Clock(step_min=60))
    for model in (fine, coarse):
        model.run_days(1)
    assert fine.digest() == coarse.digest()


@pytest.mark.slow
@pytest.mark.each_line
def test_without_a_seed_one_is_drawn_and_kept() -> None:
    first = town(rng=None)
    again = town(rng=first.run_seed)
    for model in (first, again):
        model.run_days(1)
    assert first.digest() == again.digest()


@pytest.mark.slow
@pytest.mark.each_line
def test_another_seed_is_another_day() -> None:
    one, other = town(), town(rng=8)
    for model in (one, other):
        model.run_days(1)
    assert one.digest() != other.digest()


@pytest.mark.parametrize("seed", [-1, 1.5, "seven", True])
def test_an_impossible_seed_is_refused(seed: object) -> None:
    with pytest.raises(
        ConfigError,
        match="rng must be a non-negative whole number, a numpy",
    ):
        town(rng=seed)  # type: ignore[arg-type]


def test_a_generator_is_a_seed_and_the_same_one_gives_the_same_run() -> None:
    seeds = {town(rng=np.random.default_rng(3)).run_seed for _ in range(2)}  # type: ignore[arg-type]
    assert len(seeds) == 1


def test_seed_is_another_name_of_rng() -> None:
    assert town(rng=None, seed=7).run_seed == 7
    with pytest.raises(ConfigError, match="rng and seed are the same; give one of them"):
        town(seed=8)


def test_a_numpy_integer_is_a_seed() -> None:
    assert town(rng=np.int64(7)).run_seed == 7  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [5, np.int32(5), np.uint64(5)])
def test_any_integer_is_a_number_of_people(count: int) -> None:
    model = CityModel(small_town(), count, rng=7)
    assert list(model.population) == list(CityModel(small_town(), 5, rng=7).population)


def test_persons_can_come_from_any_iterable() -> None:
    model = CityModel(small_town(), (one for one in townspeople()), rng=7)
    assert list(model.population) == list(townspeople())


def test_a_table_of_people_is_read_for_the_city() -> None:
    table = pd.DataFrame({"id": [4, 9], "age": [30, 50], "gender": ["female", "male"]})
    model = CityModel(small_town(), table, rng=7)
    expected = Population.from_table(table, city=small_town(), rng=7)
    assert list(model.population) == list(expected)


def test_a_table_with_points_can_be_read_again_and_again_for_one_city() -> None:
    city = pickle.loads(pickle.dumps(small_town()))
    places = len(city.places)
    points = city.to_geodataframe().to_crs("EPSG:4326").geometry[[0, 1]]
    table = pd.DataFrame(
        {
            "id": range(30),
            "age": 40,
            "gender": "female",
            "home_lon": [*(points.x + 1e-5), *[None] * 28],
            "home_lat": [*points.y, *[None] * 28],
        }
    )
    first, second = (CityModel(city, table, rng=7) for _ in range(2))
    assert len(city.places) == places + 2
    assert list(first.population) == list(second.population)


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        (None, "None"),
        (True, "True"),
        (2.5, "2.5"),
        ("people.csv", "'people.csv'"),
        ([7], "7"),
        ({"id": 1}, "'id'"),
    ],
)
def test_anything_else_is_refused_as_people(people: object, shown: str) -> None:
    with pytest.raises(ConfigError, match=f"people must be a number of people, .* got {shown};"):
        CityModel(small_town(), people, rng=7)  # type: ignore[arg-type]


def test_the_collector_counts_everybody_once() -> None:
    model = town()
    model.run_days(1)
    frame = model.datacollector.get_model_vars_dataframe()
    doing = frame[[f"doing_{purpose}" for purpose in Purpose]]
    assert (doing.sum(axis=1) == 30).all()
    assert len(frame) == 288
    assert frame["trips"].iloc[-1] == len(model.trips())


def test_only_those_who_are_due_are_touched() -> None:
    thinking: list[int] = []

    class Watched(CityAgent):
        async def decide(self, seen: Observation) -> Intention:
            thinking.append(seen.minute)
            return await super().decide(seen)

    model = town(agent_class=Watched)
    model.step()
    assert len(thinking) == 30
    for _ in range(12):
        model.step()
    assert len(thinking) < 45  # nearly everybody sleeps until morning


@pytest.mark.slow
@pytest.mark.each_line
def test_a_model_can_be_pickled_in_the_middle_of_a_day() -> None:
    model = town()
    for _ in range(150):
        model.step()
    twin = pickle.loads(pickle.dumps(model))
    for one in (model, twin):
        for _ in range(138):
            one.step()
    assert model.digest() == twin.digest()


def test_people_at_a_place_are_those_whose_stay_it_is() -> None:
    model = town()
    for _ in range(140):
        model.step()
    for agent in model.citizens:
        there = agent in model.people_at(agent.place)
        assert there == (agent.citizen.now.trip is None)


@pytest.mark.slow
@pytest.mark.each_line
def test_one_who_leaves_is_gone_from_the_city_but_not_from_the_tables() -> None:
    model = town()
    for _ in range(100):
        model.step()
    leaver = model.citizens[4]
    leaver.remove()
    model.run_days(1)
    assert leaver not in model.citizens
    assert leaver not in model.agents
    assert model.doing.total() == len(model.citizens) == 29
    mine = model.activities().query(f"person == {leaver.person}")
    assert (mine["end"].max() - mine["start"].min()).total_seconds() == 500 * 60


@pytest.mark.slow
@pytest.mark.each_line
def test_one_who_arrives_later_lives_from_then_on() -> None:
    model = town()
    for _ in range(12):
        model.step()
    newcomer = model.add(replace(townspeople()[0], id=999))
    model.run_days(1)
    mine = model.activities().query("person == 999")
    assert mine["start"].min() == np.datetime64("2024-04-01T01:00")
    assert newcomer in model.agents


def test_positions_move_along_the_way() -> None:
    model = town()
    moving = 0
    for _ in range(200):
        model.step()
        for agent in model.citizens:
            here = agent.pos
            trip = agent.citizen.now.trip
            if trip is not None:
                moving += 1
                ends = [small_town().position(one) for one in (trip.origin, trip.destination)]
                low, high = np.min(ends, axis=0) - 1e-6, np.max(ends, axis=0) + 1e-6
                assert (low <= here).all()
                assert (here <= high).all()
            else:
                assert here == small_town().position(agent.place)
    assert moving > 10


def test_the_people_now_are_points_in_the_projection_of_the_city() -> None:
    frame = town().people()
    assert len(frame) == 30
    assert frame.crs == small_town().crs


def test_two_people_of_one_id_and_homes_outside_are_all_listed() -> None:
    first, second, *_ = townspeople()
    people = [first, replace(second, id=first.id), replace(second, home=10**6)]
    with pytest.raises(DataError) as caught:
        CityModel(small_town(), people, rng=1)
    assert len(caught.value.defects) == 2
    assert f"id {first.id} is borne by 2 people" in str(caught.value)
    assert "home 1000000 is none of the city's" in str(caught.value)


def test_a_clock_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"clock must be a Clock, got '2024-05-03'; write"):
        CityModel(clock="2024-05-03")  # type: ignore[arg-type]


def test_days_below_one_are_refused() -> None:
    with pytest.raises(ConfigError, match="days must be at least 1, got 0"):
        town().run_days(0)


def test_parameters_are_given_by_dotted_name_too() -> None:
    dotted: dict[str, Any] = {"mobility.gravity.gamma": 1.5}
    model = town(**dotted)
    assert model.parameters.changed() == {"mobility.gravity.gamma": 1.5}
    assert model.city.parameters is model.parameters


def test_an_argument_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="the model takes no argument 'parts'"):
        town(parts={})


def test_the_page_of_mesa_accepts_the_arguments_of_a_model() -> None:
    """SolaraViz refuses a model whose other keyword arguments have another name."""
    kinds = {one.name: one.kind for one in inspect.signature(CityModel).parameters.values()}
    assert kinds["kwargs"] is inspect.Parameter.VAR_KEYWORD
