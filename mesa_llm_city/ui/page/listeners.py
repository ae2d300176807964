"""Whom to tell of a change: pages of several browsers, each in the kernel it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from typing import Any

from solara.server import kernel_context

__all__ = ["Listeners", "outside_kernels"]

Call = Callable[[], object]


class Listeners:
    """Functions to call on a change, from any thread.

    A page of Solara can be changed only with its own kernel as the current one, which another
    thread does not have. So each function is called with the kernel in which it was added, and
    not at all once that kernel is closed.

    Examples
    --------
    >>> listeners, heard = Listeners(), []
    >>> stop = listeners.add(lambda: heard.append("a change"))
    >>> listeners.tell()
    >>> stop()
    >>> listeners.tell()
    >>> heard
    ['a change']
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._added: dict[int, tuple[Call, Any]] = {}
        self._count = 0

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._added)

    def add(self, call: Call) -> Callable[[], None]:
        """Add a function, and return what takes it away again."""
        kernel = _current_kernel()
        with self._lock:
            self._count += 1
            number = self._count
            self._added[number] = call, kernel
        return lambda: self._remove(number)

    def tell(self) -> None:
        """Call all functions."""
        with self._lock:
            added = list(self._added.items())
        for number, (call, kernel) in added:
            if kernel is not None and kernel.closed_event.is_set():
                self._remove(number)
                continue
            with _in(kernel):
                call()

    def _remove(self, number: int) -> None:
        with self._lock:
            self._added.pop(number, None)


def _in(kernel: Any) -> AbstractContextManager[Any]:  # noqa: ANN401 - a kernel of Solara
    return nullcontext() if kernel is None else kernel


@contextmanager
def outside_kernels() -> Iterator[None]:
    """Let threads that are made inside belong to no kernel.

    Otherwise a thread keeps the kernel of the page that made it alive, as long as it lives.
    """
    kernel = _current_kernel()
    kernel_context.set_current_context(None)
    try:
        yield
    finally:
        kernel_context.set_current_context(kernel)


def _current_kernel() -> Any:  # noqa: ANN401 - a kernel of Solara
    known = kernel_context.has_current_context()
    return kernel_context.get_current_context() if known else None
