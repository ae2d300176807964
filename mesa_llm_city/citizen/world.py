"""What the city offers a person who wants to go somewhere: places in reach, ways to get there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.citizen.closures import Closures
from mesa_llm_city.city import City
from mesa_llm_city.city.environment import Environment, Event
from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.values import Activity, ChoiceSet, Int, Purpose, TravelOption, Weather

__all__ = ["World"]

T = TypeVar("T")

_MOST_KEPT = 64  # minutes; people who are due together think within five of them


@dataclass(slots=True)
class World:
    """The city at a time: what a person can find out about it.

    Thoughts only read it; interventions change it.

    Parameters
    ----------
    city : City
        The map.
    clock : Clock
        The calendar.
    names : mapping of int to str
        Names of the people who live there or have lived there, by id.
    gone : set of int
        Ids of those who have left for good.
    closures : Closures
        What is closed at the moment.
    events : list of Event
        Events that have begun in the course of the run, besides those of the city.
    weather_now : dict of str to float or int
        Fields of `Weather` that are set for the moment, whatever the city's weather is.
    detours : City, optional
        The same city without the streets that are closed; None if all are open.
    """

    city: City
    clock: Clock
    names: dict[int, str] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    closures: Closures = field(default_factory=Closures)
    events: list[Event] = field(default_factory=list)
    weather_now: dict[str, Any] = field(default_factory=dict)
    detours: City | None = None
    # What is the same for all who think at a minute is worked out once.
    _weather: dict[int, tuple[Environment, Weather]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _words: dict[int, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def weather(self, minute: int) -> Weather:
        """Return the weather at `minute`."""
        environment, found = self.city.environment, self._weather.get(minute)
        if found is None or found[0] is not environment:
            found = environment, environment.weather_at(self.clock.at(minute))
            _keep(self._weather, minute, found)
        return replace(found[1], **self.weather_now) if self.weather_now else found[1]

    def in_words(self, minute: int) -> str:
        """Return weekday, month and time of day of `minute`."""
        if (found := self._words.get(minute)) is None:
            found = f"{self.clock.at(minute):%A in %B, %H:%M}"
            _keep(self._words, minute, found)
        return found

    def check_weather(self, begin: int, end: int) -> None:
        """Check that there is weather from minute `begin` up to minute `end`.

        Raises
        ------
        DataError
            Names the first moment without.
        """
        self.city.environment.check_covers(self.clock.at(begin), self.clock.at(end))

    def described(self, place: int) -> str:
        """Return name and kind of a place, as far as they are known."""
        places = self.city.places
        kind = places.category_names[int(places.category[place])]
        name = places.name[place]
        return f"{name}, {kind}" if name else str(kind)

    def places_for(
        self,
        activity: Activity,
        origin: int,
        *,
        radius_m: float,
        stay_min: int,
        most: int,
        known: Int | None = None,
        unless_closed: bool = True,
    ) -> ChoiceSet:
        """Return the places for an activity that are in reach and open all the while.

        Parameters
        ----------
        activity : Activity
            What, from when to when, the way there included.
        origin : int
            Where the person is.
        radius_m : float
            Greatest distance in metres.
        stay_min : int
            Shortest stay that is worth the way, in minutes.
        most : int
            Greatest number of places.
        known : ndarray of int64, shape (n,), optional
            Ids of places that count in addition to these, if they are in reach.
        unless_closed : bool, default True
            Whether places that are closed for a time (see `closures`) are left out.
        """
        purpose = activity.purpose or Purpose.LEISURE
        city = self.detours or self.city
        near = city.nearby(city.position(origin), purpose, radius_m=radius_m, k=most, always=known)
        if not len(near):
            return near
        # Someone under way for a part of the block must not find the door closed.
        still = max(activity.end_min, activity.start_min + stay_min)
        fits = self._keeps_open(near.places, activity.start_min, still) & (near.places != origin)
        if unless_closed and self.closures.active:
            fits &= self.closures.is_open(near.places, activity.start_min)
        return self._with_events(near.only(fits), activity.start_min)

    def is_open(self, places: Int, start_min: int, end_min: int) -> NDArray[np.bool_]:
        """Return which of `places` are open to visitors from `start_min` to `end_min`."""
        found = self._keeps_open(places, start_min, end_min)
        return found & self.closures.is_open(places, start_min) if self.closures.active else found

    def ways(self, origin: int, destination: int) -> tuple[TravelOption, ...]:
        """Return the ways to get from place to place, by modes that are not closed."""
        found = (self.detours or self.city).travel(origin, destination)
        if not self.closures.modes:
            return found
        return tuple(one for one in found if one.mode not in self.closures.modes)

    def events_during(self, place: int, start_min: int, end_min: int) -> tuple[Event, ...]:
        """Return the events at a place that go on between two minutes."""
        known = (*self.city.environment.events, *self.events)
        return tuple(
            one
            for one in known
            if one.place == place and one.start_min < end_min and start_min < one.end_min
        )

    def _keeps_open(self, places: Int, start_min: int, end_min: int) -> NDArray[np.bool_]:
        """Return which of `places` have opening hours from `start_min` to `end_min`."""
        begin = start_min % DAY_MIN
        day = self.clock.date_of(self.clock.day(start_min))
        end = begin + end_min - start_min
        return self.city.open_now(places, day, begin, end, self.clock.holidays)

    def _with_events(self, places: ChoiceSet, minute: int) -> ChoiceSet:
        events = self.city.environment.events_at(minute)
        if self.events:
            events += tuple(one for one in self.events if one.is_on(minute))
        if not events:
            return places
        boost = places.boost.copy()
        for event in events:
            boost[places.places == event.place] *= self.city.environment.boost_of(event)
        return replace(places, boost=boost).only(boost > 0.0)


def _keep(found: dict[int, T], minute: int, one: T) -> None:
    """Keep what was found for a minute, and not more than for the minutes of late."""
    if len(found) >= _MOST_KEPT:
        found.clear()
    found[minute] = one
