"""Run a city in a thread of its own: play, pause between citizens, step, speed."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition, Lock, Thread
from typing import TYPE_CHECKING, Protocol
from weakref import ref

import solara

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.simulation.pause import Pause, StepAbortedError
from mesa_llm_city.ui.page.listeners import Listeners, outside_kernels
from mesa_llm_city.ui.page.pace import Pace
from mesa_llm_city.ui.per_model import PerModel
from mesa_llm_city.ui.views.live import LiveView

if TYPE_CHECKING:
    from mesa_llm_city.llm import LLM
    from mesa_llm_city.ui.page.stops import Stop

__all__ = ["SPEEDS", "Companion", "Played", "Runner", "redraws", "runner_of", "turn_of"]

SPEEDS = (1, 2, 5, 10, 20, 60)
"""Steps per second to choose from."""

_REDRAW_S = 0.1
_HEARTBEAT_S = 1.0
# Without a breath the thread that talks to the browser would starve.
_BREATH_S = 0.01


def _no_runner() -> ref[Runner] | None:
    return None


# Two pages of one model, as in a notebook, step it by turns.
_TURNS = PerModel(Lock)
_RUNNERS = PerModel(_no_runner)


class Played(Protocol):
    """What can be played: a `CityModel`, or a `Replay`."""

    @property
    def running(self) -> bool:
        """Whether the end is not reached yet."""
        ...

    def step(self) -> None:
        """Go on by one step."""
        ...


class Companion(Protocol):
    """What goes along with a run: another one that keeps up with it."""

    def is_behind(self) -> bool:
        """Tell whether the run has to wait before its next step; asked often, under a lock."""
        ...

    def pause(self) -> None:
        """Pause, as the run does."""
        ...

    def go_on(self) -> None:
        """Go on, as the run plays or steps again."""
        ...


class Runner:
    """Runs a live model or a replay in a thread, so that the page stays responsive.

    Pausing takes effect between two citizens: what a language model is being asked is
    still answered, but nobody acts and nothing more is asked. What is shown is
    redrawn at most ten times a second, whatever the number of steps, and less often
    where drawing takes longer (see `listen`).

    Parameters
    ----------
    city : CityModel or Replay
        The live model or replay to run.
    on_change : callable, optional
        Called when there is something new to show, from another thread.
    steps_per_s : float, default 5
        Greatest number of steps per second.

    Attributes
    ----------
    error : str
        Error that stopped the run; empty if there was none.
    steps_per_s : float
        As given; it can be changed while the run goes on.
    until : Stop or None
        Where the run stops by itself; None if it goes on until it is paused.
    stopped_at : str
        Where it has stopped by itself last; empty if it has not since it was last begun.
    between_steps : Lock
        Held during each step; who holds it may change the city, and no step begins meanwhile.
    companions : tuple of Companion
        What goes along: the next step waits while one of them is behind.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> runner = Runner(model)
    >>> runner.step()
    >>> runner.wait(10.0)
    True
    >>> model.minute
    5
    >>> runner.close()
    """

    def __init__(
        self,
        city: Played,
        on_change: Callable[[], None] | None = None,
        *,
        steps_per_s: float = 5.0,
    ) -> None:
        self.city = city
        self.steps_per_s = steps_per_s
        self.error = ""
        self.until: Stop | None = None
        self.stopped_at = ""
        self._pace, self._is_hurried = Pace(), False
        self.companions: tuple[Companion, ...] = ()
        self._listeners, self._waits, self._after_steps = Listeners(), Listeners(), Listeners()
        if on_change is not None:
            self._listeners.add(on_change)
        held = getattr(city, "pause", None)
        self._pause = held if isinstance(held, Pause) else Pause()
        self._changed = Condition()
        self.between_steps = turn_of(city)
        _RUNNERS.share(city, ref(self))
        self._wanted = 0  # steps still to do; below zero, as many as there are
        self._stepping = False
        self._began_s, self._steps = 0.0, 0
        self._announced = -1
        self._closed = False
        self._threads: list[Thread] = []

    @property
    def playing(self) -> bool:
        """Whether the run goes on by itself."""
        return self._wanted < 0

    @property
    def busy(self) -> bool:
        """Whether a step is not finished yet, also while it is paused."""
        return self._stepping

    @property
    def is_held(self) -> bool:
        """Whether it was paused, and has neither played nor stepped since."""
        return self._pause.is_on

    @property
    def finished(self) -> bool:
        """Whether the end of the run is reached."""
        return not self.city.running

    @property
    def pace_per_s(self) -> float | None:
        """Steps a second that are really made; None before there are two since the start."""
        return self._pace.per_s

    @property
    def is_hurried(self) -> bool:
        """Whether the run goes on as fast as it can."""
        return self._is_hurried and self.playing

    @property
    def step_s(self) -> float:
        """Seconds since the step under way has begun; 0 between steps."""
        return time.monotonic() - self._began_s if self._stepping else 0.0

    @property
    def share_of_step(self) -> float | None:
        """How much of a step under way is done, in [0, 1]; None if that cannot be known."""
        if not self._stepping:
            return None
        share: float | None = getattr(self.city, "step_progress", None)
        return share

    @property
    def state(self) -> str:
        """One of failed, finished, playing, stepping, held (within a step) and paused."""
        if self.error:
            return "failed"
        if self.playing:
            return "playing"
        if self._stepping:
            return "held" if self._pause.is_on else "stepping"
        return "finished" if self.finished else "paused"

    @property
    def moment(self) -> int:
        """A number that changes with each step, and with its beginning and its end."""
        # The end of a step differs from its middle, and a standstill from both.
        return 4 * self._steps + 2 * (self._wanted == 0) + (not self._stepping)

    def listen(
        self, on_change: Callable[[], None], wait: Callable[[], object] | None = None
    ) -> Callable[[], None]:
        """Call a function on each change as well; return what ends that.

        Parameters
        ----------
        on_change : callable
            Called when there is something new to show, from any thread.
        wait : callable, optional
            Returns once the page has drawn the latest change. While it waits, no further change
            is announced: a page that is asked again while it draws would never end drawing.
        """
        stops = [self._listeners.add(on_change)]
        if wait is not None:
            stops.append(self._waits.add(wait))

        def stop() -> None:
            for end in stops:
                end()

        return stop

    def tell(self) -> None:
        """Have all who listen look again, after something else has changed the city."""
        self._listeners.tell()

    def each_step(self, call: Callable[[], None]) -> Callable[[], None]:
        """Call a function right after each step, in the thread of the steps; return what ends that.

        Parameters
        ----------
        call : callable
            What is called; it should take little time.
        """
        return self._after_steps.add(call)

    def play(self, until: Stop | None = None, *, hurry: bool = False) -> None:
        """Run until `pause`, or to the end.

        Parameters
        ----------
        until : Stop, optional
            Where the run stops by itself.
        hurry : bool, default False
            Whether the run goes there as fast as it can, whatever its speed.
        """
        self.until, self._is_hurried, self.stopped_at = until, hurry, ""
        self._pace.forget()
        self._want(-1)

    def step(self) -> None:
        """Run one step, or finish the step that is paused."""
        self.until, self.stopped_at = None, ""
        self._want(0 if self._stepping else 1)

    def follow(self, until: Stop) -> None:
        """Play to where another run is, as fast as it can.

        Nothing happens if it is paused, is under way, or has come there; so it never goes beyond,
        whoever calls this at the same time.

        Parameters
        ----------
        until : Stop
            Where the other run is.
        """
        with self._changed:
            if self._wanted or self._stepping or self.is_held or self._cannot_go_on():
                return
            if until.is_met(self.city):
                return
            self.until, self._is_hurried, self.stopped_at = until, True, ""
            self._pace.forget()
            self._begin(-1)
        self._listeners.tell()

    def release(self) -> None:
        """Undo a pause without playing; a step that is paused in its middle is finished."""
        with self._changed:
            if not self._closed:
                self.error = ""
                self._hold(held=False)
                self._changed.notify_all()
        self._listeners.tell()

    def wake(self) -> None:
        """Look again whether companions are still behind."""
        with self._changed:
            self._changed.notify_all()

    def pause(self) -> None:
        """Pause before the next citizen acts, and send no more questions."""
        with self._changed:
            if self._closed:
                # The last step could never end.
                return
            self._wanted, self.until = 0, None
            self._hold(held=True)
            self._changed.notify_all()
        for one in self.companions:
            one.pause()
        self._listeners.tell()

    def stop_after_step(self) -> None:
        """Make no further step; one that is under way is finished, unless it is paused."""
        with self._changed:
            self._wanted, self.until = 0, None
            self._changed.notify_all()
        self._listeners.tell()

    def toggle(self) -> None:
        """Play if the run is paused, otherwise pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def close(self) -> None:
        """Stop for good; a step in progress ends at the next citizen, if there is one.

        Returns at once; `wait` tells when the step has ended.
        """
        with self._changed:
            self._closed, self._wanted = True, 0
            if self._stepping:
                self._pause.abort()
            else:
                self._pause.end()
            if (llm := self._llm()) is not None:
                llm.halt()
                llm.resume()
            self._changed.notify_all()

    def wait(self, timeout_s: float) -> bool:
        """Wait until the run is paused; return False if that takes too long."""
        with self._changed:
            return self._changed.wait_for(self._stands_still, timeout_s)

    def _want(self, steps: int) -> None:
        with self._changed:
            if self._cannot_go_on():
                return
            self._begin(steps)
        for one in self.companions:
            one.go_on()
        self._listeners.tell()

    def _cannot_go_on(self) -> bool:
        return self._closed or (self.finished and not self._stepping)

    def _begin(self, steps: int) -> None:
        """Have steps made by the threads, which are begun with the first ones."""
        self._wanted, self.error = steps, ""
        self._hold(held=False)
        if not self._threads:
            with outside_kernels():
                self._threads = [
                    Thread(target=target, daemon=True) for target in (self._run, self._tell)
                ]
            for thread in self._threads:
                thread.start()
        self._changed.notify_all()

    def _hold(self, *, held: bool) -> None:
        llm = self._llm()
        if held:
            self._pause.begin()
        else:
            self._pause.end()
        if llm is not None:
            (llm.hold if held else llm.resume)()

    def _llm(self) -> LLM | None:
        from mesa_llm_city.llm import LLM

        llm = getattr(self.city, "llm", None)
        return llm if isinstance(llm, LLM) else None

    def _run(self) -> None:
        """Run the steps that are requested, no faster than the speed allows."""
        while self._awaited():
            began_s = self._began_s = time.monotonic()
            self._step()
            self._pace.note()
            arrived = self._arrived()
            spare_s = 1.0 / self.steps_per_s - (time.monotonic() - began_s)
            with self._changed:
                self._stepping = False
                self._steps += 1
                if self._closed:
                    # Somebody else may play the same model.
                    self._pause.end()
                if self._wanted > 0:
                    self._wanted -= 1
                if arrived and self.until is not None:
                    self.stopped_at, self.until = self.until.label, None
                if self.finished or self.error or self.stopped_at:
                    self._wanted = 0
                self._changed.notify_all()
            self._after_steps.tell()
            with self._changed:
                if self._wanted:
                    wait_s = 0.0 if self._is_hurried else spare_s
                    self._changed.wait_for(self._stopped, max(wait_s, _BREATH_S))

    def _arrived(self) -> bool:
        """Tell whether the run has come to where it is to stop."""
        until = self.until
        if until is None or self.error or self._closed:
            return False
        try:
            return until.is_met(self.city)
        except CityError as error:
            self.error = str(error)
        except Exception as error:  # noqa: BLE001 - shown on the page, as one of a step
            self.error = f"{until.label}: {type(error).__name__}: {error}"
        return True

    def _awaited(self) -> bool:
        """Wait for the next request of a step; return False when the runner is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or (self._wanted != 0 and self._may_go()))
            self._stepping = not self._closed
            return self._stepping

    def _may_go(self) -> bool:
        """Tell whether what goes along has kept up."""
        return not any(one.is_behind() for one in self.companions)

    def _stands_still(self) -> bool:
        return not self._stepping and not self._wanted

    def _stopped(self) -> bool:
        return self._closed or not self._wanted

    def _step(self) -> None:
        with self.between_steps:
            if not self._closed:
                self._step_now()

    def _step_now(self) -> None:
        try:
            self.city.step()
        except StepAbortedError:
            pass
        except CityError as error:
            self.error = str(error)
        except Exception as error:  # noqa: BLE001 - shown on the page; a thread has nobody else
            self.error = f"{type(error).__name__}: {error}"

    def _tell(self) -> None:
        """Ask for a redraw at regular times, in a thread apart from the steps."""
        while True:
            with self._changed:
                self._changed.wait_for(self._is_news, _HEARTBEAT_S)
                if self._closed:
                    return
                if not self._is_news() and not self._stepping:
                    continue
                self._announced = self.moment
            self._listeners.tell()
            self._waits.tell()
            time.sleep(_REDRAW_S)

    def _is_news(self) -> bool:
        # Runs that play together are shown together, not one a step before the other.
        is_due = not self.playing or self._may_go()
        return self._closed or (is_due and self._announced != self.moment)


_REDRAWS = PerModel(lambda: solara.reactive(0))


def redraws(model: object) -> solara.Reactive[int]:
    """Return the number of redraws of a model; components that read it are redrawn with it.

    Parameters
    ----------
    model : CityModel or CityView
        The model itself and its live view share one number.

    Returns
    -------
    solara.Reactive of int
        The same for the same model; each browser session has a value of its own.
    """
    return _REDRAWS.of(model.model if isinstance(model, LiveView) else model)


def turn_of(city: object) -> Lock:
    """Return the lock that is held while a city steps: who has it acts between two steps.

    Parameters
    ----------
    city : CityModel or Replay
        What is played.
    """
    return _TURNS.of(city)


def runner_of(city: object) -> Runner | None:
    """Return the runner that was made last for a city, None if there is none any more.

    Parameters
    ----------
    city : CityModel or Replay
        What is played.
    """
    found = _RUNNERS.of(city)
    return None if found is None else found()
