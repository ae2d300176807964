"""Step: what a person feels, thinks, believes and does about posts and messages that come."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, NamedTuple

from mesa_llm_city.citizen.moments import moment_facts
from mesa_llm_city.citizen.opinion import Delivered, Opinion
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.risk import named, trust_in
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.social import (
    ANY_READER,
    Awareness,
    Consolidated,
    Emotion,
    Reader,
    Sharing,
    Stance,
    activity_of,
)

__all__ = [
    "OPINION_SLOTS",
    "apply_opinions",
    "consolidate_news",
    "deliver",
    "form_opinion",
    "has_opinions",
    "think_of_posts",
]

OPINION_SLOTS = ("emotion", "stance", "awareness", "sharing")
"""Slots of what a person feels, thinks, knows and does about topics; empty by default."""


def has_opinions(person: Person) -> bool:
    """Tell whether a person has a component for what comes about topics."""
    return any(getattr(person.components, slot) is not None for slot in OPINION_SLOTS)


def deliver(person: Person, delivered: Delivered) -> None:
    """Let a post come to a person, who makes something of it when they think next (a commit)."""
    if has_opinions(person):
        person.now.posts = (*person.now.posts, delivered)


class _Mind(NamedTuple):
    """The components of a person while they think: copies, so that one post follows on another."""

    emotion: Emotion | None
    stance: Stance | None
    awareness: Awareness | None
    sharing: Sharing | None


async def think_of_posts(person: Person, situation: Situation) -> None:
    """Think of the posts that have come; what the person makes of them goes to the draft."""
    for delivered in person.now.posts:
        await form_opinion(person, delivered, situation)


async def form_opinion(
    person: Person, delivered: Delivered, situation: Situation
) -> Opinion | None:
    """Think of a post; what the person makes of it goes to the draft.

    Parameters
    ----------
    person : Person
        The person, who does not change.
    delivered : Delivered
        The post, and how it came.
    situation : Situation
        The moment; opinions formed in it before count.

    Returns
    -------
    Opinion or None
        What the person makes of it; None without a component for it.
    """
    if not has_opinions(person):
        return None
    mind = _mind_in(situation, person)
    opinion = await _formed(person, delivered, mind, situation)
    _take_over(opinion, mind, at_min=situation.minute)
    situation.draft.opinions.append(opinion)
    _note(opinion, situation)
    return opinion


def _mind_in(situation: Situation, person: Person) -> _Mind:
    """Return the copies with which the person thinks at this moment."""
    draft = situation.draft
    if draft.mind is None:
        parts = (getattr(person.components, slot) for slot in OPINION_SLOTS)
        draft.mind = _Mind(*(copy.deepcopy(part) for part in parts))
    mind: _Mind = draft.mind
    return mind


async def _formed(
    person: Person, delivered: Delivered, mind: _Mind, situation: Situation
) -> Opinion:
    post, minute = delivered.post, situation.minute
    author = None if post.author < 0 else post.author
    trust = trust_in(
        person, author, source=delivered.source, channel=delivered.channel, minute=minute
    )
    who = named(person, author, source=delivered.source, situation=situation)
    facts: dict[str, Any] = {
        "at_min": minute,
        "trust": trust,
        "persona": person.persona,
        "author": who,
    }
    opinion = Opinion(delivered, trust)
    if mind.emotion is not None:
        opinion = opinion._replace(felt=await mind.emotion.react(post, **facts))
    if mind.stance is not None:
        # Two posts of one minute have numbers of their own.
        about = f"stance on {post.topic} {len(situation.draft.opinions)}"
        considered = await mind.stance.consider(
            post,
            emotion=_feeling(mind, post.topic, minute),
            known=_known(mind, post.topic),
            rng=person.streams.at(about, step=minute),
            **facts,
        )
        opinion = opinion._replace(considered=considered)
    if mind.awareness is not None:
        belief = await mind.awareness.believe(post, channel=delivered.channel, **facts)
        opinion = opinion._replace(belief=belief)
    if mind.sharing is None or not delivered.may_share:
        return opinion
    about = f"share {post.topic} {len(situation.draft.opinions)}"
    shared = await mind.sharing.decide(
        post,
        at_min=minute,
        reader=_reader(person, opinion, mind),
        is_broadcaster=delivered.is_broadcaster,
        persona=person.persona,
        author=who,
        rng=person.streams.at(about, step=minute),
        **moment_facts(person, mind.sharing, "share", situation, about=about),
    )
    return opinion._replace(shared=shared)


def _reader(person: Person, opinion: Opinion, mind: _Mind) -> Reader:
    """Return what the person brings to sharing: what the post has just led to."""
    drawn = float(person.streams.trait("activity of sharing").random())
    activity = float(activity_of(drawn, person.parameters.social.sharing))
    return Reader(
        emotion=ANY_READER.emotion if opinion.felt is None else opinion.felt.level,
        # A person without stances has no distance to any post.
        stance=opinion.post.stance if opinion.considered is None else opinion.considered.stance,
        belief=ANY_READER.belief if opinion.belief is None else opinion.belief.sure,
        queue=opinion.delivered.queue,
        activity=activity,
        known=_known(mind, opinion.post.topic),
    )


def _feeling(mind: _Mind, topic: str, minute: int) -> str:
    return "" if mind.emotion is None else str(mind.emotion.word(topic, at_min=minute))


def _known(mind: _Mind, topic: str) -> tuple[str, ...]:
    return () if mind.awareness is None else tuple(mind.awareness.remembered(topic))


def _note(opinion: Opinion, situation: Situation) -> None:
    """Note what a language model has said, and what is passed on."""
    made = (
        ("emotion", opinion.felt and f"{opinion.felt.level:.2f}", opinion.felt),
        ("stance", opinion.considered and f"{opinion.considered.stance:.2f}", opinion.considered),
        ("awareness", opinion.belief and f"{opinion.belief.sure:.2f}", opinion.belief),
    )
    for slot, choice, decision in made:
        if decision is not None and decision.source is DecisionSource.PROMPT:
            situation.draft.note(slot, f"{choice}", decision.reason, decision.source)
    shared = opinion.shared
    if shared is not None and (shared.kind or shared.source is not DecisionSource.RULE):
        choice = str(shared.kind or "nothing")
        situation.draft.note("sharing", choice, shared.reason, shared.source)


def _take_over(opinion: Opinion, mind: Any, *, at_min: int) -> None:  # noqa: ANN401 - any holder
    """Let emotion, stance and awareness become what an opinion says."""
    post = opinion.post
    if mind.emotion is not None and opinion.felt is not None:
        mind.emotion.feel(post.topic, opinion.felt.level, at_min=at_min)
    if mind.stance is not None and opinion.considered is not None:
        mind.stance.adopt(post.topic, opinion.considered)
    if mind.awareness is not None and opinion.belief is not None:
        by_prompt = opinion.belief.source is DecisionSource.PROMPT
        mind.awareness.hear(
            post,
            trust=opinion.trust,
            channel=opinion.delivered.channel,
            at_min=at_min,
            sure=opinion.belief.sure if by_prompt else None,
        )


async def consolidate_news(person: Person, situation: Situation) -> None:
    """Merge the messages of the day into long memory (a thought; it goes to the draft)."""
    if person.components.awareness is None:
        return
    awareness = _mind_in(situation, person).awareness
    if awareness is None or not awareness.short_memory:
        return
    consolidated = await awareness.consolidate(at_min=situation.minute, persona=person.persona)
    awareness.keep(consolidated, at_min=situation.minute)
    situation.draft.consolidated = consolidated
    if consolidated.source is DecisionSource.PROMPT:
        choice = f"{len(consolidated.entries)} entries"
        situation.draft.note("awareness", choice, consolidated.reason, consolidated.source)


def apply_opinions(
    person: Person,
    opinions: Iterable[Opinion],
    consolidated: Consolidated | None,
    *,
    at_min: int,
) -> None:
    """Let a person feel, think and know what they have made of posts (a commit).

    Parameters
    ----------
    person : Person
        The person.
    opinions : iterable of Opinion
        What the person has made of posts, in their order.
    consolidated : Consolidated or None
        What is left of the day in long memory.
    at_min : int
        When, in minutes.
    """
    done = []
    for one in opinions:
        done.append(one.delivered)
        _change_mood(person, one, at_min=at_min)
        _take_over(one, person.components, at_min=at_min)
    if done and person.now.posts:
        person.now.posts = tuple(one for one in person.now.posts if one not in done)
    awareness = person.components.awareness
    if consolidated is not None and awareness is not None:
        awareness.keep(consolidated, at_min=at_min)


def _change_mood(person: Person, opinion: Opinion, *, at_min: int) -> None:
    """Let the mood fall by what an emotion has risen, if parameters say so."""
    mood, emotion = person.components.mood, person.components.emotion
    weight = person.parameters.social.emotion.mood
    if mood is None or emotion is None or opinion.felt is None or not weight:
        return
    before = emotion.level(opinion.post.topic, at_min=at_min)
    mood.feel(-weight * (opinion.felt.level - before), at_min=at_min)
