"""From insights to numbers: what a person leans to, at what hours, and which places she likes.

These are all that planning learns of reflective memory, besides texts for a prompt.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mesa_llm_city.core.values import Purpose
from mesa_llm_city.mind.insight import LIKINGS, InsightKind, subject_place
from mesa_llm_city.mind.insight_memory import InsightMemory

__all__ = ["leanings", "place_opinions", "usual_times"]

_PURPOSES: Mapping[str, Purpose] = MappingProxyType({str(one): one for one in Purpose})


def leanings(thoughts: InsightMemory, *, at_min: int | None = None) -> dict[Purpose, float]:
    """Return how much a person leans to activities, from her preferences and opinions.

    The sum of strength times liking over the insights about an activity, cut at
    -1 and 1. Activities that no insight is about are left out.

    Parameters
    ----------
    thoughts : InsightMemory
        What the person has concluded.
    at_min : int, optional
        Time in minutes up to which strengths have faded; without it they are
        taken as they were when they were last thought.

    Returns
    -------
    dict of Purpose to float
        In [-1, 1], in the order of `Purpose`.

    Examples
    --------
    >>> from mesa_llm_city.mind import Insight
    >>> thoughts = InsightMemory()
    >>> thoughts.keep([
    ...     Insight(900, InsightKind.PREFERENCE, "sport", "likes sport", 0.6, 0.5, evidence=(4,)),
    ... ])
    >>> leanings(thoughts)
    {<Purpose.SPORT: 'sport'>: 0.3}
    """
    weights = dict.fromkeys(Purpose, 0.0)
    about: list[Purpose] = []
    for _, insight, strength in thoughts.held(at_min=at_min, kind=LIKINGS):
        purpose = _PURPOSES.get(insight.subject)
        if purpose is not None:
            weights[purpose] += strength * insight.liking
            about.append(purpose)
    return {one: _cut(weights[one]) for one in Purpose if one in about}


def usual_times(thoughts: InsightMemory, *, at_min: int | None = None) -> dict[Purpose, int]:
    """Return the time of day at which a person is in the habit of beginning activities.

    Of several habits about one activity, such as meals, the strongest counts,
    of equally strong ones the first of the day.

    Parameters
    ----------
    thoughts, at_min
        See `leanings`.

    Returns
    -------
    dict of Purpose to int
        Minutes of the day, in [0, 1440), in the order of `Purpose`.

    Examples
    --------
    >>> from mesa_llm_city.mind import Insight
    >>> thoughts = InsightMemory()
    >>> thoughts.keep([
    ...     Insight(900, InsightKind.HABIT, "sport", "-", 0.6, usual_min=1110, evidence=(4,)),
    ... ])
    >>> usual_times(thoughts)
    {<Purpose.SPORT: 'sport'>: 1110}
    """
    best: dict[Purpose, tuple[float, int]] = {}
    for _, insight, strength in thoughts.held(at_min=at_min, kind=InsightKind.HABIT):
        purpose, usual = _PURPOSES.get(insight.subject), insight.usual_min
        if purpose is not None and usual is not None:
            rank = (-strength, usual)
            best[purpose] = min(best.get(purpose, rank), rank)
    return {one: best[one][1] for one in Purpose if one in best}


def place_opinions(thoughts: InsightMemory, *, at_min: int | None = None) -> dict[int, float]:
    """Return how much a person likes places, from her opinions of them.

    Parameters
    ----------
    thoughts, at_min
        See `leanings`.

    Returns
    -------
    dict of int to float
        Strength times liking in [-1, 1] by id of the place, in the order of ids.

    Examples
    --------
    >>> from mesa_llm_city.mind import Insight
    >>> thoughts = InsightMemory()
    >>> thoughts.keep([
    ...     Insight(900, InsightKind.OPINION, "place:12", "fine", 0.6, 0.5, evidence=(4,)),
    ... ])
    >>> place_opinions(thoughts)
    {12: 0.3}
    """
    liked: dict[int, float] = {}
    for _, insight, strength in thoughts.held(at_min=at_min, kind=LIKINGS):
        place = subject_place(insight.subject)
        if place is not None:
            liked[place] = _cut(liked.get(place, 0.0) + strength * insight.liking)
    return {place: liked[place] for place in sorted(liked)}


def _cut(weight: float) -> float:
    return min(max(weight, -1.0), 1.0)
