"""The fingerprint of tables."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["digest"]


def digest(frames: Mapping[str, pd.DataFrame]) -> str:
    """Return a fingerprint of tables: equal tables, to a millionth, have equal ones.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Tables by name.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    total = blake2b(digest_size=16)
    for name, frame in frames.items():
        total.update(f"{name}:{len(frame)}".encode())
        # Lines between places follow from the other columns.
        for column in frame.columns.drop("geometry", errors="ignore"):
            total.update(str(column).encode())
            total.update(_canonical(frame[column]))
    return total.hexdigest()


def _canonical(column: pd.Series[Any]) -> bytes:
    kind = column.dtype.kind
    if kind == "f":
        # Adding 0.0 turns a negative zero into the positive one.
        return (column.to_numpy(dtype=np.float64).round(6) + 0.0).tobytes()
    if kind in "iub":
        return column.to_numpy(dtype=np.int64, na_value=-1).tobytes()
    if kind == "M":
        return column.to_numpy().astype("datetime64[s]").astype(np.int64).tobytes()
    return "\x1f".join(column.astype(str)).encode()
