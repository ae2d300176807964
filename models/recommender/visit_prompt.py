"""What a person does on a visit, asked of a language model: one question for the whole page."""

from __future__ import annotations

from typing import Annotated, Literal

from mesa_llm_city.models.recommender.visits import Activity, View, Visit, VisitRule
from pydantic import BaseModel, Field, StringConstraints

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.prompts import Reason

__all__ = ["VisitPrompt", "VisitReply"]

_LONGEST = 200
_Words = Annotated[str, StringConstraints(max_length=_LONGEST, strip_whitespace=True)]


class VisitReply(BaseModel):
    """What is done on a visit, and why."""

    reason: Reason
    activity: Literal["watch", "search", "chat", "post"]
    choice: int = Field(ge=0)
    topic: int = Field(ge=1)
    text: _Words = ""


class VisitPrompt:
    """Asks what a person does on a visit to the platform (RecAgent's four activities)."""

    __slots__ = ()

    verb = "visit"

    async def ask(
        self,
        _: VisitRule,
        by_rule: Visit,
        _view: View,
        *,
        person: str,
        topics: list[str],
        page: list[dict[str, object]],
        places: list[int],
    ) -> Visit:
        """Ask (see `VisitRule.visit`); places and topics beyond the lists are those of the rule."""
        reply = await ask("visit", VisitReply, person=person, topics=topics, page=page)
        activity = Activity(reply.activity)
        is_there = 0 < reply.choice <= len(page) and activity is Activity.WATCH
        return Visit(
            activity,
            places[reply.choice - 1] if is_there else -1,
            reply.topic - 1 if reply.topic <= len(topics) else by_rule.topic,
            reply.text if activity is Activity.POST else "",
            reply.reason,
            DecisionSource.PROMPT,
        )
