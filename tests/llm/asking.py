"""Requests to send, and engines that hurry, for the tests of the clients and the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mesa_llm_city.llm.base import Address, Message, Request
from mesa_llm_city.llm.clients import ClientSpec
from mesa_llm_city.llm.engine import Done, Engine, EngineConfig, Job

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "reason": {"type": "string", "maxLength": 40},
        "stars": {"type": "integer", "minimum": 1, "maximum": 5},
    },
    "required": ["reason", "stars"],
    "additionalProperties": False,
}
HURRIED = EngineConfig(base_delay_s=0.002, max_delay_s=0.01, breaker_pause_s=0.02, timeout_s=5.0)


def asked(number: int = 0, **changes: Any) -> Request:  # noqa: ANN401 - the fields of Request
    """Return a request that differs by its number."""
    whole: dict[str, Any] = {
        "model": "openai/loopback",
        "messages": (Message("system", "Be brief."), Message("user", f"Question {number}?")),
        "address": Address(str(number), 0, "test"),
        **changes,
    }
    return Request(**whole)


def jobs(count: int) -> list[Job]:
    """Return jobs with tickets 0 to count - 1."""
    return [Job(ticket, asked(ticket)) for ticket in range(count)]


def http(url: str, **changes: Any) -> ClientSpec:  # noqa: ANN401 - the fields of ClientSpec
    """Return the spec of a server."""
    return ClientSpec(backend="http", model="openai/loopback", api_base=url, **changes)


def scripted(script: Any = None, *, delay_s: float = 0.0) -> ClientSpec:  # noqa: ANN401 - a Script
    """Return the spec of a function in place of a model."""
    return ClientSpec(backend="scripted", model="-", script=script, delay_s=delay_s)


@contextmanager
def running(spec: ClientSpec, config: EngineConfig = HURRIED) -> Iterator[Engine]:
    """Close an engine at the end of the context."""
    engine = Engine(spec, config)
    try:
        yield engine
    finally:
        engine.close()


def all_of(engine: Engine) -> list[Done]:
    """Take until nothing is pending, and return what came by ticket."""
    done: list[Done] = []
    while engine.pending:
        done += engine.take()
    return sorted(done, key=lambda one: one.ticket)
