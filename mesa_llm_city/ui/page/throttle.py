"""Redraw less often than the model steps: at once when due, and once more at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from threading import Timer
from typing import Any, Generic, TypeVar, cast

import solara

__all__ = ["CHARTS_S", "Throttle", "use_throttled"]

CHARTS_S = 0.5
"""Shortest time between two drawings of a chart, in seconds."""

T = TypeVar("T")
_NEVER = float("-inf")


class Throttle(Generic[T]):
    """Keeps the latest value, and makes a new one no more often than allowed.

    Parameters
    ----------
    every_s : float
        Shortest time between two new values, in seconds.
    now : callable, default time.monotonic
        Reads a clock, in seconds.

    Examples
    --------
    >>> seconds = iter([0.0, 0.1, 0.6])
    >>> throttle = Throttle(0.5, now=lambda: next(seconds))
    >>> [throttle.get(made, lambda made=made: f"made at {made}") for made in (1, 2, 3)]
    ['made at 1', 'made at 1', 'made at 3']
    """

    def __init__(self, every_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self.every_s = every_s
        self.wait_s = 0.0
        self._now = now
        self._made_s = _NEVER
        self._key: Hashable = None
        self._urgent: Hashable = None
        self._value: T | None = None

    def get(self, key: Hashable, make: Callable[[], T], *, urgent: Hashable = None) -> T:
        """Return a new value of `make`, or its latest value if it is too soon.

        Afterwards `wait_s` is the time to wait for the next call, 0 if none is needed.

        Parameters
        ----------
        key : hashable
            As long as it stays the same, no new value is made.
        make : callable
            Makes the value.
        urgent : hashable, optional
            When it changes, the value is made at once.
        """
        now = self._now()
        changed = (key, urgent) != (self._key, self._urgent) or self._made_s == _NEVER
        left = self.every_s - (now - self._made_s)
        if changed and (left <= 0.0 or urgent != self._urgent):
            self._value, self._made_s = make(), now
            self._key, self._urgent = key, urgent
            changed = False
        self.wait_s = max(left, 0.001) if changed else 0.0
        return cast("T", self._value)


def use_throttled(
    key: Hashable, make: Callable[[], T], *, every_s: float = CHARTS_S, urgent: Hashable = None
) -> T:
    """Return what `make` makes, inside a component, at most every so often.

    What is left out is made up for: the component draws itself once more when it is due,
    so that the last state is shown after a pause.

    Parameters
    ----------
    key : hashable
        The value depends on it, such as the minute of the run.
    make : callable
        Makes the value; called while rendering.
    every_s : float, default 0.5
        Shortest time between two new values, in seconds.
    urgent : hashable, optional
        A change of it is shown at once, such as the person who is selected.
    """
    throttle: Throttle[T] = solara.use_memo(lambda: Throttle(every_s), [every_s])
    _, come_again = solara.use_state(0)
    value = throttle.get(key, make, urgent=urgent)
    late = throttle.wait_s > 0.0

    def wait() -> Callable[[], Any] | None:
        if not late:
            return None
        timer = Timer(throttle.wait_s, lambda: come_again(_next))
        timer.daemon = True
        timer.start()
        return timer.cancel

    solara.use_effect(wait, [late])
    return value


def _next(count: int) -> int:
    return count + 1
