"""The weather: a seeded synthetic climate, or a table of measurements."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import cos, pi
from typing import Protocol

import numpy as np

from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float, Weather

__all__ = ["Climate", "SyntheticWeather", "WeatherSource", "WeatherTable"]

_MONTHS = 12
_DAY_H = 24
_MID_MONTH = np.array([15.5, 45, 74.5, 105, 135.5, 166, 196.5, 227.5, 258, 288.5, 319, 349.5])


class WeatherSource(Protocol):
    """What tells the weather of a moment."""

    def at(self, moment: datetime) -> Weather:
        """Return the weather of the hour that holds `moment`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Climate:
    """Monthly figures from which days are drawn.

    Parameters
    ----------
    temperature_c : tuple of 12 floats
        Mean air temperature of each month. By default those of Tokyo 1991 to 2020,
        rounded to whole degrees [1]_.
    rain_mm : tuple of 12 floats
        Rain of each month. By default Tokyo's, rounded to 5 mm [1]_.
    daily_range_c : float, default 8
        Difference between afternoon and early morning (assumption).
    spread_c : float, default 2.5
        Standard deviation of a day's mean about its month (assumption).
    spell_h : float, default 6
        Mean length of the rain on a wet day (assumption).
    spell_mm_h : float, default 2
        Mean rain per wet hour; wetter months have more wet days, up to 4 in 10,
        and beyond that heavier rain (assumption).

    References
    ----------
    .. [1] Japan Meteorological Agency, Climatological normals 1991-2020, Tokyo.
       https://www.data.jma.go.jp/stats/etrn/
    """

    temperature_c: tuple[float, ...] = (5, 6, 9, 14, 19, 22, 26, 27, 23, 18, 13, 8)
    rain_mm: tuple[float, ...] = (60, 55, 115, 135, 140, 170, 155, 155, 225, 235, 95, 60)
    daily_range_c: float = 8.0
    spread_c: float = 2.5
    spell_h: float = 6.0
    spell_mm_h: float = 2.0

    def __post_init__(self) -> None:
        """Check that there are twelve months, and no negative rain."""
        for name in ("temperature_c", "rain_mm"):
            if len(getattr(self, name)) != _MONTHS:
                message = f"{name} has {len(getattr(self, name))} entries; give one per month, 12"
                raise ConfigError(message)
        if min(*self.rain_mm, self.daily_range_c, self.spread_c) < 0:
            message = "rain_mm, daily_range_c and spread_c must not be negative"
            raise ConfigError(message)
        if self.spell_h < 1 or self.spell_mm_h <= 0:
            message = f"spell_h must be at least 1 and spell_mm_h above 0, got {self.spell_h}, "
            raise ConfigError(message + f"{self.spell_mm_h}")

    def wet_day_share(self, month: int) -> float:
        """Return the share of wet days in a month (1 to 12), at most 0.4.

        Examples
        --------
        >>> round(Climate().wet_day_share(1), 2)
        0.16
        """
        wet_days = self.rain_mm[month - 1] / (self.spell_h * self.spell_mm_h)
        return min(0.4, wet_days * _MONTHS / 365.25)

    def rain_per_wet_hour(self, month: int) -> float:
        """Return the mean rain of a wet hour in a month, in mm/h."""
        wet_hours = self.wet_day_share(month) * self.spell_h * 365.25 / _MONTHS
        return self.rain_mm[month - 1] / wet_hours if wet_hours else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticWeather:
    """Weather drawn from a climate: each date has its own luck, whatever is asked first.

    Parameters
    ----------
    seed : int, default 0
        Seed of the run.
    climate : Climate, optional
        Monthly figures; a mild one with rain all year by default.

    Examples
    --------
    >>> noon = datetime(2024, 7, 1, 12)
    >>> SyntheticWeather(seed=7).at(noon) == SyntheticWeather(seed=7).at(noon)
    True
    """

    seed: int = 0
    climate: Climate = Climate()

    def at(self, moment: datetime) -> Weather:
        """Return the weather of the hour that holds `moment`."""
        day = _synthetic_day(self.seed, self.climate, moment.date())
        return day[moment.hour]


@lru_cache(maxsize=1024)
def _synthetic_day(seed: int, climate: Climate, day: date) -> tuple[Weather, ...]:
    """Draw the 24 hours of a date."""
    luck = streams.rng(seed, 0, "weather", day.toordinal())
    mean_c = _normal_c(climate, day) + luck.normal(0.0, climate.spread_c)
    rain = _rain(climate, day.month, luck)
    half = climate.daily_range_c / 2.0
    return tuple(
        Weather(
            # Warmest at 14 h.
            temperature_c=round(mean_c + half * cos(2 * pi * (hour - 14) / _DAY_H), 1),
            rain_mm_h=round(float(rain[hour]), 1),
        )
        for hour in range(_DAY_H)
    )


def _normal_c(climate: Climate, day: date) -> float:
    """Return the usual temperature of a date: monthly means joined by lines."""
    nth = day.timetuple().tm_yday
    return float(np.interp(nth, _MID_MONTH, climate.temperature_c, period=365.25))


def _rain(climate: Climate, month: int, luck: np.random.Generator) -> Float:
    """Draw the rain of 24 hours: on a wet day, one spell of some hours."""
    rain = np.zeros(_DAY_H)
    if luck.random() >= climate.wet_day_share(month):
        return rain
    hours = min(int(luck.geometric(1.0 / climate.spell_h)), _DAY_H)
    start = int(luck.integers(_DAY_H - hours + 1))
    # Skewed, so that most wet hours are light and a few heavy.
    shape = 0.8
    rain[start : start + hours] = luck.gamma(
        shape, climate.rain_per_wet_hour(month) / shape, size=hours
    )
    return rain


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherTable:
    """Measured weather: each row holds until the next one.

    Parameters
    ----------
    times : tuple of datetime.datetime
        Naive local times, rising.
    weather : tuple of Weather
        The weather from each time on.
    hold : datetime.timedelta, default 3 hours
        How long the last row holds.

    Examples
    --------
    >>> table = WeatherTable(times=(datetime(2024, 4, 1),), weather=(Weather(temperature_c=9.0),))
    >>> table.at(datetime(2024, 4, 1, 0, 30)).temperature_c
    9.0
    """

    times: tuple[datetime, ...]
    weather: tuple[Weather, ...]
    hold: timedelta = timedelta(hours=3)

    def at(self, moment: datetime) -> Weather:
        """Return the weather of `moment`.

        Raises
        ------
        DataError
            If the table does not cover the moment.
        """
        row = bisect_right(self.times, moment) - 1
        if row < 0 or moment - self.times[row] >= self.hold:
            span = f"{self.times[0]} to {self.times[-1] + self.hold}"
            told = f"the weather table tells nothing about {moment}; it covers {span}"
            message = f"{told}, gaps up to {self.hold}; give more rows"
            raise DataError(message)
        return self.weather[row]
