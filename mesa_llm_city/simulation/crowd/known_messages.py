"""What a row has heard, as a citizen keeps it, and the other way round."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mesa_llm_city.citizen.state import CitizenState
from mesa_llm_city.core.message import Heard, Message, Response
from mesa_llm_city.crowd.deliveries import NO_SENDER, NOT_LEAVING, Deliveries
from mesa_llm_city.crowd.heard import NOT_HEARD
from mesa_llm_city.crowd.news import CrowdNews
from mesa_llm_city.mind.warning import REACTIONS

__all__ = ["heard_by", "messages_of", "take_messages"]


def heard_by(news: CrowdNews, row: int) -> tuple[Heard, ...]:
    """Return what a row has last heard, topic by topic.

    Who passed a message on, and how long the person took to get ready, is not known any more.
    """
    found = []
    for heard in news.heard.values():
        number = int(heard.message[row])
        if number == NOT_HEARD:
            continue
        message = replace(news.messages[number], minute=int(heard.said[row]))
        kind, believed = REACTIONS[int(heard.kind[row])], bool(heard.believed[row])
        response = Response(kind, believed=believed, reason="")
        found.append(Heard(message, response, int(heard.times[row]), bool(heard.avoids[row])))
    return tuple(found)


def messages_of(news: CrowdNews, said: Deliveries) -> list[Message]:
    """Return messages on their way, or waiting, as they came."""
    return [
        replace(
            news.messages[number],
            sender=None if sender == NO_SENDER else sender,
            channel=news.channels[channel],
            minute=minute,
            passed=passed,
            leaves_min=None if leaves == NOT_LEAVING else leaves,
        )
        for number, sender, channel, minute, passed, leaves in zip(
            *(
                getattr(said, name).tolist()
                for name in ("message", "sender", "channel", "said", "passed", "leaves")
            ),
            strict=True,
        )
    ]


def take_messages(news: CrowdNews, row: int, now: CitizenState) -> None:
    """Let a row know what a citizen has heard, and think of what waits for the citizen."""
    for one in now.heard:
        heard = news.heard_of(one.message.topic)
        heard.message[row], heard.said[row] = news.number_of(one.message), one.message.minute
        heard.times[row] = min(one.times, np.iinfo(heard.times.dtype).max)
        heard.kind[row] = REACTIONS.index(one.response.kind)
        heard.believed[row], heard.avoids[row] = one.response.believed, one.avoids
    if now.news:
        news.keep(_deliveries(news, row, now.news))


def _deliveries(news: CrowdNews, row: int, messages: tuple[Message, ...]) -> Deliveries:
    columns = [
        (
            row,
            one.minute,
            news.number_of(one),
            NO_SENDER if one.sender is None else one.sender,
            news.code_of(one.channel),
            one.minute,
            one.passed,
            NOT_LEAVING if one.leaves_min is None else one.leaves_min,
        )
        for one in messages
    ]
    return Deliveries(
        *(np.array(one, dtype=np.int64) for one in zip(*columns, strict=True))
    ).packed()
