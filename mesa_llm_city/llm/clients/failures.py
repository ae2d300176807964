"""What an error of a server means: try again, wait, give up, or shorten the prompt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from mesa_llm_city.core.errors import LLMError, LLMReplyError, LLMUnavailableError
from mesa_llm_city.core.plain_text import plain_text
from mesa_llm_city.core.secrets import redact
from mesa_llm_city.llm.loose_json import values_in

__all__ = ["failure", "retry_after_s", "told", "unavailable"]

# 409 and 425 ask for another try (RFC 9110, RFC 8470); 529 is used for "overloaded".
_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
_PROMPT = frozenset({400, 413, 422})
_TOO_LONG = re.compile(
    r"context[_ ](length|window|size)|maximum context|too many tokens|prompt is too long",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"content[_ ](filter|policy|management)|ResponsibleAI", re.IGNORECASE)
_NO_CREDIT = re.compile(r"insufficient_quota|billing", re.IGNORECASE)
# Libraries of providers report a key that is not set as if a server had failed.
_NO_KEY = re.compile(r"missing credentials|no api key|api[_ ]key .*must be set", re.IGNORECASE)
_MOVED = "the address has moved; give the new one"
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


def unavailable(
    message: str, *, fatal: bool = False, retry_after_s: float | None = None
) -> LLMUnavailableError:
    """Build the error of a server that gave no answer."""
    error = LLMUnavailableError(message)
    error.fatal = fatal
    error.retry_after_s = retry_after_s
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
        `LLMReplyError` if this prompt is too long or is refused; else `LLMUnavailableError`,
        fatal unless another try may help.

    Examples
    --------
    >>> failure(503, "overloaded", wait_s=2.0).retry_after_s
    2.0
    >>> failure(401, "no such key").fatal
    True
    """
    text = told(detail)
    if _NO_KEY.search(detail):
        advice = "set the provider's key, such as: export OPENAI_API_KEY=..."
        return unavailable(f"there is no key ({text}); {advice}", fatal=True)
    if status in {401, 403} and not has_key:
        advice = "no key was sent; name the variable that holds it with --key-env"
        return unavailable(f"the server answered {status}: {text}; {advice}", fatal=True)
    if status in _PROMPT and _TOO_LONG.search(detail):
        return LLMReplyError(f"the prompt is too long for the model ({text}); shorten it")
    if status in _PROMPT and _REFUSED.search(detail):
        return LLMReplyError(f"the server refuses this prompt ({text})")
    if status not in _TRANSIENT or (status == 429 and _NO_CREDIT.search(detail)):
        advice = _ADVICE.get(status, "another try would not help")
        return unavailable(f"the server answered {status}: {text}; {advice}", fatal=True)
    return unavailable(f"the server answered {status}: {text}", retry_after_s=wait_s)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Read how long a response asks to wait, in seconds; None if it does not say.

    A date is counted from the server's own ``Date``, so clocks need not agree.

    References
    ----------
    .. [1] RFC 9110, HTTP Semantics, sec. 10.2.3, Retry-After.

    Examples
    --------
    >>> retry_after_s({"Retry-After": "3"})
    3.0
    """
    named = {name.lower(): value for name, value in headers.items()}
    asked = named.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", asked):
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
        return max(0.0, (until - parsedate_to_datetime(named["date"])).total_seconds())
    except (KeyError, TypeError, ValueError):
        return None


def told(detail: str) -> str:
    """Return what a response says in words, without secrets, at most 300 characters.

    Examples
    --------
    >>> told('{"error": {"message": "no such model", "code": 7}}')
    'no such model'
    """
    words = _LIBRARY.sub("", detail)
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
