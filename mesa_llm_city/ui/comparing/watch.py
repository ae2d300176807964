"""What differs between two runs that go on: found anew now and then, away from the page."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition, Thread
from weakref import WeakValueDictionary

import solara

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.ui.comparing.differences import Differences, differences
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.page.listeners import Listeners, outside_kernels
from mesa_llm_city.ui.person.selection import source_of
from mesa_llm_city.ui.views.consistent_read import read_steadily

__all__ = ["EVERY_MIN", "Watch", "use_differences"]

EVERY_MIN = 15
"""While both runs go on, differences are found anew after so many of their minutes at least."""

_REST_S = 1.2
# Of the time of the page's process, at most a quarter goes into finding differences.
_PAUSE = 3.0


class Watch:
    """Finds what differs between two runs in a thread of its own, and keeps the latest.

    While the runs go on, it is found at most once in `EVERY_MIN` of their minutes; once they
    stand still, for the minute at which they do. Where finding it takes long, it comes later.

    Parameters
    ----------
    find : callable, optional
        Finds what differs between a pair up to a minute.

    Attributes
    ----------
    latest : Differences or None
        What was found last.
    trouble : str
        Why nothing could be found the last time; empty if it could.
    """

    def __init__(self, find: Callable[[Pair, int], Differences] = differences) -> None:
        self.latest: Differences | None = None
        self.trouble = ""
        self._find = find
        self._changed = Condition()
        self._listeners = Listeners()
        self._wanted: Pair | None = None
        # Runs go on after they were asked about, so their minute is kept.
        self._asked_min = -1
        self._tried: tuple[int, tuple[str, str]] | None = None
        self._moved_s = self._rested_s = time.monotonic()
        self._thread: Thread | None = None

    def listen(self, on_found: Callable[[], None]) -> Callable[[], None]:
        """Call a function whenever something was found; return what ends that."""
        stop = self._listeners.add(on_found)

        def leave() -> None:
            stop()
            if not len(self._listeners):
                self.leave()

        return leave

    def ask(self, pair: Pair) -> None:
        """Have it found anew if that is due, now or soon.

        Parameters
        ----------
        pair : Pair
            The runs as they stand.
        """
        with self._changed:
            if self._wanted is None or self._asked_min != pair.minute:
                self._moved_s = time.monotonic()
            self._wanted, self._asked_min = pair, pair.minute
            if self._thread is None and self._due_s() is not None:
                with outside_kernels():
                    self._thread = Thread(target=self._work, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def leave(self) -> None:
        """Look for nothing any more, until it is asked again."""
        with self._changed:
            self._wanted = None
            self._changed.notify_all()

    def wait(self, timeout_s: float) -> bool:
        """Wait until nothing is due; return False if that takes too long."""
        with self._changed:
            return self._changed.wait_for(lambda: self._thread is None, timeout_s)

    def _due_s(self) -> float | None:
        """Return in how many seconds it is due, None if it is not."""
        if self._wanted is None:
            return None
        if self._tried is None:
            return 0.0
        if self._tried == (self._asked_min, self._wanted.names):
            return None
        gone, now = self._asked_min - self._tried[0], time.monotonic()
        is_far = gone < 0 or gone >= EVERY_MIN
        still_s = 0.0 if is_far else self._moved_s + _REST_S - now
        return max(still_s, self._rested_s - now, 0.0)

    def _work(self) -> None:
        while (pair := self._awaited()) is not None:
            began_s = time.thread_time()
            self._find_now(pair)
            spent_s = time.thread_time() - began_s
            with self._changed:
                self._rested_s = time.monotonic() + _PAUSE * spent_s
            self._listeners.tell()

    def _awaited(self) -> Pair | None:
        """Wait until it is due; return None, and end the thread, if it is not."""
        with self._changed:
            while (due_s := self._due_s()) is not None:
                if due_s <= 0.0:
                    return self._wanted
                self._changed.wait(due_s)
            self._thread = None
            self._changed.notify_all()
            return None

    def _find_now(self, pair: Pair) -> None:
        minute = pair.minute
        found, trouble = None, ""
        try:
            found = read_steadily(lambda: self._find(pair, minute))
        except CityError as error:
            trouble = error.message
        except Exception as error:  # noqa: BLE001 - shown on the page; a thread has nobody else
            trouble = f"{type(error).__name__}: {error}"
        with self._changed:
            self.trouble, self._tried = trouble, (minute, pair.names)
            if self._wanted is pair:
                self._asked_min = min(pair.minute, minute)
            # A replay that was moved back meanwhile did not know all of it.
            if found is not None and pair.minute >= minute:
                self.latest = found


_WATCHES: WeakValueDictionary[tuple[int, int, int], Watch] = WeakValueDictionary()


def use_differences(pair: Pair) -> Watch:
    """Return what watches two runs, the same for all components that show them; follow it.

    Parameters
    ----------
    pair : Pair
        The runs as they stand; give it anew when they have moved.
    """
    sources = source_of(pair.shown), source_of(pair.other)
    key = (id(sources[0]), id(sources[1]), pair.parted)
    # The sources are held as long as the watch is, so that their ids stay their own.
    held: tuple[Watch, object] = solara.use_memo(lambda: (_watch_of(key), sources), [key])
    watch = held[0]
    _, draw = solara.use_state(0)

    def follow() -> Callable[[], None]:
        return watch.listen(lambda: draw(lambda count: count + 1))

    def ask() -> None:
        watch.ask(pair)

    solara.use_effect(follow, [watch])
    solara.use_effect(ask, [watch, pair.minute, pair.names])
    return watch


def _watch_of(key: tuple[int, int, int]) -> Watch:
    watch: Watch | None = _WATCHES.get(key)
    if watch is None:
        watch = _WATCHES[key] = Watch()
    return watch
