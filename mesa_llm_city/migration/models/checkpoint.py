"""Saving and loading trained models: ``config.json`` and arrays, checked when read."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.text_files import is_file, read_json
from mesa_llm_city.migration.models.training_rows import TrainingRows
from mesa_llm_city.migration.survey.schema import Schema

__all__ = [
    "CONFIG",
    "FORMAT",
    "FORMATS",
    "TRAINING_ROWS",
    "check_record",
    "newest_record",
    "read_record",
    "read_saved",
    "read_training_rows",
    "saved_schema",
    "signed",
    "write_saved",
    "write_training_rows",
]

CONFIG = "config.json"
"""File of the record of a model."""

FORMAT = 2
"""Format of the records that are written."""

FORMATS = (1, FORMAT)
"""Formats of records that are read; the first has neither a sum nor ranges of numbers."""

TRAINING_ROWS = "training_rows.npz"
"""File of the fingerprints of training rows; models saved before it came have none."""

_ARRAYS = "model.npz"
_UNSIGNED = 1
_SUM = "sha256"

Arrays = dict[str, NDArray[Any]]


def write_saved(
    folder: Path,
    kind: str,
    record: Mapping[str, object],
    arrays: Arrays,
    training_rows: TrainingRows | None = None,
) -> None:
    """Write a model. ``config.json`` is written last, so an incomplete folder is no model.

    Parameters
    ----------
    folder : Path
        Folder of the model; it is made if necessary, and an earlier model is replaced.
    kind : str
        Kind of model, such as ``"tabular"``.
    record : mapping
        Values for JSON.
    arrays : dict of ndarray
        Arrays of numbers; may be empty.
    training_rows : TrainingRows, optional
        Fingerprints of the training rows.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / CONFIG).unlink(missing_ok=True)
        files = {}
        if arrays:
            files[_ARRAYS] = _write_arrays(folder / _ARRAYS, arrays)
        files |= write_training_rows(folder, training_rows)
        content = signed({"kind": kind, "format": FORMAT, **record, "files": files})
        partial = folder / f"partial-{CONFIG}"
        text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
        partial.write_text(text, encoding="utf-8")
        partial.replace(folder / CONFIG)
    except OSError as error:
        message = f"the model cannot be saved to {folder} ({error.strerror}); choose another folder"
        raise DataError(message) from error


def write_training_rows(folder: Path, rows: TrainingRows | None) -> dict[str, str]:
    """Write fingerprints of training rows, if there are any; return the SHA-256 of the file."""
    path = folder / TRAINING_ROWS
    if rows is None:
        path.unlink(missing_ok=True)
        return {}
    return {TRAINING_ROWS: _write_arrays(path, rows.arrays())}


def read_training_rows(folder: Path, record: Mapping[str, Any]) -> TrainingRows | None:
    """Read fingerprints of training rows; None if the model has none.

    Raises
    ------
    DataError
        If the file is missing, truncated or replaced.
    """
    if TRAINING_ROWS not in record["files"]:
        return None
    return TrainingRows.from_arrays(_arrays(folder, record, TRAINING_ROWS))


def signed(record: Mapping[str, object]) -> dict[str, object]:
    """Return a record with the SHA-256 of its content, by which a change is noticed."""
    return {**record, _SUM: _content_sum(record)}


def check_record(path: Path, record: Mapping[str, object]) -> None:
    """Check that a record is as it was saved; those of format 1 may carry no sum.

    It comes last, since all other checks say more about what is wrong.

    Raises
    ------
    DataError
        If it has been changed.
    """
    if _SUM not in record and record.get("format") == _UNSIGNED:
        return
    if record.get(_SUM) != _content_sum(record):
        message = (
            f"{path} is not as it was saved: a value was changed or damaged; "
            "copy the folder again, or train again"
        )
        raise DataError(message)


def _content_sum(record: Mapping[str, object]) -> str:
    content = {name: value for name, value in record.items() if name != _SUM}
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read_saved(folder: Path, kind: str) -> tuple[dict[str, Any], Arrays]:
    """Read what `write_saved` wrote.

    Raises
    ------
    DataError
        If there is no model, it has another kind or format, or a file is missing, truncated
        or replaced.
    """
    record = read_record(folder)
    if record.get("kind") != kind or record.get("format") not in FORMATS:
        message = (
            f"{folder / CONFIG} has kind {record.get('kind')!r} and format "
            f"{record.get('format')!r}; expected are {kind!r} and {FORMAT}"
        )
        raise DataError(message)
    files = record.get("files")
    if not isinstance(files, dict) or not set(files) <= {_ARRAYS, TRAINING_ROWS}:
        message = f"{folder / CONFIG} has no list of files; it was not written by this package"
        raise DataError(message)
    return record, _arrays(folder, record, _ARRAYS) if _ARRAYS in files else {}


def saved_schema(folder: str | Path) -> Schema:
    """Return the schema of the rows that a saved model can read.

    Raises
    ------
    DataError
        If there is no model, or its record has no schema.
    """
    record = read_record(newest_record(Path(folder)))
    try:
        found = record["schema"] if "schema" in record else record["reader"]["schema"]
        schema = Schema.from_json(found)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        why = f"{error} is missing" if isinstance(error, KeyError) else error
        message = (
            f"{Path(folder) / CONFIG} has no valid schema ({why}); give the folder of a model that "
            "was trained on a survey"
        )
        raise DataError(message) from error
    check_record(Path(folder) / CONFIG, record)
    return schema


def newest_record(folder: Path) -> Path:
    """Return the folder of the record: an interrupted training has its best checkpoint only."""
    best = folder / "training" / "best"
    places = (folder, best, best.with_name(f"{best.name}.old"))
    return next((place for place in places if is_file(place / CONFIG)), folder)


def read_record(folder: Path) -> dict[str, Any]:
    """Read ``config.json`` of a folder.

    Raises
    ------
    DataError
        If there is no such file, or it cannot be read.
    """
    path = folder / CONFIG
    if not is_file(path):
        message = f"{folder} has no model: no {CONFIG}; give the folder that a model was saved to"
        raise DataError(message)
    record = read_json(path, finite=False)
    return record if isinstance(record, dict) else {}


def _write_arrays(path: Path, arrays: Arrays) -> str:
    """Write arrays; return the SHA-256 of the file."""
    partial = path.with_name(f"partial-{path.name}")
    np.savez_compressed(partial, allow_pickle=False, **arrays)
    partial.replace(path)
    return _sha256(path)


def _arrays(folder: Path, record: Mapping[str, Any], file: str) -> Arrays:
    path = folder / file
    if not path.is_file():
        raise DataError.listing(str(folder), [f"{file} is missing"], advice="Train again.")
    if _sha256(path) != record["files"][file]:
        defects = [f"{file} is not the file that was saved: truncated or replaced"]
        raise DataError.listing(
            str(folder), defects, advice="Train again, or copy the folder again."
        )
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError, EOFError, KeyError, TypeError, BadZipFile, zlib.error) as error:
        message = f"{path} cannot be read: {error}"
        raise DataError(message) from error


def _sha256(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
