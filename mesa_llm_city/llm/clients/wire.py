"""The chat interface of OpenAI as JSON: a request going out, a completion coming in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mesa_llm_city.llm.base import Completion, Request
from mesa_llm_city.llm.clients.failures import failure, unavailable

__all__ = ["advice_on_body", "body_of", "completion_of", "wire_model"]

# What litellm calls servers of this interface; the servers themselves know the bare name.
_PROVIDERS = ("openai/", "hosted_vllm/", "lm_studio/")
_FINISH = {"length": "length", "content_filter": "refusal", "error": "error"}


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
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


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


def completion_of(payload: object) -> Completion:
    """Read the body of a chat response.

    Raises
    ------
    LLMError
        If it holds an error instead of an answer, or neither.
    """
    if not isinstance(payload, Mapping):
        message = f"the server sent a {type(payload).__name__}; expected an object with choices"
        raise unavailable(message)
    if error := payload.get("error"):
        raise _error_of(error)
    try:
        choice = payload["choices"][0]
        said = choice["message"]
        refusal = said.get("refusal")
        text = refusal or said.get("content") or ""
        finish = "refusal" if refusal else _FINISH.get(choice.get("finish_reason"), "stop")
    except (AttributeError, IndexError, KeyError, TypeError):
        message = f"the server sent an answer without choices, only {sorted(map(str, payload))}"
        raise unavailable(message) from None
    return Completion(text=_text(text), finish=finish, **_usage(payload.get("usage")))


def _error_of(error: object) -> Exception:
    """Return the error that some servers send with status 200."""
    if not isinstance(error, Mapping):
        return unavailable(f"the server sent an error: {error}")
    code = error.get("code")
    return failure(code if isinstance(code, int) else 500, json.dumps(dict(error), default=str))


def _text(content: object) -> str:
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, Mapping))
        return "".join(part for part in parts if isinstance(part, str))
    return str(content)


def _usage(usage: object) -> dict[str, Any]:
    if not isinstance(usage, Mapping):
        return {}
    details = usage.get("prompt_tokens_details")
    cost = usage.get("cost")
    return {
        "prompt_tokens": usage.get("prompt_tokens"),
        "cached_tokens": details.get("cached_tokens") if isinstance(details, Mapping) else None,
        "completion_tokens": usage.get("completion_tokens"),
        "cost_usd": float(cost) if isinstance(cost, int | float) else None,
    }
