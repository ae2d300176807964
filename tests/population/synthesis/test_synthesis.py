"""Synthetic populations."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Marginals, Occupation, Population
from tests.population.fake_town import FakeTown


@cache
def _people(n: int = 600) -> Population:
    return Population.synthesize(n, city=FakeTown(), rng=7)


def test_the_same_seed_gives_the_same_people() -> None:
    assert Population.synthesize(600, city=FakeTown(), rng=7).people == _people().people
    assert Population.synthesize(600, city=FakeTown(), rng=8).people != _people().people


@pytest.mark.slow
def test_another_process_makes_the_same_people() -> None:
    program = (
        "from fake_town import FakeTown; from mesa_llm_city.population import Population; "
        "print(Population.synthesize(40, city=FakeTown(), rng=7).people)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
        env={"PYTHONHASHSEED": "5", "PYTHONPATH": ":".join(sys.path)},
    )
    assert ran.stdout.strip() == str(Population.synthesize(40, city=FakeTown(), rng=7).people)


def test_the_marginals_are_met_as_nearly_as_whole_people_allow() -> None:
    report = _people().fit_report()
    assert report.max_difference < 0.015
    assert report.srmse < 0.1


def test_ids_are_the_positions_and_households_stay_together() -> None:
    people = _people()
    assert [one.id for one in people] == list(range(600))
    households = [one.household.id for one in people]
    assert households == sorted(households)
    assert len({(one.household.id, one.home) for one in people}) == len(set(households))


def test_homes_works_and_schools_are_what_they_should_be() -> None:
    town = FakeTown()
    places = {
        purpose: set(town.supply(purpose).places.tolist())
        for purpose in (Purpose.SLEEP, Purpose.WORK, Purpose.SCHOOL)
    }
    for one in _people():
        assert one.home in places[Purpose.SLEEP]
        if one.occupation in {Occupation.PUPIL, Occupation.STUDENT}:
            assert one.work in places[Purpose.SCHOOL]
        elif one.is_employed:
            assert one.work in places[Purpose.WORK] | {one.home}
        else:
            assert one.work is None


def test_households_share_the_car_and_somebody_may_drive_it() -> None:
    people = _people()
    cars: dict[int, set[bool]] = {}
    drivers = {one.household.id for one in people if one.has_licence}
    for one in people:
        cars.setdefault(one.household.id, set()).add(one.has_car)
        assert not one.has_car or one.household.id in drivers
        assert one.age >= 18 or not one.has_licence
    assert all(len(answers) == 1 for answers in cars.values())


def test_people_have_working_hours_if_they_work_or_learn() -> None:
    busy = {Occupation.PUPIL, Occupation.STUDENT}
    for one in _people():
        assert bool(one.habits.work_days) == (one.is_employed or one.occupation in busy)


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_a_handful_of_people_can_be_made(n: int) -> None:
    assert len(Population.synthesize(n, city=FakeTown(), rng=n)) == n


def test_other_marginals_make_other_people() -> None:
    marginals = replace(
        Marginals.default(),
        age_gender={"18-24 other": 1.0},
        occupation={"18-24 student": 1.0},
        household_size={"1": 1.0},
        ownership={"car": 0.0, "bicycle": 1.0, "licence": 0.0},
    )
    people = Population.synthesize(50, city=FakeTown(), marginals=marginals)
    assert {(one.gender, one.occupation, one.household.size) for one in people} == {
        ("other", "student", 1)
    }
    assert all(one.has_bicycle and not one.has_car and not one.has_licence for one in people)
    assert people.fit_report().max_difference < 0.02


def test_a_city_without_homes_is_refused() -> None:
    with pytest.raises(DataError, match="no residence"):
        Population.synthesize(5, city=FakeTown(homes=0))


def test_assumptions_are_listed() -> None:
    assert any("gravity" in line for line in _people().assumptions)
    assert any(line.startswith("ownership bicycle:") for line in _people().assumptions)
    schoolless = Population.synthesize(60, city=FakeTown(schools=0))
    assert any("without a school" in line for line in schoolless.assumptions)


@pytest.mark.parametrize(("n", "rng"), [(0, 0), (-1, 0), (2.5, 0), (True, 0), (5, -1), (5, 0.5)])
def test_impossible_numbers_are_refused(n: int, rng: int) -> None:
    with pytest.raises(ConfigError, match="must be a whole number"):
        Population.synthesize(n, city=FakeTown(), rng=rng)


def test_all_impossible_numbers_are_named_in_one_message() -> None:
    with pytest.raises(ConfigError, match=r"rng must .*; n must"):
        Population.synthesize(0, city=FakeTown(), rng=-1)


def test_parameters_reach_the_people_that_are_made() -> None:
    parameters = CityParameters.from_dotted(
        {
            "population.schedules.work.start_min.pupil": [600],
            "population.commuting.self_employed_at_home": 1.0,
            "population.free_time.most_hobbies": 1,
            "population.income.fixed.retired": 0.9,
            "population.ages.licence_from": 60,
        }
    )
    people = Population.synthesize(400, city=FakeTown(), rng=7, parameters=parameters)
    pupils = [one for one in people if one.occupation is Occupation.PUPIL]
    assert {one.habits.work_start_min for one in pupils} == {600}
    self_employed = [one for one in people if one.occupation is Occupation.SELF_EMPLOYED]
    assert all(one.work == one.home for one in self_employed)
    assert {len(one.hobbies) for one in people} == {1}
    assert {one.income for one in people if one.occupation is Occupation.RETIRED} == {0.9}
    assert min(one.age for one in people if one.has_licence) >= 60


def test_defaults_and_no_parameters_are_the_same() -> None:
    people = Population.synthesize(50, city=FakeTown(), rng=7, parameters=CityParameters())
    assert people.people == Population.synthesize(50, city=FakeTown(), rng=7).people


def test_a_purpose_that_free_time_can_be_spent_on_has_a_weight_if_the_mean_names_it() -> None:
    parameters = CityParameters(purposes={"worship": {"free_time_weight": 0.3}})
    (one,) = Population.synthesize(1, city=FakeTown(), rng=7, parameters=parameters)
    assert "worship" not in one.preferences
    named = parameters.with_("population.free_time.mean.worship", 1.0)
    (other,) = Population.synthesize(1, city=FakeTown(), rng=7, parameters=named)
    assert other.preferences["worship"] > 0.2


class TestSequence:
    def test_it_has_length_order_and_slices(self) -> None:
        people = _people()
        assert len(people) == 600
        assert list(people)[3] is people[3]
        assert people[:2] == (people[0], people[1])
        assert repr(people) == "<Population of 600>"

    def test_it_pickles(self) -> None:
        assert pickle.loads(pickle.dumps(_people())).people == _people().people

    def test_homes_are_points_in_the_system_of_the_city(self) -> None:
        town = FakeTown()
        frame = _people().to_geodataframe(town)
        assert frame.crs.to_epsg() == 32631
        assert (frame.geometry.x[0], frame.geometry.y[0]) == town.position(_people()[0].home)
