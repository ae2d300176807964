"""The command line of migration: train, measure, predict, compare, and clear errors."""

from __future__ import annotations

import json
from dataclasses import replace
from inspect import signature
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

pytest.importorskip("sklearn")

TABLE = synthetic_survey(900, seed=1)
ORDER = np.random.default_rng(0).permutation(900)
TRAIN, VAL = TABLE.take(ORDER[:650]), TABLE.take(ORDER[650:])


def call(*arguments: object) -> Result:
    return CliRunner().invoke(MIGRATION, [str(one) for one in arguments])


def written(table: SurveyTable, path: Path) -> Path:
    table.frame.assign(returnee=table.target, hhid=table.group).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    written(TRAIN, folder / "train_a.csv")
    written(VAL, folder / "val_a.csv.gz")
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
            (["--rms", "depth=4"], "error: --backend tabular has no use for --rms or --budget-s"),
            (["--backbone", "folder"], "error: --backend tabular has no use for --backbone"),
            (
                ["--backend", "expectation", "--refit", "--household-mean"],
                "error: --backend expectation has no use for --household-mean, --refit",
            ),
            (
                ["--backend", "rms", "--repeats", "3"],
                "error: --backend rms has no use for --repeats",
            ),
            (["--schema", "nowhere.json"], "error: there is no schema 'nowhere.json'; give a TOML"),
        ],
    )
    def test_bad_options_end_with_one_message_and_code_two(
        self, more: list[str], told: str, data: Path, tmp_path: Path
    ) -> None:
        done = call("fit", "--train", data / "train_a.csv", "--out", tmp_path, *more)
        assert done.exit_code == 2
        assert done.stderr.startswith(told)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("rule", ["expectation", "push_pull"])
    def test_a_rule_is_fitted_saved_and_evaluated(
        self, rule: str, data: Path, tmp_path: Path
    ) -> None:
        done = call("fit", "--train", data / "train_a.csv", "--backend", rule, "--out", tmp_path)
        assert done.exit_code == 0, done.output
        done = call("evaluate", tmp_path, "--data", data / "val_a.csv.gz", "--bootstrap", 0)
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["auc"] > 0.5

    def test_defects_of_a_file_are_listed(self, data: Path, tmp_path: Path) -> None:
        frame = pd.read_csv(data / "train_a.csv")
        broken = tmp_path / "broken.csv"
        frame.assign(gender=7).drop(columns="age").to_csv(broken, index=False)
        done = call("fit", "--train", broken, "--out", tmp_path / "model")
        assert done.exit_code == 2
        assert "age" in done.stderr
        assert "gender" in done.stderr

    def test_a_table_of_another_survey_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "rows.csv"
        path.write_text("age,moved\n30,1\n40,0\n", encoding="utf-8")
        done = call("fit", "--train", path, "--out", tmp_path / "model")
        assert done.exit_code == 2
        assert "Then give the schema of its own (--schema)." in done.stderr

    def test_too_few_rows_to_set_any_aside_are_told(self, tmp_path: Path) -> None:
        few = written(TABLE.take([0, 1, 2]), tmp_path / "few.csv")
        done = call("fit", "--train", few, "--split", "random", "--out", tmp_path / "model")
        assert done.exit_code == 2
        assert "there are no validation rows; set more rows aside" in done.stderr

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

    def test_rows_used_for_calibration_are_seen_whatever_is_claimed(
        self, model: Path, data: Path
    ) -> None:
        done = call(
            *("evaluate", model, "--data", data / "val_a.csv.gz"),
            *("--text", "--bootstrap", 0, "--protocol", "grouped"),
        )
        assert done.exit_code == 0, done.stderr
        assert done.stdout.startswith("WARNING    100.0% of the rows were used for its early")
        assert "The protocol is seen, not grouped as was said" in done.stdout
        assert "protocol   seen (100.0% of the rows" in done.stdout

    def test_warnings_go_to_the_error_stream_and_json_says_what_was_seen(
        self, model: Path, data: Path
    ) -> None:
        done = call("evaluate", model, "--data", data / "train_a.csv", "--bootstrap", 0)
        told = json.loads(done.stdout)
        assert done.stderr.startswith("WARNING: ")
        assert told["protocol"] == "seen"
        # Rows with a household member in the other file were left out of training.
        assert 0.2 < told["separation"]["train_rows"] < 0.9

    def test_new_households_are_grouped_without_a_claim(self, model: Path, tmp_path: Path) -> None:
        others = synthetic_survey(60, seed=9)
        others = replace(others, group=np.asarray(others.group) + 5000)
        rows = written(others, tmp_path / "new.csv")
        done = call("evaluate", model, "--data", rows, "--bootstrap", 0)
        assert json.loads(done.stdout)["protocol"] == "grouped"
        assert done.stderr == ""

    def test_costs_set_the_threshold(self, model: Path, data: Path) -> None:
        files = ("evaluate", model, "--data", data / "train_a.csv", "--bootstrap", 0)
        plain, rare = (json.loads(call(*files, *more).stdout) for more in ((), ("--cost-ratio", 4)))
        assert (plain["threshold"], rare["threshold"]) == (0.5, 0.2)
        assert rare["recall"] > plain["recall"]
        assert rare["cost"] > 0.0
        assert call(*files, "--cost-ratio", 0).exit_code == 2

    def test_a_protocol_that_nobody_knows_is_refused(self, model: Path, data: Path) -> None:
        done = call("evaluate", model, "--data", data / "train_a.csv", "--protocol", "honest")
        assert done.exit_code == 2
        assert "protocol must be one of given, grouped" in done.stderr

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
            assert "no tabular model has a language model; leave out" in done.stderr


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
        known = load_model(model).predict_proba(VAL)[:, 1]
        assert [float(line.partition(",")[2]) for line in lines] == known.tolist()

    def test_the_terminal_is_the_default(self, model: Path, data: Path) -> None:
        done = call("predict", model, "--data", data / "val_a.csv.gz")
        assert done.stdout.startswith("row,p\n0,0.")

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


