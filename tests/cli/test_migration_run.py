"""The commands that run return migration and compare policies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.migration.models.tabular import TabularModel
from tests.migration.small_survey import members


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
    TabularModel("logistic_regression").fit(people).save(tmp_path / "model")
    return tmp_path


def test_a_policy_is_compared_by_rule_and_model(survey: Path) -> None:
    words = ["policy", survey / "model", "--data", survey / "rows.csv", "--set", "pay*1.5"]
    done = _call(*words, "--years", 3, "--bootstrap", 20)
    assert done.exit_code == 0, done.output
    assert "| rule |" in done.output
    assert "| model |" in done.output
    assert "as expected" in done.output
    assert "model: share after 3 years" in done.output


def test_a_policy_that_cannot_be_is_told(survey: Path) -> None:
    done = _call("policy", "--data", survey / "rows.csv", "--set", "pay*1.5")
    assert done.exit_code == 2
    assert "give the folder of a model" in " ".join(done.output.split())
