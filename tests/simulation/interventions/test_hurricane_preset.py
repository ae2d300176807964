"""A hurricane as interventions: its warnings and closings fit the hours of its weather."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import pytest

from mesa_llm_city import City, CityModel
from mesa_llm_city.city.hurricane import hurricane
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters.city import HurricaneParameters
from mesa_llm_city.simulation.interventions import hurricane_interventions

PEAK = datetime.fromisoformat("2024-04-01 15:00")
SHORT = HurricaneParameters(lasts_h=12, warned_h=6, max_wind_km_h=200.0)


@cache
def stormy_town() -> City:
    city = City.synthetic(rng=1, places=300)
    city.environment = city.environment.with_episode(hurricane(PEAK, SHORT))
    return city


def test_people_are_warned_stay_in_and_are_told_that_it_is_over() -> None:
    given = hurricane_interventions(PEAK, clock=Clock(), parameters=SHORT)
    warning, clear = given
    assert (warning.time, warning.danger) == (9 * 60, 1.0)  # type: ignore[attr-defined]
    assert clear.time == warning.until == 22 * 60  # type: ignore[attr-defined]


def test_kinds_of_place_close_while_there_is_a_gale() -> None:
    given = hurricane_interventions(
        PEAK, clock=Clock(), parameters=SHORT, closed_kinds=["amenity=school"]
    )
    closing = given[1]
    assert (closing.kind, closing.time, closing.end) == ("close", 9 * 60, 22 * 60)  # type: ignore[attr-defined]


def test_fewer_people_are_out_in_the_storm_than_on_a_usual_day() -> None:
    trips = []
    for city, given in (
        (City.synthetic(rng=1, places=300), ()),
        (stormy_town(), hurricane_interventions(PEAK, clock=Clock(), parameters=SHORT)),
    ):
        model = CityModel(city, 16, rng=7, interventions=given)
        while model.minute < 22 * 60:
            model.step()
        rows = model.trips()
        late = rows["start"] >= "2024-04-01 12:00"
        home = rows["purpose"].isin([Purpose.REST, Purpose.SLEEP])
        trips.append(int((late & ~home).sum()))
    usual, stormy = trips
    assert stormy < 0.6 * usual


def test_a_hurricane_that_is_none_and_one_before_the_run_are_refused() -> None:
    weak = HurricaneParameters(max_wind_km_h=50.0)
    with pytest.raises(ConfigError, match="never reaches a gale"):
        hurricane_interventions(PEAK, clock=Clock(), parameters=weak)
    with pytest.raises(ConfigError, match="begins before the run"):
        hurricane_interventions(PEAK, clock=Clock())
