"""What is read off the messages: who knows, feels, thinks and believes, and the cascades."""

from __future__ import annotations

from typing import Any

import numpy as np
from mesa_llm_city.models.rumour.flow import MessageFlow
from numpy.typing import NDArray

from mesa_llm_city.experiments.diffusion.cascades import NO_PARENT, Cascades
from mesa_llm_city.social.emotion import emotion_code
from mesa_llm_city.social.stance import stance_side

__all__ = ["COURSE", "aware_of", "count_shared", "noted", "trees"]

COURSE = (
    *("minute", "item", "is_true", "aware", "moderate", "intense", "stance"),
    *("favour", "against", "believing", "belief", "shared"),
)
"""Columns of what is noted."""


def aware_of(flow: MessageFlow, item: int) -> NDArray[np.bool_]:
    """Return who has heard of an item from more than its correction, shape (people,)."""
    found: NDArray[np.bool_] = flow.audience.times[:, item] > 0
    return found


def count_shared(flow: MessageFlow, item: int) -> int:
    """Return the number of forwards, replies and posts about an item, without the first post."""
    posts = flow.posts
    by_people = (posts.topic == item) & (posts.author >= 0)
    return max(int(np.count_nonzero(by_people)) - 1, 0)


def noted(flow: MessageFlow, minute: int) -> list[tuple[Any, ...]]:
    """Return a row of `COURSE` for each item at a minute."""
    return [_noted(flow, item, minute) for item in range(len(flow.items))]


def _noted(flow: MessageFlow, code: int, minute: int) -> tuple[Any, ...]:
    audience, social, item = flow.audience, flow.parameters.social, flow.items[code]
    levels = emotion_code(audience.emotion(item.topic, at_min=minute), social.emotion)
    belief, aware = audience.belief(item.topic, at_min=minute), aware_of(flow, code)
    stance = audience.stance(item.topic)
    sides = stance_side(stance, social.stance)
    return (
        *(minute, item.topic, item.is_true, float(aware.mean())),
        *(float((levels == 1).mean()), float((levels == 2).mean())),
        *(float(stance.mean()), float((sides > 0).mean()), float((sides < 0).mean())),
        float(((belief > 0.5) & aware).mean()),
        float(belief[aware].mean()) if aware.any() else np.nan,
        count_shared(flow, code),
    )


def trees(flow: MessageFlow) -> Cascades:
    """Return the tree of the first post of each item: forwards and replies, in order of time."""
    posts = flow.posts
    first = np.flatnonzero((posts.parent < 0) & (posts.author >= 0))
    _, begins = np.unique(posts.topic[first], return_index=True)
    rows = np.flatnonzero(np.isin(posts.root, first[begins]))
    place = np.full(len(posts) + 1, NO_PARENT)
    place[rows] = np.arange(len(rows))
    topic = posts.topic[rows].astype(np.int64)
    minute = np.array([one.minute for one in flow.items])
    return Cascades(
        cascade=topic,
        person=posts.author[rows],
        parent=place[posts.parent[rows]],
        depth=posts.depth[rows].astype(np.int64),
        minute=(posts.minute[rows] - minute[topic]).astype(np.float64),
    )
