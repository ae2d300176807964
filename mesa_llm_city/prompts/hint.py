"""The form of a reply, described in a prompt."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

__all__ = ["reply_hint"]

Schema = Mapping[str, Any]

_REQUEST = "Answer with one JSON object of this form, and with nothing else:"


@lru_cache(maxsize=512)
def reply_hint(reply: type[BaseModel]) -> str:
    """Describe the form of a reply, for models whose server does not enforce it.

    Parameters
    ----------
    reply : type of pydantic.BaseModel
        The form.

    Returns
    -------
    str
        Two lines: the request, and the form with its bounds.

    Examples
    --------
    >>> from pydantic import Field
    >>> class Vote(BaseModel):
    ...     reason: str = Field(max_length=80)
    ...     choice: int = Field(ge=1, le=3)
    >>> print(reply_hint(Vote))
    Answer with one JSON object of this form, and with nothing else:
    {"reason": text of at most 80 characters, "choice": whole number from 1 to 3}
    """
    schema = reply.model_json_schema()
    return f"{_REQUEST}\n{_form(schema, schema.get('$defs', {}))}"


def _form(schema: Schema, shared: Schema) -> str:
    if "$ref" in schema:
        schema = {**shared[schema["$ref"].rpartition("/")[2]], **schema}
    form = _kind(schema, shared)
    # What describes a whole class is meant for programmers, not for the model.
    meant = schema.get("description") if schema.get("type") != "object" else None
    return f"{form} ({meant})" if meant else form


def _kind(schema: Schema, shared: Schema) -> str:
    if "anyOf" in schema:
        return " or ".join(_form(one, shared) for one in schema["anyOf"])
    if "enum" in schema:
        return f"one of {', '.join(json.dumps(one) for one in schema['enum'])}"
    if "const" in schema:
        return json.dumps(schema["const"])
    tell = _KINDS.get(schema.get("type", ""))
    return "any value" if tell is None else tell(schema, shared)


def _object(schema: Schema, shared: Schema) -> str:
    fields = schema.get("properties", {})
    described = (f"{json.dumps(name)}: {_form(one, shared)}" for name, one in fields.items())
    return f"{{{', '.join(described)}}}"


def _array(schema: Schema, shared: Schema) -> str:
    return f"[{_form(schema.get('items', {}), shared)}, ...] with {_count(schema)}"


def _count(schema: Schema) -> str:
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    if most is None:
        return f"at least {least}"
    return f"exactly {most}" if least == most else f"{least} to {most}"


def _text(schema: Schema, _: Schema) -> str:
    most = schema.get("maxLength")
    return "text" if most is None else f"text of at most {most} characters"


def _range(schema: Schema) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        return f" from {least} to {most}"
    if least is not None:
        return f" of at least {least}"
    return "" if most is None else f" of at most {most}"


_KINDS: Mapping[str, Callable[[Schema, Schema], str]] = MappingProxyType(
    {
        "object": _object,
        "array": _array,
        "string": _text,
        "integer": lambda schema, _: f"whole number{_range(schema)}",
        "number": lambda schema, _: f"number{_range(schema)}",
        "boolean": lambda *_: "true or false",
        "null": lambda *_: "null",
    }
)
