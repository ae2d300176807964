"""JSON as language models write it: with comments, spare commas, and quotes of other kinds.

Only what has one meaning is read. An object that has no end is not completed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mesa_llm_city.core.plain_text import plain_values

__all__ = ["Found", "values_in"]

_DEEPEST = 40
_MOST_DIGITS = 300
_STRICT = json.JSONDecoder(strict=False)
_BLANK = re.compile(r"(?:\s|//[^\n]*|\#[^\n]*|/\*.*?\*/)+", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_NUMBER = re.compile(r"[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])")
_WORDS = {"true": True, "false": False, "null": None, "none": None, "nan": None, "undefined": None}
_QUOTES = {'"': '"', "'": "'", "\u201c": "\u201d", "\u2018": "\u2019"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": ""}
_HEX = re.compile(r"(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})")


class Found(NamedTuple):
    """A value in a text.

    Attributes
    ----------
    value : dict or list or None
        The value; None if the text ends within it.
    start, end : int
        Where it stands.
    """

    value: Any
    start: int
    end: int


class _NoJsonError(ValueError):
    """Here stands no JSON."""


class _NoEndError(ValueError):
    """The text ends within a value."""


def values_in(text: str) -> Iterator[Found]:
    """Yield the objects and lists in a text, from the first on, without those within others.

    Parameters
    ----------
    text : str
        Any text.

    Yields
    ------
    Found
        A value and its place. If the text ends within an object or list, or that is nested
        too deep, it is the last one, with None as its value.

    Examples
    --------
    >>> [found.value for found in values_in("So {x}, and {'a': 1, /* b */}, and [2,")]
    [{'a': 1}, None]
    """
    start = _next_bracket(text, 0)
    while start >= 0:
        try:
            value, end = _read(text, start)
        except (_NoEndError, RecursionError):
            yield Found(None, start, len(text))
            return
        except _NoJsonError:
            start = _next_bracket(text, start + 1)
        else:
            yield Found(value, start, end)
            start = _next_bracket(text, end)


def _next_bracket(text: str, start: int) -> int:
    places = [at for one in "{[" if (at := text.find(one, start)) >= 0]
    return min(places, default=-1)


def _read(text: str, start: int) -> tuple[Any, int]:
    try:
        value, end = _STRICT.raw_decode(text, start)
    except ValueError:
        reader = _Reader(text, start)
        value, end = reader.value(0), reader.at
    return plain_values(_finite(value)), end


def _finite(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value with None for numbers that JSON does not have."""
    if isinstance(value, float) and value - value != 0.0:
        return None
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return {name: _finite(one) for name, one in value.items()} if isinstance(value, dict) else value


class _Reader:
    """Reads one value from a place of a text on."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at

    def value(self, depth: int) -> Any:  # noqa: ANN401 - any JSON value
        """Read the value that begins here."""
        if depth > _DEEPEST:  # no reply is; and such texts must not take long
            raise _NoEndError
        first = self._peek()
        if first == "{":
            return self._object(depth)
        if first == "[":
            return self._list(depth)
        if first in _QUOTES:
            return self._text()
        return self._number() if first in "+-.0123456789" else self._word()

    def _object(self, depth: int) -> dict[str, Any]:
        self.at += 1
        fields: dict[str, Any] = {}
        while self._peek() != "}":
            name = self._text() if self._peek() in _QUOTES else self._match(_NAME)
            self._expect(":")
            fields[name] = self.value(depth + 1)
            self._comma("}")
        self.at += 1
        return fields

    def _list(self, depth: int) -> list[Any]:
        self.at += 1
        items: list[Any] = []
        while self._peek() != "]":
            items.append(self.value(depth + 1))
            self._comma("]")
        self.at += 1
        return items

    def _text(self) -> str:
        closing, parts = _QUOTES[self.text[self.at]], []
        self.at += 1
        while (letter := self._here()) != closing:
            self.at += 1
            parts.append(self._escaped() if letter == "\\" else letter)
        self.at += 1
        # Halves of one sign, written apart, belong together.
        return "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _escaped(self) -> str:
        letter = self._here()
        if code := _HEX.match(self.text, self.at):
            self.at = code.end()
            return chr(int(code.group()[1:], 16))
        self.at += 1
        return _ESCAPES.get(letter, letter)

    def _number(self) -> int | float:
        digits = self._match(_NUMBER).replace("_", "")
        is_whole = not set(digits) & set(".eE") and len(digits) <= _MOST_DIGITS
        return int(digits) if is_whole else float(digits)

    def _word(self) -> Any:  # noqa: ANN401 - a constant
        word = self._match(_NAME).lower()
        if word not in _WORDS:
            raise _NoJsonError
        return _WORDS[word]

    def _comma(self, closing: str) -> None:
        """Step over a comma, which may stand before the end as well."""
        if self._peek() == ",":
            self.at += 1
        elif self._peek() != closing:
            raise _NoJsonError

    def _expect(self, sign: str) -> None:
        if self._peek() != sign:
            raise _NoJsonError
        self.at += 1

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise _NoJsonError
        self.at = found.end()
        return found.group()

    def _peek(self) -> str:
        """Return the next letter that is neither blank nor part of a comment."""
        if blank := _BLANK.match(self.text, self.at):
            self.at = blank.end()
        return self._here()

    def _here(self) -> str:
        if self.at >= len(self.text):
            raise _NoEndError
        return self.text[self.at]
