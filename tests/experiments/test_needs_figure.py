"""The five days are drawn, needs dip before meals, and the nurse's night is turned round."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from mesa_llm_city.cli.application import APPLICATION
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.experiments import live_profiles
from mesa_llm_city.experiments.needs_figure import DayOfNeeds
from mesa_llm_city.parameters import CityParameters

NEEDS = list(CityParameters().needs)
HUNGER, ENERGY = NEEDS.index("hunger"), NEEDS.index("energy")


@pytest.fixture(scope="module")
def days() -> dict[str, DayOfNeeds]:
    """Return the second day of each profile."""
    return {day.name: day for day in live_profiles(seed=7)}


@pytest.mark.slow
def test_there_are_five_days_of_five_minutes_each(days: dict[str, DayOfNeeds]) -> None:
    assert len(days) == 5
    for day in days.values():
        assert day.levels.shape == (288, 4)
        assert ((day.levels >= 0.0) & (day.levels <= 1.0)).all()


def test_hunger_dips_before_each_meal_and_rises_with_it(days: dict[str, DayOfNeeds]) -> None:
    for day in days.values():
        meals = [(begin, end) for what, begin, end in day.stays if what == Purpose.MEAL]
        assert len(meals) >= 2
        for begin, end in meals:
            if begin < 1.0 or end > 23.5:
                continue
            before, after = np.searchsorted(day.hours, [begin, end]) - [1, 0]
            assert day.levels[before - 6, HUNGER] > day.levels[before, HUNGER]
            assert day.levels[after, HUNGER] > day.levels[before, HUNGER] + 0.2


def test_the_nurse_has_most_energy_when_the_others_go_to_bed(days: dict[str, DayOfNeeds]) -> None:
    evening = np.searchsorted(days["office worker"].hours, 20.0)
    levels = {name: day.levels[evening, ENERGY] for name, day in days.items()}
    assert levels["night-shift nurse"] > levels["office worker"] + 0.3


def test_the_senior_has_company_at_home(days: dict[str, DayOfNeeds]) -> None:
    social = {name: float(day.levels[:, 3].mean()) for name, day in days.items()}
    assert social["retired senior"] > social["freelance designer"] + 0.2


@pytest.mark.slow
def test_the_command_draws_it_and_knows_no_other(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        APPLICATION, ["figure", "needs", "--out", str(tmp_path / "needs.png")]
    )
    assert done.exit_code == 0, done.output
    assert (tmp_path / "needs.png").stat().st_size > 20_000
    wrong = CliRunner().invoke(APPLICATION, ["figure", "wants"])
    assert wrong.exit_code == 2
    assert "there is no figure 'wants'; the figures are needs" in wrong.stderr
