"""What citizens do is written down: from decisions, stays and trips to rows of the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.citizen.intention import Completed, Intention
from mesa_llm_city.citizen.slots import NeedsKeeper
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import OUTSIDE, Float, Purpose, Reaction
from mesa_llm_city.mind import Needs, decay
from mesa_llm_city.simulation.records import Records
from mesa_llm_city.social import Channel, Conversation

if TYPE_CHECKING:
    # Agents write what they do; only annotations close the circle.
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.encounters import Meeting

__all__ = [
    "write_answer",
    "write_completed",
    "write_conversation",
    "write_departure",
    "write_needs",
]


def write_completed(
    records: Records, agent: CityAgent, intention: Intention, completed: Completed
) -> None:
    """Write down what an act of a citizen decided, learnt and brought to an end."""
    person, minute = agent.person, intention.minute
    for decision in intention.decisions:
        records.decisions.add((person, minute, *decision))
    for one in intention.insights:
        evidence = " ".join([*map(str, one.evidence), *(f"t{number}" for number in one.earlier)])
        insight = (one.kind, one.subject, one.text, one.strength, one.liking, evidence)
        records.insights.add((person, minute, *insight))
    _write_stay(records, agent, completed)
    _write_trip(records, person, completed)
    _write_heard(records, person, intention)


def _write_heard(records: Records, person: int, intention: Intention) -> None:
    for message, response, *_ in intention.heard:
        how = (message.channel, message.source, message.sender, message.topic, message.danger)
        done = (int(response.believed), str(response.kind), response.minutes)
        why = (str(response.source), response.reason, message.text)
        records.messages.add((person, intention.minute, message.id, *how, *done, *why))


def _write_stay(records: Records, agent: CityAgent, completed: Completed) -> None:
    if (stay := completed.activity) is None:
        return
    records.activities.add((agent.person, stay.start_min, stay.end_min, stay.purpose, stay.place))
    if agent.citizen.is_visit(stay):
        rated = (None,) * 4 if completed.ratings is None else completed.ratings[:4]
        times_and_place = (stay.start_min, stay.end_min, stay.place)
        records.visits.add((agent.person, *times_and_place, stay.purpose, *rated))


def _write_trip(records: Records, person: int, completed: Completed) -> None:
    if (trip := completed.trip) is None:
        return
    way, times = trip.option, (trip.start_min, trip.end_min)
    records.activities.add((person, *times, Purpose.TRAVEL, None))
    numbers = (way.distance_m, way.minutes, way.access_min, way.cost)
    ends = (trip.origin, trip.destination)
    records.trips.add((person, *times, *ends, trip.purpose, way.mode, *numbers))


def write_departure(records: Records, agent: CityAgent, minute: int) -> None:
    """Write down what a citizen was doing who leaves the model at `minute`."""
    stay = agent.citizen.so_far(minute)
    if stay is not None and stay[0] < stay[1]:
        records.activities.add((agent.person, *stay))


def write_answer(records: Records, met: Meeting, reaction: Reaction) -> None:
    """Write down whether somebody answered a message."""
    decided = (reaction.source, str(reaction.kind), reaction.reason)
    records.decisions.add((met.second.person, met.minute, "perception", *decided))


def write_conversation(
    records: Records, met: Meeting, talk: Conversation, names: Mapping[int, str]
) -> None:
    """Write down a conversation: who, where, about what, how it went, and its words."""
    here = met.first.place if met.channel is Channel.FACE else None
    words = "\n".join(f"{names[one.person]}: {one.text}" for one in talk.utterances)
    about = (met.channel, here, talk.topic, talk.first.outcome, talk.second.outcome)
    ids = (met.first.person, met.minute, met.second.person)
    records.conversations.add((*ids, *about, talk.source, talk.reason, words))


def write_needs(records: Records, agents: Iterable[CityAgent], minute: int) -> None:
    """Write down the needs of all citizens who have any; of outsiders while they are inside."""
    felt = [
        (agent.person, needs)
        for agent in agents
        if (needs := agent.citizen.components.needs) is not None and agent.purpose != OUTSIDE
    ]
    if felt:
        persons, needs_of_all = zip(*felt, strict=True)
        records.needs.add(minute, np.array(persons), _levels(needs_of_all, minute / HOUR_MIN))


def _levels(needs: Sequence[NeedsKeeper], at: float) -> Float:
    """Return the levels of the needs of many at a time in hours, shape (n, k)."""
    ours = [one for one in needs if type(one) is Needs]
    if len(ours) < len(needs):
        return np.array([one.levels_at(at) for one in needs])
    columns = zip(*(one.trajectory for one in ours), strict=True)
    levels, losses, since = (np.array(column) for column in columns)
    return decay(levels, losses, (at - since)[:, np.newaxis])
