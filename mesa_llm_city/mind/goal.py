"""Goals as values: what a person wants to achieve, what it follows from, and a revision."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from mesa_llm_city.core.values import DecisionSource

__all__ = ["Goal", "GoalFacts", "Horizon", "Revision", "favoured"]


class Horizon(StrEnum):
    """How long a goal is meant to last: some weeks, or longer."""

    SHORT = "short"
    LONG = "long"


class Goal(NamedTuple):
    """Something a person wants to achieve.

    Attributes
    ----------
    text : str
        The goal in words, at most 120 characters.
    horizon : Horizon
        Some weeks, or longer.
    favours : tuple of (str, float)
        Activities it speaks for or against, with weights from -1 to 1.
    """

    text: str
    horizon: Horizon
    favours: tuple[tuple[str, float], ...]


class GoalFacts(NamedTuple):
    """What goals follow from.

    Attributes
    ----------
    fulfilment : float
        Share of the day with all needs above their thresholds (see `need_fulfilment`).
    income, expenses : float
        Per month, in median incomes.
    contacts : int
        Number of different people talked to in a week.
    interest : float
        Share of the recently visited places that were liked (see `interests`);
        NaN if none was visited.
    """

    fulfilment: float
    income: float
    expenses: float
    contacts: int
    interest: float


class Revision(NamedTuple):
    """The result of revising goals.

    Attributes
    ----------
    goals : tuple of Goal
        The new goals, which replace the old ones.
    source : DecisionSource
        Rule or prompt.
    reason : str
        The terms that decided, or the language model's own reason.
    """

    goals: tuple[Goal, ...]
    source: DecisionSource
    reason: str


def favoured(favours: Iterable[Iterable[tuple[str, float]]]) -> dict[str, float]:
    """Return how much goals together speak for activities.

    Parameters
    ----------
    favours : iterable of iterable of (str, float)
        What each goal speaks for, as in `Goal.favours`.

    Returns
    -------
    dict of str to float
        Sums of weights, cut at -1 and 1.

    Examples
    --------
    >>> favoured([[("social", 0.8), ("rest", -0.2)], [("social", 0.5)]])
    {'social': 1.0, 'rest': -0.2}
    """
    total: dict[str, float] = {}
    for one in favours:
        for purpose, weight in one:
            total[purpose] = total.get(purpose, 0.0) + weight
    return {purpose: min(max(weight, -1.0), 1.0) for purpose, weight in total.items()}
