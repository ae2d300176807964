"""Who knows whom when a run begins: household, friends, colleagues, classmates, neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.parameters.social import AcquaintanceParameters, SimilarityParameters
from mesa_llm_city.population import Occupation, Persona
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.social import Relation, Ties, demographic_similarity
from mesa_llm_city.social.first_ties import known_rows

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
    """Return whom each of `people` knows, the closest first (see `known_rows`).

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
    columns = PeopleColumns.of(people)
    found: list[dict[Relation, list[int]]] = [{} for _ in people]
    for relation, rows, others in known_rows(columns, seed=seed, parameters=numbers):
        for row, other in zip(rows.tolist(), others.tolist(), strict=True):
            found[row].setdefault(_named(relation, people[row]), []).append(other)
    return [[Circle(relation, tuple(some)) for relation, some in one.items()] for one in found]


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


def _named(relation: Relation, persona: Persona) -> Relation:
    learns = relation is Relation.COLLEAGUE and persona.occupation in _LEARNERS
    return Relation.CLASSMATE if learns else relation
