"""Two runs of a page that are compared: which, and what both look like at a minute."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mesa_llm_city.simulation.interventions import Act
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.comparing.following import Following
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.comparing.runs import ForkedRun, parting
from mesa_llm_city.ui.focus import share_focus
from mesa_llm_city.ui.page.runner import Runner, runner_of
from mesa_llm_city.ui.person.selection import (
    selected,
    selected_place,
    share_selection,
    source_of,
)
from mesa_llm_city.ui.views.history import History
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import CityView, view_of
from mesa_llm_city.ui.views.replay import Replay

if TYPE_CHECKING:
    from pathlib import Path

    from mesa_llm_city.simulation.saving import Snapshot

__all__ = ["Comparison"]


class Comparison:
    """The run that a page shows, and the one that it is compared with.

    A live run follows the one that is shown (see `Following`); a replay is looked at where the
    shown run is. Both have one selected person, place and focus. Several windows can look back to
    different minutes at a time.

    Parameters
    ----------
    shown, other : ForkedRun
        The run that is shown, and the one that it is compared with.
    runner : Runner, optional
        What runs the shown one, if that is known already (see `lead_by`).
    """

    def __init__(self, shown: ForkedRun, other: ForkedRun, runner: Runner | None = None) -> None:
        self.shown, self.other = shown, other
        self._parting = parting(shown, other)
        # Of the other run, by what is shown; windows that look back differ in that.
        self._pasts: MutableMapping[object, Replay] = WeakKeyDictionary()
        self._history: History | None = None
        self._following: Following | None = None
        self._own: Runner | None = None
        # That of the run that was there first is what a session notes.
        first, second = sorted((shown, other), key=lambda run: run.number)
        selected(first.city).set(selected(shown.city).peek())
        selected_place(first.city).set(selected_place(shown.city).peek())
        share_selection(second.city, first.city)
        share_focus(second.city, first.city)
        if (known := runner or shown.runner or runner_of(shown.city)) is not None:
            self.lead_by(known)

    @property
    def names(self) -> tuple[str, str]:
        """Names of both, the shown one first."""
        return self.shown.name, self.other.name

    @property
    def parted(self) -> int:
        """Minute at which both have parted; 0 for runs that do not come from one another."""
        return self._parting.minute

    @property
    def moment(self) -> Snapshot | None:
        """The model at the minute at which both have parted, if it is known."""
        return self._parting.moment

    @property
    def acts(self) -> dict[str, list[Act]]:
        """What was done by hand to each of both while it ran; nothing to a finished run."""
        runs = (self.shown, self.other)
        return {
            run.name: list(run.city.acts) if isinstance(run.city, CityModel) else [] for run in runs
        }

    @property
    def folders(self) -> tuple[Path, ...]:
        """Folders of the finished runs among both, the shown one first."""
        runs = (self.shown, self.other)
        return tuple(run.folder for run in runs if run.folder is not None)

    @property
    def following(self) -> Following | None:
        """What keeps the other run at the minute of the shown one; None for a replay."""
        return self._following

    @property
    def runner(self) -> Runner | None:
        """What runs the other run; None for a replay."""
        if not isinstance(self.other.city, CityModel):
            return None
        return self.other.runner or self._own

    def lead_by(self, runner: Runner) -> None:
        """Have the other run follow the steps of a runner of the shown one.

        Parameters
        ----------
        runner : Runner
            What runs the shown run.
        """
        if self._following is not None and self._following.leader is runner:
            return
        if not isinstance(self.other.city, CityModel):
            return
        if self.other.runner is None and self._own is None:
            self._own = Runner(self.other.city)
        if self._following is not None:
            self._following.end()
        if (follower := self.runner) is not None:
            self._following = Following(runner, follower, self.shown.name)

    def pair(self, shown: object) -> Pair:
        """Return both as they are at the minute that is shown.

        Parameters
        ----------
        shown : CityModel or CityView
            The shown run, or a replay of it at an earlier minute.
        """
        view = view_of(shown)
        here, there = _alike(view, self._other_at(view))
        return Pair(
            shown=here,
            other=there,
            names=self.names,
            parted=min(self.parted, view.minute),
        )

    def end(self) -> None:
        """Let both go their own ways again."""
        if self._following is not None:
            self._following.end()
        if self._own is not None:
            self._own.close()

    def _other_at(self, shown: CityView) -> CityView:
        """Return the other run at the minute that is shown; as it is, if it is not there yet."""
        city, source = self.other.city, source_of(shown)
        if isinstance(city, Replay):
            # What is shown itself has one clock in all windows; each looks back by its own.
            other = city if source is self.shown.city else self._past_of(source, city.history)
            other.go_to(shown.minute)
            return other
        if city.minute <= shown.minute:
            self._pasts.pop(source, None)
            return view_of(city)
        if self._history is None or self._history.minutes != city.minute:
            self._history = History.of(city)
        past = self._past_of(source, self._history)
        past.go_to(shown.minute)
        return past

    def _past_of(self, shown: object, history: History) -> Replay:
        """Return the replay of the other run that goes with what a window shows."""
        past = self._pasts.get(shown)
        if past is None or past.history is not history:
            past = self._pasts[shown] = Replay(history)
            share_selection(past, self.other.city)
            share_focus(past, self.other.city)
        return past


def _alike(one: CityView, other: CityView) -> tuple[CityView, CityView]:
    """Return two views of the same people: a replay of a live model has no rows of a crowd."""
    if isinstance(one, LiveView) == isinstance(other, LiveView):
        return one, other
    return _without_rows(one), _without_rows(other)


def _without_rows(view: CityView) -> CityView:
    return LiveView(view.model, rows=False) if isinstance(view, LiveView) else view
