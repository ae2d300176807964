"""Who knows whom when a run begins: mutual, bounded, and stable if a person is added."""

from __future__ import annotations

import pytest

from mesa_llm_city import City, Population
from mesa_llm_city.parameters import ParameterError
from mesa_llm_city.parameters.social import AcquaintanceParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.acquaintances import acquaint, circles
from mesa_llm_city.social import Relation, Ties


@pytest.fixture(scope="module")
def people() -> tuple[Persona, ...]:
    """Return two hundred people of a small town."""
    return tuple(Population.synthesize(200, city=City.synthetic(places=500), rng=1))


def known(
    people: tuple[Persona, ...],
    relation: Relation,
    parameters: AcquaintanceParameters | None = None,
) -> dict[int, set[int]]:
    return {
        people[row].id: {
            people[other].id for one in some if one.relation is relation for other in one.others
        }
        for row, some in enumerate(circles(people, seed=3, parameters=parameters))
    }


@pytest.mark.parametrize("relation", [Relation.HOUSEHOLD, Relation.FRIEND, Relation.NEIGHBOUR])
def test_relations_are_mutual_and_never_to_oneself(
    people: tuple[Persona, ...], relation: Relation
) -> None:
    mine = known(people, relation)
    for person, others in mine.items():
        assert person not in others
        assert all(person in mine[other] for other in others)


def test_members_of_a_household_know_each_other(people: tuple[Persona, ...]) -> None:
    homes = {one.id: one.household.id for one in people}
    for person, others in known(people, Relation.HOUSEHOLD).items():
        assert others == {one for one in homes if homes[one] == homes[person]} - {person}


def test_friends_are_few_and_of_similar_age(people: tuple[Persona, ...]) -> None:
    ages = {one.id: one.age for one in people}
    for person, others in known(people, Relation.FRIEND).items():
        assert len(others) <= AcquaintanceParameters().friends
        assert all(abs(ages[person] - ages[other]) < 40 for other in others)


def test_one_more_person_changes_the_relations_of_few(people: tuple[Persona, ...]) -> None:
    before, after = known(people[:-1], Relation.FRIEND), known(people, Relation.FRIEND)
    changed = [person for person in before if before[person] != after[person]]
    assert len(changed) <= AcquaintanceParameters().friends


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
    with pytest.raises(ParameterError, match="friends: got 3; accepted is an even number"):
        AcquaintanceParameters(friends=3)


def test_numbers_and_spans_of_age_are_parameters(people: tuple[Persona, ...]) -> None:
    ages = {one.id: one.age for one in people}
    numbers = AcquaintanceParameters(friends=2, friends_from_age=30, friends_age_years=5)
    for person, others in known(people, Relation.FRIEND, numbers).items():
        assert len(others) <= 2
        assert not others or ages[person] >= 30
        spans = {min(ages[one], 80) // 5 for one in others}
        assert spans <= {min(ages[person], 80) // 5}
