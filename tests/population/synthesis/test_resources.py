"""Income and ownership."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.population.categories import Education, Occupation
from mesa_llm_city.population.synthesis.resources import (
    bicycle_odds,
    car_odds,
    earning_score,
    licence_odds,
    log_normal_income,
)

JOBS, LEVELS = list(Occupation), list(Education)


def test_the_median_of_a_log_normal_income_is_one() -> None:
    office = np.full(3, JOBS.index(Occupation.OFFICE_WORKER))
    income = log_normal_income(office, np.array([-1.0, 0.0, 1.0]), 0.6)
    assert income.tolist() == pytest.approx([0.549, 1.0, 1.822])


def test_children_and_homemakers_earn_nothing() -> None:
    jobs = [Occupation.INFANT, Occupation.PUPIL, Occupation.HOMEMAKER]
    codes = np.array([JOBS.index(job) for job in jobs])
    assert log_normal_income(codes, np.full(3, 2.0), 0.6).tolist() == [0.0, 0.0, 0.0]


def test_degrees_and_mid_life_pay() -> None:
    job, no_luck = np.full(3, JOBS.index(Occupation.OFFICE_WORKER)), np.zeros(3)
    age = np.array([22, 45, 45])
    level = np.array([LEVELS.index(Education.SECONDARY)] * 2 + [LEVELS.index(Education.TERTIARY)])
    young, grown, learned = earning_score(age, job, level, no_luck)
    assert young < grown < learned


def test_minors_drive_nothing_and_toddlers_do_not_cycle() -> None:
    age = np.arange(0, 100)
    assert (licence_odds(age, np.full(100, 0.5))[:18] == 0).all()
    assert (bicycle_odds(age)[:6] == 0).all()
    assert (bicycle_odds(age)[6:] > 0).all()


def test_large_households_keep_more_cars() -> None:
    assert (np.diff(car_odds(np.arange(1, 5))) > 0).all()
