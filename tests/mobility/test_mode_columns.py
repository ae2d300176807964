"""Many trips at once are chosen as each alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.city import City
from mesa_llm_city.core.asking import run
from mesa_llm_city.core.streams import RandomStreams, uniforms
from mesa_llm_city.core.values import Weather
from mesa_llm_city.mobility import LogitModeChoice, Vehicles, in_service
from mesa_llm_city.mobility.mode_columns import (
    choose_modes,
    expected_commute_min,
    mode_table,
    modes_open,
    park,
    parked_at_first,
)
from mesa_llm_city.parameters import CityParameters, ModeSpec
from mesa_llm_city.population import Population
from mesa_llm_city.population.people_columns import PeopleColumns

TREE = CityParameters()
SCOOTER = TREE.model_copy(
    update={"modes": type(TREE.modes)({**TREE.modes, "scooter": ModeSpec(least_age=16)})}
)
CITY = City.synthetic(places=400, rng=3)
PEOPLE = Population.synthesize(150, city=CITY, rng=5)


def trips(count: int) -> tuple[np.ndarray, np.ndarray]:
    drawn = np.random.default_rng(8)
    origin = drawn.integers(len(CITY.places), size=count)
    return origin, (origin + drawn.integers(1, len(CITY.places), size=count)) % len(CITY.places)


@pytest.mark.parametrize("tree", [TREE, SCOOTER])
def test_ways_in_columns_have_the_numbers_of_each_trip(tree: CityParameters) -> None:
    city = CITY.with_parameters(tree)
    origin, destination = trips(200)
    columns = city.ways(origin, destination)
    for row, pair in enumerate(zip(origin.tolist(), destination.tolist(), strict=True)):
        assert columns.options(row, tuple(tree.modes)) == city.travel(*pair)


@pytest.mark.parametrize("tree", [TREE, SCOOTER])
@pytest.mark.parametrize(
    "weather", [Weather(), Weather(rain_mm_h=3.0, wind_km_h=70.0, temperature_c=-8.0)]
)
def test_modes_in_columns_are_those_that_each_traveller_chooses(
    tree: CityParameters, weather: Weather
) -> None:
    city, table = CITY.with_parameters(tree), mode_table(tree)
    people = PeopleColumns.of(PEOPLE)
    origin, destination = trips(len(PEOPLE))
    origin[::3] = people.home[::3]
    destination = np.where(origin == destination, (origin + 1) % len(CITY.places), destination)
    returns = np.arange(len(PEOPLE)) % 2 == 0
    parked = parked_at_first(people, table)
    is_open = modes_open(people, parked, origin, returns, table)
    limit = np.full(len(PEOPLE), 25)
    chosen = choose_modes(
        city.ways(origin, destination),
        is_open,
        limit_min=limit,
        income=people.income,
        weather=weather,
        uniform=uniforms(7, people.ids, "mode_choice", 40, 1)[:, 0],
        parameters=tree,
    )
    rule = LogitModeChoice(tree)
    for row, persona in enumerate(PEOPLE):
        options = city.travel(int(origin[row]), int(destination[row]))
        usable = Vehicles(persona, tree).usable(
            options, place=int(origin[row]), returns=bool(returns[row])
        )
        open_now = in_service(usable, weather, tree)
        in_time = [one for one in open_now if one.minutes <= 25]
        decided = run(
            rule.choose(
                in_time or [min(open_now, key=lambda one: one.minutes)],
                income=persona.income,
                weather=weather,
                rng=RandomStreams(7, persona.id).at("mode_choice", step=40),
            )
        )
        assert table.names[chosen[row]] == decided.option.mode


def test_expected_ways_to_work_equal_those_of_each_person() -> None:
    workers = [one for one in PEOPLE if one.work not in {None, one.home}]
    people, table = PeopleColumns.of(workers), mode_table(TREE)
    is_open = modes_open(
        people, parked_at_first(people, table), people.home, np.zeros(len(people), bool), table
    )
    ways = CITY.ways(people.home, people.work)
    minutes = expected_commute_min(ways, is_open, people.income, TREE)
    rule = LogitModeChoice()
    expected = [
        rule.expected_min(
            Vehicles(one).usable(CITY.travel(one.home, one.work), place=one.home, returns=False),
            income=one.income,
        )
        for one in workers
        if one.work is not None
    ]
    assert minutes.tolist() == expected


def test_a_vehicle_is_parked_where_the_trip_with_it_ended() -> None:
    driver = next(one for one in PEOPLE if one.has_car and one.has_licence and one.age > 20)
    table = mode_table(TREE)
    people = PeopleColumns.of([replace(driver, has_bicycle=False)] * 2)
    parked = parked_at_first(people, table)
    names = table.names
    park(parked, np.array([names.index("car"), names.index("walk")]), np.array([9, 8]), table)
    car, bicycle = table.vehicles.index("car"), table.vehicles.index("bicycle")
    assert parked[:, car].tolist() == [9, driver.home]
    assert parked[:, bicycle].tolist() == [-1, -1]
