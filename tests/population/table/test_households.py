"""Households of tables: who is parent and child, and what can hardly be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.parameters.population import AgeParameters
from mesa_llm_city.population import Population, Role
from mesa_llm_city.population.table.household_shapes import likely_roles
from tests.population.fake_town import FakeTown

FEMALE, MALE = 0, 1


def _read(*members: tuple[int, int], **cells: Sequence[Any]) -> Population:
    """Read people from household and age."""
    rows = [
        {
            "id": number,
            "household_id": household,
            "age": age,
            "gender": ("female", "male")[number % 2],
        }
        for number, (household, age) in enumerate(members)
    ]
    return Population.from_table(pd.DataFrame(rows).assign(**cells), city=FakeTown(), rng=3)


@pytest.mark.parametrize(
    ("ages", "genders", "roles"),
    [
        ([40, 38, 9, 6], [FEMALE, MALE, 0, 0], ["parent", "parent", "child", "child"]),
        ([38, 9, 70], [FEMALE, 0, FEMALE], ["parent", "child", "other"]),
        ([45, 43, 20, 10], [MALE, FEMALE, 0, 0], ["parent", "parent", "child", "child"]),
        ([80, 50, 20], [FEMALE, MALE, 0], ["other", "parent", "child"]),
        ([70, 45], [FEMALE, MALE], ["parent", "child"]),
        ([31, 35], [FEMALE, MALE], ["partner", "partner"]),
        ([31, 35], [MALE, MALE], ["other", "other"]),
        ([25, 12], [FEMALE, MALE], ["other", "other"]),
        ([9, 7, 5, 3], [0, 0, 0, 0], ["other", "other", "other", "other"]),
        ([22, 23, 24], [FEMALE, MALE, FEMALE], ["other", "other", "other"]),
        ([100, 82], [FEMALE, MALE], ["partner", "partner"]),
    ],
)
def test_roles_follow_from_ages(ages: list[int], genders: list[int], roles: list[str]) -> None:
    assert [str(one) for one in likely_roles(ages, genders, AgeParameters())] == roles


def test_a_family_in_a_table_is_a_family() -> None:
    people = _read((1, 41), (1, 39), (1, 10), (1, 7), (2, 30))
    parent, child = Role.PARENT, Role.CHILD
    roles = [one.household.role for one in people]
    assert roles == [parent, parent, child, child, Role.SINGLE]
    assert [one.household.size for one in people] == [4, 4, 4, 4, 1]


def test_a_role_that_is_given_is_kept() -> None:
    people = _read((1, 41), (1, 39), household_role=["other", None])
    assert people[0].household.role is Role.OTHER


def test_children_without_adults_live_with_a_parent_who_is_not_in_the_table() -> None:
    people = _read((7, 9), (7, 8), (7, 6), (7, 4))
    assert {one.household.size for one in people} == {5}
    assert {one.household.role for one in people} == {Role.CHILD}


def test_children_who_are_said_to_live_alone_are_told() -> None:
    people = _read((7, 9), (7, 8), (7, 6), (7, 4), household_size=[4, 4, 4, 4])
    note = "1 households are children under 16 alone, such as household 7; they are kept as given"
    assert note in people.assumptions


def test_parents_who_are_hardly_older_than_a_child_are_told() -> None:
    people = _read((5, 30), (5, 20), (6, 40), (6, 20), household_role=["parent", "child"] * 2)
    (note,) = (line for line in people.assumptions if "households have parents" in line)
    assert note.startswith("1 households have parents less than 16 years older than a child")
    assert "such as household 5" in note


def test_drawn_roles_make_no_impossible_family() -> None:
    # Further members of these households are not in the table, so roles are drawn.
    members = [(household, age) for household in range(60) for age in (34, 30, 26)]
    people = _read(*members, household_size=[5] * len(members))
    assert not any("households have parents" in line for line in people.assumptions)
    assert {one.household.role for one in people} >= {Role.PARENT, Role.OTHER}


def test_adults_who_are_taken_to_be_missing_are_told() -> None:
    note = " ".join(_read((1, 8), (1, 10), (2, 40)).assumptions)
    assert "1 households hold only children under 16, such as household 1" in note
    assert "adults who are not in the table" in note


def test_copies_of_a_household_of_the_sample_are_households_of_their_own() -> None:
    people = pd.DataFrame({"unique_hh_id": [1, 2], "hh_id": [7, 7], "age": [40, 41], "sex": [1, 2]})
    households = pd.DataFrame({"unique_hh_id": [1, 2], "hh_id": [7, 7], "np": [1, 1]})
    found = Population.from_table(people, households=households, city=FakeTown(), rng=3)
    assert [one.household.id for one in found] == [1, 2]


def test_a_table_that_lacks_a_column_is_told_which_it_has() -> None:
    with pytest.raises(
        DataError, match=r"column age is missing; it is required \(it has id, alter"
    ):
        Population.from_table(
            pd.DataFrame({"id": [1], "Alter": [40], "gender": ["f"]}), city=FakeTown(), rng=3
        )
