"""A server on the loopback interface that answers like a language model, and fails like one.

What it answers, how long it takes and whether it fails depend on the request alone (a failure
also on how often that request has come), so a test sees the same chaos in every run. It is
written on bare protocols, so that it takes little time beside the client that is measured.

Run as a program it serves until its standard input ends, or for ten minutes at most.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from itertools import accumulate
from math import exp
from statistics import NormalDist
from threading import Event, Thread
from typing import Any, Self

from mesa_llm_city.llm.base import Address, Request
from mesa_llm_city.llm.clients.scripted import fill_schema

LOOPBACK = "127.0.0.1"
LIFETIME_S = 600.0
NORMAL = NormalDist()
CHAIN = re.compile(rb"chain-\d+-\d+")
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chaos:
    """How the server behaves; rates are shares of all tries, in [0, 1]."""

    delay_s: float = 0.0  # median time to an answer
    sigma: float = 0.0  # of its logarithm; 0 means always `delay_s`
    rate_429: float = 0.0
    rate_500: float = 0.0
    rate_503: float = 0.0
    rate_reset: float = 0.0  # the connection is cut without an answer
    rate_truncated: float = 0.0  # the body ends before its length
    rate_malformed: float = 0.0  # the body is no JSON
    rate_cut: float = 0.0  # the answer's own JSON ends early, as if tokens had run out
    rate_refusal: float = 0.0  # the model declines
    retry_after_s: float = 0.01  # told with 429
    context_chars: int = 1_000_000  # longer bodies overflow the context
    key: str = ""  # if set, other keys are unauthorized
    echo_key: bool = False  # and repeated in the message, as some servers do
    fail_first: int = 0  # so many tries get a 503, whatever else is set
    text: str = ""  # said by all answers, if set


@dataclass(slots=True)
class Stats:
    """What the server has seen."""

    requests: int = 0
    in_flight: int = 0
    max_in_flight: int = 0
    connections: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    chain_s: dict[str, list[float]] = field(default_factory=dict)  # delays by "chain-..."
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Return the numbers for another process."""
        counted = ("requests", "max_in_flight", "connections", "statuses", "chain_s")
        return {name: getattr(self, name) for name in counted}


