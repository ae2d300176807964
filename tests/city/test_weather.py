"""Weather: drawn from a climate by date, or read from a table without guesses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from mesa_llm_city.city.weather import SyntheticWeather, WeatherTable, rain_per_wet_hour
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Weather
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.city import WeatherParameters

MAY = [datetime.fromisoformat(f"2024-05-{day:02d} 12:00") for day in range(1, 29)]


def climate_with(**figures: object) -> WeatherParameters:
    return CityParameters(city={"weather": figures}).city.weather


class TestSynthetic:
    def test_a_date_has_the_same_weather_whatever_was_asked_before(self) -> None:
        noon, other = (
            datetime.fromisoformat("2024-05-03 12:00"),
            datetime.fromisoformat("2024-09-01 03:00"),
        )
        first, second = SyntheticWeather(seed=5), SyntheticWeather(seed=5)
        first.at(other)
        assert first.at(noon) == second.at(noon)

    def test_another_seed_has_other_weather(self) -> None:
        days = MAY
        one, two = SyntheticWeather(seed=1), SyntheticWeather(seed=2)
        assert [one.at(day) for day in days] != [two.at(day) for day in days]

    def test_afternoons_are_warmer_than_early_mornings(self) -> None:
        source = SyntheticWeather()
        day = datetime.fromisoformat("2024-05-03 00:00")
        warm, cold = source.at(day.replace(hour=14)), source.at(day.replace(hour=2))
        assert warm.temperature_c - cold.temperature_c == pytest.approx(8.0, abs=0.11)

    def test_many_years_have_the_temperature_and_the_rain_of_the_climate(self) -> None:
        climate = WeatherParameters()
        source = SyntheticWeather(seed=3, climate=climate)
        hours = [
            source.at(datetime.fromisoformat(f"{year}-{month:02d}-{day:02d} {hour:02d}:00"))
            for year in range(1990, 2010)
            for month in (1, 7)
            for day in range(1, 29)
            for hour in range(24)
        ]
        for row, month in enumerate((1, 7)):
            chosen = np.array(hours).reshape(20, 2, 28 * 24)[:, row].ravel()
            warmth = np.mean([weather.temperature_c for weather in chosen])
            rain = np.sum([weather.rain_mm_h for weather in chosen]) / 20 * 31 / 28
            assert warmth == pytest.approx(climate.temperature_c[month], abs=1.0)
            assert rain == pytest.approx(climate.rain_mm[month], rel=0.25)

    def test_a_desert_is_dry(self) -> None:
        desert = SyntheticWeather(climate=climate_with(rain_mm=dict.fromkeys(range(1, 13), 0.0)))
        days = [desert.at(moment) for moment in MAY]
        assert not any(weather.is_wet for weather in days)

    def test_a_month_that_is_given_replaces_that_month_alone(self) -> None:
        climate = climate_with(rain_mm={6: 300})
        assert (climate.rain_mm[6], climate.rain_mm[7]) == (300, 155)

    def test_impossible_figures_are_refused(self) -> None:
        for figures in ({"temperature_c": {13: 5.0}}, {"rain_mm": {1: -1.0}}, {"spell_h": 0.5}):
            with pytest.raises(ConfigError):
                climate_with(**figures)

    def test_beyond_the_greatest_share_of_wet_days_rain_is_heavier(self) -> None:
        # 225 mm fall on 0.4 x 30.4375 days of 6 hours each: 73.05 wet hours.
        assert rain_per_wet_hour(WeatherParameters(), 9) == pytest.approx(225 / 73.05)

    def test_from_how_much_rain_it_is_wet_is_a_parameter(self) -> None:
        calm = WeatherParameters(wet_above_mm_h=1000.0)
        days = [SyntheticWeather(climate=calm).at(moment) for moment in MAY]
        assert any(weather.rain_mm_h > 0 for weather in days)
        assert not any(weather.is_wet for weather in days)


class TestTable:
    start = datetime.fromisoformat("2024-04-01 00:00")
    table = WeatherTable(
        times=(start, start + timedelta(hours=1)),
        weather=(Weather(temperature_c=9.0), Weather(temperature_c=8.0)),
    )

    def test_a_row_holds_until_the_next(self) -> None:
        assert self.table.at(datetime.fromisoformat("2024-04-01 00:59")).temperature_c == 9.0
        assert self.table.at(datetime.fromisoformat("2024-04-01 01:00")).temperature_c == 8.0

    @pytest.mark.parametrize(
        "moment",
        [datetime.fromisoformat("2024-03-31 23:00"), datetime.fromisoformat("2024-04-01 04:00")],
    )
    def test_a_moment_without_a_row_is_an_error(self, moment: datetime) -> None:
        with pytest.raises(DataError, match="has no row for"):
            self.table.at(moment)

    def test_a_span_is_covered_up_to_the_first_moment_without_a_row(self) -> None:
        self.table.check_covers(self.start, self.start + timedelta(hours=4))
        with pytest.raises(DataError, match="no row for 2024-04-01 04:00:00"):
            self.table.check_covers(self.start, self.start + timedelta(hours=4, minutes=5))
        with pytest.raises(DataError, match="no row for 2024-03-31 23:00:00"):
            self.table.check_covers(self.start - timedelta(hours=1), self.start)
        gap = WeatherTable(
            times=(self.start, self.start + timedelta(hours=5)), weather=self.table.weather
        )
        with pytest.raises(DataError, match="no row for 2024-04-01 03:00:00"):
            gap.check_covers(self.start, self.start + timedelta(hours=6))

    def test_how_long_a_row_holds_is_a_parameter(self) -> None:
        longer = self.table.under(WeatherParameters(hold_h=5.0))
        assert longer.at(datetime.fromisoformat("2024-04-01 05:59")).temperature_c == 8.0

    def test_rows_of_nonsense_are_listed(self) -> None:
        later = self.start + timedelta(hours=1)
        rows = (
            Weather(temperature_c=float("nan")),
            Weather(rain_mm_h=-1.0),
            Weather(temperature_c=float("inf"), rain_mm_h=float("nan")),
            Weather(temperature_c="warm"),  # type: ignore[arg-type]
        )
        with pytest.raises(DataError, match="has 7 defects") as caught:
            WeatherTable(times=(self.start, later, later, self.start), weather=rows)
        message = str(caught.value)
        assert "row 3: 2024-04-01 01:00:00 is not later than 2024-04-01 01:00:00" in message
        assert "row 4: 2024-04-01 00:00:00 is not later" in message
        assert "row 1: temperature_c must be a number from -90 to 60 C, got nan" in message
        assert "row 2: rain_mm_h must be a number from 0 to 500 mm/h, got -1.0" in message
        assert "row 4: temperature_c must be a number from -90 to 60 C, got 'warm'" in message

    def test_a_table_without_rows_or_with_other_times_is_refused(self) -> None:
        with pytest.raises(DataError, match="there is no row"):
            WeatherTable(times=(), weather=())
        with pytest.raises(DataError, match="1 times but 0 rows"):
            WeatherTable(times=(self.start,), weather=())
        aware = self.start.replace(tzinfo=UTC)
        for time in (aware, "2024-04-01"):
            with pytest.raises(DataError, match=r"row 1: .* is no datetime without a time zone"):
                WeatherTable(times=(time,), weather=(Weather(),))  # type: ignore[arg-type]

    def test_long_lists_of_defects_are_cut(self) -> None:
        times = tuple(self.start + timedelta(hours=hour) for hour in range(30))
        with pytest.raises(DataError, match=r"and 20 more"):
            WeatherTable(times=times, weather=(Weather(rain_mm_h=-1.0),) * 30)
