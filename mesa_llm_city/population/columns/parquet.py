"""Columns of persons in Parquet files, written and read part by part."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import Education, Gender, Occupation, Role
from mesa_llm_city.population.columns.own_words import SEPARATOR, hobbies_of, names_of
from mesa_llm_city.population.columns.person_arrays import COLUMNS, TEXT, PersonArrays
from mesa_llm_city.population.outsiders.outsider import RESIDENT
from mesa_llm_city.population.person_columns import preference_column

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

__all__ = ["arrow_of", "read_columns", "write_columns"]

_FACTS = b"mesa_llm_city.population"
_NO_HOBBY = "none"
_LIKES = preference_column("")

_NUMBERS = {
    "ids": "id",
    "age": "age",
    "income": "income",
    "household": "household_id",
    "household_size": "household_size",
    "home": "home_place",
    **{
        name: name
        for name in (
            *("wake_min", "bed_min", "work_days", "work_start_min", "work_minutes"),
            *("lunch_min", "dinner_min", "eats_out", "has_car", "has_bicycle", "has_licence"),
        )
    },
}
"""Columns of the table that hold a column as it is; those below hold others."""
_CODES: Mapping[str, tuple[str, type[StrEnum]]] = {
    "gender": ("gender", Gender),
    "occupation": ("occupation", Occupation),
    "education": ("education", Education),
    "role": ("household_role", Role),
}
_OR_NONE = {"work": "work_place", "youngest_child": "household_youngest_child"}


def write_columns(
    path: Path, columns: PersonArrays, facts: Mapping[str, Any], *, rows: int
) -> None:
    """Write a table of people.

    Parameters
    ----------
    path : Path
        The file; it appears when it is complete.
    columns : PersonArrays
        The people.
    facts : mapping
        What else is known of them, as plain values; it goes into the file's metadata.
    rows : int
        People of a part (a row group), of which names and hobbies are made at once.
    """
    from pyarrow.parquet import ParquetWriter

    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    schema = arrow_of(columns.take([])).schema.with_metadata({_FACTS: json.dumps(facts)})
    try:
        with ParquetWriter(partial, schema) as writer:
            for first in range(0, len(columns), rows):
                part = columns.take(np.arange(first, min(first + rows, len(columns))))
                writer.write_table(arrow_of(part).replace_schema_metadata(schema.metadata))
        partial.replace(path)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def arrow_of(columns: PersonArrays) -> pa.Table:
    """Return people as a table with the columns of tables of people."""
    import pyarrow as pa

    table = {column: pa.array(getattr(columns, name)) for name, column in _NUMBERS.items()}
    table["name"] = pa.array(names_of(columns), pa.string())
    hobbies = [SEPARATOR.join(one) or _NO_HOBBY for one in hobbies_of(columns)]
    table["hobbies"] = pa.array(hobbies, pa.string())
    table["role"] = pa.array([RESIDENT] * len(columns), pa.string())
    for name, (column, members) in _CODES.items():
        words = pa.array([str(member) for member in members], pa.string())
        table[column] = words.take(pa.array(getattr(columns, name)))
    for name, column in _OR_NONE.items():
        values = getattr(columns, name)
        table[column] = pa.array(values, mask=values < 0)
    for trait, levels in zip(BigFive._fields, columns.big_five.T, strict=True):
        table[trait] = pa.array(np.ascontiguousarray(levels))
    for purpose, weights in zip(columns.purposes, columns.preferences.T, strict=True):
        liked = np.ascontiguousarray(weights)
        table[preference_column(purpose)] = pa.array(liked, mask=np.isnan(liked))
    return pa.table(table)


def read_columns(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read a table of people in which nothing is open.

    Parameters
    ----------
    path : Path
        A file as `write_columns` writes it.

    Returns
    -------
    fields : dict
        The fields of `PersonArrays`, without seed and parameters.
    facts : dict
        What else was known of them; empty if the file does not say.

    Raises
    ------
    DataError
        If the file is no Parquet file, lacks columns, or has cells that are blank or of
        another type; the message lists every such column.
    """
    file = _opened(path)
    names = file.schema_arrow.names
    parts = _of_table(tuple(name for name in names if name.startswith(_LIKES)))
    if missing := [column for column in parts if column not in names]:
        message = (
            f"{path} lacks the columns {', '.join(missing)}; read tables in which something is "
            "open with from_table, which draws it"
        )
        raise DataError(message)
    defects: list[str] = []
    read = {column: _column(file, column, defects) for column in parts}
    if defects:
        raise DataError.listing(str(path), defects)
    metadata = file.schema_arrow.metadata or {}
    return _fields(read), json.loads(metadata.get(_FACTS, b"{}"))


