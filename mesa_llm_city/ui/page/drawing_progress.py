"""Whether a page has drawn what it was asked to draw."""

from __future__ import annotations

from threading import Condition

__all__ = ["DrawingProgress"]

_LONGEST_S = 5.0


class DrawingProgress:
    """The number of the redraw that was asked for last, and of the one that is done.

    Examples
    --------
    >>> progress = DrawingProgress()
    >>> progress.ask(1)
    >>> progress.wait(0.01)
    False
    >>> progress.reach(1)
    >>> progress.wait(0.01)
    True
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._asked = self._reached = 0
        self._has_ended = False

    def ask(self, number: int) -> None:
        """Note that a redraw is asked for.

        Parameters
        ----------
        number : int
            Its number; they rise.
        """
        with self._changed:
            self._asked = number

    def reach(self, number: int) -> None:
        """Note that a redraw is done.

        Parameters
        ----------
        number : int
            Its number.
        """
        with self._changed:
            self._reached = number
            self._changed.notify_all()

    def end(self) -> None:
        """Note that the page is closed, so that nobody waits for it any more."""
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def wait(self, timeout_s: float = _LONGEST_S) -> bool:
        """Wait for the redraw that was asked for last; return False if that takes too long.

        Parameters
        ----------
        timeout_s : float, default 5
            Longest time to wait, in seconds.
        """
        with self._changed:
            return self._changed.wait_for(self._is_done, timeout_s)

    def _is_done(self) -> bool:
        return self._has_ended or self._reached >= self._asked
