"""Grammars: the form of a reply as llama.cpp enforces it, compact and with nothing to spare.

A server that turns a JSON schema into a grammar by itself allows any white space between
the parts, which small models fill with line breaks until their tokens are spent; and it
keeps the limits of whole numbers only. The grammars made here allow one way to write a
reply: no white space, properties in their order, texts and lists no longer than they may be.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from mesa_llm_city.core.errors import ConfigError

__all__ = ["grammar_of"]

_RULES = r"""
character ::= [^"\\\x00-\x1F\x7F] | "\\" ["\\/bfnrt]
number ::= "-"? ("0" | [1-9] [0-9]{0,8}) ("." [0-9]{1,17})?
whole ::= "-"? ("0" | [1-9] [0-9]{0,8})
""".strip()


def grammar_of(schema: Mapping[str, Any]) -> str:
    r"""Return the GBNF grammar of a schema that `reply_schema.schema_of` made.

    Parameters
    ----------
    schema : mapping
        JSON schema without references, each text and list of a greatest length.

    Returns
    -------
    str
        The grammar. Limits of whole numbers hold if there are both; those of other
        numbers are left to the check of the reply.

    Raises
    ------
    ConfigError
        If the schema says something that a grammar cannot.

    Examples
    --------
    >>> vote = {"type": "integer", "minimum": 1, "maximum": 3}
    >>> schema = {"type": "object", "properties": {"vote": vote}}
    >>> print(grammar_of(schema).partition(chr(10))[0])
    root ::= "{" "\"vote\":" [1-3] "}"
    """
    return f"root ::= {_rule(schema)}\n{_RULES}\n"


def _rule(schema: Mapping[str, Any]) -> str:
    """Return what matches a value of the schema, as one item of a rule."""
    if "const" in schema or "enum" in schema:
        return _any_of(map(_literal, schema.get("enum", [schema.get("const")])))
    if "anyOf" in schema:
        return _any_of(map(_rule, schema["anyOf"]))
    if (make := _BY_TYPE.get(schema.get("type", ""))) is not None:
        return make(schema)
    message = f"no grammar can be made of {dict(schema)}; give the reply plainer fields"
    raise ConfigError(message)


def _object(schema: Mapping[str, Any]) -> str:
    if "properties" not in schema:
        message = f"no grammar can be made of {dict(schema)}; name the fields of the object"
        raise ConfigError(message)
    fields = [f"{_quoted(json.dumps(name) + ':')} {_rule(one)}" for name, one in _fields(schema)]
    return " ".join(['"{"', ' "," '.join(fields), '"}"']) if fields else '"{}"'


def _fields(schema: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return list(schema["properties"].items())


def _array(schema: Mapping[str, Any]) -> str:
    if "prefixItems" in schema:
        items = [_rule(one) for one in schema["prefixItems"]]
        return " ".join(['"["', ' "," '.join(items), '"]"'])
    item, least, most = _rule(schema["items"]), schema.get("minItems", 0), schema["maxItems"]
    if most == 0:
        return '"[]"'
    more = f'({item} ("," {item}){{{max(least - 1, 0)},{most - 1}}})'
    return f'"[" {more if least else more + "?"} "]"'


def _text(schema: Mapping[str, Any]) -> str:
    return rf'"\"" character{{{schema.get("minLength", 0)},{schema["maxLength"]}}} "\""'


def _whole(schema: Mapping[str, Any]) -> str:
    least, most = _bounds(schema)
    if least is None or most is None:
        return "whole"
    ways = [f'"-" {one}' for one in _digits(max(1, -most), -least)]
    return _any_of([*ways, *_digits(max(0, least), most)])


def _digits(least: int, most: int) -> Iterator[str]:
    """Yield what matches the numbers from `least` to `most`, both at least 0, by length."""
    for length in range(len(str(max(least, 0))), len(str(most)) + 1 if most >= least else 0):
        low = max(least, 10 ** (length - 1) if length > 1 else 0)
        yield _between(str(low), str(min(most, 10**length - 1)))


def _between(low: str, high: str) -> str:
    """Return what matches the numbers between two of the same length."""
    if low == high:
        return f'"{low}"' if low else ""
    if len(low) == 1:
        return f"[{low}-{high}]"
    if low[0] == high[0]:
        return f'"{low[0]}" {_between(low[1:], high[1:])}'
    rest = len(low) - 1
    ways = [f'"{low[0]}" {_between(low[1:], "9" * rest)}']
    if int(high[0]) - int(low[0]) > 1:
        ways.append(f"[{int(low[0]) + 1}-{int(high[0]) - 1}] [0-9]{{{rest}}}")
    ways.append(f'"{high[0]}" {_between("0" * rest, high[1:])}')
    return _any_of(ways)


def _bounds(schema: Mapping[str, Any]) -> tuple[int | None, int | None]:
    least, most = schema.get("minimum"), schema.get("maximum")
    if "exclusiveMinimum" in schema:
        least = schema["exclusiveMinimum"] + 1
    if "exclusiveMaximum" in schema:
        most = schema["exclusiveMaximum"] - 1
    return least, most


def _any_of(rules: Iterable[str]) -> str:
    ways = list(rules)
    return ways[0] if len(ways) == 1 else f"({' | '.join(ways)})"


def _literal(value: object) -> str:
    return _quoted(json.dumps(value, ensure_ascii=False))


def _quoted(text: str) -> str:
    """Return a text as GBNF writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_BY_TYPE: Mapping[str, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {
        "object": _object,
        "array": _array,
        "string": _text,
        "integer": _whole,
        "number": lambda _: "number",
        "boolean": lambda _: '("true" | "false")',
        "null": lambda _: '"null"',
    }
)
