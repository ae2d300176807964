"""Contact: whether a citizen wishes to talk to somebody, and what talking leaves behind."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeGuard

import numpy as np

from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.remembering import memories_of
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import UNAWARE, Activity, DecisionSource, Int
from mesa_llm_city.mind import Circumstances, MemoryEntry
from mesa_llm_city.parameters.social import ContactParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social import (
    Contact,
    ContactChoice,
    ContactOpportunity,
    ConversationEffect,
    Speaker,
    Ties,
)
from mesa_llm_city.social.contact_columns import may_seek_online
from mesa_llm_city.social.contact_reach import minutes_since_contact

__all__ = ["learn_from_talk", "speaker_of", "wished_contact"]


async def wished_contact(
    person: Person, activity: Activity, situation: Situation
) -> Contact | None:
    """Return whom the person wishes to talk to here or from afar, if anybody (a thought)."""
    ties, contacts = person.components.ties, person.components.contacts
    if ties is None or contacts is None or activity.purpose in UNAWARE:
        return None
    by_rule = _decides_by_rule(contacts)
    if by_rule and not _may_talk(person, activity, ties, contacts.parameters, situation):
        return None
    contact = await contacts.decide(
        _opportunity(person, activity, ties, situation, is_told=not by_rule),
        ties,
        persona=person.persona,
        names=situation.world.names,
        rng=person.streams.at("contact", step=situation.minute),
    )
    if contact.other is not None or contact.source is DecisionSource.PROMPT:
        whom = "nobody" if contact.other is None else f"{contact.other}"
        situation.draft.note("contacts", whom, contact.reason, contact.source)
    return None if contact.other is None else contact


def _decides_by_rule(contacts: object) -> TypeGuard[ContactChoice]:
    """Tell whether a component decides by our rule, which reads no thoughts."""
    return getattr(type(contacts), "decide", None) is ContactChoice.decide


def _may_talk(
    person: Person,
    activity: Activity,
    ties: Ties,
    parameters: ContactParameters,
    situation: Situation,
) -> bool:
    """Tell whether our rule would have anybody to choose from, as it mostly has not."""
    if minutes_since_contact(situation.minute, ties, parameters) is not None:
        return False
    if situation.seen.people:
        return True
    social, free_min = _social(person, situation), _free_min(activity, situation)
    return may_seek_online(social, free_min, parameters)


def _social(person: Person, situation: Situation) -> float:
    """Return the level of the social need."""
    unknown = person.parameters.social.contact.social_unknown
    return situation.needs_of(person).get("social", unknown)


def _free_min(activity: Activity, situation: Situation) -> int:
    """Return how long an activity goes on from now, if the person is free to leave it."""
    return 0 if activity.fixed else max(activity.end_min - situation.minute, 0)


def _opportunity(
    person: Person, activity: Activity, ties: Ties, situation: Situation, *, is_told: bool
) -> ContactOpportunity:
    minute = situation.minute
    return ContactOpportunity(
        minute=minute,
        social=_social(person, situation),
        free_min=_free_min(activity, situation),
        here=np.array(situation.seen.people, dtype=np.int64),
        online=_still_there(ties.others, situation) if situation.world.gone else None,
        activity=activity.purpose,
        mood=situation.mood_of(person),
        thought=person.thoughts_at(minute) if is_told else "",
    )


def _still_there(known: Int, situation: Situation) -> Int:
    """Return those of the people known who are elsewhere and have not left for good."""
    lost = np.array([*situation.world.gone, *situation.seen.people], dtype=np.int64)
    return np.setdiff1d(known, lost)


def speaker_of(
    person: Person, other: Persona, *, at_min: int, world: World | None = None
) -> Speaker:
    """Return what a person brings to a conversation with another.

    Parameters
    ----------
    person, other : Person, Persona
        The two.
    at_min : int
        When, in minutes.
    world : World, optional
        The city, for the names in memories.
    """
    ties = Ties() if person.components.ties is None else person.components.ties
    return Speaker(
        persona=person.persona,
        tie=ties.tie(other.id, at_min=at_min, similarity=_likeness(person, other, ties)),
        mood=person.mood_at(at_min),
        needs=person.needs_at(at_min),
        memories=memories_of(person, world, at_min),
        thought=person.thoughts_at(at_min),
    )


def _likeness(person: Person, other: Persona, ties: Ties) -> float:
    """Return how alike two people are, as far as it is read: our ties read it of strangers."""
    if type(ties) is Ties and ties.knows(other.id):
        return 0.0  # whatever it is
    return person.similarity_to(other)


def learn_from_talk(
    person: Person, effect: ConversationEffect, other: Persona, topic: str, *, at_min: int
) -> None:
    """Let a conversation with another change ties, company, memory and mood of a person.

    Parameters
    ----------
    person : Person
        The person.
    effect : ConversationEffect
        What the conversation did to it.
    other : Persona
        The other person.
    topic : str
        What they talked about.
    at_min : int
        When, in minutes.
    """
    components = person.components
    if components.ties is not None:
        alike = _likeness(person, other, components.ties)
        components.ties.meet(other.id, effect.outcome, at_min=at_min, similarity=alike)
    if components.needs is not None:
        components.needs.satisfy("social", effect.company, at=at_min / HOUR_MIN)
    if components.memory is not None:
        text, score = _talked(topic, str(effect.outcome)), 0.5 + 0.5 * effect.mood
        company = Circumstances(company=(other.id,))
        entry = MemoryEntry(at_min, person.now.place, "talk", text, score, company)
        components.memory.add(entry)
    if components.mood is not None:
        components.mood.feel(effect.mood, at_min=at_min)
        components.mood.think_of(f"talking with {other.name} about {topic}", at_min=at_min)


@lru_cache(maxsize=1024)
def _talked(topic: str, outcome: str) -> str:
    # Cached, so that a million conversations about the weather are one string.
    return f"about {topic}; {outcome}"
