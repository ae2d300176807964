"""The joint distribution of who people are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import PopulationParameters
from mesa_llm_city.population.categories import (
    AGE_GROUPS,
    EMPLOYED,
    Education,
    Gender,
    Occupation,
    Role,
)
from mesa_llm_city.population.synthesis.household_roles import POSITIONS
from mesa_llm_city.population.synthesis.households import household_kind_shares
from mesa_llm_city.population.synthesis.joint_distribution import (
    fit_joint_distribution,
    share_table,
)
from mesa_llm_city.population.synthesis.marginals import Marginals

DEFAULT = PopulationParameters()
TABLE = fit_joint_distribution(Marginals.default(), DEFAULT)
JOBS = list(Occupation)


def test_the_table_has_the_marginals() -> None:
    marginals = Marginals.default()
    ages = share_table(marginals.age_gender, Gender)
    np.testing.assert_allclose(TABLE.sum(axis=(0, 3, 4)), ages, atol=1e-9)
    jobs = share_table(marginals.occupation, Occupation) * ages.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(TABLE.sum(axis=(0, 2, 4)), jobs, atol=1e-9)
    levels = share_table(marginals.education, Education) * ages.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(TABLE.sum(axis=(0, 2, 3)), levels, atol=1e-9)


def test_households_and_people_agree_on_the_sizes() -> None:
    sizes = np.array([position.size for position in POSITIONS])
    people = np.array([TABLE[sizes == size].sum() for size in range(1, 6)])
    households = people / np.arange(1, 6)
    np.testing.assert_allclose(households / households.sum(), [0.38, 0.28, 0.17, 0.12, 0.05])
    assert household_kind_shares(
        Marginals.default().household_size, DEFAULT.households
    ).sum() == pytest.approx(1.0)


def test_no_child_is_employed_alone_or_a_parent() -> None:
    children = [i for i, group in enumerate(AGE_GROUPS) if group.high < 15]
    employed = [JOBS.index(job) for job in EMPLOYED]
    assert TABLE[:, children][:, :, :, employed].sum() == 0.0
    heads = [i for i, p in enumerate(POSITIONS) if p.role not in {Role.CHILD, Role.OTHER}]
    assert TABLE[heads][:, children].sum() == 0.0


def test_nobody_retires_before_55() -> None:
    young = [i for i, group in enumerate(AGE_GROUPS) if group.high < 55]
    assert TABLE[:, young][:, :, :, JOBS.index(Occupation.RETIRED)].sum() == 0.0


def test_couples_have_about_as_many_women_as_men() -> None:
    partners = [i for i, position in enumerate(POSITIONS) if position.role is Role.PARTNER]
    women, men, _ = TABLE[partners].sum(axis=(0, 1, 3, 4))
    assert women == pytest.approx(men, rel=0.03)


@pytest.mark.slow
def test_marginals_that_contradict_one_another_are_refused() -> None:
    marginals = replace(
        Marginals.default(),
        age_gender={"0-5 female": 0.9, "25-34 female": 0.1},
        household_size={"1": 1.0},
    )
    with pytest.raises(DataError, match="contradicts itself") as caught:
        fit_joint_distribution(marginals, DEFAULT)
    # The ages are named once, not again with each occupation and level of education.
    assert {defect.split(":")[0] for defect in caught.value.defects} == {
        "single in a household of 1",
        "0-5",
    }
    assert "household_size" in str(caught.value)


def test_employed_children_cannot_be_asked_for() -> None:
    jobs = {**Marginals.default().occupation, "6-11 pupil": 0.9, "6-11 office_worker": 0.1}
    with pytest.raises(DataError, match=r"6-11, office_worker: asked .*, but impossible"):
        fit_joint_distribution(replace(Marginals.default(), occupation=jobs), DEFAULT)


def test_odds_before_the_fit_are_parameters() -> None:
    name = "population.joint_distribution.women_per_man_in_job.homemaker"
    table = fit_joint_distribution(Marginals.default(), CityParameters().with_(name, 1).population)
    women, men = TABLE[:, :, :2, JOBS.index(Occupation.HOMEMAKER)].sum(axis=(0, 1, 3))
    more_even_women, more_even_men = table[:, :, :2, JOBS.index(Occupation.HOMEMAKER)].sum(
        axis=(0, 1, 3)
    )
    assert women / men > 5
    assert more_even_women / more_even_men < 2


def test_shares_of_kinds_of_household_are_parameters() -> None:
    shares = {"couple": 1.0, "lone_parent_1_child": 0.0, "2_others": 0.0}
    pairs = CityParameters.from_dotted({"population.households.share_of_size": shares})
    table = fit_joint_distribution(Marginals.default(), pairs.population)
    index = POSITIONS.index((Role.PARTNER, 2))
    lone = POSITIONS.index((Role.PARENT, 2))
    assert table[lone].sum() == 0.0
    # 28 % of households have 2 members; all people over all households are 2.18 a household.
    assert table[index].sum() == pytest.approx(0.28 * 2 / 2.18)
