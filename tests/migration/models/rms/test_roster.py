"""The agents beside the other methods: compared, trained from the command line, found again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.migration.evaluation.comparison import compare
from mesa_llm_city.migration.evaluation.model_registry import ABLATIONS, made
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.checkpoint import load_model, saved_schema
from tests.migration.models.rms.tiny import survey

pytestmark = pytest.mark.slow  # networks are trained

TRAIN, VAL = survey(120, seed=1), survey(60, seed=2)
SMALL = {"epochs": 1, "depth": 1, "batch_rows": 32}


def call(*arguments: object) -> Result:
    return CliRunner().invoke(MIGRATION, [str(one) for one in arguments])


@pytest.mark.parametrize("name", ABLATIONS)
def test_every_variant_of_the_agent_can_be_made(name: str, backbone_path: Path) -> None:
    options = {"backbone": str(backbone_path), "rms_options": {"depth": 2}}
    agent = made(name, view="impute", **options)  # type: ignore[arg-type]
    assert isinstance(agent, MigrationModel)
    told = agent.config.to_dict()  # type: ignore[attr-defined]
    assert {**told, **ABLATIONS[name]} == told
    assert (told["depth"], told["text_missing"], told["missing"]) == (2, "impute", "impute")


def test_agents_are_compared_under_both_protocols(backbone_path: Path) -> None:
    told = compare(
        TRAIN,
        VAL,
        methods=("sft", "rms", "rms_no_query"),
        views=("indicator",),
        protocols=("given",),
        household_means=(False, True),
        backbone=str(backbone_path),
        rms_options=SMALL,
        bootstrap=0,
    )
    runs = [(one.method, one.household_mean) for one in told.entries]
    assert runs == [
        ("sft", False),
        ("rms", False),
        ("rms", True),
        ("rms_no_query", False),
        ("rms_no_query", True),
    ]
    assert [one.evaluation.uses_household_labels for one in told.entries] == [
        one.household_mean for one in told.entries
    ]


def test_the_command_line_trains_and_finds_an_agent_again(
    backbone_path: Path, tmp_path: Path
) -> None:
    rows, schema, folder = tmp_path / "rows.csv", tmp_path / "schema.json", tmp_path / "model"
    TRAIN.frame.assign(returnee=TRAIN.target, hhid=TRAIN.group).to_csv(rows, index=False)
    schema.write_text(json.dumps(TRAIN.schema.to_json()), encoding="utf-8")
    small = [part for name, value in SMALL.items() for part in ("--rms", f"{name}={value}")]
    done = call(
        *("fit", "--backend", "rms", "--train", rows, "--schema", schema, "--out", folder),
        *("--backbone", backbone_path, "--split", "grouped", "--budget-s", 60, *small),
    )
    assert done.exit_code == 0, done.stderr
    assert saved_schema(folder) == TRAIN.schema
    told = json.loads(call("evaluate", folder, "--data", rows, "--bootstrap", 0).stdout)
    assert told["n"] == len(TRAIN)
    again = load_model(folder).predict_proba(VAL)
    assert np.array_equal(again, load_model(folder).predict_proba(VAL))