def test_leakage_of_one_file_sets_rows_aside_by_household(data: Path) -> None:
    told = json.loads(call("leakage", "--train", data / "train_a.csv", "--json").stdout)
    assert told["train_rows"] + told["test_rows"] == 650
    assert told["shared_households"] == 0.0
    assert told["claims"] == []


def test_leakage_can_fail_a_check(data: Path, tmp_path: Path) -> None:
    files = ("leakage", "--train", data / "train_a.csv", "--check")
    assert call(*files).exit_code == 0
    rows = pd.read_csv(data / "train_a.csv")
    rows.assign(hukou=rows["returnee"]).to_csv(tmp_path / "leak.csv", index=False)
    done = call("leakage", "--train", tmp_path / "leak.csv", "--check")
    assert done.exit_code == 1
    assert "hukou: gives the label away alone" in done.stdout


def test_leakage_of_one_class_is_not_called_none(tmp_path: Path) -> None:
    ones = written(TABLE.take(TABLE.target == 1), tmp_path / "ones.csv")
    done = call("leakage", "--train", ones)
    assert done.exit_code == 0, done.output
    assert "Nothing can be said about leaks" in done.stdout
    assert "No leak was found" not in done.stdout
    assert "nan" not in done.stdout


def test_leakage_of_interviews_is_of_its_own_survey_only(data: Path) -> None:
    words = ("leakage", "--train", data / "train_a.csv", "--interview")
    done = call(*words, "--schema", "union_membership")
    assert done.exit_code == 2
    assert "--interview is of the schema chfs" in done.stderr


def test_a_language_model_that_is_not_asked_is_refused(model: Path, data: Path) -> None:
    done = call("predict", model, "--data", data / "val_a.csv.gz", "--llm", "openai/some")
    assert done.exit_code == 2
    assert "asks no language model; leave out --llm" in done.stderr


def test_leakage_may_look_at_who_was_interviewed(data: Path) -> None:
    files = ("--train", data / "train_a.csv", "--test", data / "val_a.csv.gz")
    told = call("leakage", *files, "--interview")
    assert told.exit_code == 2
    assert "column track is missing" in told.stderr


def test_an_evaluation_has_figures_of_groups_by_any_column(data: Path, model: Path) -> None:
    options = ("evaluate", model, "--data", data / "val_a.csv.gz", "--bootstrap", 0)
    told = json.loads(call(*options, "--groups", "work,age:16-38,39-60").stdout)
    assert {"Age: 16-38", "Age: 39-60"} < set(told["subgroups"])
    assert sum(told["subgroups"][f"Age: {band}"]["n"] for band in ("16-38", "39-60")) == 250
    wrong = call(*options, "--groups", "wage")
    assert wrong.exit_code == 2
    assert "give bands" in wrong.stderr


def test_it_is_part_of_the_program() -> None:
    from mesa_llm_city.cli import application as cli

    assert "benchmark" in CliRunner().invoke(cli.APPLICATION, ["migration", "--help"]).stdout


def test_every_command_that_reads_a_model_says_where_its_language_model_is() -> None:
    read = 0
    for command in MIGRATION.registered_commands:
        options = signature(command.callback).parameters if command.callback else {}
        if {"folder", "folders"} & set(options):
            read += 1
            assert {"backbone", "device"} <= set(options), command.callback
    assert read >= 6
