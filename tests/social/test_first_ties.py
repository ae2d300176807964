"""The ties of the beginning in columns: those of each person, mutual, and as many as fit."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.values import Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Education, Gender, Household, Occupation, Persona
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.simulation.acquaintances import acquaint, circles
from mesa_llm_city.social import Relation, Ties
from mesa_llm_city.social.first_ties import first_ties, known_rows
from mesa_llm_city.social.similarity import SimilarityTraits
from mesa_llm_city.social.tie_slots import NOBODY, RELATION_CODES, TieSlots
from tests.loops import FORMS, loops
from tests.social.people import aya

SEED = 3


def town() -> list[Persona]:
    """Return 400 people in 150 households, 40 buildings, 30 workplaces and two schools."""
    rng = np.random.default_rng(1)
    found = []
    for row in range(400):
        age, household = int(rng.integers(2, 90)), int(rng.integers(150))
        home = household % 40
        learns = 6 <= age < 18
        out = int(rng.integers(200, 230)) if rng.random() < 0.8 else home
        work = int(rng.integers(300, 302)) if learns else out if 18 <= age < 65 else None
        found.append(
            replace(
                aya(),
                id=5 * row + 2,
                age=age,
                gender=list(Gender)[rng.integers(2)],
                education=list(Education)[rng.integers(len(Education))],
                occupation=Occupation.PUPIL if learns else Occupation.OFFICE_WORKER,
                household=Household(id=household, size=6),
                home=home,
                work=work,
            )
        )
    return found


@pytest.fixture(scope="module")
def people() -> list[Persona]:
    return town()


def table(people: list[Persona], parameters: CityParameters) -> TieSlots:
    columns, traits = PeopleColumns.of(people), SimilarityTraits.of(people)
    return first_ties(columns, traits, seed=SEED, parameters=parameters.social)


@pytest.mark.parametrize("slots", [3, 8, 24])
def test_rows_have_the_ties_of_persons(people: list[Persona], slots: int) -> None:
    parameters = CityParameters().with_("social.ties.slots", slots)
    rows = table(people, parameters)
    known = circles(people, seed=SEED)
    for row, persona in enumerate(people):
        ties = Ties(parameters)
        acquaint(ties, persona, known[row], people)
        for column in fields(TieSlots):
            one, other = getattr(rows, column.name)[[row]], getattr(ties.slots, column.name)
            np.testing.assert_array_equal(one, other)


def test_slots_that_are_left_open_are_for_those_met_and_for_large_households(
    people: list[Persona],
) -> None:
    columns, traits = PeopleColumns.of(people), SimilarityTraits.of(people)
    numbers = CityParameters().social
    few = first_ties(columns, traits, seed=SEED, parameters=numbers, slots=4, left_open=2)
    all_taken = first_ties(columns, traits, seed=SEED, parameters=numbers, slots=4)
    family = RELATION_CODES[Relation.HOUSEHOLD]
    members = Counter(columns.household.tolist())
    for row, household in enumerate(columns.household.tolist()):
        size = members[household]
        kept = max(min(size - 1, 4), 2)
        assert np.count_nonzero(few.other[row] != NOBODY) == kept
        assert np.count_nonzero(few.relation[row] == family) == min(size - 1, 4)
        np.testing.assert_array_equal(few.other[row, :kept], all_taken.other[row, :kept])


@pytest.mark.parametrize("compiles", FORMS)
def test_a_loop_begins_the_same_ties(people: list[Persona], *, compiles: bool) -> None:
    few = CityParameters().with_("social.ties.slots", 7)
    with kernels.use(wanted=False):
        expected = table(people[:150], few)
    with loops(compiles=compiles):
        found = table(people[:150], few)
    for column in fields(TieSlots):
        np.testing.assert_array_equal(getattr(found, column.name), getattr(expected, column.name))


def test_ties_are_mutual_and_never_to_oneself(people: list[Persona]) -> None:
    rows = table(people, CityParameters())
    at = {persona.id: row for row, persona in enumerate(people)}
    pairs = {
        (row, at[int(other)], int(code))
        for row in range(len(people))
        for other, code in zip(rows.other[row], rows.relation[row], strict=True)
        if other != NOBODY
    }
    colleagues = {RELATION_CODES[Relation.COLLEAGUE], RELATION_CODES[Relation.CLASSMATE]}
    for one, other, code in pairs:
        assert one != other
        assert any(
            (other, one, same) in pairs for same in (colleagues if code in colleagues else {code})
        )


def test_everybody_knows_as_many_as_the_parameters_say(people: list[Persona]) -> None:
    numbers = CityParameters().social.acquaintances
    found: dict[Relation, Counter[int]] = {one: Counter() for one in Relation}
    for relation, rows, _ in known_rows(PeopleColumns.of(people), seed=SEED, parameters=numbers):
        found[relation].update(rows.tolist())
    homes = Counter(one.home for one in people)
    for row, persona in enumerate(people):
        friends = 0 if persona.age < 6 else numbers.friends
        assert found[Relation.FRIEND][row] == friends
        neighbours = min(numbers.neighbours, homes[persona.home] - 1)
        assert found[Relation.NEIGHBOUR][row] == neighbours


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 9])
def test_in_a_small_group_everybody_knows_everybody_once(size: int) -> None:
    people = [replace(one, home=7, household=Household(id=one.id)) for one in town()[:size]]
    numbers = CityParameters().social.acquaintances
    known: list[Int] = [
        others[rows == 0]
        for relation, rows, others in known_rows(
            PeopleColumns.of(people), seed=SEED, parameters=numbers
        )
        if relation is Relation.NEIGHBOUR
    ]
    mine = np.concatenate(known).tolist()
    assert len(set(mine)) == len(mine) == min(size - 1, numbers.neighbours)


def test_those_who_learn_have_classmates(people: list[Persona]) -> None:
    rows = table(people, CityParameters())
    learns = np.array([one.occupation is Occupation.PUPIL for one in people])
    has = [
        (rows.relation == RELATION_CODES[one]).any(axis=1)
        for one in (Relation.CLASSMATE, Relation.COLLEAGUE)
    ]
    assert has[0][learns].all()
    assert not has[0][~learns].any()
    assert has[1][~learns].any()
