"""Saved models: whatever kind lies in a folder is found, or refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.checkpoint import saved_schema
from mesa_llm_city.migration.models.loading import load_model
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.models.zero_shot import PromptModel
from mesa_llm_city.migration.survey.synthetic import synthetic_survey

TABLE = synthetic_survey(200, seed=1)


@pytest.mark.parametrize("model", [TabularModel("base_rate"), PromptModel()])
def test_a_model_of_each_kind_can_be_loaded(
    model: TabularModel | PromptModel, tmp_path: Path
) -> None:
    model.fit(TABLE).save(tmp_path)
    again = load_model(str(tmp_path))
    assert type(again) is type(model)
    assert isinstance(again, MigrationModel)
    assert saved_schema(tmp_path) == TABLE.schema


def test_the_base_rate_is_that_of_the_training_rows(tmp_path: Path) -> None:
    TabularModel("base_rate").fit(TABLE).save(tmp_path)
    p = load_model(tmp_path).predict_proba(TABLE)[:, 1]
    assert p == pytest.approx(np.full(len(TABLE), TABLE.target.mean()))


def test_an_interrupted_training_is_loaded_from_its_best_checkpoint(tmp_path: Path) -> None:
    best = tmp_path / "training" / "best"
    best.mkdir(parents=True)
    record = {"backbone_sha256": "0", "reader": {"schema": TABLE.schema.to_json()}}
    (best / "config.json").write_text(json.dumps(record), encoding="utf-8")
    assert saved_schema(tmp_path) == TABLE.schema


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{}", "was not written by this package"),
        ("[1]", "was not written by this package"),
        ('{"kind": "oracle"}', "was not written by this package"),
        ('{"kind": "tab', "is truncated or of another kind"),
    ],
)
def test_a_record_of_another_kind_is_an_error(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=problem):
        load_model(tmp_path)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    for use in (load_model, saved_schema):
        with pytest.raises(DataError, match=r"has no model: no config\.json"):
            use(tmp_path)


def test_a_record_without_a_schema_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="has no valid schema"):
        saved_schema(tmp_path)
