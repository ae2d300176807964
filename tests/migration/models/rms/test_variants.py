"""Variants of the agent: comparison with other methods, and the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.evaluation.comparison import compare
from mesa_llm_city.migration.evaluation.model_registry import ABLATIONS, make_model
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.checkpoint import saved_schema
from mesa_llm_city.migration.models.loading import (
    has_language_model,
    load_model,
    load_models,
)
from mesa_llm_city.migration.models.tabular import TabularModel
from tests.migration.models.rms.tiny import survey

pytestmark = pytest.mark.slow  # networks are trained

TRAIN, VAL = survey(120, seed=1), survey(60, seed=2)
SMALL = {"epochs": 1, "depth": 1, "batch_rows": 32}


def call(*arguments: object) -> Result:
    return CliRunner().invoke(MIGRATION, [str(one) for one in arguments])


@pytest.mark.parametrize("name", ABLATIONS)
def test_every_variant_can_be_made(name: str, backbone_path: Path) -> None:
    options = {"backbone": str(backbone_path), "rms_options": {"depth": 2}}
    agent = make_model(name, view="impute", **options)  # type: ignore[arg-type]
    assert isinstance(agent, MigrationModel)
    options_used = agent.config.to_dict()  # type: ignore[attr-defined]
    assert {**options_used, **ABLATIONS[name]} == options_used
    used = [options_used[one] for one in ("depth", "text_missing", "missing")]
    assert tuple(used) == (2, "impute", "impute")


def test_any_number_of_queries_makes_a_variant(backbone_path: Path) -> None:
    model = make_model("rms_7_queries", backbone=str(backbone_path))
    assert model.config.queries == 7  # type: ignore[attr-defined]


def test_bert_has_options_that_cannot_be_chosen(backbone_path: Path) -> None:
    options: dict[str, object] = {"queries": 2}
    with pytest.raises(ConfigError, match="queries cannot be chosen for bert"):
        make_model("bert", backbone=str(backbone_path), rms_options=options)


def test_variants_are_compared(backbone_path: Path) -> None:
    result = compare(
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
    runs = [(one.method, one.household_mean) for one in result.entries]
    assert runs == [
        ("sft", False),
        ("rms", False),
        ("rms", True),
        ("rms_no_query", False),
        ("rms_no_query", True),
    ]
    assert [one.evaluation.uses_household_labels for one in result.entries] == [
        one.household_mean for one in result.entries
    ]


def test_the_command_line_trains_and_evaluates_an_agent(
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
    result = json.loads(call("evaluate", folder, "--data", rows, "--bootstrap", 0).stdout)
    assert result["n"] == len(TRAIN)
    again = load_model(folder).predict_proba(VAL)
    assert np.array_equal(again, load_model(folder).predict_proba(VAL))
    moved = shutil.move(shutil.copytree(backbone_path, tmp_path / "copy"), tmp_path / "moved")
    for where in (moved, tmp_path):
        options = ("--backbone", where, "--device", "cpu")
        told = call("predict", folder, "--data", rows, *options).stdout
        assert told == call("predict", folder, "--data", rows).stdout
    assert has_language_model(folder)
    tabular = tmp_path / "tabular"
    TabularModel("logistic_regression").fit(TRAIN).save(tabular)
    assert not has_language_model(tabular)
    assert len(load_models([tabular, folder], backbone=moved)) == 2
    with pytest.raises(ConfigError, match="none of the models has a language model"):
        load_models([tabular], backbone=moved)
    lost = call("predict", folder, "--data", rows, "--backbone", folder)
    assert lost.exit_code == 2
    assert "is not found" in lost.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--backbone", "nowhere"], "there is no language model at nowhere"),
        (["--rms", "device=tpu"], "device must be 'auto', 'cpu'"),
        (["--rms", "device=cuda:99"], "device 'cuda:99' is not on this machine"),
        (["--rms", "depht=2"], "unknown options depht"),
        (["--rms", "depth=two"], "depth must be int | None, got 'two'"),
    ],
)
def test_wrong_options_are_said_before_rows_are_read(
    options: list[str], told: str, backbone_path: Path, tmp_path: Path
) -> None:
    given = ["--backbone", backbone_path, *options]
    done = call("fit", "--backend", "rms", "--train", "no.csv", "--out", tmp_path, *given)
    assert done.exit_code == 2
    assert told in done.stderr
