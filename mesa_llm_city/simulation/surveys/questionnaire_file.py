"""The TOML file of a questionnaire: read whole, so that all its defects are told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.simulation.surveys.question import KINDS, Option, SurveyQuestion

__all__ = ["parse_questionnaire"]

_HEAD = ("name", "title", "introduction", "source")
# What kinds of question a file can hold; a form is a class of Python.
_KINDS = tuple(kind for kind in KINDS if kind != "form")


def parse_questionnaire(
    text: str,
) -> tuple[dict[str, str], tuple[SurveyQuestion, ...], list[str]]:
    """Return the parts of a questionnaire, its questions, and all defects of the text."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, (), [f"no proper TOML: {error}"]
    defects = [
        f"unknown key {key!r}{did_you_mean(key, (*_HEAD, 'questions'))}"
        for key in content
        if key not in {*_HEAD, "questions"}
    ]
    head = {key: content[key] for key in _HEAD if key in content}
    defects += [f"{key} must be text, got {one!r}" for key, one in head.items() if not _text(one)]
    listed = content.get("questions", [])
    if not isinstance(listed, list) or not listed or not all(isinstance(q, dict) for q in listed):
        return head, (), [*defects, "there must be at least one [[questions]]"]
    made = [_question(row, given, defects) for row, given in enumerate(listed, start=1)]
    questions = tuple(one for one in made if one is not None)
    names = [str(given.get("name")) for given in listed if "name" in given]
    twice = sorted({name for name in names if names.count(name) > 1})
    defects += [f"two questions have the name {name!r}" for name in twice]
    return head, questions, defects


def _question(row: int, given: Mapping[str, Any], defects: list[str]) -> SurveyQuestion | None:
    where = f"question {row}"
    if isinstance(given.get("name"), str):
        where = f"{where} ({given['name']})"
    found = [*_unknown_keys(given), *_absent_keys(given)]
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key in _READERS:
            read, expected = _READERS[key]
            try:
                values |= read(value)
            except (TypeError, ValueError):
                found.append(f"{key} must be {expected}, got {value!r:.80}")
    if not found:
        try:
            return SurveyQuestion(**values)
        except DataError as error:
            found += error.defects
    defects += [f"{where}: {defect}" for defect in found]
    return None


def _unknown_keys(given: Mapping[str, Any]) -> Iterator[str]:
    for key in given:
        if key not in _READERS:
            yield f"unknown key {key!r}{did_you_mean(key, _READERS)}; known: {', '.join(_READERS)}"


def _absent_keys(given: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"no {key}" for key in ("name", "text", "kind") if key not in given)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _kept(key: str, kind: type) -> Callable[[Any], dict[str, Any]]:
    def read(value: object) -> dict[str, Any]:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise TypeError
        return {key: value}

    return read


def _kind(value: object) -> dict[str, Any]:
    if value not in _KINDS:
        raise ValueError
    return {"kind": value}


def _scale(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any TOML value
    low, high = value
    if not (type(low) is int and type(high) is int):
        raise TypeError
    return {"low": low, "high": high}


def _labels(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any TOML value
    return {"labels": tuple((int(point), _words(label)) for point, label in _items_of(value))}


def _options(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any TOML value
    if isinstance(value, Sequence) and not isinstance(value, str):
        listed = [Option(code, _words(label)) for code, label in enumerate(value, start=1)]
    else:
        listed = [Option(_code(code), _words(label)) for code, label in _items_of(value)]
    return {"options": tuple(listed)}


def _items(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any TOML value
    return {"items": tuple((name, _words(text)) for name, text in _items_of(value))}


def _items_of(value: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - any TOML value
    if not isinstance(value, Mapping):
        raise TypeError
    return list(value.items())


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _code(text: str) -> int | str:
    return int(text) if text.lstrip("-").isdigit() else text


_READERS: Mapping[str, tuple[Callable[[Any], dict[str, Any]], str]] = MappingProxyType(
    {
        "name": (_kept("name", str), "text"),
        "text": (_kept("text", str), "text"),
        "kind": (_kind, f"one of {', '.join(_KINDS)}"),
        "scale": (_scale, "two whole numbers, such as [0, 10]"),
        "labels": (_labels, "words by number, such as {0 = 'worst', 10 = 'best'}"),
        "options": (_options, "a list of words, or words by code"),
        "items": (_items, "words by name, such as {family = 'your family'}"),
        "most": (_kept("most", int), "a whole number"),
        "max_chars": (_kept("max_chars", int), "a whole number"),
        "shuffle": (_kept("shuffle", bool), "true or false"),
    }
)
