"""The folder of a save: files named by what is in them, and one file that says which count.

Whoever writes replaces that one file last. So a process that is killed leaves the save that was
there before, or none.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from errno import ENAMETOOLONG
from hashlib import sha256
from pathlib import Path
from typing import Any

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.file_sums import file_sum
from mesa_llm_city.core.text_files import is_file, read_json

__all__ = [
    "FORMAT",
    "INDEX",
    "SavedFiles",
    "check_free",
    "is_save",
    "read_head",
    "read_save",
    "write_save",
]

FORMAT = 1
"""Version of the format that is written, and the only one that is read."""

INDEX = "save.json"
"""Name of the file that says which other files belong to a save, and what it is of."""

_OURS = re.compile(r"[A-Za-z0-9_.]+-[0-9a-f]{16}\.(?:json|npz|parquet)|\.[\w.-]+\.partial-\d+")
_TRIES = 3
_SUM = "sha256"


@dataclass(frozen=True, slots=True)
class SavedFiles:
    """What a folder holds, read and checked.

    Parameters
    ----------
    head : dict
        What the save is of: version, minute, model and so on.
    contents : dict of str to bytes
        The files, by the names that the parts know.
    """

    head: dict[str, Any]
    contents: dict[str, bytes]


def is_save(folder: Path) -> bool:
    """Tell whether a folder holds a save."""
    return is_file(folder / INDEX)


def check_free(folder: Path) -> None:
    """Refuse a folder that holds something else than a save.

    Raises
    ------
    ConfigError
        If nothing may be written there.
    """
    if not _is_path(folder):
        message = f"{str(folder)[:80]!r} is no name of a folder; choose another one for the save"
        raise ConfigError(message)
    if folder.exists() and not folder.is_dir():
        message = f"{folder} is a file; choose another folder for the save"
        raise ConfigError(message)
    if not folder.is_dir() or is_save(folder):
        return
    # What a killed process has left is no reason to refuse.
    if foreign := [one.name for one in folder.iterdir() if not _OURS.fullmatch(one.name)]:
        message = (
            f"{folder} holds {foreign[0]!r}, which is no part of a save; choose another folder"
        )
        raise ConfigError(message)


def _is_path(folder: Path) -> bool:
    """Tell whether a path is one that a disk can take."""
    try:
        folder.lstat()
    except ValueError:  # a null byte
        return False
    except OSError as error:
        return error.errno != ENAMETOOLONG
    return True


def write_save(folder: Path, head: Mapping[str, Any], contents: Mapping[str, bytes]) -> None:
    """Write a save, in place of an earlier one in the same folder.

    Parameters
    ----------
    folder : Path
        The folder; it is made if there is none.
    head : mapping
        What the save is of; JSON-able.
    contents : mapping of str to bytes
        The files, by name.

    Raises
    ------
    ConfigError
        If nothing may be written there.
    DataError
        If the disk is full, or refuses; an earlier save is as it was.
    """
    check_free(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = {name: _put(folder, name, data) for name, data in contents.items()}
        index = {"format": FORMAT, **head, "files": files}
        text = json.dumps({**index, _SUM: _sum_of(index)}, indent=2, ensure_ascii=False)
        _write(folder / INDEX, f"{text}\n".encode())
    except OSError as error:
        message = f"the save cannot be written to {folder} ({error.strerror}); an earlier one stays"
        raise DataError(message) from error
    _remove_others(folder, {INDEX, *(one["file"] for one in files.values())})


def read_save(folder: Path) -> SavedFiles:
    """Read a save, and check that all of it is there and as it was written.

    Raises
    ------
    DataError
        Lists what is missing, damaged or of another version.
    """
    for _ in range(_TRIES):
        index = _read_index(folder)
        contents = {name: _contents(folder, one) for name, one in index["files"].items()}
        defects = [
            f"{index['files'][name]['file']} {found}"
            for name, found in contents.items()
            if isinstance(found, str)
        ]
        # A run that saves now and then may have replaced it in the meantime.
        if not defects or index == _read_index(folder):
            break
    if defects:
        source = f"the save in {folder}"
        raise DataError.listing(source, defects, advice="use another save")
    read = {name: one for name, one in contents.items() if isinstance(one, bytes)}
    head = {name: one for name, one in index.items() if name not in {"files", _SUM}}
    return SavedFiles(head, read)


def read_head(folder: Path) -> dict[str, Any]:
    """Return what a save is of, without reading the rest of it.

    Returns
    -------
    dict
        ``model``, ``moment``, ``minute``, ``start``, ``seed``, ``people`` and so on, as
        ``docs/reference/saves.md`` says.

    Raises
    ------
    DataError
        If there is no save, or one of another version.
    """
    index = _read_index(folder)
    return {name: value for name, value in index.items() if name not in {"files", _SUM}}


def _read_index(folder: Path) -> dict[str, Any]:
    if not is_save(folder):
        beside = folder.with_name(f"{folder.name}.save")
        hint = f"; did you mean {beside}?" if is_save(beside) else "; give the folder of a save"
        message = f"{folder} holds no save: there is no {INDEX} in it{hint}"
        raise DataError(message)
    index = read_json(folder / INDEX)
    if not isinstance(index, dict) or "format" not in index:
        message = f"{folder / INDEX} is no index of a save; use another save"
        raise DataError(message)
    if index["format"] != FORMAT:
        message = (
            f"the save in {folder} has version {index['format']!r} of the format; this package "
            f"reads version {FORMAT}; load it with the version of the package that wrote it "
            f"({index.get('package', 'unknown')})"
        )
        raise DataError(message)
    _check_index(index, folder)
    return index


def _check_index(index: Mapping[str, Any], folder: Path) -> None:
    files = index.get("files")
    is_right = isinstance(files, dict) and all(
        isinstance(one, dict)
        and _OURS.fullmatch(str(one.get("file")))
        and isinstance(one.get("sha256"), str)
        for one in files.values()
    )
    if not is_right:
        message = f"{folder / INDEX} does not say which files belong to it; use another save"
        raise DataError(message)
    if index.get(_SUM) != _sum_of(index):
        message = f"{folder / INDEX} is damaged: its SHA-256 is another one; use another save"
        raise DataError(message)


def _sum_of(index: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what an index says, whatever its order and spaces."""
    said = json.loads(json.dumps({name: one for name, one in index.items() if name != _SUM}))
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _contents(folder: Path, about: Mapping[str, Any]) -> bytes | str:
    """Return what a file holds, or what is wrong with it."""
    try:
        data = (folder / about["file"]).read_bytes()
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    is_same = sha256(data).hexdigest() == about["sha256"]
    return data if is_same else "is damaged: its SHA-256 is another one"


def _put(folder: Path, name: str, data: bytes) -> dict[str, Any]:
    """Write a file under a name that tells its content, unless it is there; return its facts."""
    digest = sha256(data).hexdigest()
    stem, _, suffix = name.rpartition(".")
    path = folder / f"{stem}-{digest[:16]}.{suffix}"
    if not (is_file(path) and file_sum(path) == digest):
        _write(path, data)
    return {"file": path.name, "sha256": digest, "bytes": len(data)}


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        with partial.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def _remove_others(folder: Path, kept: set[str]) -> None:
    """Remove the files of earlier saves, and what killed processes have left."""
    for path in _stale(folder, kept):
        with suppress(OSError):
            path.unlink()


def _stale(folder: Path, kept: set[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name not in kept and _OURS.fullmatch(path.name):
            yield path
