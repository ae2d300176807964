"""Yearly rates: formulas with hand-worked values, and what happens by itself."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from mesa_llm_city import CityModel, CityParameters
from mesa_llm_city.parameters.population import (
    JAPAN_2020,
    BirthParameters,
    DeathParameters,
)
from mesa_llm_city.simulation.demography.yearly import (
    birth_rates,
    daily_chance,
    death_rates,
    has_birthday,
)
from tests.motion import assert_true, tiny_town, tiny_town_at


def raised_town(rates: Mapping[str, object], step_min: int = 60) -> CityModel:
    parameters = CityParameters.from_dotted(rates)
    return tiny_town(step_min=step_min, parameters=parameters)


def test_the_chance_of_a_day_adds_up_to_that_of_a_year() -> None:
    chance = float(daily_chance(0.7))
    assert (1.0 - chance) ** 365.25 == pytest.approx(math.exp(-0.7))


def test_births_are_normal_in_the_age_of_the_mother() -> None:
    numbers = BirthParameters(per_woman=2.0, mean_age=30.0, sd_age=5.0)
    # 2 / (5 sqrt(2 pi)) = 0.15958 at the mean; e^-0.5 of it one standard deviation away.
    rates = birth_rates(np.array([30, 35, 14, 50]), numbers)
    assert rates.round(4).tolist() == [0.1596, 0.0968, 0.0, 0.0]


def test_the_risk_of_dying_doubles_in_seven_years() -> None:
    numbers = DeathParameters(factor=1.0, modal_age=88.0, growth=0.1)
    risk = death_rates(np.array([88, 81]), numbers)
    assert risk[0] == pytest.approx(0.1)
    assert risk[0] / risk[1] == pytest.approx(math.exp(0.7))
    # Survival to 65 is exp(-(H(65) - H(0))) with H(x) = exp(growth * (x - modal_age)).
    ages = np.arange(65)
    lived = math.exp(-float(death_rates(ages + 0, numbers).sum()))
    exact = math.exp(-(math.exp(-2.3) - math.exp(-8.8)))
    assert lived == pytest.approx(exact, abs=0.01)


def test_everybody_has_one_birthday_a_year() -> None:
    ids = np.arange(500)
    days = np.array([has_birthday(ids, day, seed=3) for day in range(1, 367)])
    assert days.sum(axis=0).tolist() == [1] * 500
    assert not days[365].any()


class TestByItself:
    def test_nothing_happens_unless_a_rate_is_raised(self) -> None:
        model = tiny_town_at(31)
        assert model.demography.is_at_rest
        for day in range(2, 30):
            model.demography.live_day(day)
        assert model.events().empty

    def test_all_kinds_of_events_happen_where_rates_are_high(self) -> None:
        """Days are passed over, so that months take no time; what is drawn is by day."""
        rates = {
            "births.per_woman": 12.0,
            "deaths.factor": 10.0,
            "marriages.per_1000": 1000.0,
            "marriages.separations_per_1000": 500.0,
            "working_life.changes_per_1000": 500.0,
            "moves_per_1000": 500.0,
            "arrivals_per_1000": 500.0,
            "departures_per_1000": 300.0,
        }
        model = raised_town({f"population.demography.{one}": rate for one, rate in rates.items()})
        for day in range(250):
            model.demography.live_day(day)
            if day % 50 == 0:
                assert_true(model)
        kinds = set(model.events()["event"])
        assert {"arrival", "departure", "birth", "death", "move", "job"} <= kinds
        assert {"marriage", "separation"} <= kinds
        assert_true(model)

    def test_it_repeats_exactly(self) -> None:
        rates = {**JAPAN_2020, "population.demography.arrivals_per_1000": 0.0}
        found = []
        for _ in range(2):
            model = raised_town(rates)
            for day in range(150):
                model.demography.live_day(day)
            found.append(model.events())
        assert found[0].equals(found[1])
        assert len(found[0])

    def test_one_person_more_changes_nothing_for_the_others(self) -> None:
        """Where nobody marries, what happens to a person depends on that person alone."""
        names = ("births.per_woman", "deaths.factor", "departures_per_1000")
        raised = {f"population.demography.{name}": 3.0 for name in names}
        raised["population.demography.departures_per_1000"] = 300.0
        events = []
        for more in (False, True):
            model = raised_town(raised)
            if more:
                model.move_in(model.demography.newcomers())
            strangers = {one.id for one in model.everybody[20:]}
            for day in range(250):
                model.demography.live_day(day)
            found = model.events()
            of_them = found["person"].isin(strangers)
            children = found["details"].isin([f"child of {one}" for one in strangers])
            mine = found[~of_them & ~children & ~found["person"].isin(found["person"][children])]
            events.append(mine.drop(columns="time").astype(str).to_numpy().tolist())
        assert events[0]
        assert events[0] == events[1]

    def test_it_happens_at_its_hour_whatever_the_length_of_a_step(self) -> None:
        for step_min in (5, 60):
            names = {"deaths.factor": 1.0, "deaths.modal_age": 30.0, "deaths.growth": 1.0}
            rates = {f"population.demography.{one}": value for one, value in names.items()}
            model = raised_town({**rates, "population.demography.hour_h": 2.0}, step_min)
            for _ in range(3 * 60 // step_min):
                model.step()
            assert set(model.events()["time"].dt.hour) == {2}
