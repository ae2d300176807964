"""The command line of migration: train, measure, predict, compare, and clear errors."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

pytest.importorskip("sklearn")

TABLE = synthetic_survey(900, seed=1)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(MIGRATION, [str(one) for one in arguments])


def written(table: SurveyTable, path: Path) -> Path:
    table.frame.assign(returnee=table.target, hhid=table.group).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    written(TABLE.take(range(700)), folder / "train_a.csv")
    written(TABLE.take(range(650, 900)), folder / "val_a.csv.gz")
    return folder


@pytest.fixture(scope="module")
def model(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    done = call(
        *("fit", "--train", data / "train_a.csv", "--val", data / "val_a.csv.gz"),
        *("--split", "grouped", "--missing", "impute", "--out", folder),
    )
    assert done.exit_code == 0, done.stderr
    assert "and 250 for early stopping and calibration" in done.stdout
    return folder


class TestFit:
    @pytest.mark.parametrize("split", ["random", "grouped"])
    def test_without_validation_rows_a_tenth_is_set_aside(
        self, split: str, data: Path, tmp_path: Path
    ) -> None:
        done = call(
            *("fit", "--train", data / "train_a.csv", "--backend", "logistic_regression"),
            *("--split", split, "--household-mean", "--out", tmp_path),
        )
        assert done.exit_code == 0, done.stderr
        assert "for early stopping and calibration" in done.stdout
        told = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
        assert told["options"]["household_mean"]
        assert told["calibration"] is not None

    def test_an_own_schema_is_read(self, data: Path, tmp_path: Path) -> None:
        schema = tmp_path / "schema.json"
        schema.write_text(json.dumps(TABLE.schema.to_json()), encoding="utf-8")
        done = call(
            *("fit", "--train", data / "train_a.csv", "--backend", "base_rate"),
            *("--schema", schema, "--out", tmp_path / "model"),
        )
        assert done.exit_code == 0, done.stderr

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            (["--backend", "oracle"], "error: there is no method 'oracle'; accepted are"),
            (["--backend", "rms"], "error: rms is trained from a language model"),
            (["--missing", "guess"], "error: missing must be one of"),
            (["--split", "odd"], "error: --split must be predefined, random or grouped"),
            (["--rms", "depth"], "error: --rms takes NAME=VALUE"),
            (["--schema", "nowhere.json"], "error: nowhere.json cannot be read as a schema"),
        ],
    )
    def test_bad_options_end_with_one_message_and_code_two(
        self, more: list[str], told: str, data: Path, tmp_path: Path
    ) -> None:
        done = call("fit", "--train", data / "train_a.csv", "--out", tmp_path, *more)
        assert done.exit_code == 2
        assert done.stderr.startswith(told)
        assert list(tmp_path.iterdir()) == []

    def test_defects_of_a_file_are_listed(self, data: Path, tmp_path: Path) -> None:
        frame = pd.read_csv(data / "train_a.csv")
        broken = tmp_path / "broken.csv"
        frame.assign(gender=7).drop(columns="age").to_csv(broken, index=False)
        done = call("fit", "--train", broken, "--out", tmp_path / "model")
        assert done.exit_code == 2
        assert "age" in done.stderr
        assert "gender" in done.stderr

    def test_labels_of_one_class_are_refused(self, tmp_path: Path) -> None:
        ones = written(TABLE.take(TABLE.target == 1), tmp_path / "ones.csv")
        done = call("fit", "--train", ones, "--out", tmp_path / "model")
        assert done.exit_code == 2
        assert "the label is 1 in all" in done.stderr

    def test_a_random_split_takes_no_validation_rows(self, data: Path, tmp_path: Path) -> None:
        done = call(
            *("fit", "--train", data / "train_a.csv", "--val", data / "val_a.csv.gz"),
            *("--split", "random", "--out", tmp_path),
        )
        assert done.exit_code == 2
        assert "leave --val out" in done.stderr


class TestEvaluate:
    @pytest.mark.slow
    def test_it_prints_json_with_the_metrics_and_n(self, model: Path, data: Path) -> None:
        done = call("evaluate", model, "--data", data / "val_a.csv.gz", "--bootstrap", 20)
        told = json.loads(done.stdout)
        assert told["n"] == 250
        for name in ("accuracy", "precision", "recall", "f1", "auc", "brier", "ece"):
            low, high = told["intervals"][name]
            assert 0.0 <= low <= high <= 1.0
            assert 0.0 <= told[name] <= 1.0

    def test_it_prints_lines_for_people(self, model: Path, data: Path) -> None:
        done = call(
            *("evaluate", model, "--data", data / "val_a.csv.gz"),
            *("--text", "--bootstrap", 0, "--protocol", "grouped"),
        )
        assert "protocol   grouped" in done.stdout

    def test_a_folder_without_a_model_is_refused(self, data: Path, tmp_path: Path) -> None:
        done = call("evaluate", tmp_path, "--data", data / "val_a.csv.gz")
        assert done.exit_code == 2
        assert "has no model" in done.stderr

    @pytest.mark.parametrize("option", ["--backbone", "--device"])
    def test_a_tabular_model_has_no_language_model(
        self, model: Path, data: Path, option: str
    ) -> None:
        for command in ("evaluate", "predict"):
            done = call(command, model, "--data", data / "val_a.csv.gz", option, "cpu")
            assert done.exit_code == 2
            assert "a tabular model is not trained from a language model; leave out" in done.stderr


class TestPredict:
    def test_labels_are_not_needed_and_numbers_read_back_exactly(
        self, model: Path, data: Path, tmp_path: Path
    ) -> None:
        from mesa_llm_city.migration.models.loading import load_model

        rows = pd.read_csv(data / "val_a.csv.gz").drop(columns="returnee")
        rows.to_csv(tmp_path / "rows.csv", index=False)
        done = call("predict", model, "--data", tmp_path / "rows.csv", "--out", tmp_path / "p.csv")
        assert done.exit_code == 0, done.stderr
        _, *lines = (tmp_path / "p.csv").read_text(encoding="utf-8").splitlines()
        known = load_model(model).predict_proba(TABLE.take(range(650, 900)))[:, 1]
        assert [float(line.partition(",")[2]) for line in lines] == known.tolist()

    def test_the_terminal_is_the_default(self, model: Path, data: Path) -> None:
        done = call("predict", model, "--data", data / "val_a.csv.gz")
        assert done.stdout.startswith("row,p_return\n0,0.")

    def test_a_file_that_cannot_be_written_is_named(self, model: Path, data: Path) -> None:
        done = call("predict", model, "--data", data / "val_a.csv.gz", "--out", data)
        assert done.exit_code == 2
        assert "cannot be written" in done.stderr


class TestPrompt:
    def test_a_model_that_asks_needs_somebody_to_ask(self, data: Path, tmp_path: Path) -> None:
        done = call(
            "fit", "--backend", "prompt", "--train", data / "train_a.csv", "--out", tmp_path
        )
        assert done.exit_code == 0, done.stderr
        done = call("evaluate", tmp_path, "--data", data / "val_a.csv.gz")
        assert done.exit_code == 2
        assert "there is no language model to ask" in done.stderr
        store = tmp_path / "none.sqlite"
        done = call("evaluate", tmp_path, "--data", data / "val_a.csv.gz", "--store", store)
        assert done.exit_code == 2
        assert "there is no recording" in done.stderr


def test_leakage_is_reported_in_words_and_json(data: Path) -> None:
    files = ("--train", data / "train_a.csv", "--test", data / "val_a.csv.gz")
    words, told = call("leakage", *files), call("leakage", *files, "--json")
    assert words.exit_code == told.exit_code == 0
    assert "household" in words.stdout
    assert isinstance(json.loads(told.stdout), dict)


def test_leakage_may_look_at_who_was_interviewed(data: Path) -> None:
    files = ("--train", data / "train_a.csv", "--test", data / "val_a.csv.gz")
    told = call("leakage", *files, "--interview")
    assert told.exit_code == 2
    assert "column track is missing" in told.stderr


@pytest.mark.slow
def test_a_benchmark_leaves_a_table_and_json(data: Path, tmp_path: Path) -> None:
    done = call(
        *("benchmark", "--data", data, "--out", tmp_path, "--bootstrap", 0),
        *("--methods", "base_rate,logistic_regression", "--household-mean"),
    )
    assert done.exit_code == 0, done.stderr
    told = json.loads((tmp_path / "benchmark.json").read_text(encoding="utf-8"))
    assert len(told["entries"]) == 2 * (1 + 4)
    lines = (tmp_path / "benchmark.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2 + len(told["entries"])
    assert done.stdout.count("AUC") == len(told["entries"])


def test_it_is_part_of_the_program() -> None:
    from mesa_llm_city.cli import application as cli

    assert "benchmark" in CliRunner().invoke(cli.APPLICATION, ["migration", "--help"]).stdout
