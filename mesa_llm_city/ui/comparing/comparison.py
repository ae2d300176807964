"""Two runs of a page that are compared: which, and what both look like at a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa_llm_city.simulation.interventions import Act
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.comparing.following import Following
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.comparing.runs import ForkedRun, parting
from mesa_llm_city.ui.focus import share_focus
from mesa_llm_city.ui.page.runner import Runner, runner_of
from mesa_llm_city.ui.person.selection import selected, selected_place, share_selection
from mesa_llm_city.ui.views.protocols import CityView, view_of
from mesa_llm_city.ui.views.replay import Replay

if TYPE_CHECKING:
    from pathlib import Path

    from mesa_llm_city.simulation.saving import Snapshot

__all__ = ["Comparison"]


class Comparison:
    """The run that a page shows, and the one that it is compared with.

    A live run follows the one that is shown (see `Following`); a replay is looked at where the
    shown run is. Both have one selected person, place and focus.

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
        self._past: Replay | None = None
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
        return Pair(
            shown=view,
            other=self._other_at(view.minute),
            names=self.names,
            parted=min(self.parted, view.minute),
        )

    def end(self) -> None:
        """Let both go their own ways again."""
        if self._following is not None:
            self._following.end()
        if self._own is not None:
            self._own.close()

    def _other_at(self, minute: int) -> CityView:
        """Return the other run at a minute; as it is, if it has not come there yet."""
        city = self.other.city
        if isinstance(city, Replay):
            city.go_to(minute)
            return city
        if city.minute <= minute:
            self._past = None
            return view_of(city)
        past = self._past
        if past is None or past.end != city.minute:
            past = self._past = Replay.of(city)
            share_selection(past, city)
            share_focus(past, city)
        past.go_to(minute)
        return past
