"""Categories and the ages at which they hold."""

from __future__ import annotations

import pytest

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


def test_age_groups_hold_every_age_once() -> None:
    for age in range(MAX_AGE + 1):
        group = AGE_GROUPS[age_group(age)]
        assert group.low <= age <= group.high


@pytest.mark.parametrize("job", EMPLOYED)
def test_no_child_is_employed(job: Occupation) -> None:
    assert feasible_ages(job)[0] == 15


@pytest.mark.parametrize("categories", [Occupation, Education, Role])
def test_every_age_can_be_something(categories: type[Occupation | Education | Role]) -> None:
    limits = [feasible_ages(category) for category in categories]
    for age in range(MAX_AGE + 1):
        assert any(low <= age <= high for low, high in limits)
