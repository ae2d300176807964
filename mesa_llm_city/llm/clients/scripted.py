"""A function instead of a model: for tests, and for runs that cost nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from numpy.random import Generator

from mesa_llm_city.core import streams
from mesa_llm_city.llm.base import Completion, Request
from mesa_llm_city.llm.clients.spec import ClientSpec

__all__ = ["ScriptedClient", "fill_schema"]

_NO_TEXT = "scripted"


class ScriptedClient:
    """A chat client that asks a function.

    Parameters
    ----------
    spec : ClientSpec
        The function, and how long an answer takes.

    Examples
    --------
    >>> from mesa_llm_city.llm.base import Address, Message
    >>> client = ScriptedClient(ClientSpec(backend="scripted", model="-", script=lambda _: "yes"))
    >>> asked = Request(model="-", messages=(), address=Address("1", 0, "vote"))
    >>> asyncio.run(client.complete(asked, timeout_s=1.0)).text
    'yes'
    """

    def __init__(self, spec: ClientSpec) -> None:
        self._script = spec.script or fill_schema
        self._delay_s = spec.delay_s

    @property
    def refused(self) -> tuple[str, ...]:
        """Nothing: a script takes what comes."""
        return ()

    async def complete(self, request: Request, *, timeout_s: float) -> Completion:  # noqa: ARG002 - the clock of a script is its own
        """Return what the script says (see `ChatClient.complete`)."""
        if self._delay_s > 0.0:
            await asyncio.sleep(self._delay_s)
        said = self._script(request)
        return said if isinstance(said, Completion) else Completion(text=said)

    async def close(self) -> None:
        """Do nothing, for nothing is open."""


def fill_schema(request: Request) -> str:
    """Return JSON that fits the request's schema, with random numbers and choices.

    The draw depends on the request alone. Texts say that they are made up.

    Examples
    --------
    >>> from mesa_llm_city.llm.base import Address
    >>> schema = {"type": "object", "properties": {"stars": {"type": "integer", "maximum": 10}}}
    >>> asked = Request(model="-", messages=(), address=Address("1", 0, "rate"), schema=schema)
    >>> fill_schema(asked) == fill_schema(asked)
    True
    """
    if request.schema is None:
        return _NO_TEXT
    rng = streams.rng(int(request.key()[:16], 16), 0, "scripted", 0)
    return json.dumps(_Form(request.schema, rng).value, ensure_ascii=False)


class _Form:
    """One part of a JSON schema, and the value drawn for it."""

    def __init__(
        self, schema: Mapping[str, Any], rng: Generator, root: Mapping[str, Any] | None = None
    ) -> None:
        self.root = schema if root is None else root
        self.schema = schema
        self.rng = rng

    @cached_property
    def value(self) -> Any:  # noqa: ANN401 - any JSON
        """A value that fits."""
        schema = self.schema
        if "$ref" in schema:
            return self._of(self.root["$defs"][schema["$ref"].rpartition("/")[2]])
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][int(self.rng.integers(len(schema["enum"])))]
        for way in ("anyOf", "oneOf", "allOf"):
            if way in schema:
                return self._of(schema[way][0])
        return self._typed(schema.get("type", "object"))

    def _typed(self, kind: str) -> Any:  # noqa: ANN401 - any JSON
        if kind == "object":
            parts = self.schema.get("properties", {})
            return {name: self._of(part) for name, part in parts.items()}
        if kind == "array":
            return self._list()
        if kind == "string":
            return self._text()
        if kind == "boolean":
            return bool(self.rng.random() < 0.5)
        return None if kind == "null" else self._number(kind)

    def _list(self) -> list[Any]:
        if "prefixItems" in self.schema:
            return [self._of(part) for part in self.schema["prefixItems"]]
        return [self._of(self.schema["items"]) for _ in range(self._length())]

    def _length(self) -> int:
        least = int(self.schema.get("minItems", 0))
        most = int(self.schema.get("maxItems", max(least, 2)))
        return int(self.rng.integers(least, most, endpoint=True))

    def _text(self) -> str:
        least = int(self.schema.get("minLength", 0))
        return _NO_TEXT.ljust(least, ".")[: int(self.schema.get("maxLength", max(least, 80)))]

    def _number(self, kind: str) -> int | float:
        low = self.schema.get("minimum", 0)
        high = self.schema.get("maximum", max(low, 10))
        if kind == "integer":
            return int(self.rng.integers(int(low), int(high), endpoint=True))
        return float(self.rng.uniform(low, high))

    def _of(self, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        return _Form(schema, self.rng, self.root).value
