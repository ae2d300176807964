"""The environment: weather from outside the model, and events at places."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from mesa_llm_city.city.weather import Climate, SyntheticWeather, WeatherSource
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Weather

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Environment", "Event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that draws people to a place for a time, or closes it.

    Parameters
    ----------
    name : str
        What people hear of it.
    place : int
        Id of the place.
    start_min, end_min : int
        From (inclusive) and to (exclusive), in minutes since the start of the run.
    boost : float, default 3
        Factor on the weight of the place while it lasts (assumption).
    closes : bool, default False
        Whether the place cannot be visited meanwhile.

    Raises
    ------
    ConfigError
        If it ends before it starts, or the boost is negative.

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
    boost: float = 3.0
    closes: bool = False

    def __post_init__(self) -> None:
        """Check that it lasts."""
        if self.end_min <= self.start_min:
            told = f"{self.name!r} ends at minute {self.end_min}, but starts at {self.start_min}"
            message = f"event {told}; give an end after its start"
            raise ConfigError(message)
        if self.boost < 0:
            message = f"event {self.name!r} has boost {self.boost}; use 0 or more, 1 for no effect"
            raise ConfigError(message)

    def is_on(self, minute: int) -> bool:
        """Tell whether it goes on at `minute`."""
        return self.start_min <= minute < self.end_min


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the city does to people without their doing.

    Parameters
    ----------
    weather : WeatherSource, optional
        Anything with ``at(moment) -> Weather``; seeded synthetic weather by default.
    events : tuple of Event, optional
        In any order.

    Examples
    --------
    >>> world = Environment(events=(Event(name="fair", place=4, start_min=0, end_min=60),))
    >>> [event.name for event in world.events_at(30)]
    ['fair']
    """

    weather: WeatherSource = field(default_factory=SyntheticWeather)
    events: tuple[Event, ...] = ()

    @classmethod
    def synthetic(
        cls, seed: int = 0, *, climate: Climate | None = None, events: Iterable[Event] = ()
    ) -> Environment:
        """Return an environment with seeded weather of a climate."""
        source = SyntheticWeather(seed=seed, climate=climate or Climate())
        return cls(weather=source, events=tuple(events))

    @classmethod
    def from_table(cls, path: str | Path, *, events: Iterable[Event] = ()) -> Environment:
        """Read measured weather.

        Parameters
        ----------
        path : str or pathlib.Path
            CSV or Parquet with the columns time (naive local), temperature_c and
            rain_mm_h; each row holds until the next, at most 3 hours.
        events : iterable of Event, optional
            Events of the run.

        Raises
        ------
        DataError
            Lists every missing column, unreadable or repeated time, and bad number.
        """
        # Deferred, because reading tables loads pandas.
        from mesa_llm_city.city.loading import read_weather

        return cls(weather=read_weather(path), events=tuple(events))

    def weather_at(self, moment: datetime) -> Weather:
        """Return the weather at a naive local date and time (see `Clock.at`)."""
        return self.weather.at(moment)

    def events_at(self, minute: int) -> tuple[Event, ...]:
        """Return the events that go on at a minute of the run, in their order."""
        return tuple(event for event in self.events if event.is_on(minute))
