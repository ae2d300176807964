"""A language model is known by its content, not by its name or place."""

from __future__ import annotations

import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.rms.identity import Identity, is_language_model


def test_a_copy_differs_in_its_name_only(backbone_path: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(backbone_path, tmp_path / "copy")
    known = Identity.of(backbone_path)
    assert Identity.of(copied) == replace(known, name="copy")
    assert known.differences(Identity.of(copied)) == []
    content = (backbone_path / "model.safetensors").read_bytes()
    assert known.weights_sha256 == sha256(content).hexdigest()
    assert known.size == len(content)


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("model.safetensors", "weights"),
        ("config.json", "config.json"),
        ("tokenizer.json", "tokenizer"),
    ],
)
def test_one_changed_byte_is_noticed(
    backbone_path: Path, tmp_path: Path, file: str, part: str
) -> None:
    copied = shutil.copytree(backbone_path, tmp_path / "copy")
    content = (copied / file).read_bytes()
    (copied / file).write_bytes(content[:-1] + b"\x01")
    assert Identity.of(copied).differences(Identity.of(backbone_path)) == [part]


def test_a_renamed_gguf_file_is_the_same_model(tmp_path: Path) -> None:
    first, second = tmp_path / "a.gguf", tmp_path / "b.gguf"
    first.write_bytes(b"GGUF and more")
    shutil.copy(first, second)
    assert Identity.of(first).differences(Identity.of(second)) == []
    assert is_language_model(second)


def test_the_identity_is_the_same_after_json(backbone_path: Path) -> None:
    known = Identity.of(backbone_path)
    assert Identity.from_dict(known.to_dict()) == known


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    index = tmp_path / "model.safetensors.index.json"
    index.write_text('{"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}')
    (tmp_path / "model-1.safetensors").write_bytes(b"")
    with pytest.raises(DataError, match=r"model-2\.safetensors is missing"):
        Identity.of(tmp_path)
    index.write_text("{")
    with pytest.raises(DataError, match="truncated"):
        Identity.of(tmp_path)
    with pytest.raises(DataError, match="no such file or folder"):
        Identity.of(tmp_path / "nowhere")
