"""When a run is to stop by itself: at a time, or at the first moment at which something is so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.views.kinds import row_of
from mesa_llm_city.ui.views.protocols import CityView, view_of

__all__ = [
    "MORNING_MIN",
    "AtMinute",
    "Stop",
    "Whenever",
    "at_place",
    "doing",
    "minute_of",
    "reported",
    "reporters_of",
    "under_way",
]

MORNING_MIN = 6 * HOUR_MIN + HOUR_MIN // 2
"""When the first people are up and about, in minutes since midnight."""

_SAME_PLACE_M = 0.5


class Stop(Protocol):
    """What a run may stop at."""

    @property
    def label(self) -> str:
        """What it is, in words that follow "until"."""
        ...

    def is_met(self, city: object) -> bool:
        """Tell whether a model or replay has come there; asked once after each step."""
        ...

    def share(self, city: object) -> float | None:
        """Return how much of the way is done, in [0, 1]; None if that cannot be known."""
        ...


@dataclass(frozen=True, slots=True)
class AtMinute:
    """Stop at a minute of the run.

    Parameters
    ----------
    minute : int
        The minute, since midnight of the first day.
    since : int
        Minute from which the run goes on, to tell how much of the way is done.

    Examples
    --------
    >>> AtMinute(390, since=0).label
    'day 1, 06:30'
    """

    minute: int
    since: int

    @property
    def label(self) -> str:
        """The day and the time of day."""
        day, rest = divmod(self.minute, DAY_MIN)
        hour, minute = divmod(rest, HOUR_MIN)
        return f"day {day + 1}, {hour:02}:{minute:02}"

    def is_met(self, city: object) -> bool:
        """Tell whether the minute has come."""
        return view_of(city).minute >= self.minute

    def share(self, city: object) -> float | None:
        """Return how many of the minutes have passed, in [0, 1]."""
        way = max(self.minute - self.since, 1)
        return min(max(view_of(city).minute - self.since, 0) / way, 1.0)


class Whenever:
    """Stop at the next moment at which a condition comes true.

    A condition that holds at first has to end before it can come true, so that a run that has
    stopped at it goes on to the next time.

    Parameters
    ----------
    label : str
        The condition, in words that follow "until".
    is_true : callable
        Tells of a view whether it holds.
    city : CityModel or CityView
        The city as it is now.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> stop = under_way(model, 0.05)
    >>> stop.label
    'at least 5 % of the people are under way'
    >>> stop.is_met(model)
    False
    """

    def __init__(self, label: str, is_true: Callable[[CityView], bool], city: object) -> None:
        self.label = label
        self._is_true = is_true
        self._was_true = is_true(view_of(city))

    def is_met(self, city: object) -> bool:
        """Tell whether the condition has just come true."""
        was_true, self._was_true = self._was_true, self._is_true(view_of(city))
        return self._was_true and not was_true

    def share(self, city: object) -> float | None:
        """Return None: nobody knows when it will be."""
        del city
        return None


def under_way(city: object, share: float) -> Whenever:
    """Stop when so many people are under way.

    Parameters
    ----------
    city : CityModel or CityView
        The city.
    share : float
        Least share of the people, in (0, 1].

    Raises
    ------
    ConfigError
        If the share is outside its range.
    """
    if not 0.0 < share <= 1.0:
        message = f"the share of people under way must be above 0 and at most 100 %, got {share:%}"
        raise ConfigError(message)

    def is_true(view: CityView) -> bool:
        mode = view.crowd().mode
        return len(mode) > 0 and int(np.count_nonzero(mode >= 0)) >= share * len(mode)

    return Whenever(f"at least {100.0 * share:g} % of the people are under way", is_true, city)


def reporters_of(city: object) -> list[str]:
    """Return the names of what a model reports as numbers at each step; none for a replay."""
    if not isinstance(city, CityModel):
        return []
    rows = city.datacollector.model_vars
    return [name for name, column in rows.items() if not column or _is_number(column[-1])]


def reported(city: object, name: str, side: Literal["above", "below"], value: float) -> Whenever:
    """Stop when what a model reports goes above or below a value.

    Parameters
    ----------
    city : CityModel
        The model.
    name : str
        One of `reporters_of`.
    side : {"above", "below"}
        On which side of the value it has to be.
    value : float
        The value, in units of the reporter.

    Raises
    ------
    ConfigError
        If the model does not report it.
    """
    if name not in reporters_of(city):
        known = ", ".join(reporters_of(city)) or "nothing"
        message = f"{name!r} is not reported as a number; choose one of: {known}"
        raise ConfigError(message)

    def is_true(view: CityView) -> bool:
        del view
        assert isinstance(city, CityModel)  # noqa: S101 - the others report nothing
        column = city.datacollector.model_vars[name]
        if not column:
            return False
        return bool(column[-1] > value if side == "above" else column[-1] < value)

    return Whenever(f"{name} is {side} {value:g}", is_true, city)


def doing(city: object, person: int, purpose: str) -> Whenever:
    """Stop when a person begins to do something.

    Parameters
    ----------
    city : CityModel or CityView
        The city.
    person : int
        Id of the person.
    purpose : str
        One of the purposes of the parameters.

    Raises
    ------
    ConfigError
        If nobody has this id, or there is no such purpose.
    """
    view = view_of(city)
    purposes = view.parameters.purposes
    name = view.person(person).name
    if purpose not in purposes:
        message = f"there is no activity {purpose!r}; choose one of: {', '.join(purposes)}"
        raise ConfigError(message)
    wanted = row_of(purposes)[purpose]

    def is_true(view: CityView) -> bool:
        crowd = view.crowd()
        row = crowd.row_of(person)
        return row is not None and int(crowd.doing[row]) == wanted

    return Whenever(f"{name}: {purposes[purpose].label}", is_true, city)


def at_place(city: object, place: int, people: int) -> Whenever:
    """Stop when so many people are at a place.

    Parameters
    ----------
    city : CityModel or CityView
        The city.
    place : int
        Id of the place. Of a replay those are counted who are at its point of the map.
    people : int
        Least number of people, at least 1.

    Raises
    ------
    ConfigError
        If there is no such place, or nobody is enough.
    """
    basemap = view_of(city).basemap()
    if not 0 <= place < len(basemap.places):
        message = (
            f"there is no place {place}; places have the numbers 0 to {len(basemap.places) - 1}"
        )
        raise ConfigError(message)
    if people < 1:
        message = f"the number of people at a place must be at least 1, got {people}"
        raise ConfigError(message)
    x, y = basemap.places[place].tolist()

    def is_true(view: CityView) -> bool:
        if isinstance(city, CityModel):
            return len(city.people_at(place)) >= people
        crowd = view.crowd()
        near = (np.hypot(crowd.x - x, crowd.y - y) < _SAME_PLACE_M) & (crowd.mode < 0)
        return int(np.count_nonzero(near)) >= people

    return Whenever(f"{people:,} people are at {basemap.names[place]}", is_true, city)


def minute_of(day: int, time: str, *, step_min: int) -> int:
    """Return the minute of a run at which the first step at or after a time of day ends.

    Parameters
    ----------
    day : int
        Number of the day, the first is 1.
    time : str
        Time of day, such as ``"06:30"``.
    step_min : int
        Length of a step, in minutes.

    Raises
    ------
    ConfigError
        If it is no day of a run, or no time of day.

    Examples
    --------
    >>> minute_of(2, "06:31", step_min=5)
    1835
    """
    hour, _, minute = time.partition(":")
    is_time = hour.isdecimal() and minute.isdecimal()
    if not is_time or int(hour) * HOUR_MIN >= DAY_MIN or int(minute) >= HOUR_MIN:
        message = f"{time!r} is no time of day; write hours and minutes, such as 06:30"
        raise ConfigError(message)
    if day < 1:
        message = f"the first day of a run is day 1, got {day}"
        raise ConfigError(message)
    exact = (day - 1) * DAY_MIN + int(hour) * HOUR_MIN + int(minute)
    return -(-exact // step_min) * step_min


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)
