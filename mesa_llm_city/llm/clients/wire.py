"""A request as JSON, in the form of OpenAI's chat interface."""

from __future__ import annotations

import json
from typing import Any, Literal

from mesa_llm_city.llm.base import Request

__all__ = ["body_of", "response_format_of", "wire_model"]

# What litellm calls servers of this interface; the servers themselves know the bare name.
_PROVIDERS = ("openai/", "hosted_vllm/", "lm_studio/")


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


def response_format_of(
    request: Request,
    native_schema: bool | Literal["grammar"],  # noqa: FBT001 - as in ClientSpec
) -> dict[str, Any] | None:
    """Return the form of reply the server is to enforce, None if it is not to."""
    if request.schema is None or native_schema is not True:
        return None
    named = {"name": request.schema_name or "reply", "schema": request.schema, "strict": True}
    return {"type": "json_schema", "json_schema": named}


def body_of(request: Request, native_schema: bool | Literal["grammar"] = True) -> bytes:  # noqa: FBT001, FBT002 - as in ClientSpec
    """Write the body of a chat request."""
    body: dict[str, Any] = {
        "model": wire_model(request.model),
        "messages": [
            {"role": message.role, "content": message.content} for message in request.messages
        ],
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
        **request.options,
    }
    if (form := response_format_of(request, native_schema)) is not None:
        body["response_format"] = form
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
