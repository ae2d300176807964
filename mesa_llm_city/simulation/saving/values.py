"""States as files: JSON, with arrays and tables in files of their own beside it. No pickle."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from mesa_llm_city.core.errors import CityError, DataError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Tree", "from_files", "plain_text", "to_files"]

Tree: TypeAlias = Any
"""JSON-able values, in which NumPy arrays and Arrow tables may stand."""

_ARRAY, _TABLE = "$array", "$table"
_COMPRESSION = "zstd"
_ODD = re.compile(r"[^\w.]", re.ASCII)


def to_files(name: str, tree: Tree) -> dict[str, bytes]:
    """Return the contents of the files that hold a state, by their names.

    Parameters
    ----------
    name : str
        Name of the state: ``NAME.json`` has its values, ``NAME.npz`` its arrays, and
        ``NAME.KEY.parquet`` its tables, by the keys under which they stand.
    tree : Tree
        The state.

    Raises
    ------
    CityError
        If something else than plain values, arrays and tables is in it.

    Examples
    --------
    >>> files = to_files("skims", {"detour": np.ones((2, 2)), "zones": 2})
    >>> sorted(files), files["skims.json"]
    (['skims.json', 'skims.npz'], b'{"detour":{"$array":"detour"},"zones":2}')
    >>> from_files("skims", files)["detour"].tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    tables: dict[str, pa.Table] = {}
    text = plain_text(_split(tree, arrays, tables), name)
    files = {f"{name}.json": text.encode()}
    if arrays:
        files[f"{name}.npz"] = _packed(arrays)
    return files | {f"{name}.{one}.parquet": _written(table) for one, table in tables.items()}


def from_files(name: str, files: Mapping[str, bytes]) -> Tree:
    """Return the state that `to_files` has written.

    Raises
    ------
    DataError
        If one of its files is missing or is none of that kind.
    """
    try:
        values = json.loads(files[f"{name}.json"])
        arrays = _unpacked(files.get(f"{name}.npz", b""))
        return _joined(values, lambda one: arrays[one], lambda one: _read(files, name, one))
    except (KeyError, ValueError, OSError) as error:
        message = f"the part {name!r} cannot be read ({error}); use another save"
        raise DataError(message) from error


def plain_text(value: object, where: str) -> str:
    """Return plain values as JSON, without spaces.

    Parameters
    ----------
    value : object
        The values.
    where : str
        What they are, for the message.

    Raises
    ------
    CityError
        If they are not JSON-able.
    """
    try:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    except (TypeError, ValueError) as error:
        message = (
            f"{where} cannot be saved: {error}; let state() return numbers, texts, lists and "
            "dictionaries with texts as keys"
        )
        raise CityError(message) from error


def _split(
    tree: Tree, arrays: dict[str, Any], tables: dict[str, Any], path: tuple[str, ...] = ()
) -> Tree:
    """Return a tree in which arrays and tables are replaced by their names: their paths."""
    if isinstance(tree, np.ndarray):
        return {_ARRAY: _kept(arrays, path, tree)}
    if hasattr(tree, "num_rows"):
        return {_TABLE: _kept(tables, path, tree)}
    if isinstance(tree, Mapping):
        return {key: _split(one, arrays, tables, (*path, str(key))) for key, one in tree.items()}
    if isinstance(tree, list | tuple):
        rows = enumerate(tree)
        return [_split(one, arrays, tables, (*path, str(row))) for row, one in rows]
    return tree


def _kept(found: dict[str, Any], path: tuple[str, ...], thing: object) -> str:
    """Keep something under its path, without what a file system might not take; return that."""
    name = _ODD.sub("_", ".".join(path)) or "all"
    free = name if name not in found else f"{name}_{len(found)}"
    found[free] = thing
    return free


def _joined(tree: Tree, array: Callable[[str], Any], table: Callable[[str], Any]) -> Tree:
    """Put arrays and tables back in their places."""
    if isinstance(tree, dict):
        if len(tree) == 1 and (name := tree.get(_ARRAY)) is not None:
            return array(name)
        if len(tree) == 1 and (name := tree.get(_TABLE)) is not None:
            return table(name)
        return {key: _joined(value, array, table) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_joined(value, array, table) for value in tree]
    return tree


def _packed(arrays: Mapping[str, np.ndarray[Any, Any]]) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def _unpacked(data: bytes) -> dict[str, np.ndarray[Any, Any]]:
    if not data:
        return {}
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return dict(arrays)


def _written(table: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(table, stream, compression=_COMPRESSION)
    return stream.getvalue()


def _read(files: Mapping[str, bytes], name: str, table: str) -> pa.Table:
    import pyarrow.parquet as pq

    return pq.read_table(io.BytesIO(files[f"{name}.{table}.parquet"]))
