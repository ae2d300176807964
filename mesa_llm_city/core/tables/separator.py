"""Finding out what separates the cells of a table."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import islice

from mesa_llm_city.core.tables.faults import fault

__all__ = [
    "HIDDEN",
    "begins_with_comments",
    "comments_blanked",
    "find_separator",
    "without_outer_quotes",
]

_SEPARATORS = (",", ";", "\t", "|")
_RARE = (":", "^", "~", "\x01", "\x1f")
_SAMPLE = 50
"""Rows at the beginning from which the separator follows."""

_SAMPLE_LENGTH = 200_000
"""Characters at the beginning that are looked at for it."""

HIDDEN = "\ufeff\u200b"
"""Characters without width that editors leave at the beginning."""

csv.field_size_limit(2**31 - 1)


def find_separator(name: str, text: str, skip: str | None) -> tuple[str, int]:
    """Return the separator, and how many lines stand above the header.

    Excel writes the separator into the first line, as ``sep=;``.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    text : str
        All of it.
    skip : str or None
        How lines begin that are comments.

    Returns
    -------
    separator : str
        ``" "`` stands for blanks and tabs.
    above : int

    Raises
    ------
    DataError
        If nothing is found that separates columns.
    """
    stated = re.match(rf"[{HIDDEN}]*\"?sep=(.)\"?[,;\t]*(\r\n|\r|\n)", text, re.IGNORECASE)
    if stated is not None:
        return stated[1], 1
    sample = text[:_SAMPLE_LENGTH]
    usual = _best(name, sample, _SEPARATORS, skip)
    if usual is not None:
        return usual, 0
    if _is_aligned(sample, skip):
        return " ", 0
    rare = _best(name, sample, _RARE, skip)
    if rare is not None:
        return rare, 0
    return _of_one_column(name, sample, skip), 0


def begins_with_comments(text: str) -> bool:
    """Return whether lines with ``#`` stand above the header, none of which is the header."""
    above = 0
    for line in islice(StringIO(text.lstrip(HIDDEN), newline=""), _SAMPLE):
        if line.startswith("#"):
            above += 1
        elif line.strip():
            width = _width(line)
            return above > 0 and width > 1 and _width(text.lstrip(HIDDEN)) != width
    return False


def comments_blanked(lines: Iterable[str], skip: str | None) -> Iterator[str]:
    """Yield the lines, blank ones in place of comments, so that lines keep their numbers."""
    if skip is None:
        return iter(lines)
    return (line if not line.startswith(skip) else "\n" for line in lines)


def without_outer_quotes(text: str) -> str:
    r"""Return the text without the quotation marks that some programs put around whole lines.

    Examples
    --------
    >>> without_outer_quotes('"id,name"\n"1,Bar"\n')
    'id,name\n1,Bar\n'
    """
    lines = [line.strip() for line in islice(StringIO(text, newline=""), _SAMPLE) if line.strip()]
    whole = re.compile(r'"(?:[^"]|"")*[,;\t|](?:[^"]|"")*"')
    if len(lines) < 2 or not all(whole.fullmatch(line) for line in lines):
        return text
    return re.sub(r'(?m)^"(.*)"\r?$', lambda line: line[1].replace('""', '"'), text)


def _width(text: str) -> int:
    """Return the number of cells of the first line, by the separator that gives most."""
    line = re.split(r"[\r\n]", text, maxsplit=1)[0]
    return max(line.count(separator) for separator in _SEPARATORS) + 1


def _best(name: str, sample: str, separators: Iterable[str], skip: str | None) -> str | None:
    """Return the separator that most rows agree on, and of those the one that gives most cells."""
    fits = {one: _fit(name, sample, one, skip) for one in separators}
    best = max(fits, key=lambda one: fits[one])
    return best if fits[best][1] > 1 else None


def _fit(name: str, sample: str, separator: str, skip: str | None) -> tuple[bool, int]:
    """Return whether most of the first rows are as long as the header, and how long that is."""
    lines = comments_blanked(StringIO(sample, newline=""), skip)
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    try:
        rows = [row for row in islice(reader, _SAMPLE) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise fault(name, f"cannot be read as CSV ({error}); save it as CSV again") from error
    width = len(rows[0]) if rows else 0
    fitting = [row for row in rows if len(row) == width or not any(row[width:])]
    return width > 1 and 2 * len(fitting) >= len(rows), width


def _is_aligned(sample: str, skip: str | None) -> bool:
    """Return whether blanks separate the columns: as many words in each of the first lines."""
    lines = islice(comments_blanked(StringIO(sample, newline=""), skip), _SAMPLE)
    widths = {len(line.split()) for line in lines if line.strip()}
    return len(widths) == 1 and min(widths) > 1


def _of_one_column(name: str, sample: str, skip: str | None) -> str:
    """Return a comma for a table of one column; refuse what has more, or nothing at all."""
    lines = comments_blanked(StringIO(sample, newline=""), skip)
    header = next((line.rstrip("\r\n") for line in lines if line.strip(f"{HIDDEN} \t\r\n")), "")
    if not header:
        raise fault(name, "has no header and no rows; give a table with a header and rows")
    if re.fullmatch(r"[\w\s.'\"-]+", header.strip(HIDDEN)):
        return ","
    first = repr(header[:80])
    raise fault(
        name,
        f"no separator was found in its first line {first}; separate the columns by commas, "
        "semicolons or tabs",
    )
