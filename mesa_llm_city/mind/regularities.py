"""Regularities in a memory: habits by hour and mode, likings, and a regular life."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from statistics import median

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN, clock_time
from mesa_llm_city.core.values import Int
from mesa_llm_city.mind.insight import (
    MYSELF,
    Insight,
    InsightKind,
    place_subject,
    succession,
)
from mesa_llm_city.mind.insight_memory import Held
from mesa_llm_city.mind.insight_rows import EVIDENCE
from mesa_llm_city.mind.memory_entry import MemoryColumns
from mesa_llm_city.mind.memory_words import HOME, NO_NAMES, MemoryWords, place_name
from mesa_llm_city.parameters.mind import ReflectionParameters

__all__ = [
    "evidence_weight",
    "habits_of",
    "likings_of",
    "recurring_hours",
    "regular_life",
    "usual_place",
]


def evidence_weight(ratings: int, *, prior: float) -> float:
    """Return how much a mean of ratings is worth: ``n / (n + prior)``.

    Multiplied by it, a mean is shrunk towards neutral, as if `prior` neutral ratings had
    come before; an assumption, in line with `succession`.

    Parameters
    ----------
    ratings : int
        Number of ratings.
    prior : float
        Number of neutral ratings.

    Examples
    --------
    >>> evidence_weight(3, prior=2.0), evidence_weight(18, prior=2.0)
    (0.6, 0.9)
    """
    return ratings / (ratings + prior)


def recurring_hours(
    code: Int, minute: Int, *, least_days: int, slot_min: int, apart_min: int
) -> Int:
    """Return the times of day at which something begins on several days.

    For each code the window of two slots, from any slot on, that holds a beginning on most
    days; then, at a least distance from it, the next, and so on.

    Parameters
    ----------
    code : ndarray of int64, shape (n,)
        What it is, from 0.
    minute : ndarray of int64, shape (n,)
        Times at which it began, in minutes.
    least_days : int
        Least number of days, at least 1.
    slot_min : int
        Length of a slot in minutes; it divides a day.
    apart_min : int
        Least distance between the beginnings of two windows of one code, in minutes.

    Returns
    -------
    ndarray of int64, shape (m, 3)
        Code, beginning of the window in minutes of the day, and number of days.

    Examples
    --------
    >>> lunches = np.array([0, 1, 2]) * 1440 + [745, 755, 765]
    >>> meals = np.array([4, 4, 4])
    >>> recurring_hours(meals, lunches, least_days=3, slot_min=30, apart_min=120)
    array([[  4, 720,   3]])
    """
    if not len(code):
        return np.empty((0, 3), dtype=np.int64)
    day = minute // DAY_MIN
    slots = DAY_MIN // slot_min
    begun = np.zeros((code.max() + 1, day.max() - day.min() + 1, slots), dtype=np.bool_)
    begun[code, day - day.min(), minute % DAY_MIN // slot_min] = True
    begun |= np.roll(begun, -1, axis=2)
    # Windows that begin so close to one another are taken for one habit.
    near = max(apart_min // slot_min, 1) - 1
    peaks = _peaks(begun.sum(axis=1), max(least_days, 1), np.arange(-near, near + 1))
    peaks[:, 1] *= slot_min
    return peaks


def _peaks(days: Int, least: int, near: Int) -> Int:
    """Return code, slot and number of days of each peak, shape (m, 3)."""
    found = [np.empty((0, 3), dtype=np.int64)]
    while True:
        slot = days.argmax(axis=1)
        most = days.max(axis=1)
        (high,) = np.nonzero(most >= least)
        if not len(high):
            return np.concatenate(found)
        found.append(np.stack([high, slot[high], most[high]], axis=1))
        days[high[:, None], (slot[high, None] + near) % days.shape[1]] = 0


def habits_of(
    columns: MemoryColumns,
    parameters: ReflectionParameters,
    *,
    at_min: int,
    modes: Collection[str],
    names: Mapping[int, str] = NO_NAMES,
) -> Iterator[Insight]:
    """Yield the habits that entries show.

    An activity is a habit if it began at about the same time on several days, a mode if it
    was used on as many days at any time. The strength is the rule of succession
    (`succession`) over all days from the first entry on.

    Parameters
    ----------
    columns : MemoryColumns
        The entries of the last days.
    parameters : ReflectionParameters
        What counts as a habit.
    at_min : int
        Time of the reflection, in minutes.
    modes : collection of str
        Keys of entries that are modes of transport.
    names : mapping of int to str, optional
        Names of places; the text of a habit names the place where it is usual (`usual_place`).
    """
    if not columns:
        return
    days = int(at_min // DAY_MIN - columns.minute.min() // DAY_MIN + 1)
    yield from _timed_habits(columns, parameters, at_min, days, modes=modes, names=names)
    for code, key in enumerate(columns.keys):
        if key in modes:
            used = columns.code == code
            seen = len(np.unique(columns.minute[used] // DAY_MIN))
            if seen >= parameters.least_days:
                text = f"{key} is a usual way to travel"
                numbers = _numbers(columns, used)
                yield _habit(key, text, numbers, at_min=at_min, seen=seen, days=days)


def _timed_habits(
    columns: MemoryColumns,
    parameters: ReflectionParameters,
    at_min: int,
    days: int,
    *,
    modes: Collection[str],
    names: Mapping[int, str],
) -> Iterator[Insight]:
    clock = columns.minute % DAY_MIN
    step = parameters.round_min
    for code, begin, seen in recurring_hours(
        columns.code,
        columns.minute,
        least_days=parameters.least_days,
        slot_min=parameters.slot_min,
        apart_min=parameters.apart_min,
    ).tolist():
        key = columns.keys[code]
        if key in modes:
            continue
        late = (clock - begin) % DAY_MIN
        there = (columns.code == code) & (late < 2 * parameters.slot_min)
        usual = (begin + step * round(median(late[there].tolist()) / step)) % DAY_MIN
        place = usual_place(columns.place[there].tolist())
        where = "" if place is None else names.get(place, "")
        text = _habit_text(key, usual, where, often=2 * seen > days)
        numbers = _numbers(columns, there)
        habit = _habit(key, text, numbers, at_min=at_min, seen=seen, days=days)
        yield habit._replace(usual_min=usual)


def _habit(
    key: str, text: str, evidence: tuple[int, ...], *, at_min: int, seen: int, days: int
) -> Insight:
    strength = float(succession(seen, max(days, seen)))
    return Insight(at_min, InsightKind.HABIT, key, text, strength, evidence=evidence)


def usual_place(places: Sequence[int]) -> int | None:
    """Return the place of more than half of several stays, or None.

    Examples
    --------
    >>> usual_place([4, 9, 4]), usual_place([4, 9])
    (4, None)
    """
    if not places:
        return None
    place = max(sorted(set(places)), key=places.count)
    return place if 2 * places.count(place) > len(places) else None


@lru_cache(maxsize=4096)
def _habit_text(key: str, usual: int, where: str, *, often: bool) -> str:
    # Cached, so that people with the same habit share one text.
    place = "" if where in {"", HOME} else f" at {where}"
    return f"{key} at about {clock_time(usual)}{place} on {'most' if often else 'some'} days"


def likings_of(
    columns: MemoryColumns,
    parameters: ReflectionParameters,
    *,
    at_min: int,
    words: MemoryWords,
) -> Iterator[Insight]:
    """Yield what was repeatedly good or bad: preferences for activities, opinions of places.

    The liking is ``2 mean - 1`` of the scores, the strength `evidence_weight`. The text names
    the ratings of the places that speak for it most.

    Parameters
    ----------
    columns : MemoryColumns
        The entries of the last days.
    parameters : ReflectionParameters
        How many scores it takes, and how far from neutral their mean has to be.
    at_min : int
        Time of the reflection, in minutes.
    words : MemoryWords
        Names of places, and which ratings are told.
    """
    rated = ~np.isnan(columns.score)
    for group, kind in (
        (columns.code, InsightKind.PREFERENCE),
        (columns.place, InsightKind.OPINION),
    ):
        for one in _repeated(group[rated], parameters.least_ratings):
            there = rated & (group == one)
            liking = 2.0 * float(columns.score[there].mean()) - 1.0
            if abs(liking) < parameters.least_liking:
                continue
            preferred = kind is InsightKind.PREFERENCE
            subject = columns.keys[one] if preferred else place_subject(one)
            name = subject if preferred else place_name(one, words.places)
            why = words.reasons(columns.aspects[there], liked=liking > 0.0)
            yield Insight(
                at_min,
                kind,
                subject,
                _liking_text(name, why, liked=liking > 0.0),
                evidence_weight(int(there.sum()), prior=parameters.prior_ratings),
                liking,
                evidence=_numbers(columns, there),
            )


@lru_cache(maxsize=4096)
def _liking_text(name: str, why: str, *, liked: bool) -> str:
    told = f"likes {name}" if liked else f"does not like {name}"
    return f"{told}: {why}" if why else told


def _repeated(group: Int, least: int) -> list[int]:
    found, times = np.unique(group, return_counts=True)
    repeated: list[int] = found[times >= least].tolist()
    return repeated


def regular_life(
    held: Sequence[Held], parameters: ReflectionParameters, *, at_min: int
) -> Iterator[Insight]:
    """Yield the belief to live by regular hours, if enough habits are known.

    It rests on earlier insights alone. Its strength is the mean of their strengths.

    Parameters
    ----------
    held : sequence of Held
        What has been concluded before.
    parameters : ReflectionParameters
        How many habits with a time of day it takes, and how strong they have to be.
    at_min : int
        Time of the reflection, in minutes.
    """
    habits = [one for one in held if one.insight.usual_min is not None]
    strength = float(np.mean([one.strength for one in habits])) if habits else 0.0
    if len(habits) >= parameters.regular_habits and strength >= parameters.regular_strength:
        strongest = sorted(habits, key=lambda one: (-one.strength, one.number))[:EVIDENCE]
        earlier = tuple(one.number for one in strongest)
        yield Insight(
            at_min, InsightKind.BELIEF, MYSELF, "lives by regular hours", strength, earlier=earlier
        )


def _numbers(columns: MemoryColumns, there: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the numbers of the latest of some entries, oldest first."""
    return tuple((columns.number[there][-EVIDENCE:]).tolist())
