"""Saving and loading a trained agent, as numbers and JSON; no file can run code.

::

    config.json          options, reader, calibration, learning curve, versions, fingerprints
    model.safetensors    tokenizers, meta-queries, head
    adapter/             low-rank adapters in the format of peft
    training_rows.npz    fingerprints of the training rows

The backbone is not copied; its name and its hash are recorded, and it is found by them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.text_files import is_file, read_json
from mesa_llm_city.migration.models.checkpoint import (
    FORMAT,
    FORMATS,
    check_record,
    read_training_rows,
    signed,
    write_training_rows,
)
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.identity import Identity
from mesa_llm_city.migration.models.rms.training_state import CurvePoint
from mesa_llm_city.migration.models.training_rows import TrainingRows

__all__ = [
    "Checkpoint",
    "newest_checkpoint",
    "read_checkpoint",
    "replace_checkpoint",
    "write_checkpoint",
]

_CONFIG, _MODEL, _ADAPTER = "config.json", "model.safetensors", "adapter"
_ADAPTER_WEIGHTS = f"{_ADAPTER}/adapter_model.safetensors"
_BODY = "body."


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A trained agent without its backbone.

    Parameters
    ----------
    config : RMSConfig
        Options of the agent.
    precision : {"bf16", "fp32"}
        Precision of the backbone in training.
    backbone : Identity
        Name and hash of the language model of the training.
    schema_hash : str
        Fingerprint of the schema of the training.
    reader : dict
        State of the reader, with schema and encoder.
    calibration : dict or None
        State of the calibration.
    curve : tuple of CurvePoint
        Learning curve.
    new_parameters, adapters : dict of Tensor
        Trained parameters by name.
    training_rows : TrainingRows or None
        Fingerprints of the training rows; checkpoints from before there were any have none.
    """

    config: RMSConfig
    precision: str
    backbone: Identity
    schema_hash: str
    reader: Mapping[str, Any]
    calibration: Mapping[str, Any] | None
    curve: tuple[CurvePoint, ...]
    new_parameters: dict[str, Tensor]
    adapters: dict[str, Tensor]
    training_rows: TrainingRows | None = None


def write_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint. ``config.json`` is written last: a folder without it is incomplete."""
    try:
        _write(folder, checkpoint)
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"the checkpoint cannot be written to {folder} ({reason}); choose another folder"
        raise DataError(message) from error


def _write(folder: Path, checkpoint: Checkpoint) -> None:
    (folder / _ADAPTER).mkdir(parents=True, exist_ok=True)
    (folder / _CONFIG).unlink(missing_ok=True)
    _write_tensors(folder / _MODEL, checkpoint.new_parameters)
    if checkpoint.adapters:
        adapters = {name.removeprefix(_BODY): part for name, part in checkpoint.adapters.items()}
        saved = {name.replace(".default.", "."): part for name, part in adapters.items()}
        _write_tensors(folder / _ADAPTER_WEIGHTS, saved)
        _write_json(folder / _ADAPTER / "adapter_config.json", _adapter_config(checkpoint))
    rows = write_training_rows(folder, checkpoint.training_rows)
    _write_json(folder / _CONFIG, signed(_record(folder, checkpoint, rows)))


def replace_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Replace a checkpoint; an interruption leaves the old or the new one."""
    partial, old = folder.with_name(f"{folder.name}.partial"), _old(folder)
    shutil.rmtree(partial, ignore_errors=True)
    write_checkpoint(partial, checkpoint)
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def newest_checkpoint(folder: Path) -> Path:
    """Return `folder`, or the best checkpoint of an interrupted training in it.

    Raises
    ------
    DataError
        If there is no checkpoint.
    """
    best = folder / "training" / "best"
    for place in (folder, best, _old(best)):
        if is_file(place / _CONFIG):
            return place
    message = f"{folder} has no checkpoint: no {_CONFIG}; give the folder given to fit or save"
    raise DataError(message)


