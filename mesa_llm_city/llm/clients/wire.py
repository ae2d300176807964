"""A request as JSON, in the form of OpenAI's chat interface."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mesa_llm_city.llm.base import Request

__all__ = ["advice_on_body", "body_of", "wire_model"]

# What litellm calls servers of this interface; the servers themselves know the bare name.
_PROVIDERS = ("openai/", "hosted_vllm/", "lm_studio/")

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def wire_model(model: str) -> str:
    """Return the name that the server knows a model by.

    Examples
    --------
    >>> wire_model("openai/gpt-4o-mini"), wire_model("meta-llama/Llama-3")
    ('gpt-4o-mini', 'meta-llama/Llama-3')
    """
    for provider in _PROVIDERS:
        if model.startswith(provider):
            return model.removeprefix(provider)
    return model


def body_of(request: Request, parameters: Mapping[str, Any]) -> bytes:
    """Write the body of a chat request, with its parameters beside model and messages."""
    body = {
        "model": wire_model(request.model),
        "messages": [
            {"role": message.role, "content": message.content} for message in request.messages
        ],
        **parameters,
    }
    return _JSON.encode(body).encode(errors="replace")


def advice_on_body(start: str) -> str:
    """Return what to do about a response that is no JSON; empty if another try may help.

    Examples
    --------
    >>> advice_on_body("<html>")
    'give the address of its chat interface, which usually ends in /v1'
    """
    if start.startswith(("data:", "event:")):
        return "it streams its answers: turn that off in the server"
    if start.startswith("<"):
        return "give the address of its chat interface, which usually ends in /v1"
    return ""
