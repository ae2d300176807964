"""The language model of a checkpoint is found by its hash, wherever it is now."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.rms.identity import Identity
from mesa_llm_city.migration.models.rms.search import SEARCH_VARIABLE, find_backbone
from tests.migration.models.rms.tiny import save_backbone


@pytest.fixture
def wanted(backbone_path: Path, monkeypatch: pytest.MonkeyPatch) -> Identity:
    monkeypatch.delenv(SEARCH_VARIABLE, raising=False)
    return Identity.of(backbone_path)


def test_the_path_of_the_training_is_looked_at_first(
    wanted: Identity, backbone_path: Path, tmp_path: Path
) -> None:
    assert find_backbone(wanted, recorded=backbone_path, beside=tmp_path / "run") == backbone_path


def test_a_model_beside_the_checkpoint_is_found(
    wanted: Identity, backbone_path: Path, tmp_path: Path
) -> None:
    near = shutil.copytree(backbone_path, tmp_path / "small")
    assert find_backbone(wanted, recorded="gone/small", beside=tmp_path / "run") == near


def test_the_hash_decides_among_the_models_of_a_search_folder(
    wanted: Identity, backbone_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_backbone(tmp_path / "models" / "a", seed=5)
    cache = tmp_path / "hub" / "models--some--model" / "snapshots" / "0f3"
    shutil.copytree(backbone_path, cache)
    folders = os.pathsep.join(str(tmp_path / name) for name in ("models", "hub"))
    monkeypatch.setenv(SEARCH_VARIABLE, folders)
    assert find_backbone(wanted, recorded="gone", beside=tmp_path / "run") == cache
    assert Identity.of(cache) == replace(wanted, name="some/model")


def test_the_message_says_where_was_looked_and_what_was_found(
    wanted: Identity, backbone_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    save_backbone(models / "seed", seed=5)
    save_backbone(models / "deep", layers=3)
    other = shutil.copytree(backbone_path, models / "other")
    (other / "config.json").write_text((other / "config.json").read_text() + " ")
    monkeypatch.setenv(SEARCH_VARIABLE, str(models))
    with pytest.raises(DataError) as told:
        find_backbone(wanted, recorded="gone/small", beside=tmp_path / "run")
    for part in (
        "gone/small (path of the training): there is no language model",
        "small (beside the checkpoint): there is no language model",
        "deep has weights of another size",
        "seed has other weights",
        "other has these weights, but another config.json",
        f"{wanted.name}, {wanted.size:,} bytes",
        "--backbone",
    ):
        assert part in str(told.value)


def test_nothing_else_is_taken_where_a_model_is_named(
    wanted: Identity, backbone_path: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=r"\(given\): there is no language model"):
        find_backbone(wanted, given=tmp_path, recorded=backbone_path, beside=tmp_path)
