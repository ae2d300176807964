"""A tie: what one person is to another, and what the person believes about the other."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

__all__ = ["DIMENSIONS", "Outcome", "Relation", "Tie"]

DIMENSIONS = ("affinity", "trust", "familiarity")
"""The three beliefs of a tie, in the order of every array of ties (CitySim, sec. 3.3)."""


class Relation(StrEnum):
    """What another is to a person, from the closest to the most distant.

    An acquaintance is somebody met without any other relation, a stranger somebody never
    met.
    """

    HOUSEHOLD = "household"
    FRIEND = "friend"
    CLASSMATE = "classmate"
    COLLEAGUE = "colleague"
    NEIGHBOUR = "neighbour"
    ACQUAINTANCE = "acquaintance"
    STRANGER = "stranger"


class Outcome(StrEnum):
    """How an encounter was for one of the two people (CitySim, sec. 3.3)."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class Tie(NamedTuple):
    """What one person believes about another at a given minute.

    Attributes
    ----------
    relation : Relation
        What the other is to the person.
    affinity, trust, familiarity : float
        Beliefs in [0, 1].
    met_min : int or None
        When they last talked, in minutes; None for never.
    """

    relation: Relation
    affinity: float
    trust: float
    familiarity: float
    met_min: int | None = None
