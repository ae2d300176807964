"""The runs of the browsers that use a page: each outlives the pages that show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock, Thread, Timer
from typing import Any, NamedTuple

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.comparing.runs import ForkedRun
from mesa_llm_city.ui.page.forks import Forks
from mesa_llm_city.ui.page.garbage_collection import settle, settle_later
from mesa_llm_city.ui.page.keeping import Keeper, KeptRun, finish_step, save_steadily
from mesa_llm_city.ui.page.listeners import Listeners, outside_kernels
from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.page.sources import Source
from mesa_llm_city.ui.person.selection import NOBODY
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay

__all__ = ["KEEP_MIN", "Session", "Sessions"]

KEEP_MIN = 60.0
"""How long a run without a page is kept, in minutes."""

ALONE_S = 60.0
"""How long a run goes on while no page shows it, in seconds."""

MOST_ALONE = 8
"""How many runs without a page are kept at most."""

_MINUTE_S = 60.0
# A step that is aborted ends at the next citizen; an answer may have to be awaited.
_LAST_STEP_S = 30.0
# Many runs written at once would take more memory than they free.
_ONE_BY_ONE = Lock()


class _Aside(NamedTuple):
    """A run that is laid aside: where it is, the class of its model, and its language model."""

    place: KeptRun
    kind: type[CityModel]
    llm: object


class Session:
    """The run of one browser.

    A reload of the page, a second window and a lost connection find it again. While no page
    shows it, it is paused, so that nothing is spent unseen, and laid aside in a file, so that it
    takes no memory.

    Parameters
    ----------
    source : Source
        What is shown.
    keep_s : float, optional
        How long it is kept without a page, in seconds.
    alone_s : float, optional
        How long it goes on without a page, in seconds.
    on_end : callable, optional
        Called with the session when it was without a page for too long.
    kept : KeptRun, optional
        Where the run is kept, and may have been kept before; by default it ends with the server.

    Attributes
    ----------
    city : CityModel or Replay, optional
        What runs; None until it is built for the first time, and while it is laid aside.
    runner : Runner, optional
        What runs it.
    forks : Forks, optional
        The city and what was forked from it; None until it is built.
    changes : dict
        Options of the run that differ from those of the source.
    trouble : str
        Why the city that was wanted last cannot be; empty if it can.
    notice : str
        What the reader should know of a run that was kept; empty if there is nothing.
    is_building : bool
        Whether another city is being built.
    person : int
        Id of the person who was selected last, `NOBODY` at first.
    """

    def __init__(
        self,
        source: Source,
        *,
        keep_s: float = KEEP_MIN * _MINUTE_S,
        alone_s: float = ALONE_S,
        on_end: Callable[[Session], None] | None = None,
        kept: KeptRun | None = None,
    ) -> None:
        self.source = source
        self._kept = kept
        self._keeper: Keeper | None = None
        self._aside: _Aside | None = None
        self.city: CityModel | Replay | None = None
        self.runner: Runner | None = None
        self.forks: Forks | None = None
        self.changes: dict[str, Any] = {}
        self.trouble = self.notice = ""
        self.is_building = False
        self.person = NOBODY
        self._keep_s, self._alone_s = keep_s, alone_s
        self._on_end = on_end
        self._lock = Lock()
        self._listeners = Listeners()
        self._timers: list[Timer] = []
        self._has_ended = False

    @property
    def is_watched(self) -> bool:
        """Whether a page shows it."""
        return len(self._listeners) > 0

    def watch(self, on_change: Callable[[], None]) -> Callable[[], None]:
        """Show it on a page, which is told of each new city; return what ends that.

        Parameters
        ----------
        on_change : callable
            Called when city, trouble or building have changed, from any thread.
        """
        self._stop_timers()
        stop = self._listeners.add(on_change)
        self._fetch()

        def leave() -> None:
            stop()
            if not self.is_watched:
                self.wait_for_a_page()

        return leave

    def select(self, person: int) -> None:
        """Note who is selected, so that a page that comes back shows the same person.

        Parameters
        ----------
        person : int
            Id of the person, `NOBODY` for nobody.
        """
        self.person = person

    def begin(self, **changes: Any) -> None:  # noqa: ANN401 - options of a run
        """Build a city with other options; the present one stays until the new one is there.

        Returns at once. Nothing happens while another city is being built.

        Parameters
        ----------
        **changes
            Options that differ from those of the source.
        """
        with self._lock:
            if self.is_building or self._has_ended:
                return
            self.is_building, self.trouble = True, ""
        self._listeners.tell()
        with outside_kernels():
            Thread(target=self._build, args=(changes,), daemon=True).start()

    @property
    def keeping_trouble(self) -> str:
        """What went wrong with keeping the run; empty if nothing has."""
        late = "" if self._keeper is None else self._keeper.trouble
        return f"{self.notice} {late}".strip()

    def end(self) -> None:
        """Stop the run for good and let go of it; what is kept of it stays."""
        self._stop_timers()
        with self._lock:
            self._has_ended = True
            runner, self.runner, self.city = self.runner, None, None
            keeper, self._keeper = self._keeper, None
            aside, self._aside = self._aside, None
            forks, self.forks = self.forks, None
        if aside is not None:
            self._clear(aside.place)
        elif keeper is not None:
            keeper.end()
        if forks is not None:
            forks.close()
        if runner is not None:
            _let_go(runner)

    def wait_for_a_page(self) -> None:
        """Pause and end after some time, unless a page shows it before."""
        self._stop_timers()
        waits = ((self._alone_s, self._lay_aside), (self._keep_s, self._give_up))
        with outside_kernels():
            self._timers = [Timer(wait_s, act) for wait_s, act in waits]
        for timer in self._timers:
            timer.daemon = True
            timer.start()

    def take_up(self) -> None:
        """Take up the run that is kept; begin a new one if there is none, or it cannot be.

        Returns at once.
        """
        if self._kept is None or not self._kept.is_there:
            self.begin()
            return
        with self._lock:
            self.is_building = True
        with outside_kernels():
            Thread(target=self._take_up, args=(self._kept,), daemon=True).start()

    def _take_up(self, kept: KeptRun) -> None:
        try:
            found = self.source.take_up(kept)
            settle()
        except Exception as error:  # noqa: BLE001 - told on the page; a thread has nobody else
            self._set_aside(kept, _in_words(error))
            self._build({})
        else:
            self._take(found.model, found.changes, person=found.person)
        self._listeners.tell()
        _prepare_lines(self.city)

    def _set_aside(self, kept: KeptRun, trouble: str) -> None:
        """Leave a run that cannot be taken up where it can be looked at, and say where."""
        try:
            where = f"lies in {kept.set_aside()}"
        except OSError as error:
            where = f"stays in {kept.folder}, which cannot be renamed ({error.strerror})"
        self.notice = f"The run that was kept cannot be taken up and {where}: {trouble}"

    def _build(self, changes: dict[str, Any]) -> None:
        try:
            made = self.source.make(**changes)
            others = self.source.make_others()
        except CityError as error:
            self._fail(str(error))
        except Exception as error:  # noqa: BLE001 - shown on the page; a thread has nobody else
            self._fail(f"The city cannot be built. {type(error).__name__}: {error}")
        else:
            self._take(made, changes, others=others)
        self._listeners.tell()
        _prepare_lines(self.city)

    def _fail(self, trouble: str) -> None:
        with self._lock:
            self.trouble, self.is_building = trouble, False

    def _take(
        self,
        made: CityModel | Replay,
        changes: dict[str, Any],
        *,
        person: int = NOBODY,
        others: Sequence[ForkedRun] = (),
    ) -> None:
        with self._lock:
            former, forks, keeper = self.runner, self.forks, self._keeper
            self._keeper = None
            if not self._has_ended:
                self.city, self.changes, self.runner = made, changes, Runner(made)
                self.forks = self.source.make_runs(made, self.runner, others)
                self.person = person
                self._keeper = self._keeper_of(self.runner, changes)
            # Last, for whoever waits for the city asks for it then.
            self.is_building = False
        if keeper is not None:
            keeper.leave()
            if self._keeper is not None:
                # The new run takes the place of the former one at once.
                self._keeper.plan()
        if forks is not None:
            forks.close()
        if former is not None:
            _let_go(former)

    def _keeper_of(self, runner: Runner, changes: dict[str, Any]) -> Keeper | None:
        if self._kept is None:
            return None
        return Keeper(self._kept, runner, changes=changes, person=lambda: self.person)

    def _stop_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers = []

    def _lay_aside(self) -> None:
        """Pause, and write the run into a folder from which the next page fetches it."""
        runner, forks = self.runner, self.forks
        if runner is None or self.is_watched:
            return
        if forks is not None and len(forks.runs) > 1:
            # One run is written, not several that were forked from each other.
            forks.pause()
            return
        if runner.playing:
            runner.pause()
        with _ONE_BY_ONE:
            self._lay_aside_now(runner)

    def _lay_aside_now(self, runner: Runner) -> None:
        finish_step(runner)
        place = self._kept or KeptRun(Path(mkdtemp(prefix="mesa-llm-city-")))
        try:
            is_saved = save_steadily(place, runner, self.changes, self.person)
        except CityError:
            is_saved = False
        with self._lock:
            # What cannot be saved stays where it is, and so does what a page has come back to.
            is_needed = self.is_watched or self.is_building or runner is not self.runner
            model = None if is_needed or not is_saved else self.city
            if isinstance(model, CityModel):
                self._aside = _Aside(place, type(model), model.llm)
                self.city = self.runner = self.forks = None
        if not isinstance(model, CityModel):
            self._clear(place)
            return
        if self._keeper is not None:
            self._keeper.leave()
        _let_go(runner)

    def _fetch(self) -> None:
        """Read a run that was laid aside; returns at once."""
        with self._lock:
            aside, self._aside = self._aside, None
            if aside is None:
                return
            self.is_building = True
        with outside_kernels():
            Thread(target=self._fetch_now, args=(aside,), daemon=True).start()

    def _fetch_now(self, aside: _Aside) -> None:
        try:
            found = aside.place.load(aside.kind, aside.llm)
            self.source.show_observed(found.model)
            settle()
        except Exception as error:  # noqa: BLE001 - told on the page; a thread has nobody else
            trouble, folder = _in_words(error), aside.place.folder
            if aside.place == self._kept:
                # A new run would be written over it.
                self._set_aside(aside.place, trouble)
            self._fail(
                f"The run that was laid aside in {folder} cannot be read: {trouble} "
                "Try again begins a new run."
            )
        else:
            self._take(found.model, found.changes, person=found.person)
            self._clear(aside.place)
        self._listeners.tell()
        _prepare_lines(self.city)

    def _clear(self, place: KeptRun) -> None:
        """Delete a folder that holds a run only for this server."""
        if place != self._kept:
            rmtree(place.folder, ignore_errors=True)

    def _give_up(self) -> None:
        if not self.is_watched:
            self.end()
            if self._on_end is not None:
                self._on_end(self)


def _in_words(error: Exception) -> str:
    return str(error) if isinstance(error, CityError) else f"{type(error).__name__}: {error}"


def _prepare_lines(city: CityModel | Replay | None) -> None:
    """Let the lines of trips be looked for ahead of the first trips, once the page is drawn."""
    if isinstance(city, CityModel):
        # Its thread does not hold the model.
        prepare = LiveView(city).trip_lines.prepare_all
        with outside_kernels():
            Thread(target=prepare, daemon=True).start()


def _let_go(runner: Runner) -> None:
    """Close a runner, and free its city once a step under way has ended."""
    runner.close()
    if runner.wait(_LAST_STEP_S):
        settle_later(runner.city)


class Sessions:
    """The sessions of a server, by browser.

    Parameters
    ----------
    keep_s : float, optional
        How long a session without a page is kept, in seconds.
    alone_s : float, optional
        How long a run goes on without a page, until it is laid aside, in seconds.
    most_alone : int, optional
        How many sessions without a page are kept at most; those that were begun first go.
    """

    def __init__(
        self,
        *,
        keep_s: float = KEEP_MIN * _MINUTE_S,
        alone_s: float = ALONE_S,
        most_alone: int = MOST_ALONE,
    ) -> None:
        self._keep_s, self._alone_s, self._most_alone = keep_s, alone_s, most_alone
        self._lock = Lock()
        self._by_browser: dict[str, Session] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._by_browser)

    def of(self, browser: str, source: Source) -> Session:
        """Return the session of a browser; a new one, which is being built, for a new browser.

        Parameters
        ----------
        browser : str
            What tells it from others, such as a cookie.
        source : Source
            What a new session shows.
        """
        with self._lock:
            found = self._by_browser.get(browser)
            if found is not None and found.source == source:
                return found
            spare = self._too_many()
            made = Session(
                source,
                keep_s=self._keep_s,
                alone_s=self._alone_s,
                on_end=self._forget,
                kept=source.kept_run(browser),
            )
            self._by_browser[browser] = made
        for session in [*spare, *([found] if found is not None else [])]:
            session.end()
        made.wait_for_a_page()
        made.take_up()
        return made

    def end(self) -> None:
        """End all sessions, as when the server stops; those that are kept can be taken up."""
        with self._lock:
            sessions = list(self._by_browser.values())
            self._by_browser.clear()
        for session in sessions:
            session.end()

    def _too_many(self) -> list[Session]:
        alone = [name for name, one in self._by_browser.items() if not one.is_watched]
        spare = alone[: max(len(alone) + 1 - self._most_alone, 0)]
        return [self._by_browser.pop(name) for name in spare]

    def _forget(self, session: Session) -> None:
        with self._lock:
            names = [name for name, one in self._by_browser.items() if one is session]
            for name in names:
                del self._by_browser[name]
