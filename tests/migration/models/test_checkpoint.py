"""Saved models: whatever kind lies in a folder is found, or refused with a reason."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.checkpoint import saved_schema
from mesa_llm_city.migration.models.loading import load_model
from mesa_llm_city.migration.models.predictors import Trees
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
    record = {"format": 1, "backbone_sha256": "0", "reader": {"schema": TABLE.schema.to_json()}}
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


@pytest.fixture
def linear(tmp_path: Path) -> Path:
    """Return the folder of a saved regression."""
    pytest.importorskip("sklearn")
    TabularModel("logistic_regression").fit(TABLE).save(tmp_path)
    return tmp_path


def _changed(folder: Path, *, is_signed: bool, **arrays: object) -> Path:
    """Replace arrays and their checksum, and that of the record unless it `is_signed`."""
    with np.load(folder / "model.npz") as kept:
        np.savez(folder / "model.npz", **{**kept, **arrays})
    record = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    record["files"]["model.npz"] = sha256((folder / "model.npz").read_bytes()).hexdigest()
    if not is_signed:
        del record["sha256"]
        record["format"] = 1
    (folder / "config.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("bias", "problem"),
    [
        ([np.nan], "bias has values that are no numbers"),
        ([np.inf], "bias has infinite values"),
        ([[0.0]], r"bias has the shape \(1, 1\), expected is \(1,\)"),
        (["0"], "bias has the type <U1"),
    ],
)
def test_weights_that_cannot_be_are_an_error(linear: Path, bias: object, problem: str) -> None:
    with pytest.raises(DataError, match=problem):
        load_model(_changed(linear, is_signed=False, bias=np.array(bias)))


def test_any_other_change_of_a_record_is_noticed(linear: Path) -> None:
    with pytest.raises(DataError, match="is not as it was saved"):
        load_model(_changed(linear, is_signed=True, bias=np.array([0.5])))
    load_model(_changed(linear, is_signed=False, bias=np.array([0.5])))


def test_a_record_that_has_lost_its_sum_is_an_error(linear: Path) -> None:
    record = json.loads((linear / "config.json").read_text(encoding="utf-8"))
    record["schema"]["columns"][1]["most"] = 10.0
    del record["sha256"]
    (linear / "config.json").write_text(json.dumps(record), encoding="utf-8")
    for use in (load_model, saved_schema):
        with pytest.raises(DataError, match="is not as it was saved"):
            use(linear)


@pytest.mark.parametrize("name", ["mean", "scale", "median"])
@pytest.mark.parametrize("value", [None, "x", [], float("nan"), 10**400, True])
def test_an_encoder_with_other_values_is_an_error(linear: Path, name: str, value: object) -> None:
    record = json.loads((linear / "config.json").read_text(encoding="utf-8"))
    column = next(one for one in record["encoder"]["columns"] if name in one)
    column[name] = value
    (linear / "config.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(DataError, match="not that of an encoder"):
        load_model(linear)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"left": [0, 1, 2]}, "lead in a circle"),
        ({"right": [3, 1, 2]}, "right has numbers outside 0 to 2"),
        ({"feature": [5, 0, 0]}, "feature has numbers outside 0 to 1"),
        ({"threshold": [np.nan, 0, 0]}, "threshold has values that are no numbers"),
    ],
)
def test_trees_that_lead_nowhere_are_an_error(change: dict[str, list[int]], problem: str) -> None:
    arrays = {
        "root": np.array([0], dtype=np.int32),
        "feature": np.zeros(3, dtype=np.int32),
        "threshold": np.array([30.0, 0.0, 0.0]),
        "left": np.array([1, 1, 2], dtype=np.int32),
        "right": np.array([2, 1, 2], dtype=np.int32),
        "value": np.array([0.0, 0.2, 0.7]),
        "start": np.array([np.nan]),
    }
    Trees.from_arrays(arrays).check(2)
    changed = {name: np.array(one, dtype=arrays[name].dtype) for name, one in change.items()}
    with pytest.raises(DataError, match=problem):
        Trees.from_arrays({**arrays, **changed}).check(2)
