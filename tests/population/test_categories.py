"""Categories and the ages at which they hold."""

from __future__ import annotations

import pytest

from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import AgeParameters, JointDistributionParameters
from mesa_llm_city.population.categories import (
    AGE_GROUPS,
    EMPLOYED,
    MAX_AGE,
    Education,
    Occupation,
    Role,
    age_group,
    feasible_ages,
)

DEFAULT = AgeParameters()


def test_age_groups_hold_every_age_once() -> None:
    for age in range(MAX_AGE + 1):
        group = AGE_GROUPS[age_group(age)]
        assert group.low <= age <= group.high


def test_the_parameters_name_the_same_age_groups() -> None:
    labels = [group.label for group in AGE_GROUPS]
    assert list(JointDistributionParameters().women_per_lone_man) == labels


def test_ages_are_those_of_the_parameters() -> None:
    parameters = CityParameters.from_dotted(
        {
            "population.ages.feasible.retired.low": 50,
            "population.ages.feasible.any_other.low": 16,
        }
    )
    ages = parameters.population.ages
    assert feasible_ages(Occupation.RETIRED, ages) == (50, 120)
    assert feasible_ages(Occupation.STUDENT, ages) == (16, 120)


@pytest.mark.parametrize("job", EMPLOYED)
def test_no_child_is_employed(job: Occupation) -> None:
    assert feasible_ages(job, DEFAULT)[0] == 15


@pytest.mark.parametrize("categories", [Occupation, Education, Role])
def test_every_age_can_be_something(categories: type[Occupation | Education | Role]) -> None:
    limits = [feasible_ages(category, DEFAULT) for category in categories]
    for age in range(MAX_AGE + 1):
        assert any(low <= age <= high for low, high in limits)
