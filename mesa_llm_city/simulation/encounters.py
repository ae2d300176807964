"""The pair phase: those who wish to talk find each other, talk, and take it to heart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mesa_llm_city.citizen.intention import Intention
from mesa_llm_city.core.asking import Backend, Thought, run_all
from mesa_llm_city.core.values import UNAWARE, Purpose, Reaction
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.social import Channel, Conversation, Ties, Wish, pair

__all__ = ["Meeting", "answers", "converse", "exchange_views", "meetings"]

_CHANNELS = {Channel.FACE: "in_person", Channel.ONLINE: "phone"}
_APART = UNAWARE | {Purpose.TRAVEL}


class Meeting(NamedTuple):
    """Two citizens who are about to talk; the first has begun.

    Attributes
    ----------
    first, second : CityAgent
        The one who has begun, and the other.
    channel : Channel
        Face to face, or online.
    minute : int
        Minute of the meeting, since midnight of the first day.
    """

    first: CityAgent
    second: CityAgent
    channel: Channel
    minute: int


def meetings(
    intended: Mapping[CityAgent, Intention],
    everybody: Mapping[int, CityAgent],
    *,
    minute: int,
    gap_min: int,
) -> list[Meeting]:
    """Return who talks to whom, after all have acted.

    Parameters
    ----------
    intended : mapping of CityAgent to Intention
        Those who have thought, and what they meant to do.
    everybody : mapping of int to CityAgent
        The citizens by id.
    minute : int
        Now; every conversation takes place at this minute.
    gap_min : int
        Least time from one contact of a person to the next, in minutes.
    """
    wishes = [
        Wish(
            agent.person,
            contact.other,
            contact.channel,
            agent.citizen.streams.uniform("pair", step=intention.minute),
        )
        for agent, intention in intended.items()
        if (contact := intention.contact) is not None
        and contact.other is not None
        and contact.channel is not None
        and _can_talk(agent, everybody.get(contact.other), contact.channel)
    ]
    if not wishes:
        return []
    return [
        Meeting(everybody[one.first], everybody[one.second], one.channel, minute)
        for one in pair(wishes, minute=minute, gap_min=gap_min, last_min=_last(wishes, everybody))
    ]


def answers(met: Sequence[Meeting], *, backend: Backend | None) -> list[tuple[Meeting, Reaction]]:
    """Return what those say to it who are written to or called (thoughts: nothing changes yet)."""
    called = [one for one in met if one.channel is Channel.ONLINE]
    thoughts = [Thought(_heard(one), person=one.second.person, minute=one.minute) for one in called]
    return list(zip(called, run_all(thoughts, backend=backend), strict=True))


def converse(
    met: Sequence[Meeting], *, backend: Backend | None
) -> list[tuple[Meeting, Conversation]]:
    """Let all pairs talk, side by side (thoughts: nothing changes yet)."""
    speaking = [one for one in met if one.first.citizen.components.conversation is not None]
    thoughts = [Thought(_talk(one), person=one.first.person, minute=one.minute) for one in speaking]
    return list(zip(speaking, run_all(thoughts, backend=backend), strict=True))


def exchange_views(one: Meeting, *, at_min: int) -> None:
    """Let both hear what the other says about the topic they feel most about (a commit)."""
    first, second = one.first.citizen, one.second.citizen
    channel = _CHANNELS[one.channel]
    said = first.speaks_of(at_min=at_min, channel=channel)
    answer = second.speaks_of(at_min=at_min, channel=channel)
    if said is not None:
        second.receive(said)
    if answer is not None:
        first.receive(answer)


async def _heard(one: Meeting) -> Reaction:
    first, second = one.first.citizen.persona, one.second.citizen
    ties = Ties() if second.components.ties is None else second.components.ties
    relation = ties.tie(first.id, at_min=one.minute).relation
    return await second.answer(f"{first.name} ({relation})", at_min=one.minute)


async def _talk(one: Meeting) -> Conversation:
    first, second, world = one.first.citizen, one.second.citizen, one.first.model.world
    conversation = first.components.conversation
    assert conversation is not None  # noqa: S101 - `converse` has seen to it
    return await conversation.converse(
        first.speaker(second.persona, at_min=one.minute, world=world),
        second.speaker(first.persona, at_min=one.minute, world=world),
        channel=one.channel,
        activity=None if first.now.activity is None else first.now.activity.purpose,
        rng=first.streams.at("talk", step=one.minute),
    )


def _can_talk(agent: CityAgent, other: CityAgent | None, channel: Channel) -> bool:
    """Tell whether both are awake, and where they have to be for it."""
    if other is None or other.citizen.components.ties is None:
        return False
    if agent.purpose in _APART or other.purpose in _APART:
        return False
    return channel is Channel.ONLINE or agent.place == other.place


def _last(wishes: Sequence[Wish], everybody: Mapping[int, CityAgent]) -> dict[int, int]:
    """Return when those concerned last talked."""
    concerned = {one for wish in wishes for one in (wish.person, wish.other)}
    found = {}
    for person in sorted(concerned):
        ties = everybody[person].citizen.components.ties
        if ties is not None and (last := ties.last_min) is not None:
            found[person] = last
    return found
