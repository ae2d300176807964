"""Reading files with one edge of a graph a line."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Int

__all__ = ["read_edges"]

_BETWEEN = re.compile(r"[\s,;]+")
_COMMENTS = ("#", "%", "//")
_SHOWN = 5


def read_edges(path: Path) -> tuple[Int, int]:
    """Read the edges of a graph from a text, which may be packed by gzip.

    Parameters
    ----------
    path : Path
        One edge a line: two numbers or names, and anything behind them.

    Returns
    -------
    tuple of ndarray of int64, shape (m, 2), and int
        Edges by number of the person from 0, and the number of people. Numbers in the file keep
        their order, names get theirs as they come up.

    Raises
    ------
    DataError
        If the file cannot be read, or lines hold no edge.
    """
    pairs = [_pair(line, number) for number, line in enumerate(_lines(path), 1)]
    wrong = [f"line {one}: no two names of people" for one in pairs if isinstance(one, int)]
    if wrong:
        more = f"... and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise DataError.listing(str(path), [*wrong[:_SHOWN], *filter(None, [more])])
    names = [name for pair in pairs if isinstance(pair, tuple) for name in pair]
    known = dict.fromkeys(names)
    if all(name.isdecimal() for name in known):
        known = dict.fromkeys(sorted(known, key=int))
    row = {name: number for number, name in enumerate(known)}
    rows = np.array([row[name] for name in names], dtype=np.int64)
    return rows.reshape(-1, 2), len(row)


def _lines(path: Path) -> list[str]:
    try:
        packed = path.read_bytes()
        unpacked = gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed
        return unpacked.decode("utf-8-sig").splitlines()
    except (OSError, EOFError, zlib.error) as error:
        message = f"{path} cannot be read as a list of edges: {error}"
        raise DataError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path} is no text in UTF-8; give one edge a line"
        raise DataError(message) from error


def _pair(line: str, number: int) -> tuple[str, str] | int | None:
    """Return the two ends of an edge, None for a comment, and the line where there is none."""
    bare = line.strip()
    if not bare or bare.startswith(_COMMENTS):
        return None
    words = _BETWEEN.split(bare)
    return (words[0], words[1]) if len(words) > 1 and words[0] and words[1] else number
