"""What a server answers, read into a completion: its words, why it ended, its size and price.

Servers differ in where they put the words and how they count; none of it may lose an answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from mesa_llm_city.core.plain_text import plain_text
from mesa_llm_city.core.secrets import redact
from mesa_llm_city.llm.base import Completion
from mesa_llm_city.llm.clients.failures import failure, unavailable

__all__ = ["completion_of", "json_of"]

_FINISH = {"length": "length", "content_filter": "refusal", "refusal": "refusal", "error": "error"}
_THOUGHTS = ("reasoning_content", "reasoning", "thinking")
_PROMPT = ("prompt_tokens", "input_tokens")
_ANSWER = ("completion_tokens", "output_tokens")
# Of DeepSeek, of Anthropic, of Moonshot.
_CACHED = ("prompt_cache_hit_tokens", "cache_read_input_tokens", "cached_tokens")
_DETAILS = ("prompt_tokens_details", "input_tokens_details")
_MOST = 10**12
# Answers hold line breaks within their texts.
_ANY_SIGNS = json.JSONDecoder(strict=False)


def json_of(body: bytes) -> Any:  # noqa: ANN401 - as in json.loads
    r"""Read the body of a response; bytes that are no text become U+FFFD.

    Raises
    ------
    ValueError
        If it is no JSON.

    Examples
    --------
    >>> json_of(b'"caf\xe9"')
    'caf\ufffd'
    """
    text = body.decode(json.detect_encoding(body), errors="replace")
    try:
        return _ANY_SIGNS.decode(text.removeprefix("\ufeff"))
    except RecursionError:
        message = "nested too deep"
        raise ValueError(message) from None


def completion_of(payload: object) -> Completion:
    """Read the body of a chat response.

    Parameters
    ----------
    payload : object
        The JSON that a server sent, in the form of OpenAI's chat interface. The words may also
        be the arguments of a call of a tool; or, if there are none, thoughts that are wholly
        one JSON object, as servers report them that enforce a schema from the start.

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
        refusal = _refusal(said)
        words = refusal or _words(said)
        ended = choice.get("finish_reason")
    except (AttributeError, IndexError, KeyError, TypeError):
        message = f"the server sent an answer without choices, only {sorted(map(str, payload))}"
        raise unavailable(message) from None
    finish = "refusal" if refusal else _FINISH.get(str(ended), "stop")
    text = redact(plain_text(words))
    sizes = _usage(payload.get("usage"))
    if text:  # no answer is for nothing; litellm counts 0 where the server does not say
        sizes = {name: size or None for name, size in sizes.items()}
    return Completion(text=text, finish=finish, **sizes, cost_usd=_cost(payload.get("usage")))


def _error_of(error: object) -> Exception:
    """Return the error that some servers send with status 200."""
    if not isinstance(error, Mapping):
        return unavailable(f"the server sent an error: {error}")
    code = error.get("code")
    return failure(code if isinstance(code, int) else 500, json.dumps(dict(error), default=str))


def _refusal(said: Mapping[str, Any]) -> str:
    """Return the words of a refusal; litellm has kept them in two places."""
    other = said.get("provider_specific_fields")
    more = other.get("refusal") if isinstance(other, Mapping) else None
    return _text(said.get("refusal") or more)


def _words(said: Mapping[str, Any]) -> str:
    """Return the words of a message."""
    return _text(said.get("content")) or _arguments(said) or _whole_thoughts(said)


def _text(content: object) -> str:
    """Return the text of a content, which may come in parts, or as JSON already."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, Mapping))
        if texts := [part for part in parts if isinstance(part, str)]:
            return "".join(texts)
    if not content or (isinstance(content, list) and _is_thoughts(content)):
        return ""
    if isinstance(content, Mapping) and isinstance(content.get("text"), str):
        return str(content["text"])
    return json.dumps(content, ensure_ascii=False, default=str)


def _is_thoughts(parts: Sequence[object]) -> bool:
    return any(isinstance(part, Mapping) and "type" in part for part in parts)


def _arguments(said: Mapping[str, Any]) -> str:
    """Return the arguments of the only tool that is called."""
    calls = said.get("tool_calls") or [{"function": said.get("function_call")}]
    if not isinstance(calls, list) or len(calls) != 1 or not isinstance(calls[0], Mapping):
        return ""
    tool = calls[0].get("function")
    return _text(tool.get("arguments")) if isinstance(tool, Mapping) else ""


def _whole_thoughts(said: Mapping[str, Any]) -> str:
    """Return the thoughts if they are one object from end to end, and so no thoughts."""
    for name in _THOUGHTS:
        thoughts = said.get(name)
        if isinstance(thoughts, str) and thoughts.strip().startswith("{"):
            try:
                json.loads(thoughts, strict=False)
            except (ValueError, RecursionError):
                continue
            return thoughts
    return ""


def _usage(usage: object) -> dict[str, int | None]:
    """Return sizes; what is no number, or below 0, is unknown."""
    sizes = _only(usage)
    prompt, cached = _count(sizes, _PROMPT), _cached(sizes)
    return {
        "prompt_tokens": prompt,
        "cached_tokens": cached if prompt is None or cached is None else min(cached, prompt),
        "completion_tokens": _count(sizes, _ANSWER),
    }


def _cost(usage: object) -> float | None:
    return _amount(_only(usage).get("cost"))


def _only(usage: object) -> Mapping[str, Any]:
    """Return the mapping that a server sends, perhaps within a list."""
    sizes = usage[0] if isinstance(usage, list) and len(usage) == 1 else usage
    return sizes if isinstance(sizes, Mapping) else {}


def _cached(usage: Mapping[str, Any]) -> int | None:
    for name in _DETAILS:
        details = usage.get(name)
        count = _count(details, ("cached_tokens",)) if isinstance(details, Mapping) else None
        if count is not None:
            return count
    return _count(usage, _CACHED)


def _count(usage: Mapping[str, Any], names: Sequence[str]) -> int | None:
    """Return the first of some fields that is a number."""
    amounts = (_amount(usage.get(name)) for name in names)
    return next((round(one) for one in amounts if one is not None), None)


def _amount(value: object) -> float | None:
    """Return a number that may come as a text; None if it is none, or below 0."""
    try:
        amount = float(value) if isinstance(value, str | int | float) else -1.0
    except (OverflowError, ValueError):
        return None
    is_known = isfinite(amount) and 0.0 <= amount <= _MOST and not isinstance(value, bool)
    return amount if is_known else None
