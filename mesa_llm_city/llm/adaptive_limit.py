"""How many requests may be under way: fewer when a server cannot keep up, more when it can."""

from __future__ import annotations

__all__ = ["AdaptiveLimit"]

_SHARE_OF_ANSWERED = 0.8
_ANSWERS_PER_STEP = 200


class AdaptiveLimit:
    """A limit that grows by one per round of answers, and is halved when it was too much.

    A server with one slot answers some of many requests before the others run into their
    timeout. The limit then falls to a little below the number it has answered meanwhile, and
    does not come back to where it failed before long.

    Parameters
    ----------
    most : int
        Greatest limit, at which it begins.

    References
    ----------
    .. [1] Chiu and Jain (1989), Analysis of the increase and decrease algorithms for congestion
       avoidance in computer networks. Computer Networks and ISDN Systems 17, 1-14.

    Examples
    --------
    >>> limit = AdaptiveLimit(64)
    >>> limit.timed_out(sent_s=0.0, at_s=60.0, answered=12)
    >>> limit.now
    9
    """

    __slots__ = ("_ceiling", "_limit", "_lowered_s", "_most")

    def __init__(self, most: int) -> None:
        self._most = float(most)
        self._ceiling = float(most)
        self._limit = float(most)
        self._lowered_s = float("-inf")

    @property
    def now(self) -> int:
        """The limit, at least 1."""
        return max(1, int(self._limit))

    def answered(self) -> None:
        """Note an answer."""
        self._ceiling = min(self._most, self._ceiling + 1.0 / _ANSWERS_PER_STEP)
        self._limit = min(self._ceiling, self._limit + 1.0 / self._limit)

    def timed_out(self, *, sent_s: float, at_s: float, answered: int) -> None:
        """Note a request without an answer in time, and how many others got one meanwhile."""
        if sent_s < self._lowered_s:  # sent before the limit fell: it says nothing new
            return
        self._ceiling = max(1.0, self._limit / 2.0)
        self._limit = max(1.0, min(self._ceiling, _SHARE_OF_ANSWERED * answered))
        self._lowered_s = at_s

    def refused(self, *, sent_s: float, at_s: float) -> None:
        """Note that a server asks for fewer requests."""
        if sent_s >= self._lowered_s:
            self._limit = max(1.0, self._limit / 2.0)
            self._lowered_s = at_s
