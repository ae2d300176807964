"""Any server with the chat interface of OpenAI, at little CPU: connections are kept open."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

from mesa_llm_city.core.errors import LLMError
from mesa_llm_city.core.secrets import redact
from mesa_llm_city.llm.base import Completion, Request
from mesa_llm_city.llm.clients.chat_parameters import ChatParameters
from mesa_llm_city.llm.clients.completions import completion_of, json_of
from mesa_llm_city.llm.clients.failures import failure, unavailable
from mesa_llm_city.llm.clients.offline import require_online
from mesa_llm_city.llm.clients.retry_hints import asked_wait_s
from mesa_llm_city.llm.clients.spec import ClientSpec
from mesa_llm_city.llm.clients.wire import advice_on_body, body_of

__all__ = ["HttpClient", "address_of"]

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_NAMES_KEPT_S = 300
_IDLE_S = 60.0


class HttpClient:
    """A chat client on one pool of connections; made on the loop that uses it.

    Parameters
    ----------
    spec : ClientSpec
        Address, name of the key's variable, and whether the server enforces schemas.

    Raises
    ------
    ConfigError
        If the key's variable is not set.
    """

    def __init__(self, spec: ClientSpec) -> None:
        self.spec = spec
        self._base = str(spec.api_base)
        self._key = spec.key()
        self._parameters = ChatParameters(spec)
        self._has_answered = False
        self._timeouts: dict[float, aiohttp.ClientTimeout] = {}
        # The engine limits what is in flight; a second limit here would only hide a queue.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, ttl_dns_cache=_NAMES_KEPT_S, keepalive_timeout=_IDLE_S
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_headers(self._key, self._base),
            proxy=_proxy_to(self._base),
        )

    async def complete(self, request: Request, *, timeout_s: float) -> Completion:
        """Send one request once (see `ChatClient.complete`)."""
        sent = self._parameters.of(request)
        answer = await self.post(
            "/chat/completions", body_of(request, sent), timeout_s=timeout_s, parameters=sent
        )
        completion = completion_of(answer)
        self._has_answered = True
        return completion

    @property
    def refused(self) -> tuple[str, ...]:
        """Parameters that the model refuses."""
        return self._parameters.refused

    async def post(
        self,
        path: str,
        body: bytes,
        *,
        timeout_s: float,
        parameters: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - as in json.loads
        """Send JSON to a path below the address and return the JSON that comes back.

        Parameters
        ----------
        path : str
            Path below the address of the server.
        body : bytes
            The JSON.
        timeout_s : float
            Longest wait, in seconds.
        parameters : mapping, optional
            The parameters in the body, of which the server may refuse one.

        Raises
        ------
        LLMError
            If none comes back (see `failure`), or requests are forbidden.
        """
        require_online()
        try:
            async with self._session.post(
                address_of(self._base, path),
                data=body,
                timeout=self._timeout(timeout_s),
                allow_redirects=False,
            ) as response:
                body = await response.read()
                if response.status != 200:
                    raise self._refusal(response, body, parameters or {})
        except TimeoutError:
            message = (
                f"{self._base} gave no answer within {timeout_s:g} s; "
                "lower --in-flight or raise --timeout-s"
            )
            raise unavailable(message, cause="timeout") from None
        except aiohttp.ClientSSLError as error:
            message = f"{self._base} has no certificate to be trusted: {error}"
            raise unavailable(message, fatal=True) from None
        except aiohttp.ClientConnectorError as error:
            message = f"{self._base} cannot be reached ({error}); check that the server runs"
            raise unavailable(message) from None
        except aiohttp.ClientError as error:
            message = f"{self._base} broke off: {type(error).__name__} {error}"
            raise unavailable(message) from None
        return self._json(body)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    def _timeout(self, timeout_s: float) -> aiohttp.ClientTimeout:
        if timeout_s not in self._timeouts:
            self._timeouts[timeout_s] = aiohttp.ClientTimeout(total=timeout_s)
        return self._timeouts[timeout_s]

    def _refusal(
        self, response: aiohttp.ClientResponse, body: bytes, parameters: Mapping[str, Any]
    ) -> LLMError:
        detail = redact(body.decode(errors="replace"))  # some servers repeat the key they refuse
        if refusal := self._parameters.refusal(parameters, response.status, detail):
            return refusal
        wait_s = asked_wait_s(response.headers, detail)
        return failure(response.status, detail, wait_s=wait_s, has_key=bool(self._key))

    def _json(self, body: bytes) -> Any:  # noqa: ANN401 - as in json.loads
        try:
            return json_of(body)
        except ValueError:
            start = redact(body.decode(errors="replace")).strip()[:80]
        message = f"{self._base} sent no JSON but {start!r}"
        # Of a server that has answered before, it is a passing fault of something in between.
        if not self._has_answered and (advice := advice_on_body(start)):
            message += f"; {advice}"
            raise unavailable(message, fatal=True)
        raise unavailable(message)


@lru_cache(maxsize=32)
def address_of(base: str, path: str) -> str:
    """Return the address of a path below another one, whose query stays behind it.

    Examples
    --------
    >>> address_of("http://127.0.0.1:8000/v1/?api-version=1", "/embeddings")
    'http://127.0.0.1:8000/v1/embeddings?api-version=1'
    """
    parts = urlsplit(base)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + path))


def _headers(key: str | None, address: str) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if not key:
        return headers
    if "api-version=" in address:  # as Azure has it
        headers["api-key"] = key
    return {**headers, "Authorization": f"Bearer {key}"}


def _proxy_to(address: str) -> str | None:
    """Return the proxy that the environment names for an address, looked up once."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if host in _LOOPBACK or proxy_bypass(host):
        return None
    return getproxies().get(parts.scheme)
