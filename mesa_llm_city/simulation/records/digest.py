"""The fingerprint of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.simulation.records.ordered_rows import OrderedRows

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["digest"]

_BETWEEN = "\x1f"


def digest(frames: Mapping[str, pd.DataFrame | OrderedRows]) -> str:
    """Return a fingerprint of tables: equal tables, to a millionth, have equal ones.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame or OrderedRows
        Tables by name.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    total = blake2b(digest_size=16)
    for name, frame in frames.items():
        total.update(f"{name}:{len(frame)}".encode())
        for column, pieces in _columns(frame):
            total.update(column.encode())
            for number, piece in enumerate(pieces):
                total.update(_canonical(piece, is_first=not number))
    return total.hexdigest()


def _columns(
    frame: pd.DataFrame | OrderedRows,
) -> Iterator[tuple[str, Iterable[pd.Series[Any]]]]:
    """Yield each column with its values, in one piece or in some."""
    if isinstance(frame, OrderedRows):
        yield from ((name, frame.pieces(name)) for name in frame.names)
        return
    # Lines between places follow from the other columns.
    for column in frame.columns.drop("geometry", errors="ignore"):
        yield str(column), [frame[column]]


def _canonical(column: pd.Series[Any], *, is_first: bool) -> bytes:
    kind = column.dtype.kind
    if kind == "f":
        # Adding 0.0 turns a negative zero into the positive one.
        return (column.to_numpy(dtype=np.float64).round(6) + 0.0).tobytes()
    if kind in "iub":
        return column.to_numpy(dtype=np.int64, na_value=-1).tobytes()
    if kind == "M":
        return column.to_numpy().astype("datetime64[s]").astype(np.int64).tobytes()
    return ("" if is_first else _BETWEEN).encode() + _BETWEEN.join(column.astype(str)).encode()
