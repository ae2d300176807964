"""The command line of benchmarks."""

from __future__ import annotations

import csv
import json
import shlex
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.migration.survey.synthetic import synthetic_survey

pytest.importorskip("sklearn")

TABLE = synthetic_survey(300, seed=1)
ORDER = np.random.default_rng(0).permutation(300)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(MIGRATION, ["benchmark", *(str(one) for one in arguments)])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("with a space")
    for part, rows in (("train", ORDER[:200]), ("val", ORDER[200:250]), ("test", ORDER[250:])):
        table = TABLE.take(rows)
        frame = table.frame.assign(returnee=table.target, hhid=table.group)
        frame.to_csv(folder / f"{part}_a.csv", index=False)
    return folder


def test_a_benchmark_leaves_tables_and_is_not_computed_twice(data: Path, tmp_path: Path) -> None:
    options = ("--data", data, "--out", tmp_path, "--bootstrap", 0, "--household-mean")
    listed = ("--methods", "base_rate,logistic_regression", "--protocols", "given")
    few = (*listed, "--groups", "gender")
    done = call(*options, *few)
    assert done.exit_code == 0, done.stderr
    told = json.loads((tmp_path / "benchmark.json").read_text(encoding="utf-8"))
    assert len(told["entries"]) == told["total"] == 1 + 4
    assert done.stdout.count("AUC") == len(told["entries"])
    text = (tmp_path / "benchmark.md").read_text(encoding="utf-8")
    assert text.count("\n| a | Logistic Regression |") == 4 + 2 * 4
    assert "tabular" in (tmp_path / "benchmark.tex").read_text(encoding="utf-8")
    lines = (tmp_path / "benchmark.csv").read_text(encoding="utf-8").splitlines()
    rows = [*csv.DictReader(lines)]
    assert [one["cell"] for one in rows] == [one["cell"] for one in told["entries"]]
    again = call(*options, *few)
    assert "AUC" not in again.stdout
    assert "5 of 5 cells are finished already" in again.stdout


def test_the_command_of_a_row_computes_it_again(data: Path, tmp_path: Path) -> None:
    options = ("--data", data, "--bootstrap", 0, "--methods", "base_rate", "--part", "test")
    assert call(*options, "--out", tmp_path).exit_code == 0
    entry = json.loads((tmp_path / "cells.jsonl").read_text(encoding="utf-8").splitlines()[0])
    command = shlex.split(entry["command"])
    assert command[:3] == ["mesa-llm-city", "migration", "benchmark"]
    assert command[-2:] == ["--only", "a/base_rate/given/indicator"]
    repeated = call(*command[3:], "--out", tmp_path)
    assert repeated.exit_code == 0, repeated.stderr
    assert repeated.stdout.count("  as before") == 1
    fresh = call(*command[3:], "--out", tmp_path / "fresh")
    assert fresh.stdout.startswith("1/2 ")
    listed = call(*command[3:], "--out", tmp_path / "fresh", "--list").stdout.splitlines()
    assert [one.split()[0] for one in listed] == ["finished", "to"]


def test_the_preset_names_what_it_cannot_run(data: Path, tmp_path: Path) -> None:
    options = ("--preset", "paper", "--data", data, "--out", tmp_path, "--bootstrap", 0)
    done = call(*options, "--methods", "logistic_regression,bert,rms")
    assert done.exit_code == 0, done.stderr
    assert "not run: bert needs a BERT to train from: give --bert" in done.stdout
    text = (tmp_path / "benchmark.md").read_text(encoding="utf-8")
    assert "Missing values: imputed. Protocol: given. Not run: BERT, RMS-Agent." in text


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--preset", "essay"], "there is no preset 'essay'"),
        (["--queries", "2,many"], "--queries takes whole numbers"),
        (["--groups", "gendr"], "did you mean 'gender'"),
        (["--methods", ",,"], "--methods takes names, separated by commas, got ',,'"),
        (["--methods", "oracle"], "there is no method 'oracle'"),
        (["--ablations"], "ablations need a language model"),
        (["--part", "exam"], "part must be one of val, test"),
        (["--only", "a/oracle"], "there is no cell a/oracle"),
    ],
)
def test_options_that_cannot_be_used_are_said_in_words(
    options: list[str], told: str, data: Path, tmp_path: Path
) -> None:
    done = call("--data", data, "--out", tmp_path, *options)
    assert done.exit_code == 2
    assert told in done.stderr
