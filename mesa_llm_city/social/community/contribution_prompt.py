"""What a member writes on a visit, by prompt: a language model finds the words."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.society import CommunityParameters
from mesa_llm_city.prompts import Rating, Reason
from mesa_llm_city.social.community.contribution import Contribution, Contributor
from mesa_llm_city.social.community.visit import SeenPost, Visit
from mesa_llm_city.social.post import PostKind
from mesa_llm_city.social.post_facts import tenths

__all__ = ["ContributePrompt", "ContributeReply", "contribute_reply"]

_TEXT_LENGTH = 300
_FULL = 10.0


class ContributeReply(BaseModel):
    """What a language model has a member write."""

    reason: Reason
    choice: int = Field(ge=0)
    text: str = Field(max_length=_TEXT_LENGTH)
    topic: int = Field(ge=0)
    heat: Rating
    sells: bool


@lru_cache(maxsize=64)
def contribute_reply(posts: int, topics: int) -> type[ContributeReply]:
    """Return the form of a reply that can name only posts and topics that were shown.

    Examples
    --------
    >>> form = contribute_reply(3, 2)
    >>> form(reason="", choice=4, text="Hi", topic=0, heat=1, sells=False).choice
    4
    """
    return create_model(
        "ContributeReply",
        __base__=ContributeReply,
        choice=(int, Field(ge=0, le=posts + 1)),
        topic=(int, Field(ge=0, le=topics)),
    )


class ContributePrompt:
    """Asks what a member writes; the prompt form of `Contributor.contribute`.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``social.community``.
    """

    __slots__ = ("parameters",)

    verb = "contribute"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: CommunityParameters = tree.social.community

    async def ask(
        self,
        rule: Contributor,  # noqa: ARG002 - the words are the model's own
        by_rule: Contribution,  # noqa: ARG002
        visit: Visit,
        *,
        rng: np.random.Generator,  # noqa: ARG002
    ) -> Contribution:
        """Ask about a visit (see `Contributor.contribute`)."""
        design = visit.design
        reply = await ask(
            "contribute",
            contribute_reply(len(visit.page), len(design.topics)),
            community=design.name,
            goal=design.goal,
            rules=[rule.text for rule in design.rules],
            topics=list(design.topics),
            member=visit.member.describe(),
            upset=tenths(visit.upset),
            notices=list(visit.notices),
            posts=[_fact(one, visit) for one in visit.page],
        )
        return self._read(reply, visit)

    def _read(self, reply: ContributeReply, visit: Visit) -> Contribution:
        number, topics = reply.choice, visit.design.topics
        answered = visit.page[number - 1].post.id if 1 <= number <= len(visit.page) else None
        kind = PostKind.POST if answered is None else PostKind.REPLY
        says_nothing = number == 0 or not reply.text.strip()
        intensity = reply.heat / _FULL
        return Contribution(
            None if says_nothing else kind,
            answered,
            topics[reply.topic - 1] if reply.topic else self.parameters.other_topic,
            self._breach(reply, intensity),
            intensity,
            reply.text,
            reply.reason,
            DecisionSource.PROMPT,
        )

    def _breach(self, reply: ContributeReply, intensity: float) -> str:
        if intensity >= self.parameters.hostile_from:
            return "hostility"
        if reply.sells:
            return "promotion"
        return "" if reply.topic else "off_topic"


def _fact(one: SeenPost, visit: Visit) -> dict[str, object]:
    return {
        "author": one.author,
        "text": one.post.text,
        "label": one.post.label,
        "hours": (visit.at_min - one.post.minute) // 60,
        "to": "you" if one.is_to_reader else "",
    }
