"""Differences over several seeds, found on the page: a button, progress, charts with intervals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from threading import Event, Thread
from typing import NamedTuple
from weakref import WeakKeyDictionary, ref

import solara

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.experiments.atomic_output import MANIFEST
from mesa_llm_city.experiments.futures.measures import MEASURES
from mesa_llm_city.experiments.futures.over_seeds import ActOrChange, SeedDifferences, over_seeds
from mesa_llm_city.simulation.saving import Snapshot
from mesa_llm_city.ui.comparing.charts import (
    MeasureCharts,
    ReporterCharts,
    ReporterRows,
    both_reporters,
)
from mesa_llm_city.ui.comparing.differences import LEVEL
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.page.listeners import Listeners, outside_kernels
from mesa_llm_city.ui.panel import Hint, Panel, Remark
from mesa_llm_city.ui.person.common import short_time
from mesa_llm_city.ui.person.selection import selected, source_of
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import view_of

__all__ = ["SEEDS", "OverSeeds", "SeedsRun", "fork_folders"]

SEEDS = 5
"""How many replicates are lived; five is what ``mesa-llm-city fork`` has by default."""

_WHY = (
    "Both runs are lived again from where they parted, with what was done to each, and with the "
    "luck of {} seeds; it takes about {} times as long as one run took from there."
)
_FINISHED = (
    "Intervals over seeds need a moment to live on from, and these are finished runs. Save a run "
    "on its way (mesa-llm-city run … --save-every 1d), and compare with: mesa-llm-city fork "
    "SAVE_DIR --future {} --future {}=FILE.toml --seeds 5"
)
_TOLD = 0.02
_KIND = "fork"


class _State(NamedTuple):
    """How far a comparison over seeds is.

    Attributes
    ----------
    share : float
        How much is done, in [0, 1].
    is_running : bool
        Whether it goes on.
    trouble : str
        Why it ended without a result; empty if it did not.
    """

    share: float = 0.0
    is_running: bool = False
    trouble: str = ""


class SeedsRun:
    """Compares two runs over seeds in a thread of its own.

    Parameters
    ----------
    compare : callable, optional
        Compares; takes what `over_seeds` takes.

    Attributes
    ----------
    state : tuple
        How far it is: ``share``, ``is_running`` and ``trouble``.
    result : SeedDifferences or None
        What came of it last.
    """

    def __init__(self, compare: Callable[..., SeedDifferences | None] = over_seeds) -> None:
        self.state = _State()
        self.result: SeedDifferences | None = None
        self._compare = compare
        self._stop = Event()
        self._listeners = Listeners()
        self._thread: Thread | None = None

    def listen(self, on_change: Callable[[], None]) -> Callable[[], None]:
        """Call a function on each change; return what ends that."""
        return self._listeners.add(on_change)

    def start(
        self,
        moment: Snapshot,
        changes: Mapping[str, Sequence[ActOrChange]],
        until: int,
        reporters: Sequence[str] = (),
        *,
        is_needed: Callable[[], bool] = lambda: True,
    ) -> None:
        """Begin to compare, unless it is being done already.

        Parameters
        ----------
        moment, changes, until, reporters
            See `over_seeds`.
        is_needed : callable, optional
            Tells whether anybody can still look at the result; without one it is given up.
        """
        if self.state.is_running:
            return
        self._stop = stop = Event()
        self._tell(_State(is_running=True))

        def compare() -> SeedDifferences | None:
            return self._compare(
                moment,
                changes,
                until=until,
                seeds=SEEDS,
                reporters=reporters,
                level=LEVEL,
                on_progress=self._progress,
                is_stopped=lambda: stop.is_set() or not is_needed(),
            )

        def work() -> None:
            self._work(compare)

        with outside_kernels():
            self._thread = Thread(target=work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Give up; it ends after the step that is under way."""
        self._stop.set()

    def wait(self, timeout_s: float) -> bool:
        """Wait until it has ended; return False if that takes too long."""
        if self._thread is not None:
            self._thread.join(timeout_s)
        return self._thread is None or not self._thread.is_alive()

    def _work(self, compare: Callable[[], SeedDifferences | None]) -> None:
        trouble = ""
        try:
            self.result = compare() or self.result
        except CityError as error:
            trouble = error.message
        except Exception as error:  # noqa: BLE001 - shown on the page; a thread has nobody else
            trouble = f"{type(error).__name__}: {error}"
        self._tell(_State(trouble=trouble))

    def _progress(self, share: float) -> None:
        # Not each step, so that the page is not drawn anew all the time.
        if share - self.state.share >= _TOLD:
            self._tell(_State(share, is_running=True))

    def _tell(self, state: _State) -> None:
        self.state = state
        self._listeners.tell()


# By where the runs parted, which lives as long as one of them.
_RUNS: MutableMapping[Snapshot, dict[frozenset[object], SeedsRun]] = WeakKeyDictionary()


def _run_of(moment: Snapshot, runs: Iterable[object]) -> SeedsRun:
    """Return what compares two runs, which goes on while the page shows something else.

    It is the same whichever of the two is shown; a result names its runs.
    """
    return _RUNS.setdefault(moment, {}).setdefault(frozenset(runs), SeedsRun())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Asked:
    """What is to be compared: where the runs parted, what was done to each, and their folders."""

    moment: Snapshot | None
    changes: Mapping[str, Sequence[ActOrChange]]
    folders: Sequence[Path]
    runs: tuple[object, object]


