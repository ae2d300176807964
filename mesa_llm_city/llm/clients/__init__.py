"""Ways to reach a model: a server over HTTP, litellm, a model file, a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm.base import ChatClient
from mesa_llm_city.llm.clients.offline import OFFLINE, forbid_requests, require_online
from mesa_llm_city.llm.clients.spec import BackendName, ClientSpec, Script

__all__ = [
    "OFFLINE",
    "BackendName",
    "ClientSpec",
    "Script",
    "forbid_requests",
    "open_client",
    "require_online",
]

_HOMES: Mapping[str, tuple[str, str, str]] = {
    "http": ("http", "HttpClient", "llm"),
    "litellm": ("litellm_client", "LitellmClient", "llm"),
    "local": ("local", "LocalClient", "local,llm"),
    "scripted": ("scripted", "ScriptedClient", "llm"),
}


def open_client(spec: ClientSpec) -> ChatClient:
    """Make the client of a spec, on the loop that is to use it.

    Parameters
    ----------
    spec : ClientSpec
        Which model, and how to reach it.

    Returns
    -------
    ChatClient
        Connects at its first request.

    Raises
    ------
    ConfigError
        If a library, a key or a model file is missing.
    """
    module, name, extra = _HOMES[spec.backend]
    try:
        found = getattr(import_module(f"{__name__}.{module}"), name)
        return cast("Callable[[ClientSpec], ChatClient]", found)(spec)
    except ModuleNotFoundError as missing:
        message = (
            f"backend {spec.backend!r} needs {missing.name}; "
            f"install it with: pip install 'mesa-llm-city[{extra}]'"
        )
        raise ConfigError(message) from None
