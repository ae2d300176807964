"""What recurs in a memory: hours of activities, ways to travel, and what was good or bad."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from statistics import median

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, clock_time
from mesa_llm_city.core.values import Int, Mode
from mesa_llm_city.mind.insight import (
    MYSELF,
    Insight,
    InsightKind,
    place_subject,
    succession,
)
from mesa_llm_city.mind.insight_memory import Held
from mesa_llm_city.mind.memory_entry import MemoryColumns

__all__ = [
    "evidence_weight",
    "habits_of",
    "likings_of",
    "place_name",
    "recurring_hours",
    "regular_life",
]

_SLOT_MIN = 30
_SLOTS = DAY_MIN // _SLOT_MIN
# Windows that begin so near to one another may share a habit.
_NEAR = np.arange(-3, 4)
_MODES = frozenset(str(mode) for mode in Mode)
_EVIDENCE = 6


def evidence_weight(ratings: int, *, prior: float = 2.0) -> float:
    """Return how sure a mean of ratings is: ``n / (n + prior)``.

    Times the mean, it is the mean shrunk towards neutral, as if `prior` neutral
    ratings had come before; an assumption, in line with `succession`.

    Examples
    --------
    >>> evidence_weight(3), evidence_weight(18)
    (0.6, 0.9)
    """
    return ratings / (ratings + prior)


def recurring_hours(code: Int, minute: Int, *, least_days: int) -> Int:
    """Return the hours of the day at which something begins on several days.

    For each code the hour-long window, from any half hour on, that holds a begin
    on most days; then, at least two hours from it, the next, and so on.

    Parameters
    ----------
    code : ndarray of int64, shape (n,)
        What it is, from 0.
    minute : ndarray of int64, shape (n,)
        When it began.
    least_days : int
        On how many days, at least 1.

    Returns
    -------
    ndarray of int64, shape (m, 3)
        Code, begin of the window in minutes of the day, and number of days.

    Examples
    --------
    >>> lunches = np.array([0, 1, 2]) * 1440 + [745, 755, 765]
    >>> recurring_hours(np.array([4, 4, 4]), lunches, least_days=3)
    array([[  4, 720,   3]])
    """
    if not len(code):
        return np.empty((0, 3), dtype=np.int64)
    day = minute // DAY_MIN
    begun = np.zeros((code.max() + 1, day.max() - day.min() + 1, _SLOTS), dtype=np.bool_)
    begun[code, day - day.min(), minute % DAY_MIN // _SLOT_MIN] = True
    begun |= np.roll(begun, -1, axis=2)
    return _peaks(begun.sum(axis=1), max(least_days, 1))


def _peaks(days: Int, least: int) -> Int:
    found = [np.empty((0, 3), dtype=np.int64)]
    while True:
        slot = days.argmax(axis=1)
        most = days.max(axis=1)
        (high,) = np.nonzero(most >= least)
        if not len(high):
            return np.concatenate(found)
        found.append(np.stack([high, slot[high] * _SLOT_MIN, most[high]], axis=1))
        days[high[:, None], (slot[high, None] + _NEAR) % _SLOTS] = 0


def habits_of(columns: MemoryColumns, *, at_min: int, least_days: int) -> Iterator[Insight]:
    """Yield the habits that entries show.

    An activity is a habit if it began within the same hour on `least_days` days,
    a mode if it was used on as many at whatever hour. The strength is the rule
    of succession (`succession`) over all days from the first entry on.

    Parameters
    ----------
    columns : MemoryColumns
        The entries looked at.
    at_min : int
        When they are looked at, in minutes.
    least_days : int
        On how many days it was seen.
    """
    if not columns:
        return
    days = int(at_min // DAY_MIN - columns.minute.min() // DAY_MIN + 1)
    yield from _timed_habits(columns, at_min, days, least_days)
    for code, key in enumerate(columns.keys):
        if key in _MODES:
            used = columns.code == code
            seen = len(np.unique(columns.minute[used] // DAY_MIN))
            if seen >= least_days:
                text = f"{key} is a usual way to travel"
                numbers = _numbers(columns, used)
                yield _habit(key, text, numbers, at_min=at_min, seen=seen, days=days)


def _timed_habits(
    columns: MemoryColumns, at_min: int, days: int, least_days: int
) -> Iterator[Insight]:
    clock = columns.minute % DAY_MIN
    for code, begin, seen in recurring_hours(
        columns.code, columns.minute, least_days=least_days
    ).tolist():
        key = columns.keys[code]
        if key in _MODES:
            continue
        late = (clock - begin) % DAY_MIN
        there = (columns.code == code) & (late < HOUR_MIN)
        usual = (begin + 5 * round(median(late[there].tolist()) / 5.0)) % DAY_MIN
        text = _habit_text(key, usual, often=2 * seen > days)
        numbers = _numbers(columns, there)
        habit = _habit(key, text, numbers, at_min=at_min, seen=seen, days=days)
        yield habit._replace(usual_min=usual)


def _habit(
    key: str, text: str, evidence: tuple[int, ...], *, at_min: int, seen: int, days: int
) -> Insight:
    strength = float(succession(seen, max(days, seen)))
    return Insight(at_min, InsightKind.HABIT, key, text, strength, evidence=evidence)


@lru_cache(maxsize=4096)
def _habit_text(key: str, usual: int, *, often: bool) -> str:
    # Cached, so that a town of early risers shares its texts.
    return f"{key} at about {clock_time(usual)} on {'most' if often else 'some'} days"


def likings_of(
    columns: MemoryColumns,
    *,
    at_min: int,
    names: Mapping[int, str],
    least_ratings: int,
    least_liking: float,
) -> Iterator[Insight]:
    """Yield what was repeatedly good or bad: preferences for activities, opinions of places.

    The liking is ``2 mean - 1`` of the scores, the strength `evidence_weight`.

    Parameters
    ----------
    columns : MemoryColumns
        The entries looked at.
    at_min : int
        When they are looked at, in minutes.
    names : mapping of int to str
        Names of places; others are told by id.
    least_ratings : int
        How many scores it takes.
    least_liking : float
        How far from neutral, in [0, 1], their mean must lie.
    """
    rated = ~np.isnan(columns.score)
    for group, kind in (
        (columns.code, InsightKind.PREFERENCE),
        (columns.place, InsightKind.OPINION),
    ):
        for one in _repeated(group[rated], least_ratings):
            there = rated & (group == one)
            liking = 2.0 * float(columns.score[there].mean()) - 1.0
            if abs(liking) < least_liking:
                continue
            preferred = kind is InsightKind.PREFERENCE
            subject = columns.keys[one] if preferred else place_subject(one)
            name = subject if preferred else place_name(one, names)
            yield Insight(
                at_min,
                kind,
                subject,
                f"likes {name}" if liking > 0.0 else f"does not like {name}",
                evidence_weight(int(there.sum())),
                liking,
                evidence=_numbers(columns, there),
            )


def _repeated(group: Int, least: int) -> list[int]:
    found, times = np.unique(group, return_counts=True)
    repeated: list[int] = found[times >= least].tolist()
    return repeated


def place_name(place: int, names: Mapping[int, str]) -> str:
    """Return the name of a place, or how to speak of one without a name.

    Examples
    --------
    >>> place_name(3, {3: "Cafe Lux"}), place_name(4, {3: "Cafe Lux"})
    ('Cafe Lux', 'place 4')
    """
    return names.get(place, f"place {place}")


def regular_life(
    held: Sequence[Held], *, at_min: int, least_habits: int, least_strength: float
) -> Iterator[Insight]:
    """Yield the belief to live by regular hours, if the habits known so far say so.

    It rests on earlier insights alone. Its strength is the mean of theirs.

    Parameters
    ----------
    held : sequence of Held
        What has been concluded before.
    at_min : int
        When it is looked at, in minutes.
    least_habits : int
        How many habits with a time of day it takes.
    least_strength : float
        How strong, in [0, 1], they must be on average.
    """
    habits = [one for one in held if one.insight.usual_min is not None]
    strength = float(np.mean([one.strength for one in habits])) if habits else 0.0
    if len(habits) >= least_habits and strength >= least_strength:
        strongest = sorted(habits, key=lambda one: (-one.strength, one.number))[:_EVIDENCE]
        earlier = tuple(one.number for one in strongest)
        yield Insight(
            at_min, InsightKind.BELIEF, MYSELF, "lives by regular hours", strength, earlier=earlier
        )


def _numbers(columns: MemoryColumns, there: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the numbers of the latest of some entries, oldest first."""
    return tuple((columns.number[there][-_EVIDENCE:]).tolist())
