"""Checkpoints: the same to the last bit, no pickle, nothing foreign."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.models.rms.agent import RMSAgent
from mesa_llm_city.migration.models.training_rows import training_rows_of
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.models.rms.tiny import SCHEMA_FEATURES, save_backbone, survey
from tests.migration.schemas import binary_schema


@pytest.fixture(scope="module")
def saved(backbone_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    agent = RMSAgent(backbone=str(backbone_path), epochs=1)
    agent.fit(survey(96), survey(48, seed=2)).save(folder)
    np.save(folder / "wanted.npy", agent.predict_proba(survey(20, seed=3)))
    return folder


@pytest.fixture
def copied(saved: Path, tmp_path: Path) -> Path:
    return shutil.copytree(saved, tmp_path / "copied")


@pytest.mark.slow
def test_a_loaded_agent_predicts_the_same_to_the_last_bit(saved: Path) -> None:
    wanted = np.load(saved / "wanted.npy")
    assert np.array_equal(RMSAgent.load(saved).predict_proba(survey(20, seed=3)), wanted)


def test_a_checkpoint_saved_again_is_the_same(saved: Path, tmp_path: Path) -> None:
    RMSAgent.load(saved).save(tmp_path)
    for name in ("config.json", "model.safetensors", "adapter/adapter_model.safetensors"):
        assert (tmp_path / name).read_bytes() == (saved / name).read_bytes()


def test_a_loaded_agent_tells_which_rows_it_has_seen(saved: Path) -> None:
    rows = training_rows_of(RMSAgent.load(saved))
    assert rows is not None
    assert rows.separation(survey(96)).train_rows == 1.0
    held_out = rows.separation(survey(48, seed=2))
    assert (held_out.train_seen, held_out.val_seen) == (False, True)


def test_adapters_can_be_read_by_peft(saved: Path, backbone_path: Path) -> None:
    from peft import PeftModel
    from transformers import AutoModel

    body = AutoModel.from_pretrained(backbone_path)
    with pytest.warns(FutureWarning) as warned:
        adapted = PeftModel.from_pretrained(body, saved / "adapter")
    assert all("is_gradient_checkpointing" in str(warning.message) for warning in warned)
    ours = RMSAgent.load(saved)._model
    assert ours is not None
    theirs = {name: part for name, part in adapted.named_parameters() if "lora" in name}
    assert theirs
    for name, part in theirs.items():
        assert np.array_equal(
            part.detach().numpy(), ours.network.adapters()[f"body.{name}"].detach().numpy()
        )


@pytest.mark.parametrize("name", ["model.safetensors", "adapter/adapter_model.safetensors"])
def test_a_truncated_or_missing_file_is_an_error(copied: Path, name: str) -> None:
    (copied / name).write_bytes((copied / name).read_bytes()[:-8])
    with pytest.raises(DataError, match=rf"{name}.*truncated"):
        RMSAgent.load(copied)
    (copied / name).unlink()
    (copied / name).with_suffix(".bin").write_bytes(b"a pickle")
    with pytest.raises(DataError, match=rf"{name} is missing"):
        RMSAgent.load(copied)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 9}', '{"format": 1}'])
def test_a_changed_or_truncated_record_is_an_error(copied: Path, text: str) -> None:
    (copied / "config.json").write_text(text)
    with pytest.raises(DataError, match=r"config\.json"):
        RMSAgent.load(copied)


def test_an_incomplete_record_is_an_error(copied: Path) -> None:
    record = json.loads((copied / "config.json").read_text())
    del record["reader"]
    (copied / "config.json").write_text(json.dumps(record))
    with pytest.raises(DataError, match="reader"):
        RMSAgent.load(copied)


@pytest.mark.parametrize(
    "change",
    [
        lambda widths: widths[1:],
        lambda widths: [0, *widths[1:]],
        lambda widths: [10**400, *widths[1:]],
    ],
)
def test_an_older_record_with_changed_widths_is_an_error(
    copied: Path, change: Callable[[list[int]], list[int]]
) -> None:
    record = json.loads((copied / "config.json").read_text())
    del record["sha256"]
    record["format"] = 1
    record["reader"]["widths"] = change(record["reader"]["widths"])
    (copied / "config.json").write_text(json.dumps(record))
    with pytest.raises(DataError, match="widths must be"):
        RMSAgent.load(copied)


def test_a_model_that_was_trained_on_another_device_is_read_on_the_processor(
    copied: Path,
) -> None:
    record = json.loads((copied / "config.json").read_text())
    del record["sha256"]
    record["format"] = 1
    record["config"]["device"] = "cuda:99"
    (copied / "config.json").write_text(json.dumps(record))
    assert RMSAgent.load(copied).config.device == "cpu"
    with pytest.raises(ConfigError, match="device 'cuda:99' is not on this machine"):
        RMSAgent.load(copied, device="cuda:99")


def test_weights_that_are_no_numbers_and_changed_values_are_errors(copied: Path) -> None:
    record = json.loads((copied / "config.json").read_text())
    record["calibration"]["intercept"] += 0.5
    (copied / "config.json").write_text(json.dumps(record))
    with pytest.raises(DataError, match="is not as it was saved"):
        RMSAgent.load(copied)
    weights = load_file(copied / "model.safetensors")
    name = min(weights)
    save_file({**weights, name: np.full_like(weights[name], np.nan)}, copied / "model.safetensors")
    checksum = sha256((copied / "model.safetensors").read_bytes()).hexdigest()
    del record["sha256"]
    record["format"] = 1
    record["files"]["model.safetensors"] = checksum
    (copied / "config.json").write_text(json.dumps(record))
    with pytest.raises(DataError, match=f"{name} has values that are not finite"):
        RMSAgent.load(copied)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no checkpoint"):
        RMSAgent.load(tmp_path)


def test_a_moved_backbone_is_accepted_and_another_one_is_an_error(
    saved: Path, backbone_path: Path, tmp_path: Path
) -> None:
    other = save_backbone(tmp_path / "other", seed=5)
    with pytest.raises(DataError, match=r"looked at .*other \(given\): other has other weights"):
        RMSAgent.load(saved, backbone=other)
    moved = shutil.copytree(backbone_path, tmp_path / "moved")
    assert RMSAgent.load(saved, backbone=moved).config.backbone == str(moved)
    assert RMSAgent.load(saved, backbone=tmp_path).config.backbone == str(moved)


def test_a_table_of_another_schema_is_an_error(saved: Path) -> None:
    table = survey(4)
    other = SurveyTable(
        frame=table.frame[["age", "wage"]],
        target=table.target,
        group=table.group,
        schema=binary_schema(features=SCHEMA_FEATURES[:2], group="hhid"),
    )
    with pytest.raises(DataError, match="has no work"):
        RMSAgent.load(saved).predict_proba(other)


def test_an_untrained_agent_cannot_predict(backbone_path: Path) -> None:
    with pytest.raises(ConfigError, match="not trained"):
        RMSAgent(backbone=str(backbone_path)).predict_proba(survey(4))
