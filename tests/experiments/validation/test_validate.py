"""Validating whole runs: what is reported, and what is left behind."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from mesa_llm_city import City, CityModel
from mesa_llm_city.cli import application as cli
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import RunOptions, run, validate
from mesa_llm_city.experiments.validation import Validation

TIME_USE = """day_type,activity,mean_min
weekday,sleep,500
weekday,work,240
weekday,housework,100
weekday,leisure,400
weekday,travel,60
"""
DEPARTURES = "hour,trips\n8,30\n12,20\n18,30\n"


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("observed")
    (folder / "time_use.csv").write_text(TIME_USE, encoding="utf-8")
    (folder / "departures.csv").write_text(DEPARTURES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(observed: Path) -> Validation:
    model = CityModel(City.synthetic(rng=3, places=300), 8, rng=1)
    model.run_days(1)
    return validate(model, observed, draws=3)


def test_measures_that_need_no_data_are_taken_of_any_run(found: Validation) -> None:
    names = [family.name for family in found.families]
    assert names == [
        "time use",
        "departures",
        "variation",
        "exploration and return",
        "distances",
        "motifs",
        "trips and drift",
    ]
    assert 0.0 < found["trips a day"].value < 20.0


def test_it_tells_who_decided_the_seed_the_data_and_that_nothing_was_fitted(
    found: Validation,
) -> None:
    told = found.text()
    assert "8 people, 1 day from 2024-04-01" in told
    assert "seed 1" in told
    assert "every choice by rules: no language model was used" in told
    assert "time_use.csv (sha256 " in told
    assert "nothing was fitted: all parameters have their defaults" in told
    whole = found.to_dict()["provenance"]
    assert len(whole["digest"]) == 32
    assert [one["rows"] for one in whole["observed"]] == [5, 3]


def test_figures_that_there_are_not_are_null_in_json(found: Validation) -> None:
    whole = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    figures = {one["name"]: one for family in whole["families"] for one in family["measures"]}
    assert figures["exponent of S(t), distinct places by day"]["value"] is None


def test_an_unknown_measure_lists_those_there_are(found: Validation) -> None:
    with pytest.raises(KeyError, match="there are everybody, kind of day: difference of shares"):
        found["happiness"]


def test_options_that_cannot_be_used_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cell_m must be .*; draws must be at least 2, got 0"):
        validate(tmp_path, draws=0, cell_m=-1.0)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "small"
    return run(RunOptions(model="town_day", citizens=8, seed=1, out=out))


@pytest.mark.usefixtures("empty_pictures")
@pytest.mark.slow
class TestFolder:
    def test_the_command_prints_a_table_and_leaves_three_files(
        self, finished: Path, observed: Path
    ) -> None:
        asked = ["validate", str(finished), "--against", str(observed), "--draws", "3"]
        result = CliRunner().invoke(cli.APPLICATION, asked)
        assert result.exit_code == 0, result.output
        assert "trips a day" in result.stdout
        home = finished / "validation"
        assert sorted(file.name for file in home.iterdir()) == [
            "validation.csv",
            "validation.json",
            "validation.png",
        ]
        table = pd.read_csv(home / "validation.csv")
        assert {"measure", "value", "low_95", "naive", "reference"} <= set(table.columns)
        assert table["measure"].is_unique

    def test_a_folder_says_the_same_as_the_model_did(self, finished: Path) -> None:
        model = CityModel(City.synthetic(), 8, rng=1)
        model.run_days(1)
        one, other = validate(finished, draws=3), validate(model, draws=3)
        assert one.to_dict()["families"] == other.to_dict()["families"]
        assert one.provenance.digest == other.provenance.digest

    def test_a_table_that_was_fitted_to_is_no_test(self, finished: Path, observed: Path) -> None:
        file = finished / "manifest.json"
        manifest = json.loads(file.read_text(encoding="utf-8"))
        checksum = validate(finished, observed, draws=2).provenance.observed[0].sha256
        manifest["fitted"] = [{"file": "survey.csv", "sha256": checksum}]
        file.write_text(json.dumps(manifest), encoding="utf-8")
        told = validate(finished, observed, draws=2).text()
        assert "parameters were fitted to time_use.csv: what is said of it is no test" in told

    def test_a_run_that_is_not_there_is_an_error_of_input(self, tmp_path: Path) -> None:
        result = CliRunner().invoke(cli.APPLICATION, ["validate", str(tmp_path / "none")])
        assert result.exit_code == 2
        assert "does not exist" in result.output
