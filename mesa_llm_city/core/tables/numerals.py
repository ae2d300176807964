"""Numbers as people write them: 12,345 and 12 345 and 12,5 become 12345 and 12.5."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

__all__ = ["plain_numbers"]

Sign = Literal[",", "."]

_GROUP = r"[\u0020\u00a0\u202f\u2009'\u2019]"
_EXPONENT = r"(?:[eE][-+]?\d+)?"
_PLAIN = re.compile(rf"[-+]?(?:\d+\.?\d*|\.\d+){_EXPONENT}")
_COMMA_GROUPS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}(?:\.\d*)?")
_DOT_GROUPS = re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_BLANK_GROUPS = re.compile(rf"[-+]?[1-9]\d{{0,2}}(?:{_GROUP}\d{{3}})+(?:[.,]\d+)?")
_DECIMAL_COMMA = re.compile(rf"[-+]?\d*,\d+{_EXPONENT}")
_LIST = re.compile(r"\d+(?:,\d+){2,}")
_SINGLE_GROUP = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
"""One separator before three digits: either of thousands, or of decimals."""

_ODD = re.compile(r"[^-+.\w]|\..*\.|[^\x00-\x7f]")
"""What a cell must hold to be a number that Python does not read."""

_MOST = 0.5
"""Share of the filled cells that must be numbers in a column of numbers."""

_MANY_ROWS = 2000
"""Cells that are looked at to find out how a file writes decimals."""


def plain_numbers(columns: Sequence[list[str]], separator: str) -> tuple[int, int]:
    """Rewrite the numbers in the columns so that Python reads them, in place.

    Whether a comma parts thousands or decimals follows from the column, else from the other
    columns, else from the separator of the file: where that is a semicolon, the comma is that of
    decimals.

    Parameters
    ----------
    columns : sequence of list of str
        The cells; columns of text are left as they are.
    separator : str
        What separates the cells.

    Returns
    -------
    thousands, decimals : int
        How many cells had separators of thousands, and decimal commas.

    Examples
    --------
    >>> columns = [["139,7", "139,72"], ["12.345", "900"]]
    >>> plain_numbers(columns, ";")
    (1, 2)
    >>> columns
    [['139.7', '139.72'], ['12345', '900']]
    """
    odd = [column for column in columns if _is_odd(column)]
    if not odd:
        return 0, 0
    usual = _usual_sign(columns, separator)
    thousands = decimals = 0
    # A decimal comma elsewhere makes the dots of this column separators of thousands.
    for column in columns if usual == "," else odd:
        if not _is_numeric(column):
            continue
        sign = _sign(column) or usual
        for row, cell in enumerate(column):
            read = _read(cell, sign)
            if read != cell:
                column[row] = read
                is_decimal = "." in read
                decimals += is_decimal
                thousands += not is_decimal
    return thousands, decimals


def _is_odd(column: Sequence[str]) -> bool:
    """Return whether a column has numbers that Python does not read."""
    joined = "\n".join(column)
    if joined.isascii() and not any(sign in joined for sign in ",' "):
        # What is left are separators of thousands alone: 1.234.567
        return "." in joined and re.search(r"\d\.\d{3}\.\d{3}", joined) is not None
    return any(
        _ODD.search(cell) is not None and _PLAIN.fullmatch(cell) is None and _is_number(cell)
        for cell in column
    )


def _is_number(cell: str) -> bool:
    if not (cell[-1].isdigit() or cell[-1] == "."):
        return False
    text = _ascii(cell)
    return any(
        form.fullmatch(text) is not None
        for form in (_PLAIN, _COMMA_GROUPS, _DOT_GROUPS, _BLANK_GROUPS, _DECIMAL_COMMA)
    )


def _is_numeric(column: Sequence[str]) -> bool:
    """Return whether most filled cells are numbers, and none is a list such as 1,2,3."""
    filled = [cell for cell in column if cell]
    if any("," in cell and _LIST.fullmatch(cell) and not _is_number(cell) for cell in filled):
        return False
    return bool(filled) and sum(map(_is_number, filled)) >= _MOST * len(filled)


def _ascii(cell: str) -> str:
    """Return a number in ASCII: full-width digits and the true minus sign are made plain."""
    if cell.isascii():
        return cell
    import unicodedata

    text = cell.replace("\u2212", "-")
    return "".join(
        unicodedata.normalize("NFKC", one) if one not in "\u00a0\u202f\u2009\u2019" else one
        for one in text
    )


def _sign(column: Sequence[str]) -> Sign | None:
    """Return the sign of decimals that a column must have; None if it may be either or is mixed."""
    found = {sign for cell in column if cell and (sign := _sure_sign(_ascii(cell)))}
    return found.pop() if len(found) == 1 else None


def _sure_sign(cell: str) -> Sign | None:
    """Return the sign of decimals in a number, if there is only one way to read it."""
    if ("," not in cell and "." not in cell) or _SINGLE_GROUP.fullmatch(cell):
        return None
    if _DECIMAL_COMMA.fullmatch(cell):
        return ","
    if _DOT_GROUPS.fullmatch(cell):
        return ","
    if _PLAIN.fullmatch(cell) or _COMMA_GROUPS.fullmatch(cell):
        return "."
    return None


def _usual_sign(columns: Sequence[list[str]], separator: str) -> Sign:
    """Return the sign of decimals in a file: that of its sure numbers, else the likely one."""
    heads = [head for column in columns if _is_numeric(head := column[:_MANY_ROWS])]
    sure = [_sign(head) for head in heads]
    likely = [_likely_sign(head) for head in heads]
    commas, dots = sure.count(","), sure.count(".")
    if separator == ",":  # 35.661 has a decimal point there, whatever else the file holds
        dots += likely.count(".")
    if commas == dots:
        commas, dots = likely.count(","), likely.count(".")
    if commas != dots:
        return "," if commas > dots else "."
    return "," if separator == ";" else "."


def _likely_sign(column: Sequence[str]) -> Sign | None:
    """Return the sign that stands before three digits in every cell, as in coordinates.

    Among numbers with separators of thousands some are usually smaller.
    """
    filled = [_ascii(cell) for cell in column if cell]
    if not all(_SINGLE_GROUP.fullmatch(cell) for cell in filled):
        return None
    signs: tuple[Sign, ...] = (",", ".")
    return next((sign for sign in signs if all(sign in cell for cell in filled)), None)


def _read(cell: str, sign: Sign) -> str:
    """Return a number as Python writes it; anything else as it is."""
    if not cell or not _is_number(cell):
        return cell
    text = _ascii(cell)
    own = _sure_sign(text) or sign
    if _BLANK_GROUPS.fullmatch(text):
        return re.sub(_GROUP, "", text).replace(",", ".")
    if own == "," and (_DECIMAL_COMMA.fullmatch(text) or _DOT_GROUPS.fullmatch(text)):
        return text.replace(".", "").replace(",", ".")
    if own == "." and _COMMA_GROUPS.fullmatch(text):
        return text.replace(",", "")
    return text
