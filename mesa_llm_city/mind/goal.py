"""Goals as values: what a person wants to achieve, what it follows from, and a revision."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from mesa_llm_city.core.values import DecisionSource

__all__ = ["Goal", "GoalFacts", "Horizon", "Revision"]


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
        Share of the recently visited places that were liked (see `interest`);
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
