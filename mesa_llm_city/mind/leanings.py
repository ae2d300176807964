"""From insights to numbers: preferences for activities, usual times, and liked places.

Planning reads these numbers of reflective memory, besides texts for a prompt.
"""

from __future__ import annotations

from collections.abc import Collection

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.mind.insight import LIKINGS, InsightKind, subject_place
from mesa_llm_city.mind.insight_memory import InsightMemory
from mesa_llm_city.mind.memory import Memory
from mesa_llm_city.mind.regularities import usual_place

__all__ = ["habit_place", "leanings", "place_opinions", "usual_times"]


def leanings(
    insights: InsightMemory, purposes: Collection[str], *, at_min: int | None = None
) -> dict[str, float]:
    """Return how much the insights of a person speak for activities.

    The sum of strength times liking over the preferences and opinions about an activity,
    cut at -1 and 1. Activities that no insight is about are left out.

    Parameters
    ----------
    insights : InsightMemory
        What the person has concluded.
    purposes : collection of str
        Names of the activities, such as `CityParameters.purposes`.
    at_min : int, optional
        Time in minutes up to which strengths have faded; without it they are as they were
        when the insights were last confirmed.

    Returns
    -------
    dict of str to float
        In [-1, 1], in the order of `purposes`.

    Examples
    --------
    >>> from mesa_llm_city.mind import Insight
    >>> insights = InsightMemory()
    >>> insights.keep([
    ...     Insight(900, InsightKind.PREFERENCE, "sport", "likes sport", 0.6, 0.5, evidence=(4,)),
    ... ])
    >>> leanings(insights, ["rest", "sport"])
    {'sport': 0.3}
    """
    weights: dict[str, float] = {}
    for _, insight, strength in insights.held(at_min=at_min, kind=LIKINGS):
        if insight.subject in purposes:
            before = weights.get(insight.subject, 0.0)
            weights[insight.subject] = before + strength * insight.liking
    return {one: _cut(weights[one]) for one in purposes if one in weights}


def usual_times(
    insights: InsightMemory, purposes: Collection[str], *, at_min: int | None = None
) -> dict[str, int]:
    """Return the time of day at which a person is in the habit of beginning activities.

    Of several habits about one activity, such as meals, the strongest counts,
    of equally strong ones the first of the day.

    Parameters
    ----------
    insights, purposes, at_min
        See `leanings`.

    Returns
    -------
    dict of str to int
        Minutes of the day, in [0, 1440), in the order of `purposes`.

    Examples
    --------
    >>> from mesa_llm_city.mind import Insight
    >>> insights = InsightMemory()
    >>> insights.keep([
    ...     Insight(900, InsightKind.HABIT, "sport", "-", 0.6, usual_min=1110, evidence=(4,)),
    ... ])
    >>> usual_times(insights, ["rest", "sport"])
    {'sport': 1110}
    """
    best: dict[str, tuple[float, int]] = {}
    for _, insight, strength in insights.held(at_min=at_min, kind=InsightKind.HABIT):
        usual = insight.usual_min
        if insight.subject in purposes and usual is not None:
            rank = (-strength, usual)
            best[insight.subject] = min(best.get(insight.subject, rank), rank)
    return {one: best[one][1] for one in purposes if one in best}


def habit_place(
    insights: InsightMemory,
    memory: Memory,
    purpose: str,
    *,
    at_min: int,
    within_min: int,
    least: int,
) -> int | None:
    """Return where a person is in the habit of doing something at this time of day.

    It is the place of more than half of the memories that a habit rests on.

    Parameters
    ----------
    insights : InsightMemory
        What the person has concluded.
    memory : Memory
        What the person remembers.
    purpose : str
        Name of the activity.
    at_min : int
        Time, in minutes.
    within_min : int
        How far from the usual time of a habit it counts, in minutes.
    least : int
        Least number of these memories that are not forgotten.

    Returns
    -------
    int or None
        Id of the place; None without such a habit, or if its places differ.

    Examples
    --------
    >>> from mesa_llm_city.mind import Insight, MemoryEntry
    >>> memory, insights = Memory(), InsightMemory()
    >>> for day, place in enumerate((12, 31, 12)):
    ...     _ = memory.add(MemoryEntry(1440 * day + 1110, place, "sport"))
    >>> insights.keep([
    ...     Insight(4000, InsightKind.HABIT, "sport", "-", 0.6, usual_min=1110, evidence=(1, 2, 3)),
    ... ])
    >>> habit_place(insights, memory, "sport", at_min=5 * 1440 + 1090, within_min=60, least=3)
    12
    """
    habits = insights.recall(at_min=at_min, kind=InsightKind.HABIT, subject=purpose)
    for habit in habits:
        if habit.usual_min is None or _apart(habit.usual_min, at_min) > within_min:
            continue
        there = [memory.entry(number) for number in habit.evidence]
        places = [entry.place for entry in there if entry is not None]
        if len(places) >= least:
            return usual_place(places)
    return None


def _apart(usual_min: int, at_min: int) -> int:
    """Return the time between two times of day, in minutes."""
    apart = (usual_min - at_min) % DAY_MIN
    return min(apart, DAY_MIN - apart)


def place_opinions(insights: InsightMemory, *, at_min: int | None = None) -> dict[int, float]:
    """Return how much a person likes places, from the opinions of them.

    Parameters
    ----------
    insights, at_min
        See `leanings`.

    Returns
    -------
    dict of int to float
        Strength times liking in [-1, 1] by id of the place, in the order of ids.

    Examples
    --------
    >>> from mesa_llm_city.mind import Insight
    >>> insights = InsightMemory()
    >>> insights.keep([
    ...     Insight(900, InsightKind.OPINION, "place:12", "fine", 0.6, 0.5, evidence=(4,)),
    ... ])
    >>> place_opinions(insights)
    {12: 0.3}
    """
    liked: dict[int, float] = {}
    for _, insight, strength in insights.held(at_min=at_min, kind=LIKINGS):
        place = subject_place(insight.subject)
        if place is not None:
            liked[place] = _cut(liked.get(place, 0.0) + strength * insight.liking)
    return {place: liked[place] for place in sorted(liked)}


def _cut(weight: float) -> float:
    return min(max(weight, -1.0), 1.0)
