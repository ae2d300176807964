"""Households whose members are too close in age to be parents and children."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import fsum

import numpy as np
import pytest

from mesa_llm_city.core.values import Int
from mesa_llm_city.population import Marginals, Persona, Population, Role
from mesa_llm_city.population.synthesis.household_draw import Demography
from mesa_llm_city.population.synthesis.household_repair import with_possible_parents
from tests.population.fake_town import FakeTown


def _people(*members: tuple[int, Role, int]) -> Demography:
    """Make people from household, role and age."""
    household, role, age = zip(*members, strict=True)
    none: Int = np.zeros(len(members), dtype=np.int64)
    roles = np.array([list(Role).index(one) for one in role])
    return Demography(np.array(household), none, roles, np.array(age), none, none, none)


def _roles(people: Demography) -> list[Role]:
    return [list(Role)[code] for code in people.role]


def test_a_couple_whose_child_is_too_old_are_partners_with_another_member() -> None:
    people, repaired = with_possible_parents(
        _people((7, Role.PARENT, 70), (7, Role.PARENT, 75), (7, Role.CHILD, 60)), 16
    )
    assert _roles(people) == [Role.PARTNER, Role.PARTNER, Role.OTHER]
    assert repaired == 1


def test_a_lone_parent_whose_child_is_too_old_lives_with_another_member() -> None:
    people, _ = with_possible_parents(_people((1, Role.PARENT, 70), (1, Role.CHILD, 65)), 16)
    assert _roles(people) == [Role.OTHER, Role.OTHER]


def test_parents_to_whom_a_child_is_left_stay_parents() -> None:
    people, _ = with_possible_parents(
        _people((1, Role.PARENT, 40), (1, Role.CHILD, 25), (1, Role.CHILD, 24)), 16
    )
    assert _roles(people) == [Role.PARENT, Role.OTHER, Role.CHILD]


def test_households_that_can_be_are_left_alone() -> None:
    given = _people((1, Role.PARENT, 40), (1, Role.CHILD, 24), (2, Role.CHILD, 30))
    people, repaired = with_possible_parents(given, 16)
    assert people is given
    assert repaired == 0


@pytest.mark.parametrize("groups", [("65-74", "75+"), ("18-24",), ("25-34", "35-44")])
def test_no_parent_is_hardly_older_than_a_child_whatever_ages_are_asked_for(
    groups: tuple[str, ...],
) -> None:
    usual = Marginals.default()
    shares = {k: v for k, v in usual.age_gender.items() if k.split()[0] in groups}
    total = fsum(shares.values())
    marginals = replace(usual, age_gender={k: v / total for k, v in shares.items()})
    people = Population.synthesize(300, city=FakeTown(), rng=1, marginals=marginals)
    households: dict[int, list[Persona]] = defaultdict(list)
    for one in people:
        households[one.household.id].append(one)
    for members in households.values():
        parents = [one.age for one in members if one.household.role is Role.PARENT]
        children = [one.age for one in members if one.household.role is Role.CHILD]
        assert not parents or not children or min(parents) - max(children) >= 16
    assert any("16 years older than the children" in line for line in people.assumptions)


@pytest.mark.slow
def test_the_usual_ages_need_no_repair() -> None:
    people = Population.synthesize(400, city=FakeTown(), rng=1)
    assert not any("years older" in line for line in people.assumptions)
