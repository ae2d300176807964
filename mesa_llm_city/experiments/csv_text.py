"""Tables as CSV that a spreadsheet can open without running what a cell says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["csv_text", "harmless"]

# Control characters, ends of lines, and marks that turn the direction of writing.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
# With these a spreadsheet begins a formula, also in their full-width forms and after blanks.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
# A column of texts; numbers, times and the rest cannot hold a formula.
_TEXT_KINDS = "OUS"


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as CSV, the texts in it made `harmless`; numbers stay as they are.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table; its index is left out.

    Examples
    --------
    >>> import pandas as pd
    >>> print(csv_text(pd.DataFrame({"name": ["=1+1", "Ada"], "change": [-1, 2]})), end="")
    name,change
    '=1+1,-1
    Ada,2
    """
    columns = {
        place: frame.iloc[:, place].map(_harmless_cell, na_action="ignore")
        for place in range(len(frame.columns))
        if _may_be_text(frame.iloc[:, place])
    }
    copied = frame.copy(deep=False)
    for place, column in columns.items():
        copied.isetitem(place, column.astype(object).to_numpy())
    text: str = copied.to_csv(index=False, header=[harmless(str(one)) for one in frame.columns])
    return text


def harmless(text: str) -> str:
    """Return a text that neither starts a formula nor controls a terminal.

    Control characters become blanks. An apostrophe is put before what a spreadsheet would take
    for a formula (OWASP, CSV Injection).

    Examples
    --------
    >>> harmless("=HYPERLINK(1)"), harmless("-3.5"), harmless("a" + chr(27) + "b")
    ("'=HYPERLINK(1)", '-3.5', 'a b')
    """
    plain = _CONTROL.sub(" ", text)
    is_formula = _FORMULA.match(plain) and not _NUMBER.fullmatch(plain.strip())
    return f"'{plain}" if is_formula else plain


def _harmless_cell(cell: object) -> object:
    return harmless(cell) if isinstance(cell, str) else cell


def _may_be_text(column: pd.Series[Any]) -> bool:
    return column.dtype == "category" or column.dtype.kind in _TEXT_KINDS
