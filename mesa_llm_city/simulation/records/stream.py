"""A folder that tables are written to in parts while a model lives.

The first model of a run writes to the folder itself, each copy of it (a fork, or what is loaded
from a save) to one of its own below it, ``branch-1`` and so on, made when it writes its first
part. What was written before the copy was made is shared. So no two futures write the same
file. ``records.json`` in each of these folders lists the parts that are shared, and says whether
all rows are written; what else the folder holds is of that model alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mesa_llm_city.core.errors import ConfigError, DataError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMAT", "INDEX", "Part", "RecordStream", "part_name"]

INDEX = "records.json"
"""Name of the file that says what the records in a folder are of."""

FORMAT = 1
"""Version of that file."""

_COMPRESSION = "zstd"


class Part(NamedTuple):
    """Rows of a table that lie in a file.

    Attributes
    ----------
    path : Path
        The file.
    rows : int
        Their number.
    """

    path: Path
    rows: int

    def read(self, columns: list[str] | None = None, *, person: int | None = None) -> pa.Table:
        """Return its rows, or those of one person.

        Raises
        ------
        DataError
            If the file is missing or damaged.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        whose = None if person is None else [("person", "==", person)]
        try:
            return pq.read_table(self.path, columns=columns, filters=whose)
        except (OSError, pa.ArrowException) as error:
            message = (
                f"{self.path} cannot be read ({' '.join(str(error).split())[:200]}); records that "
                "were streamed are needed as long as the model or a save of it is: put the folder "
                "back, or use another save"
            )
            raise DataError(message) from error


