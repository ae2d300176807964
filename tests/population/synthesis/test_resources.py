"""Income and ownership."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import (
    AgeParameters,
    IncomeParameters,
    OwnershipParameters,
)
from mesa_llm_city.population.categories import Education, Occupation
from mesa_llm_city.population.synthesis.resources import (
    bicycle_odds,
    car_odds,
    earning_score,
    licence_odds,
    log_normal_income,
)

JOBS, LEVELS = list(Occupation), list(Education)
INCOME, OWNERSHIP, AGES = IncomeParameters(), OwnershipParameters(), AgeParameters()


def test_the_median_of_a_log_normal_income_is_one() -> None:
    office = np.full(3, JOBS.index(Occupation.OFFICE_WORKER))
    income = log_normal_income(office, np.array([-1.0, 0.0, 1.0]), 0.6, INCOME)
    assert income.tolist() == pytest.approx([0.549, 1.0, 1.822])


def test_children_and_homemakers_earn_nothing() -> None:
    jobs = [Occupation.INFANT, Occupation.PUPIL, Occupation.HOMEMAKER]
    codes = np.array([JOBS.index(job) for job in jobs])
    assert log_normal_income(codes, np.full(3, 2.0), 0.6, INCOME).tolist() == [0.0, 0.0, 0.0]


def test_degrees_and_middle_age_raise_the_score() -> None:
    job, zeros = np.full(3, JOBS.index(Occupation.OFFICE_WORKER)), np.zeros(3)
    age = np.array([22, 45, 45])
    level = np.array([LEVELS.index(Education.SECONDARY)] * 2 + [LEVELS.index(Education.TERTIARY)])
    young, grown, learned = earning_score(age, job, level, zeros, INCOME)
    assert young < grown < learned


def test_a_score_is_the_sum_of_its_parts() -> None:
    # 0.5 x 1.0 unexplained, 0.3 for a degree, -0.4 for service work, 0.2 halfway in age.
    parameters = CityParameters.from_dotted(
        {
            "population.income.unexplained": 0.5,
            "population.income.by_education.tertiary": 0.3,
            "population.income.by_age.45": 0.8,
        }
    )
    score = earning_score(
        np.array([35]),
        np.array([JOBS.index(Occupation.SERVICE_WORKER)]),
        np.array([LEVELS.index(Education.TERTIARY)]),
        np.array([1.0]),
        parameters.population.income,
    )
    assert score.tolist() == pytest.approx([0.5 + 0.3 - 0.4 + 0.2])


def test_fixed_incomes_are_parameters() -> None:
    parameters = CityParameters.from_dotted({"population.income.fixed.retired": 0.8})
    pensions = parameters.population.income
    retired = np.array([JOBS.index(Occupation.RETIRED)])
    assert log_normal_income(retired, np.array([2.0]), 0.6, pensions).tolist() == [0.8]


def test_minors_drive_nothing_and_toddlers_do_not_cycle() -> None:
    age = np.arange(0, 100)
    assert (licence_odds(age, np.full(100, 0.5), OWNERSHIP, AGES)[:18] == 0).all()
    assert (bicycle_odds(age, OWNERSHIP, AGES)[:6] == 0).all()
    assert (bicycle_odds(age, OWNERSHIP, AGES)[6:] > 0).all()


def test_large_households_keep_more_cars() -> None:
    assert (np.diff(car_odds(np.arange(1, 5), OWNERSHIP)) > 0).all()
