"""The environment: weather from outside the model, and events at places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING

from mesa_llm_city.city.weather import (
    SyntheticWeather,
    WeatherEpisode,
    WeatherSource,
    WeatherTable,
)
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Weather
from mesa_llm_city.parameters.city import UrbanParameters, WeatherParameters

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["Environment", "Event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that draws people to a place for a time, or closes it.

    Parameters
    ----------
    name : str
        Its name, as people hear it.
    place : int
        Id of the place.
    start_min, end_min : int
        From (inclusive) and to (exclusive), in minutes since the start of the run.
    boost : float, optional
        Factor on the weight of the place while it lasts; by default
        ``city.events.boost`` of the parameters of the city.
    closes : bool, default False
        Whether the place is closed while it lasts, for visits, work, school and home; a model
        treats it as an intervention of the kind ``close``.

    Raises
    ------
    ConfigError
        If place or minutes are no whole numbers, it ends before it starts, or the boost is
        negative or no number.

    Examples
    --------
    >>> fair = Event(name="spring fair", place=4, start_min=600, end_min=960)
    >>> fair.is_on(700)
    True
    """

    name: str
    place: int
    start_min: int
    end_min: int
    boost: float | None = None
    closes: bool = False

    def __post_init__(self) -> None:
        """Check that it lasts."""
        for name in ("place", "start_min", "end_min"):
            value = getattr(self, name)
            if not isinstance(value, Integral) or isinstance(value, bool):
                message = f"event {self.name!r} has {name} {value!r}; use a whole number"
                raise ConfigError(message)
        if self.end_min <= self.start_min:
            problem = f"{self.name!r} ends at minute {self.end_min}, but starts at {self.start_min}"
            message = f"event {problem}; give an end after its start"
            raise ConfigError(message)
        if self.boost is not None and not _is_factor(self.boost):
            message = f"event {self.name!r} has boost {self.boost!r}; use 0 or more, 1 for none"
            raise ConfigError(message)

    def is_on(self, minute: int) -> bool:
        """Return whether it goes on at `minute`."""
        return self.start_min <= minute < self.end_min


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Weather and events, which nobody in the city decides.

    Parameters
    ----------
    weather : WeatherSource, optional
        Anything with ``at(moment) -> Weather``; seeded synthetic weather by default.
    events : tuple of Event, optional
        Events at places, in any order.
    usual_boost : float, default 3
        Factor on the weight of a place with an event that has none of its own; a city sets
        it to ``city.events.boost`` of its parameters.

    Raises
    ------
    ConfigError
        If `weather` has no method ``at``.

    Examples
    --------
    >>> world = Environment(events=(Event(name="fair", place=4, start_min=0, end_min=60),))
    >>> [event.name for event in world.events_at(30)]
    ['fair']
    """

    weather: WeatherSource = field(default_factory=SyntheticWeather)
    events: tuple[Event, ...] = ()
    usual_boost: float = UrbanParameters().events.boost

    def __post_init__(self) -> None:
        """Check that the weather can be asked for."""
        if not callable(getattr(self.weather, "at", None)):
            problem = f"weather must have a method at(moment) -> Weather, got {self.weather!r}"
            message = f"{problem}; read a table of weather with Environment.from_table"
            raise ConfigError(message)

    @classmethod
    def synthetic(
        cls,
        seed: int = 0,
        *,
        climate: WeatherParameters | None = None,
        events: Iterable[Event] = (),
    ) -> Environment:
        """Return an environment with seeded weather of a climate."""
        figures = WeatherParameters() if climate is None else climate
        source = SyntheticWeather(seed=seed, climate=figures)
        return cls(weather=source, events=tuple(events))

    @classmethod
    def from_table(
        cls, path: str | Path | DataFrame, *, events: Iterable[Event] = ()
    ) -> Environment:
        """Read measured weather.

        Parameters
        ----------
        path : str, pathlib.Path or pandas.DataFrame
            CSV or Parquet, or the table itself, with the columns time (naive local),
            temperature_c and rain_mm_h, and, if they are known, wind_km_h and warning (level
            of an official warning, 0 to 4), sorted by time; each row holds until the next, at
            most 3 hours by default.
        events : iterable of Event, optional
            Events of the run.

        Raises
        ------
        ConfigError
            If it is none of these.
        DataError
            Lists every missing column, every time that is unreadable or not later than the
            one above it, and every number that is none or impossible.
        """
        # Deferred, because reading tables loads pandas.
        from mesa_llm_city.city.loading.weather import read_weather

        return cls(weather=read_weather(path), events=tuple(events))

    def with_episode(self, during: WeatherTable, *, own_temperature: bool = False) -> Environment:
        """Return an environment with other weather for some time, such as a hurricane.

        Parameters
        ----------
        during : WeatherTable
            The weather while it lasts (see `hurricane`).
        own_temperature : bool, default False
            Whether `during` has the temperature as well; else it is the usual one.

        Examples
        --------
        >>> from mesa_llm_city.city.hurricane import hurricane
        >>> storm = Environment().with_episode(hurricane(datetime(2024, 4, 3, 12)))
        >>> round(storm.weather_at(datetime(2024, 4, 3, 12)).wind_km_h)
        148
        """
        episode = WeatherEpisode(during=during, usual=self.weather, own_temperature=own_temperature)
        return replace(self, weather=episode)

    def weather_at(self, moment: datetime) -> Weather:
        """Return the weather at a naive local date and time (see `Clock.at`)."""
        return self.weather.at(moment)

    def check_covers(self, begin: datetime, end: datetime) -> None:
        """Check that a table of weather has rows for a span of time; other sources are not asked.

        Raises
        ------
        DataError
            Names the first moment without weather.
        """
        if isinstance(self.weather, WeatherTable):
            self.weather.check_covers(begin, end)

    def events_at(self, minute: int) -> tuple[Event, ...]:
        """Return the events that go on at a minute of the run, in their order."""
        return tuple(event for event in self.events if event.is_on(minute))

    def boost_of(self, event: Event) -> float:
        """Return the factor on the weight of the place of an event; 0 while it is closed.

        Examples
        --------
        >>> fair = Event(name="fair", place=4, start_min=0, end_min=60)
        >>> Environment(events=(fair,)).boost_of(fair)
        3.0
        """
        if event.closes:
            return 0.0
        return self.usual_boost if event.boost is None else event.boost

    def under(self, parameters: UrbanParameters, instead_of: UrbanParameters) -> Environment:
        """Return the environment of a city whose parameters change.

        Synthetic weather takes the new climate, unless it was made with a climate of its
        own; weather of any other source stays as it is.

        Parameters
        ----------
        parameters, instead_of : UrbanParameters
            Parameters ``city`` after and before the change.
        """
        boost = parameters.events.boost
        return replace(
            self, weather=_under(self.weather, parameters, instead_of), usual_boost=boost
        )


def _is_factor(value: object) -> bool:
    return isinstance(value, Real) and 0.0 <= float(value) < inf


def _under(weather: WeatherSource, new: UrbanParameters, old: UrbanParameters) -> WeatherSource:
    if isinstance(weather, WeatherTable):
        return weather.under(new.weather)
    if isinstance(weather, WeatherEpisode):
        during, usual = weather.during.under(new.weather), _under(weather.usual, new, old)
        return replace(weather, during=during, usual=usual)
    if isinstance(weather, SyntheticWeather) and weather.climate == old.weather:
        return replace(weather, climate=new.weather)
    return weather
