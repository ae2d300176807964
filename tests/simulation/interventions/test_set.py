"""What is set in a run is as if the model had been made with it, and is undone at its end."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city import CityModel, DataError
from mesa_llm_city.simulation.interventions import change
from tests.town import small_town, townspeople


def digest(parameters: dict[str, object] | None = None, *interventions: object) -> str:
    model = CityModel(
        small_town(),
        townspeople(8),
        rng=7,
        interventions=interventions,  # type: ignore[arg-type]
        **(parameters or {}),  # type: ignore[arg-type]
    )
    for _ in range(130):
        model.step()
    model.records.interventions = type(model.records.interventions)({})
    return model.digest()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mobility.free_time.candidates", 1),
        ("modes.walk.speed_km_h", 3.0),
        ("needs.hunger.decay_per_h", 0.4),
    ],
)
def test_a_parameter_set_at_the_start_is_one_that_the_model_was_made_with(
    name: str, value: float
) -> None:
    made = digest({name: value})
    assert digest(None, change(start=0, parameters={name: value})) == made
    assert made != digest()


def test_setting_what_is_already_so_changes_nothing() -> None:
    usual = small_town().parameters.mobility.gravity.gamma
    same = change(start="day 1 09:00", parameters={"mobility.gravity.gamma": usual})
    assert digest(None, same) == digest()


def test_a_fare_is_that_of_before_at_the_end() -> None:
    free = change(start=60, end=120, parameters={"modes.train.cost_per_trip": 0.0})
    model = CityModel(small_town(), townspeople(10), rng=7, interventions=[free])
    for _ in range(14):
        model.step()
    agent = model.citizens[0].citizen
    assert model.parameters.modes["train"].cost_per_trip == 0.0
    assert agent.parameters is model.parameters is model.city.parameters
    assert agent.components.mode_choice.parameters is model.parameters
    for _ in range(12):
        model.step()
    assert model.parameters == small_town().parameters
    assert model.interventions()["text"].tolist() == [
        "modes.train.cost_per_trip = 0.0",
        "back to modes.train.cost_per_trip = 1.0",
    ]


def test_a_parameter_that_is_read_only_at_the_start_is_refused_with_those_that_can_change() -> None:
    wrong = change(
        start=0,
        parameters={
            "city.town.area_km2": 3,
            "social.acquaintances.friends": 3,
            "modes.bus": {"speed_km_h": 3},
            "modes.buss.speed_km_h": 3,
        },
    )
    with pytest.raises(DataError) as caught:
        CityModel(small_town(), townspeople(10), rng=7, interventions=[wrong])
    assert len(caught.value.defects) == 4
    out_of_range = change(start=0, parameters={"modes.bus.speed_km_h": -1})
    with pytest.raises(DataError, match="got -1; accepted is a number > 0"):
        CityModel(small_town(), townspeople(10), rng=7, interventions=[out_of_range])


def test_opening_hours_hold_for_the_places_named_and_are_those_of_before_at_the_end() -> None:
    shut = change(start=0, end=60, place_kind="amenity=restaurant", hours="off")
    model = CityModel(small_town(), townspeople(10), rng=7, interventions=[shut])
    restaurants = model.city.supply("meal").places
    before = model.world.is_open(restaurants, 720, 780)
    model.step()
    kinds = model.city.places.category_names
    is_restaurant = [
        kinds[model.city.places.category[place]] == "amenity=restaurant" for place in restaurants
    ]
    now = model.world.is_open(restaurants, 720, 780)
    assert (now == (before & ~np.array(is_restaurant))).all()
    assert now.sum() < before.sum()
    for _ in range(13):
        model.step()
    assert (model.world.is_open(restaurants, 720, 780) == before).all()


def test_weather_is_what_is_set_and_otherwise_what_it_was() -> None:
    storm = change(start=0, end=30, weather={"rain_mm_h": 40.0})
    model = CityModel(small_town(), townspeople(10), rng=7, interventions=[storm])
    usual = model.world.weather(5)
    model.step()
    assert model.world.weather(5).rain_mm_h == 40.0
    assert model.world.weather(5).temperature_c == usual.temperature_c
    for _ in range(7):
        model.step()
    assert model.world.weather(5) == usual
