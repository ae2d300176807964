"""What a person remembers of the news: messages of the day, and what is left of others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.parameters.society import AwarenessParameters
from mesa_llm_city.social.post import Post

__all__ = ["HeardItem", "Remembered", "by_topic", "merged_memory", "summary"]

_TEXT_LENGTH = 160


class HeardItem(NamedTuple):
    """A message in short memory.

    Attributes
    ----------
    topic : str
        What it is about.
    minute : int
        When it was heard.
    stance, intensity : float
        Of the message.
    text : str
        What it said.
    corrects : bool
        Whether it said that the story is not true.
    """

    topic: str
    minute: int
    stance: float
    intensity: float
    text: str
    corrects: bool

    @classmethod
    def of(cls, post: Post, *, at_min: int) -> HeardItem:
        """Return the item that a post leaves in memory."""
        text = post.text[:_TEXT_LENGTH]
        return cls(post.topic, at_min, post.stance, post.intensity, text, post.is_correction)

    @property
    def weight(self) -> float:
        """How much it counts in memory: 1, and up to 1 more by intensity (assumption)."""
        return 1.0 + self.intensity


class Remembered(NamedTuple):
    """An entry of long memory.

    Attributes
    ----------
    topic : str
        What it is about.
    minute : int
        When it was last heard of.
    text : str
        What is remembered.
    weight : float
        How much it counts against other entries of its topic.
    """

    topic: str
    minute: int
    text: str
    weight: float


Item = TypeVar("Item", HeardItem, Remembered)


def by_topic(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Return items of memory by their topic, topics in the order in which they come first."""
    found: dict[str, list[Item]] = {}
    for one in items:
        found.setdefault(one.topic, []).append(one)
    return found


def summary(items: Sequence[HeardItem]) -> Remembered:
    """Return what a day's messages of one topic leave in memory.

    How many there were, on which side, and the text of the most intense.

    Examples
    --------
    >>> summary([HeardItem("bridge", 60, 0.9, 0.2, "it opens", False)])
    Remembered(topic='bridge', minute=60, text='1 message, in favour of it: it opens', weight=1.2)
    """
    strongest = max(items, key=lambda one: (one.intensity, one.minute))
    denied = ", denied" if any(one.corrects for one in items) else ""
    count = "1 message" if len(items) == 1 else f"{len(items)} messages"
    text = f"{count}{_side(items)}{denied}" + (f": {strongest.text}" if strongest.text else "")
    weight = sum(one.weight for one in items)
    return Remembered(items[0].topic, max(one.minute for one in items), text, weight)


def _side(items: Sequence[HeardItem]) -> str:
    """Return on which side messages are, in words; empty if they take none."""
    for_it, against = any(one.stance > 0.0 for one in items), any(one.stance < 0.0 for one in items)
    if for_it and against:
        return ", on both sides"
    return ", in favour of it" if for_it else ", against it" if against else ""


def merged_memory(
    kept: Iterable[Remembered],
    new: Iterable[Remembered],
    *,
    at_min: int,
    parameters: AwarenessParameters,
) -> tuple[Remembered, ...]:
    """Return long memory with new entries in it; of each topic only the weightiest stay.

    Weights halve with age (``memory_half_life_days``), so that what is new wins among equals.

    Parameters
    ----------
    kept, new : iterable of Remembered
        Entries before, and those of the day.
    at_min : int
        When, in minutes.
    parameters : AwarenessParameters
        How many stay, and how they age.
    """
    half_life = parameters.memory_half_life_days * DAY_MIN
    return tuple(
        one
        for entries in by_topic((*kept, *new)).values()
        for one in _weightiest(entries, at_min, half_life, parameters.long_items)
    )


def _weightiest(
    entries: Sequence[Remembered], at_min: int, half_life_min: float, most: int
) -> list[Remembered]:
    """Return the entries that count most at a minute, in their order."""

    def strength(row: int) -> float:
        age = max(at_min - entries[row].minute, 0)
        return entries[row].weight * math.pow(2.0, -age / half_life_min)

    ranked = sorted(range(len(entries)), key=strength, reverse=True)
    return [entries[row] for row in sorted(ranked[:most])]
