"""Fitting a value to the form of a reply, where there is no doubt about what was meant.

A model may write ``"7/10"`` where 7 of at most 10 is asked for, ``"2. walk"`` for the second of a
list in the prompt, ``"Yes."`` for one of some words, or the whole reply within another object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mesa_llm_city.llm.loose_json import values_in

__all__ = ["fitted", "unwrapped"]

Schema = Mapping[str, Any]
Facts = Mapping[str, object]

_NUMBER = r"([+-]?\d{1,9})"
_OF = re.compile(rf"{_NUMBER}\s*(?:/|of|out of)\s*(\d{{1,9}})\.?", re.IGNORECASE)
_NUMBERED = re.compile(rf"(?:no\.?|nr\.?|number|option|choice|#)?\s*{_NUMBER}[.):]*", re.IGNORECASE)
_LISTED = re.compile(rf"{_NUMBER}(?:[.):]|\s[-\u2013])\s*([^\W\d].*)", re.DOTALL)
_BESIDE = re.compile(rf"(?:option|number|#)?\s*{_NUMBER}\s*[(\s]\s*([^\W\d].*)", re.IGNORECASE)
_MINUTES = re.compile(rf"{_NUMBER}\s*(?:min|mins|minutes?)\.?", re.IGNORECASE)
_EDGES = " \t\r\n.,;:!?*_`'\"()[]{}"
# Shorter texts have a form of their own, such as hh:mm, which half of them has not.
_LEAST_CUT = 40
_DEEPEST = 3


def fitted(value: Any, schema: Schema, facts: Facts | None = None, name: str = "") -> Any:  # noqa: ANN401 - any JSON value
    """Return a value in the form that a schema asks for, as far as it is certain.

    Parameters
    ----------
    value : JSON value
        What the model wrote.
    schema : mapping
        JSON schema without references.
    facts : mapping, optional
        What the prompt says. A whole number from 1 on may be the number of an item in a
        list of facts; then the name of the item will do as well.
    name : str, default ""
        Name of the field.

    Returns
    -------
    JSON value
        The value itself where nothing is certain; whether it is valid is not checked.

    Examples
    --------
    >>> rating = {"type": "integer", "minimum": 0, "maximum": 10}
    >>> fitted("7/10", rating), fitted("7/9", rating)
    (7, '7/9')
    """
    ways = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(ways) == 1:
        return value if value is None else fitted(value, ways[0], facts, name)
    if "enum" in schema or "const" in schema:
        return _word(value, schema.get("enum", [schema.get("const")]))
    return _typed(value, schema, facts or {}, name)


def _typed(value: Any, schema: Schema, facts: Facts, name: str) -> Any:  # noqa: ANN401 - any JSON value
    kind = schema.get("type")
    if kind == "object" and isinstance(value, dict):
        return _object(value, schema, facts)
    if kind == "array" and isinstance(value, list | dict):
        items = [value] if isinstance(value, dict) else value
        return [fitted(one, schema.get("items", {}), facts, name) for one in items]
    if kind in {"integer", "number"}:
        return _number(value, schema, facts, name)
    return _cut(value, schema) if kind == "string" and isinstance(value, str) else value


def _number(value: Any, schema: Schema, facts: Facts, name: str) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool):  # which Python takes for 0 and 1
        return str(value).lower()
    if isinstance(value, list) and len(value) == 1:
        return _number(value[0], schema, facts, name)
    return _whole(value.strip(), schema, facts, name) if isinstance(value, str) else value


def unwrapped(value: Any, depth: int = 0) -> Iterator[Any]:  # noqa: ANN401 - any JSON values
    """Yield an object, then those that it wraps: as its fields, in a list of one, as JSON text."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        whole = [*values_in(value)]
        value = whole[0].value if len(whole) == 1 else None
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    yield value
    for one in value.values():
        yield from unwrapped(one, depth + 1)


def _object(value: Mapping[str, Any], schema: Schema, facts: Facts) -> dict[str, Any]:
    """Return an object whose fields have the names of the schema, whatever their case."""
    properties = schema.get("properties", {})
    wanted = {_bare(name): name for name in properties}
    named: dict[str, Any] = {}
    for name, one in value.items():
        own = name if name in properties else wanted.get(_bare(name), name)
        if own == name or own not in value:
            named[own] = one
    return {name: fitted(one, properties.get(name, {}), facts, name) for name, one in named.items()}


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


def _word(value: Any, words: Sequence[Any]) -> Any:  # noqa: ANN401 - any JSON value
    if value in words or not isinstance(value, str):
        return value
    bare = value.strip(_EDGES).casefold()
    alike = [word for word in words if isinstance(word, str) and word.casefold() == bare]
    return alike[0] if len(alike) == 1 else value


def _cut(text: str, schema: Schema) -> str:
    """Return a text that is too long without its end; the decision does not hang on it."""
    most = schema.get("maxLength")
    if most is None or most < _LEAST_CUT or len(text) <= most:
        return text
    return f"{text[: most - 1].rstrip()}\u2026"


def _whole(text: str, schema: Schema, facts: Facts, name: str) -> int | str:
    """Return the whole number in a text, or the text."""
    most = schema.get("maximum")
    numbered = schema.get("minimum") == 1 or name == "choice"
    items = _items(most, facts) if numbered else ()
    if found := _OF.fullmatch(text):
        # "2/10" of three numbered items can only be the second; of a scale it must be the scale's.
        is_certain = int(found.group(2)) == most or bool(items)
        return int(found.group(1)) if is_certain else text
    if found := _NUMBERED.fullmatch(text) or (
        _MINUTES.fullmatch(text) if name == "minutes" else None
    ):
        return int(found.group(1))
    if found := _LISTED.fullmatch(text) or (_BESIDE.fullmatch(text) if items else None):
        number = int(found.group(1))
        # A number and a name that contradict each other decide nothing.
        return number if _item_named(found.group(2), items) in {None, number} else text
    return _item_named(text, items) or text


def _items(most: object, facts: Facts) -> Sequence[frozenset[str]]:
    """Return the names of each item of the only list of facts that has so many."""
    lists = [one for one in facts.values() if isinstance(one, list | tuple) and len(one) == most]
    return [_names(item) for item in lists[0]] if len(lists) == 1 else ()


def _names(item: object) -> frozenset[str]:
    names = item.values() if isinstance(item, Mapping) else (item,)
    return frozenset(one.strip(_EDGES).casefold() for one in names if isinstance(one, str))


def _item_named(text: str, items: Sequence[frozenset[str]]) -> int | None:
    """Return the number of the only item that is called so."""
    bare = text.strip(_EDGES).casefold()
    called = [number for number, names in enumerate(items, 1) if bare in names]
    return called[0] if len(called) == 1 else None
