"""Records that a model has streamed to a folder, read again without the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from warnings import warn

from mesa_llm_city.core.errors import CityError, DataError
from mesa_llm_city.core.text_files import is_file, read_json
from mesa_llm_city.simulation.records.stream import FORMAT, INDEX, Part, part_name

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["StreamedRecords", "read_records"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedRecords:
    """Tables that lie in parts in a folder.

    Parameters
    ----------
    folder : Path
        The folder.
    about : mapping
        ``run_seed``, ``start`` and ``sample``, as the model wrote them.
    parts : mapping of str to tuple of Part
        The parts of each table.
    is_complete : bool
        Whether the model wrote all rows (`Records.flush`); if not, it goes on, or was broken
        off, and what it had in memory then is missing.
    """

    folder: Path
    about: Mapping[str, Any]
    parts: Mapping[str, tuple[Part, ...]]
    is_complete: bool

    def rows(self, name: str) -> int:
        """Return the number of rows of a table."""
        return sum(one.rows for one in self.parts[name])

    def until_min(self, name: str) -> int | None:
        """Return the latest minute of which a table has a row; None if it has none."""
        return _last_minute(self.parts[name])

    def batches(
        self, name: str, columns: Sequence[str] | None = None, *, person: int | None = None
    ) -> Iterator[pa.Table]:
        """Iterate over a table, a part at a time, in the order in which rows were appended.

        Parameters
        ----------
        name : str
            Name of the table, such as ``trips``.
        columns : sequence of str, optional
            Only these columns are read; times are minutes since midnight of the first day.
        person : int, optional
            Only the rows of this one.

        Raises
        ------
        DataError
            If there is no such table, or a file is missing or damaged.
        """
        if name not in self.parts:
            known = ", ".join(self.parts) or "none"
            message = f"{self.folder} has no rows of {name}; the tables are {known}"
            raise DataError(message)
        names = None if columns is None else list(columns)
        for part in self.parts[name]:
            yield part.read(names, person=person)

    def describe(self) -> str:
        """Return in words which rows are there, if not all are."""
        if self.is_complete:
            return f"the records in {self.folder} are complete"
        there = ", ".join(
            f"{self.rows(name):,} rows of {name} until minute {self.until_min(name)}"
            for name in self.parts
        )
        return (
            f"the records in {self.folder} end early, since the run goes on or was broken off: "
            f"there are {there or 'no rows'}; later rows were in memory only"
        )


def read_records(folder: str | Path) -> StreamedRecords:
    """Return the records that a model has streamed to a folder.

    If they are not complete, a warning says until when they are.

    Parameters
    ----------
    folder : str or Path
        ``RecordOptions.stream`` of the model, or the folder ``branch-1`` and so on in it of one
        that went on from a save or fork.

    Raises
    ------
    DataError
        If the folder holds no records, or they are of another version.
    """
    home = Path(folder)
    if not is_file(home / INDEX):
        message = (
            f"{home} holds no streamed records: there is no {INDEX} in it; give the folder of "
            "RecordOptions(stream=...)"
        )
        raise DataError(message)
    index = read_json(home / INDEX)
    try:
        found = _of_index(home, index)
    except CityError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        message = (
            f"{home / INDEX} does not list records as this version of the package writes them "
            f"({type(error).__name__}: {error}); read them with the version that wrote them"
        )
        raise DataError(message) from error
    if not found.is_complete:
        warn(found.describe(), stacklevel=2)
    return found


def _of_index(home: Path, index: Any) -> StreamedRecords:  # noqa: ANN401 - any JSON
    if index["format"] != FORMAT:
        message = f"format {index['format']!r}, not {FORMAT}"
        raise ValueError(message)
    shared: Mapping[str, Any] = index["shared"]
    parts = {name: [Part(home / file, int(rows)) for file, rows in shared[name]] for name in shared}
    for folder in sorted(home.iterdir()):
        if folder.is_dir() and (folder / part_name(0)).is_file():
            parts.setdefault(folder.name, []).extend(_own_parts(folder))
    return StreamedRecords(
        folder=home,
        about={name: index[name] for name in ("run_seed", "start", "sample")},
        parts={name: tuple(found) for name, found in parts.items()},
        is_complete=bool(index["is_complete"]),
    )


def _own_parts(folder: Path) -> Iterator[Part]:
    """Yield the parts that one model has written of a table, in their order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for number in count():
        path = folder / part_name(number)
        if not path.is_file():
            return
        try:
            yield Part(path, pq.read_metadata(path).num_rows)
        except (OSError, pa.ArrowException) as error:
            message = f"{path} cannot be read ({' '.join(str(error).split())[:200]})"
            raise DataError(message) from error


def _last_minute(parts: Sequence[Part]) -> int | None:
    """Return the latest time in parts, from the statistics that the files keep."""
    import pyarrow.parquet as pq

    last = None
    for part in parts:
        about = pq.read_metadata(part.path)
        names = about.schema.names
        column = next((names.index(one) for one in ("end", "time") if one in names), None)
        for group in range(about.num_row_groups if column is not None else 0):
            found = about.row_group(group).column(column).statistics
            if found is not None and found.has_min_max:
                last = max(found.max, found.max if last is None else last)
    return last
