"""Topics: what two people have to talk about."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from mesa_llm_city.core.values import Purpose
from mesa_llm_city.population import Persona
from mesa_llm_city.social.tie import Relation

__all__ = ["draw_topic", "topics"]

_SMALL_TALK = "small talk"
_OF_RELATION: Mapping[Relation, str] = MappingProxyType(
    {
        Relation.HOUSEHOLD: "home",
        Relation.FRIEND: "friends",
        Relation.CLASSMATE: "school",
        Relation.COLLEAGUE: "work",
        Relation.NEIGHBOUR: "the neighbourhood",
    }
)


def topics(
    one: Persona, other: Persona, *, relation: Relation, activity: Purpose | None = None
) -> list[str]:
    """Return what two people have in common to talk about.

    Hobbies of both, then what their relation brings with it, then what is going
    on; small talk if there is nothing of these (CitySim, appendix A.1.2: topics
    are constrained by the persona).

    Parameters
    ----------
    one, other : Persona
        The two.
    relation : Relation
        What the other is to the one.
    activity : Purpose, optional
        What they are doing.
    """
    found = [hobby for hobby in one.hobbies if hobby in other.hobbies]
    if relation in _OF_RELATION:
        found.append(_OF_RELATION[relation])
    if activity is not None:
        found.append(str(activity))
    # Work among colleagues is one topic, not two.
    return list(dict.fromkeys(found)) or [_SMALL_TALK]


def draw_topic(
    one: Persona,
    other: Persona,
    *,
    relation: Relation,
    activity: Purpose | None = None,
    rng: np.random.Generator,
) -> str:
    """Draw one of the `topics` of two people, each equally likely."""
    found = topics(one, other, relation=relation, activity=activity)
    return found[int(rng.integers(len(found)))]
