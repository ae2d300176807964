"""Requests to a language model, completions, and the interface of a client."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

from mesa_llm_city.core.plain_text import encodable

__all__ = ["Address", "ChatClient", "Completion", "Message", "Request"]

_KEY_VERSION = 1
_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Message(NamedTuple):
    """A line of a chat.

    Attributes
    ----------
    role : str
        ``"system"``, ``"user"`` or ``"assistant"``.
    content : str
        The text.
    """

    role: str
    content: str


class Address(NamedTuple):
    """What an answer belongs to; the same prompt of two persons has two answers.

    Attributes
    ----------
    sample : str
        The person's id as text, or the name of an archetype whose members share
        their answers.
    minute : int
        Simulated minute of the question; -1 outside a run.
    purpose : str
        Purpose of the question.
    turn : int
        Number of questions that the thought had asked before.
    attempt : int
        Number of times the question has been asked before.
    """

    sample: str
    minute: int
    purpose: str
    turn: int = 0
    attempt: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call with all that decides its answer: equal requests have equal answers.

    Parameters
    ----------
    model : str
        Provider and name, such as ``"openai/gpt-4o-mini"``.
    messages : tuple of Message
        The prompt.
    address : Address
        What the answer belongs to.
    schema : mapping, optional
        JSON schema of the reply.
    schema_name : str, default ""
        Name of the reply's class.
    temperature : float, default 0.7
        In [0, 2].
    max_tokens : int, default 512
        Greatest length of the answer.
    options : mapping, optional
        Further parameters of the provider, JSON-able; one of None is left out.
    """

    model: str
    messages: tuple[Message, ...]
    address: Address
    schema: Mapping[str, Any] | None = None
    schema_name: str = ""
    temperature: float = 0.7
    max_tokens: int = 512
    options: Mapping[str, Any] = field(default_factory=dict)
    _written: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    def canonical(self) -> str:
        """Return everything that decides the answer as canonical JSON."""
        if not self._written:
            self._written.append(self._canonical())
        return self._written[0]

    def _canonical(self) -> str:
        parts = {
            "version": _KEY_VERSION,
            "model": self.model,
            "messages": [list(message) for message in self.messages],
            "address": list(self.address),
            "schema": self.schema,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "options": dict(self.options),
        }
        return encodable(_JSON.encode(parts))

    def key(self) -> str:
        """Return the SHA-256 digest of `canonical`, 64 hexadecimal digits."""
        return sha256(self.canonical().encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """The answer of a model.

    Parameters
    ----------
    text : str
        The answer.
    prompt_tokens, cached_tokens, completion_tokens : int or None
        Sizes as the server counts them, None if it does not say; cached ones
        are part of the prompt's.
    finish : str, default "stop"
        Why it ended: ``"stop"``, ``"length"``, ``"refusal"``, or ``"error"`` if the server
        broke off.
    cost_usd : float, optional
        Price in US dollars, if the provider states it.
    """

    text: str
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    completion_tokens: int | None = None
    finish: str = "stop"
    cost_usd: float | None = None


class ChatClient(Protocol):
    """A way to reach a model; used on one event loop."""

    @property
    def refused(self) -> tuple[str, ...]:
        """Parameters that the model has refused, and that are sent no more."""
        ...

    async def complete(self, request: Request, *, timeout_s: float) -> Completion:
        """Send one request once, without retrying.

        Raises
        ------
        LLMUnavailableError
            If there is no answer in time, or the server is overloaded.
        LLMReplyError
            If the prompt is too long for the model.
        """
        ...

    async def close(self) -> None:
        """Close connections."""
        ...