def read_checkpoint(folder: Path) -> Checkpoint:
    """Read and check a checkpoint.

    Raises
    ------
    DataError
        Lists every file that is missing, truncated or of another kind.
    """
    content = read_json(folder / _CONFIG, finite=False)
    record = content if isinstance(content, dict) else {}
    if record.get("format") not in FORMATS:
        message = f"{folder / _CONFIG} has format {record.get('format')!r}; accepted is {FORMAT}"
        raise DataError(message)
    _check_files(folder, record)
    try:
        checkpoint = _checkpoint(folder, record)
    except DataError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        message = f"{folder / _CONFIG} is not valid ({error}); train again"
        raise DataError(message) from error
    check_record(folder / _CONFIG, record)
    return checkpoint


def _checkpoint(folder: Path, record: Mapping[str, Any]) -> Checkpoint:
    config = RMSConfig.from_dict(record["config"])
    saved = _read(folder / _ADAPTER_WEIGHTS, load_file) if config.adapter_rank else {}
    return Checkpoint(
        config=config,
        precision=str(record["precision"]),
        backbone=Identity.from_dict(record["backbone"]),
        schema_hash=str(record["schema_hash"]),
        reader=dict(record["reader"]),
        calibration=record["calibration"],
        curve=tuple(CurvePoint(**point) for point in record["curve"]),
        new_parameters=_read(folder / _MODEL, load_file),
        adapters={_live_name(name): part for name, part in saved.items()},
        training_rows=read_training_rows(folder, record),
    )


def _record(folder: Path, checkpoint: Checkpoint, rows: Mapping[str, str]) -> dict[str, object]:
    return {
        "format": FORMAT,
        "config": checkpoint.config.to_dict(),
        "precision": checkpoint.precision,
        "backbone": checkpoint.backbone.to_dict(),
        "schema_hash": checkpoint.schema_hash,
        "reader": dict(checkpoint.reader),
        "calibration": None if checkpoint.calibration is None else dict(checkpoint.calibration),
        "curve": [asdict(point) for point in checkpoint.curve],
        "files": {name: _sha256(folder / name) for name in _files(checkpoint.config)} | dict(rows),
        "versions": {name: version(name) for name in ("torch", "transformers", "peft")},
    }


def _files(config: RMSConfig) -> list[str]:
    return [_MODEL, *([_ADAPTER_WEIGHTS] if config.adapter_rank else [])]


def _check_files(folder: Path, record: Mapping[str, Any]) -> None:
    files = record.get("files")
    if not isinstance(files, dict) or _MODEL not in files:
        message = f"{folder / _CONFIG} has no list of files; it was not written by this package"
        raise DataError(message)
    defects = []
    for name, recorded in files.items():
        if not is_file(folder / name):
            defects.append(f"{name} is missing; weights in other formats are not read")
        elif _sha256(folder / name) != recorded:
            defects.append(f"{name} is not the file that was saved: truncated or replaced")
    if defects:
        raise DataError.listing(
            str(folder), defects, advice="Train again, or copy the folder again."
        )


def _live_name(saved: str) -> str:
    """Return the name of a parameter in the network for its name in a file of peft."""
    stem, _, last = saved.rpartition(".")
    return f"{_BODY}{stem}.default.{last}"


def _adapter_config(checkpoint: Checkpoint) -> dict[str, object]:
    """Return the record that peft needs to use the adapters without this package."""
    config = checkpoint.config
    return {
        "peft_type": "LORA",
        "base_model_name_or_path": checkpoint.backbone.name,
        "bias": "none",
        "inference_mode": True,
        "lora_alpha": 2 * config.adapter_rank,
        "lora_dropout": 0.0,
        "r": config.adapter_rank,
        "target_modules": sorted({_adapted_map(name) for name in checkpoint.adapters}),
        "task_type": None,
    }


def _adapted_map(name: str) -> str:
    """Return the linear map of an adapter, such as ``"q_proj"``."""
    return name.partition(".lora_")[0].rpartition(".")[2]


def _write_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    partial = path.with_name(f"{path.name}.partial")
    save_file({name: part.detach().cpu().contiguous() for name, part in tensors.items()}, partial)
    partial.replace(path)


def _write_json(path: Path, content: Mapping[str, object]) -> None:
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    partial.replace(path)


def _read(path: Path, how: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    try:
        return how(path)
    except (OSError, ValueError, SafetensorError) as error:
        message = f"{path} cannot be read: {error}; it is truncated or of another kind"
        raise DataError(message) from error


def _sha256(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _old(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.old")
