"""Schemas as TOML that people read and edit, with notes of what to check."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mesa_llm_city.migration.survey.schema import Schema

__all__ = ["schema_toml"]

_NO_NOTES: Mapping[str, tuple[str, ...]] = {}
_WORDING = """\
# Words for language models. Say what the reader has to know, and ask what yes answers.
# [wording.en]
# task = "You study ... Tell whether this person ..., by the single word Yes or No."
# question = "Is this person ...?"
"""


def schema_toml(schema: Schema, notes: Mapping[str, tuple[str, ...]] = _NO_NOTES) -> str:
    """Return a schema as TOML, which `read_schema` reads.

    Parameters
    ----------
    schema : Schema
        The schema.
    notes : mapping of str to tuple of str, optional
        Comments, by name of the column; ``""`` is for the outcome.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.shipped import shipped_schema
    >>> schema_toml(shipped_schema("health_insurance")).splitlines()[2:5]
    ['[outcome]', 'name = "hi"', 'positive = 1']
    """
    content = schema.to_json()
    parts = [f"format = {content['format']}\n", _table("[outcome]", content["outcome"], notes, "")]
    parts += [
        _table(f"[wording.{_key(language)}]", words, _NO_NOTES, "")
        for language, words in content["wording"].items()
    ] or [_WORDING]
    parts += [_table("[[columns]]", column, notes, column["name"]) for column in content["columns"]]
    return "\n".join(parts)


def _table(
    header: str, content: Mapping[str, Any], notes: Mapping[str, tuple[str, ...]], name: str
) -> str:
    plain = {key: value for key, value in content.items() if not isinstance(value, Mapping)}
    nested = {key: value for key, value in content.items() if isinstance(value, Mapping)}
    lines = [header, *(f"# check: {note}" for note in notes.get(name, ()))]
    lines += [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    lines += [line for key, value in nested.items() for line in _dotted(_key(key), value)]
    return "\n".join([*lines, ""])


def _dotted(path: str, content: Mapping[str, Any]) -> Iterator[str]:
    for key, value in content.items():
        place = f"{path}.{_key(key)}"
        if isinstance(value, Mapping):
            yield from _dotted(place, value)
        elif value is not None:
            yield f"{place} = {_value(value)}"


def _key(text: str) -> str:
    is_bare = text.replace("_", "").replace("-", "").isalnum() and text.isascii()
    return text if is_bare else _value(text)


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    # Texts, numbers and truth values of JSON are those of TOML, but for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
