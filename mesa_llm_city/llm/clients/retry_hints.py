"""How long a server asks to wait before the next try: in its headers, or in its message."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

__all__ = ["asked_wait_s"]

_UNITS = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_PART = re.compile(
    r"(\d+(?:\.\d+)?)\s*(milliseconds?|ms|seconds?|secs?|minutes?|mins?|hours?|hrs?"
    r"|days?|d|h|m|s)(?![a-z])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# "Please try again in 1m20.5s", "Please retry in 6.5s", "retry after 20 seconds", and the
# RetryInfo of Google's interfaces.
_SAID = re.compile(
    r"""(?:try(?:ing)?\ again|retry|wait)\ (?:in|after|for|at\ least)?\ ?(?:about\ )?
        (?P<said>\d[^"\\,;]{0,40})
    |"?retry_?delay"?\ *:\ *"?(?P<delay>[\d.]+\ *m?s)
    |"?retry_after"?\ *:\ *"?(?P<after>[\d.]+)""",
    re.IGNORECASE | re.VERBOSE,
)
# A number above this is a moment, in seconds or milliseconds since 1970.
_EPOCH_S = 1e9
_EPOCH_MS = 1e12


def asked_wait_s(headers: Mapping[str, str], detail: str = "") -> float | None:
    """Return how long a refusal asks to wait, in seconds; None if it does not say.

    ``Retry-After`` counts most, in seconds or as a date, then the moment at which a limit is
    lifted, then what the message says. A date is counted from the server's own ``Date`` where
    there is one, so clocks need not agree.

    Parameters
    ----------
    headers : mapping of str to str
        Headers of the response, in any case.
    detail : str, optional
        Text of the response.

    References
    ----------
    .. [1] RFC 9110, HTTP Semantics, sec. 10.2.3, Retry-After.
    .. [2] OpenAI, Rate limits: ``x-ratelimit-reset-requests`` and ``-tokens``, such as ``6m0s``.
    .. [3] Google, ``google.rpc.RetryInfo``: ``retryDelay``, such as ``6s``.

    Examples
    --------
    >>> asked_wait_s({"Retry-After": "3"}), asked_wait_s({}, "Please try again in 1m20.5s.")
    (3.0, 80.5)
    """
    named = {name.lower(): value.strip() for name, value in headers.items()}
    if re.fullmatch(_NUMBER, milliseconds := named.get("retry-after-ms", "")):
        return float(milliseconds) / 1000.0
    if (wait_s := _until(named.get("retry-after", ""), named)) is not None:
        return wait_s
    if resets := [*_resets(named)]:
        return max(resets)
    return _said(detail)


def _resets(named: Mapping[str, str]) -> Iterator[float]:
    """Yield the times until limits are lifted; of used-up ones if the server says which."""
    waits = {
        name: wait_s
        for name, value in named.items()
        if "ratelimit" in name and "reset" in name and (wait_s := _until(value, named)) is not None
    }
    left = {name: named.get(name.replace("reset", "remaining")) for name in waits}
    spent = [waits[name] for name, one in left.items() if one is not None and _is_zero(one)]
    if spent or not waits:
        yield from spent
    elif unknown := [waits[name] for name, one in left.items() if one is None]:
        yield min(unknown)


def _is_zero(text: str) -> bool:
    return re.fullmatch(r"0+(\.0*)?", text) is not None


def _until(value: str, named: Mapping[str, str]) -> float | None:
    """Return the seconds until a moment, or of a duration."""
    if re.fullmatch(_NUMBER, value):
        return _from_now(float(value))
    if (duration_s := _duration_s(value)) is not None:
        return duration_s
    return _until_date(value, named.get("date", ""))


def _from_now(number: float) -> float:
    if number < _EPOCH_S:
        return number
    moment_s = number / 1000.0 if number >= _EPOCH_MS else number
    return max(0.0, moment_s - time.time())


def _duration_s(text: str) -> float | None:
    """Return the seconds of a text such as ``6m0s``; None if it is no duration."""
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).strip(" .,"):
        return None
    return sum((float(number) * _unit_s(unit) for number, unit in parts), start=0.0)


def _unit_s(unit: str) -> float:
    short = unit.lower()
    return _UNITS["ms"] if short.startswith(("ms", "milli")) else _UNITS[short[0]]


def _until_date(value: str, date: str) -> float | None:
    try:
        until = _moment(value)
    except ValueError:
        return None
    try:
        now_s = parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        now_s = time.time()
    return max(0.0, until.timestamp() - now_s)


def _moment(value: str) -> datetime:
    """Return a moment of an HTTP header, or one of RFC 3339 as Anthropic sends it."""
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return parsedate_to_datetime(value)


def _said(detail: str) -> float | None:
    """Return the wait that a message asks for."""
    found = _SAID.search(detail)
    if found is None:
        return None
    if found["after"]:
        return float(found["after"])
    words = found["delay"] or found["said"]
    parts = _leading(words)
    return _duration_s(parts) if parts else None


def _leading(words: str) -> str:
    """Return the duration that a text begins with."""
    found = re.match(rf"(?:{_PART.pattern}[\s,]*)+", words, re.IGNORECASE)
    return "" if found is None else found[0]
