"""The file of a prompt: a header that says what it needs, then sections in a fixed order."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from mesa_llm_city.core.errors import DataError

__all__ = ["SECTIONS", "Prompt", "parse_prompt"]

SECTIONS = ("rules", "city", "place", "persona", "memories", "now")
"""Sections in their order: what more people share comes first, so that servers can reuse it."""

_REQUIRED = ("rules", "now")
_FENCE = re.compile(r"\A---\n(.*?)^---\n(.*)\Z", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^# (.*)$", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_ADVICE = "see `mesa-llm-city prompts show plan` for a prompt that is right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A prompt, as read from its file.

    Parameters
    ----------
    name : str
        Purpose of its questions, and name of its file.
    version : int
        Number that is raised with every change of its text.
    inputs : mapping
        The facts it uses, each with an example.
    reply : tuple of str
        Names of the fields of the reply; empty if any reply will do.
    temperature : float
        To sample with, in [0, 2].
    max_tokens : int
        Greatest length of the answer.
    max_prompt_tokens : int
        Length that it keeps below, however awkward the facts (see `estimated_tokens`).
    sections : mapping of str to str
        Texts with placeholders, in the order of `SECTIONS`.
    source : str
        Its file.
    digest : str
        Fingerprint of its text and the way of sampling, 16 hexadecimal digits.
    """

    name: str
    version: int
    inputs: Mapping[str, Any]
    reply: tuple[str, ...]
    temperature: float
    max_tokens: int
    max_prompt_tokens: int
    sections: Mapping[str, str]
    source: str
    digest: str

    @property
    def label(self) -> str:
        """Name and version, such as ``plan@1``."""
        return f"{self.name}@{self.version}"


def parse_prompt(text: str, *, source: str) -> Prompt:
    """Read a prompt.

    Parameters
    ----------
    text : str
        Between two lines ``---`` a header with ``name``, ``version``, ``inputs``
        (indented below it, each fact with an example in JSON), ``reply`` (the
        names of its fields, or ``any``), ``temperature``, ``max_tokens`` and
        ``max_prompt_tokens``. Then the sections that are needed of `SECTIONS`,
        each below a heading such as ``# rules``. The rules are plain text, the
        same for everybody; the others are Jinja2 templates.
    source : str
        Where it stands, for messages.

    Raises
    ------
    DataError
        Lists everything that is wrong with it.

    Examples
    --------
    >>> prompt = parse_prompt('''---
    ... name: vote
    ... version: 2
    ... inputs:
    ...   heard: [0, 1]
    ... reply: reason, choice
    ... temperature: 0.7
    ... max_tokens: 100
    ... max_prompt_tokens: 200
    ... ---
    ... # rules
    ... You vote in a simulation.
    ... # now
    ... Your neighbours voted {{ heard }}. What do you vote?
    ... ''', source="vote.md")
    >>> prompt.label, prompt.inputs["heard"]
    ('vote@2', [0, 1])
    """
    found = _FENCE.match(text.replace("\r\n", "\n").lstrip("\ufeff"))
    if found is None:
        raise DataError.listing(source, ["no header between two lines ---"], advice=_ADVICE)
    defects: list[str] = []
    header = _header(found[1], defects)
    sections = _sections(found[2], defects)
    if defects:
        raise DataError.listing(source, defects, advice=_ADVICE)
    content = [sections, header["temperature"], header["max_tokens"]]
    digest = sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]
    return Prompt(**header, sections=sections, source=source, digest=digest)


def _name(value: str) -> str:
    if _NAME.match(value) is None:
        raise ValueError
    return value


def _whole(value: str) -> int:
    if (number := int(value)) < 1:
        raise ValueError
    return number


def _warmth(value: str) -> float:
    if not 0.0 <= (number := float(value)) <= 2.0:
        raise ValueError
    return number


def _names(value: str) -> tuple[str, ...]:
    return () if value == "any" else tuple(_name(one.strip()) for one in value.split(","))


_FIELDS: Mapping[str, tuple[Callable[[str], object], str]] = MappingProxyType(
    {
        "name": (_name, "a name in small letters"),
        "version": (_whole, "a whole number of at least 1"),
        "reply": (_names, "names of fields with commas between, or `any`"),
        "temperature": (_warmth, "a number from 0 to 2"),
        "max_tokens": (_whole, "a whole number of at least 1"),
        "max_prompt_tokens": (_whole, "a whole number of at least 1"),
    }
)


def _header(text: str, defects: list[str]) -> dict[str, Any]:
    header: dict[str, Any] = {"inputs": {}}
    for line in filter(str.strip, text.splitlines()):
        key, _, value = (part.strip() for part in line.partition(":"))
        if line.startswith(" "):
            _read(header["inputs"], key, value, (json.loads, "an example in JSON"), defects)
        elif key in _FIELDS:
            _read(header, key, value, _FIELDS[key], defects)
        elif key != "inputs" or value:
            defects.append(f"header: unknown line {line!r}; known are inputs, {', '.join(_FIELDS)}")
    defects += [f"header: no {key}" for key in _FIELDS if f"\n{key}:" not in f"\n{text}"]
    return header


def _read(
    into: dict[str, Any],
    key: str,
    value: str,
    how: tuple[Callable[[str], object], str],
    defects: list[str],
) -> None:
    convert, expected = how
    try:
        into[key] = convert(value)
    except ValueError:
        defects.append(f"header: {key} must be {expected}, got {value!r}")


def _sections(text: str, defects: list[str]) -> dict[str, str]:
    sections = dict(_split(text))
    names = _HEADING.findall(text)
    unknown = [name for name in names if name not in SECTIONS]
    defects += [f"unknown section {name!r}; known are {', '.join(SECTIONS)}" for name in unknown]
    places = [SECTIONS.index(name) for name in names if name in SECTIONS]
    if any(other <= one for one, other in pairwise(places)):
        defects.append(f"sections out of order; the order is {', '.join(SECTIONS)}, each once")
    defects += [f"no section {name!r}" for name in _REQUIRED if not sections.get(name)]
    if re.search(r"\{[{%#]", sections.get("rules", "")):
        defects.append("rules hold a placeholder; they must be the same for everybody")
    return sections


def _split(text: str) -> Iterator[tuple[str, str]]:
    _, *parts = _HEADING.split(text)
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        yield name, body.strip()
