"""Awareness by prompt: how far a story is believed, and what is remembered in the evening."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Rating, Reason
from mesa_llm_city.social.awareness import Awareness, Belief, Consolidated
from mesa_llm_city.social.news_memory import HeardItem, Remembered, by_topic, merged_memory
from mesa_llm_city.social.post import Post
from mesa_llm_city.social.post_facts import person_fact, post_facts, tenths

__all__ = [
    "BelievePrompt",
    "BelieveReply",
    "ConsolidatePrompt",
    "ConsolidateReply",
    "EntryReply",
    "consolidate_reply",
]

_ENTRY_LENGTH = 160
# Most topics that a question names.
_TOPICS = 8
# Belief of those who know nothing yet: the middle of 0 to 10.
_NOTHING_KNOWN = 5


class BelieveReply(BaseModel):
    """How far a language model has the person believe a story."""

    reason: Reason
    believed: Rating


class BelievePrompt:
    """Asks how far a story is believed after a post; the prompt form of `Awareness.believe`."""

    __slots__ = ()

    verb = "believe"

    async def ask(
        self,
        rule: Awareness,
        _: Belief,
        post: Post,
        *,
        at_min: int,
        trust: float = 1.0,
        channel: str = "",
        persona: Persona | None = None,
        author: str = "",
    ) -> Belief:
        """Ask about a post (see `Awareness.believe` for the arguments)."""
        known = rule.known(post.topic)
        before = rule.belief(post.topic, at_min=at_min)
        reply = await ask(
            "believe",
            BelieveReply,
            **post_facts(post, at_min=at_min, persona=persona, author=author),
            trust=tenths(trust),
            channel=channel.replace("_", " "),
            times=0 if known is None else known.times,
            corrections=0 if known is None else known.corrections,
            believed=_NOTHING_KNOWN if known is None else tenths(before),
            known=list(rule.remembered(post.topic)),
        )
        return Belief(reply.believed / 10.0, reply.reason, DecisionSource.PROMPT)


class EntryReply(BaseModel):
    """What a language model has the person remember of a topic."""

    topic: int = Field(ge=1, le=_TOPICS)
    text: str = Field(min_length=1, max_length=_ENTRY_LENGTH)
    believed: Rating


class ConsolidateReply(BaseModel):
    """What is remembered of a day; `consolidate_reply` sets how many entries there may be."""

    reason: Reason
    entries: list[EntryReply]


@lru_cache(maxsize=8)
def consolidate_reply(topics: int) -> type[ConsolidateReply]:
    """Return the form of a reply with at most one entry for each of so many topics.

    Examples
    --------
    >>> consolidate_reply(2)(reason="a quiet day", entries=[]).entries
    []
    """
    entries = (list[EntryReply], Field(max_length=topics))
    return create_model("ConsolidateReply", __base__=ConsolidateReply, entries=entries)


class ConsolidatePrompt:
    """Asks what is remembered of a day's messages; the prompt form of `Awareness.consolidate`.

    FPS asks three times a day: for a summary of the day, for its merging with long memory, and
    for the belief then. Here it is one question.
    """

    __slots__ = ()

    verb = "consolidate"

    async def ask(
        self,
        rule: Awareness,
        by_rule: Consolidated,
        *,
        at_min: int,
        persona: Persona | None = None,
    ) -> Consolidated | None:
        """Ask about the day (see `Awareness.consolidate`); None if nothing has been heard.

        Topics beyond the eight that were heard of most often are left out, and so are entries
        about a topic that was not told.
        """
        items = _most_heard(rule)
        if not items:
            return None
        names = list(items)
        reply = await ask(
            "consolidate",
            consolidate_reply(len(names)),
            person=person_fact(persona),
            topics=[_topic(rule, name, items[name], at_min) for name in names],
        )
        replies = {names[one.topic - 1]: one for one in reply.entries if one.topic <= len(names)}
        new = [_remembered(name, one, items[name]) for name, one in replies.items()]
        entries = merged_memory(rule.long_memory, new, at_min=at_min, parameters=rule.parameters)
        beliefs = {name: one.believed / 10.0 for name, one in replies.items()}
        return by_rule._replace(
            entries=entries, reason=reply.reason, source=DecisionSource.PROMPT, beliefs=beliefs
        )


def _most_heard(rule: Awareness) -> dict[str, list[HeardItem]]:
    """Return the messages of the day by topic, those of which most was heard first."""
    found = by_topic(rule.short_memory)
    order = sorted(found, key=lambda name: -len(found[name]))
    return {name: found[name] for name in order[:_TOPICS]}


def _topic(rule: Awareness, name: str, items: list[HeardItem], at_min: int) -> dict[str, Any]:
    most = rule.parameters.told
    earlier = [one.text for one in rule.long_memory if one.topic == name]
    return {
        "name": name,
        "believed": tenths(rule.belief(name, at_min=at_min)),
        "messages": [_line(one) for one in items[max(len(items) - most, 0) :]],
        "earlier": earlier[max(len(earlier) - most, 0) :],
    }


def _line(item: HeardItem) -> str:
    said = item.text or f"something about {item.topic}"
    return f"correction: {said}" if item.corrects else said


def _remembered(name: str, entry: EntryReply, items: list[HeardItem]) -> Remembered:
    weight = sum(one.weight for one in items)
    return Remembered(name, max(one.minute for one in items), entry.text, weight)
