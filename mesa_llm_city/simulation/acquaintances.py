"""Who knows whom when a run begins: household, friends, colleagues, classmates, neighbours."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.population import Occupation, Persona
from mesa_llm_city.social import Relation, Ties, similarity

__all__ = ["Circle", "RelationConfig", "acquaint", "circles"]

_LEARNERS = frozenset({Occupation.PUPIL, Occupation.STUDENT})
_CHILD = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationConfig:
    """How many people one knows at first; assumptions.

    Parameters
    ----------
    friends, colleagues, neighbours : int
        Of each, besides the household; colleagues are classmates at school. Even
        numbers, half of them to either side of a ring.

    Raises
    ------
    ConfigError
        If a number is negative or odd.
    """

    friends: int = 6
    colleagues: int = 8
    neighbours: int = 4

    def __post_init__(self) -> None:
        """Check that numbers are even."""
        for name in self.__slots__:
            if (value := getattr(self, name)) < 0 or value % 2:
                message = f"{name} must be an even number of at least 0, got {value}"
                raise ConfigError(message)


class Circle(NamedTuple):
    """People that one person knows in the same way.

    Attributes
    ----------
    relation : Relation
        What they are to the person.
    others : tuple of int
        Positions among all people.
    """

    relation: Relation
    others: tuple[int, ...]


def circles(
    people: Sequence[Persona], *, seed: int, config: RelationConfig | None = None
) -> list[list[Circle]]:
    """Return whom each of `people` knows, the closest first.

    Households know each other all. Friends are drawn among people whose ages lie
    in the same ten years, colleagues among those who work or learn in the same
    place, neighbours among those who live in the same place: in each such group
    people stand in a ring in an order of chance, and know those next to them. So
    relations are mutual, and one more person changes those of few.

    Parameters
    ----------
    people : sequence of Persona
        Everybody.
    seed : int
        Of the run.
    config : RelationConfig, optional
        How many of each.

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
    chosen = config or RelationConfig()
    found: list[list[Circle]] = [[] for _ in people]
    for relation, group_of, reach in _groupings(chosen):
        for group in _groups(people, group_of):
            ring = group if reach is None else _shuffled(group, people, seed, relation)
            for at, one in enumerate(ring):
                others = _others(ring, at, reach)
                if others:
                    found[one].append(Circle(_named(relation, people[one]), others))
    return found


def acquaint(
    ties: Ties, persona: Persona, known: Iterable[Circle], people: Sequence[Persona]
) -> None:
    """Begin a person's ties to those she knows."""
    for circle in known:
        others = [people[row] for row in circle.others]
        ids = [other.id for other in others]
        ties.relate(ids, circle.relation, similarity=similarity(persona, others))


def _groupings(
    config: RelationConfig,
) -> Iterator[tuple[Relation, Callable[[Persona], Hashable], int | None]]:
    """Yield relations, who belongs together, and how far one knows along the ring."""
    yield Relation.HOUSEHOLD, lambda one: one.household.id, None
    yield Relation.FRIEND, _age_group, config.friends // 2
    yield Relation.COLLEAGUE, _workplace, config.colleagues // 2
    yield Relation.NEIGHBOUR, lambda one: one.home, config.neighbours // 2


def _age_group(persona: Persona) -> Hashable:
    return None if persona.age < _CHILD else min(persona.age // 10, 8)


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
    purpose = f"{relation} ring"
    luck: Mapping[int, float] = {
        row: float(streams.rng(seed, people[row].id, purpose, 0).random()) for row in group
    }
    return sorted(group, key=lambda row: (luck[row], people[row].id))


def _others(ring: Sequence[int], at: int, reach: int | None) -> tuple[int, ...]:
    """Return those whom the one at a position knows: all, or so many to either side."""
    size = len(ring)
    if reach is None or size <= 2 * reach + 1:
        return tuple(ring[:at]) + tuple(ring[at + 1 :])
    steps = [*range(-reach, 0), *range(1, reach + 1)]
    return tuple(ring[(at + step) % size] for step in steps)
