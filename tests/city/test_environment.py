"""The environment: weather and events."""

from __future__ import annotations

import pickle
from datetime import datetime
from typing import Any

import pytest

from mesa_llm_city.city.environment import Environment, Event
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Weather
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.city import UrbanParameters, WeatherParameters

FAIR = Event(name="spring fair", place=4, start_min=600, end_min=960)


def test_an_event_is_on_from_its_start_until_before_its_end() -> None:
    world = Environment(events=(FAIR,))
    on = [minute for minute in (599, 600, 959, 960) if world.events_at(minute)]
    assert on == [600, 959]


def test_any_object_with_weather_at_a_moment_can_be_used() -> None:
    class Fog:
        def at(self, moment: datetime) -> Weather:
            return Weather(temperature_c=float(moment.hour))

    world = Environment(weather=Fog())
    assert world.weather_at(datetime.fromisoformat("2024-04-01 07:00")).temperature_c == 7.0


def test_synthetic_weather_depends_on_seed_and_climate_and_survives_pickling() -> None:
    world = Environment.synthetic(4, climate=WeatherParameters(spread_c=0.0), events=[FAIR])
    again = pickle.loads(pickle.dumps(world))
    moment = datetime.fromisoformat("2024-04-01 07:00")
    assert again.weather_at(moment) == world.weather_at(moment)
    assert again.events == (FAIR,)


def test_an_event_without_length_or_with_a_negative_boost_is_refused() -> None:
    with pytest.raises(ConfigError, match="ends at minute 5, but starts at 5"):
        Event(name="x", place=0, start_min=5, end_min=5)
    with pytest.raises(ConfigError, match="boost -1"):
        Event(name="x", place=0, start_min=5, end_min=6, boost=-1.0)


class TestParameters:
    usual = UrbanParameters()
    other = CityParameters(city={"weather": {"rain_mm": {4: 0.0}}, "events": {"boost": 5.0}}).city

    def test_synthetic_weather_takes_the_climate_of_the_city(self) -> None:
        changed = Environment.synthetic(4).under(self.other, instead_of=self.usual)
        assert changed.weather.climate == self.other.weather  # type: ignore[attr-defined]

    def test_a_climate_of_its_own_stays(self) -> None:
        desert = WeatherParameters(spread_c=0.0)
        world = Environment.synthetic(4, climate=desert)
        changed = world.under(self.other, instead_of=self.usual)
        assert changed.weather == world.weather

    def test_an_event_without_a_boost_has_that_of_the_city(self) -> None:
        world = Environment(events=(FAIR,)).under(self.other, instead_of=self.usual)
        assert world.boost_of(FAIR) == 5.0
        assert world.boost_of(Event(name="x", place=0, start_min=0, end_min=1, boost=2.0)) == 2.0

    def test_nobody_is_drawn_to_a_closed_place(self) -> None:
        closed = Event(name="works", place=0, start_min=0, end_min=1, boost=2.0, closes=True)
        assert Environment().boost_of(closed) == 0.0


@pytest.mark.parametrize(
    "options", [{"start_min": "8"}, {"end_min": float("nan")}, {"place": 1.5}, {"boost": "high"}]
)
def test_an_event_without_whole_minutes_or_a_factor_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=f"event 'fair' has {next(iter(options))}"):
        Event(**{"name": "fair", "place": 1, "start_min": 0, "end_min": 60, **options})


def test_weather_that_cannot_be_asked_for_is_refused() -> None:
    with pytest.raises(ConfigError, match="read a table of weather with"):
        Environment(weather="weather.csv")  # type: ignore[arg-type]
