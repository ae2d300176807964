"""From bytes to text: UTF-8, UTF-16, and what Japanese and Western systems wrote before."""

from __future__ import annotations

import codecs
import re

from mesa_llm_city.core.tables.faults import fault

__all__ = ["decoded"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHIFTS = re.compile(rb"\x1b(?:\$[@AB]|\$\([A-D]|\$\)[A-G]|\([IJ])")
"""Escape sequences after which bytes of ASCII stand for East Asian letters (ISO 2022)."""

_KOREAN = b"\x1b$)C"
_SHIFTED = (
    ("iso2022_jp_ext", "Japanese ISO-2022-JP (JIS)"),
    ("iso2022_jp_2", "ISO-2022-JP-2"),
)
_SAVE = "save it as UTF-8 (in Excel: 'CSV UTF-8')"
_SAMPLE = 1 << 20
"""Bytes from which an encoding is guessed."""

_JAPANESE_LEADS = frozenset(b"\x82\x83\x88\x89\x8b\x8d\x8f\x90\x98")
"""First bytes of kana and of many common kanji in cp932 that Windows-1252 hardly uses."""

_JAPANESE_SHARE = 0.2
"""Share of pairs that must begin so to be taken for cp932. An assumption."""

_LONGEST_WESTERN_RUN = 1.5
"""Mean number of letters beyond ASCII in a row; in Western words they stand
alone. An assumption."""


def decoded(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, and a note where its encoding was guessed.

    Raises
    ------
    DataError
        If the encoding is none of those that are read, or the file is damaged.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(name, data[len(mark) :], encoding), ()
    wide = _without_mark(data)
    if wide is not None:
        return _strict(name, data, wide), (
            f"has no byte order mark and was read as {wide.upper()}",
        )
    if b"\x00" in data:
        line = data.count(b"\n", 0, data.index(b"\x00")) + 1
        raise fault(
            name, f"holds NUL characters, the first in line {line}; it is damaged or binary"
        )
    if _SHIFTS.search(data):
        return _shifted(name, data)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        return _guessed(name, data, error)


def _strict(name: str, data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"says it is {encoding.upper()}, but is not from line {line} on; {_SAVE}"
        raise fault(name, message) from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise fault(name, f"holds NUL characters, the first in line {line}; it is damaged")
    return text


def _without_mark(data: bytes) -> str | None:
    """Return the kind of UTF-16 without a byte order mark, if every other byte is mostly zero."""
    head = data[:4096]
    if len(head) < 4 or len(head) % 2 or b"\x00" not in head:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if even == 0 and odd > 0.6 * half:
        return "utf-16-le"
    return "utf-16-be" if odd == 0 and even > 0.6 * half else None


def _shifted(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return text of 7 bits whose escape sequences change the meaning of the bytes after them."""
    korean = (("iso2022_kr", "Korean ISO-2022-KR"),)
    for encoding, title in korean if _KOREAN in data else _SHIFTED:
        try:
            return data.decode(encoding), (f"was read as {title}",)
        except UnicodeDecodeError:
            continue
    raise fault(name, f"is East Asian text with escape sequences (ISO 2022), or damaged; {_SAVE}")


def _guessed(name: str, data: bytes, error: UnicodeDecodeError) -> tuple[str, tuple[str, ...]]:
    """Return text in an older encoding."""
    line = data.count(b"\n", 0, error.start) + 1
    if _is_damaged_utf8(data):
        raise fault(name, f"is UTF-8, but line {line} is damaged there; {_SAVE}") from error
    for encoding, title, fits in (
        ("cp932", "Japanese cp932 (Shift JIS)", _is_japanese),
        ("cp1252", "Windows-1252 (Latin-1)", _is_western),
    ):
        if fits(data[:_SAMPLE] if len(data) > _SAMPLE else data):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            return text, (f"is not UTF-8 (line {line}) and was read as {title}",)
    raise fault(
        name,
        f"is not UTF-8 (line {line}), nor Japanese cp932 or Windows-1252 (Latin-1); {_SAVE}",
    ) from error


def _is_damaged_utf8(data: bytes) -> bool:
    """Return whether most of what is beyond ASCII is UTF-8."""
    text = data[:_SAMPLE].decode("utf-8", errors="replace")
    broken = text.count("�")
    whole = len(re.findall(r"[^\x00-\x7f�]", text))
    return whole > 2 * broken


def _is_japanese(data: bytes) -> bool:
    pairs = re.findall(rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]", data)
    sure = [pair for pair in pairs if pair[0] in _JAPANESE_LEADS]
    return bool(sure) and len(sure) >= _JAPANESE_SHARE * len(pairs)


def _is_western(data: bytes) -> bool:
    runs = re.findall(rb"[\x80-\xff]+", data)
    return sum(map(len, runs)) <= _LONGEST_WESTERN_RUN * len(runs)
