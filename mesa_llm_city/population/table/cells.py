"""Cells of a table as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["text_cells"]

_BLANK = ["", "NA", "N/A", "NaN", "nan", "<NA>", "NULL", "null", "NaT"]


def text_cells(column: pd.Series) -> list[str | None]:
    """Return cells as stripped text, None for blank ones.

    Examples
    --------
    >>> import pandas as pd
    >>> text_cells(pd.Series([" a ", None, "NULL", "none"]))
    ['a', None, None, 'none']
    """
    stripped = column.astype("str").str.strip()
    blank = column.isna() | stripped.isin(_BLANK)
    return [None if none else text for text, none in zip(stripped, blank, strict=True)]
