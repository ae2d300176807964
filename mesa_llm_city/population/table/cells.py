"""Cells of a table as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["text_cells"]

_BLANK = frozenset(("", "NA", "N/A", "NaN", "nan", "<NA>", "NULL", "null", "NaT"))


def text_cells(column: pd.Series) -> list[str | None]:
    r"""Return cells as stripped text, None for blank ones.

    Examples
    --------
    >>> import pandas as pd
    >>> text_cells(pd.Series([" a ", None, "NULL", "none"]))
    ['a', None, None, 'none']
    >>> text_cells(pd.Series(["a\ud800"], dtype=object))
    ['a?']
    """
    texts = [_valid(str(cell)).strip() for cell in column.tolist()]
    blank = column.isna().tolist()
    return [
        None if none or text in _BLANK else text for text, none in zip(texts, blank, strict=True)
    ]


def _valid(text: str) -> str:
    """Return text without halves of characters, which could not be written to a file."""
    return text.encode("utf-8", "replace").decode("utf-8")
