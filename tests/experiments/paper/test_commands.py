"""Each experiment from the command line, on a tiny run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.application import APPLICATION
from mesa_llm_city.experiments import PICTURE
from mesa_llm_city.experiments.paper.specification import EXPERIMENTS

pytestmark = pytest.mark.slow

SIZE = ("--citizens", "6", "--days", "1", "--set", "population.time_use.table=neutral")
ON_A_RUN = ("time-use", "popularity", "density", "beliefs")


def _experiment(*words: str | Path) -> Result:
    arguments = ["experiment", *map(str, words), "--quiet", "--draws", "5"]
    return CliRunner().invoke(APPLICATION, arguments)


def _files(folder: Path, name: str) -> list[bool]:
    return [(folder / f"{name}.{end}").is_file() for end in ("json", "csv", "png")]


@pytest.fixture(scope="module")
def travel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the experiment about travel, with its run."""
    folder = tmp_path_factory.mktemp("experiment") / "travel"
    data = folder.parent / "data"
    data.mkdir()
    rows = [f"weekday,{hour},{1 + (hour in (8, 17))}" for hour in range(24)]
    (data / "departures.csv").write_text("\n".join(["day_type,hour,share", *rows]), "utf-8")
    done = _experiment("travel", *SIZE, "--out", folder, "--data", data)
    assert done.exit_code == 0, done.output
    assert "every choice by rules: no language model was used" in done.stdout
    assert "weekday: correlation over the hours" in done.stdout
    assert "there is no modes.csv" in done.stdout
    return folder


def test_it_leaves_its_report_and_its_run(travel: Path) -> None:
    assert all(_files(travel, "travel"))
    assert (travel / "run" / PICTURE).is_file()
    report = json.loads((travel / "travel.json").read_text(encoding="utf-8"))
    assert report["paper"]["where"] == "CitySim, sec. 4.3, figure 3"
    assert report["provenance"]["observed"][0]["file"] == "departures.csv"


@pytest.mark.parametrize("name", ON_A_RUN)
def test_other_experiments_measure_the_same_run(travel: Path, tmp_path: Path, name: str) -> None:
    done = _experiment(name, "--run", travel / "run", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert all(_files(tmp_path, name))
    assert f"CitySim, sec. {EXPERIMENTS[name].section}" in done.stdout


def test_ablations_compare_runs(tmp_path: Path) -> None:
    done = _experiment("ablations", *SIZE, "--without", "needs", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert all(_files(tmp_path, "ablations"))
    assert "without needs: clear changes in" in done.stdout
    assert {one.name for one in tmp_path.iterdir() if one.is_dir()} == {
        "all-components",
        "another-seed",
        "without-needs",
    }


def test_needs_are_drawn_by_rules(tmp_path: Path) -> None:
    done = _experiment("needs", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert all(_files(tmp_path, "needs"))
    assert "night-shift nurse" in done.stdout


def test_data_without_the_table_are_refused_before_a_run(tmp_path: Path) -> None:
    (tmp_path / "modes.csv").write_text("mode,share\nwalk,1\n", encoding="utf-8")
    done = _experiment("time-use", "--data", tmp_path, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "there is no time_use.csv" in done.stderr
    assert not (tmp_path / "out").exists()
