"""A run beside its control, year by year."""

from __future__ import annotations

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.migration.course import MigrationCourse
from mesa_llm_city.ui.migration.story import MigrationRun
from tests.ui.migration.made_up import MadeUp


def course(subsidy: float = 0.0) -> MigrationCourse:
    return MigrationCourse(MadeUp, {"rural_subsidy": subsidy})


def test_the_made_up_run_is_one_of_migration() -> None:
    assert isinstance(MadeUp(), MigrationRun)


def test_years_are_kept_and_the_run_ends() -> None:
    run = course()
    for _ in range(5):
        run.step()
    assert not run.running
    assert run.reached == 3
    assert [one.share for one in run.years] == [0.1, 0.2, 0.3, 0.4]
    assert [one.control for one in run.years] == [0.1, 0.2, 0.3, 0.4]
    assert run.years[0].moves == ()
    assert run.years[2].moves[0].people == 1


def test_a_lever_acts_from_the_next_year_on_and_not_in_the_control() -> None:
    run = course()
    run.step()
    run.pull(rural_subsidy=100.0)
    run.step()
    assert [one.share for one in run.years] == [0.1, 0.2, 0.4]
    assert run.years[2].control == 0.3
    assert run.years[2].cost == 400.0
    assert run.has_policy


def test_an_unknown_lever_is_refused_and_nothing_changes() -> None:
    run = course()
    with pytest.raises(ConfigError, match="no lever tax; there are rural_subsidy"):
        run.pull(rural_subsidy=5.0, tax=1.0)
    assert run.levers == {"rural_subsidy": 0.0}


def test_the_effect_with_another_seed_repeats_what_was_done_to_levers() -> None:
    run = course()
    run.step()
    run.pull(rural_subsidy=100.0)
    run.step()
    run.step()
    assert run.effect(2) == pytest.approx([0.0, 0.0, 0.1, 0.2])
    assert course(7.0).effect(1, years=2) == pytest.approx([0.0, 0.1, 0.2])


def test_what_drove_a_decision_is_asked_of_the_run() -> None:
    run = course()
    run.step()
    found = run.drivers(1, 4)
    assert found is not None
    assert found.base == -1.0
    assert run.drivers(1, 5) is None
