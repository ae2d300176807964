"""Remembering: what a stay leaves in memory, and what of it is told again, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

import numpy as np

from mesa_llm_city.citizen.names import PlaceNames
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.core.values import Activity, DecisionSource, Weather
from mesa_llm_city.mind import COMPANY, Circumstances, MemoryEntry, MemoryWords, Ratings
from mesa_llm_city.parameters.mind import MemoryParameters
from mesa_llm_city.social import Ties

__all__ = ["LazyLines", "memories_of", "remembered_stay", "words_of"]


def remembered_stay(
    person: Person,
    stay: Activity,
    ratings: Ratings | None,
    seen: tuple[int, ...],
    world: World,
) -> MemoryEntry:
    """Return what a person remembers of a stay.

    Parameters
    ----------
    person : Person
        The person.
    stay : Activity
        The stay, from its true start to its true end.
    ratings : Ratings, optional
        How the place was, if it was a visit.
    seen : tuple of int
        Ids of the people who were there at the end.
    world : World
        The city.
    """
    place, score = stay.place or 0, None if ratings is None else ratings.satisfaction
    text = "" if ratings is None or ratings.source is DecisionSource.RULE else ratings.reason
    numbers = person.parameters.mind.memory
    if not numbers.detailed:
        how = Circumstances(stay.minutes)
        return MemoryEntry(stay.start_min, place, str(stay.purpose), text, score, how)
    weather = ""
    if person.is_visit(stay):
        weather = _weather(world.weather(stay.start_min), numbers)
        text = "; ".join(filter(None, (_events(stay, place, world), text)))
    how = Circumstances(stay.minutes, *_company(person, seen, stay.end_min), weather)
    if ratings is not None:
        price, atmosphere, _, convenience = ratings[:4]
        how = how._replace(price=price, atmosphere=atmosphere, convenience=convenience)
    return MemoryEntry(stay.start_min, place, str(stay.purpose), text, score, how)


def words_of(person: Person, world: World | None) -> MemoryWords:
    """Return how the person's memories are worded, with the names that the person knows."""
    if world is None:
        return MemoryWords(person.parameters)
    places = PlaceNames(world.city, person.persona)
    return MemoryWords(person.parameters, places=places, people=world.names)


def memories_of(person: Person, world: World | None, minute: int) -> Sequence[str]:
    """Return what stands out of the person's last day, the latest first.

    Nothing is looked up or worded before it is read.

    Parameters
    ----------
    person : Person
        The person.
    world : World or None
        The city with the names of places and people; without it they are called by their ids.
    minute : int
        Time of the recall, in minutes.
    """
    memory = person.components.memory
    if memory is None:
        return ()
    weight = person.parameters.mind.memory.salience_weight

    def lines() -> Iterator[str]:
        words = words_of(person, world)
        recalled = memory.recall(at_min=minute, salience_weight=weight)
        for one in sorted(recalled, key=lambda entry: -entry.minute):
            yield f"{clock_time(one.minute)} {words(one)}"

    return LazyLines(lines)


class LazyLines(Sequence[str]):
    """Lines that are made when one of them is first read.

    Examples
    --------
    >>> lines = LazyLines(lambda: map(str, (3, 1)))
    >>> len(lines), lines[1], list(lines)
    (2, '1', ['3', '1'])
    """

    __slots__ = ("_lines", "_make")

    def __init__(self, make: Callable[[], Iterable[str]]) -> None:
        self._make = make
        self._lines: tuple[str, ...] | None = None

    def __reduce__(self) -> tuple[type[tuple[str, ...]], tuple[tuple[str, ...]]]:
        """Pickle as the lines that there are now."""
        return tuple, (tuple(self),)

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self._read())

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[str]: ...
    def __getitem__(self, row: int | slice) -> str | Sequence[str]:
        """Return a line, or some of them."""
        return self._read()[row]

    def _read(self) -> tuple[str, ...]:
        if self._lines is None:
            self._lines = tuple(self._make())
        return self._lines


def _company(person: Person, seen: tuple[int, ...], at_min: int) -> tuple[tuple[int, ...], int]:
    """Return those seen whom the person knows, the closest first, and how many others there are."""
    ties = person.components.ties if seen else None
    if ties is None or not hasattr(ties, "others"):
        return (), len(seen)
    if type(ties) is Ties:
        known = ties.known_among(seen)
    else:
        # A set is only asked, never walked.
        acquainted = set(ties.others.tolist())
        known = [one for one in seen if one in acquainted]
    if len(known) > COMPANY:
        closest = np.argsort(-ties.belief(known, at_min=at_min), kind="stable")
        known = [known[row] for row in closest[:COMPANY].tolist()]
    return tuple(known), len(seen) - len(known)


def _weather(weather: Weather, numbers: MemoryParameters) -> str:
    """Return the weather in a word, empty if it is mild and dry."""
    if weather.temperature_c > numbers.hot_above_c and not weather.is_wet:
        return "heat"
    wet = ("rain",) if weather.is_wet else ()
    cold = ("cold",) if weather.temperature_c < numbers.cold_below_c else ()
    return " and ".join((*wet, *cold))


def _events(stay: Activity, place: int, world: World) -> str:
    """Return the names of the events that went on at a place during a stay."""
    events = world.events_during(place, stay.start_min, stay.end_min)
    return ", ".join(event.name for event in events)
