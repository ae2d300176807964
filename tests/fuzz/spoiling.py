"""Ways to spoil files: their bytes, the words of a text, the values of JSON, the cells of a table.

Each function takes a random generator, so that a test and a benchmark draw from the same ways.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd

WORDS: tuple[str, ...] = (
    *("", " ", "x", "NaN", "inf", "-inf", "null", "true", "-1", "0", "1e400", "-1e308", "1e-320"),
    *("9" * 400, "9" * 5000, "9223372036854775808", "0x10", "1_000", "12,345", "12.5.1", "١٢", "½"),
    *(
        "\x00",
        "\x1b[31m",
        "\ufeff",
        "\u202eabc",
        "é",
        "東京",
        "=1+1",
        "'",
        '"',
        "[",
        "{",
        "\\",
        "\n",
    ),
    *("2024-13-45", "0001-01-01", "9999-12-31", "../../etc", "a/" * 3000, "x" * 300, "%s {0} {x}"),
)
"""Words that stand where another was."""

VALUES: tuple[object, ...] = (
    *(None, True, False, "", "x", "9" * 400, "\x00", "\ud800", "=1+1", "a" * 5000),
    *(-1, 0, 1, 7, 2**31, 2**63, -(2**70), 10**400, 0.5, -0.0, 1e308, 1e-320),
    *(float("nan"), float("inf"), float("-inf"), [], {}, [[]], [1], ["x", None], {"": None}),
)
"""Values that stand where another was in JSON, or in the cell of a table."""

# Lists and tables stand in no cell, and pandas itself makes no table with lone surrogates.
_CELLS = tuple(one for one in VALUES if not isinstance(one, list | dict) and one != "\ud800")
_TOKEN = re.compile(r"[\w.+-]+")


def spoil_bytes(data: bytes, random: Random) -> bytes:
    """Return other bytes, as transfers, editors and disks leave them."""
    return random.choice(_OF_BYTES)(data, random)


def spoil_words(text: str, random: Random) -> str:
    """Return a text in which one to three words are others."""
    for _ in range(random.randint(1, 3)):
        found = list(_TOKEN.finditer(text))
        if not found:
            return text + random.choice(WORDS)
        one = random.choice(found)
        text = text[: one.start()] + random.choice(WORDS) + text[one.end() :]
    return text


def spoil_json(content: Any, random: Random) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON in which a value somewhere is another, or a key is lacking or added."""
    content = json.loads(json.dumps(content))
    places = list(_places(content))
    if not places:
        return random.choice(VALUES)
    holder, key = random.choice(places)
    kind = random.randrange(6)
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, dict):
        holder[random.choice(WORDS)] = holder[key]
    else:
        holder[key] = random.choice(VALUES)
    return content


def spoil_frame(frame: pd.DataFrame, random: Random) -> pd.DataFrame:
    """Return a table with other cells, columns or rows."""
    return random.choice(_OF_FRAMES)(frame.copy(), random)


def spoil_file(path: Path, random: Random) -> None:
    """Spoil the bytes of a file, or the words of one that is text."""
    data = path.read_bytes()
    if random.random() < 0.5:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            path.write_bytes(spoil_words(text, random).encode("utf-8", "replace"))
            return
    path.write_bytes(spoil_bytes(data, random))


def spoil_arrays(
    arrays: dict[str, np.ndarray[Any, Any]], random: Random
) -> dict[str, np.ndarray[Any, Any]]:
    """Return arrays of which one has other values, another shape or another type."""
    name = random.choice(sorted(arrays))
    one = arrays[name].copy()
    kind = random.randrange(7)
    if kind == 0:
        del arrays[name]
        return arrays
    if kind == 1:
        one = one.reshape(-1)[:-1]
    elif kind == 2:
        one = one.astype(random.choice(["float32", "int64", "complex128", "U8", "bool"]))
    elif kind == 3:
        one = one[None]
    elif kind == 4:
        one = np.zeros((0, *one.shape[1:]), dtype=one.dtype)
    elif one.size:
        flat = one.reshape(-1)
        fitting = [np.nan, np.inf, -np.inf] if one.dtype.kind == "f" else [-1, 2**30, 10**6]
        flat[random.randrange(flat.size)] = random.choice(fitting)
    return {**arrays, name: one}


