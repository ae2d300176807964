"""Sharing by prompt: a language model says what a person does with a message, and its words."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.society import SharingParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Rating, Reason
from mesa_llm_city.social.post import Post, PostKind
from mesa_llm_city.social.post_facts import post_facts, stance_fact, tenths
from mesa_llm_city.social.sharing import ANY_READER, Reader, Shared, Sharing

__all__ = ["ShareReply", "SharingPrompt", "share_reply"]

_TEXT_LENGTH = 200
_OPTIONS = {
    None: "do nothing",
    PostKind.FORWARD: "forward it as it is",
    PostKind.REPLY: "answer it",
    PostKind.POST: "write a message of their own about it",
}


class ShareReply(BaseModel):
    """What a language model has the person do with a message."""

    reason: Reason
    choice: int = Field(ge=1)
    text: str = Field(max_length=_TEXT_LENGTH)
    stance: int = Field(ge=-10, le=10)
    intensity: Rating


@lru_cache(maxsize=8)
def share_reply(options: int) -> type[ShareReply]:
    """Return the form of a reply that can name only one of the options shown.

    Examples
    --------
    >>> share_reply(4)(reason="no", choice=2, text="", stance=0, intensity=0).choice
    2
    """
    return create_model("ShareReply", __base__=ShareReply, choice=(int, Field(ge=1, le=options)))


class SharingPrompt:
    """Asks what a person does with a post; the prompt form of `Sharing.decide`.

    A model can be asked only where the rule finds sharing likely enough
    (``social.sharing.ask_above``). When something is shared is drawn by the rule.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `social.sharing`.
    """

    __slots__ = ("parameters",)

    verb = "decide"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: SharingParameters = tree.social.sharing

    async def ask(
        self,
        rule: Sharing,
        by_rule: Shared,
        post: Post,
        *,
        at_min: int,
        reader: Reader = ANY_READER,
        is_broadcaster: bool = False,  # noqa: ARG002 - the model is told how often it was passed on
        persona: Persona | None = None,
        author: str = "",
        rng: np.random.Generator,
    ) -> Shared | None:
        """Ask about a post (see `Sharing.decide`); None where sharing is too unlikely."""
        if by_rule.probability < self.parameters.ask_above:
            return None
        # In random order, since language models prefer what comes first.
        kinds = list(_OPTIONS)
        kinds = [kinds[row] for row in rng.permutation(len(kinds)).tolist()]
        reply = await ask(
            "share",
            share_reply(len(kinds)),
            **post_facts(post, at_min=at_min, persona=persona, author=author),
            passed=post.depth,
            emotion=rule.emotion_word(reader),
            stance=stance_fact(reader.stance),
            believed=tenths(reader.belief),
            queue=reader.queue,
            known=list(reader.known),
            options=[_OPTIONS[kind] for kind in kinds],
        )
        shared = by_rule._replace(
            kind=kinds[reply.choice - 1], reason=reply.reason, source=DecisionSource.PROMPT
        )
        return _with_words(rule.content(shared, post, reader), reply)


def _with_words(shared: Shared, reply: ShareReply) -> Shared:
    """Return what is shared in the words of a reply; without any those of the rule stay."""
    if shared.kind in {None, PostKind.FORWARD} or not reply.text.strip():
        return shared
    return shared._replace(
        text=reply.text, stance=reply.stance / 10.0, intensity=reply.intensity / 10.0
    )
