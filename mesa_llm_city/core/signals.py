"""Ctrl-C and SIGTERM while something has to be brought to its end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["signals_held"]

_HELD = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def signals_held() -> Iterator[Callable[[], bool]]:
    """Hold back Ctrl-C and SIGTERM inside the block, and tell whether one has come.

    Only the main thread of a process gets signals; in another one nothing is held back.

    Yields
    ------
    callable
        Returns whether a signal has come since the block began.

    Examples
    --------
    >>> with signals_held() as is_called_off:
    ...     before = is_called_off()
    ...     signal.raise_signal(signal.SIGINT)
    ...     before, is_called_off()
    (False, True)
    """
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = {one: signal.signal(one, lambda number, _: came.append(number)) for one in _HELD}
    try:
        yield lambda: bool(came)
    finally:
        for one, handler in before.items():
            signal.signal(one, signal.SIG_DFL if handler is None else handler)
