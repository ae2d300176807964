"""How much to spend: the choice of one person, by rule."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.economy.spending import buffer_stock_spending, power_spending
from mesa_llm_city.parameters import CityParameters, default_parameters

__all__ = ["SpendingChoice", "SpendingDecision", "SpendingFacts"]


class SpendingFacts(NamedTuple):
    """What the choice of spending follows from; money in currency.

    Attributes
    ----------
    disposable : float
        Income of the month after taxes and rent, without transfers.
    transfers : float
        Transfers of the month.
    savings : float
        Savings when the month began.
    cushion : float
        Wished savings, in months of income (see `personal_cushion`).
    price : float
        Price of goods; 1 where they cost what they did at first.
    rent : float
        Rent of the month, which is paid already.
    """

    disposable: float
    transfers: float
    savings: float
    cushion: float
    price: float = 1.0
    rent: float = 0.0


class SpendingDecision(NamedTuple):
    """How much somebody spends in a month besides rent.

    Attributes
    ----------
    amount : float
        Currency, no more than there is.
    reason : str
        Why.
    source : DecisionSource
        Rule or prompt.
    """

    amount: float
    reason: str
    source: DecisionSource = DecisionSource.RULE


class SpendingChoice(Stateless):
    """Chooses how much to spend; it remembers nothing, so one serves everybody.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``economy.spending`` and the median income.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> facts = SpendingFacts(disposable=2000.0, transfers=0.0, savings=3000.0, cushion=1.5)
    >>> run(SpendingChoice().budget(facts)).amount
    2000.0
    """

    __slots__ = ("least", "parameters")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters = tree.economy.spending
        self.least = self.parameters.least * tree.economy.median_income

    async def budget(
        self,
        facts: SpendingFacts,
        *,
        person: str = "",  # noqa: ARG002 - read by the prompt form
    ) -> SpendingDecision:
        """Return how much the person spends this month besides rent, and change nothing.

        Parameters
        ----------
        facts : SpendingFacts
            Income, transfers, savings and prices.
        person : str, optional
            The person in words; shown to a language model.
        """
        if self.parameters.rule == "power":
            income = facts.disposable + facts.transfers
            wished = power_spending(facts.price, income, facts.savings, self.parameters)
        else:
            wished = buffer_stock_spending(
                facts.disposable,
                facts.transfers,
                facts.savings,
                cushion=facts.cushion,
                least=self.least,
                parameters=self.parameters,
            )
        return SpendingDecision(float(wished), _reason(facts))


def _reason(facts: SpendingFacts) -> str:
    return (
        f"{facts.disposable:.0f} left of income, transfers {facts.transfers:.0f}, savings "
        f"{facts.savings:.0f}, wishes {facts.cushion:.1f} months of income saved"
    )
