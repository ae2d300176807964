"""Messages: they survive being saved, and say who passed them on."""

from __future__ import annotations

import json

from mesa_llm_city.core.message import Heard, Message, Response
from mesa_llm_city.core.values import DecisionSource, ReactionKind

FLOOD = Message(
    id=3,
    text="The river rises",
    source="authorities",
    channel="radio",
    minute=690,
    topic="flood",
    danger=0.9,
    zones=(2, 5),
)


def test_a_message_survives_json() -> None:
    assert Message.from_json(json.loads(json.dumps(FLOOD.to_json()))) == FLOOD


def test_what_has_been_made_of_it_survives_json() -> None:
    response = Response(
        ReactionKind.FLEE,
        believed=True,
        reason="near",
        source=DecisionSource.PROMPT,
        informs=True,
        minutes=12,
    )
    heard = Heard(FLOOD, response, times=2, avoids=True)
    again = Heard.from_json(json.loads(json.dumps(heard.to_json())))
    assert again == heard
    assert again.response.kind is ReactionKind.FLEE


def test_who_passes_it_on_is_its_sender_and_its_first_source_stays() -> None:
    passed = FLOOD.passed_on(7, "phone", minute=700, leaves_min=710)
    assert (passed.id, passed.source, passed.sender) == (3, "authorities", 7)
    assert (passed.passed, passed.channel, passed.leaves_min) == (1, "phone", 710)


def test_a_danger_without_place_and_zone_is_everywhere() -> None:
    storm = Message(id=0, text="a", source="b", channel="radio", minute=0, topic="c", danger=0.5)
    assert storm.is_everywhere
    assert not FLOOD.is_everywhere
