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
    texts = [encodable(str(cell)).strip() for cell in column.tolist()]
    blank = column.isna().tolist()
    return [
        None if none or text in _BLANK else text for text, none in zip(texts, blank, strict=True)
    ]
