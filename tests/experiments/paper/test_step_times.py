"""Time of a step by number of people: what is timed, asked, set and told."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from mesa_llm_city import City, CityModel, Crowd
from mesa_llm_city.cli.application import APPLICATION
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.paper.step_times import (
    PUBLISHED_MS,
    StepTime,
    TimedDay,
    step_times,
    step_times_table,
    timed_day,
)
from mesa_llm_city.simulation.crowd.row_needs import set_need

PEOPLE = 60


@cache
def town() -> City:
    return City.synthetic(rng=1, places=300)


@cache
def lived() -> TimedDay:
    return timed_day(PEOPLE, seed=7, city=town())


def made_up(people: int, *means: float) -> list[TimedDay]:
    """Return days whose two steps take the mean, one half and one and a half times it."""
    return [
        TimedDay(
            people=people,
            seed=seed,
            load_cpu_s=0.0,
            steps=tuple(StepTime(f * mean, 2 * f * mean, f, f) for f in (0.5, 1.5)),
            fetch_one_us=1.0,
            on_the_way={},
            trips=0,
            bytes_per_person=1.0,
            digest="",
        )
        for seed, mean in enumerate(means)
    ]


def test_a_day_has_288_steps_and_a_share_on_the_way_at_each_hour() -> None:
    day = lived()
    assert len(day.steps) == 288
    assert len(day.on_the_way) == 24
    assert all(0.0 <= share <= 1.0 for share in day.on_the_way.values())
    assert all(min(one) >= 0.0 for one in day.steps)
    assert day.trips > 0


def test_the_day_told_as_json_has_mean_and_greatest_time() -> None:
    told = json.loads(json.dumps(made_up(10, 8.0)[0].to_dict()))
    assert told["cpu_ms"] == {"mean": 8.0, "max": 12.0}
    assert told["wall_ms"] == {"mean": 16.0, "max": 24.0}
    assert "steps" not in told


def test_the_table_has_mean_and_deviation_over_seeds_beside_the_paper() -> None:
    table = step_times_table([*made_up(1000, 8.0, 10.0), *made_up(10, 1.0)]).set_index("people")
    row = table.loc[1000]
    assert row["seeds"] == 2
    assert row["step_cpu"] == 9.0
    assert row["step_cpu_sd"] == pytest.approx(np.sqrt(2.0))
    assert row["with_queries_cpu"] == 10.0
    assert row["step_wall"] == 18.0
    assert row["paper_wall"] == PUBLISHED_MS[1000]
    assert table.loc[10, ["step_cpu_sd", "paper_wall"]].isna().all()


def test_a_need_that_is_set_is_read_again_and_the_others_stay() -> None:
    model = CityModel(town(), [], rng=7, crowd=Crowd(PEOPLE))
    for _ in range(110):
        model.step()
    crowd = model.crowd
    before = {name: crowd.values(name) for name in model.parameters.needs}
    set_need(crowd, "social", np.array([3, 5]), np.array([0.25, 0.75]))
    assert crowd.values("social")[[3, 5]] == pytest.approx([0.25, 0.75])
    assert np.delete(crowd.values("social"), [3, 5]) == pytest.approx(
        np.delete(before["social"], [3, 5])
    )
    assert crowd.values("energy") == pytest.approx(before["energy"])


def test_a_row_that_is_nearly_hungry_decides_sooner() -> None:
    model = CityModel(town(), [], rng=7, crowd=Crowd(PEOPLE))
    for _ in range(110):
        model.step()
    crowd, due = model.crowd, model.crowd.state.due.copy()
    awake = np.flatnonzero((crowd.values("purpose") == "rest") & (due > model.minute + 10))
    threshold = model.parameters.needs["hunger"].threshold
    set_need(crowd, "hunger", awake, threshold + 0.001)
    assert len(awake)
    assert np.all(crowd.state.due[awake] <= due[awake])
    assert np.any(crowd.state.due[awake] < due[awake])


@pytest.mark.parametrize(
    ("name", "level", "match"),
    [("hungr", 0.5, "did you mean 'hunger'"), ("hunger", 1.5, "must be from 0 to 1")],
)
def test_a_need_that_is_none_or_out_of_range_is_refused(
    name: str, level: float, match: str
) -> None:
    model = CityModel(town(), [], rng=7, crowd=Crowd(5))
    with pytest.raises(ConfigError, match=match):
        set_need(model.crowd, name, np.array([1]), level)


def test_numbers_of_people_below_one_are_refused() -> None:
    with pytest.raises(ConfigError, match="people must be at least 1"):
        timed_day(0, seed=1)
    with pytest.raises(ConfigError, match="seeds at least 1"):
        step_times([10], seeds=0)


def test_the_command_refuses_what_is_no_number(tmp_path: Path) -> None:
    asked = ["experiment", "step-time", "--people", "many", "--out", str(tmp_path / "out")]
    found = CliRunner().invoke(APPLICATION, asked)
    assert found.exit_code == 2
    assert "--people must be numbers such as 1000,10000" in found.output
    assert not (tmp_path / "out").exists()


def test_the_command_leaves_table_and_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(City, "for_people", lambda *_: town())
    asked = ["experiment", "step-time", "--people", "20", "--seeds", "1", "--quiet"]
    found = CliRunner().invoke(APPLICATION, [*asked, "--out", str(tmp_path)])
    assert found.exit_code == 0, found.output
    assert "no comparison of machines" in found.output
    told = json.loads((tmp_path / "step-time.json").read_text())
    assert told["machine"]["20"]["map"]["places"] == len(town().places)
    assert told["days"][0]["people"] == 20
    assert (tmp_path / "step-time.csv").read_text().startswith("people,seeds,")
