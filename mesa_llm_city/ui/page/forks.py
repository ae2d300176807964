"""The runs of a page: the first one, and those that were forked from it or from one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from threading import Lock

import reacton
import solara

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.saving import restored, snapshot
from mesa_llm_city.ui.comparing.comparison import Comparison
from mesa_llm_city.ui.comparing.runs import ForkedRun
from mesa_llm_city.ui.map.sharing import SharedLook
from mesa_llm_city.ui.page.garbage_collection import settle_later
from mesa_llm_city.ui.page.listeners import Listeners
from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.replay import Replay

__all__ = [
    "FIRST",
    "MOST_FORKS",
    "Forks",
    "provide_forks",
    "use_forks",
    "use_forks_here",
]

FIRST = "first run"
"""Name of the run from which all others come."""

MOST_FORKS = 4
"""How many forks are kept at a time; each takes the memory of a run without its city."""


class Forks:
    """The runs that a page switches between.

    Parameters
    ----------
    city : CityModel or Replay
        What the first run runs; a replay cannot be forked.
    runner : Runner, optional
        Runner of the first run.
    others : sequence of ForkedRun, optional
        Finished runs that it can be compared with from the start.
    named : ForkedRun, optional
        Name, options and acts of the first run, if it is finished; by default it is `FIRST`.

    Attributes
    ----------
    look : SharedLook
        Colours, layers and camera of the maps of the page.

    Examples
    --------
    >>> from mesa_llm_city import City
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> forks = Forks(model)
    >>> forks.fork("flood").city is model, [one.name for one in forks.runs]
    (False, ['first run', 'flood'])
    >>> forks.compare("flood")
    >>> forks.compared.name, forks.comparison.parted
    ('flood', 0)
    >>> forks.close()
    """

    def __init__(
        self,
        city: CityModel | Replay,
        runner: Runner | None = None,
        *,
        others: Sequence[ForkedRun] = (),
        named: ForkedRun | None = None,
    ) -> None:
        self.look = SharedLook()
        self._lock = Lock()
        self._listeners = Listeners()
        self._numbers = count()
        first = named or ForkedRun(name=FIRST, city=city)
        first = replace(first, city=city, runner=runner)
        self._runs = [replace(one, number=next(self._numbers)) for one in (first, *others)]
        self._chosen = first.name
        self._comparison: Comparison | None = None

    @property
    def runs(self) -> tuple[ForkedRun, ...]:
        """All runs, in the order in which they were made."""
        return tuple(self._runs)

    @property
    def chosen(self) -> ForkedRun:
        """The run that is shown."""
        return self[self._chosen]

    @property
    def compared(self) -> ForkedRun | None:
        """The run that the shown one is compared with; None if it is compared with none."""
        comparison = self._comparison
        return None if comparison is None else comparison.other

    @property
    def comparison(self) -> Comparison | None:
        """Both runs that are compared; None if none are."""
        return self._comparison

    @property
    def others(self) -> tuple[str, ...]:
        """Names of the runs that are not shown."""
        return tuple(one.name for one in self.runs if one.name != self._chosen)

    def __getitem__(self, name: str) -> ForkedRun:
        """Return a run by name.

        Raises
        ------
        ConfigError
            If there is none of that name.
        """
        for one in self.runs:
            if one.name == name:
                return one
        message = f"there is no run {name!r}; there are {', '.join(one.name for one in self.runs)}"
        raise ConfigError(message)

    def listen(self, on_change: Callable[[], None]) -> Callable[[], None]:
        """Call a function when runs or the chosen one change; return what ends that."""
        return self._listeners.add(on_change)

    def fork(self, name: str = "", *, of: CityModel | None = None) -> ForkedRun:
        """Make a run that goes on from where another one stands; the chosen one stays chosen.

        Both go the same way until one is acted upon. Called between two steps.

        Parameters
        ----------
        name : str, optional
            Name of the new run, of its own; ``fork 1`` and so on by default.
        of : CityModel, optional
            Model of the run that is forked; by default that of the chosen one.

        Raises
        ------
        ConfigError
            If the name is taken, there are `MOST_FORKS` already, or a replay is shown.
        CityError
            If a step is under way, or the model holds something that cannot be copied.
        """
        parent = self.chosen if of is None else self._run_of(of)
        if not isinstance(parent.city, CityModel):
            message = "a finished run cannot be forked; start a run with: mesa-llm-city serve"
            raise ConfigError(message)
        wanted = self._free_name(name.strip())
        moment = snapshot(parent.city)
        made = restored(moment)
        selected(made).set(selected(parent.city).peek())
        number = next(self._numbers)
        run = ForkedRun(
            name=wanted,
            city=made,
            runner=Runner(made),
            parent=parent.name,
            minute=made.minute,
            moment=moment,
            number=number,
            ancestors=parent.lineage(moment, number),
        )
        with self._lock:
            self._runs.append(run)
        self._listeners.tell()
        return run

    def compare(self, name: str) -> None:
        """Compare the shown run with another one, which follows it from now on.

        Parameters
        ----------
        name : str
            Name of the other run; empty to compare it with none any more.

        Raises
        ------
        ConfigError
            If there is none of that name, or it is the one that is shown.
        """
        if name == self._chosen:
            message = f"{name!r} is the run that is shown; choose another one to compare it with"
            raise ConfigError(message)
        self._pair_up(self[name] if name else None)
        self._listeners.tell()

    def switch(self, name: str) -> None:
        """Show another run; the one that was shown pauses.

        What it was compared with stays the same; a run that is compared changes places with the
        one that was shown.

        Parameters
        ----------
        name : str
            Name of the run.

        Raises
        ------
        ConfigError
            If there is none of that name.
        """
        wanted, former = self[name], self.chosen
        if former.runner is not None and wanted is not former:
            former.runner.pause()
        self._chosen = wanted.name
        if (compared := self.compared) is not None:
            self._pair_up(former if compared is wanted else compared)
        self._listeners.tell()

    def drop(self, name: str) -> None:
        """Let go of a fork; the first run is shown if it was chosen.

        A comparison with it ends.

        Parameters
        ----------
        name : str
            Name of the fork.

        Raises
        ------
        ConfigError
            If there is none of that name, or it is the first run.
        """
        run = self[name]
        if not run.parent:
            message = f"the {run.name} cannot be dropped; start a new run instead"
            raise ConfigError(message)
        # Forks may share a language model, of which closing takes back what is being asked.
        self.pause()
        if self._comparison is not None and name in self._comparison.names:
            self._pair_up(None)
        with self._lock:
            self._runs.remove(run)
            self._chosen = self._runs[0].name if self._chosen == name else self._chosen
        _close(run)
        settle_later()
        self._listeners.tell()

    def pause(self) -> None:
        """Pause all runs that play."""
        for one in self.runs:
            if one.runner is not None and one.runner.playing:
                one.runner.pause()

    def close(self) -> None:
        """Let go of all forks; the first run is left to whoever made it."""
        self._pair_up(None)
        with self._lock:
            forks, self._runs = self._runs[1:], self._runs[:1]
            self._chosen = self._runs[0].name
        for one in forks:
            _close(one)

    def _run_of(self, city: CityModel) -> ForkedRun:
        """Return the run of a model; the chosen one for a model that is not among them."""
        return next((one for one in self.runs if one.city is city), self.chosen)

    def _pair_up(self, other: ForkedRun | None) -> None:
        """Compare the chosen run with another one, or with none."""
        with self._lock:
            former, self._comparison = self._comparison, None
        if former is not None:
            former.end()
        if other is not None:
            self._comparison = Comparison(self.chosen, other)

    def _free_name(self, wanted: str) -> str:
        taken = {one.name for one in self.runs}
        if len(taken) > MOST_FORKS:
            message = f"there are {MOST_FORKS} forks already; drop one first"
            raise ConfigError(message)
        if wanted in taken:
            message = f"there is a run {wanted!r} already; give another name"
            raise ConfigError(message)
        names = (f"fork {number}" for number in range(1, MOST_FORKS + 2))
        return wanted or next(one for one in names if one not in taken)


def _close(run: ForkedRun) -> None:
    if run.runner is not None:
        run.runner.close()


def _nobody() -> Forks | None:
    return None


_HERE = reacton.create_context(_nobody())


def provide_forks(forks: Forks) -> None:
    """Let components below know the runs of their page, inside a component.

    Parameters
    ----------
    forks : Forks
        The runs.
    """
    _HERE.provide(forks)


def use_forks_here() -> Forks | None:
    """Return the runs of the page and follow them, inside a component; None without a page."""
    forks: Forks | None = reacton.use_context(_HERE)
    _use_changes(forks)
    return forks


def use_forks(city: CityModel | Replay, runner: Runner | None, shared: Forks | None) -> Forks:
    """Return the runs of a page and follow them, inside a component.

    Parameters
    ----------
    city : CityModel or Replay
        What the first run runs.
    runner : Runner, optional
        Its runner.
    shared : Forks, optional
        Runs that outlive the page; by default those of the page, which end with it.
    """
    forks: Forks = solara.use_memo(lambda: shared or Forks(city, runner), [id(city), shared])
    _use_changes(forks)

    def end_own() -> Callable[[], None] | None:
        return forks.close if shared is None else None

    solara.use_effect(end_own, [forks])
    return forks


def _use_changes(forks: Forks | None) -> None:
    """Draw a component anew when runs change."""
    _, redraw = solara.use_state(0)

    def follow() -> Callable[[], None] | None:
        return None if forks is None else forks.listen(lambda: redraw(lambda count: count + 1))

    solara.use_effect(follow, [forks])
