"""Keys and passwords are never shown: one function takes them out of every text.

Every `CityError` passes its message through `redact`, and so does every answer of a model
and every file of a run. So whoever repeats a key, a server or a library, it is not shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

__all__ = ["HIDDEN", "redact", "redact_values", "remember_secret"]

HIDDEN = "***"
"""Stands where a secret was."""

_SECRET_NAME = re.compile(
    r"(API_?KEY|_KEY|_TOKEN|_SECRET|_PASSWORD|_CREDENTIALS?)\Z", re.IGNORECASE
)
# Shorter values, and what local servers take for a key, also occur in ordinary texts.
_LEAST_CHARS = 8
_LEAST_NAMED_CHARS = 6
_NO_SECRETS = frozenset(
    {
        *("none", "null", "empty", "dummy", "test", "local", "ollama", "lm-studio", "fake"),
        *("no-key", "not-needed", "sk-no-key-required", "token", "true", "false", "anything"),
    }
)

# Fields that hold a secret; the words of the second row are ordinary ones as well.
_FIELD = (
    r"(?:[\w-]*api[_-]?key|[\w-]*(?:access|auth)[_-]?token|[\w-]*client[_-]?secret|passw(?:or)?d)"
)
_WORD = r"(?:[\w-]*key|[\w-]*token|[\w-]*secret|pwd|sig|signature|credentials?)"
_LETTERS = r"[\w.~+/*-]"
# Each with letters of which a text has some where it fits, in small ones: they are found faster.
_PATTERNS = (
    # Credentials of a header, whatever they look like.
    (("bearer",), re.compile(r"\b(Bearer)(\s+|%20)[\w.~+/=*-]{6,}"), rf"\1\2{HIDDEN}"),
    (("bearer",), re.compile(r"(?i)\b(bearer\s+)(?=\S*\d)[\w.~+/=*-]{6,}"), rf"\1{HIDDEN}"),
    (
        ("authorization",),
        re.compile(r"(?i)\b(authorization\W{1,6}basic\s+)[\w+/=*-]{4,}"),
        rf"\1{HIDDEN}",
    ),
    # Name and password in an address, and keys in its query.
    (("://",), re.compile(r"(\w://)[^\s/@'\"]+@"), rf"\1{HIDDEN}@"),
    (
        ("?", "&"),
        re.compile(rf"(?i)([?&](?:{_FIELD}|{_WORD})=)[^\s&#'\"\\)]+"),
        rf"\1{HIDDEN}",
    ),
    # A named value in JSON, in Python or in the text of a message.
    (
        ("key", "token", "secret", "passw"),
        re.compile(rf"(?i)\b({_FIELD}[\"'\\]*\s*[:=]\s*[\"'\\]*)(?!\*){_LETTERS}{{8,}}=*"),
        rf"\1{HIDDEN}",
    ),
    (
        ("api key provided",),
        re.compile(rf"(?i)(\bapi key provided:?\s*[\"']?)(?!\*){_LETTERS}{{4,}}"),
        rf"\1{HIDDEN}",
    ),
    # What keys of well-known providers begin with.
    (
        ("-", "_"),
        re.compile(
            r"\b(?:sk|pk|rk|gsk|xai|pplx|nvapi|csk|fw|hf|r8|ghp|gho|glpat|tgp)[-_]"
            r"(?=[\w.*-]*[\d*])[\w*-]{7,}"
        ),
        HIDDEN,
    ),
    (
        ("aiza", "akia", "asia", "ya29."),
        re.compile(r"\b(?:AIza|AKIA|ASIA|ya29\.)[\w*-]{12,}"),
        HIDDEN,
    ),
    (("eyj",), re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]+)?"), HIDDEN),
)

_remembered: set[str] = set()


def remember_secret(value: str | None) -> None:
    """Take note of a key that is used, so that `redact` finds it wherever it turns up.

    Parameters
    ----------
    value : str or None
        The key; values of fewer than six characters, and words such as ``"EMPTY"`` that
        local servers take for a key, are no secrets.
    """
    if value and len(value) >= _LEAST_NAMED_CHARS and value.lower() not in _NO_SECRETS:
        _remembered.add(value)


def redact(text: str) -> str:
    """Return a text with `HIDDEN` in place of every secret.

    Secrets are the keys that are in use (`remember_secret`), values of environment variables
    such as ``*_API_KEY``, ``*_TOKEN`` and ``*_SECRET``, credentials of headers and addresses,
    keys in a query, and what looks like the key of a well-known provider.

    Parameters
    ----------
    text : str
        The text of a message, an answer or a file. Shorten it afterwards, not before: half a
        key is not recognised.

    Returns
    -------
    str
        The text without secrets.

    Examples
    --------
    >>> redact("Incorrect API key provided: sk-proj-0123456789abcdef")
    'Incorrect API key provided: ***'
    >>> redact("GET https://me:word@models.example/v1?key=abc123&page=2")
    'GET https://***@models.example/v1?key=***&page=2'
    """
    for secret in _written(frozenset([*_remembered, *_in_environment()])):
        if secret in text:
            # With what is written on to it: a longer key may begin in the same way.
            text = re.sub(rf"{re.escape(secret)}[\w-]*", HIDDEN, text)
    # Signs such as the long s count as letters of a name as well.
    small = text.lower() if text.isascii() else None
    for letters, pattern, shown in _PATTERNS:
        if small is None or any(one in small for one in letters):
            text = pattern.sub(shown, text)
    return text


def redact_values(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value without secrets in its texts.

    A field that is named as a key or password, such as ``api_key`` or ``Authorization``,
    is hidden whatever it holds.
    """
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list | tuple):
        return [redact_values(one) for one in value]
    if isinstance(value, dict):
        return {
            name: HIDDEN if isinstance(one, str) and _is_secret(str(name)) else redact_values(one)
            for name, one in value.items()
        }
    return value


def _is_secret(name: str) -> bool:
    return bool(re.fullmatch(rf"{_FIELD}|authorization|x-[\w-]*key", name, re.IGNORECASE))


@lru_cache(maxsize=8)
def _written(secrets: frozenset[str]) -> tuple[str, ...]:
    """Return secrets as they are, and as addresses and messages write them, long ones first."""
    written = {
        one
        for value in secrets
        for one in (value, quote(value, safe=""), unquote(value), repr(value)[1:-1])
    }
    return tuple(sorted(written, key=len, reverse=True))


def _in_environment() -> Iterator[str]:
    for name in _telling(tuple(os.environ)):
        value = os.environ.get(name, "").strip()
        if len(value) >= _LEAST_CHARS and value.lower() not in _NO_SECRETS:
            yield value


@lru_cache(maxsize=8)
def _telling(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of variables that hold secrets; hardly any are added in a run."""
    return tuple(name for name in names if _SECRET_NAME.search(name))
