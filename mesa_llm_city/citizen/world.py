"""What the city offers a person who wants to go somewhere: places in reach, ways to get there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.citizen.closures import Closures
from mesa_llm_city.city import City
from mesa_llm_city.city.choice_columns import ChoiceColumns
from mesa_llm_city.city.environment import Environment, Event
from mesa_llm_city.city.opening_loops import OpenUntil
from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.held import held
from mesa_llm_city.core.values import ChoiceSet, Float, Int, TravelOption, Weather

__all__ = ["World"]

T = TypeVar("T")

_MOST_KEPT = 64  # minutes or days; people who are due together think within five minutes


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
    _open_around: dict[int, tuple[Int, OpenUntil]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def weather(self, minute: int) -> Weather:
        """Return the weather at `minute`."""
        environment, found = self.city.environment, self._weather.get(minute)
        if found is None or found[0] is not environment:
            found = environment, environment.weather_at(self.clock.at(minute))
            # The same weather is the same object, by which it is known again.
            latest = next(reversed(self._weather.values()), found)
            if latest[0] is environment and latest[1] == found[1]:
                found = latest
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

    def choices(
        self,
        origin: NDArray[np.integer],
        purpose: str | NDArray[np.integer],
        *,
        radius_m: Float,
        start_min: Int,
        end_min: Int,
        known: NDArray[np.integer] | None = None,
        unless_closed: bool = True,
    ) -> ChoiceColumns:
        """Return the places for a purpose that are in reach and open, for each of m persons.

        Parameters
        ----------
        origin : ndarray of int, shape (m,)
            Where they are.
        purpose : str, or ndarray of int of shape (m,)
            What for: the name, or the position of the purpose of each in the parameters.
        radius_m : ndarray of float64, shape (m,)
            Greatest distance of each, in metres.
        start_min, end_min : ndarray of int64, shape (m,)
            From when to when a place has to be open.
        known : ndarray of int, shape (m, S), optional
            Ids of the places that they know, -1 for none (see `City.choices`).
        unless_closed : bool, default True
            Whether places that are closed for a time (see `closures`) are left out.
        """
        found = (self.detours or self.city).choices(origin, purpose, radius_m=radius_m, known=known)
        begin = start_min[found.row]
        is_open = self.open_during(found.place, begin, end_min[found.row])
        if unless_closed and self.closures.active:
            is_open &= self.closures.is_open(found.place, begin)
        return self._with_events(found.only(is_open), start_min)

    def is_open(self, places: Int, start_min: int, end_min: int) -> NDArray[np.bool_]:
        """Return which of `places` are open to visitors from `start_min` to `end_min`."""
        found = self.open_during(places, start_min, end_min)
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

    def open_during(
        self, places: Int, start_min: ArrayLike, end_min: ArrayLike
    ) -> NDArray[np.bool_]:
        """Return which of `places` have opening hours from start to end; all three broadcast.

        What closes places for a time (see `closures`) does not count.
        """
        start, end = np.asarray(start_min), np.asarray(end_min)
        if not start.size:
            return np.zeros(start.shape, dtype=np.bool_)
        first, last = self.clock.day(int(start.min())), self.clock.day(int(start.max()))
        is_open = np.zeros(np.broadcast_shapes(places.shape, start.shape), dtype=np.bool_)
        for number in range(first, last + 1):
            day, begin = self.clock.date_of(number), number * DAY_MIN
            holds = self.city.open_now(places, day, start - begin, end - begin, self.clock.holidays)
            is_open |= holds if first == last else holds & (start // DAY_MIN == number)
        return is_open

    def open_until(self, day: int) -> NDArray[np.int16]:
        """Return until when places are open on a day, shape (1440, h) (see `OpeningTimes.until`).

        Columns are opening hours: those of a place have the number ``city.places.hours``.
        """
        times = self.city.places.opening_times
        return times.until(self.clock.date_of(day), self.clock.holidays)

    def events_between(self, first: int, last: int) -> tuple[Event, ...]:
        """Return the events that are on at some of the minutes from `first` to `last`."""
        known = (*self.city.environment.events, *self.events)
        if not known:
            return known
        return tuple(one for one in known if one.start_min <= last and first < one.end_min)

    def open_around(self, minute: int) -> OpenUntil:
        """Return until when places are open on the day of a minute and the next one."""
        day, places = self.clock.day(minute), self.city.places
        known = self._open_around.get(day)
        if known is None or known[0] is not places.hours:
            days = self.open_until(day), self.open_until(day + 1)
            known = places.hours, held(OpenUntil(places.hours, day, *days))
            _keep(self._open_around, day, known)
        return known[1]

    def choice_sets(self, choices: ChoiceColumns, people: int) -> list[ChoiceSet]:
        """Return what each of m persons chooses among.

        Parameters
        ----------
        choices : ChoiceColumns
            What all of them choose among (see `choices`).
        people : int
            Their number m.
        """
        city, ids = self.city, choices.place
        columns: tuple[Any, ...] = (
            ids,
            choices.distance_m,
            city.places.category[ids],
            np.ones(len(ids)) if choices.boost is None else choices.boost,
            city.areas.of_place[ids],
            city.pull[ids],
            choices.correction,
        )
        ends = np.searchsorted(choices.row, np.arange(people + 1)).tolist()
        sets = []
        for begin, end in pairwise(ends):
            places, distance_m, category, boost, area, attraction, correction = (
                one[begin:end] for one in columns
            )
            sets.append(
                ChoiceSet(
                    places=places,
                    distance_m=distance_m,
                    category=category,
                    boost=boost,
                    area=area,
                    attraction=attraction,
                    correction=correction,
                )
            )
        return sets

    def _with_events(self, choices: ChoiceColumns, minute: Int) -> ChoiceColumns:
        """Return choices with the boosts of events that are on at each person's minute, (m,)."""
        events = self.events_between(int(minute.min()), int(minute.max()))
        if not events:
            return choices
        boost, at = np.ones(len(choices)), minute[choices.row]
        for event in events:
            is_on = (event.start_min <= at) & (at < event.end_min)
            boost[(choices.place == event.place) & is_on] *= self.city.environment.boost_of(event)
        return replace(choices, boost=boost).only(boost > 0.0)


def _keep(found: dict[int, T], minute: int, one: T) -> None:
    """Keep what was found for a minute, and not more than for the minutes of late."""
    if len(found) >= _MOST_KEPT:
        found.clear()
    found[minute] = one
