"""Conversations by prompt: two people speak in turn, each from what only that person knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.prompts import Reason
from mesa_llm_city.social.contact_opportunity import Channel
from mesa_llm_city.social.conversation import (
    Conversation,
    ConversationEffect,
    Speaker,
    Utterance,
)
from mesa_llm_city.social.conversation_formulas import conversation_effect
from mesa_llm_city.social.prompt_facts import mood_fact, thought_fact, tie_fact
from mesa_llm_city.social.tie import Outcome, Tie
from mesa_llm_city.social.tie_formulas import belief_score

__all__ = ["ConversationPrompt", "TurnReply"]

# Lengths in characters, so that a prompt fits into the context of a small model.
_MEMORY_LENGTH = 160
_TEXT_LENGTH = 240


class TurnReply(BaseModel):
    """What a language model says for a speaker, and how the speaker finds the conversation."""

    reason: Reason
    says: str = Field(min_length=1, max_length=_TEXT_LENGTH)
    ends: bool
    outcome: Literal["positive", "neutral", "negative"]
    valence: int = Field(ge=-5, le=5)


class _Spoken(NamedTuple):
    """What was said, and the last reply of each speaker."""

    first: TurnReply
    second: TurnReply
    utterances: tuple[Utterance, ...]


class ConversationPrompt:
    """Lets a language model speak for both people in turn.

    The prompt form of `ConversationRule.converse`. It asks only if the two are close enough
    (`ConversationParameters.words_above`), and then for a share of the conversations
    (`ConversationParameters.words_share`).

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``social.conversation``.

    Notes
    -----
    All questions of a conversation carry the id of the person who begins it, and name the
    person who speaks as the fact ``speaker``.
    """

    __slots__ = ("parameters",)

    verb = "converse"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters = tree.social.conversation

    async def ask(
        self,
        rule: object,  # noqa: ARG002 - the questions do not depend on it
        by_rule: Conversation,
        first: Speaker,
        second: Speaker,
        *,
        channel: Channel = Channel.FACE,
        activity: str | None = None,  # noqa: ARG002 - the rule has drawn the topic
        rng: np.random.Generator,
    ) -> Conversation | None:
        """Let two people speak (see `ConversationRule.converse` for the arguments).

        The two speak in turn, `first` first, for at most `ConversationParameters.turns`
        utterances or until one says goodbye. With each utterance a speaker rates the
        conversation, and the last rating of each counts. The topic is that of `by_rule`.

        Returns
        -------
        Conversation or None
            What was said and its effects; None if the rule decides.
        """
        if not self._is_put_into_words(first, second, rng):
            return None
        spoken = await self._speak(first, second, topic=by_rule.topic, channel=channel)
        one, other = spoken.first, spoken.second
        return Conversation(
            self._effect(first, one),
            self._effect(second, other),
            by_rule.topic,
            spoken.utterances,
            DecisionSource.PROMPT,
            f"{first.persona.name}: {one.reason}; {second.persona.name}: {other.reason}",
        )

    def _is_put_into_words(self, first: Speaker, second: Speaker, rng: np.random.Generator) -> bool:
        closeness = 0.5 * (_score(first.tie) + _score(second.tie))
        is_drawn = bool(rng.random() < self.parameters.words_share)
        return is_drawn and closeness >= self.parameters.words_above

    async def _speak(
        self, first: Speaker, second: Speaker, *, topic: str, channel: Channel
    ) -> _Spoken:
        """Let two people speak in turn, one question for each utterance.

        Neither prompt contains what belongs to the other. A goodbye ends the conversation,
        but not before both have spoken.
        """
        pair = (first, second)
        replies: list[TurnReply] = []
        said: list[Utterance] = []
        while (left := self.parameters.turns - len(said)) > 0:
            speaker, other = pair[len(said) % 2], pair[(len(said) + 1) % 2]
            replies.append(
                await self._turn(speaker, other, said, topic=topic, channel=channel, left=left)
            )
            said.append(Utterance(speaker.persona.id, replies[-1].says))
            if replies[-1].ends and len(said) > 1:
                break
        last, before = replies[-1], replies[-2]
        one, other_reply = (last, before) if len(replies) % 2 else (before, last)
        return _Spoken(one, other_reply, tuple(said))

    async def _turn(
        self,
        speaker: Speaker,
        other: Speaker,
        said: Sequence[Utterance],
        *,
        topic: str,
        channel: Channel,
        left: int,
    ) -> TurnReply:
        memories = speaker.memories[: self.parameters.prompt_memories]
        return await ask(
            "talk",
            TurnReply,
            speaker=speaker.persona.name,
            person=speaker.persona.describe(),
            memories=[memory[:_MEMORY_LENGTH] for memory in memories],
            needs={name: round(10.0 * level) for name, level in speaker.needs.items()},
            mood=mood_fact(speaker.mood),
            thought=thought_fact(speaker.thought),
            other=tie_fact(other.persona.name, speaker.tie),
            how=str(channel),
            topic=topic,
            said=[
                {"own": one.person == speaker.persona.id, "text": one.text}
                for one in said[-self.parameters.prompt_turns :]
            ],
            left=left,
        )

    def _effect(self, speaker: Speaker, last: TurnReply) -> ConversationEffect:
        return conversation_effect(
            speaker, Outcome(last.outcome), last.valence / 5.0, parameters=self.parameters
        )


def _score(tie: Tie) -> float:
    return float(belief_score((tie.affinity, tie.trust, tie.familiarity)))
