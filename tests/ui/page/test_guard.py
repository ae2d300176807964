"""The guard of the server: names and origins that are accepted, and the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from mesa_llm_city.ui.page.guard import Guard

pytest.importorskip("starlette")

_HOME = "127.0.0.1:8765"


async def _answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - of ASGI
    del receive
    kind = "websocket.accept" if scope["type"] == "websocket" else "http.response.start"
    await send({"type": kind, "status": 200, "headers": []})


def _asked(guard: Guard, kind: str = "GET", **headers: str) -> dict[str, Any]:
    """Return the first message of the answer to a request."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "websocket" if kind == "websocket" else "http",
        "method": kind,
        "path": "/",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(guard(scope, _nothing, send))  # type: ignore[arg-type]
    return sent[0]


async def _nothing() -> dict[str, Any]:
    return {"type": "http.request"}


def _is_accepted(guard: Guard, kind: str = "GET", **headers: str) -> bool:
    first = _asked(guard, kind, **headers)
    return first["type"] == "websocket.accept" or first.get("status") == 200


@pytest.fixture
def guard() -> Callable[..., Guard]:
    """Return what makes a guard."""
    return lambda host="127.0.0.1", *names: Guard(_answer, host, names)


@pytest.mark.parametrize("host", [_HOME, "localhost:8765", "[::1]:8765", "LOCALHOST", "127.0.0.2"])
def test_names_of_this_machine_are_accepted(guard: Callable[..., Guard], host: str) -> None:
    assert _is_accepted(guard(), host=host)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "192.168.1.5:8765", "localhost@evil.example", ""],
)
def test_other_names_are_refused_with_the_way_out(guard: Callable[..., Guard], host: str) -> None:
    assert _asked(guard(), host=host)["status"] == 403
    assert "--allow-host" in guard().trouble(
        {"type": "http", "method": "GET", "headers": [(b"host", host.encode())]}
    )


def test_a_server_for_others_answers_to_any_address_but_not_to_any_name(
    guard: Callable[..., Guard],
) -> None:
    opened = guard("0.0.0.0", "city.example")  # noqa: S104 - what a user may ask for
    for host in ("192.168.1.5:8765", "city.example", "localhost"):
        assert _is_accepted(opened, host=host)
    assert not _is_accepted(opened, host="evil.example")


@pytest.mark.parametrize("kind", ["websocket", "POST"])
def test_only_pages_of_this_server_may_use_it(guard: Callable[..., Guard], kind: str) -> None:
    assert _is_accepted(guard(), kind, host=_HOME)
    assert _is_accepted(guard(), kind, host=_HOME, origin=f"http://{_HOME}")
    for origin in ("http://evil.example", "null", "http://127.0.0.1:9999", f"http://{_HOME}0"):
        assert not _is_accepted(guard(), kind, host=_HOME, origin=origin)
    # Behind a proxy the page has the proxy's name.
    behind = guard("127.0.0.1", "hub.example")
    assert _is_accepted(behind, kind, host=_HOME, origin="https://hub.example")


def test_a_connection_that_is_refused_is_never_opened(guard: Callable[..., Guard]) -> None:
    first = _asked(guard(), "websocket", host=_HOME, origin="http://evil.example")
    assert first["type"] == "websocket.close"


def test_answers_tell_browsers_to_load_nothing_from_elsewhere(guard: Callable[..., Guard]) -> None:
    headers = dict(_asked(guard(), host=_HOME)["headers"])
    assert headers[b"content-security-policy"].startswith(b"default-src 'self' ")
