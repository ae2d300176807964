"""The commands that run return migration and compare policies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.cli.migration_policy import _simulated
from mesa_llm_city.migration.models.tabular import TabularModel
from tests.migration.small_survey import MEMBERS, members

SCHEMA = """
[outcome]
name = "union"
positive = "return"
codes = { stay = "stays", return = "returns", onward = "moves on" }
[[columns]]
name = "age"
kind = "number"
label = "Age"
"""


def _call(*words: object) -> Result:
    return CliRunner().invoke(MIGRATION, [str(one) for one in words])


def test_a_run_leaves_tables_a_picture_and_who_decided(tmp_path: Path) -> None:
    done = _call("run", "--persons", 60, "--years", 3, "--subsidy", 9000, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["decided_by"] == "rule"
    assert manifest["rural_subsidy"] == 9000.0
    assert manifest["digest"] in done.output
    assert (tmp_path / "history.csv").read_text(encoding="utf-8").count("\n") == 4
    assert (tmp_path / "country.png").stat().st_size > 1000


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    people = members(300)
    people.to_frame().to_csv(tmp_path / "rows.csv", index=False)
    TabularModel("logistic_regression").fit(people).save(tmp_path / "trained")
    return tmp_path


def test_a_policy_is_compared_by_rule_and_model(survey: Path) -> None:
    words = ["policy", survey / "trained", "--data", survey / "rows.csv", "--set", "pay*1.5"]
    done = _call(*words, "--years", 3, "--runs", 2, "--bootstrap", 20)
    assert done.exit_code == 0, done.output
    assert "| rule |" in done.output
    assert "95 % over 2 runs)" in done.output
    assert "| trained |" in done.output
    assert "as expected" in done.output
    assert "trained: share after 3 years" in done.output


def test_the_interval_of_a_simulated_change_is_over_runs() -> None:
    told = _simulated([0.3, 0.4], [0.4, 0.5], 3, 50)
    assert told == (
        "share after 3 years 0.350 without and 0.450 with the policy, "
        "change +0.1000 (+0.1000 to +0.1000, 95 % over 2 runs)"
    )
    assert _simulated([0.3], [0.4], 3, 50).endswith("change +0.1000 (one run)")


def test_a_policy_that_cannot_be_is_told(survey: Path) -> None:
    done = _call("policy", "--data", survey / "rows.csv", "--set", "pay*1.5")
    assert done.exit_code == 2
    assert "give the folder of a model" in " ".join(done.output.split())


def test_a_policy_without_model_and_expectation_is_told(survey: Path) -> None:
    schema = MEMBERS.to_json()
    for column in schema["columns"]:
        column.pop("expected", None)
    (survey / "plain.json").write_text(json.dumps(schema), encoding="utf-8")
    words = ["policy", "--schema", survey / "plain.json", "--data", survey / "rows.csv"]
    done = _call(*words, "--set", "pay*1.5")
    assert done.exit_code == 2, done.output
    assert "expects no sign of any column, so there is no rule to ask" in done.stderr


def test_return_migration_of_another_survey_is_refused(survey: Path) -> None:
    words = ["run", "--decision", survey / "trained", "--data", survey / "rows.csv"]
    done = _call(*words, "--years", 2, "--out", survey / "run")
    assert done.exit_code == 2, done.output
    assert "that of union has no column hukou, wage, total_income" in done.stderr


def test_models_in_folders_of_the_same_name_are_both_compared(survey: Path) -> None:
    people = members(300)
    for name in ("a", "b"):
        TabularModel("logistic_regression").fit(people).save(survey / name / "model")
    folders = [survey / "a" / "model", survey / "b" / "model"]
    words = ["policy", *folders, "--data", survey / "rows.csv", "--set", "pay*1.5"]
    done = _call(*words, "--bootstrap", 5)
    assert done.exit_code == 0, done.output
    for folder in folders:
        assert f"| {folder} |" in done.output


def test_the_years_of_a_policy_use_the_flows_of_the_model(survey: Path) -> None:
    words = ["policy", survey / "trained", "--data", survey / "rows.csv", "--set", "pay*1.5"]
    words += ["--runs", 1]
    before = _call(*words, "--years", 3, "--bootstrap", 5)
    done = _call("calibrate", survey / "trained", "--data", survey / "rows.csv", "--rate", "0.2")
    assert done.exit_code == 0, done.output
    after = _call(*words, "--years", 3, "--bootstrap", 5)
    lines = [
        [line for line in one.output.splitlines() if line.startswith("trained: share")]
        for one in (before, after)
    ]
    assert lines[0] != lines[1]


def test_a_card_warns_of_training_rows_in_a_line(survey: Path) -> None:
    done = _call("card", survey / "trained", "--data", survey / "rows.csv", "--bootstrap", 0)
    assert done.exit_code == 0, done.output
    assert done.stderr.startswith("WARNING: 100.0% of the rows were training rows")
    assert "SeenRowsWarning" not in done.stderr


def test_the_flows_and_the_twin_of_an_earlier_model_are_removed(survey: Path) -> None:
    schema = survey / "schema.json"
    schema.write_text(json.dumps(MEMBERS.to_json()), encoding="utf-8")
    words = ["fit", "--train", survey / "rows.csv", "--schema", schema, "--out", survey / "trained"]
    words += ["--backend", "logistic_regression"]
    assert _call(*words, "--twin").exit_code == 0
    done = _call("calibrate", survey / "trained", "--data", survey / "rows.csv", "--rate", "0.2")
    assert done.exit_code == 0, done.output
    done = _call(*words)
    assert done.exit_code == 0, done.output
    assert "flows.json, which was of an earlier model" in done.stdout
    assert not (survey / "trained" / "flows.json").exists()
    assert not (survey / "trained" / "twin" / "config.json").exists()


def test_a_policy_asks_the_twin_that_decides_in_a_simulation(survey: Path) -> None:
    words = ["policy", survey / "trained", "--data", survey / "rows.csv", "--set", "pay*1.5"]
    alone = _call(*words, "--bootstrap", 20)
    TabularModel("base_rate").fit(members(300)).save(survey / "trained" / "twin")
    by_twin = _call(*words, "--bootstrap", 20)
    assert "| trained |" in by_twin.output
    assert alone.output != by_twin.output
    row = next(line for line in by_twin.output.splitlines() if line.startswith("| trained |"))
    assert "+0.0000" in row


def test_an_outcome_of_three_values_is_learnt_against_the_rest_and_told(tmp_path: Path) -> None:
    frame = members(200).to_frame()
    (tmp_path / "schema.toml").write_text(SCHEMA, encoding="utf-8")
    frame["union"] = ["stay", "return", "onward", "stay"] * 50
    frame.to_csv(tmp_path / "rows.csv", index=False)
    words = ["--train", tmp_path / "rows.csv", "--schema", tmp_path / "schema.toml"]
    done = _call("fit", *words, "--backend", "logistic_regression", "--out", tmp_path / "model")
    assert done.exit_code == 0, done.output
    assert "return is learnt against stay, onward" in " ".join(done.output.split())


def test_several_outcomes_are_learnt_evaluated_and_predicted(tmp_path: Path) -> None:
    frame = members(200).to_frame()
    (tmp_path / "schema.toml").write_text(SCHEMA, encoding="utf-8")
    frame["union"] = ["stay", "return", "onward", "stay"] * 50
    frame.to_csv(tmp_path / "rows.csv", index=False)
    rows, model = tmp_path / "rows.csv", tmp_path / "model"
    words = ["fit", "--train", rows, "--schema", tmp_path / "schema.toml", "--out", model]
    words += ["--backend", "base_rate", "--outcomes"]
    done = _call(*words, "several")
    assert done.exit_code == 0, done.output
    assert "is learnt against" not in done.output
    assert _call("evaluate", model, "--data", rows, "--bootstrap", 0).exit_code == 0
    lines = _call("predict", model, "--data", rows).stdout.splitlines()
    assert lines[0] == "row,p_stay,p_return,p_onward"
    assert [float(one) for one in lines[1].split(",")] == pytest.approx([0.0, 0.5, 0.25, 0.25])
    assert "--outcomes must be one or several" in _call(*words, "all").stderr
    assert "--twin is for one outcome" in _call(*words, "several", "--twin").stderr


def test_several_outcomes_of_two_values_are_refused(survey: Path) -> None:
    (survey / "schema.json").write_text(json.dumps(MEMBERS.to_json()), encoding="utf-8")
    words = ["fit", "--train", survey / "rows.csv", "--schema", survey / "schema.json"]
    done = _call(*words, "--outcomes", "several", "--out", survey / "many")
    assert done.exit_code == 2
    assert "union has two values, so one model is enough" in done.stderr
