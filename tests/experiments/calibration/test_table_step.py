"""One step of fitting a table of time use, on lives written down by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.experiments.calibration.noise import gaps_of
from mesa_llm_city.experiments.calibration.table_rows import cut_ages
from mesa_llm_city.experiments.calibration.table_step import next_table
from mesa_llm_city.experiments.observed.time_use import ObservedTimeUse, read_time_use
from mesa_llm_city.experiments.validation.time_use import compared_cells, lived_days
from mesa_llm_city.population.time_use import TimeUseTable
from tests.experiments.lives import HOME, SHOP, Stay, lives

TUESDAY = date(2024, 4, 2)
PEOPLE = [{"age": 40, "occupation": "retired", "work_minutes": 0}] * 6


def _survey(folder: Path, **minutes: float) -> ObservedTimeUse:
    rows = [f"40-44,weekday,{name},{one}" for name, one in minutes.items()]
    file = folder / "time_use.csv"
    file.write_text("\n".join(["age,day_type,activity,mean_min", *rows]), encoding="utf-8")
    return read_time_use(file)


def _day(person: int, sleep_h: float) -> list[Stay]:
    return [
        (person, 0.0, sleep_h, "sleep", HOME),
        (person, sleep_h, sleep_h + 1.0, "shopping", SHOP),
        (person, sleep_h + 1.0, 24.0, "rest", HOME),
    ]


def test_a_mean_grows_by_what_the_run_lacks(tmp_path: Path) -> None:
    survey = _survey(tmp_path, sleep=540, shopping=30, leisure=870)
    stays = [row for one in range(6) for row in _day(one, 8.0)]
    tables = lives(stays, days=1, start=TUESDAY, people=PEOPLE)
    table = cut_ages(TimeUseTable.builtin("neutral"), [40, 45])
    step = next_table(table, tables, survey, ages=(40, 44), damping=0.5)
    who = {"sex": "female", "age": "40-44", "employment": "none", "youngest_child": "none"}
    at = {
        name: table.cells(**who, day="weekday", activity=name)
        for name in ("sleep", "grooming", "shopping", "services")
    }
    before, after = table.mean_min, step.table.mean_min

    def change(*names: str) -> float:
        return float(sum(after[at[name]][0] - before[at[name]][0] for name in names))

    # Everybody slept 60 min too short and shopped 30 min too long; half of it is made up for.
    assert change("sleep", "grooming") == pytest.approx(30.0, abs=0.1)
    wanted = -min(15.0, 2.0 / 3.0 * sum(before[at[one]][0] for one in ("shopping", "services")))
    assert change("shopping", "services") == pytest.approx(wanted, abs=0.1)
    assert after.sum(axis=-1) == pytest.approx(1440.0)


def test_other_ages_and_kinds_of_day_stay(tmp_path: Path) -> None:
    survey = _survey(tmp_path, sleep=540, shopping=30, leisure=870)
    stays = [row for one in range(6) for row in _day(one, 8.0)]
    tables = lives(stays, days=1, start=TUESDAY, people=PEOPLE)
    table = cut_ages(TimeUseTable.builtin("neutral"), [40, 45])
    step = next_table(table, tables, survey, ages=(40, 44))
    old = table.cells(age="75+")
    assert step.table.mean_min[old] == pytest.approx(table.mean_min[old], abs=1e-6)
    # 2 sexes x 3 kinds of employment x 3 of children x 3 of days, of one age group.
    assert step.numbers == 54 * 2 * len(step.activities)
    assert step.activities == ("sleep", "grooming", "shopping", "services")


def test_ages_are_cut_where_a_survey_cuts_them() -> None:
    table = cut_ages(TimeUseTable.builtin("neutral"), [16, 65])
    assert "16-19" in table.values("age")
    assert np.array_equal(
        table.mean_min[table.cells(age="16-19")],
        TimeUseTable.builtin("neutral").mean_min[
            TimeUseTable.builtin("neutral").cells(age="15-19")
        ],
    )


def test_the_variance_of_a_mean_is_that_between_persons(tmp_path: Path) -> None:
    survey = _survey(tmp_path, sleep=540, shopping=30, leisure=870)
    stays = [row for one in range(6) for row in _day(one, 7.0 + one % 2)]
    tables = lives(stays, days=1, start=TUESDAY, people=PEOPLE)
    lived = lived_days(tables, survey)
    cells = compared_cells(tables, survey, lived.days)
    wanted = np.array([cell.minutes for cell in cells.observed])
    gaps = gaps_of(cells, lived.spent, lived.days, wanted).of(0)
    # Three sleep 420 and three 480 min: a mean of 450, and a variance of 900 / 6.
    assert gaps.size.tolist() == pytest.approx([90.0])
    assert gaps.variance.tolist() == pytest.approx([150.0])
