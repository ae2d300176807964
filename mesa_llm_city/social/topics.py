"""Topics: what two people can talk about."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.parameters.social import TopicParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social.tie import Relation

__all__ = ["common_topics", "draw_topic"]


def common_topics(
    one: Persona,
    other: Persona,
    *,
    relation: Relation,
    activity: str = "",
    parameters: TopicParameters,
) -> list[str]:
    """Return what two people have in common to talk about.

    Hobbies of both, then the topic of their relation, then the activity; small talk if
    there is none of these (CitySim, appendix A.1.2: topics are constrained by the persona).

    Parameters
    ----------
    one, other : Persona
        The two people.
    relation : Relation
        What the second is to the first.
    activity : str, optional
        Label of what they are doing.
    parameters : TopicParameters
        Topics of relations.

    Returns
    -------
    list of str
        At least one, all different.
    """
    hobbies = [hobby for hobby in one.hobbies if hobby in other.hobbies]
    found = [*hobbies, getattr(parameters, relation, ""), activity]
    # Work among colleagues at work is one topic, not two.
    return list(dict.fromkeys(filter(None, found))) or [parameters.nothing_in_common]


def draw_topic(
    one: Persona,
    other: Persona,
    *,
    relation: Relation,
    activity: str = "",
    parameters: TopicParameters,
    rng: np.random.Generator,
) -> str:
    """Draw one of the `common_topics` of two people, all equally likely."""
    found = common_topics(one, other, relation=relation, activity=activity, parameters=parameters)
    return found[int(rng.random() * len(found))]
