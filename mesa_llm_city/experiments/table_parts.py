"""Tables in the folder of a run: one file each, or a folder of parts each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.text_files import is_file, is_folder

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["has_table", "is_in_parts", "needed_frames", "read_parquet", "table_path", "write_parts"]

_PART = re.compile(r"part-(\d{5,})\.parquet")
# Rows that are ordered by person: whoever looks for one reads only the groups that may have it.
_GROUP_ROWS = 16_384
# What the picture, the key figures and the manifest of a run are made of.
_NEEDED: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "activities": ("person", "start", "end", "purpose"),
        "trips": ("person", "start", "mode", "travel_min"),
        "visits": ("person", "place", "purpose"),
        "decisions": ("person", "source"),
        "conversations": ("person",),
        "insights": ("person",),
        "messages": ("person",),
    }
)


def table_path(folder: Path, name: str) -> Path:
    """Return where a table of a run lies: its folder of parts, or its file, be it there or not.

    Examples
    --------
    >>> table_path(Path("runs", "town_day-7"), "trips").as_posix()
    'runs/town_day-7/trips.parquet'
    """
    return folder / name if is_in_parts(folder, name) else folder / f"{name}.parquet"


def is_in_parts(folder: Path, name: str) -> bool:
    """Tell whether a table of a run is a folder of parts."""
    return not is_file(folder / f"{name}.parquet") and is_folder(folder / name)


def has_table(folder: Path, name: str) -> bool:
    """Tell whether a run has a table."""
    return is_in_parts(folder, name) or is_file(folder / f"{name}.parquet")


def write_parts(folder: Path, frames: Iterable[pd.DataFrame]) -> None:
    """Write a table as a folder of parts.

    Parameters
    ----------
    folder : Path
        The folder, such as ``trips``; it is made.
    frames : iterable of pandas.DataFrame
        Its parts, at least one, each ordered by person and time.
    """
    folder.mkdir()
    for number, frame in enumerate(frames):
        path = folder / f"part-{number:05d}.parquet"
        frame.to_parquet(path, index=False, row_group_size=_GROUP_ROWS)


def read_parquet(
    path: Path, columns: Sequence[str] | None = None, *, person: int | None = None
) -> pd.DataFrame:
    """Return a table as it lies in a file or a folder of parts.

    Of files in parts the rows are ordered by person and time, as they are in one file. Geometry
    is left out.

    Parameters
    ----------
    path : Path
        What `table_path` returns.
    columns : sequence of str, optional
        Only these are read, of those that there are.
    person : int, optional
        Only the rows of this person.

    Raises
    ------
    FileNotFoundError
        If a part is missing.
    OSError, ValueError
        If it is no Parquet, or damaged.
    """
    import pyarrow as pa
    import pyarrow.dataset as ds

    files = _files(path)
    data = ds.dataset([str(one) for one in files], format="parquet")
    names = [one for one in data.schema.names if one != "geometry"]
    wanted = names if columns is None else [one for one in names if one in columns]
    whose = None if person is None else ds.field("person") == person
    read = [
        ds.dataset(str(one), format="parquet").to_table(columns=wanted, filter=whose)
        for one in files
    ]
    table = pa.concat_tables(read, promote_options="none").unify_dictionaries()
    frame: pd.DataFrame = table.to_pandas()
    keys = [name for name in ("person", "time", "start") if name in frame]
    if len(files) > 1 and keys:
        frame = frame.sort_values(keys, kind="stable", ignore_index=True)
    return frame


def needed_frames(folder: Path, names: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Return of tables in parts what the picture and the manifest of a run are made of.

    Parameters
    ----------
    folder : Path
        Folder of the run.
    names : iterable of str
        Names of the tables; of those that are not listed here all columns are read.
    """
    return {name: read_parquet(folder / name, _NEEDED.get(name)) for name in names}


def _files(path: Path) -> list[Path]:
    """Return the files of a table in their order."""
    if not path.is_dir():
        return [path]
    numbers: dict[int, Any] = {
        int(found[1]): one for one in path.iterdir() if (found := _PART.fullmatch(one.name))
    }
    for number in range(max(numbers, default=0) + 1):
        if number not in numbers:
            message = f"part-{number:05d}.parquet is missing"
            raise FileNotFoundError(message)
    return [numbers[number] for number in sorted(numbers)]
