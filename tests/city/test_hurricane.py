"""A hurricane: its wind by Holland (1980), its rain by R-CLIPER, its hours and warnings."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import pytest

from mesa_llm_city.city.environment import Environment
from mesa_llm_city.city.hurricane import (
    holland_wind,
    hurricane,
    rain_by_distance,
    storm_distance_km,
)
from mesa_llm_city.city.weather import SyntheticWeather
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.city import HurricaneParameters

PEAK = datetime.fromisoformat("2024-09-03 12:00")


def test_the_wind_is_strongest_at_its_radius_and_falls_off_as_in_the_paper() -> None:
    wind = holland_wind([40.0, 80.0, 20.0], max_wind_km_h=160.0, radius_km=40.0, shape=1.5)
    ratio = 0.5**1.5
    twice = 160.0 * math.sqrt(ratio * math.exp(1.0 - ratio))
    half = 160.0 * math.sqrt(1 / ratio * math.exp(1.0 - 1 / ratio))
    assert wind.tolist() == pytest.approx([160.0, twice, half])


def test_there_is_no_wind_in_the_centre() -> None:
    assert holland_wind(0.0, max_wind_km_h=160.0, radius_km=40.0, shape=1.5) == 0.0


def test_rain_rises_to_the_inner_radius_and_then_decays() -> None:
    # 68 knots: a strength of 2; centre 6.82, peak 8.0 inches a day, 38.5 km and 118 km.
    rain = rain_by_distance([0.0, 38.5, 156.5], max_wind_km_h=68 * 1.852)
    assert rain.tolist() == pytest.approx(
        [one * 25.4 / 24 for one in (6.82, 8.0, 8.0 * math.exp(-1))]
    )


def test_the_centre_moves_along_a_line() -> None:
    assert storm_distance_km([-4.0, 0.0], passes_km=60.0, speed_km_h=20.0).tolist() == [100.0, 60.0]


def test_the_storm_is_symmetric_around_its_peak() -> None:
    storm = hurricane(PEAK)
    for hours in (3, 9):
        before, after = (storm.at(PEAK + timedelta(hours=one)) for one in (-hours, hours))
        assert (before.wind_km_h, before.rain_mm_h) == (after.wind_km_h, after.rain_mm_h)


def test_the_warning_comes_before_the_storm_and_ends_after_the_last_gale() -> None:
    storm = hurricane(PEAK, HurricaneParameters(warned_h=12))
    levels = [storm.at(PEAK + timedelta(hours=one)).warning for one in (-24, -12, 0, 24)]
    assert levels[:3] == [2, 4, 4]
    gales = [one for one in range(25) if storm.at(PEAK + timedelta(hours=one)).wind_km_h >= 63.0]
    assert storm.at(PEAK + timedelta(hours=max(gales))).warning == 4
    if max(gales) < 24:
        assert storm.at(PEAK + timedelta(hours=max(gales) + 1)).warning == 0


def test_other_weather_holds_before_and_after_and_its_temperature_throughout() -> None:
    usual = SyntheticWeather(seed=3)
    world = Environment(weather=usual).with_episode(hurricane(PEAK))
    assert world.weather_at(PEAK - timedelta(hours=30)) == usual.at(PEAK - timedelta(hours=30))
    assert world.weather_at(PEAK).temperature_c == usual.at(PEAK).temperature_c
    assert world.weather_at(PEAK).wind_km_h > 120.0


def test_a_change_of_climate_reaches_the_usual_weather_under_an_episode() -> None:
    warm = CityParameters().with_({"city.weather.temperature_c": {9: 30.0}})
    world = Environment(weather=SyntheticWeather(seed=3)).with_episode(hurricane(PEAK))
    changed = world.under(warm.city, CityParameters().city)
    assert changed.weather_at(PEAK).temperature_c > world.weather_at(PEAK).temperature_c
    assert changed.weather_at(PEAK).wind_km_h == world.weather_at(PEAK).wind_km_h
