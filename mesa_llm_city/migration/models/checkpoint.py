"""Folders of trained models: ``config.json`` and arrays, checked whole when they are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.libraries import require
from mesa_llm_city.migration.survey.schema import Schema

__all__ = ["load_model", "read_saved", "saved_schema", "write_saved"]

CONFIG, ARRAYS = "config.json", "model.npz"
_FORMAT = 1

Arrays = dict[str, NDArray[Any]]


def write_saved(folder: Path, kind: str, told: Mapping[str, object], arrays: Arrays) -> None:
    """Write a model; until all is there, the folder holds no ``config.json`` and is no model.

    Parameters
    ----------
    folder : Path
        Made if need be; an earlier model in it is replaced.
    kind : str
        Of the model, such as ``"tabular"``.
    told : mapping
        Everything but the arrays, ready for JSON.
    arrays : dict of ndarray
        Numbers only; none at all for a model without.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).unlink(missing_ok=True)
    files = {}
    if arrays:
        partial = folder / f"partial-{ARRAYS}"
        np.savez_compressed(partial, allow_pickle=False, **arrays)
        partial.replace(folder / ARRAYS)
        files[ARRAYS] = _sha256(folder / ARRAYS)
    record = {"kind": kind, "format": _FORMAT, **told, "files": files}
    partial = folder / f"partial-{CONFIG}"
    words = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False)
    partial.write_text(words, encoding="utf-8")
    partial.replace(folder / CONFIG)


def read_saved(folder: Path, kind: str) -> tuple[dict[str, Any], Arrays]:
    """Read what `write_saved` wrote.

    Raises
    ------
    DataError
        If there is no model, it is of another kind or format, or a file is missing,
        truncated or another one.
    """
    told = _config(folder)
    if (told.get("kind"), told.get("format")) != (kind, _FORMAT):
        message = (
            f"{folder / CONFIG} is of kind {told.get('kind')!r} and format {told.get('format')!r}; "
            f"wanted is {kind!r}, {_FORMAT}"
        )
        raise DataError(message)
    files = told.get("files")
    if not isinstance(files, dict) or not set(files) <= {ARRAYS}:
        message = f"{folder / CONFIG} names no files; it is no record of this package"
        raise DataError(message)
    return told, {name: one for file in files for name, one in _arrays(folder, told, file).items()}


def load_model(folder: str | Path) -> MigrationModel:
    """Read a model of whatever kind from its folder.

    Raises
    ------
    DataError
        If there is none, or it cannot be read.

    Notes
    -----
    A zero-shot model has nobody to ask until it is given a backend (see `PromptModel`).
    """
    folder = Path(folder)
    kind = _config(_newest(folder)).get("kind")
    if kind == "tabular":
        from mesa_llm_city.migration.models.tabular import TabularModel

        return TabularModel.load(folder)
    if kind == "prompt":
        from mesa_llm_city.migration.models.zero_shot import PromptModel

        return PromptModel.load(folder)
    if kind == "rule":
        from mesa_llm_city.migration.models.push_pull import PushPullRule

        return PushPullRule.load(folder)
    return _rms_agent(folder)


def saved_schema(folder: str | Path) -> Schema:
    """Return the schema of the rows that a saved model can read.

    Raises
    ------
    DataError
        If there is no model, or its record tells no schema.
    """
    told = _config(_newest(Path(folder)))
    try:
        return Schema.from_json(told["schema"] if "schema" in told else told["reader"]["schema"])
    except (KeyError, TypeError, AttributeError, ConfigError) as error:
        message = f"{Path(folder) / CONFIG} tells no schema: {error}; it is no record of a model"
        raise DataError(message) from error


def _rms_agent(folder: Path) -> MigrationModel:
    """Read an RMS-Agent, or the last good checkpoint of one whose training died."""
    if "backbone_sha256" not in _config(_newest(folder)):
        message = f"{folder / CONFIG} is no record of this package; name the folder of a model"
        raise DataError(message)
    require("torch", "transformers", "peft")
    from mesa_llm_city.migration.models.rms.agent import RMSAgent

    return RMSAgent.load(folder)


def _newest(folder: Path) -> Path:
    """Return where the record lies: a training that died left its best, or the one before."""
    best = folder / "training" / "best"
    places = (folder, best, best.with_name(f"{best.name}.old"))
    return next((place for place in places if (place / CONFIG).is_file()), folder)


def _config(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG
    if not path.is_file():
        message = f"{folder} holds no model: no {CONFIG}; name the folder that a model was saved to"
        raise DataError(message)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{path} cannot be read: {error}; it is truncated or of another kind"
        raise DataError(message) from error
    return told if isinstance(told, dict) else {}


def _arrays(folder: Path, told: Mapping[str, Any], file: str) -> Arrays:
    path = folder / file
    if not path.is_file():
        raise DataError.listing(str(folder), [f"{file} is missing"], advice="Train again.")
    if _sha256(path) != told["files"][file]:
        defects = [f"{file} is not the file that was saved: truncated or replaced"]
        raise DataError.listing(str(folder), defects, advice="Train again, or fetch it again.")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError, BadZipFile) as error:
        message = f"{path} cannot be read: {error}"
        raise DataError(message) from error


def _sha256(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
