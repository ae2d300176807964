"""Insights: what a person has concluded about themselves and the world, and how strongly."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float

__all__ = [
    "LIKINGS",
    "MYSELF",
    "REFLECTED",
    "Insight",
    "InsightKind",
    "faded_strength",
    "is_about_the_same",
    "place_subject",
    "subject_place",
    "succession",
]

MYSELF = "self"
"""Subject of what a person believes about themselves."""

_PLACE = "place:"


class InsightKind(StrEnum):
    """Kinds of insight (CitySim, sec. 3.1.2 and appendix A)."""

    HABIT = "habit"
    PREFERENCE = "preference"
    OPINION = "opinion"
    BELIEF = "belief"
    JUSTIFICATION = "justification"


LIKINGS = (InsightKind.PREFERENCE, InsightKind.OPINION)
"""Kinds that say how much the subject is liked."""

REFLECTED = (InsightKind.HABIT, *LIKINGS, InsightKind.BELIEF)
"""Kinds that come from reflection."""


class Insight(NamedTuple):
    """An insight in reflective memory (CitySim, sec. 3.1.2).

    Attributes
    ----------
    minute : int
        Time at which it was last confirmed, in minutes.
    kind : InsightKind
        Habit, preference for an activity or mode, opinion of a place or person,
        belief about oneself, or justification of a choice.
    subject : str
        What it is about: an activity (``"meal"``) or mode (``"train"``), a place
        (`place_subject`), `MYSELF`, or any other word.
    text : str
        The insight in words.
    strength : float
        How certain it is, in [0, 1]; kept to a hundredth.
    liking : float
        How much the person likes the subject, in [-1, 1]; kept to a hundredth.
    usual_min : int or None
        Of a habit, the time of day at which it begins, in minutes in [0, 1440).
    evidence : tuple of int
        Numbers of the entries of temporal memory that it rests on.
    earlier : tuple of int
        Numbers of the earlier insights that it rests on.
    """

    minute: int
    kind: InsightKind
    subject: str
    text: str
    strength: float
    liking: float = 0.0
    usual_min: int | None = None
    evidence: tuple[int, ...] = ()
    earlier: tuple[int, ...] = ()

    @property
    def weight(self) -> float:
        """Strength times liking, in [-1, 1]; for a habit or belief the strength alone."""
        return self.strength * self.liking if self.kind in LIKINGS else self.strength


def succession(times: ArrayLike, chances: ArrayLike) -> Float:
    """Return how likely something is to happen the next time.

    Laplace's rule of succession ``(times + 1) / (chances + 2)``: the posterior mean of a
    share under a uniform prior [1]_. It is the strength of a habit seen on `times` of
    `chances` days; using it so is an assumption, since CitySim leaves this to a language
    model.

    Parameters
    ----------
    times, chances : array_like
        How often it has happened, and how often it could have; they broadcast.

    Returns
    -------
    ndarray of float64
        In (0, 1).

    References
    ----------
    .. [1] Jaynes (2003), Probability theory: the logic of science, ch. 18.

    Examples
    --------
    >>> succession([3, 3, 7], [3, 7, 7]).round(2)
    array([0.8 , 0.44, 0.89])
    """
    return np.asarray(np.add(times, 1.0) / np.add(chances, 2.0), dtype=np.float64)


def faded_strength(strength: ArrayLike, age_min: ArrayLike, *, half_life_days: float) -> Float:
    """Return the strength of an insight that has not been confirmed for some time.

    It halves with every half-life; the form is an assumption.

    Parameters
    ----------
    strength : array_like
        Strength when it was last confirmed, in [0, 1].
    age_min : array_like
        Time since then, in minutes.
    half_life_days : float
        Half-life, in days.

    Returns
    -------
    ndarray of float64
        `strength` and `age_min` broadcast.

    Examples
    --------
    >>> faded_strength(0.8, [0, 30 * 24 * 60], half_life_days=30.0)
    array([0.8, 0.4])
    """
    days = np.divide(age_min, DAY_MIN)
    return np.asarray(np.multiply(strength, 0.5 ** (days / half_life_days)), dtype=np.float64)


def place_subject(place: int) -> str:
    """Return the subject of insights about a place.

    Examples
    --------
    >>> place_subject(12)
    'place:12'
    """
    return f"{_PLACE}{place}"


def subject_place(subject: str) -> int | None:
    """Return the place that a subject stands for, or None if it is something else.

    Examples
    --------
    >>> subject_place("place:12"), subject_place("meal")
    (12, None)
    """
    prefix, place = subject[: len(_PLACE)], subject[len(_PLACE) :]
    return int(place) if prefix == _PLACE and place.isdecimal() else None


def is_about_the_same(one: Insight, other: Insight, *, same_habit_min: int) -> bool:
    """Return whether one insight confirms or replaces the other.

    Both are of one kind and about one subject. Two habits also begin at nearly the same
    time of day, so that lunch is not taken for dinner; two beliefs about oneself have the
    same text.

    Parameters
    ----------
    one, other : Insight
        The insights.
    same_habit_min : int
        Greatest time between two habits that are the same, in minutes.

    Examples
    --------
    >>> lunch = Insight(0, InsightKind.HABIT, "meal", "lunch", 0.8, usual_min=750)
    >>> is_about_the_same(lunch, lunch._replace(usual_min=780), same_habit_min=60)
    True
    >>> is_about_the_same(lunch, lunch._replace(usual_min=1140), same_habit_min=60)
    False
    """
    if (one.kind, one.subject) != (other.kind, other.subject):
        return False
    if one.subject == MYSELF:
        return one.text == other.text
    if one.usual_min is None or other.usual_min is None:
        return one.usual_min == other.usual_min
    apart = abs(one.usual_min - other.usual_min)
    return min(apart, DAY_MIN - apart) <= same_habit_min
