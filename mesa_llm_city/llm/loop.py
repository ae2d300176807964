"""The one event loop of a process, in a thread of its own, so that callers may be synchronous."""

from __future__ import annotations

import asyncio
import atexit
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import wait
from functools import lru_cache
from threading import Thread, current_thread
from typing import Any, Protocol, TypeVar

__all__ = ["Closing", "LoopThread", "shared_loop"]

T = TypeVar("T")
_CLOSE_S = 5.0


class Closing(Protocol):
    """Something on the loop that has to be closed before the loop ends."""

    async def close(self) -> None:
        """Close what is open."""
        ...


class LoopThread:
    """An event loop in a daemon thread, with what is open on it."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        # Kept until they are closed. Were one collected in a forked child, its sockets would
        # leave the parent's selector, which both processes share.
        self._resources: dict[int, Closing] = {}
        self._thread = Thread(target=self.loop.run_forever, name="mesa-llm-city", daemon=True)
        self._thread.start()

    def call(self, function: Callable[..., object], *args: object) -> None:
        """Call a function on the loop, soon."""
        self.loop.call_soon_threadsafe(function, *args)

    def run(self, steps: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop and return its value; Ctrl-C cancels it."""
        running = asyncio.run_coroutine_threadsafe(steps, self.loop)
        try:
            return running.result()
        except BaseException:
            running.cancel()
            raise

    def add(self, resource: Closing) -> None:
        """Add something that has to be closed before the loop ends."""
        self._resources[id(resource)] = resource

    def remove(self, resource: Closing) -> None:
        """Remove something and close it; in a forked child, leave that to the parent."""
        if os.getpid() != self.pid or not self._resources.pop(id(resource), None) or not self.alive:
            return
        closing = asyncio.run_coroutine_threadsafe(resource.close(), self.loop)
        if current_thread() is not self._thread:  # a collector may call from there
            wait([closing], _CLOSE_S)

    @property
    def alive(self) -> bool:
        """Whether the loop still runs."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Close all that is open and end the loop; a second call does nothing."""
        if os.getpid() != self.pid or not self.alive:
            return
        for resource in list(self._resources.values()):
            self.remove(resource)
        self.call(self.loop.stop)
        self._thread.join(_CLOSE_S)
        self.loop.close()


def shared_loop() -> LoopThread:
    """Return the loop of this process; a forked child gets one of its own."""
    return _loop_of(os.getpid())


@lru_cache(maxsize=1)
def _loop_of(pid: int) -> LoopThread:  # noqa: ARG001 - the key of the cache
    home = LoopThread()
    atexit.register(home.stop)
    return home
