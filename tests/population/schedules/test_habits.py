"""Habits and preferences."""

from __future__ import annotations

import pickle

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Habits, Preferences


def test_every_value_outside_its_range_is_named_in_one_message() -> None:
    with pytest.raises(ConfigError) as caught:
        Habits(wake_min=-5, eats_out=1.5, work_days=200)
    for part in ("wake_min must be", "eats_out must be", "work_days must be in [0, 127], got 200"):
        assert part in str(caught.value)


def test_bed_time_must_come_after_getting_up() -> None:
    with pytest.raises(ConfigError, match=r"bed_min must be in \[481, 1920\], got 400"):
        Habits(wake_min=480, bed_min=400)


def test_the_night_lasts_from_bed_to_wake() -> None:
    habits = Habits(wake_min=420, bed_min=1470)
    assert habits.sleep_minutes == 390


def test_working_days_are_bits_from_monday() -> None:
    habits = Habits(work_days=0b1000001)
    assert [day for day in range(7) if habits.works_on(day)] == [0, 6]


def test_a_purpose_that_the_person_has_no_weight_for_has_that_of_its_specification() -> None:
    parameters = CityParameters(purposes={"worship": {"free_time_weight": 0.25}})
    preferences = Preferences(leisure=0.1, social=0.3)
    weights = {name: spec.free_time_weight for name, spec in parameters.purposes.items()}
    assert preferences.of(Purpose.SOCIAL, weights["social"]) == 0.3
    assert preferences.of("worship", weights["worship"]) == 0.25
    assert preferences.of("sport", weights["sport"]) == 0.1


def test_weights_outside_their_range_are_refused_by_name() -> None:
    with pytest.raises(ConfigError, match=r"worship must be in \[0.0, 1.0\], got 1.5"):
        Habits(preferences=Preferences(worship=1.5))


def test_preferences_cannot_be_changed_and_can_be_hashed() -> None:
    assert len({Preferences(sport=0.5), Preferences(sport=0.5), Preferences(sport=0.4)}) == 2
    with pytest.raises(TypeError, match="cannot be changed"):
        Preferences(sport=0.5)["sport"] = 0.4


def test_defaults_are_the_usual_habits_of_the_parameters() -> None:
    usual = CityParameters().population.schedules.usual
    habits = Habits()
    assert (habits.wake_min, habits.bed_min) == (usual.wake_min, usual.bed_min)
    assert (habits.lunch_min, habits.dinner_min) == (usual.lunch_min, usual.dinner_min)
    assert habits.eats_out == usual.eats_out


def test_habits_pickle() -> None:
    habits = Habits(wake_min=300)
    assert pickle.loads(pickle.dumps(habits)) == habits
