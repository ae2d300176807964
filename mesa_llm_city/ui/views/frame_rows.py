"""Rows of a table, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["rows_of"]


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """Return the rows of a table as named tuples; what a cell holds is known by who reads it.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table.
    """
    yield from frame.itertuples(index=False)
