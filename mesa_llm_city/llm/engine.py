"""Many requests to models at once, each answered as soon as it can be.

An `Engine` belongs to one synchronous caller. It hands batches to the event loop of the process
and gets answers back in batches, in the order in which they arrive; nobody waits for the slowest.
Retries, waits and the number of requests under way are decided here, for all clients alike; the
rules for that are in `retry`.
"""

from __future__ import annotations

import asyncio
import copy
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import Any, NamedTuple
from weakref import finalize

from mesa_llm_city.core.errors import LLMError, LLMUnavailableError
from mesa_llm_city.llm.base import ChatClient, Completion, Request
from mesa_llm_city.llm.clients import ClientSpec, open_client
from mesa_llm_city.llm.clients.failures import unavailable
from mesa_llm_city.llm.loop import LoopThread, shared_loop
from mesa_llm_city.llm.retry import EngineConfig, Gate, backoff_s, flaw_of, weight_of
from mesa_llm_city.llm.waiting_line import WaitingLine

__all__ = ["Done", "Engine", "EngineConfig", "Job"]

_LOOK_S = 0.5
_NOTICE_S = 0.1
_CANCEL_S = 5.0
_GATHER_S = 0.002
_GATHER_MANY_S = 0.01


class Job(NamedTuple):
    """A request to be sent.

    Attributes
    ----------
    ticket : int
        Number by which its answer is returned.
    request : Request
        The request.
    route : str, default ""
        Name of the model among the engine's `others`; its first one by default.
    ahead : float, default 0
        How many requests are expected to follow on its answer; those with more are sent first.
    """

    ticket: int
    request: Request
    route: str = ""
    ahead: float = 0.0


class Done(NamedTuple):
    """The result of a job: a completion, or the error instead of one.

    Attributes
    ----------
    ticket : int
        Number of the job.
    completion : Completion or None
        The answer.
    error : LLMError or None
        The error, if there is no answer.
    tries : int
        Number of times the request was sent.
    latency_s : float
        Time of the last try, in seconds.
    refused : tuple of str
        Parameters that the model has refused so far, and that are sent no more.
    """

    ticket: int
    completion: Completion | None
    error: LLMError | None
    tries: int
    latency_s: float
    refused: tuple[str, ...] = ()


