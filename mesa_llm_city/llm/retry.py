"""Retry policy: rate limit, waits between tries, and when to give up (circuit breaker)."""

from __future__ import annotations

from dataclasses import dataclass

from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError, LLMUnavailableError
from mesa_llm_city.llm.adaptive_limit import AdaptiveLimit
from mesa_llm_city.llm.base import Completion

__all__ = ["EngineConfig", "Gate", "backoff_s", "flaw_of", "weight_of"]

_DOUBLINGS = 30
_BUSY_IN_A_ROW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineConfig:
    """Limits of requests at a time, waits and tries.

    Parameters
    ----------
    in_flight : int, default 64
        Greatest number of requests under way at once.
    timeout_s : float, default 60.0
        Longest wait for one try, in seconds.
    tries : int, default 12
        Greatest number of tries per request that fail for no known reason; a timeout counts
        three times. Those that a server puts off because it is busy (statuses 429, 503 and 529, or
        ``Retry-After``) do not count, except towards `wall_s`.
    wall_s : float, default 180.0
        A request is given up if this long, in seconds, neither it nor any other has been
        answered.
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
    tries: int = 12
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
    most = min(config.max_delay_s, config.base_delay_s * 2.0 ** min(tries - 1, _DOUBLINGS))
    return most * float(streams.rng(0, ticket, "retry", tries).random())


def weight_of(error: LLMUnavailableError) -> int:
    """Return how many of the tries of a request a failure uses up.

    None if the server asks for patience, three if the whole time was waited in vain.

    Examples
    --------
    >>> weight_of(LLMUnavailableError("the connection was reset"))
    1
    """
    if error.cause == "busy" or error.retry_after_s is not None:
        return 0
    return 3 if error.cause == "timeout" else 1


def flaw_of(completion: Completion) -> LLMUnavailableError | None:
    """Return what makes a response no answer of the model; None if it is one.

    Examples
    --------
    >>> flaw_of(Completion(text="", completion_tokens=0)).message
    'the server sent an empty answer'
    >>> flaw_of(Completion(text="Sleep.")) is None
    True
    """
    if completion.finish == "error":
        return LLMUnavailableError("the server broke its answer off")
    is_empty = completion.finish == "stop" and not completion.text.strip()
    if is_empty and not completion.completion_tokens:
        return LLMUnavailableError("the server sent an empty answer")
    return None


class Gate:
    """Rate limit and circuit breaker of an engine: says when a request may be sent.

    Times are those of the loop, in seconds. The gate closes when a server asks to wait, and
    when `breaker_after` requests in a row have failed; then it opens for one at a time until
    one succeeds. A server that is busy closes it for longer and longer.

    Parameters
    ----------
    config : EngineConfig
        Rate limit and breaker.
    in_flight : int
        Greatest number of requests under way at once.

    Attributes
    ----------
    answers : int
        Number of answers so far.
    worked_s : float
        When the latest one came.
    backlog_s : float
        How long the server may still work on requests that timed out, at most `wall_s`.

    Examples
    --------
    >>> gate = Gate(EngineConfig(breaker_after=1, breaker_pause_s=30.0), in_flight=8)
    >>> gate.failed(LLMUnavailableError("down"), at_s=100.0)
    >>> gate.wait_s(at_s=110.0), gate.limit
    (20.0, 1)
    """

    __slots__ = (
        *("_busy", "_busy_s", "_config", "_failures", "_in_flight", "_opens_s", "_since_s"),
        *("_is_trying", "answers", "backlog_s", "worked_s"),
    )

    def __init__(self, config: EngineConfig, in_flight: int) -> None:
        self._config = config
        self._in_flight = AdaptiveLimit(in_flight)
        self._opens_s = 0.0
        self._failures = self._busy = 0
        self._busy_s = self.worked_s = float("-inf")
        self._since_s: float | None = None
        self._is_trying = False
        self.backlog_s = 0.0
        self.answers = 0

    @property
    def broken(self) -> bool:
        """Whether too many requests in a row have failed."""
        return self._failures >= self._config.breaker_after

    @property
    def limit(self) -> int:
        """How many requests may be under way now."""
        return 1 if self.broken or self._is_trying else self._in_flight.now

    def wait_s(self, at_s: float) -> float:
        """Return how long the gate stays closed; 0 if it is open."""
        return max(0.0, self._opens_s - at_s)

    def sent(self, at_s: float) -> None:
        """Note that a request went out."""
        if self._config.per_min is not None:
            self._opens_s = max(self._opens_s, at_s) + 60.0 / self._config.per_min

    def worked(self, at_s: float) -> None:
        """Note that a server answered."""
        self._failures = self._busy = 0
        self._since_s = None
        self._is_trying = False
        self.backlog_s = 0.0
        self.worked_s = at_s
        self.answers += 1
        self._in_flight.answered()

    def rested(self) -> None:
        """Note that nothing was to be sent for a while: failures before it are over."""
        self._since_s = None

    def failed(
        self,
        error: LLMUnavailableError,
        at_s: float,
        *,
        sent_s: float = float("inf"),
        answered: int = 0,
    ) -> None:
        """Note a failure.

        Parameters
        ----------
        error : LLMUnavailableError
            What came instead of an answer, with its cause and how long the server asks to wait.
        at_s : float
            When it failed, by the monotonic clock, in seconds.
        sent_s : float, optional
            When the request was sent.
        answered : int, default 0
            How many others have been answered since.
        """
        self._since_s = at_s if self._since_s is None else self._since_s
        pause_s = error.retry_after_s or 0.0
        if error.cause == "busy":
            spared_s = self._busy_pause_s(at_s, sent_s)
            pause_s = max(pause_s, spared_s)
            if spared_s:  # a refusal now and then is no sign of too many requests
                self._in_flight.refused(sent_s=sent_s, at_s=at_s)
        elif not (error.cause == "timeout" and answered):  # else it is alive, and only slow
            self._failures += 1
        if error.cause == "timeout":
            self._slow_down(at_s, sent_s, answered)
        if self.broken:
            pause_s = max(pause_s, self._config.breaker_pause_s)
        self._opens_s = max(self._opens_s, at_s + pause_s)

    def _slow_down(self, at_s: float, sent_s: float, answered: int) -> None:
        """Ask less at a time, and for a while one by one.

        The server may still work on requests that nobody waits for any more, which takes it as
        long as it took for others; so much later it is expected to answer.
        """
        if answered or not self._is_trying:
            self._in_flight.timed_out(sent_s=sent_s, at_s=at_s, answered=answered)
        if answered:
            each_s = self._config.timeout_s / answered
            self.backlog_s = min(self._config.wall_s, self.backlog_s + each_s)
        self._is_trying = True

    def hopeless(self, at_s: float) -> bool:
        """Tell whether nothing has worked for longer than a request may take."""
        down_s = 0.0 if self._since_s is None else at_s - self._since_s
        return (self.broken or self._busy > 0) and down_s > self._config.wall_s

    def _busy_pause_s(self, at_s: float, sent_s: float) -> float:
        """Return how long to spare a server that is busy, time after time."""
        if sent_s >= self._busy_s:  # one round of refusals counts once
            self._busy, self._busy_s = self._busy + 1, at_s
        beyond = self._busy - _BUSY_IN_A_ROW
        if beyond < 0:
            return 0.0
        pause_s = self._config.base_delay_s * 2.0 ** min(beyond, _DOUBLINGS)
        return min(self._config.max_delay_s, pause_s)
