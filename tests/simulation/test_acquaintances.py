"""Who knows whom at first: mutual, bounded, and hardly moved by one more person."""

from __future__ import annotations

import pytest

from mesa_llm_city import City, Population
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.acquaintances import RelationConfig, acquaint, circles
from mesa_llm_city.social import Relation, Ties


@pytest.fixture(scope="module")
def people() -> tuple[Persona, ...]:
    """Return two hundred people of a small town."""
    return tuple(Population.synthesize(200, city=City.synthetic(places=500), rng=1))


def known(people: tuple[Persona, ...], relation: Relation) -> dict[int, set[int]]:
    return {
        people[row].id: {
            people[other].id for one in some if one.relation is relation for other in one.others
        }
        for row, some in enumerate(circles(people, seed=3))
    }


@pytest.mark.parametrize("relation", [Relation.HOUSEHOLD, Relation.FRIEND, Relation.NEIGHBOUR])
def test_relations_are_mutual_and_nobody_knows_herself(
    people: tuple[Persona, ...], relation: Relation
) -> None:
    mine = known(people, relation)
    for person, others in mine.items():
        assert person not in others
        assert all(person in mine[other] for other in others)


def test_households_know_each_other_all(people: tuple[Persona, ...]) -> None:
    homes = {one.id: one.household.id for one in people}
    for person, others in known(people, Relation.HOUSEHOLD).items():
        assert others == {one for one in homes if homes[one] == homes[person]} - {person}


def test_friends_are_few_and_of_an_age(people: tuple[Persona, ...]) -> None:
    ages = {one.id: one.age for one in people}
    for person, others in known(people, Relation.FRIEND).items():
        assert len(others) <= RelationConfig().friends
        assert all(abs(ages[person] - ages[other]) < 40 for other in others)


def test_one_more_person_changes_the_relations_of_few(people: tuple[Persona, ...]) -> None:
    before, after = known(people[:-1], Relation.FRIEND), known(people, Relation.FRIEND)
    changed = [person for person in before if before[person] != after[person]]
    assert len(changed) <= RelationConfig().friends


def test_ties_begin_with_the_closest_relation(people: tuple[Persona, ...]) -> None:
    found = circles(people, seed=3)
    row = next(
        row for row, some in enumerate(found) if some and some[0].relation is Relation.HOUSEHOLD
    )
    ties = Ties()
    acquaint(ties, people[row], found[row], people)
    for other in found[row][0].others:
        assert ties.tie(people[other].id, at_min=0).relation is Relation.HOUSEHOLD


def test_numbers_must_be_even() -> None:
    with pytest.raises(ConfigError, match="friends must be an even number of at least 0, got 3"):
        RelationConfig(friends=3)
