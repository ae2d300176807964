"""What a person knows of their own money, and the two choices that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mesa_llm_city.core.component import State
from mesa_llm_city.economy.spending_choice import (
    SpendingChoice,
    SpendingDecision,
    SpendingFacts,
)
from mesa_llm_city.economy.stress import adapted, felt_stress, money_stress
from mesa_llm_city.economy.work_choice import WorkChoice, WorkDecision, WorkFacts
from mesa_llm_city.parameters import CityParameters, default_parameters

__all__ = ["Finances", "Means"]


class Means(NamedTuple):
    """What goals follow from, in median incomes a month.

    Attributes
    ----------
    income : float
        What there is for a month: income, and savings spread over `economy.stress.months`.
    expenses : float
        What a month costs.
    """

    income: float
    expenses: float


class Finances:
    """The money of one person: what a month brings and costs, and how much it weighs on them.

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `economy` is read.

    Attributes
    ----------
    means : Means or None
        Of the last month; None before the first.
    stress : float
        Financial stress that is felt, in [0, 1] (see `felt_stress`).

    Examples
    --------
    >>> finances = Finances()
    >>> finances.review(savings=0.0, income=1800.0, costs=1800.0)
    >>> finances.means, finances.stress
    (Means(income=0.5, expenses=0.5), 1.0)
    >>> finances.review(savings=5400.0, income=1800.0, costs=1800.0)
    >>> finances.means.income, finances.stress
    (1.0, 0.0)
    """

    __slots__ = ("_first", "_parameters", "_spending", "_usual", "_work", "means", "stress")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self._parameters = tree.economy
        self._work, self._spending = WorkChoice(tree), SpendingChoice(tree)
        self.means: Means | None = None
        self.stress = 0.0
        self._usual: float | None = None
        self._first = 0.0

    async def offer(self, facts: WorkFacts, *, draw: float, person: str = "") -> WorkDecision:
        """Return how much the person works in the coming month (see `WorkChoice.offer`)."""
        return await self._work.offer(facts, draw=draw, person=person)

    async def budget(self, facts: SpendingFacts, *, person: str = "") -> SpendingDecision:
        """Return how much the person spends in the month (see `SpendingChoice.budget`)."""
        return await self._spending.budget(facts, person=person)

    def review(self, *, savings: float, income: float, costs: float) -> None:
        """Take in how a month was: savings at its end, what it brought and cost, in currency."""
        numbers = self._parameters
        unit = numbers.median_income
        there = income + savings / numbers.stress.months
        self.means = Means(there / unit, costs / unit)
        now = float(money_stress(savings, costs, numbers.stress))
        if self._usual is None:
            self._usual = self._first = now
        self.stress = float(felt_stress(now, self._usual, self._first))
        self._usual = float(adapted(self._usual, now, numbers.stress))

    def state(self) -> State:
        """Return means and stress."""
        means = None if self.means is None else list(self.means)
        return {"means": means, "stress": self.stress, "usual": self._usual, "first": self._first}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.means = None if state["means"] is None else Means(*state["means"])
        self.stress, self._usual, self._first = state["stress"], state["usual"], state["first"]