class LoopbackServer:
    """The server, in a thread of its own while it is open."""

    def __init__(self, chaos: Chaos | None = None, *, keep_bodies: bool = True) -> None:
        self.chaos = chaos or Chaos()
        self.stats = Stats()
        self.keep_bodies = keep_bodies
        self.seen: Counter[bytes] = Counter()
        self.base_url = ""
        self._ready = Event()
        self._loop = asyncio.new_event_loop()
        self._wires: dict[int, Wire] = {}
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Start serving."""
        self._thread.start()
        self._ready.wait(10.0)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10.0)

    def behave(self, chaos: Chaos) -> None:
        """Behave differently from now on, and forget what was seen."""
        self.chaos, self.stats = chaos, Stats()

    def _run(self) -> None:
        listening = self._loop.run_until_complete(
            self._loop.create_server(lambda: Wire(self), LOOPBACK, 0, backlog=4096)
        )
        self.base_url = f"http://{LOOPBACK}:{listening.sockets[0].getsockname()[1]}/v1"
        self._loop.call_later(LIFETIME_S, self._loop.stop)
        self._ready.set()
        self._loop.run_forever()
        listening.close()
        for wire in list(self._wires.values()):
            wire.abort()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def admit(self, wire: Wire) -> None:
        """Note a connection."""
        self.stats.connections += 1
        self._wires[id(wire)] = wire

    def dismiss(self, wire: Wire) -> None:
        """Forget a connection."""
        self._wires.pop(id(wire), None)


class Wire(asyncio.Protocol):
    """One connection: requests come one after another, each answered in its time."""

    def __init__(self, server: LoopbackServer) -> None:
        self.server = server
        self.buffer = b""
        self.key = ""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.server.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as in asyncio
        """Forget the connection."""
        self.transport = None
        self.server.dismiss(self)

    def abort(self) -> None:
        """Cut the connection."""
        if self.transport is not None:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Gather a request, and serve it when it is complete."""
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        if len(rest) >= length:
            self.buffer = rest[length:]
            self._serve(first.split(" ")[1], headers, rest[:length])

    def _serve(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        if path.endswith("/stats"):
            self._send(200, self.server.stats.told())
        elif path.endswith("/embeddings"):
            self._embed(json.loads(body))
        else:
            self._chat(headers, body)

    def _embed(self, asked: Mapping[str, Any]) -> None:
        self.server.stats.requests += 1
        if self.server.stats.requests <= self.server.chaos.fail_first:
            self._send(503, {"error": {"message": "chaos: 503"}})
        else:
            self._send(200, _vectors(asked))

    def _chat(self, headers: Mapping[str, str], body: bytes) -> None:
        chaos, stats, asked = self.server.chaos, self.server.stats, json.loads(body)
        self.key = headers.get("authorization", "")
        stats.requests += 1
        stats.in_flight += 1
        stats.max_in_flight = max(stats.max_in_flight, stats.in_flight)
        if self.server.keep_bodies:
            stats.bodies.append(asked)
            stats.keys.append(self.key)
        delay_s = chaos.delay_s * exp(chaos.sigma * NORMAL.inv_cdf(_share(body, b"delay")))
        event = self._event(body)
        stats.statuses[event] += 1
        chain = name.group().decode() if (name := CHAIN.search(body)) else ""
        stats.chain_s.setdefault(chain, []).append(delay_s)
        asyncio.get_running_loop().call_later(delay_s, self._answer, event, asked, body)

    def _event(self, body: bytes) -> str:
        """Say what becomes of this try."""
        chaos, nth = self.server.chaos, self.server.seen[body]
        self.server.seen[body] += 1
        if chaos.key and self.key != f"Bearer {chaos.key}":
            return "401"
        if len(body) > chaos.context_chars:
            return "overflow"
        if self.server.stats.requests <= chaos.fail_first:
            return "503"
        names = [one.name for one in fields(chaos) if one.name.startswith("rate_")]
        share = _share(body, b"event %d" % nth)
        tops = accumulate(getattr(chaos, name) for name in names)
        hit = (name for name, top in zip(names, tops, strict=True) if share < top)
        return next(hit, "rate_200").removeprefix("rate_")

    def _answer(self, event: str, asked: Mapping[str, Any], body: bytes) -> None:
        self.server.stats.in_flight -= 1
        if event == "reset":
            self.abort()
        elif event == "truncated":
            self._send(200, _completion(asked, self._text(asked, body)), cut=20)
        elif event == "malformed":
            self._write(200, b"<html>busy</html>", {}, 0)
        elif event == "overflow":
            told = {"message": "maximum context length is 9 tokens", "code": "context_length"}
            self._send(400, {"error": told})
        elif event in {"401", "429", "500", "503"}:
            wait = {"Retry-After": f"{self.server.chaos.retry_after_s:g}"} if event == "429" else {}
            key = self.key.removeprefix("Bearer ") if self.server.chaos.echo_key else "that"
            told = {"message": f"chaos: {event}, {key} is no key"}
            self._send(int(event), {"error": told}, headers=wait)
        else:
            self._send(200, _completion(asked, self._text(asked, body), event))

    def _text(self, asked: Mapping[str, Any], body: bytes) -> str:
        if self.server.chaos.text:
            return self.server.chaos.text
        form = asked.get("response_format", {}).get("json_schema", {}).get("schema")
        if form is None:
            return f"answer {blake2b(body, digest_size=4).hexdigest()}"
        address = Address(blake2b(body, digest_size=8).hexdigest(), 0, "loopback")
        return fill_schema(Request(model="", messages=(), address=address, schema=form))

    def _send(
        self,
        status: int,
        payload: object,
        *,
        headers: Mapping[str, str] | None = None,
        cut: int = 0,
    ) -> None:
        self._write(status, json.dumps(payload).encode(), headers or {}, cut)

    def _write(self, status: int, body: bytes, headers: Mapping[str, str], cut: int) -> None:
        if self.transport is None:
            return
        lines = [
            f"HTTP/1.1 {status} {REASONS.get(status, 'Error')}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        head = "\r\n".join([*lines, "", ""]).encode()
        self.transport.write(head + body[: len(body) - cut])
        if cut:
            self.transport.close()


def _share(body: bytes, salt: bytes) -> float:
    """Return a number in (0, 1) that belongs to a request."""
    word = int.from_bytes(blake2b(body + salt, digest_size=8).digest(), "little")
    return (word + 0.5) / 2.0**64


def _completion(asked: Mapping[str, Any], text: str, event: str = "200") -> dict[str, Any]:
    said: dict[str, Any] = {"role": "assistant", "content": text}
    if event == "refusal":
        said = {"role": "assistant", "content": None, "refusal": "I would rather not."}
    if event == "cut":
        said["content"] = text[: len(text) // 2]
    prompt = len(json.dumps(asked.get("messages", ""))) // 4
    return {
        "id": "chatcmpl-loopback",
        "object": "chat.completion",
        "created": 0,
        "model": asked.get("model", ""),
        "choices": [
            {"index": 0, "message": said, "finish_reason": "length" if event == "cut" else "stop"}
        ],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": len(text) // 4 + 1,
            "total_tokens": prompt + len(text) // 4 + 1,
            "prompt_tokens_details": {"cached_tokens": prompt // 2},
        },
    }


def _vectors(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the embeddings of texts: their length and their number of vowels."""
    rows = [
        [float(len(text)), float(len([c for c in text if c in "aeiou"]))] for text in asked["input"]
    ]
    data = [{"index": index, "embedding": row} for index, row in enumerate(rows)]
    return {"data": data[::-1], "usage": {"prompt_tokens": 1, "total_tokens": 1}}


@contextmanager
def serving(**chaos: Any) -> Iterator[LoopbackServer]:  # noqa: ANN401 - the fields of Chaos
    """Serve with the given `Chaos` while the context lasts."""
    with LoopbackServer(Chaos(**chaos)) as server:
        yield server


def main() -> None:
    """Serve until the standard input ends; the first line of output is the address."""
    parser = argparse.ArgumentParser(description="a loopback server that answers like a model")
    parser.add_argument("--delay-s", type=float, default=0.2)
    parser.add_argument("--sigma", type=float, default=0.0)
    options = parser.parse_args()
    chaos = Chaos(delay_s=options.delay_s, sigma=options.sigma)
    with LoopbackServer(chaos, keep_bodies=False) as server:
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
