"""Who knows whom when a run begins: household, friends, colleagues, classmates, neighbours."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.parameters.social import AcquaintanceParameters, SimilarityParameters
from mesa_llm_city.population import Occupation, Persona
from mesa_llm_city.social import Relation, Ties, demographic_similarity

__all__ = ["Circle", "acquaint", "circles"]

_LEARNERS = frozenset({Occupation.PUPIL, Occupation.STUDENT})


class Circle(NamedTuple):
    """People who have the same relation to one person.

    Attributes
    ----------
    relation : Relation
        What they are to the person.
    others : tuple of int
        Their positions among all people.
    """

    relation: Relation
    others: tuple[int, ...]


def circles(
    people: Sequence[Persona], *, seed: int, parameters: AcquaintanceParameters | None = None
) -> list[list[Circle]]:
    """Return whom each of `people` knows, the closest first.

    All members of a household know each other. Friends are drawn among people of a similar
    age, colleagues among those who work or learn in the same place, neighbours among those
    who live in the same place: each such group is put into a ring in random order, and
    everybody knows the nearest on both sides. So relations are mutual, and one more person
    changes the relations of few.

    Parameters
    ----------
    people : sequence of Persona
        All persons of the run.
    seed : int
        Seed of the run.
    parameters : AcquaintanceParameters, optional
        How many people of each relation somebody knows.

    Returns
    -------
    list of list of Circle
        In the order of `people`.

    Examples
    --------
    >>> from mesa_llm_city import City, Population
    >>> people = Population.synthesize(60, city=City.synthetic(places=300), rng=1)
    >>> [str(one.relation) for one in circles(tuple(people), seed=1)[0]]
    ['household', 'friend', 'neighbour']
    """
    numbers = parameters or default_parameters().social.acquaintances
    found: list[list[Circle]] = [[] for _ in people]
    for relation, group_of, reach in _groupings(numbers):
        for group in _groups(people, group_of):
            ring = group if reach is None else _shuffled(group, people, seed, relation)
            for at, one in enumerate(ring):
                others = _others(ring, at, reach)
                if others:
                    found[one].append(Circle(_named(relation, people[one]), others))
    return found


def acquaint(
    ties: Ties,
    persona: Persona,
    known: Iterable[Circle],
    people: Sequence[Persona],
    *,
    parameters: SimilarityParameters | None = None,
) -> None:
    """Begin a person's ties to the people they know.

    Parameters
    ----------
    ties : Ties
        Ties of the person.
    persona : Persona
        The person.
    known : iterable of Circle
        Whom the person knows, the closest first.
    people : sequence of Persona
        Everybody, in the order to which `known` refers.
    parameters : SimilarityParameters, optional
        How alike people are.
    """
    for circle in known:
        others = [people[row] for row in circle.others]
        alike = demographic_similarity(persona, others, parameters=parameters)
        ties.relate([other.id for other in others], circle.relation, similarity=alike)


def _groupings(
    parameters: AcquaintanceParameters,
) -> Iterator[tuple[Relation, Callable[[Persona], Hashable], int | None]]:
    """Yield relations, what people of a group have in common, and the reach along its ring."""
    age_span = partial(_age_span, parameters=parameters)
    yield Relation.HOUSEHOLD, lambda one: one.household.id, None
    yield Relation.FRIEND, age_span, parameters.friends // 2
    yield Relation.COLLEAGUE, _workplace, parameters.colleagues // 2
    yield Relation.NEIGHBOUR, lambda one: one.home, parameters.neighbours // 2


def _age_span(persona: Persona, *, parameters: AcquaintanceParameters) -> Hashable:
    if persona.age < parameters.friends_from_age:
        return None
    return min(persona.age, parameters.oldest_group_from) // parameters.friends_age_years


def _workplace(persona: Persona) -> Hashable:
    return None if persona.work in {None, persona.home} else persona.work


def _named(relation: Relation, persona: Persona) -> Relation:
    learns = relation is Relation.COLLEAGUE and persona.occupation in _LEARNERS
    return Relation.CLASSMATE if learns else relation


def _groups(
    people: Sequence[Persona], group_of: Callable[[Persona], Hashable]
) -> Iterable[list[int]]:
    groups: dict[Hashable, list[int]] = {}
    for row, persona in enumerate(people):
        if (name := group_of(persona)) is not None:
            groups.setdefault(name, []).append(row)
    return groups.values()


def _shuffled(
    group: list[int], people: Sequence[Persona], seed: int, relation: Relation
) -> list[int]:
    if len(group) < 3:
        return group
    ids = [people[row].id for row in group]
    draws = uniforms(seed, ids, f"{relation} ring", 0, 1)[:, 0].tolist()
    return [row for _, _, row in sorted(zip(draws, ids, group, strict=True))]


def _others(ring: Sequence[int], at: int, reach: int | None) -> tuple[int, ...]:
    """Return whom the person at a position of a ring knows: all, or `reach` on each side."""
    size = len(ring)
    if reach is None or size <= 2 * reach + 1:
        return tuple(ring[:at]) + tuple(ring[at + 1 :])
    steps = [*range(-reach, 0), *range(1, reach + 1)]
    return tuple(ring[(at + step) % size] for step in steps)
