"""Vehicles stay where they were parked, and modes are open to those who may use them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mesa_llm_city.core.values import Mode, TravelOption
from mesa_llm_city.mobility import Vehicles
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.testing import check_component
from tests.mobility.new_kinds import with_new_kinds
from tests.mobility.people import clerk, pensioner, pupil

ALL = [TravelOption(mode=mode, distance_m=2000.0, minutes=20.0) for mode in Mode]
HOME, OFFICE, CAFE = 10, 20, 30


def modes(
    vehicles: Vehicles, place: int, *, returns: bool = False, more: tuple[str, ...] = ()
) -> list[str]:
    options = [*ALL, *(replace(ALL[0], mode=mode) for mode in more)]
    return [option.mode for option in vehicles.usable(options, place=place, returns=returns)]


def test_at_home_all_vehicles_are_at_hand() -> None:
    assert modes(Vehicles(clerk()), HOME) == list(Mode)


def test_a_person_who_owns_nothing_walks_or_rides() -> None:
    assert modes(Vehicles(pensioner()), 12) == ["walk", "bus", "train"]


def test_the_household_car_takes_a_licence() -> None:
    assert "car" not in modes(Vehicles(replace(clerk(), has_licence=False)), HOME)


def test_a_vehicle_can_only_be_taken_where_it_is_parked() -> None:
    vehicles = Vehicles(clerk())
    vehicles.move("car", OFFICE)
    assert modes(vehicles, CAFE) == ["walk", "bus", "train"]


def test_the_car_that_was_driven_to_work_is_driven_home() -> None:
    vehicles = Vehicles(clerk())
    vehicles.move("car", OFFICE)
    assert modes(vehicles, OFFICE) == ["car"]


def test_a_person_who_comes_back_after_lunch_may_leave_the_car() -> None:
    vehicles = Vehicles(clerk())
    vehicles.move("car", OFFICE)
    assert "walk" in modes(vehicles, OFFICE, returns=True)


class TestNewModes:
    def test_a_shared_mode_stands_wherever_a_trip_begins(self) -> None:
        vehicles = Vehicles(pensioner(), with_new_kinds())
        vehicles.move("scooter", OFFICE)
        for place in (HOME, OFFICE, CAFE):
            assert "scooter" in modes(vehicles, place, more=("scooter",))

    def test_a_mode_that_the_parameters_do_not_name_is_open_to_everybody(self) -> None:
        assert "scooter" in modes(Vehicles(pupil()), HOME, more=("scooter",))

    def test_a_mode_has_a_least_age(self) -> None:
        parameters = with_new_kinds().with_("modes.scooter.least_age", 18)
        assert "scooter" not in modes(Vehicles(pupil(), parameters), HOME, more=("scooter",))
        assert "scooter" in modes(Vehicles(clerk(), parameters), HOME, more=("scooter",))

    def test_a_mode_that_is_switched_off_is_open_to_nobody(self) -> None:
        parameters = CityParameters().with_("modes.bus.enabled", value=False)
        assert "bus" not in modes(Vehicles(clerk(), parameters), HOME)

    def test_two_modes_may_take_the_same_vehicle(self) -> None:
        cargo = {"needs_vehicle": "bicycle", "speed_km_h": 11}
        vehicles = Vehicles(clerk(), CityParameters(modes={"cargo_bicycle": cargo}))
        vehicles.move("cargo_bicycle", OFFICE)
        assert modes(vehicles, OFFICE, more=("cargo_bicycle",)) == ["bicycle", "cargo_bicycle"]
        assert "bicycle" not in modes(vehicles, HOME)


def test_it_keeps_the_promises_of_a_component() -> None:
    async def look(vehicles: Vehicles, _: np.random.Generator) -> list[TravelOption]:
        return vehicles.usable(ALL, place=OFFICE, returns=False)

    def park(vehicles: Vehicles, _: list[TravelOption]) -> None:
        vehicles.move("bicycle", OFFICE)

    check_component(lambda: Vehicles(clerk()), look, commit=park)