def _places(content: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - any JSON
    keys: Sequence[Any] = (
        list(content)
        if isinstance(content, dict)
        else range(len(content))
        if isinstance(content, list)
        else ()
    )
    return [(content, key) for key in keys] + [
        place for key in keys for place in _places(content[key])
    ]


def _flipped(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randint(1, 8) if changed else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _with(middle: bytes) -> Callable[[bytes, Random], bytes]:
    def insert(data: bytes, random: Random) -> bytes:
        at = random.randrange(len(data) + 1)
        return data[:at] + middle + data[at:]

    return insert


def _recoded(encoding: str) -> Callable[[bytes, Random], bytes]:
    def recode(data: bytes, _: Random) -> bytes:
        return data.decode("utf-8", "replace").encode(encoding, "replace")

    return recode


def _always(content: bytes) -> Callable[[bytes, Random], bytes]:
    return lambda _, __: content


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _zeroed(data: bytes, random: Random) -> bytes:
    # What a crash of the machine leaves: the length is there, the content is not.
    at = random.randrange(len(data) + 1)
    return data[:at] + bytes(len(data) - at)


_OF_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _cut,
    _cut,
    _zeroed,
    _flipped,
    _flipped,
    _with(b"\x00" * 3),
    _with(b"\xe9\xff"),
    _with(b"\xed\xa0\x80"),
    _with(b"[" * 50_000),
    _with(b"x" * 200_000),
    _recoded("utf-16"),
    _recoded("utf-8-sig"),
    _recoded("utf-32"),
    _recoded("latin-1"),
    lambda data, _: data[:0],
    lambda _, random: random.randbytes(random.randrange(200)),
    lambda data, _: gzip.compress(data),
    lambda data, _: data + data,
    lambda data, _: data.replace(b"\n", b"\r"),
    _always(b"<!DOCTYPE html><html><body>404 Not Found</body></html>"),
    _always(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
)


def _other_cells(frame: pd.DataFrame, random: Random) -> pd.DataFrame:
    if not frame.size:
        return frame
    name = random.choice(list(frame.columns))
    column = frame[name].astype(object)
    for _ in range(random.randint(1, 3)):
        column.iloc[random.randrange(len(column))] = random.choice(_CELLS)
    return frame.assign(**{name: column})


def _other_column(frame: pd.DataFrame, random: Random) -> pd.DataFrame:
    if not len(frame.columns):
        return frame
    value = random.choice(_CELLS)
    frame[random.choice(list(frame.columns))] = [value] * len(frame)
    return frame


def _without_column(frame: pd.DataFrame, random: Random) -> pd.DataFrame:
    return frame.drop(columns=[random.choice(list(frame.columns))]) if frame.size else frame


def _renamed_column(frame: pd.DataFrame, random: Random) -> pd.DataFrame:
    names = list(frame.columns)
    if names:
        other = random.choice([*WORDS[:30], *map(str, names)])
        names[random.randrange(len(names))] = other
    frame.columns = pd.Index(names)
    return frame


_OF_FRAMES: tuple[Callable[[pd.DataFrame, Random], pd.DataFrame], ...] = (
    _other_cells,
    _other_cells,
    _other_cells,
    _other_column,
    _without_column,
    _renamed_column,
    lambda frame, _: frame.iloc[:0],
    lambda frame, random: frame.iloc[: random.randrange(len(frame) + 1)],
    lambda frame, _: frame.iloc[::-1].reset_index(drop=True),
    lambda frame, _: pd.concat([frame, frame], ignore_index=True),
    lambda frame, _: frame.astype(object).map(str),
)
