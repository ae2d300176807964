"""Vehicles stay where they were left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mesa_llm_city.core.values import Mode, TravelOption
from mesa_llm_city.mobility import Vehicles
from mesa_llm_city.testing import check_component
from tests.mobility.people import clerk, pensioner

ALL = [TravelOption(mode=mode, distance_m=2000.0, minutes=20.0) for mode in Mode]
HOME, OFFICE, CAFE = 10, 20, 30


def modes(vehicles: Vehicles, place: int, *, returns: bool = False) -> list[Mode]:
    return [option.mode for option in vehicles.usable(ALL, place=place, returns=returns)]


def test_at_home_all_vehicles_are_at_hand() -> None:
    assert modes(Vehicles(clerk()), HOME) == list(Mode)


def test_one_who_owns_nothing_walks_or_rides() -> None:
    assert modes(Vehicles(pensioner()), 12) == [Mode.WALK, Mode.BUS, Mode.TRAIN]


def test_a_car_without_a_licence_is_no_car() -> None:
    assert Mode.CAR not in modes(Vehicles(replace(clerk(), has_licence=False)), HOME)


def test_a_vehicle_can_only_be_taken_where_it_stands() -> None:
    vehicles = Vehicles(clerk())
    vehicles.move(Mode.CAR, OFFICE)
    assert modes(vehicles, CAFE) == [Mode.WALK, Mode.BUS, Mode.TRAIN]


def test_what_was_driven_to_work_is_driven_home() -> None:
    vehicles = Vehicles(clerk())
    vehicles.move(Mode.CAR, OFFICE)
    assert modes(vehicles, OFFICE) == [Mode.CAR]


def test_one_who_comes_back_after_lunch_may_leave_the_car() -> None:
    vehicles = Vehicles(clerk())
    vehicles.move(Mode.CAR, OFFICE)
    assert Mode.WALK in modes(vehicles, OFFICE, returns=True)


def test_it_keeps_the_promises_of_a_component() -> None:
    async def look(vehicles: Vehicles, _: np.random.Generator) -> list[TravelOption]:
        return vehicles.usable(ALL, place=OFFICE, returns=False)

    def park(vehicles: Vehicles, _: list[TravelOption]) -> None:
        vehicles.move(Mode.BICYCLE, OFFICE)

    check_component(lambda: Vehicles(clerk()), look, commit=park)
