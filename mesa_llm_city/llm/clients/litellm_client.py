"""Hosted providers and local servers through litellm.

The library takes seconds to import and is loaded when the first client is
made. Its own retries, cache and callbacks stay off: the engine retries, the store keeps.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import re
import warnings
from functools import cache
from typing import Any

from mesa_llm_city.core.errors import LLMError, LLMReplyError
from mesa_llm_city.core.plain_text import encodable
from mesa_llm_city.core.secrets import redact
from mesa_llm_city.llm.base import Completion, Request
from mesa_llm_city.llm.clients.chat_parameters import ChatParameters
from mesa_llm_city.llm.clients.completions import completion_of, json_of
from mesa_llm_city.llm.clients.failures import failure, in_short, unavailable
from mesa_llm_city.llm.clients.offline import require_online
from mesa_llm_city.llm.clients.retry_hints import asked_wait_s
from mesa_llm_city.llm.clients.spec import ClientSpec, usable_key
from mesa_llm_city.llm.clients.wire import advice_on_body
from mesa_llm_city.llm.loose_json import values_in

__all__ = ["LitellmClient"]

# Else the import fetches a list of prices, reads a .env file, and logs each call.
_QUIET = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MODE": "PRODUCTION",
    "LITELLM_LOG": "ERROR",
}
# How it words that it could not read a response, which it then tells.
_RECEIVED = re.compile(r"Invalid response object.*?received_args=\{'response_object': ", re.DOTALL)
# Warnings by which it complains of servers and of itself.
_WARNINGS = (r"Pydantic serializer warnings", r"coroutine '.*completion' was never awaited")
# How the library tells of a response that is no JSON.
_NO_JSON = re.compile(r"Received: ['\"]\s*(.{0,80})", re.DOTALL)

# How the library and those below it tell that there was no response at all; it says 500 then.
_NOT_CONNECTED = re.compile(
    r"connection error|cannot connect|connection (refused|reset)|disconnected", re.IGNORECASE
)
_NO_STATUS = 500


@cache
def _library() -> Any:  # noqa: ANN401 - imported by name: mypy would read its 2,600 modules
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    litellm: Any = importlib.import_module("litellm")
    litellm.suppress_debug_info = True
    logging.getLogger("LiteLLM").addFilter(_NoChatter())
    for start in _WARNINGS:
        warnings.filterwarnings("ignore", start)
    return litellm


class LitellmClient:
    """A chat client through ``litellm.acompletion``; made on the loop that uses it.

    Parameters
    ----------
    spec : ClientSpec
        Model, and if the provider needs them, address and name of the key's variable.

    Raises
    ------
    ConfigError
        If the key's variable is named but not set, or what it holds is no key.
    """

    def __init__(self, spec: ClientSpec) -> None:
        self.spec = spec
        self._litellm = _library()
        self._parameters = ChatParameters(spec)
        self._has_answered = False
        self._errors = importlib.import_module("openai").OpenAIError
        reach = {"api_base": spec.api_base, "api_key": spec.key() or _provider_key(spec.model)}
        self._reach = {name: value for name, value in reach.items() if value is not None}

    async def complete(self, request: Request, *, timeout_s: float) -> Completion:
        """Send one request once (see `ChatClient.complete`)."""
        require_online()
        sent = self._parameters.of(request)
        try:
            # Its own timeout is one of silence between bytes; ours is one of the whole.
            async with asyncio.timeout(timeout_s):
                answer = await self._litellm.acompletion(**self._call(request, sent, timeout_s))
        except TimeoutError:
            message = (
                f"{request.model} gave no answer within {timeout_s:g} s; "
                "lower --in-flight or raise --timeout-s"
            )
            raise unavailable(message, cause="timeout") from None
        except self._errors as error:
            if (lost := _lost_answer(error)) is None:
                raise self._mapped(error, sent) from None
            completion = completion_of(lost)
        else:
            completion = _completion(answer)
        self._has_answered = True
        return completion

    @property
    def refused(self) -> tuple[str, ...]:
        """Parameters that the model refuses."""
        return self._parameters.refused

    async def close(self) -> None:
        """Close the connections that the library keeps, those of its other users as well."""
        await self._litellm.close_litellm_async_clients()
        self._litellm.in_memory_llm_clients_cache.flush_cache()

    def _call(
        self, request: Request, parameters: dict[str, Any], timeout_s: float
    ) -> dict[str, Any]:
        # What the library has no parameter for, such as a grammar, it passes on in the body.
        return {
            "model": request.model,
            "messages": [
                {"role": message.role, "content": encodable(message.content)}
                for message in request.messages
            ],
            "timeout": timeout_s,
            "max_retries": 0,
            **self._reach,
            **parameters,
        }

    def _mapped(self, error: Any, sent: dict[str, Any]) -> LLMError:  # noqa: ANN401 - a class of openai
        """Return our error for one of the library's."""
        text = redact(str(error))
        if isinstance(error, self._litellm.ContextWindowExceededError):
            return LLMReplyError(
                f"the prompt is too long for the model; shorten it ({in_short(text)})"
            )
        status = int(getattr(error, "status_code", None) or 500)
        if refusal := self._parameters.refusal(sent, status, text):
            return refusal
        found = _NO_JSON.search(text)
        if found and not self._has_answered and (advice := advice_on_body(found[1])):
            return unavailable(f"the server sent no JSON but {found[1]!r}; {advice}", fatal=True)
        if status == _NO_STATUS and _NOT_CONNECTED.search(text):
            where = redact(self.spec.api_base or f"the provider of {self.spec.model}")
            return unavailable(
                f"{where} cannot be reached, or breaks off ({in_short(_deepest(error))}); "
                "check the address, and that the server runs"
            )
        headers = getattr(error, "litellm_response_headers", None) or {}
        return failure(status, text, wait_s=asked_wait_s(headers, text))


def _provider_key(model: str) -> str | None:
    """Return the key that the library would take for a model's provider, None if there is none.

    It takes a key as it is, and then reports one with a line end as a broken connection.
    """
    return usable_key(f"{model.partition('/')[0].upper()}_API_KEY") or None


def _completion(answer: Any) -> Completion:  # noqa: ANN401 - a class of litellm
    """Read an answer of the library."""
    return completion_of(answer.model_dump(warnings=False))


def _lost_answer(error: BaseException) -> Any:  # noqa: ANN401 - any JSON value
    """Return the response that the library could not read, if its error holds it.

    It has been paid for; and to ask again would fail in the same way.
    """
    if found := _RECEIVED.search(str(error)):
        first = next(values_in(str(error)[found.end() :]), None)
        return None if first is None else first.value
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, UnicodeDecodeError):
            return _json_or_none(cause.object)
        cause = cause.__cause__ or cause.__context__
    return None


def _deepest(error: BaseException) -> str:
    """Return the words of the first of the errors that led to this one, which say most."""
    words = str(error)
    cause: BaseException | None = error
    while cause is not None:
        words = str(cause) or words
        cause = cause.__cause__ or cause.__context__
    return words


def _json_or_none(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json_of(body)
    except ValueError:
        return None


class _NoChatter(logging.Filter):
    """Leaves out what the library's worker for callbacks says of itself; there are none."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a message is to be shown."""
        return not record.getMessage().startswith("LoggingWorker")