class RecordStream:
    """Writes the tables of one model in parts.

    Parameters
    ----------
    root : str or Path
        The folder, which holds nothing yet.
    chunk_rows : int
        Rows of a part.
    about : mapping
        What the run is, for whoever reads the folder; JSON-able.

    Attributes
    ----------
    root : Path
        The folder, as an absolute path.
    folder : Path or None
        Where this model writes: the folder itself, or one below it; None for a copy that has
        written nothing yet.
    chunk_rows : int
        As given.
    """

    def __init__(self, root: str | Path, *, chunk_rows: int, about: Mapping[str, Any]) -> None:
        self.root, self.chunk_rows = Path(root).absolute(), chunk_rows
        self.folder: Path | None = None
        self._about = dict(about)
        self._parts: dict[str, list[Part]] = {}
        self._is_finished = False

    def open(self) -> None:
        """Make the folder.

        Raises
        ------
        ConfigError
            If it holds something, or cannot be made.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            found = next(iter(self.root.iterdir()), None)
            if found is None:
                # Of two models that begin at the same time only one makes it.
                with (self.root / INDEX).open("x", encoding="utf-8"):
                    pass
        except FileExistsError:
            found = self.root / INDEX
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            message = f"records cannot be written to {self.root} ({reason}); choose another folder"
            raise ConfigError(message) from error
        if found is not None:
            message = (
                f"{self.root} holds {found.name!r}, and records are streamed to a folder of their "
                "own; choose another one, or remove what is there"
            )
            raise ConfigError(message)
        self.folder = self.root
        self._write_index(is_complete=False)

    def write(self, name: str, table: pa.Table) -> Part:
        """Write the next part of a table, and return it.

        Raises
        ------
        DataError
            If the disk is full, or refuses.
        """
        import pyarrow.parquet as pq

        try:
            home = self._own_folder() / name
            home.mkdir(exist_ok=True)
            if self._is_finished:
                self._write_index(is_complete=False)
            own = [one for one in self._parts.get(name, ()) if one.path.parent == home]
            path = home / part_name(len(own))
            partial = home / f".{path.name}.partial-{os.getpid()}"
            try:
                pq.write_table(
                    table, partial, compression=_COMPRESSION, use_dictionary=_words(table)
                )
                partial.replace(path)
            finally:
                with suppress(OSError):
                    partial.unlink(missing_ok=True)
            part = Part(path, table.num_rows)
            self._parts.setdefault(name, []).append(part)
        except OSError as error:
            message = (
                f"the records cannot be written to {self.folder or self.root} "
                f"({error.strerror or error}); make room and take the step again"
            )
            raise DataError(message) from error
        return part

    def finish(self) -> None:
        """Note that all rows are written until now."""
        self._own_folder()
        self._write_index(is_complete=True)

    def state(self) -> dict[str, Any]:
        """Return where the parts are, for a save."""
        return {
            "root": str(self.root),
            "chunk_rows": self.chunk_rows,
            "about": self._about,
            "parts": {
                name: [[_relative(one.path, self.root), one.rows] for one in parts]
                for name, parts in self._parts.items()
            },
        }

    @classmethod
    def restored(cls, state: Mapping[str, Any], root: Path | None = None) -> RecordStream:
        """Return a stream that goes on from what `state` returned, in a folder of its own.

        Parameters
        ----------
        state : mapping
            What `state` returned.
        root : Path, optional
            Where the folder is now, if it has been moved.

        Raises
        ------
        DataError
            If parts are missing; all of them are listed.
        """
        home = Path(state["root"]) if root is None else root
        stream = cls(home, chunk_rows=state["chunk_rows"], about=state["about"])
        stream._parts = {
            name: [Part(stream.root / file, rows) for file, rows in parts]
            for name, parts in state["parts"].items()
        }
        missing = [f"{one.path} is missing" for one in stream.all_parts() if not one.path.is_file()]
        if missing:
            advice = (
                "If the folder was moved, say where it is: records=RecordOptions(stream=FOLDER)."
            )
            source = "the records of the save"
            raise DataError.listing(source, missing, advice=advice)
        return stream

    @property
    def names(self) -> list[str]:
        """Names of the tables that have parts."""
        return list(self._parts)

    def move_to(self, root: Path) -> None:
        """Write further parts to another folder.

        Raises
        ------
        ConfigError
            If it holds something, or cannot be made.
        """
        self.root = root
        self.open()

    def parts(self, name: str) -> tuple[Part, ...]:
        """Return the parts of a table, in their order."""
        return tuple(self._parts.get(name, ()))

    def all_parts(self) -> list[Part]:
        """Return the parts of all tables."""
        return [part for parts in self._parts.values() for part in parts]

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy has: all parts so far, and no folder of its own yet."""
        return {**vars(self), "folder": None, "_is_finished": False}

    def _own_folder(self) -> Path:
        """Return the folder to write to; that of a copy is made below the first one."""
        if self.folder is None:
            self.root.mkdir(parents=True, exist_ok=True)
            for number in count(1):
                with suppress(FileExistsError):
                    folder = self.root / f"branch-{number}"
                    folder.mkdir()
                    break
            self.folder = folder
            self._write_index(is_complete=False)
        return self.folder

    def _write_index(self, *, is_complete: bool) -> None:
        folder = self._own_folder()
        shared = {
            name: [
                [_relative(one.path, folder), one.rows]
                for one in parts
                if one.path.parent.parent != folder
            ]
            for name, parts in self._parts.items()
        }
        index = {
            "format": FORMAT,
            **self._about,
            "is_complete": is_complete,
            "shared": {name: parts for name, parts in shared.items() if parts},
        }
        partial = folder / f".{INDEX}.partial-{os.getpid()}"
        partial.write_text(f"{json.dumps(index, indent=1)}\n", encoding="utf-8")
        partial.replace(folder / INDEX)
        self._is_finished = is_complete


def part_name(number: int) -> str:
    """Return the name of the file of a part, which count from 0."""
    return f"part-{number:05d}.parquet"


def _words(table: pa.Table) -> list[str]:
    """Return the columns of words; a dictionary of numbers would only take time."""
    import pyarrow as pa

    types = pa.types
    return [
        one.name
        for one in table.schema
        if types.is_dictionary(one.type) or types.is_string(one.type)
    ]


def _relative(path: Path, folder: Path) -> str:
    """Return a path as seen from a folder, with slashes."""
    return Path(os.path.relpath(path, folder)).as_posix()
