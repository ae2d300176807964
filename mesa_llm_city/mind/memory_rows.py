"""How entries of temporal memory are stored: packed rows of numbers, checked when they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.mind.memory_entry import COMPANY, WEATHERS, Circumstances, MemoryEntry

__all__ = [
    "ASPECT_FIELDS",
    "ROW_BYTES",
    "as_rows",
    "columns_of",
    "packed_entry",
    "rows_of",
    "shares",
    "unpacked_entry",
]

_ROW = np.dtype(
    [
        ("minute", "<i4"),
        ("place", "<i4"),
        ("key", "<u2"),
        ("minutes", "<u2"),
        # In hundredths; -1 for not judged.
        ("score", "i1"),
        ("price", "i1"),
        ("atmosphere", "i1"),
        ("convenience", "i1"),
        ("weather", "u1"),
        ("others", "u1"),
        # Ids of people, -1 for none.
        ("company", "<i4", (COMPANY,)),
    ]
)
_PACK = Struct("<iiHHbbbbBB" + COMPANY * "i")

ROW_BYTES = _ROW.itemsize
"""Length of an entry without its text, in bytes."""

ASPECT_FIELDS = ("price", "atmosphere", "convenience")
"""Ratings of a place in a row, besides the score."""

_UNRATED = -1
_NOBODY = -1
_NO_COMPANY = (_NOBODY,) * COMPANY
_LONGEST_MIN = 65535
_MOST_OTHERS = 255


def packed_entry(entry: MemoryEntry, code: int) -> bytes:
    """Return an entry as a row; `code` stands for its key, and its text is left out.

    Raises
    ------
    DataError
        If a score or rating is outside [0, 1], the weather is none of `WEATHERS`, or a
        length or number of people is negative.
    """
    how = entry.circumstances
    _check(how)
    known, others = _NO_COMPANY, how.others
    if how.company:
        # Whoever is known beyond the space there is counts among the others.
        known = (*how.company[:COMPANY], *_NO_COMPANY)[:COMPANY]
        others += max(len(how.company) - COMPANY, 0)
    return _PACK.pack(
        entry.minute,
        entry.place,
        code,
        min(how.minutes, _LONGEST_MIN),
        _percent(entry.score, "score"),
        _percent(how.price, "price"),
        _percent(how.atmosphere, "atmosphere"),
        _percent(how.convenience, "convenience"),
        WEATHERS.index(how.weather),
        min(others, _MOST_OTHERS),
        *known,
    )


def unpacked_entry(row: bytes, *, keys: Sequence[str], observation: str) -> MemoryEntry:
    """Return the entry of a row, with its texts."""
    minute, place, code, minutes, score, *rest = _PACK.unpack(row)
    aspects, (weather, others), known = rest[:3], rest[3:5], rest[5:]
    return MemoryEntry(
        minute,
        place,
        keys[code],
        observation,
        _share(score),
        Circumstances(
            minutes,
            tuple(one for one in known if one != _NOBODY),
            others,
            WEATHERS[weather],
            *map(_share, aspects),
        ),
    )


def as_rows(data: bytearray) -> NDArray[np.void]:
    """Return stored rows as a structured array, which is a copy."""
    return np.frombuffer(bytes(data), dtype=_ROW)


def columns_of(data: bytearray) -> dict[str, list[Any]]:
    """Return stored rows column by column, as plain numbers."""
    rows = as_rows(data)
    return {name: rows[name].tolist() for name in _ROW.names or ()}


def rows_of(columns: Mapping[str, Sequence[Any]]) -> bytearray:
    """Return the stored rows that `columns_of` has written."""
    rows = np.empty(len(columns["minute"]), dtype=_ROW)
    for name in _ROW.names or ():
        rows[name] = np.array(columns[name]).reshape(rows[name].shape)
    return bytearray(rows.tobytes())


def shares(percent: NDArray[np.int8]) -> NDArray[np.float64]:
    """Return ratings of rows in [0, 1], NaN where not judged."""
    return np.where(percent == _UNRATED, np.nan, percent / 100.0)


def _share(percent: int) -> float | None:
    return None if percent == _UNRATED else percent / 100.0


def _percent(share: float | None, name: str) -> int:
    if share is None:
        return _UNRATED
    if not 0.0 <= share <= 1.0:
        message = f"the {name} of a memory must lie in [0, 1], got {share}; None if not judged"
        raise DataError(message)
    return round(100.0 * share)


def _check(how: Circumstances) -> None:
    if how.weather not in WEATHERS:
        named = ", ".join(map(repr, WEATHERS))
        message = f"the weather of a memory must be one of {named}; got {how.weather!r}"
        raise DataError(message)
    if how.minutes < 0 or how.others < 0:
        told = f"minutes={how.minutes} and others={how.others}"
        message = f"length and number of people of a memory must be at least 0, got {told}"
        raise DataError(message)