def _opened(path: Path) -> ParquetFile:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        return ParquetFile(path)
    except FileNotFoundError as error:
        message = f"there is no file {path}; write one with to_parquet"
        raise DataError(message) from error
    except (OSError, pa.ArrowException) as error:
        message = f"{path} is no Parquet file ({str(error).splitlines()[0]}); write it again"
        raise DataError(message) from error


def _of_table(likes: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a table of people."""
    codes = (column for column, _ in _CODES.values())
    return (
        *_NUMBERS.values(), *codes, *_OR_NONE.values(), *BigFive._fields, "name", "hobbies", *likes
    )  # fmt: skip


def _column(file: ParquetFile, column: str, defects: list[str]) -> NDArray[Any]:
    """Return the values of a column; what is blank, unknown or of another type is a defect."""
    import pyarrow as pa

    may_be_blank = column in _OR_NONE.values() or column.startswith(_LIKES)
    kept: list[NDArray[Any]] = [np.empty(0, dtype=_dtype(column))]
    first = 0
    try:
        for batch in file.iter_batches(columns=[column]):
            cells = batch.column(0)
            if cells.null_count and not may_be_blank:
                row = first + int(np.flatnonzero(cells.is_null().to_numpy(zero_copy_only=False))[0])
                defects.append(f"column {column} is blank in row {row}; fill it in")
                break
            kept.append(_values(column, cells))
            first += len(cells)
    except (OSError, ValueError, TypeError, NotImplementedError, pa.ArrowException) as error:
        defects.append(f"column {column}: {str(error).splitlines()[0]}")
    return np.concatenate(kept)


def _dtype(column: str) -> Any:  # noqa: ANN401 - as numpy takes it
    """Return the type in which a column of the table is kept."""
    if column in {"name", "hobbies"}:
        return TEXT
    own = {table: name for name, table in (_NUMBERS | _OR_NONE).items()}
    own |= {column: name for name, (column, _) in _CODES.items()}
    own |= dict.fromkeys(BigFive._fields, "big_five")
    return COLUMNS[own.get(column, "preferences")][0]


def _values(column: str, cells: pa.Array) -> NDArray[Any]:
    import pyarrow as pa

    if column in {"name", "hobbies"}:
        texts = cells.cast(pa.string()).to_pylist()
        return np.array(["" if one == _NO_HOBBY else one for one in texts], dtype=TEXT)
    for own, members in _CODES.values():
        if own == column:
            return _codes(cells, members)
    dtype = _dtype(column)
    filled = (
        cells.fill_null(np.nan if column.startswith(_LIKES) else -1) if cells.null_count else cells
    )
    numbers: NDArray[Any] = filled.cast(pa.from_numpy_dtype(dtype)).to_numpy(zero_copy_only=False)
    return numbers


def _codes(cells: pa.Array, members: type[StrEnum]) -> NDArray[Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    words = [str(member) for member in members]
    codes = pc.index_in(cells.cast(pa.string()), value_set=pa.array(words))
    if codes.null_count:
        odd = cells.filter(codes.is_null())[0].as_py()
        message = f"{odd!r} is unknown; use one of {', '.join(words)}"
        raise ValueError(message)
    numbers: NDArray[Any] = codes.cast(pa.int8()).to_numpy(zero_copy_only=False)
    return numbers


def _fields(read: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Return the fields of `PersonArrays`."""
    likes = [column for column in read if column.startswith(_LIKES)]
    named = {**_NUMBERS, **_OR_NONE, **{name: column for name, (column, _) in _CODES.items()}}
    weights = [read[column] for column in likes]
    return {
        **{name: read[column] for name, column in named.items()},
        "big_five": np.column_stack([read[trait] for trait in BigFive._fields]),
        "preferences": np.column_stack(weights) if likes else np.empty((len(read["id"]), 0)),
        "purposes": tuple(column.removeprefix(_LIKES) for column in likes),
        "names": read["name"],
        "hobbies": read["hobbies"],
    }
