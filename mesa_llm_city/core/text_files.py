"""Reading files of text and JSON that others wrote: one error says what is wrong with them."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mesa_llm_city.core.errors import DataError

__all__ = ["is_file", "is_folder", "parse_json", "read_json", "read_text"]

# Those of four bytes first, since the shorter ones are their beginnings.
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"PK\x03\x04", "a ZIP archive"),
)


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark.

    Raises
    ------
    DataError
        If there is no such file, it cannot be opened, or it is text of another encoding or
        no text at all.
    """
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        message = f"{path} cannot be read ({_reason(error)}); check the path"
        raise DataError(message) from error
    for problem in _problems(data):
        message = f"{path} is {problem}; save it as text in UTF-8"
        raise DataError(message)
    return data.decode("utf-8-sig")


def read_json(path: Path, *, finite: bool = True) -> Any:  # noqa: ANN401 - any JSON
    """Return the content of a JSON file.

    Parameters
    ----------
    path : Path
        The file.
    finite : bool, default True
        Whether the numbers NaN and Infinity, which JSON does not have, are refused.

    Raises
    ------
    DataError
        If it cannot be read, or is no JSON.
    """
    text = read_text(path)
    try:
        return parse_json(text, finite=finite)
    except ValueError as error:
        message = f"{path} cannot be read as JSON ({error}); it is truncated or of another kind"
        raise DataError(message) from error


def parse_json(text: str | bytes, *, finite: bool = True) -> Any:  # noqa: ANN401 - any JSON
    """Return the value of a JSON text.

    Raises
    ------
    ValueError
        Whatever is wrong with it, nesting too deep for the reader included.

    Examples
    --------
    >>> parse_json('{"seed": 7}')
    {'seed': 7}
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant if finite else None)
    except RecursionError:
        message = "it is nested too deeply"
        raise ValueError(message) from None


def is_file(path: Path) -> bool:
    """Tell whether a path is that of a file; also a path that no disk takes is none.

    Examples
    --------
    >>> is_file(Path("x" * 5000))
    False
    """
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Tell whether a path is that of a folder, as `is_file` does of a file."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _problems(data: bytes) -> Iterator[str]:
    """Yield why bytes are no text in UTF-8, the most telling reason first."""
    yield from (name for mark, name in _MARKS if data.startswith(mark))
    if b"\x00" in data:
        at = data.index(b"\x00")
        yield f"no text: byte {at + 1} is zero, as in UTF-16 without a mark or a damaged file"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        yield f"no UTF-8: byte 0x{data[error.start]:02x} in line {line} cannot be read"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _refuse_constant(name: str) -> float:
    message = f"{name} is no number in JSON"
    raise ValueError(message)
