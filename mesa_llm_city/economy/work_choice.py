"""How much to work: the choice of one person, by rule."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.economy.work import (
    WEEKS_PER_MONTH,
    hours_by_rule,
    power_hours,
    wished_hours,
)
from mesa_llm_city.parameters import CityParameters, default_parameters

__all__ = ["WorkChoice", "WorkDecision", "WorkFacts"]


class WorkFacts(NamedTuple):
    """What the choice of hours follows from; money in currency.

    Attributes
    ----------
    usual_hours : float
        Hours a week without unearned income and at the usual taxes.
    hours : float
        Hours a week now.
    wage : float
        Wage of an hour, before taxes.
    unearned : float
        Unearned income of a month beyond the usual.
    kept : float
        What is left of one more unit of earnings over what usually is (see `wished_hours`).
    effect : float
        Income effect of the person (see `personal_effect`).
    savings : float
        Savings.
    """

    usual_hours: float
    hours: float
    wage: float
    unearned: float = 0.0
    kept: float = 1.0
    effect: float = 0.0
    savings: float = 0.0


class WorkDecision(NamedTuple):
    """How much somebody works in the coming month.

    Attributes
    ----------
    hours : float
        Hours a week.
    reason : str
        Why.
    source : DecisionSource
        Rule or prompt.
    """

    hours: float
    reason: str
    source: DecisionSource = DecisionSource.RULE


class WorkChoice(Stateless):
    """Chooses the hours of the coming month; it remembers nothing, so one serves everybody.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``economy.work``.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> choice = WorkChoice()
    >>> facts = WorkFacts(usual_hours=40.0, hours=40.0, wage=20.0, unearned=1000.0, effect=0.11)
    >>> run(choice.offer(facts, draw=0.01)).hours.__round__(2)
    38.74
    """

    __slots__ = ("parameters",)

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters = tree.economy.work

    async def offer(
        self,
        facts: WorkFacts,
        *,
        draw: float,
        person: str = "",  # noqa: ARG002 - read by the prompt form
    ) -> WorkDecision:
        """Return how much the person works in the coming month, and change nothing.

        Parameters
        ----------
        facts : WorkFacts
            Hours, wage and other income.
        draw : float
            Uniform draw of the person and month in [0, 1): whether hours can be changed.
        person : str, optional
            The person in words; shown to a language model.
        """
        parameters = self.parameters
        if parameters.rule == "power":
            month = facts.wage * parameters.week_hours * WEEKS_PER_MONTH
            hours = float(power_hours(month, facts.savings, draw, parameters))
            return WorkDecision(hours, f"{month:.0f} a month for savings of {facts.savings:.0f}")
        wished = wished_hours(
            facts.usual_hours,
            wage=facts.wage,
            unearned=facts.unearned,
            kept=facts.kept,
            effect=facts.effect,
            parameters=parameters,
        )
        hours = float(hours_by_rule(facts.hours, wished, draw, parameters))
        return WorkDecision(hours, _reason(facts, float(wished)))


def _reason(facts: WorkFacts, wished: float) -> str:
    return (
        f"wishes {wished:.1f} h a week at {facts.wage:.2f} an hour with {facts.unearned:.0f} "
        f"a month besides; now {facts.hours:.1f} h"
    )
