"""Who may use the page: names of the server, and origins of the pages that ask."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Guard", "host_name", "is_loopback"]

_LOCALHOST = "localhost"
_FORBIDDEN = 403
# RFC 6455, section 7.4.1: a policy does not allow the connection.
_POLICY_VIOLATION = 1008
_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
# What the page loads comes from this server; Vue and anywidget compile scripts in the browser.
_CONTENT_POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "
    "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)


class Guard:
    """Refuses requests under foreign names, and requests that foreign pages send.

    A page of another site can make a browser connect to a server on this machine, and by a
    name that it points here (DNS rebinding) even read the answers. Browsers tell the name that
    was called (Host) and the page that asks (Origin), so both are checked.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    host : str
        Address on which the server listens. Loopback is called by a loopback address or
        ``localhost``; any other address by any IP address or a name of this machine as well.
    names : sequence of str, optional
        Further names that are accepted, also as the origin of a page, such as that of a proxy.
    """

    def __init__(self, app: ASGIApp, host: str, names: Sequence[str] = ()) -> None:
        self.app = app
        self._is_open = not is_loopback(host)
        self._named = frozenset(name.lower() for name in names)
        own = {_LOCALHOST, host.lower(), *self._named}
        if self._is_open:
            machine = socket.gethostname().lower()
            own |= {machine, f"{machine}.local", socket.getfqdn().lower()}
        self._own = frozenset(own)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        trouble = self.trouble(scope)
        if not trouble:
            await self.app(scope, receive, _with_policy(send))
        elif scope["type"] == "websocket":
            close = {"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": trouble[:120]}
            await send(close)
        else:
            from starlette.responses import PlainTextResponse

            refusal = PlainTextResponse(
                f"{trouble}\n", _FORBIDDEN, {"X-Content-Type-Options": "nosniff"}
            )
            await refusal(scope, receive, send)

    def trouble(self, scope: Scope) -> str:
        """Return why a request is refused; empty for one that is accepted."""
        hosts, origins = _headers(scope, b"host"), _headers(scope, b"origin")
        if len(hosts) != 1 or not self._accepts(host_name(hosts[0])):
            called = ", ".join(hosts) or "no name"
            return (
                f"This page does not answer to {called[:100]!r}. If that is a name of this server, "
                "start it with --allow-host and this name."
            )
        if scope["type"] == "http" and scope["method"] in _HARMLESS:
            return ""
        if all(self._is_same(origin, hosts[0]) for origin in origins):
            return ""
        return (
            f"The page at {', '.join(origins)[:100]!r} is not of this server, so it may not use "
            "it. If it is a proxy of yours, start the server with --allow-host and its name."
        )

    def _accepts(self, name: str) -> bool:
        if name in self._own or name.endswith(f".{_LOCALHOST}"):
            return True
        try:
            address = ip_address(name)
        except ValueError:
            return False
        return self._is_open or address.is_loopback

    def _is_same(self, origin: str, host: str) -> bool:
        parts = urlsplit(origin)
        return parts.netloc.lower() == host.lower() or (parts.hostname or "") in self._named


def is_loopback(host: str) -> bool:
    """Return whether an address can be reached from this machine alone.

    Examples
    --------
    >>> [is_loopback(host) for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0")]
    [True, True, True, False]
    """
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == _LOCALHOST


def host_name(host: str) -> str:
    """Return the name of a Host header without port and brackets, in lower case.

    Examples
    --------
    >>> [host_name(host) for host in ("Localhost:8765", "[::1]:8765", "127.0.0.1", "a@b")]
    ['localhost', '::1', '127.0.0.1', '']
    """
    if any(letter in host for letter in "@/?#\\ "):
        return ""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _headers(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _with_policy(send: Send) -> Send:
    """Let answers tell the browser to load nothing from elsewhere."""

    async def sending(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            more = (b"content-security-policy", _CONTENT_POLICY.encode())
            headers = message.get("headers", ())
            message = {**message, "headers": [*headers, more]}  # type: ignore[misc]
        await send(message)

    return sending  # type: ignore[return-value]
