"""What an error of a server means: try again, wait, give up, or shorten the prompt."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mesa_llm_city.core.errors import LLMError, LLMReplyError, LLMUnavailableError
from mesa_llm_city.core.plain_text import plain_text
from mesa_llm_city.core.secrets import redact
from mesa_llm_city.llm.loose_json import values_in

__all__ = ["failure", "in_short", "is_too_long", "unavailable"]

# 409 and 425 ask for another try (RFC 9110, RFC 8470); 529 is used for "overloaded".
_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
_PROMPT = frozenset({400, 413, 422})
# These ask for patience: too many requests, or more load than the server can bear.
_BUSY = frozenset({429, 503, 529})
_TIMEOUT = frozenset({408, 504})
_TOO_LONG = re.compile(
    r"context[_ ](length|window|size)|maximum context|too many (input )?tokens"
    r"|(prompt|input|request) is too long|reduce (your message size|the length)"
    r"|tokens.? must be <=|exceeds? the (available|maximum) context"
    r"|maximum (input|prompt) length|input length .*exceeds",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"content[_ ](filter|policy|management)|ResponsibleAI", re.IGNORECASE)
# A limit per minute may speak of plan and billing as well, but then it says when to try again.
_NO_CREDIT = re.compile(
    r"insufficient[_ ](quota|balance|credits?|funds)|billing|credit balance|out of credits",
    re.IGNORECASE,
)
# Libraries of providers report a key that is not set as if a server had failed.
_NO_KEY = re.compile(r"missing credentials|no api key|api[_ ]key .*must be set", re.IGNORECASE)
_MOVED = "the address has moved; give the new one"
# Some providers refuse a wrong key, or a model they do not know, as a bad request.
_BAD_KEY = re.compile(
    r"api[_ ]key (not valid|invalid)|(invalid|incorrect) api[_ ]?key", re.IGNORECASE
)
_NO_MODEL = re.compile(
    r"model[_ ]not[_ ]found|(unknown|invalid|no such) model|not a valid model"
    r"|model\b.{0,80}\b(not found|does not exist|not exist)",
    re.IGNORECASE,
)
_ADVICE = {
    **dict.fromkeys((301, 302, 307, 308), _MOVED),
    401: "check the key",
    402: "check the account's credit",
    403: "check what the key may use",
    404: "check the address and the name of the model",
}
_DETAIL_CHARS = 300
# What litellm puts before the words of a server.
_LIBRARY = re.compile(r"^(?:litellm\.\w+: |\w+(?:Error|Exception)(?: - |: )|Error code: \d+ - )+")
# What it puts behind them, and what aiohttp says of its own objects.
_ADDED = re.compile(r"\.? Handle with `litellm\.\w+`\.?| ssl:<[^>]*>")


def unavailable(
    message: str, *, fatal: bool = False, retry_after_s: float | None = None, cause: str = ""
) -> LLMUnavailableError:
    """Build the error of a server that gave no answer."""
    error = LLMUnavailableError(message)
    error.fatal = fatal
    error.retry_after_s = retry_after_s
    error.cause = cause
    return error


def failure(
    status: int, detail: str, *, wait_s: float | None = None, has_key: bool = True
) -> LLMError:
    """Return the error for an HTTP status that is not a success.

    Parameters
    ----------
    status : int
        Status of the response (RFC 9110, sec. 15).
    detail : str
        Text of the response.
    wait_s : float, optional
        How long it asks to wait, in seconds.
    has_key : bool, default True
        Whether a key was sent.

    Returns
    -------
    LLMError
        `LLMReplyError` if this request is refused, as one that is too long; else
        `LLMUnavailableError`, fatal unless another try may help.

    Examples
    --------
    >>> failure(503, "overloaded", wait_s=2.0).retry_after_s
    2.0
    >>> failure(401, "no such key").fatal
    True
    """
    text = in_short(detail)
    if _NO_KEY.search(detail):
        advice = "set the provider's key, such as: export OPENAI_API_KEY=..."
        return unavailable(f"there is no key ({text}); {advice}", fatal=True)
    if status in {401, 403} and not has_key:
        advice = "no key was sent; name the variable that holds it with --key-env"
        return unavailable(f"the server answered {status}: {text}; {advice}", fatal=True)
    wrong = _meant(status, detail)
    if reason := _reason_of_prompt(status, wrong, detail):
        return LLMReplyError(f"{reason} ({status}: {text})")
    if _has_no_credit(status, detail, wait_s):
        advice = "check the account's credit, and go on with --resume"
        return unavailable(f"the server answered {status}: {text}; {advice}", fatal=True)
    if status not in _TRANSIENT:
        advice = _ADVICE.get(wrong, "another try would not help")
        return unavailable(f"the server answered {status}: {text}; {advice}", fatal=True)
    cause = "busy" if status in _BUSY else "timeout" if status in _TIMEOUT else ""
    return unavailable(f"the server answered {status}: {text}", retry_after_s=wait_s, cause=cause)


def _meant(status: int, detail: str) -> int:
    """Return the status that is meant; some servers call every mistake a bad request."""
    if status in _PROMPT and _BAD_KEY.search(detail):
        return 401
    return 404 if status in _PROMPT and _NO_MODEL.search(detail) else status


def _reason_of_prompt(status: int, wrong: int, detail: str) -> str:
    """Return what is wrong with this one request; nothing if others would fail as well."""
    if status in _PROMPT | {429, 500} and is_too_long(detail):
        return "the prompt is too long for the model; shorten it"
    if wrong not in _PROMPT or _NO_CREDIT.search(detail):
        return ""
    if _REFUSED.search(detail):
        return "the server refuses this prompt"
    return "the server refuses this request"


def is_too_long(detail: str) -> bool:
    """Tell whether a message says that prompt and answer do not fit into the context.

    Examples
    --------
    >>> is_too_long("This model's maximum context length is 2048 tokens.")
    True
    """
    return _TOO_LONG.search(detail) is not None


def _has_no_credit(status: int, detail: str, wait_s: float | None) -> bool:
    if status in _PROMPT or (status == 429 and wait_s is None):
        return _NO_CREDIT.search(detail) is not None
    return status == 429 and "insufficient_quota" in detail


def in_short(detail: str) -> str:
    """Return what a response says in words, without secrets, at most 300 characters.

    Examples
    --------
    >>> in_short('{"error": {"message": "no such model", "code": 7}}')
    'no such model'
    """
    words = _ADDED.sub("", _LIBRARY.sub("", detail))
    # Shortened last, since half a key is not recognised as one.
    line = " ".join(redact(plain_text(_message(words) or words)).split())
    return line[:_DETAIL_CHARS] or "no details"


def _message(words: str) -> str:
    """Return the message within a response in JSON; empty if there is none."""
    found = next((one.value for one in values_in(words)), None) if words[:1] in "{[" else None
    for name in ("error", "message", "detail"):
        found = found[0] if isinstance(found, list) and found else found
        found = found.get(name, found) if isinstance(found, Mapping) else found
    return found if isinstance(found, str) else ""
