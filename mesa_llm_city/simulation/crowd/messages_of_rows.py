"""Messages between rows of a crowd and citizens, and what rows made of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import ReactionKind
from mesa_llm_city.crowd.deliveries import NOT_LEAVING, Deliveries
from mesa_llm_city.crowd.state import NOT_TRAVELLING

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.core.values import Int
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["citizen_ids", "heard_table", "tell_citizens"]

_COUNTED = (
    "heard",
    "believed",
    *map(str, (ReactionKind.FLEE, ReactionKind.STAY_IN, ReactionKind.REPLAN)),
    *map(str, (ReactionKind.INFORM, ReactionKind.CONTINUE)),
)
_FACE, _PHONE = "in_person", "phone"


def citizen_ids(crowd: CrowdAgent) -> Int:
    """Return the ids of the citizens that rows can tell something, rising."""
    return np.array(sorted(crowd.model.residents.by_id), dtype=np.int64)


def tell_citizens(crowd: CrowdAgent, said: Deliveries) -> None:
    """Have citizens hear what rows tell them; `row` of what is said has ids of citizens."""
    model = crowd.model
    rows = {person: crowd.row_of(person) for person in np.unique(said.sender).tolist()}
    for at in range(len(said)):
        agent, sender = model.residents.by_id[int(said.row[at])], int(said.sender[at])
        row, leaves, minute = rows[sender], int(said.leaves[at]), int(said.said[at])
        stays = crowd.state.trip.destination[row] == NOT_TRAVELLING
        is_here = stays and agent.present_at == crowd.state.place[row]
        message = replace(
            crowd.news.messages[int(said.message[at])],
            sender=sender,
            channel=_FACE if is_here else _PHONE,
            minute=minute,
            passed=int(said.passed[at]),
            leaves_min=None if leaves == NOT_LEAVING else leaves,
        )
        model.news.say(message, agent.person, at_min=minute)


def heard_table(crowd: CrowdAgent) -> pd.DataFrame:
    """Return how many rows heard each message, believed it, and did what, a row a message."""
    import pandas as pd

    news = crowd.news
    return pd.DataFrame(
        {
            "message": [one.id for one in news.messages],
            "topic": [one.topic for one in news.messages],
            "text": [one.text for one in news.messages],
            "danger": [one.danger for one in news.messages],
            **{
                what: [news.counts[number, what] for number in range(len(news.messages))]
                for what in _COUNTED
            },
        }
    )
