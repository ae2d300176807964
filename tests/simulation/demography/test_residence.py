"""Moving house: a household goes as one, without a gap in anybody's day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mesa_llm_city import CityModel, Persona
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.mobility import Vehicles
from tests.motion import assert_true, few_people, tiny_town, tiny_town_at


@pytest.fixture
def model() -> CityModel:
    return tiny_town_at(9)


class TestMoveHouse:
    def test_all_members_live_in_the_new_home(self, model: CityModel) -> None:
        household = model.residents.household(0)
        old = household[0].persona.home
        home = model.demography.move_house(0)
        assert home != old
        assert {agent.persona.home for agent in household} == {home}
        assert model.city.places.is_residence[home]
        assert model.events()["details"].tolist() == [f"to place {home}"] * len(household)

    def test_who_is_at_the_old_home_sets_out_and_arrives(self, model: CityModel) -> None:
        at_home = [one for one in model.citizens if one.place == one.persona.home]
        agent = next(one for one in at_home if one.citizen.now.trip is None)
        old, home = agent.persona.home, model.demography.move_house(agent)
        trip = agent.citizen.now.trip
        assert trip is not None
        assert (trip.origin, trip.destination) == (old, home)
        assert agent not in model.people_at(old)
        model.run_days(1)
        assert_true(model)
        mine = model.trips().query("person == @agent.person and origin == @old")
        assert mine["destination"].iloc[0] == home
        nights = model.activities().query("person == @agent.person and purpose == 'sleep'")
        assert nights["place"].iloc[-1] == home
        # The stay that ended was at home, and is no visit.
        assert model.visits().query("person == @agent.person and place == @old").empty

    def test_who_is_on_the_way_home_goes_to_the_new_one(self) -> None:
        model = tiny_town(step_min=5)
        turned = None
        for _ in range(288):
            model.step()
            under_way = [
                agent
                for agent in model.citizens
                if (trip := agent.citizen.now.trip) is not None
                and trip.destination == agent.persona.home
                and trip.end_min > model.minute + 5
            ]
            if under_way:
                turned = under_way[0]
                break
        assert turned is not None
        home = model.demography.move_house(turned)
        trip = turned.citizen.now.trip
        assert trip is not None
        assert trip.destination == home
        assert_true(model)
        model.run_days(1)
        assert_true(model)

    def test_a_home_can_be_named(self, model: CityModel) -> None:
        place = model.residents.household(1)[0].persona.home
        assert model.demography.move_house(0, place) == place
        with pytest.raises(DataError, match="one of the city's"):
            model.demography.move_house(0, 10**6)

    def test_before_the_first_minute_nobody_is_under_way(self) -> None:
        model = tiny_town()
        home = model.demography.move_house(0)
        assert {agent.place for agent in model.residents.household(0)} == {home}
        assert_true(model)


class TestVehicles:
    def test_those_at_the_old_home_come_along_and_others_stay(self) -> None:
        owner = replace(
            few_people()[0], home=3, age=40, has_car=True, has_bicycle=True, has_licence=True
        )
        vehicles = Vehicles(owner)
        vehicles.move("car", 9)
        vehicles.renew(replace(owner, home=5))
        assert vehicles.state() == {"parked": {"bicycle": 5, "car": 9}}

    def test_a_new_one_stands_at_home_and_one_given_up_nowhere(self) -> None:
        owner: Persona = replace(few_people()[0], home=3, age=40, has_car=False, has_bicycle=True)
        vehicles = Vehicles(owner)
        vehicles.renew(replace(owner, has_car=True, has_licence=True, has_bicycle=False))
        assert vehicles.state() == {"parked": {"car": 3}}


def test_work_at_home_moves_with_the_home(model: CityModel) -> None:
    agent = next(one for one in model.citizens if one.persona.work == one.persona.home)
    home = model.demography.move_house(agent)
    assert agent.persona.work == home
    assert agent.purpose in {Purpose.TRAVEL, Purpose.WORK, *map(str, model.parameters.purposes)}
