"""Replies: from a pydantic model to the schema that is sent, and back from the text that comes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mesa_llm_city.core.errors import ConfigError, LLMReplyError
from mesa_llm_city.llm.base import Message, Request

__all__ = ["parse_reply", "reask", "schema_of"]

Reply = TypeVar("Reply", bound=BaseModel)

_SHOWN = 600
# What a schema says about itself; a docstring must not change what a request is.
_PROSE = frozenset({"$defs", "title", "default", "description"})


@lru_cache(maxsize=256)
def schema_of(reply: type[BaseModel]) -> Mapping[str, Any]:
    """Return the JSON schema of a reply, in the plain form that servers enforce.

    References are resolved, unknown properties forbidden and all properties
    required, as strict modes of providers ask for.

    Parameters
    ----------
    reply : type of pydantic.BaseModel
        The form of the reply.

    Returns
    -------
    mapping
        The schema; the same object for the same class, so do not change it.

    Raises
    ------
    ConfigError
        If a text or a list of the reply has no greatest length, since a model
        could then go on for ever.

    Examples
    --------
    >>> from pydantic import Field
    >>> class Vote(BaseModel):
    ...     reason: str = Field(max_length=80)
    ...     choice: int
    >>> schema_of(Vote)["required"]
    ['reason', 'choice']
    """
    whole = reply.model_json_schema()
    schema: dict[str, Any] = _resolved(whole, whole.get("$defs", {}))
    if endless := [*_endless(schema, reply.__name__)]:
        message = f"{', '.join(endless)} may be of any length; give max_length in Field(...)"
        raise ConfigError(message)
    return schema


def _resolved(part: Any, definitions: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(part, list):
        return [_resolved(one, definitions) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _resolved(definitions[part["$ref"].rsplit("/", 1)[1]], definitions)
    kept = {name: one for name, one in part.items() if name not in _PROSE}
    if "properties" in kept:
        properties = {name: _resolved(one, definitions) for name, one in kept["properties"].items()}
        kept |= {"properties": properties, "required": list(properties)}
        return kept | {"additionalProperties": False}
    return {name: _resolved(one, definitions) for name, one in kept.items()}


def _endless(schema: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield the names of texts and lists without a greatest length."""
    limits = {"string": "maxLength", "array": "maxItems"}
    kind = schema.get("type")
    if kind in limits and limits[kind] not in schema and not {"enum", "const"} & schema.keys():
        yield name
    for field, one in schema.get("properties", {}).items():
        yield from _endless(one, f"{name}.{field}")
    for one in schema.get("anyOf", ()):
        yield from _endless(one, name)
    if isinstance(items := schema.get("items"), dict):
        yield from _endless(items, f"{name}[]")


def parse_reply(text: str, reply: type[Reply]) -> tuple[Reply, bool]:
    """Read a reply from the text of an answer.

    Parameters
    ----------
    text : str
        What the model wrote.
    reply : type of pydantic.BaseModel
        The form it should have.

    Returns
    -------
    value : pydantic.BaseModel
        The reply.
    repaired : bool
        Whether something around the object, such as a fence or a sentence, was cut off.

    Raises
    ------
    LLMReplyError
        If there is no such object in the text; the message says what is wrong.

    Examples
    --------
    >>> class Vote(BaseModel):
    ...     choice: int
    >>> parse_reply('Sure! {"choice": 2} Anything else?', Vote)
    (Vote(choice=2), True)
    """
    try:
        return reply.model_validate_json(text), False
    except ValidationError as error:
        cut = _first_object(text)
        if cut is None or cut == text.strip():
            raise LLMReplyError(_described(error)) from None
    try:
        return reply.model_validate_json(cut), True
    except ValidationError as error:
        raise LLMReplyError(_described(error)) from None


def _first_object(text: str) -> str | None:
    """Return the first complete JSON object in `text`."""
    start = text.find("{")
    while start >= 0:
        try:
            _, end = json.JSONDecoder().raw_decode(text, start)
        except ValueError:
            start = text.find("{", start + 1)
        else:
            return text[start:end]
    return None


def _described(error: ValidationError) -> str:
    flaws = [
        f"{'.'.join(map(str, flaw['loc'])) or 'the reply'}: {flaw['msg']}"
        for flaw in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return "; ".join(flaws[:5])


def reask(request: Request, text: str, error: LLMReplyError) -> Request:
    """Return the request that asks again, with the bad answer and what is wrong with it."""
    again = (
        Message("assistant", text[:_SHOWN]),
        Message(
            "user",
            f"That cannot be used: {error.message}. Answer again with one JSON object of the "
            "form asked for and nothing else.",
        ),
    )
    address = request.address._replace(attempt=request.address.attempt + 1)
    return replace(request, messages=(*request.messages, *again), address=address)
