"""The command that shows how a model responds to columns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.migration.models.checkpoint import write_saved
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.survey.synthetic import synthetic_survey

TABLE = synthetic_survey(80, seed=1)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(MIGRATION, ["response", *(str(one) for one in arguments)])


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Save the rule as a model of the survey, and the rows beside it."""
    record = {"weights": dict(PushPullRule().parameters), "schema": TABLE.schema.to_json()}
    write_saved(tmp_path, "rule", record, {})
    TABLE.to_frame().to_csv(tmp_path / "rows.csv", index=False)
    return tmp_path


def test_a_curve_is_printed_and_written(model: Path) -> None:
    done = call(
        *(model, "--data", model / "rows.csv", "--column", "age", "--bootstrap", "5"),
        *("--out", model / "effects"),
    )
    assert done.exit_code == 0, done.output
    assert "found: positive" in done.stdout
    written = sorted(one.name for one in (model / "effects").iterdir())
    assert written == ["response_age.csv", "response_age.json", "response_age.png"]


def test_without_a_column_the_effects_of_all_are_shown(model: Path) -> None:
    done = call(
        *(model, model, "--data", model / "rows.csv", "--bootstrap", "4", "--rows", "50"),
        "--json",
    )
    assert done.exit_code == 0, done.output
    effects = json.loads(done.stdout)["effects"]
    assert {one["column"] for one in effects} == {one.name for one in TABLE.schema.inputs}


def test_an_unknown_column_is_an_error(model: Path) -> None:
    done = call(model, "--data", model / "rows.csv", "--column", "agee")
    assert done.exit_code == 2
    assert "no column 'agee'" in done.output
