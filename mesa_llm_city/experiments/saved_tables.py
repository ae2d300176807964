"""The tables of a run that are read again, checked: files may be truncated, changed or mixed up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments.table_parts import has_table, read_parquet, table_path
from mesa_llm_city.simulation.records import COLUMNS, MIND_COLUMNS

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

__all__ = ["read_map", "read_table"]

_CALLS = MappingProxyType(
    {
        **dict.fromkeys(("sample", "purpose", "prompt", "model", "source", "error"), "s"),
        **dict.fromkeys(("minute", "turn", "attempt", "tries"), "i"),
        **dict.fromkeys(("prompt_tokens", "cached_tokens", "completion_tokens"), "n"),
        **dict.fromkeys(("latency_s", "cost_usd"), "f"),
        **dict.fromkeys(("valid", "repaired"), "b"),
    }
)
_PEOPLE = MappingProxyType(
    {
        **dict.fromkeys(("id", "age", "household_id", "household_size", "home_place"), "i"),
        **dict.fromkeys(("name", "gender", "occupation", "education", "household_role"), "s"),
        **dict.fromkeys(("openness", "conscientiousness", "extraversion"), "f"),
        **dict.fromkeys(("agreeableness", "neuroticism", "income"), "f"),
        **dict.fromkeys(("has_car", "has_bicycle", "has_licence"), "b"),
        "hobbies": "s",
        "work_place": "n",
    }
)
_SPELLS = MappingProxyType(
    {
        **dict.fromkeys(("person", "age", "household", "size", "home"), "i"),
        **dict.fromkeys(("role", "occupation"), "s"),
        "from": "t",
        "until": "u",
        "work": "n",
    }
)
_HOURLY = MappingProxyType(
    {
        "hourly_activity": MappingProxyType(
            {"time": "t", "zone": "i", "zone_name": "s", "purpose": "k", "person_min": "i"}
        ),
        "hourly_modes": MappingProxyType({"time": "t", "mode": "k", "trips": "i"}),
        "zone_flows": MappingProxyType(
            {
                **dict.fromkeys(("origin", "destination", "trips"), "i"),
                **dict.fromkeys(("origin_name", "destination_name"), "s"),
                "time": "t",
            }
        ),
    }
)
_PLACES = MappingProxyType(dict.fromkeys(("name", "category", "purposes", "zone"), "s"))
_BASE_MAP = MappingProxyType(dict.fromkeys(("kind", "name"), "s"))
_KNOWN: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        **COLUMNS,
        **MIND_COLUMNS,
        "needs": MappingProxyType({"person": "i", "time": "t"}),
        "calls": _CALLS,
        "people": _PEOPLE,
        **_HOURLY,
        "spells": _SPELLS,
        "places": _PLACES,
        "base_map": _BASE_MAP,
    }
)
_WORDS = MappingProxyType(
    {
        "i": "whole numbers",
        "n": "whole numbers, or nothing",
        "f": "numbers",
        "t": "times",
        "u": "times, or nothing",
        "k": "words",
        "s": "texts",
        "b": "true or false",
    }
)


def read_table(
    folder: Path, name: str, columns: Sequence[str] | None = None, *, person: int | None = None
) -> pd.DataFrame:
    """Return one table of a run, be it a file or a folder of parts.

    Parameters
    ----------
    folder : Path
        Folder of the run.
    name : str
        Name of the table, such as ``trips``.
    columns : sequence of str, optional
        Only these columns are read and checked; all by default.
    person : int, optional
        Only the rows of this person, for which only parts of the files are read.

    Raises
    ------
    DataError
        If a file is missing, damaged, or has not the columns of that table.

    Notes
    -----
    Geometry is left out; `read_map` reads it.
    """
    file = _file(folder, name)
    try:
        frame = _read(file, columns, person)
    except Exception as error:
        raise _unreadable(file, error) from error
    return _checked(file, name, frame, columns)


def _read(file: Path, columns: Sequence[str] | None, person: int | None) -> pd.DataFrame:
    import pandas as pd

    if columns is None and person is None and not file.is_dir():
        return pd.read_parquet(file).drop(columns="geometry", errors="ignore")
    return read_parquet(file, columns, person=person)


def read_map(folder: Path, name: str) -> GeoDataFrame:
    """Return one table of a run with its geometry.

    Raises
    ------
    DataError
        As `read_table`; or if a geometry is missing or without coordinates.
    """
    import geopandas as gpd
    import shapely

    file = _file(folder, name)
    try:
        frame = gpd.read_parquet(file)
        shapes = frame.geometry.to_numpy()
        is_bad = shapely.is_missing(shapes) | shapely.is_empty(shapes)
        is_finite = bool(np.isfinite(shapely.get_coordinates(shapes)).all())
    except Exception as error:
        raise _unreadable(file, error) from error
    if is_bad.any() or not is_finite:
        raise _defective(file, [f"{int(is_bad.sum()) or 'some'} shapes have no coordinates"])
    _checked(file, name, frame)
    return frame


def _file(folder: Path, name: str) -> Path:
    if not has_table(folder, name):
        defects = [f"{name}.parquet is missing; run it again with --force"]
        source = str(folder)
        raise DataError.listing(source, defects)
    return table_path(folder, name)


def _checked(
    file: Path, name: str, frame: pd.DataFrame, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    known = _KNOWN[name]
    if columns is not None:
        known = {one: kind for one, kind in known.items() if one in columns}
    try:
        defects = [*_defects(frame, known)]
    except ValueError as error:  # texts that are no UTF-8, which are decoded when they are read
        raise _unreadable(file, error) from error
    if defects:
        raise _defective(file, defects)
    return frame


def _defects(frame: pd.DataFrame, columns: Mapping[str, str]) -> Iterator[str]:
    if missing := [name for name in columns if name not in frame.columns]:
        yield f"it has no column {', '.join(missing)}"
    for name, kind in columns.items():
        if name in frame.columns and not (len(frame) == 0 or _holds(frame[name], kind)):
            yield f"column {name} must hold {_WORDS[kind]}, it holds {frame[name].dtype}"


def _holds(column: pd.Series[Any], kind: str) -> bool:
    """Tell whether a column holds what its kind promises; empty cells only where they may be."""
    import pandas as pd

    if kind in {"k", "s"}:
        known = column.dropna()
        return _is_text(known) and (kind == "s" or len(known) == len(column))
    if kind not in {"n", "f", "u"} and bool(column.isna().any()):
        return False
    types = pd.api.types
    if kind in {"t", "u"}:
        return types.is_datetime64_dtype(column.dtype)
    if kind == "b":
        return types.is_bool_dtype(column.dtype)
    if kind == "f":
        return types.is_numeric_dtype(column.dtype) and not types.is_bool_dtype(column.dtype)
    return types.is_integer_dtype(column.dtype) or (kind == "n" and _are_whole(column))


def _are_whole(column: pd.Series[Any]) -> bool:
    """Tell whether numbers are whole; some may be missing, as other programs write them."""
    import pandas as pd

    if not pd.api.types.is_float_dtype(column.dtype):
        return False
    return bool((column.dropna() % 1.0 == 0.0).all())


def _is_text(column: pd.Series[Any]) -> bool:
    import pandas as pd
    import pyarrow as pa

    values = column.cat.categories if column.dtype == "category" else column
    if isinstance(values.dtype, pd.StringDtype):
        pa.chunked_array(pa.array(values)).validate(full=True)
        return True
    return all(isinstance(one, str) for one in values)


def _unreadable(file: Path, error: Exception) -> DataError:
    reason = " ".join(str(error).split())[:200]
    message = (
        f"{file} cannot be read ({reason}); it is truncated or damaged: copy the folder again, "
        "or run it again with --force"
    )
    return DataError(message)


def _defective(file: Path, defects: list[str]) -> DataError:
    advice = "It was changed, or belongs to another run; copy the folder again."
    return DataError.listing(str(file), defects, advice=advice)
