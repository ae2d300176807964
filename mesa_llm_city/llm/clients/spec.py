"""Which model is reached, and how: plain values that can be pickled, and no secret among them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args
from urllib.parse import parse_qsl, urlsplit

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.secrets import redact, remember_secret
from mesa_llm_city.llm.base import Completion, Request

__all__ = ["BackendName", "ClientSpec", "Script", "check_key_name", "usable_key"]

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")

BackendName: TypeAlias = Literal["http", "litellm", "local", "scripted"]
"""The ways to a model."""

Script: TypeAlias = Callable[[Request], str | Completion]
"""A function that stands in for a model; it may raise an `LLMError`."""

# Options that are not the user's: what is asked, how it comes, and secrets, since options are kept.
_NO_OPTIONS = {
    "model": "give it as the name of the model",
    "messages": "prompts have files of their own",
    "stream": "answers are read whole",
    "n": "each question has one answer",
    **dict.fromkeys(
        ("api_key", "authorization", "headers", "extra_headers"),
        "it may hold a secret; name a variable with key_env",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClientSpec:
    """How to reach a model.

    Parameters
    ----------
    backend : {"http", "litellm", "local", "scripted"}
        ``"http"`` speaks to any server with the chat interface of OpenAI, ``"litellm"`` to
        whatever litellm knows, ``"local"`` runs a model file in this process, and
        ``"scripted"`` calls a function.
    model : str
        Provider and name, such as ``"openai/gpt-4o-mini"``.
    api_base : str, optional
        Address of the server up to and with ``/v1``; required by ``"http"``.
    gguf : str or Path, optional
        Model file; required by ``"local"``.
    key_env : str, optional
        Name of the environment variable that holds the key; the key itself is read where
        the request is sent and is kept nowhere else.
    native_schema : bool or "grammar", default True
        True sends the reply's JSON schema for the server to enforce. ``"grammar"`` leaves
        that to the ``grammar`` among the request's options, as servers of the llama.cpp
        family take it. False sends neither.
    options : mapping, optional
        Further parameters of each request, such as ``{"seed": 1, "top_p": 0.9}``; they must be
        JSON-able, and go before the temperature and the greatest length of the prompt.
    omit : collection of str, optional
        Parameters that are not sent, such as ``{"temperature"}``.
    answer_tokens : int, optional
        Greatest length of answers, thoughts included, in place of that of each prompt.
    refused : tuple of str, optional
        Parameters that the model is known to refuse, as an earlier run has found out.
    slots : int, default 4
        How many requests a ``"local"`` model answers side by side.
    threads : int, default 1
        Threads of a ``"local"`` model; they spin, so on a busy machine more is slower.
    context_tokens : int, default 2048
        Longest prompt and answer of one request to a ``"local"`` model.
    script : callable, optional
        Answers for ``"scripted"``; by default `fill_schema`.
    delay_s : float, default 0.0
        How long a ``"scripted"`` answer takes, in seconds.

    Raises
    ------
    ConfigError
        If the backend is unknown or lacks what it needs.

    Examples
    --------
    >>> ClientSpec(backend="http", model="openai/tiny", api_base="http://127.0.0.1:8000/v1").model
    'openai/tiny'
    """

    backend: BackendName
    model: str
    api_base: str | None = None
    gguf: str | Path | None = None
    key_env: str | None = None
    native_schema: bool | Literal["grammar"] = True
    options: Mapping[str, Any] = field(default_factory=dict)
    omit: Collection[str] = ()
    answer_tokens: int | None = None
    refused: tuple[str, ...] = ()
    slots: int = 4
    threads: int = 1
    context_tokens: int = 2048
    script: Script | None = None
    delay_s: float = 0.0

    def __post_init__(self) -> None:
        """Check that the backend is known and has what it needs."""
        if self.backend not in get_args(BackendName):
            known = ", ".join(get_args(BackendName))
            message = f"backend must be one of {known}, got {self.backend!r}"
            raise ConfigError(message)
        for name in ("slots", "threads", "context_tokens", "answer_tokens"):
            if (value := getattr(self, name)) is not None and value < 1:
                message = f"{name} must be at least 1, got {value}"
                raise ConfigError(message)
        if self.key_env is not None:
            check_key_name(self.key_env)
        _check_options(self.options)
        if self.backend == "http":
            _check_address(self.api_base)
        if self.api_base is not None:
            _remember_secrets(self.api_base)
        if self.backend == "local" and self.gguf is None:
            message = "backend 'local' needs a model file; give gguf='path/to/model.gguf'"
            raise ConfigError(message)

    def key(self) -> str | None:
        """Read the key from the environment; None if the spec names no variable.

        Raises
        ------
        ConfigError
            If the variable is named but not set, or what it holds is no key.
        """
        if self.key_env is None:
            return None
        if key := usable_key(self.key_env):
            return key
        message = f"{self.model} needs a key, but {self.key_env} is not set; export {self.key_env}"
        raise ConfigError(message)

    def __repr__(self) -> str:
        """Return the fields that differ from their defaults, without secrets."""
        shown = (
            f"{one.name}={getattr(self, one.name)!r}"
            for one in fields(self)
            if getattr(self, one.name) not in (one.default, {})
        )
        return redact(f"ClientSpec({', '.join(shown)})")


def usable_key(name: str) -> str:
    """Return the key that an environment variable holds, without blanks or quotes around it.

    Parameters
    ----------
    name : str
        Name of the variable.

    Returns
    -------
    str
        The key; empty if there is none.

    Raises
    ------
    ConfigError
        If there are signs within it that no key has; the message does not show it.
    """
    key = os.environ.get(name, "").strip().strip("\"'")
    remember_secret(key)
    if key.isascii() and key.isprintable() and " " not in key:
        return key
    message = (
        f"the key in {name} has blanks, line ends or other signs within it, which no key has; "
        "export it again, as one word"
    )
    raise ConfigError(message)


def check_key_name(name: str) -> str:
    """Return the name of a variable that holds a key, if it can be one.

    Raises
    ------
    ConfigError
        If it looks like the key itself; the message does not show it.

    Examples
    --------
    >>> check_key_name("OPENAI_API_KEY")
    'OPENAI_API_KEY'
    """
    if _VARIABLE.fullmatch(name) and redact(name) == name:
        return name
    remember_secret(name)
    message = (
        "key_env must be the name of an environment variable, such as OPENAI_API_KEY, and not "
        "the key itself; export the key under a name"
    )
    raise ConfigError(message)


def _check_options(options: Mapping[str, Any]) -> None:
    defects = [
        f"{name}: {why}" for name, why in _NO_OPTIONS.items() if name in map(str.lower, options)
    ]
    try:
        json.dumps(dict(options), allow_nan=False)
    except (TypeError, ValueError) as error:
        defects.append(str(error))
    if defects:
        message = f"options of a model cannot be used: {'; '.join(defects)}"
        raise ConfigError(message)


def _check_address(api_base: str | None) -> None:
    if api_base is None or not api_base.startswith(("http://", "https://")):
        message = (
            f"backend 'http' needs the address of a server, got {api_base!r}; "
            "give api_base='http://127.0.0.1:8000/v1'"
        )
        raise ConfigError(message)


def _remember_secrets(api_base: str) -> None:
    """Take note of name, password and keys in an address."""
    parts = urlsplit(api_base)
    for secret in (parts.username, parts.password):
        remember_secret(secret)
    for name, value in parse_qsl(parts.query):
        if "version" not in name:
            remember_secret(value)
