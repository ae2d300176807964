"""How many steps a second a run really makes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

__all__ = ["Pace"]

_WINDOW_S = 4.0


class Pace:
    """The steps of the last seconds, and how many of them there are a second.

    Parameters
    ----------
    now : callable, default time.monotonic
        Reads a clock, in seconds.

    Examples
    --------
    >>> seconds = iter([0.0, 0.5, 1.0])
    >>> pace = Pace(now=lambda: next(seconds))
    >>> for _ in range(3):
    ...     pace.note()
    >>> pace.per_s
    2.0
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._ends: deque[float] = deque()

    def note(self) -> None:
        """Note that a step has ended now."""
        end_s = self._now()
        self._ends.append(end_s)
        while end_s - self._ends[0] > _WINDOW_S and len(self._ends) > 2:
            self._ends.popleft()

    def forget(self) -> None:
        """Begin anew, as after a pause."""
        self._ends.clear()

    @property
    def per_s(self) -> float | None:
        """Steps a second; None before there are two of them."""
        # A copy, since another thread may note a step meanwhile.
        ends = tuple(self._ends)
        if len(ends) < 2 or ends[-1] <= ends[0]:
            return None
        return (len(ends) - 1) / (ends[-1] - ends[0])
