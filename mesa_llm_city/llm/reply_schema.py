"""The form of a reply as a JSON schema: what is sent, and what answers are read by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from mesa_llm_city.core.errors import ConfigError

__all__ = ["plain_schema", "schema_of"]

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
    schema = plain_schema(reply)
    if endless := [*_endless(schema, reply.__name__)]:
        message = f"{', '.join(endless)} may be of any length; give max_length in Field(...)"
        raise ConfigError(message)
    return schema


@lru_cache(maxsize=256)
def plain_schema(reply: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON schema of a reply, references resolved, as `schema_of` without its check."""
    whole = reply.model_json_schema()
    schema: dict[str, Any] = _resolved(whole, whole.get("$defs", {}))
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
