"""Conversation by prompt: two speakers in turn, each from what is hers alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import ask
from mesa_llm_city.prompts import Reason
from mesa_llm_city.social.encounter import Channel
from mesa_llm_city.social.prompt_facts import mood_fact, thought_fact, tie_fact
from mesa_llm_city.social.talk import Speaker, Utterance

__all__ = ["TalkReply", "Talked", "talk_by_prompt"]

_MEMORIES = 5
_MEMORY_LENGTH = 120
_TEXT_LENGTH = 240
_TOLD_TURNS = 8


class TalkReply(BaseModel):
    """What a language model says for a speaker, and how the speaker finds the conversation."""

    reason: Reason
    says: str = Field(min_length=1, max_length=_TEXT_LENGTH)
    ends: bool
    outcome: Literal["positive", "neutral", "negative"]
    valence: int = Field(ge=-5, le=5)


class Talked(NamedTuple):
    """A conversation in words, with the last word of each speaker on how it was."""

    first: TalkReply
    second: TalkReply
    utterances: tuple[Utterance, ...]


async def talk_by_prompt(
    first: Speaker, second: Speaker, *, topic: str, channel: Channel, turns: int
) -> Talked:
    """Let two people speak in turn, one question for each utterance.

    Parameters
    ----------
    first, second : Speaker
        The one who begins, and the other; neither is told what is the other's.
    topic : str
        What they mean to talk about.
    channel : Channel
        How they talk.
    turns : int
        Greatest number of utterances, at least 2. A goodbye ends it earlier, but
        not before both have spoken.

    Returns
    -------
    Talked
        What was said, and the last reply of each.
    """
    pair = (first, second)
    replies: list[TalkReply] = []
    said: list[Utterance] = []
    while len(said) < turns:
        speaker, other = pair[len(said) % 2], pair[(len(said) + 1) % 2]
        left = turns - len(said)
        replies.append(await _turn(speaker, other, said, topic=topic, channel=channel, left=left))
        said.append(Utterance(speaker.persona.id, replies[-1].says))
        if replies[-1].ends and len(said) > 1:
            break
    last_of_first = replies[-1] if len(replies) % 2 else replies[-2]
    last_of_second = replies[-2] if len(replies) % 2 else replies[-1]
    return Talked(last_of_first, last_of_second, tuple(said))


async def _turn(
    speaker: Speaker,
    other: Speaker,
    said: Sequence[Utterance],
    *,
    topic: str,
    channel: Channel,
    left: int,
) -> TalkReply:
    return await ask(
        "talk",
        TalkReply,
        speaker=speaker.persona.name,
        person=speaker.persona.describe(),
        memories=[memory[:_MEMORY_LENGTH] for memory in speaker.memories[:_MEMORIES]],
        needs={name: round(10.0 * level) for name, level in speaker.needs.items()},
        mood=mood_fact(speaker.mood),
        thought=thought_fact(speaker.thought),
        other=tie_fact(other.persona.name, speaker.tie),
        how=str(channel),
        topic=topic,
        said=[
            {"own": one.person == speaker.persona.id, "text": one.text}
            for one in said[-_TOLD_TURNS:]
        ],
        left=left,
    )
