"""Where many persons go, as a loop over persons that is compiled (see `kernels`).

It does what `choose_places` does in NumPy while nothing is closed and nobody keeps away from a
danger.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.choice_loops import Found, Going, Reach, add_known, add_near
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.draw_loops import uniform_at
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.mind.opinion_loops import (
    Guessing,
    Ratings,
    Slots,
    expected_at,
    faded_at,
    rate_known,
)
from mesa_llm_city.mobility.place_weight_loops import (
    Alternatives,
    Ranking,
    Weighing,
    exploration_at,
    radius_at,
    weigh,
)
from mesa_llm_city.mobility.reach import Reaching

__all__ = ["Draws", "Events", "Persons", "Setting", "Town", "fill_places"]


class Persons(NamedTuple):
    """Columns of `Outings` of m persons, and their rows among those who believe something."""

    purpose: Int
    origin: Int
    minute: Int
    start_min: Int
    end_min: Int
    age: Int
    has_car: Bool
    wet: Bool
    curiosity: Float
    row: Int


class Draws(NamedTuple):
    """Addresses of the random numbers of m persons.

    Attributes
    ----------
    seed : ndarray of uint64, shape (1,) or (m,)
        Seed of all, or of each.
    person : ndarray of int64, shape (m,)
        Their ids.
    word : uint64
        What is drawn (see `streams.word_of`).
    """

    seed: Words
    person: Int
    word: np.uint64


class Events(NamedTuple):
    """Events: where, from when to when in minutes, and the factor on the weight of the place."""

    place: Int
    start_min: Int
    end_min: Int
    factor: Float


class Town(NamedTuple):
    """What differs between the places of a city.

    Attributes
    ----------
    code : ndarray of int64, shape (p,)
        Number of each purpose of the parameters among those of the candidates.
    leisure : int
        Position of leisure among the purposes.
    category, area : ndarray of int32, shape (n,)
        Kind and area of each place.
    attraction : ndarray of float64, shape (n,)
        How strongly each draws people, raised to ``mobility.gravity.attraction``.
    areas : int
        Number of areas.
    """

    code: Int
    leisure: int
    category: NDArray[np.int32]
    area: NDArray[np.int32]
    attraction: Float
    areas: int


class Setting(NamedTuple):
    """What persons choose by: the numbers of parameters, the city, and what they believe."""

    guessing: Guessing
    weighing: Weighing
    reaching: Reaching
    town: Town
    reach: Reach
    slots: Slots
    events: Events


class _Room(NamedTuple):
    """Arrays that are used for one person after another."""

    found: Found
    places: Alternatives
    ratings: Ratings
    ranking: Ranking
    expected: Float
    log_expected: Float
    told: Int


def fill_places(  # noqa: PLR0917 - compiled loops take no keywords
    some: Int,
    persons: Persons,
    draws: Draws,
    setting: Setting,
    day: int,
    until: NDArray[np.int16],
    chosen: NDArray[np.int32],
) -> None:
    """Fill where some persons go who set out on one day.

    Parameters
    ----------
    some : ndarray of int64, shape (k,)
        Positions of the persons.
    persons : Persons
        What m persons go out for.
    draws : Draws
        Their random numbers.
    setting : Setting
        What they choose by.
    day : int
        The day.
    until : ndarray of int16, shape (1440, h)
        Until when places are open on that day (see `OpeningTimes.until`).
    chosen : ndarray of int32, shape (m,)
        Is filled with ids of places; -1 where none in reach is open.
    """
    room = _room_for(setting)
    for at in range(len(some)):
        person = some[at]
        count = _find(person, persons, setting, day, until, room)
        if not count:
            chosen[person] = -1
            continue
        _judge(person, at + 1, count, persons, setting, room)
        row = persons.row[person]
        explores = exploration_at(
            setting.slots.different[row], persons.curiosity[person], setting.weighing
        )
        found = room.found
        total = weigh(
            count,
            found.distance_m,
            found.correction,
            explores,
            at + 1,
            room.places,
            setting.weighing,
            room.ranking,
        )
        uniform = uniform_at(
            draws.seed[person if len(draws.seed) > 1 else 0],
            draws.person[person],
            persons.minute[person],
            draws.word,
        )
        chosen[person] = found.place[_drawn(count, total, uniform, room.places.weight)]


def _room_for(setting: Setting) -> _Room:
    """Return arrays that are long enough."""
    lists, kinds = setting.reach.lists, len(setting.guessing.alike)
    slots = setting.slots.place.shape[1]
    most = lists.width.max() + slots
    near = np.empty(most, dtype=np.float32)
    return _Room(
        Found(
            np.empty(most, dtype=np.int64),
            np.empty(most, dtype=np.int64),
            np.empty(most, dtype=np.float64),
            np.empty(most, dtype=np.float64),
        ),
        Alternatives(
            np.empty(most, dtype=np.float64),
            np.empty(most, dtype=np.float64),
            np.empty(most, dtype=np.float64),
            np.ones(most, dtype=np.float64),
            np.empty(most, dtype=np.float64),
            np.empty(most, dtype=np.int64),
            np.empty(most, dtype=np.float64),
        ),
        Ratings(
            np.empty(slots, dtype=np.int64),
            np.empty(slots, dtype=np.float64),
            np.empty(slots, dtype=np.float64),
            np.empty(slots, dtype=np.int64),
        ),
        Ranking(
            near,
            near.view(np.int32),
            np.empty(most, dtype=np.int64),
            np.empty(most, dtype=np.float64),
            np.empty(setting.weighing.areas, dtype=np.float64),
            np.empty(most, dtype=np.int64),
            np.empty(setting.town.areas, dtype=np.int64),
            np.zeros(setting.town.areas, dtype=np.int64),
        ),
        np.empty(kinds, dtype=np.float64),
        np.empty(kinds, dtype=np.float64),
        np.zeros(kinds, dtype=np.int64),
    )


def _find(  # noqa: PLR0917 - compiled loops take no keywords
    person: int,
    persons: Persons,
    setting: Setting,
    day: int,
    until: NDArray[np.int16],
    room: _Room,
) -> int:
    """Fill the places in reach that are open, and return how many they are."""
    purpose, row = persons.purpose[person], persons.row[person]
    if purpose < 0:
        purpose = setting.town.leisure
    start, end = persons.start_min[person], persons.end_min[person]
    reaching = setting.reaching
    radius = radius_at(
        purpose,
        float(end - start),
        persons.age[person],
        persons.has_car[person],
        persons.wet[person],
        reaching,
    )
    begin = day * DAY_MIN
    last = max(end, start + reaching.least_min[purpose]) - begin
    going = Going(persons.origin[person], setting.town.code[purpose], radius * radius, last)
    known, is_open = setting.slots.place[row], until[start - begin]
    count = add_near(going, known, is_open, setting.reach, room.found, 0)
    count = add_known(going, known, is_open, setting.reach, room.found, count)
    return _with_events(count, start, setting.events, room) if len(setting.events.place) else count


def _with_events(count: int, minute: int, events: Events, room: _Room) -> int:
    """Fill factors of events that are on at a minute, and leave out what they close."""
    found, boost, kept = room.found, room.places.boost, 0
    for at in range(count):
        factor = 1.0
        for event in range(len(events.place)):
            is_on = events.start_min[event] <= minute < events.end_min[event]
            if is_on and events.place[event] == found.place[at]:
                factor *= events.factor[event]
        if factor > 0.0:
            boost[kept] = factor
            found.place[kept], found.slot[kept] = found.place[at], found.slot[at]
            found.distance_m[kept] = found.distance_m[at]
            found.correction[kept] = found.correction[at]
            kept += 1
    return kept


def _judge(  # noqa: PLR0917 - compiled loops take no keywords
    person: int,
    number: int,
    count: int,
    persons: Persons,
    setting: Setting,
    room: _Room,
) -> None:
    """Fill what a person (counted from 1 by `number`) thinks of places, and what draws there."""
    row, minute = persons.row[person], persons.minute[person]
    slots, guessing, town = setting.slots, setting.guessing, setting.town
    found, places, epsilon = room.found, room.places, setting.weighing.epsilon
    mean = rate_known(row, minute, slots, town.category, guessing, room.ratings)
    for at in range(count):
        place, slot = found.place[at], found.slot[at]
        places.attraction[at], places.area[at] = town.attraction[place], town.area[place]
        if slot >= 0:
            liked = min(max(faded_at(row, slot, minute, slots, guessing), 0.0), 1.0)
            places.liked[at], places.log_liked[at] = liked, math.log(liked + epsilon)
            places.visits[at] = slots.visits[row, slot]
            continue
        kind = town.category[place]
        if room.told[kind] != number:
            room.told[kind] = number
            room.expected[kind] = expected_at(kind, mean, guessing, room.ratings)
            room.log_expected[kind] = math.log(room.expected[kind] + epsilon)
        places.liked[at], places.log_liked[at] = room.expected[kind], room.log_expected[kind]
        places.visits[at] = 0.0


def _drawn(count: int, total: float, uniform: float, weight: Float) -> int:
    """Return the position of the place that a uniform number picks (see `draw`)."""
    last = 0.0
    for at in range(count):
        weight[at] /= total
        last += weight[at]
    target, upto = uniform * last, 0.0
    for at in range(count):
        upto += weight[at]
        if upto > target:
            return at
    return count - 1
