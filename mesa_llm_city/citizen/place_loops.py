"""Where many persons go, as a loop over persons that is compiled (see `kernels`).

It does what `choose_places` does in NumPy while nothing is closed and nobody keeps away from a
danger.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.choice_loops import (
    AREA,
    ATTRACTION,
    KIND,
    ZONE,
    Facts,
    Found,
    Going,
    Reach,
    add_known,
    add_near,
)
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.draw_loops import uniform_at
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.prefetch import prefetch
from mesa_llm_city.core.shares import share_of
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.mind.belief_loops import (
    BeliefRows,
    ask_for_beliefs,
    visit_min_in,
    visits_in,
)
from mesa_llm_city.mind.opinion_loops import (
    Guessing,
    Ratings,
    expected_at,
    faded_at,
    rate_known,
)
from mesa_llm_city.mobility.place_weight_loops import (
    Alternatives,
    Ranking,
    Weighing,
    exploration_at,
    pick,
    radius_at,
    weigh,
)
from mesa_llm_city.mobility.reach import Reaching

__all__ = ["Draws", "Events", "Persons", "Setting", "Town", "fill_places"]

_AHEAD = 4  # persons between asking for columns and using them
_IN_LINE = 16  # places of a list in a line of the cache


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
    """What there is in a city.

    Attributes
    ----------
    code : ndarray of int64, shape (p + 1,)
        Number of each purpose of the parameters among those of the candidates; the last is
        leisure again.
    leisure : int
        Position of leisure among the purposes.
    areas : int
        Number of areas.
    """

    code: Int
    leisure: int
    areas: int


class Setting(NamedTuple):
    """What persons choose by: the numbers of parameters, the city, and what they believe."""

    guessing: Guessing
    weighing: Weighing
    reaching: Reaching
    town: Town
    reach: Reach
    slots: BeliefRows
    events: Events


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
    weighing, known_most = setting.weighing, setting.slots.place.shape[1]
    most = setting.reach.lists.width.max() + known_most
    found, places, ratings = _found_room(most), _places_room(most), _ratings_room(known_most)
    ranking = _ranking_room(most, weighing.areas, setting.town.areas)
    room = _Room(found, places, ratings, ranking, _kinds_room(len(setting.guessing.alike)))
    _fill(some, persons, draws, setting, day, until, room, chosen)


def _fill(  # noqa: PLR0917 - compiled loops take no keywords
    some: Int,
    persons: Persons,
    draws: Draws,
    setting: Setting,
    day: int,
    until: NDArray[np.int16],
    room: _Room,
    chosen: NDArray[np.int32],
) -> None:
    """Fill where some persons go, as `fill_places` does, with room for what is found."""
    town, reach, slots = setting.town, setting.reach, setting.slots
    weighing, guessing, reaching = setting.weighing, setting.guessing, setting.reaching
    lists, at, facts, begins = reach.lists, reach.at, reach.facts, day * DAY_MIN
    found, places, ratings, ranking, kinds = room
    boosted, kind_of = len(setting.events.place) > 0, facts[:, KIND]
    for number in range(1, len(some) + 1):
        person = some[number - 1]
        if number + _AHEAD < len(some):
            _ask_for(persons, setting, some[number + _AHEAD], some[number + _AHEAD // 2])
            _ask_for_places(persons, setting, some[number + 1])
        row, here, start = persons.row[person], persons.origin[person], persons.start_min[person]
        purpose = persons.purpose[person] if persons.purpose[person] >= 0 else town.leisure
        going = _going(person, purpose, begins, persons, reaching)
        code, known, is_open = town.code[purpose], slots.place[row], until[start - begins]
        first, detour = lists.begin[code, lists.square[here]], reach.detour[facts[here, ZONE]]
        near = lists.places[first : first + lists.width[code]]
        stands_for = lists.stands_for[first : first + lists.width[code]]
        count = add_near(going, near, stands_for, known, is_open, at, facts, detour, found, 0)
        offered = lists.offers[code]
        count = add_known(going, known, offered, is_open, at, facts, detour, found, count)
        if boosted:
            count = _with_events(count, start, setting.events, found, places.boost)
        chosen[person] = -1
        if not count:
            continue
        now, overall, seen = persons.minute[person], slots.overall_code[row], slots.seen[row]
        told_by, mean = rate_known(
            known, overall, slots.deviation_code[row], seen, now, kind_of, guessing, ratings
        )
        new = _new_of(count, found.slot)
        of_kinds = number, told_by, mean, weighing.epsilon
        alike = _judge_new(new, *of_kinds, facts, found, places, guessing, ratings, kinds)
        _judge_known(new, count, now, overall, seen, found, places, guessing)
        _read(count, found.place, at, facts, places)
        explores = exploration_at(slots.different[row], persons.curiosity[person], weighing)
        distance_m, correction = found.distance_m, found.correction
        weigh(new, count, alike, distance_m, correction, explores, places, weighing, ranking)
        seed = draws.seed[person if len(draws.seed) > 1 else 0]
        uniform = uniform_at(seed, draws.person[person], now, draws.word)
        chosen[person] = found.place[pick(count, uniform, number, boosted, places, ranking)]


def _ask_for(persons: Persons, setting: Setting, later: int, soon: int) -> None:
    """Ask for what is read of persons who come later and soon, before (see `prefetch`)."""
    lists, here = setting.reach.lists, persons.origin[later]
    prefetch(lists.square, here)
    prefetch(setting.reach.at, here)
    ask_for_beliefs(setting.slots, persons.row[later])
    first, last = _list_of(soon, persons, setting)
    for one in range(first, last, _IN_LINE):
        prefetch(lists.places, one)
        prefetch(lists.stands_for, one)


def _ask_for_places(persons: Persons, setting: Setting, soon: int) -> None:
    """Ask for the places among which a person chooses."""
    reach = setting.reach
    first, last = _list_of(soon, persons, setting)
    for one in range(first, last):
        place = reach.lists.places[one]
        if place < 0:
            break
        prefetch(reach.at, place)


def _list_of(person: int, persons: Persons, setting: Setting) -> tuple[int, int]:
    """Return where the candidates of a person begin, and where the list ends."""
    town, lists, purpose = setting.town, setting.reach.lists, persons.purpose[person]
    code = town.code[purpose if purpose >= 0 else town.leisure]
    first = lists.begin[code, lists.square[persons.origin[person]]]
    return first, first + lists.width[code]


class _Kinds(NamedTuple):
    """What one person expects of kinds of place, c of them.

    Attributes
    ----------
    expected, log_expected : ndarray of float64, shape (c,)
        What is expected, and the logarithm of that plus `Weighing.epsilon`; of meaning where
        `told` is the number of the person.
    told : ndarray of int64, shape (c,)
        For which person, counted from 1, that was worked out last; 0 for nobody.
    """

    expected: Float
    log_expected: Float
    told: Int


class _Room(NamedTuple):
    """Room for what is found out about one person after another."""

    found: Found
    places: Alternatives
    ratings: Ratings
    ranking: Ranking
    kinds: _Kinds


def _going(person: int, purpose: int, begins: int, persons: Persons, reaching: Reaching) -> Going:
    """Return what one person goes out for on a day that begins at a minute."""
    start, end = persons.start_min[person], persons.end_min[person]
    age, has_car, wet = persons.age[person], persons.has_car[person], persons.wet[person]
    radius = radius_at(purpose, float(end - start), age, has_car, wet, reaching)
    # Someone under way for a part of the block must not find the door closed.
    until = max(end, start + reaching.least_min[purpose])
    return Going(persons.origin[person], radius * radius, until - begins)


def _found_room(most: int) -> Found:
    return Found(
        np.empty(most, dtype=np.int64),
        np.empty(most, dtype=np.int64),
        np.empty(most, dtype=np.float64),
        np.empty(most, dtype=np.float64),
    )


def _places_room(most: int) -> Alternatives:
    return Alternatives(
        np.empty(most, dtype=np.float64),
        np.empty(most, dtype=np.float64),
        np.empty(most, dtype=np.float64),
        np.ones(most, dtype=np.float64),
        np.empty(most, dtype=np.float64),
        np.empty(most, dtype=np.int64),
        np.empty(most, dtype=np.float64),
        np.empty(most, dtype=np.float64),
    )


def _ratings_room(most: int) -> Ratings:
    return Ratings(
        np.empty(most, dtype=np.int64),
        np.empty(most, dtype=np.int64),
        np.empty(most, dtype=np.float64),
        np.empty(most, dtype=np.float64),
    )


def _ranking_room(most: int, best: int, areas: int) -> Ranking:
    near = np.empty(most, dtype=np.float32)
    return Ranking(
        near,
        near.view(np.int32),
        np.empty(most, dtype=np.int64),
        np.empty(most, dtype=np.float64),
        np.empty(best, dtype=np.float64),
        np.empty(most, dtype=np.int64),
        np.zeros(areas, dtype=np.int64),
    )


def _kinds_room(kinds: int) -> _Kinds:
    return _Kinds(
        np.empty(kinds, dtype=np.float64),
        np.empty(kinds, dtype=np.float64),
        np.zeros(kinds, dtype=np.int64),
    )


def _with_events(count: int, minute: int, events: Events, found: Found, boost: Float) -> int:
    """Fill factors of events that are on at a minute, and leave out what they close."""
    kept = 0
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


def _new_of(count: int, slot: Int) -> int:
    """Return how many of some places are new to the person: they stand before the others."""
    new = count
    while new > 0 and slot[new - 1] >= 0:
        new -= 1
    return new


def _judge_new(  # noqa: PLR0917 - compiled loops take no keywords
    new: int,
    number: int,
    known: int,
    mean: float,
    epsilon: float,
    facts: Facts,
    found: Found,
    places: Alternatives,
    guessing: Guessing,
    ratings: Ratings,
    kinds: _Kinds,
) -> bool:
    """Fill how one person, counted from 1 by `number`, likes places that are new to it.

    Returns
    -------
    bool
        Whether it likes all alike; of the others than the first nothing is of meaning then.
    """
    expected, log_expected, told = kinds
    ids, of_kinds, slots = found.place, guessing.alike, len(ratings.kind)
    liked, log_liked = places.liked, places.log_liked
    if not known:
        liked[0] = expected_at(of_kinds[0], mean, known, slots, guessing, ratings)
        return True
    alike = True
    for at in range(new):
        kind = facts[ids[at], KIND]
        if told[kind] != number:
            told[kind] = number
            expected[kind] = expected_at(of_kinds[kind], mean, known, slots, guessing, ratings)
            log_expected[kind] = math.log(expected[kind] + epsilon)
        liked[at], log_liked[at] = expected[kind], log_expected[kind]
        alike &= liked[at] == liked[0]
    return alike


def _judge_known(  # noqa: PLR0917 - compiled loops take no keywords
    new: int,
    count: int,
    now: int,
    overall: NDArray[np.uint16],
    seen: NDArray[np.uint32],
    found: Found,
    places: Alternatives,
    guessing: Guessing,
) -> None:
    """Fill what one person believes of places that it knows, and how often it has been there."""
    slots, liked, been = found.slot, places.liked, places.visits
    for at in range(new, count):
        slot = slots[at]
        minutes = now - visit_min_in(seen[slot])
        believed = faded_at(share_of(overall[slot]), minutes, guessing)
        liked[at], been[at] = min(max(believed, 0.0), 1.0), visits_in(seen[slot])


def _read(count: int, ids: Int, at: Float, facts: Facts, places: Alternatives) -> None:
    """Fill how strongly places draw people, and where they lie."""
    draws, area = places.draws, places.area
    for one in range(count):
        place = ids[one]
        draws[one], area[one] = at[place, ATTRACTION], facts[place, AREA]
