"""The command that calibrates a decision to observed flows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.models.checkpoint import write_saved
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from tests.migration.small_survey import members

TABLE = synthetic_survey(300, seed=1)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(MIGRATION, ["calibrate", *(str(one) for one in arguments)])


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Save the rule as a model of the survey, and the rows beside it."""
    rule = PushPullRule().fit(TABLE)
    record = {"weights": dict(rule.parameters), "schema": TABLE.schema.to_json()}
    write_saved(tmp_path, "rule", record, {})
    TABLE.to_frame().to_csv(tmp_path / "rows.csv", index=False)
    return tmp_path


def test_it_solves_and_writes_what_the_decision_reads(model: Path) -> None:
    done = call(model, "--data", model / "rows.csv", "--rate", "0.03", "--pooled")
    assert done.exit_code == 0, done.output
    for words in ("years at risk", "40 years without a policy", "kept within 10%"):
        assert words in done.stdout
    written = json.loads((model / "flows.json").read_text(encoding="utf-8"))
    decision = MigrationDecision.load(model)
    assert decision.calibration is not None
    assert decision.calibration.years_at_risk == written["years_at_risk"]


def test_flows_of_another_model_are_refused(model: Path) -> None:
    call(model, "--data", model / "rows.csv", "--rate", "0.03")
    weights = {"weights": dict(PushPullRule().parameters), "schema": TABLE.schema.to_json()}
    write_saved(model, "rule", {**weights, "another": 1}, {})
    with pytest.raises(DataError, match="was solved for another model than decides in"):
        MigrationDecision.load(model)


def test_flows_are_solved_for_the_twin_which_decides(tmp_path: Path) -> None:
    people = members(300)
    people.to_frame().to_csv(tmp_path / "rows.csv", index=False)
    years = []
    for number in (1, 2):
        folder = tmp_path / f"model_{number}"
        TabularModel("logistic_regression").fit(people).save(folder)
        if number == 2:
            TabularModel("base_rate").fit(people).save(folder / "twin")
        done = call(folder, "--data", tmp_path / "rows.csv", "--rate", "0.05", "--years", 2)
        assert done.exit_code == 0, done.output
        calibration = MigrationDecision.load(folder).calibration
        assert calibration is not None
        years.append(calibration.years_at_risk)
    # Everybody has the same probability by the base rate, so the horizon is solved by hand.
    p = float(np.average(people.target, weights=people.weight))
    by_hand = np.log1p(-p) / np.log1p(-0.05)
    assert years[1] == pytest.approx(by_hand, rel=0.01)
    assert years[0] != pytest.approx(by_hand, rel=0.01)


def test_rates_of_groups_are_read_from_a_table(model: Path, tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("hukou,rate\n0,0.01\n1,0.05\n", encoding="utf-8")
    done = call(
        *(model, "--data", model / "rows.csv", "--rates", tmp_path / "rates.csv"),
        *("--out", tmp_path / "result"),
    )
    assert done.exit_code == 0, done.output
    assert "note: no rate is given for hukou=missing" in done.stdout
    assert (tmp_path / "result" / "flows.json").is_file()


def test_a_rate_outside_its_range_is_an_error(model: Path) -> None:
    done = call(model, "--data", model / "rows.csv", "--rate", "3")
    assert done.exit_code == 2
    assert "rate must be above 0 and below 1, got 3.0" in done.output


def test_a_twin_is_trained_beside_its_model_and_decides(model: Path, tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    options = ("--train", str(model / "rows.csv"), "--backend", "logistic_regression", "--twin")
    done = CliRunner().invoke(MIGRATION, ["fit", *options, "--out", str(tmp_path / "trees")])
    assert done.exit_code == 0, done.output
    deciding = MigrationDecision.load(tmp_path / "trees").model
    assert isinstance(deciding, TabularModel)
    assert deciding.missing == "impute"


def test_a_twin_of_a_model_that_sees_no_blanks_is_refused(model: Path, tmp_path: Path) -> None:
    options = ("--train", str(model / "rows.csv"), "--missing", "impute", "--twin")
    done = CliRunner().invoke(MIGRATION, ["fit", *options, "--out", str(tmp_path / "trees")])
    assert done.exit_code == 2
    assert "--twin is for models that are trained with --missing indicator" in done.output


def test_nothing_of_return_migration_is_told_of_another_survey(tmp_path: Path) -> None:
    people = members(200)
    people.to_frame().to_csv(tmp_path / "rows.csv", index=False)
    TabularModel("logistic_regression").fit(people).save(tmp_path)
    done = call(tmp_path, "--data", tmp_path / "rows.csv", "--rate", "0.03")
    assert done.exit_code == 0, done.output
    told = done.stdout.replace(str(tmp_path), "")
    for word in ("at home", "away", "return", "leave again", "moves"):
        assert word not in told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--by", "home"), "people cannot be grouped: home is of kind group; name columns"),
        (("--age", "sector"), "sector cannot be the age: it is of kind category"),
    ],
)
def test_a_column_of_the_wrong_kind_is_told(
    more: tuple[str, str], told: str, tmp_path: Path
) -> None:
    people = members(200)
    people.to_frame().to_csv(tmp_path / "rows.csv", index=False)
    TabularModel("logistic_regression").fit(people).save(tmp_path)
    done = call(tmp_path, "--data", tmp_path / "rows.csv", "--rate", "0.03", *more)
    assert done.exit_code == 2, done.output
    assert told in " ".join(done.stderr.split())
