"""People drawn into whole households."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import PopulationParameters
from mesa_llm_city.population.categories import EMPLOYED, Education, Gender, Occupation, Role
from mesa_llm_city.population.synthesis.household_draw import (
    Demography,
    draw_ages,
    draw_people,
)
from mesa_llm_city.population.synthesis.household_roles import rank_tables
from mesa_llm_city.population.synthesis.households import HOUSEHOLD_KINDS, draw_households
from mesa_llm_city.population.synthesis.joint_distribution import fit_joint_distribution
from mesa_llm_city.population.synthesis.marginals import Marginals

MARGINALS = Marginals.default()
DEFAULT = PopulationParameters()
TABLE = fit_joint_distribution(MARGINALS, DEFAULT)
ROLES, JOBS = list(Role), list(Occupation)


def _draw(n: int, seed: int = 1, parameters: PopulationParameters = DEFAULT) -> Demography:
    return draw_people(TABLE, n, MARGINALS.household_size, np.random.default_rng(seed), parameters)


@pytest.mark.slow
@given(st.integers(1, 60), st.integers(0, 1000))
def test_any_number_of_people_lives_in_whole_households(n: int, seed: int) -> None:
    people = _draw(n, seed)
    assert len(people.age) == n
    members = Counter(people.household.tolist())
    for household, count in members.items():
        size = people.size[people.household == household]
        assert len(set(size.tolist())) == 1
        assert count <= size[0]
    # At most the last household is cut short.
    short = [
        one for one, count in members.items() if count < people.size[people.household == one][0]
    ]
    assert len(short) <= 1


@pytest.mark.slow
@given(st.integers(1, 60), st.integers(0, 1000))
def test_nobody_does_what_the_age_rules_out(n: int, seed: int) -> None:
    people = _draw(n, seed)
    employed = np.isin(people.occupation, [JOBS.index(job) for job in EMPLOYED])
    assert (people.age[employed] >= 15).all()
    assert (people.age[people.occupation == JOBS.index(Occupation.RETIRED)] >= 55).all()
    assert (people.age[people.role == ROLES.index(Role.SINGLE)] >= 18).all()
    assert ((people.role == ROLES.index(Role.SINGLE)) == (people.size == 1)).all()


def test_children_are_younger_than_their_parents() -> None:
    people = _draw(3000)
    parent, child = (people.role == ROLES.index(role) for role in (Role.PARENT, Role.CHILD))
    gaps = [
        people.age[parent & (people.household == home)].min() - people.age[one]
        for one in np.flatnonzero(child)
        for home in [people.household[one]]
    ]
    assert min(gaps) >= 16
    assert np.mean(gaps) == pytest.approx(32, abs=4)


def test_the_least_age_of_a_parent_is_a_parameter() -> None:
    later = CityParameters.from_dotted({"population.ages.youngest_parent": 25})
    people = _draw(2000, parameters=later.population)
    parent, child = (people.role == ROLES.index(role) for role in (Role.PARENT, Role.CHILD))
    youngest = {
        home: people.age[parent & (people.household == home)].min()
        for home in set(people.household[child].tolist())
    }
    rows = zip(people.household[child].tolist(), people.age[child].tolist(), strict=True)
    # The child of a parent younger than that is a baby.
    assert all(youngest[home] - age >= 25 or age == 0 for home, age in rows)


def test_partners_are_of_similar_age_and_mostly_a_woman_and_a_man() -> None:
    people = _draw(3000)
    partner = people.role == ROLES.index(Role.PARTNER)
    homes = [home for home, count in Counter(people.household[partner]).items() if count == 2]
    pairs = [np.flatnonzero(partner & (people.household == home)) for home in homes]
    gaps = [abs(int(people.age[a] - people.age[b])) for a, b in pairs]
    mixed = [people.gender[a] != people.gender[b] for a, b in pairs]
    assert np.mean(gaps) < 4
    assert np.mean(mixed) > 0.9


def test_shares_are_met_within_a_point() -> None:
    n = 2000
    people = _draw(n)
    for column, axes in ((people.gender, (0, 1, 3, 4)), (people.occupation, (0, 1, 2, 4))):
        asked = TABLE.sum(axis=axes)
        got = np.bincount(column, minlength=len(asked)) / n
        np.testing.assert_allclose(got, asked, atol=0.01)
    levels = np.bincount(people.education, minlength=len(Education)) / n
    np.testing.assert_allclose(levels, TABLE.sum(axis=(0, 1, 2, 3)), atol=0.01)


def test_a_population_of_women_lives_in_couples_of_women() -> None:
    marginals = replace(
        MARGINALS,
        age_gender={"25-34 female": 1.0},
        household_size={"2": 1.0},
        occupation={"25-34 office_worker": 1.0},
    )
    people = draw_people(
        fit_joint_distribution(marginals, DEFAULT),
        20,
        marginals.household_size,
        np.random.default_rng(1),
        DEFAULT,
    )
    assert (people.gender == list(Gender).index(Gender.FEMALE)).all()
    assert set(people.size.tolist()) == {2}


def test_a_household_is_cut_short_where_no_size_fits() -> None:
    kinds = draw_households(3, {"2": 1.0}, np.random.default_rng(1), DEFAULT.households)
    assert sum(len(HOUSEHOLD_KINDS[kind].roles) for kind in kinds) == 4


def test_tables_by_rank_add_up_to_the_joint_distribution() -> None:
    np.testing.assert_allclose(
        rank_tables(TABLE, DEFAULT.households).sum(axis=1), TABLE, atol=1e-12
    )


def test_ages_stay_within_their_group() -> None:
    mass = np.zeros(11)
    mass[[5, 10]] = 1.0
    ages = draw_ages(mass, np.linspace(0, 1, 101), DEFAULT.drawing)
    assert set(ages[:50].tolist()) <= set(range(25, 35))
    assert ages[51:].min() >= 75
    assert ages.max() <= 99
