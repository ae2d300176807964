"""From rows and arrays to the columns of a table, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.simulation.records.coded import Coded

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ColumnValues", "arrow_of_arrays", "arrow_of_rows", "coded_of", "numbers_of", "rows_of"]

ColumnValues: TypeAlias = NDArray[Any] | Coded | Sequence[str] | str
"""Values of a column for n rows: numbers of shape (n,), keywords, texts, or one for all rows."""

_NUMBERS = "intf"


def arrow_of_rows(columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Return rows as columns.

    Parameters
    ----------
    columns : mapping of str to str
        Name and kind of each column (see `Table`).
    rows : sequence of tuple
        Rows in the order of the columns.
    """
    import pyarrow as pa

    types = {"i": pa.int32(), "n": pa.int32(), "t": pa.int32(), "f": pa.float32()}
    # Arrow's own pool would claim megabytes ahead, which small models notice.
    pool = pa.system_memory_pool()
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [
        pa.array(one, type=types.get(kind, pa.string()), memory_pool=pool)
        for one, kind in zip(values, columns.values(), strict=True)
    ]
    packed = [
        array.dictionary_encode() if kind == "k" else array
        for array, kind in zip(arrays, columns.values(), strict=True)
    ]
    return pa.table(dict(zip(columns, packed, strict=True)))


def arrow_of_arrays(columns: Mapping[str, str], values: Mapping[str, ColumnValues]) -> pa.Table:
    """Return arrays as columns, checked and copied.

    Parameters
    ----------
    columns : mapping of str to str
        Name and kind of each column (see `Table`).
    values : mapping of str to ColumnValues
        By name of the column: whole numbers for ``i`` and ``t``; for ``n`` too, where those
        below 0 stand for nothing; numbers for ``f``, NaN for nothing; `Coded` or texts for
        ``k``, texts for ``s``.

    Raises
    ------
    DataError
        If columns are missing or unknown, differ in length, or hold something else; all of
        them are listed.
    """
    import pyarrow as pa

    sizes = {len(one) for one in map(_sized, values.values()) if one is not None}
    defects = [*_defects(columns, values, sizes)]
    if defects:
        source = "the rows to append"
        raise DataError.listing(source, defects)
    size = sizes.pop()
    try:
        arrays = {name: _arrow(kind, values[name], size) for name, kind in columns.items()}
    except (pa.ArrowException, TypeError, ValueError) as error:
        source = "the rows to append"
        raise DataError.listing(source, [" ".join(str(error).split())]) from error
    return pa.table(arrays)


def rows_of(table: pa.Table) -> list[tuple[Any, ...]]:
    """Return columns as rows."""
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def numbers_of(table: pa.Table, column: str) -> NDArray[np.int64]:
    """Return a column of whole numbers, -1 for nothing, shape (n,)."""
    values = table[column]
    filled = values.fill_null(-1) if values.null_count else values
    numbers: NDArray[np.int64] = filled.to_numpy().astype(np.int64)
    return numbers


def coded_of(table: pa.Table, column: str) -> Coded:
    """Return a column of keywords."""
    values = table[column].unify_dictionaries()
    if not values.num_chunks:
        return Coded(np.empty(0, dtype=np.int64), ())
    codes = [chunk.indices.to_numpy() for chunk in values.chunks]
    return Coded(np.concatenate(codes), values.chunk(0).dictionary.to_pylist())


def _sized(values: ColumnValues) -> ColumnValues | None:
    """Return what says how many rows there are; None for a text that all rows share."""
    if isinstance(values, str):
        return None
    return values.codes if isinstance(values, Coded) else values


def _defects(
    columns: Mapping[str, str], values: Mapping[str, ColumnValues], sizes: set[int]
) -> Iterator[str]:
    if missing := [name for name in columns if name not in values]:
        yield f"columns are missing: {', '.join(missing)}"
    if unknown := [name for name in values if name not in columns]:
        yield f"columns are unknown: {', '.join(unknown)}; known are {', '.join(columns)}"
    if len(sizes) != 1:
        yield f"columns must be equally long, got {', '.join(map(str, sorted(sizes))) or 'none'}"
    for name, kind in columns.items():
        one = values.get(name)
        if kind in _NUMBERS and one is not None and not _is_numbers(one, kind):
            what = "numbers" if kind == "f" else "whole numbers"
            yield f"column {name} must be an array of {what} of shape (n,)"
        if kind not in _NUMBERS and isinstance(one, np.ndarray) and one.dtype.kind not in "UOT":
            yield f"column {name} must hold texts, it holds {one.dtype}"
        if isinstance(one, Coded) and len(one.codes) and not _is_within(one):
            yield f"column {name} has codes outside its {len(one.names)} names"


def _is_numbers(values: ColumnValues, kind: str) -> bool:
    kinds = "iuf" if kind == "f" else "iu"
    is_array = isinstance(values, np.ndarray) and values.ndim == 1
    return is_array and values.dtype.kind in kinds  # type: ignore[union-attr]


def _is_within(values: Coded) -> bool:
    least, most = int(values.codes.min()), int(values.codes.max())
    return least >= 0 and most < len(values.names)


def _arrow(kind: str, values: Any, size: int) -> Any:  # noqa: ANN401 - array of any type
    """Return values of a kind as an array of Arrow, which shares no memory with them."""
    import pyarrow as pa

    if kind in "int":
        wide = np.array(values, dtype=np.int64)
        nothing = wide < 0 if kind == "n" else None
        return pa.array(wide, type=pa.int32(), mask=nothing)
    if kind == "f":
        return pa.array(np.array(values, dtype=np.float64), type=pa.float32(), from_pandas=True)
    if kind == "k":
        one_for_all = Coded(np.zeros(size, dtype=np.int32), (values,))
        words = one_for_all if isinstance(values, str) else values
        coded = words if isinstance(words, Coded) else Coded.of(words)
        names = pa.array([str(name) for name in coded.names], type=pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(coded.codes.astype(np.int32)), names)
    is_one = isinstance(values, str)
    return pa.repeat(values, size) if is_one else pa.array(values, type=pa.string())
