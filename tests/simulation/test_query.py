"""Queries choose people by what is known of them, and say what they do not understand."""

from __future__ import annotations

import math

import pytest

from mesa_llm_city import CityModel, ConfigError, DataError
from mesa_llm_city.simulation.query import chosen
from tests.town import small_town, townspeople


@pytest.fixture(scope="module")
def model() -> CityModel:
    model = CityModel(small_town(), townspeople(), rng=7)
    for _ in range(12 * 15):
        model.step()
    return model


def test_no_query_is_everybody_by_rising_id(model: CityModel) -> None:
    ids = [agent.person for agent in chosen(model)]
    assert ids == sorted(one.person for one in model.citizens)
    assert len(ids) == 30


def test_all_conditions_hold_for_the_chosen(model: CityModel) -> None:
    found = chosen(model, {"age": [18, 64], "occupation": ["office_worker", "service_worker"]})
    by_hand = [
        one.person
        for one in model.citizens
        if 18 <= one.age <= 64 and one.persona.occupation in {"office_worker", "service_worker"}
    ]
    assert [one.person for one in found] == sorted(by_hand)
    assert found


def test_a_zone_is_given_by_name_or_by_row(model: CityModel) -> None:
    zone = int(model.city.places.zone[model.citizens[0].persona.home])
    name = model.city.zones.names[zone]
    by_row, by_name = chosen(model, {"home_zone": zone}), chosen(model, {"home_zone": [name]})
    assert by_row == by_name
    assert by_row == sorted(
        (one for one in model.citizens if int(model.city.places.zone[one.persona.home]) == zone),
        key=lambda one: one.person,
    )


def test_who_is_at_a_place_now_is_not_who_is_under_way_to_it(model: CityModel) -> None:
    agent = next(one for one in model.citizens if one.present_at is not None)
    assert agent in chosen(model, {"place": agent.place})
    for one in chosen(model, {"purpose": "travel"}):
        assert one not in chosen(model, {"place": one.place})


def test_people_within_metres_of_a_place(model: CityModel) -> None:
    x, y = model.city.position(5)
    near = chosen(model, {"within_m": [5, 400]})
    assert near == [
        one for one in chosen(model) if math.hypot(one.pos[0] - x, one.pos[1] - y) <= 400
    ]
    assert len(chosen(model, {"within_m": [5, 1e6]})) == 30


def test_a_share_draws_the_same_people_at_a_minute_and_others_later() -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    first = chosen(model, {"share": 0.5})
    assert first == chosen(model, {"share": 0.5})
    assert 5 <= len(first) <= 25
    assert len(chosen(model, {"share": 0.0})) == 0
    assert len(chosen(model, {"share": 1.0})) == 30
    model.minute = 600
    assert chosen(model, {"share": 0.5}) != first


def test_functions_ids_and_agents_are_queries(model: CityModel) -> None:
    two = [model.citizens[4], model.citizens[2]]
    ids = sorted(one.person for one in two)
    assert [one.person for one in chosen(model, lambda agent: agent.person in ids)] == ids
    assert [one.person for one in chosen(model, two)] == ids
    assert [one.person for one in chosen(model, [*ids, ids[0]])] == ids
    assert [one.person for one in chosen(model, {"ids": ids})] == ids


def test_who_has_left_is_not_chosen_and_a_stranger_is_an_error() -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    gone = model.citizens[0]
    gone.remove()
    assert chosen(model, [gone, gone.person]) == []
    with pytest.raises(ConfigError, match="no citizen has the id 999"):
        chosen(model, [999])


def test_all_that_is_wrong_with_a_query_is_listed(model: CityModel) -> None:
    wrong = {
        "ages": 3,
        "age": [30, 20],
        "occupation": "pilot",
        "zone": "nowhere",
        "place": 10**6,
        "within_m": [5],
        "share": 2,
        "ids": "x",
    }
    with pytest.raises(DataError) as caught:
        chosen(model, wrong)
    assert [line.split(":")[0] for line in caught.value.defects] == list(wrong)
    assert "did you mean 'age'?" in caught.value.defects[0]


@pytest.mark.parametrize("query", ["everybody", 5])
def test_what_is_no_query_is_refused(model: CityModel, query: object) -> None:
    with pytest.raises(ConfigError, match="a query is None"):
        chosen(model, query)  # type: ignore[arg-type]
