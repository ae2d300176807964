"""Finished cells of a benchmark as lines of JSON, which survive the end of a process."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from mesa_llm_city.core.errors import ConfigError

__all__ = ["CellStore", "key_of"]


def key_of(facts: Mapping[str, Any]) -> str:
    """Return a hash of all that the result of a cell depends on, 64 hexadecimal digits.

    Examples
    --------
    >>> key_of({"seed": 1, "method": "mlp"}) == key_of({"method": "mlp", "seed": 1})
    True
    """
    text = json.dumps(facts, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return sha256(text.encode()).hexdigest()


class CellStore:
    """A file with one line for each finished cell.

    Parameters
    ----------
    path : Path
        The file; it need not exist.

    Notes
    -----
    A line that was cut off when the process ended is ignored, and its cell is computed again.
    Lines of other data, options or seeds stay in the file and are not used. Of two lines
    with the same key the last one holds.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._records: dict[str, dict[str, Any]] = {}
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        self._is_cut = bool(text) and not text.endswith("\n")
        for line in text.split("\n"):
            record = _read(line)
            if record is not None:
                self._records[record["key"]] = record

    def __len__(self) -> int:
        """Return the number of finished cells in the file."""
        return len(self._records)

    def get(self, key: str) -> dict[str, Any] | None:
        """Return the cell with a key; None if it is not finished."""
        return self._records.get(key)

    def add(self, record: Mapping[str, Any]) -> None:
        """Append a cell, and make sure that it is on the disk.

        Raises
        ------
        ConfigError
            If the file cannot be written.
        """
        line = json.dumps(record, ensure_ascii=False, allow_nan=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write("\n" * self._is_cut + line + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            message = f"{self.path} cannot be written: {error}; choose another --out"
            raise ConfigError(message) from error
        self._is_cut = False
        self._records[record["key"]] = dict(record)


def _read(line: str) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get("key"), str) else None