class Engine:
    """Sends requests to models and returns what comes back.

    The client of a model is made when the first job for it comes, on the event loop of the
    process; an engine that was pickled, or taken along by a fork, makes its own.

    Parameters
    ----------
    spec : ClientSpec
        Which model, and how to reach it.
    config : EngineConfig, optional
        Limits of requests at a time, waits and tries, for each model.
    others : mapping of str to ClientSpec, optional
        Further models, by the name of their route.

    Examples
    --------
    >>> from mesa_llm_city.llm.base import Address
    >>> engine = Engine(ClientSpec(backend="scripted", model="-", script=lambda _: "yes"))
    >>> engine.submit([Job(1, Request(model="-", messages=(), address=Address("1", 0, "vote")))])
    >>> [(done.ticket, done.completion.text) for done in engine.take()]
    [(1, 'yes')]
    >>> engine.close()
    """

    def __init__(
        self,
        spec: ClientSpec,
        config: EngineConfig | None = None,
        *,
        others: Mapping[str, ClientSpec] | None = None,
    ) -> None:
        self.specs = {"": spec, **(others or {})}
        self.config = config or EngineConfig()
        self._forget()

    @property
    def pending(self) -> int:
        """Number of jobs submitted and not yet returned."""
        return self._pending

    def submit(self, jobs: Iterable[Job]) -> None:
        """Take jobs; each ticket comes back exactly once.

        Raises
        ------
        ConfigError
            If a client lacks a library, a key or a model file.
        """
        batches: dict[str, list[Job]] = {}
        for job in jobs:
            batches.setdefault(job.route, []).append(job)
        lanes = {route: self._ours().get(route) or self._open(route) for route in batches}
        is_beginning = not self._pending
        for route, batch in batches.items():
            self._pending += len(batch)
            lanes[route].home.call(lanes[route].accept, tuple(batch), is_beginning)

    def take(self) -> list[Done]:
        """Wait until a job is done and return all that are; empty if none is pending.

        Ctrl-C interrupts the wait and loses nothing: `drain` or `take` go on.
        """
        while self._ours() and self._pending:
            if done := self._collect(_LOOK_S):
                return done
        return []

    def hold(self) -> None:
        """Send nothing until `resume`; requests under way are still answered."""
        self._held = True
        for lane in [*self._ours().values()]:
            lane.home.call(lane.hold)

    def resume(self) -> None:
        """Send again after `hold`."""
        self._held = False
        for lane in [*self._ours().values()]:
            lane.home.call(lane.resume)

    def halt(self) -> None:
        """Return waiting jobs unsent, with an `LLMUnavailableError`."""
        for lane in [*self._ours().values()]:
            lane.home.call(lane.halt)

    def drain(
        self, timeout_s: float = 30.0, *, is_called_off: Callable[[], bool] = lambda: False
    ) -> Iterator[list[Done]]:
        """Send nothing more, and return everything pending, as it comes.

        Parameters
        ----------
        timeout_s : float, default 30.0
            How long to wait for what is under way; then it is cancelled.
        is_called_off : callable, optional
            Whether to cancel it now; asked ten times a second.

        Yields
        ------
        list of Done
            What was not sent, or was cancelled, comes back as an `LLMUnavailableError`.
        """
        self.halt()
        yield from self._batches(timeout_s, is_called_off)
        if self._pending:
            for lane in self._ours().values():
                lane.home.call(lane.cancel)
            yield from self._batches(_CANCEL_S)

    def close(self) -> None:
        """Cancel what is under way and close the clients; a later `submit` opens them again."""
        for lane in self._ours().values():
            lane.home.remove(lane)
        self._forget()

    def __getstate__(self) -> dict[str, object]:
        """Pickle specs and config; neither loop nor client travels."""
        return {"specs": self.specs, "config": self.config}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Take over specs and config, with nothing open."""
        self.specs, self.config = state["specs"], state["config"]
        self._forget()

    def _forget(self) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._out: SimpleQueue[list[Done]] = SimpleQueue()
        self._come: list[Done] = []
        self._pending = 0
        self._held = False
        self._pid = os.getpid()

    def _ours(self) -> dict[str, _Lane]:
        """Return the lanes, unless they are those of the process we were forked from."""
        if self._pid != os.getpid():
            self._forget()
        return self._lanes

    def _open(self, route: str) -> _Lane:
        home = shared_loop()
        lane = home.run(_opened(home, self.specs[route], self.config, self._out))
        self._lanes[route] = lane
        if self._held:
            home.call(lane.hold)
        finalize(self, home.remove, lane).atexit = False  # the loop sees to that itself
        return lane

    def _batches(
        self, timeout_s: float, is_called_off: Callable[[], bool] = lambda: False
    ) -> Iterator[list[Done]]:
        """Yield what is done until nothing is pending, the time is up, or it is called off."""
        until = monotonic() + timeout_s
        while self._pending and not is_called_off() and (left := until - monotonic()) > 0.0:
            if done := self._collect(min(left, _NOTICE_S)):
                yield done

    def _collect(self, timeout_s: float) -> list[Done]:
        """Return what is done, waiting for the first batch.

        An interrupt leaves what has come to the next call.
        """
        try:
            if not self._come:
                self._come += self._out.get(timeout=timeout_s)
            if len(self._come) < self._pending:
                # A few more per waking spare threads and transactions. While as many requests
                # wait as may be under way, nothing is sent later for that.
                is_line_long = self._pending > 2 * self.config.in_flight
                sleep(_GATHER_MANY_S if is_line_long else _GATHER_S)
            while not self._out.empty():
                self._come += self._out.get()
        except Empty:
            return []
        done, self._come = self._come, []
        self._pending -= len(done)
        return done


async def _opened(
    home: LoopThread, spec: ClientSpec, config: EngineConfig, out: SimpleQueue[list[Done]]
) -> _Lane:
    lane = _Lane(home, open_client(spec), spec, config, out)
    home.add(lane)
    return lane


class _Call:
    """A job and how it fares."""

    __slots__ = ("answers", "began_s", "counted", "job", "sent_s", "tries")

    def __init__(self, job: Job) -> None:
        self.job = job
        self.tries = 0
        self.counted = 0
        self.answers = 0
        self.began_s = 0.0
        self.sent_s = 0.0


class _Lane:
    """The part of an engine that lives on the loop, one per model; `out` leads back."""

    def __init__(
        self,
        home: LoopThread,
        client: ChatClient,
        spec: ClientSpec,
        config: EngineConfig,
        out: SimpleQueue[list[Done]],
    ) -> None:
        self.home = home
        self._out = out
        self._client = client
        self._config = config
        slots = spec.slots if spec.backend == "local" else config.in_flight
        self._gate = Gate(config, min(slots, config.in_flight))
        self._queue: WaitingLine[_Call] = WaitingLine()
        self._running: dict[asyncio.Task[Completion], _Call] = {}
        self._resting: dict[_Call, asyncio.TimerHandle] = {}
        self._wake: asyncio.TimerHandle | None = None
        self._fresh: list[Done] = []
        self._halted = False
        self._held = False
        self._cause = unavailable("nothing has been sent yet")  # the latest failure
        self._fatal: LLMUnavailableError | None = None

    def accept(self, jobs: Iterable[Job], is_beginning: bool) -> None:  # noqa: FBT001 - called soon
        """Queue jobs and send what may be sent; at a beginning all earlier ones were returned."""
        self._halted = False
        if not (self._running or self._queue or self._resting):
            self._gate.rested()
            if is_beginning:
                # What was wrong, such as the credit, may have been mended.
                self._fatal = None
        for job in jobs:
            self._queue.join(_Call(job), ahead=job.ahead)
        self._fill()

    def hold(self) -> None:
        """Send nothing more until `resume`."""
        self._held = True

    def resume(self) -> None:
        """Send what has waited meanwhile."""
        self._held = False
        self._fill()

    def halt(self) -> None:
        """Send nothing more; what waits comes back unsent."""
        self._halted = True
        self._give_up(unavailable("not sent: the engine was drained"))

    def cancel(self) -> None:
        """Cancel what is under way."""
        for task in self._running:
            task.cancel()

    async def close(self) -> None:
        """Cancel everything and close the client."""
        self.halt()
        self.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._client.close()

    def _fill(self) -> None:
        """Send from the queue as long as limit and gate allow."""
        while self._queue and not self._held and len(self._running) < self._gate.limit:
            now_s = self.home.loop.time()
            if self._fatal is not None:
                self._give_up(self._fatal)
            elif (wait_s := self._gate.wait_s(now_s)) > self._config.wall_s:
                self._give_up(self._cause)
            elif wait_s > 0.0:
                self._fill_in(wait_s)
                return
            else:
                self._next(now_s)

    def _next(self, now_s: float) -> None:
        call = self._queue.leave()
        if call.tries and now_s - self._alive_s(call) > self._config.wall_s:
            self._finish(call, error=copy.copy(self._cause))
        else:
            self._send(call, now_s)

    def _fill_in(self, wait_s: float) -> None:
        if self._wake is not None:
            self._wake.cancel()
        self._wake = self.home.loop.call_later(wait_s, self._fill)

    def _send(self, call: _Call, now_s: float) -> None:
        call.tries += 1
        call.sent_s = now_s
        call.answers = self._gate.answers
        call.began_s = call.began_s or now_s
        self._gate.sent(now_s)
        task = self.home.loop.create_task(
            self._client.complete(call.job.request, timeout_s=self._config.timeout_s)
        )
        self._running[task] = call
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Completion]) -> None:
        """Sort a finished try: an answer, another try, or an error for good."""
        call = self._running.pop(task)
        if task.cancelled():
            self._finish(call, error=unavailable("cancelled before the answer came"))
        elif (error := task.exception() or flaw_of(task.result())) is None:
            self._gate.worked(self.home.loop.time())
            self._finish(call, completion=task.result())
        else:
            self._failed(call, error)
        self._fill()

    def _failed(self, call: _Call, error: BaseException) -> None:
        now_s = self.home.loop.time()
        if not isinstance(error, LLMUnavailableError):
            self._gate.worked(now_s)
            self._finish(call, error=_as_ours(error))
        elif error.cause == "adapted":
            self._queue.return_to_head(call)
        elif error.fatal:
            self._fatal = self._cause = error
            self._finish(call, error=error)
            self._give_up(error)
        else:
            self._broke_off(call, error, now_s)

    def _broke_off(self, call: _Call, error: LLMUnavailableError, now_s: float) -> None:
        """Try again later, if the server is not down for good."""
        self._cause = error
        answered = self._gate.answers - call.answers
        self._gate.failed(error, now_s, sent_s=call.sent_s, answered=answered)
        call.counted += weight_of(error)
        delay_s = max(
            error.retry_after_s or 0.0, backoff_s(self._config, call.job.ticket, call.tries)
        )
        if self._may_retry(call, now_s + delay_s):
            self._resting[call] = self.home.loop.call_later(delay_s, self._again, call)
        else:
            self._finish(call, error=error)
        if self._gate.hopeless(now_s):
            self._give_up(error)

    def _may_retry(self, call: _Call, next_s: float) -> bool:
        in_time = next_s - self._alive_s(call) <= self._config.wall_s
        return not self._halted and in_time and call.counted < self._config.tries

    def _alive_s(self, call: _Call) -> float:
        """Return since when there is no sign that the server answers."""
        return max(call.began_s, self._gate.worked_s + self._gate.backlog_s)

    def _again(self, call: _Call) -> None:
        del self._resting[call]
        self._queue.return_to_head(call)
        self._fill()

    def _give_up(self, error: LLMUnavailableError) -> None:
        """Return what is not under way: the server is down, or would refuse it too."""
        for handle in self._resting.values():
            handle.cancel()
        waiting = [*self._resting, *self._queue]
        self._resting.clear()
        self._queue.clear()
        for call in waiting:
            self._finish(call, error=copy.copy(error))

    def _finish(
        self, call: _Call, *, completion: Completion | None = None, error: LLMError | None = None
    ) -> None:
        latency_s = self.home.loop.time() - call.sent_s if call.tries else 0.0
        if not self._fresh:  # once per turn of the loop, so that the caller wakes once
            self.home.loop.call_soon(self._flush)
        refused = self._client.refused
        self._fresh.append(Done(call.job.ticket, completion, error, call.tries, latency_s, refused))

    def _flush(self) -> None:
        self._out.put(self._fresh)
        self._fresh = []


def _as_ours(error: BaseException) -> LLMError:
    """Return an LLMError; a foreign one means a defect of a client, and is named."""
    if isinstance(error, LLMError):
        return error
    ours = unavailable(f"the client failed: {type(error).__name__}: {error}", fatal=True)
    ours.__cause__ = error
    return ours
