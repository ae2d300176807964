"""How much to spend, by prompt: a language model names a share of what there is."""

from __future__ import annotations

from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.economy.spending_choice import (
    SpendingChoice,
    SpendingDecision,
    SpendingFacts,
)
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.prompts import UNKNOWN_PERSON, Reason

__all__ = ["SpendingPrompt", "SpendingReply"]

_PERCENT = 100


class SpendingReply(BaseModel):
    """How much a language model has the person spend, in per cent of what there is."""

    reason: Reason
    spend_percent: int = Field(ge=0, le=_PERCENT)


class SpendingPrompt:
    """Asks how much a person spends in a month, as EconAgent does [1]_.

    The prompt form of `SpendingChoice.budget`. Nothing is asked where there is no money.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``economy.spending``.

    References
    ----------
    .. [1] Li, Gao, Li, Li and Liao (2024), EconAgent: large language model-empowered agents
       for simulating macroeconomic activities. ACL, 15523-15536.
    """

    __slots__ = ("parameters",)

    verb = "budget"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters = tree.economy.spending

    async def ask(
        self, _: SpendingChoice, __: SpendingDecision, facts: SpendingFacts, *, person: str = ""
    ) -> SpendingDecision | None:
        """Ask about the spending of a month (see `SpendingChoice.budget`)."""
        there = facts.savings + facts.disposable + facts.transfers
        if there <= 0.0:
            return None
        reply = await ask(
            "spend",
            SpendingReply,
            person=person or UNKNOWN_PERSON,
            income=round(facts.disposable),
            transfers=round(facts.transfers),
            savings=round(facts.savings),
            there=round(there),
            rent=round(facts.rent),
            price_percent=round(_PERCENT * facts.price),
        )
        step = self.parameters.step
        share = round(reply.spend_percent / _PERCENT / step) * step
        return SpendingDecision(min(share, 1.0) * there, reply.reason, DecisionSource.PROMPT)
