"""Goals of many persons at once, as the rule of `Goals` sets them for each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.mind.goal import favoured
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mind import GoalParameters

__all__ = [
    "LEVELS",
    "NEVER",
    "GoalColumns",
    "RowFacts",
    "expected_contacts",
    "financial_stress",
    "goal_leanings",
    "interests",
    "isolated",
    "living_expenses",
    "unmet_levels",
]

LEVELS = ("body", "security", "belonging", "interest", "growth")
"""Levels of the hierarchy of needs, the lowest first; the last is that of who lacks nothing."""

NEVER = -1
"""Minute at which goals were set that never were."""


class RowFacts(NamedTuple):
    """What the goals of m persons follow from; each field as in `GoalFacts`, of shape (m,)."""

    fulfilment: Float
    income: Float
    expenses: Float
    contacts: Int
    interest: Float


def financial_stress(income: ArrayLike, expenses: ArrayLike, *, share: float) -> Bool:
    """Return whether income is less than `share` times the expenses (CitySim, sec. 3.1.5).

    Parameters
    ----------
    income, expenses : array_like
        Per month, in the same unit; they broadcast.
    share : float
        Share of the expenses that income has to cover.

    Examples
    --------
    >>> financial_stress([0.8, 1.0], 1.0, share=0.9).tolist()
    [True, False]
    """
    return np.asarray(income, dtype=np.float64) < share * np.asarray(expenses, dtype=np.float64)


def isolated(contacts: ArrayLike, *, fewest: int) -> Bool:
    """Return whether somebody has met too few people (CitySim, sec. 3.1.5).

    Parameters
    ----------
    contacts : array_like
        Number of people met in a week.
    fewest : int
        Fewer than this are too few.

    Examples
    --------
    >>> isolated([0, 2, 3], fewest=3).tolist()
    [True, True, False]
    """
    return np.asarray(contacts) < fewest


def interests(believed: Float, visited: Bool, *, liked_above: float) -> Float:
    """Return which share of the places that each has visited lately is liked.

    Parameters
    ----------
    believed : ndarray of float64, shape (m, S)
        What each believes of the places known, in [0, 1].
    visited : ndarray of bool, shape (m, S)
        Which of these count.
    liked_above : float
        Belief above which a place is liked.

    Returns
    -------
    ndarray of float64, shape (m,)
        In [0, 1] (CitySim, sec. 3.1.5, which asks for the satisfaction only); NaN for those who
        have visited none.

    Examples
    --------
    >>> some = np.array([[0.7, 0.4], [0.6, 0.1]])
    >>> interests(some, np.array([[True, True], [True, False]]), liked_above=0.5)
    array([0.5, 1. ])
    """
    liked = np.count_nonzero((believed > liked_above) & visited, axis=1)
    count = np.count_nonzero(visited, axis=1)
    share: Float = np.divide(liked, count, out=np.full(len(count), np.nan), where=count > 0)
    return share


def living_expenses(
    income: ArrayLike, household_size: ArrayLike, parameters: GoalParameters
) -> Float:
    """Return what living costs; people without income are kept by others.

    Parameters
    ----------
    income : array_like
        Per month, in median incomes.
    household_size : array_like of int
        Number of people in the household, at least 1; it broadcasts.
    parameters : GoalParameters
        Reads `expenses` and `shared`.

    Returns
    -------
    ndarray of float64
        Per month, in median incomes.
    """
    earned = np.asarray(income, dtype=np.float64)
    share = parameters.expenses / (1.0 + parameters.shared * (np.asarray(household_size) - 1))
    costs: Float = np.where(earned == 0.0, 0.0, np.maximum(share, parameters.expenses * earned))
    return costs


def expected_contacts(met: ArrayLike, minute: ArrayLike, parameters: GoalParameters) -> Int:
    """Return how many people a week brings, before one is over at the rate so far.

    Parameters
    ----------
    met : array_like of int
        Number of people talked to in the `contact_days` before, or since the start.
    minute : array_like of int
        Now, in minutes since the start.
    parameters : GoalParameters
        Reads `contact_days`.
    """
    week_min = parameters.contact_days * DAY_MIN
    passed = np.clip(minute, 1, week_min)
    contacts: Int = np.rint(np.asarray(met) * week_min / passed).astype(np.int64)
    return contacts


def unmet_levels(facts: RowFacts, parameters: GoalParameters) -> Bool:
    """Return which levels of the hierarchy of needs each lacks.

    Needs of the body, security, belonging and interest follow from the facts; who lacks none of
    them lacks growth. Of several, those that are too many are left out, the highest first.

    Parameters
    ----------
    facts : RowFacts
        Of m persons.
    parameters : GoalParameters
        When a level is met, and how many goals there are at most.

    Returns
    -------
    ndarray of bool, shape (m, 5)
        By `LEVELS`.

    Examples
    --------
    >>> one = np.ones(2)
    >>> facts = RowFacts(0.1 * one, one, one, np.array([9, 0]), one)
    >>> unmet_levels(facts, GoalParameters())[:, :3].tolist()
    [[True, False, False], [True, False, True]]
    """
    lacks = np.column_stack(
        [
            np.asarray(facts.fulfilment) < parameters.fulfilled_from,
            financial_stress(facts.income, facts.expenses, share=parameters.stress_below),
            isolated(facts.contacts, fewest=parameters.few_contacts),
            np.asarray(facts.interest) < parameters.bored_below,
        ]
    )
    lacks &= np.cumsum(lacks, axis=1) <= parameters.most
    return np.column_stack([lacks, ~lacks.any(axis=1)])


@dataclass(slots=True, eq=False)
class GoalColumns:
    """The goals of n persons.

    Parameters
    ----------
    unmet : ndarray of uint8, shape (n,)
        Levels that each lacks as bits, that of `LEVELS[0]` being 1; 0 before the first goals.
    revised : ndarray of int32, shape (n,)
        When they were set, in minutes; -1 before that.

    Examples
    --------
    >>> from mesa_llm_city.parameters import CityParameters
    >>> goals, tree, one = GoalColumns.begin(2), CityParameters(), np.ones(1)
    >>> lonely = RowFacts(one, one, one, np.array([0]), one)
    >>> goals.revise(np.array([1]), lonely, np.array([2880]), tree)
    >>> goals.leanings(np.array([0, 1]), tree)[:, list(tree.purposes).index("social")]
    array([0. , 0.5])
    """

    unmet: NDArray[np.uint8]
    revised: NDArray[np.int32]

    @classmethod
    def begin(cls, count: int) -> Self:
        """Return the goals of people who have none yet."""
        return cls(np.zeros(count, dtype=np.uint8), np.full(count, NEVER, dtype=np.int32))

    def due(self, rows: Int, minute: Int, parameters: GoalParameters) -> Bool:
        """Return for which rows it is time to revise the goals, as for citizens."""
        last = self.revised[rows].astype(np.int64)
        stale = (last == NEVER) | (minute - last >= parameters.every_days * DAY_MIN)
        due: Bool = stale & (minute >= parameters.first_days * DAY_MIN)
        return due

    def revise(self, rows: Int, facts: RowFacts, minute: Int, parameters: CityParameters) -> None:
        """Set new goals for some rows."""
        lacks = unmet_levels(facts, parameters.mind.goals)
        self.unmet[rows] = np.packbits(lacks, axis=1, bitorder="little")[:, 0]
        self.revised[rows] = minute

    def leanings(self, rows: Int, parameters: CityParameters) -> Float:
        """Return how much the goals of rows speak for each purpose, from -1 to 1; (m, p)."""
        leanings: Float = goal_leanings(parameters)[self.unmet[rows]]
        return leanings


@lru_cache(maxsize=8)
def goal_leanings(parameters: CityParameters) -> Float:
    """Return how much the goals of each set of levels speak for each of p purposes.

    Parameters
    ----------
    parameters : CityParameters
        Reads `mind.goals.by_level` and the purposes.

    Returns
    -------
    ndarray of float64, shape (32, p)
        From -1 to 1; sets by their bits, as in `GoalColumns.unmet`.
    """
    purposes, specs = tuple(parameters.purposes), parameters.mind.goals.by_level
    leanings = np.zeros((2 ** len(LEVELS), len(purposes)))
    for row, own in enumerate(leanings):
        levels = [level for bit, level in enumerate(LEVELS) if row >> bit & 1]
        for purpose, weight in favoured(specs[level].favours.items() for level in levels).items():
            own[purposes.index(purpose)] = weight
    return leanings
