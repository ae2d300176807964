"""Retry policy: rate limit, waits between tries, and when to give up (circuit breaker)."""

from __future__ import annotations

from dataclasses import dataclass

from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError

__all__ = ["EngineConfig", "Gate", "backoff_s"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineConfig:
    """Limits of requests at a time, waits and tries.

    Parameters
    ----------
    in_flight : int, default 64
        Greatest number of requests under way at once.
    timeout_s : float, default 60.0
        Longest wait for one try, in seconds.
    tries : int, default 5
        Greatest number of tries per request. Tries that the server itself puts off (with
        ``Retry-After``) do not count, except towards `wall_s`.
    wall_s : float, default 180.0
        No try begins later than this after the first, in seconds.
    base_delay_s, max_delay_s : float, default 0.5 and 20.0
        Waits between tries (see `backoff_s`), in seconds.
    breaker_after : int, default 20
        After so many failures in a row nothing is sent for a while, then one at a time.
    breaker_pause_s : float, default 30.0
        How long nothing is sent then, in seconds.
    per_min : float, optional
        Greatest number of tries per minute, evenly spaced, as providers demand;
        at least one per `wall_s`.

    Raises
    ------
    ConfigError
        If a number is below 1, a time is not above 0, or `per_min` is too small.

    Examples
    --------
    >>> EngineConfig(tries=3).in_flight
    64
    """

    in_flight: int = 64
    timeout_s: float = 60.0
    tries: int = 5
    wall_s: float = 180.0
    base_delay_s: float = 0.5
    max_delay_s: float = 20.0
    breaker_after: int = 20
    breaker_pause_s: float = 30.0
    per_min: float | None = None

    def __post_init__(self) -> None:
        """Check that all numbers and times are positive."""
        for name in ("in_flight", "tries", "breaker_after"):
            if getattr(self, name) < 1:
                message = f"{name} must be at least 1, got {getattr(self, name)}"
                raise ConfigError(message)
        times = ("timeout_s", "wall_s", "base_delay_s", "max_delay_s", "breaker_pause_s")
        for name in (*times, "per_min"):
            if (value := getattr(self, name)) is not None and not value > 0:
                message = f"{name} must be above 0, got {value}"
                raise ConfigError(message)
        if self.per_min is not None and 60.0 / self.per_min > self.wall_s:
            least = 60.0 / self.wall_s
            message = (
                f"per_min must be at least {least:g} at wall_s={self.wall_s:g}, got {self.per_min}"
            )
            raise ConfigError(message)


def backoff_s(config: EngineConfig, ticket: int, tries: int) -> float:
    """Return how long to wait before the next try, in seconds: exponential, with full jitter.

    Parameters
    ----------
    config : EngineConfig
        Shortest and longest wait.
    ticket : int
        Number of the request; different requests wait differently.
    tries : int
        Number of tries so far, at least 1.

    Returns
    -------
    float
        Uniform in [0, min(max_delay_s, base_delay_s * 2 ** (tries - 1))).

    References
    ----------
    .. [1] Brooker (2015), Exponential backoff and jitter. AWS Architecture Blog.

    Examples
    --------
    >>> 0.0 <= backoff_s(EngineConfig(), ticket=7, tries=3) < 2.0
    True
    """
    most = min(config.max_delay_s, config.base_delay_s * 2.0 ** (tries - 1))
    return most * float(streams.rng(0, ticket, "retry", tries).random())


class Gate:
    """Rate limit and circuit breaker of an engine: says when a request may be sent.

    Times are those of the loop, in seconds. The gate closes when a server asks to wait, and
    when `breaker_after` requests in a row have failed; then it opens for one at a time until
    one succeeds.

    Parameters
    ----------
    config : EngineConfig
        Rate limit and breaker.
    in_flight : int
        Greatest number of requests under way at once.

    Examples
    --------
    >>> gate = Gate(EngineConfig(breaker_after=1, breaker_pause_s=30.0), in_flight=8)
    >>> gate.failed(at_s=100.0)
    >>> gate.wait_s(at_s=110.0), gate.limit
    (20.0, 1)
    """

    __slots__ = ("_config", "_failures", "_in_flight", "_opens_s", "_since_s")

    def __init__(self, config: EngineConfig, in_flight: int) -> None:
        self._config = config
        self._in_flight = in_flight
        self._opens_s = 0.0
        self._failures = 0
        self._since_s: float | None = None

    @property
    def broken(self) -> bool:
        """Whether too many requests in a row have failed."""
        return self._failures >= self._config.breaker_after

    @property
    def limit(self) -> int:
        """How many requests may be under way now."""
        return 1 if self.broken else self._in_flight

    def wait_s(self, at_s: float) -> float:
        """Return how long the gate stays closed; 0 if it is open."""
        return max(0.0, self._opens_s - at_s)

    def sent(self, at_s: float) -> None:
        """Note that a request went out."""
        if self._config.per_min is not None:
            self._opens_s = max(self._opens_s, at_s) + 60.0 / self._config.per_min

    def worked(self) -> None:
        """Note that a server answered."""
        self._failures = 0
        self._since_s = None

    def failed(self, at_s: float, *, wait_s: float = 0.0) -> None:
        """Note a failure, and how long the server asks to wait."""
        self._failures += 1
        self._since_s = at_s if self._since_s is None else self._since_s
        pause_s = self._config.breaker_pause_s if self.broken else 0.0
        self._opens_s = max(self._opens_s, at_s + max(wait_s, pause_s))

    def hopeless(self, at_s: float) -> bool:
        """Tell whether nothing has worked for longer than a request may take."""
        down_s = 0.0 if self._since_s is None else at_s - self._since_s
        return self.broken and down_s > self._config.wall_s
