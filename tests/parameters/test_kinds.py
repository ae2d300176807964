"""Rows of purposes, modes and needs: built-in numbers, new kinds, what does not fit."""

from __future__ import annotations

import pytest

from mesa_llm_city.parameters import CityParameters, ModeSpec, NeedSpec, ParameterError, PurposeSpec
from mesa_llm_city.parameters.derived import colours_of


def test_the_order_of_built_in_rows_is_fixed() -> None:
    parameters = CityParameters()
    assert list(parameters.modes) == ["walk", "bicycle", "car", "bus", "train"]
    assert list(parameters.needs) == ["hunger", "energy", "safety", "social"]
    assert list(parameters.purposes)[:4] == ["sleep", "care", "care_of_others", "housework"]
    assert len(parameters.purposes) == 15


def test_needs_press_in_the_order_of_the_paper() -> None:
    needs = CityParameters().needs
    ranked = sorted(needs, key=lambda name: needs[name].priority)
    assert ranked == ["hunger", "safety", "energy", "social"]  # CitySim, appendix A
    assert [needs[name].threshold for name in needs] == [0.3, 0.3, 0.2, 0.2]


def test_a_meal_gives_back_what_a_day_takes() -> None:
    needs = CityParameters().needs
    assert needs["hunger"].gains_per_h["meal"] == 3.5
    assert needs["energy"].gains_per_h["sport"] == -0.04
    assert "rest" not in needs["hunger"].gains_per_h


@pytest.mark.parametrize(
    ("mode", "speed_km_h", "cost_of_10_km"),
    [("walk", 4.8, 0.0), ("bicycle", 13.0, 0.0), ("car", 25.0, 1.5), ("bus", 15.0, 1.0)],
)
def test_modes_have_their_speed_and_cost(
    mode: str, speed_km_h: float, cost_of_10_km: float
) -> None:
    row = CityParameters().modes[mode]
    assert row.speed_km_h == speed_km_h
    assert row.cost_per_trip + 10 * row.cost_per_km == pytest.approx(cost_of_10_km)


def test_a_new_mode_comes_last_and_gets_a_label_and_colours_of_its_own() -> None:
    parameters = CityParameters(modes={"cargo_bike": {"speed_km_h": 12}})
    row = parameters.modes["cargo_bike"]
    assert list(parameters.modes)[-1] == "cargo_bike"
    assert row.label == "cargo bike"
    assert row.colour not in {one.colour for one in CityParameters().modes.values()}
    assert CityParameters(modes={"cargo_bike": {}}).modes["cargo_bike"].colour == row.colour


def test_colours_of_new_kinds_differ_from_each_other() -> None:
    names = [f"kind_{row}" for row in range(12)]
    rows = CityParameters(purposes={name: {} for name in names}).purposes
    assert len({rows[name].colour for name in names}) == len(names)


def test_a_colour_depends_on_the_name_and_on_what_is_taken() -> None:
    first = colours_of("scooter")
    assert first == colours_of("scooter")
    assert colours_of("scooter", [first[0]]) != first


def test_a_built_in_row_keeps_what_is_not_given() -> None:
    bus = CityParameters(modes={"bus": {"speed_km_h": 12}}).modes["bus"]
    assert (bus.speed_km_h, bus.wait_min, bus.label) == (12.0, 6.0, "bus")


def test_one_gain_can_be_changed_without_the_others() -> None:
    changed = CityParameters(needs={"hunger": {"gains_per_h": {"work": 0.1}}})
    gains = changed.needs["hunger"].gains_per_h
    assert gains == {"sleep": 0.13, "meal": 3.5, "work": 0.1}


def test_free_time_keeps_its_order_when_a_purpose_is_added() -> None:
    parameters = CityParameters(purposes={"worship": {}, "court": {"free_time": False}})
    assert parameters.free_time == ("rest", "leisure", "social", "sport", "shopping", "worship")


def test_a_row_can_be_given_as_an_object() -> None:
    parameters = CityParameters(
        modes={"scooter": ModeSpec(speed_km_h=15)}, needs={"esteem": NeedSpec()}
    )
    assert parameters.modes["scooter"].label == "scooter"
    assert parameters.changed() == {"modes.scooter": {}, "needs.esteem": {}}


def test_all_that_does_not_fit_is_told_at_once() -> None:
    given = {
        "modes.car.needs_vehicle": "lorry",
        "modes.bus.speed_km_h": 0,
        "needs.hunger.threshold": "high",
        "purposes.leisure.hours": "in the evening",
        "purposes.sport.least_min": 300,
        "modes.walk.colour": "blue",
    }
    with pytest.raises(ParameterError) as told:
        CityParameters.from_dotted(given)
    assert {one.name for one in told.value.defects} == set(given)
    assert "modes.bus.speed_km_h: got 0; accepted is a number > 0 and <= 1000" in str(told.value)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"needs.hunger.gains_per_h.worship": 0.1}, "there is no purpose 'worship'"),
        ({"needs.hunger.reaction": "pray"}, "there is no purpose 'pray'"),
        ({"modes.walk.enabled": False}, "walking is always possible"),
        ({"modes.my bike": {"speed_km_h": 12}}, "use letters, digits and underscores"),
        ({"needs.mood": {"threshold": 0.2}}, "is the name of something else already"),
        ({"needs.hunger.gains_per_h.meal": 11}, "got 11.0; accepted is a number from -10 to 10"),
    ],
)
def test_kinds_that_contradict_each_other_are_refused(
    given: dict[str, object], problem: str
) -> None:
    with pytest.raises(ParameterError, match=problem):
        CityParameters.from_dotted(given)


def test_a_purpose_for_free_time_needs_a_length() -> None:
    with pytest.raises(ParameterError, match="needs a usual length"):
        PurposeSpec(usual_min=None)


@pytest.mark.parametrize(
    "hours", ["24/7", "Su 09:00-12:00", "Mo-Fr 09:00-12:00, 13:00-18:00; Sa off"]
)
def test_hours_are_written_as_in_openstreetmap(hours: str) -> None:
    assert PurposeSpec(hours=hours).hours == hours
