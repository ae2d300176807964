"""The backbone is read as it is, or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers.utils import logging

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.rms.backbone import load_backbone
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.network import RMSNetwork


def test_weights_are_those_of_the_file(backbone_path: Path) -> None:
    backbone = load_backbone(backbone_path)
    network = RMSNetwork(backbone, RMSConfig(backbone=str(backbone_path), path="text"), features=3)
    saved = load_file(backbone_path / "model.safetensors")
    live = {name: part for name, part in network.body.named_parameters() if "lora" not in name}
    found = {
        "model." + name.removeprefix("base_model.model.").replace(".base_layer", ""): part
        for name, part in live.items()
    }
    assert found.keys() == saved.keys()
    assert all(torch.equal(found[name], part) for name, part in saved.items())
    assert not any(part.requires_grad for part in live.values())


def test_adapters_do_not_change_the_backbone(backbone_path: Path) -> None:
    backbone = load_backbone(backbone_path)
    RMSNetwork(backbone, RMSConfig(backbone=str(backbone_path), path="text"), features=3)
    assert not any("lora" in name for name, _ in backbone.body.named_parameters())


def test_a_backbone_may_have_the_lowest_layers_only(backbone_path: Path) -> None:
    assert load_backbone(backbone_path, depth=1).depth == 1
    assert load_backbone(backbone_path, depth=9).depth == 2


def test_reading_writes_nothing_and_restores_the_logging(
    backbone_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    level, shown = logging.get_verbosity(), logging.is_progress_bar_enabled()
    load_backbone(backbone_path)
    assert tuple(capfd.readouterr()) == ("", "")
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == (level, shown)


def test_a_truncated_file_is_an_error(backbone_path: Path, tmp_path: Path) -> None:
    shutil.copytree(backbone_path, tmp_path / "cut")
    file = tmp_path / "cut" / "model.safetensors"
    parts = load_file(file)
    parts.pop("model.layers.1.mlp.up_proj.weight")
    save_file(parts, file, {"format": "pt"})
    with pytest.raises(DataError, match=r"no weights for .*layers\.1\.mlp\.up_proj"):
        load_backbone(tmp_path / "cut")
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(DataError, match="cannot be read"):
        load_backbone(tmp_path / "cut")


def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"config\.json"):
        load_backbone(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "llama"}))
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(DataError, match="safetensors"):
        load_backbone(tmp_path)