def OverSeeds(
    pair: Pair,
    moment: Snapshot | None,
    changes: Mapping[str, Sequence[ActOrChange]],
    folders: Sequence[Path] = (),
    *,
    runs: tuple[object, object] | None = None,
) -> solara.Element:
    """Let the reader compare two runs over several seeds, and show the result with intervals.

    Parameters
    ----------
    pair : Pair
        The runs as they stand.
    moment : Snapshot or None
        Where they have parted; None for finished runs, which cannot be lived again.
    changes : mapping of str to sequence of Act or change
        What was done to each of them by its name, the shown one first, such as ``model.acts``
        (see `over_seeds`).
    folders : sequence of Path, optional
        Folders of finished runs; results of ``mesa-llm-city fork`` beside them are named.
    runs : (object, object), optional
        What tells the runs from others that come later and may have their names, such as numbers;
        their names by default.
    """
    # One thing to hand over, which is not looked through for elements.
    asked = _Asked(moment=moment, changes=changes, folders=folders, runs=runs or pair.names)
    return _OverSeeds(pair=pair, asked=asked)


@solara.component
def _OverSeeds(pair: Pair, asked: _Asked) -> None:
    with Panel("Over several seeds", name="over-seeds"):
        if asked.moment is None:
            _Finished(pair.names, tuple(asked.folders))
        else:
            _Live(pair, asked, asked.moment)


@solara.component
def _Finished(names: tuple[str, str], folders: tuple[Path, ...]) -> None:
    """Tell what to do for intervals of finished runs, and where there are some."""
    near = solara.use_memo(lambda: fork_folders(folders), [folders])
    Hint(_FINISHED.format(*map(quote, names)))
    for folder in near:
        Remark(f"Differences over seeds of a fork are in {folder}.", name="fork-folder")


@solara.component
def _Live(pair: Pair, asked: _Asked, moment: Snapshot) -> None:
    """Show the button that begins, or how far it is, and the latest result."""
    run = _run_of(moment, asked.runs)
    _, draw = solara.use_state(0)
    solara.use_effect(lambda: run.listen(lambda: draw(lambda count: count + 1)), [run])
    # What is selected in a run lives as long as the run, and longer than a look at its past.
    alive = ref(selected(pair.shown))

    def begin() -> None:
        run.start(
            moment,
            asked.changes,
            pair.minute,
            _reporters(pair),
            is_needed=lambda: alive() is not None,
        )

    Remark(_WHY.format(SEEDS, 2 * SEEDS), name="why-seeds")
    with solara.Row(gap="10px", style={"align-items": "center", "flex-wrap": "wrap"}):
        if run.state.is_running:
            _Progress(run)
        else:
            label = f"Over {SEEDS} seeds"
            is_early = pair.minute <= moment.minute
            solara.Button(label, on_click=begin, disabled=is_early, small=True, outlined=True)
    if run.state.trouble:
        Remark(run.state.trouble, name="trouble", colour="#B22222")
    if run.result is not None:
        _Result(run.result, source_of(pair.shown))


def _Progress(run: SeedsRun) -> None:
    solara.Text(f"{run.state.share:.0%} lived", classes=["city-seeds-share"])
    solara.v.ProgressLinear(
        value=100.0 * run.state.share,
        style_="max-width: 260px",
        attributes={"aria-label": "comparison over seeds"},
    )
    solara.Button("Stop", on_click=run.stop, small=True, outlined=True)


def _reporters(pair: Pair) -> tuple[str, ...]:
    """Return the reporters of both models, without the counts that any view has."""
    model = model_of(pair.shown)
    known = {} if model is None else model.datacollector.model_reporters
    return tuple(name for name in both_reporters(pair) if name in known)


@solara.component
def _Result(found: SeedDifferences, shown: object) -> None:
    clock = view_of(shown).clock
    begin, end = (short_time(clock, one) for one in (found.parted, found.minute))
    share, low, high = (100.0 * one for one in found.share)
    Remark(
        f"Bars and lines: mean of {len(found.seeds)} seeds; intervals: "
        f"{100.0 * found.level:.0f} % paired-t intervals of the mean difference. "
        f"From {begin} to {end}.",
        name="seeds-caption",
    )
    Remark(
        f"{share:.1f} % of the people live differently ({low:.1f} to {high:.1f} %).",
        name="seeds-share",
    )
    for one in found.not_repeated:
        Remark(f"Not done again: {one}.", name="not-repeated")
    MeasureCharts(found, shown)
    reported = tuple(name for name in found.measures if name not in MEASURES)
    if reported:
        rows = ReporterRows(reported, found.names, found.measures.__getitem__)
        ReporterCharts(rows, shown, found)


def fork_folders(near: Iterable[Path]) -> list[Path]:
    """Return the folders that ``mesa-llm-city fork`` has written beside those of some runs.

    They hold the differences over seeds of each future: ``NAME_MEASURE.csv`` with intervals.

    Parameters
    ----------
    near : iterable of Path
        Folders of runs.
    """
    homes = {path.absolute().parent for path in near}
    beside = [one for home in sorted(homes) if home.is_dir() for one in home.iterdir()]
    return sorted(one for one in beside if _is_fork(one))


def _is_fork(folder: Path) -> bool:
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("kind") == _KIND
