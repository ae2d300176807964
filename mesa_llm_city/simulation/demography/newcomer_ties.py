"""Ties of people who are new in a household, in a building, at a workplace or in a school."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.parameters.social import AcquaintanceParameters
from mesa_llm_city.population import Occupation, Persona
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.registration import Setup
from mesa_llm_city.social import Relation, Ties, demographic_similarity

__all__ = ["begin_ties"]

_LEARNERS = frozenset({Occupation.PUPIL, Occupation.STUDENT})


def begin_ties(
    newcomers: Sequence[CityAgent], everybody: Sequence[CityAgent], *, setup: Setup, at_min: int
) -> None:
    """Let newcomers and some of those who live or work in the same place know each other.

    As many as everybody knows when a run begins (``social.acquaintances``), in both directions.
    Those who know many more already (``population.demography.crowded_ties``) get to know no
    more.
    Friends are not begun: they come with time.

    Parameters
    ----------
    newcomers : sequence of CityAgent
        Those who have come to live or work somewhere.
    everybody : sequence of CityAgent
        All citizens.
    setup : Setup
        Seed and parameters of the model.
    at_min : int
        Now, in minutes.
    """
    numbers = setup.parameters.social.acquaintances
    crowded = setup.parameters.population.demography.crowded_ties
    for agent in newcomers:
        for relation, others, most in _circles(agent, everybody, numbers):
            open_to = [one for one in others if _has_room(one, relation, crowded * most)]
            for other in _chosen(agent, open_to, relation, most, seed=setup.seed, at_min=at_min):
                _relate(agent, other, relation, setup)
                _relate(other, agent, relation, setup)


def _circles(
    agent: CityAgent, everybody: Sequence[CityAgent], numbers: AcquaintanceParameters
) -> Iterator[tuple[Relation, list[CityAgent], int]]:
    """Yield relations, those who could have it to the citizen, and how many of them get it."""
    me = agent.persona
    if _works_out(me):
        same = [
            one
            for one in everybody
            if one.persona.work == me.work and one is not agent and _works_out(one.persona)
        ]
        learns = me.occupation in _LEARNERS
        yield Relation.CLASSMATE if learns else Relation.COLLEAGUE, same, numbers.colleagues
    near = [one for one in everybody if one.persona.home == me.home and one is not agent]
    yield Relation.NEIGHBOUR, near, numbers.neighbours


def _works_out(persona: Persona) -> bool:
    return persona.work not in {None, persona.home}


def _chosen(
    agent: CityAgent,
    others: Sequence[CityAgent],
    relation: Relation,
    most: int,
    *,
    seed: int,
    at_min: int,
) -> list[CityAgent]:
    """Return those whom the citizen gets to know, by draws at the address of each of them."""
    known = _known(agent, relation)
    if not others or known >= most:
        return []
    ids = [one.person for one in others]
    draws = uniforms(seed, ids, f"{relation} of {agent.person}", at_min, 1)[:, 0].tolist()
    ranked = sorted(zip(draws, ids, others, strict=True), key=lambda one: one[:2])
    return [one for _, _, one in ranked[: most - known]]


def _has_room(agent: CityAgent, relation: Relation, most: float) -> bool:
    ties = agent.citizen.components.ties
    return ties is not None and _known(agent, relation) < most


def _known(agent: CityAgent, relation: Relation) -> int:
    """Return how many people who live here a citizen knows in a relation."""
    ties: Ties | None = agent.citizen.components.ties
    if ties is None:
        return 0
    by_id = agent.model.residents.by_id
    return len([one for one in ties.related(relation).tolist() if one in by_id])


def _relate(agent: CityAgent, other: CityAgent, relation: Relation, setup: Setup) -> None:
    if (ties := agent.citizen.components.ties) is None:
        return
    named = relation
    if relation in {Relation.COLLEAGUE, Relation.CLASSMATE}:
        learns = agent.persona.occupation in _LEARNERS
        named = Relation.CLASSMATE if learns else Relation.COLLEAGUE
    numbers = setup.parameters.social.similarity
    alike = demographic_similarity(agent.persona, [other.persona], parameters=numbers)
    ties.relate([other.person], named, similarity=alike)
