"""Homes, workplaces and schools."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float, Purpose
from mesa_llm_city.parameters.population import CommutingParameters
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.population.synthesis.anchors import (
    assign_doubly_constrained,
    assign_homes,
    assign_production_constrained,
    nearest_places,
    usable_supply,
)
from mesa_llm_city.population.synthesis.assignment import Residents, assign_workplaces, distances_km
from tests.population.fake_town import SIDE_M, FakeTown

TOWN = FakeTown()
WORK = TOWN.supply(Purpose.WORK)
JOBS = list(Occupation)


def _points(n: int) -> tuple[Float, Float]:
    x, y = np.random.default_rng(2).uniform(0, SIDE_M, (2, n))
    return x, y


def _residents(*jobs: Occupation, town: FakeTown = TOWN) -> Residents:
    n, codes = len(jobs), np.array([JOBS.index(job) for job in jobs])
    return Residents(np.arange(n), codes, np.arange(n), town.x[:n], town.y[:n])


def test_homes_are_filled_in_proportion_to_residents() -> None:
    supply = TOWN.supply(Purpose.SLEEP)
    rows = assign_homes(5000, supply, np.random.default_rng(1))
    expected = 5000 * supply.weight / supply.weight.sum()
    assert (np.abs(np.bincount(rows, minlength=len(expected)) - expected) < 1).all()


def test_jobs_are_filled_in_proportion_whatever_the_distance() -> None:
    x, y = _points(3000)
    zone = (x // 1500).astype(np.int64)
    rows = assign_doubly_constrained(
        x, y, zone, WORK, beta_per_km=1.0, rng=np.random.default_rng(1)
    )
    expected = 3000 * WORK.weight / WORK.weight.sum()
    assert np.abs(np.bincount(rows, minlength=len(expected)) - expected).max() < 8


def test_a_steeper_decay_makes_shorter_ways() -> None:
    x, y = _points(2000)
    zone = (x // 1500 * 10 + y // 1500).astype(np.int64)
    means = []
    for beta in (0.0, 0.5, 2.0):
        rows = assign_doubly_constrained(
            x, y, zone, WORK, beta_per_km=beta, rng=np.random.default_rng(1)
        )
        means.append(np.hypot(WORK.x[rows] - x, WORK.y[rows] - y).mean())
    assert means[0] > means[1] > means[2]


def test_the_single_choice_follows_weight_and_distance() -> None:
    x, y = np.full(20_000, 3000.0), np.full(20_000, 3000.0)
    draws = np.random.default_rng(3).random(20_000)
    rows = assign_production_constrained(x, y, WORK, beta_per_km=0.7, draws=draws)
    km = np.hypot(WORK.x - 3000, WORK.y - 3000) / 1000
    chance = WORK.weight * np.exp(-0.7 * km)
    got = np.bincount(rows, minlength=len(km)) / 20_000
    np.testing.assert_allclose(got, chance / chance.sum(), atol=0.012)


def test_nobody_is_sent_where_nothing_is_offered() -> None:
    town = FakeTown()
    town.weight[town.supply(Purpose.WORK).places[:-3]] = 0.0
    assert len(usable_supply(town, Purpose.WORK).places) == 3


def test_points_go_to_the_nearest_place() -> None:
    rows = nearest_places(WORK.x[:5] + 0.1, WORK.y[:5], WORK)
    assert rows.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("together", [True, False])
def test_everybody_is_assigned_a_place_of_their_kind(together: bool) -> None:  # noqa: FBT001 - parametrised
    jobs = (Occupation.OFFICE_WORKER, Occupation.PUPIL, Occupation.STUDENT, Occupation.RETIRED) * 5
    work = assign_workplaces(
        _residents(*jobs), city=TOWN, seed=1, parameters=CommutingParameters(), together=together
    )
    schools = set(TOWN.supply(Purpose.SCHOOL).places.tolist())
    for job, place in zip(jobs, work.tolist(), strict=True):
        if job is Occupation.RETIRED:
            assert place == -1
        elif job is Occupation.OFFICE_WORKER:
            assert place in WORK.places
        else:
            assert place in schools


def test_some_of_the_self_employed_work_at_home() -> None:
    residents = _residents(*[Occupation.SELF_EMPLOYED] * 200)
    commuting = CommutingParameters(self_employed_at_home=0.5)
    work = assign_workplaces(residents, city=TOWN, seed=1, parameters=commuting, together=True)
    assert 0.4 < np.mean(work == residents.home) < 0.6


def test_workers_without_any_job_are_an_error_that_says_what_to_do() -> None:
    town = FakeTown(jobs=0, schools=0)
    with pytest.raises(DataError, match="no place with jobs, but 2 people need one; add places"):
        assign_workplaces(
            _residents(*[Occupation.SHIFT_WORKER] * 2, town=town),
            city=town,
            seed=1,
            parameters=CommutingParameters(),
            together=True,
        )


def test_pupils_stay_without_school_where_there_is_none() -> None:
    town = FakeTown(schools=0)
    residents = _residents(Occupation.PUPIL, Occupation.STUDENT, town=town)
    work = assign_workplaces(
        residents, city=town, seed=1, parameters=CommutingParameters(), together=True
    )
    assert work.tolist() == [-1, -1]


def test_distances_are_straight_lines_and_zero_without_work() -> None:
    town = FakeTown()
    town.x[:2], town.y[:2] = (0.0, 3000.0), (0.0, 4000.0)
    home, work = np.array([0, 0]), np.array([1, -1])
    assert distances_km(town, home, work).tolist() == [5.0, 0.0]
