"""Cells of a table as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa_llm_city.core.plain_text import encodable
from mesa_llm_city.core.tables.rows import MISSING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["text_cells"]

_BLANK = MISSING | {"", "NaT"}


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
    cells, blank = column.tolist(), column.isna().tolist()
    if column.dtype == object:  # equal cells may be of different types, such as 1 and True
        return [None if none else _text(cell) for cell, none in zip(cells, blank, strict=True)]
    # Each distinct cell is read once, and equal ones are one text.
    known = dict.fromkeys(cell for cell, none in zip(cells, blank, strict=True) if not none)
    texts = {cell: _text(cell) for cell in known}
    return [None if none else texts[cell] for cell, none in zip(cells, blank, strict=True)]


def _text(cell: object) -> str | None:
    text = encodable(str(cell)).strip()
    return None if text in _BLANK else text
