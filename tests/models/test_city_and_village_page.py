"""City and village in the browser: the run as the page sees it."""

from __future__ import annotations

import pytest

pytest.importorskip("solara")

from mesa_llm_city.models.city_and_village.model import CityAndVillage
from mesa_llm_city.models.city_and_village.page import STUDY
from mesa_llm_city.models.city_and_village.seen import VillageRun

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.evaluation.calibration import log_odds
from mesa_llm_city.simulation.migration.migration import CITY
from mesa_llm_city.ui.migration.story import MigrationRun

OPTIONS = {"persons": 24, "villages": 3, "years": 2, "rng": 5}


@pytest.fixture(scope="module")
def run() -> VillageRun:
    """Return a run after two years, with a subsidy that nobody resists."""
    made = STUDY.make({**OPTIONS, "rural_subsidy": 200_000.0})
    assert isinstance(made, VillageRun)
    made.step()
    made.step()
    return made


def test_it_is_what_a_page_of_migration_shows(run: VillageRun) -> None:
    assert isinstance(run, MigrationRun)
    assert run.year == run.years == 2


def test_everybody_lives_somewhere_and_belongs_to_a_village(run: VillageRun) -> None:
    people = run.population()
    assert sum(people.values()) == 24
    assert people[CITY] == run.model.in_city
    assert sum(one.belong for one in run.regions()) == 24
    assert set(people) <= {one.name for one in run.regions()}


def test_moves_of_the_last_year_are_those_of_the_model(run: VillageRun) -> None:
    last = [one for one in run.model.migration.moved if one.minute > run.model.minute // 2]
    assert sum(one.people for one in run.moves()) == sum(one.people for one in last)


def test_drivers_add_up_to_the_log_odds_of_the_probability(run: VillageRun) -> None:
    considered = run.considered()
    assert considered
    for one in considered:
        found = run.drivers(2, one.key)
        assert found is not None
        total = found.base + sum(value for _, value in found.parts) + found.places
        assert total == pytest.approx(float(log_odds(one.p)), abs=1e-9)
    assert run.drivers(9, considered[0].key) is None


def test_the_model_keeps_the_last_decision_of_each_household(run: VillageRun) -> None:
    decided = run.model.migration.decided
    assert {one.key for one in run.considered()} <= set(decided)
    for one in run.model.migration.moved:
        if one.minute == decided[one.household].minute:
            assert decided[one.household].choice.is_moving


def test_shares_at_home_are_those_of_the_model(run: VillageRun) -> None:
    shares = run.shares()
    assert shares["everybody"]["everybody"] == run.model.home_share
    sizes = {name: list(run.groups["village"].values()).count(name) for name in shares["village"]}
    home = sum(share * sizes[name] for name, share in shares["village"].items())
    assert home / 24 == pytest.approx(run.model.home_share)


def test_a_control_has_the_same_people() -> None:
    course = STUDY.course({**OPTIONS, "rural_subsidy": 50_000.0})
    assert course.run.population() == course.control.population()
    assert isinstance(course.control, VillageRun)
    assert isinstance(course.control.model, CityAndVillage)
    assert course.control.model.rural_subsidy == 0.0


def test_an_option_of_another_kind_is_refused() -> None:
    with pytest.raises(ConfigError, match="city_and_village has a value of another kind"):
        STUDY.make({**OPTIONS, "persons": "many"})
