"""A model file run in this process, behind a server on the loopback interface."""

from __future__ import annotations

import asyncio
import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm.base import Completion, Request
from mesa_llm_city.llm.clients.failures import unavailable
from mesa_llm_city.llm.clients.http import HttpClient
from mesa_llm_city.llm.clients.offline import require_online
from mesa_llm_city.llm.clients.spec import ClientSpec

__all__ = ["LocalClient"]

_LIBRARY = "xllamacpp"
_LOOPBACK = "127.0.0.1"
_ERRORS_ONLY = 1


class LocalClient:
    """A chat client on a llama.cpp server of its own; the model is loaded by the first request.

    Parameters
    ----------
    spec : ClientSpec
        Model file, slots, threads and context.

    Raises
    ------
    ConfigError
        If the model file does not exist.
    """

    def __init__(self, spec: ClientSpec) -> None:
        self._file = Path(str(spec.gguf))
        if not self._file.is_file():
            message = f"there is no model file {self._file}; give gguf='path/to/model.gguf'"
            raise ConfigError(message)
        if importlib.util.find_spec(_LIBRARY) is None:
            raise ModuleNotFoundError(name=_LIBRARY)
        self.spec = spec
        self._server: Any = None
        self._client: HttpClient | None = None
        self._starting = asyncio.Lock()

    async def complete(self, request: Request, *, timeout_s: float) -> Completion:
        """Send one request once (see `ChatClient.complete`)."""
        require_online()
        client = self._client or await self._start()
        return await client.complete(request, timeout_s=timeout_s)

    @property
    def refused(self) -> tuple[str, ...]:
        """Parameters that the model refuses."""
        return self.spec.refused if self._client is None else self._client.refused

    async def close(self) -> None:
        """Close the connections and free the model."""
        if self._client is not None:
            await self._client.close()
        self._client = self._server = None

    async def _start(self) -> HttpClient:
        async with self._starting:
            if self._client is None:
                self._server = await asyncio.to_thread(_serve, self.spec, self._file)
                address = f"{self._server.listening_address}/v1"
                self._client = HttpClient(replace(self.spec, backend="http", api_base=address))
            return self._client


def _serve(spec: ClientSpec, file: Path) -> Any:  # noqa: ANN401 - a class of xllamacpp
    """Load the model and return its server, listening."""
    xllamacpp = importlib.import_module(_LIBRARY)
    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.hostnames = [_LOOPBACK]
    params.port = 0
    params.n_parallel = spec.slots
    params.n_ctx = spec.slots * spec.context_tokens
    params.cpuparams.n_threads = spec.threads
    params.cpuparams_batch.n_threads = spec.threads
    params.verbosity = _ERRORS_ONLY
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        message = f"{file} could not be loaded: {error}; use a model in GGUF format"
        raise unavailable(message, fatal=True) from None
