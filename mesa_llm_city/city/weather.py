"""The weather: a seeded synthetic climate, or a table of measurements."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import cos, pi
from typing import Protocol

import numpy as np

from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float, Weather
from mesa_llm_city.parameters.city import WeatherParameters

__all__ = [
    "COLDEST_C",
    "HEAVIEST_MM_H",
    "HIGHEST_WARNING",
    "STRONGEST_KM_H",
    "WARMEST_C",
    "SyntheticWeather",
    "WeatherEpisode",
    "WeatherSource",
    "WeatherTable",
    "rain_per_wet_hour",
    "wet_day_share",
]

COLDEST_C, WARMEST_C = -90.0, 60.0
"""Air temperatures beyond those ever measured (WMO archive: -89.2 and 56.7 C), so that kelvins
and most degrees Fahrenheit of summers are noticed."""

HEAVIEST_MM_H = 500.0
"""More rain than has ever been measured in an hour (WMO archive: 305 mm)."""

STRONGEST_KM_H = 410.0
"""More wind than has ever been measured near the ground (WMO archive: a gust of 408 km/h)."""

HIGHEST_WARNING = 4
"""The highest level of an official warning."""

_DEFECTS_SHOWN = 10

_MONTHS = range(1, 13)
_YEAR_DAYS = 365.25
_DAY_H = 24
_MID_MONTH = np.array([15.5, 45, 74.5, 105, 135.5, 166, 196.5, 227.5, 258, 288.5, 319, 349.5])
_DEFAULTS = WeatherParameters()


class WeatherSource(Protocol):
    """Anything that knows the weather of a moment."""

    def at(self, moment: datetime) -> Weather:
        """Return the weather of the hour that holds `moment`."""


def wet_day_share(climate: WeatherParameters, month: int) -> float:
    """Return the share of wet days in a month (1 to 12).

    Rain of the month over the rain of a wet day, at most `most_wet_days`; beyond that rain
    is heavier (see `rain_per_wet_hour`).

    Examples
    --------
    >>> round(wet_day_share(WeatherParameters(), 1), 2)
    0.16
    """
    wet_days = climate.rain_mm[month] / (climate.spell_h * climate.spell_mm_h)
    return min(climate.most_wet_days, wet_days * len(_MONTHS) / _YEAR_DAYS)


def rain_per_wet_hour(climate: WeatherParameters, month: int) -> float:
    """Return the mean rain of a wet hour in a month, in mm/h."""
    wet_hours = wet_day_share(climate, month) * climate.spell_h * _YEAR_DAYS / len(_MONTHS)
    return climate.rain_mm[month] / wet_hours if wet_hours else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticWeather:
    """Weather drawn from a climate; a date has the same weather whatever is asked first.

    Parameters
    ----------
    seed : int, default 0
        Seed of the run.
    climate : WeatherParameters, optional
        Monthly figures from which days are drawn; a mild climate with rain all year by
        default. A city replaces the default by ``city.weather`` of its parameters.

    Examples
    --------
    >>> noon = datetime(2024, 7, 1, 12)
    >>> SyntheticWeather(seed=7).at(noon) == SyntheticWeather(seed=7).at(noon)
    True
    """

    seed: int = 0
    climate: WeatherParameters = _DEFAULTS
    _days: dict[date, tuple[Weather, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def at(self, moment: datetime) -> Weather:
        """Return the weather of the hour that holds `moment`."""
        day = moment.date()
        hours = self._days.get(day)
        if hours is None:
            hours = self._days[day] = _synthetic_day(self.seed, self.climate, day)
        return hours[moment.hour]


def _synthetic_day(seed: int, climate: WeatherParameters, day: date) -> tuple[Weather, ...]:
    """Draw the 24 hours of a date."""
    rng = streams.rng(seed, 0, "weather", day.toordinal())
    mean_c = _normal_c(climate, day) + rng.normal(0.0, climate.spread_c)
    rain = _rain(climate, day.month, rng)
    half = climate.daily_range_c / 2.0
    return tuple(
        Weather(
            temperature_c=round(
                mean_c + half * cos(2 * pi * (hour - climate.warmest_h) / _DAY_H), 1
            ),
            rain_mm_h=round(float(rain[hour]), 1),
            wet_above_mm_h=climate.wet_above_mm_h,
        )
        for hour in range(_DAY_H)
    )


def _normal_c(climate: WeatherParameters, day: date) -> float:
    """Return the usual temperature of a date: monthly means joined by lines."""
    nth = day.timetuple().tm_yday
    by_month = [climate.temperature_c[month] for month in _MONTHS]
    return float(np.interp(nth, _MID_MONTH, by_month, period=_YEAR_DAYS))


def _rain(climate: WeatherParameters, month: int, rng: np.random.Generator) -> Float:
    """Draw the rain of 24 hours: on a wet day, one spell of some hours."""
    rain = np.zeros(_DAY_H)
    if rng.random() >= wet_day_share(climate, month):
        return rain
    hours = min(int(rng.geometric(1.0 / climate.spell_h)), _DAY_H)
    start = int(rng.integers(_DAY_H - hours + 1))
    shape = climate.rain_shape
    rain[start : start + hours] = rng.gamma(
        shape, rain_per_wet_hour(climate, month) / shape, size=hours
    )
    return rain


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherTable:
    """Measured weather: each row holds until the next one.

    Parameters
    ----------
    times : tuple of datetime.datetime
        Naive local times, each later than the one before.
    weather : tuple of Weather
        The weather from each time on.
    hold : datetime.timedelta, default 3 hours
        How long a row holds if no other follows (``city.weather.hold_h`` of the parameters).

    Raises
    ------
    DataError
        If there is no row, times do not rise or are no naive times, temperatures lie
        outside -90 to 60 C, rain outside 0 to 500 mm/h, wind outside 0 to 410 km/h or a warning
        outside 0 to 4; it lists ten defects at most.

    Examples
    --------
    >>> table = WeatherTable(times=(datetime(2024, 4, 1),), weather=(Weather(temperature_c=9.0),))
    >>> table.at(datetime(2024, 4, 1, 0, 30)).temperature_c
    9.0
    """

    times: tuple[datetime, ...]
    weather: tuple[Weather, ...]
    hold: timedelta = timedelta(hours=_DEFAULTS.hold_h)

    def __post_init__(self) -> None:
        """Check every row."""
        if defects := [*self._defects()]:
            more = len(defects) - _DEFECTS_SHOWN
            listed = defects[:_DEFECTS_SHOWN] + ([f"... and {more} more"] if more > 0 else [])
            source = "the table of weather"
            raise DataError.listing(source, listed)

    def _defects(self) -> Iterator[str]:
        times: tuple[object, ...] = self.times
        if len(self.times) != len(self.weather):
            yield f"{len(self.times)} times but {len(self.weather)} rows of weather; give as many"
        elif not self.times:
            yield "there is no row; give one per hour"
        elif not all(map(_is_naive, times)):
            yield from _no_naive_times(times)
        else:
            for row, (earlier, later) in enumerate(pairwise(self.times), start=2):
                if not later > earlier:
                    yield f"row {row}: {later} is not later than {earlier}; sort by time, keep one"
        for row, one in enumerate(self.weather, start=1):
            yield from (f"row {row}: {defect}" for defect in _impossible(one))

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
            problem = f"the weather table has no row for {moment}; it covers {span}"
            message = f"{problem}, gaps up to {self.hold}; give more rows, or run within that time"
            raise DataError(message)
        return self.weather[row]

    def check_covers(self, begin: datetime, end: datetime) -> None:
        """Check that there is weather from `begin` up to `end`, which is not included.

        Raises
        ------
        DataError
            Names the first moment for which there is none.
        """
        moment = begin
        while moment < end:
            self.at(moment)
            row = bisect_right(self.times, moment) - 1
            moment = min([self.times[row] + self.hold, *self.times[row + 1 : row + 2]])

    def under(self, climate: WeatherParameters) -> WeatherTable:
        """Return the same measurements with other parameters.

        They say when it is wet, and how long a row holds.

        Examples
        --------
        >>> table = WeatherTable(times=(datetime(2024, 4, 1),), weather=(Weather(rain_mm_h=0.2),))
        >>> table.under(WeatherParameters(wet_above_mm_h=0.5)).at(datetime(2024, 4, 1)).is_wet
        False
        """
        above = climate.wet_above_mm_h
        return replace(
            self,
            weather=tuple(replace(one, wet_above_mm_h=above) for one in self.weather),
            hold=timedelta(hours=climate.hold_h),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherEpisode:
    """Weather of some hours or days, such as a storm, and the usual weather before and after.

    Parameters
    ----------
    during : WeatherTable
        The weather while it lasts: from its first row until its last one no longer holds.
    usual : WeatherSource
        The weather at all other times; its temperature holds throughout, unless
        `own_temperature`.
    own_temperature : bool, default False
        Whether `during` has the temperature as well.

    Examples
    --------
    >>> gale = WeatherTable(times=(datetime(2024, 4, 2, 12),), weather=(Weather(wind_km_h=80.0),))
    >>> episode = WeatherEpisode(during=gale, usual=SyntheticWeather(seed=7))
    >>> episode.at(datetime(2024, 4, 2, 13)).wind_km_h, episode.at(datetime(2024, 4, 2)).wind_km_h
    (80.0, 0.0)
    """

    during: WeatherTable
    usual: WeatherSource
    own_temperature: bool = False

    def at(self, moment: datetime) -> Weather:
        """Return the weather of `moment`."""
        begin, end = self.during.times[0], self.during.times[-1] + self.during.hold
        if not begin <= moment < end:
            return self.usual.at(moment)
        found = self.during.at(moment)
        if self.own_temperature:
            return found
        return replace(found, temperature_c=self.usual.at(moment).temperature_c)


def _is_naive(time: object) -> bool:
    return isinstance(time, datetime) and time.tzinfo is None


def _no_naive_times(times: tuple[object, ...]) -> Iterator[str]:
    for row, time in enumerate(times, start=1):
        if not _is_naive(time):
            yield f"row {row}: {time!r} is no datetime without a time zone; give local time"


def _impossible(weather: Weather) -> Iterator[str]:
    """Yield what no weather can be; a comparison with NaN is false."""
    for name, value, low, high, unit in (
        ("temperature_c", weather.temperature_c, COLDEST_C, WARMEST_C, "C"),
        ("rain_mm_h", weather.rain_mm_h, 0.0, HEAVIEST_MM_H, "mm/h"),
        ("wind_km_h", weather.wind_km_h, 0.0, STRONGEST_KM_H, "km/h"),
        ("warning", weather.warning, 0, HIGHEST_WARNING, "(level of the warning)"),
    ):
        if not _is_within(value, low, high):
            yield f"{name} must be a number from {low:g} to {high:g} {unit}, got {value!r}"


def _is_within(value: object, low: float, high: float) -> bool:
    return isinstance(value, float | int | np.number) and bool(low <= value <= high)
