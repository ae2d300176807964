"""How much to work, by prompt: a language model names a share of full-time work."""

from __future__ import annotations

from functools import lru_cache

from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.economy.work_choice import WorkChoice, WorkDecision, WorkFacts
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.prompts import UNKNOWN_PERSON, Reason

__all__ = ["WorkPrompt", "WorkReply", "work_reply"]

_PERCENT = 100


class WorkReply(BaseModel):
    """How much a language model has the person work, in per cent of full time."""

    reason: Reason
    work_percent: int = Field(ge=0)


@lru_cache(maxsize=8)
def work_reply(most: int) -> type[WorkReply]:
    """Return the form of a reply that accepts 0 to `most` per cent.

    Examples
    --------
    >>> work_reply(150)(reason="needs the money", work_percent=100).work_percent
    100
    """
    return create_model("WorkReply", __base__=WorkReply, work_percent=(int, Field(ge=0, le=most)))


class WorkPrompt:
    """Asks how much a person works in the coming month, as EconAgent does [1]_.

    The prompt form of `WorkChoice.offer`.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``economy.work``.

    References
    ----------
    .. [1] Li, Gao, Li, Li and Liao (2024), EconAgent: large language model-empowered agents
       for simulating macroeconomic activities. ACL, 15523-15536.
    """

    __slots__ = ("parameters",)

    verb = "offer"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters = tree.economy.work

    async def ask(
        self, _: WorkChoice, __: WorkDecision, facts: WorkFacts, *, draw: float, person: str = ""
    ) -> WorkDecision:
        """Ask about the hours of a month (see `WorkChoice.offer`)."""
        del draw
        numbers = self.parameters
        reply = await ask(
            "work",
            work_reply(round(_PERCENT * numbers.prompt_most)),
            person=person or UNKNOWN_PERSON,
            full_time=round(numbers.week_hours, 1),
            hours=round(facts.hours, 1),
            usual_hours=round(facts.usual_hours, 1),
            wage=round(facts.wage, 2),
            unearned=round(facts.unearned),
            savings=round(facts.savings),
            kept_percent=round(_PERCENT * facts.kept),
            most=round(_PERCENT * numbers.prompt_most),
        )
        share = round(reply.work_percent / _PERCENT / numbers.step) * numbers.step
        hours = min(share * numbers.week_hours, numbers.most_hours)
        return WorkDecision(hours, reply.reason, DecisionSource.PROMPT)
