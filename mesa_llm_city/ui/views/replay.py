"""A finished run as a view: go to any minute of it, without a model and without a key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN, Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.ui.views.history import History
from mesa_llm_city.ui.views.kinds import colourings
from mesa_llm_city.ui.views.protocols import (
    TABLES,
    Basemap,
    Crowd,
    PersonView,
    UnderWay,
    matching,
)
from mesa_llm_city.ui.views.replay_feelings import FEELINGS
from mesa_llm_city.ui.views.replay_person import see_person
from mesa_llm_city.ui.views.run_card import run_card

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.parameters import CityParameters
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Replay"]


class Replay:
    """A view of a run at any of its minutes (see `CityView`).

    What the tables of a run do not hold (memories, beliefs, ties, goals, moods) is empty, and
    named in `PersonView.missing`.

    Parameters
    ----------
    history : History
        The run; replays of several readers can share it.
    minute : int, default 0
        First minute shown.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> model.run_days(1)
    >>> replay = Replay.of(model)
    >>> replay.go_to(12 * 60)
    >>> len(replay.crowd()), replay.minute, replay.end
    (20, 720, 1440)
    """

    def __init__(self, history: History, minute: int = 0) -> None:
        self.history = history
        self._minute = 0
        self._kept: dict[str, tuple[int, pd.DataFrame]] = {}
        self.go_to(minute)

    @classmethod
    def read(cls, folder: str | Path, *, crowd: bool = False) -> Replay:
        """Return the replay of the run in a folder, or of its crowd (see `History.read`)."""
        return cls(History.read(folder, crowd=crowd))

    @classmethod
    def of(cls, model: CityModel) -> Replay:
        """Return the replay of a model until its present minute."""
        return cls(History.of(model))

    def go_to(self, minute: int) -> None:
        """Go to a minute; before the first or after the last, to that."""
        self._minute = min(max(int(minute), 0), self.end)

    def step(self) -> None:
        """Go on by the length of a step."""
        self.go_to(self._minute + self.clock.step_min)

    @property
    def running(self) -> bool:
        """Whether the end is not reached yet."""
        return self._minute < self.end

    @property
    def end(self) -> int:
        """Length of the run in minutes."""
        return self.history.minutes

    @property
    def title(self) -> str:
        """Name shown to the reader."""
        return self.history.title

    @property
    def clock(self) -> Clock:
        """Calendar of the run."""
        return self.history.clock

    @property
    def parameters(self) -> CityParameters:
        """Parameters of the run."""
        return self.history.parameters

    @property
    def minute(self) -> int:
        """Minute that is shown, in minutes since midnight of the first day."""
        return self._minute

    @property
    def people(self) -> int:
        """How many people there are at the minute of the replay."""
        return len(self._there())

    def _repr_html_(self) -> str:
        """Return a small card for notebooks."""
        run = self.history
        return run_card(run.title, run.clock, run.minutes, len(run.persons), run.tables)

    def crowd(self) -> Crowd:
        """Return positions and activities of all people at the minute of the replay."""
        return self.history.track.crowd(self._minute)

    def under_way(self) -> UnderWay:
        """Return the trips that were under way at the minute, as far as their lines are known."""
        return self.history.track.under_way(self._minute)

    def density(self) -> None:
        """Return None: a replay shows everybody one by one."""

    def names(self) -> tuple[str, ...]:
        """Return the names of the people, in the order of `crowd`."""
        names = self.history.names
        return tuple(names[row] for row in self._there().tolist())

    def homes(self) -> Int:
        """Return the places where people live, in the order of `crowd`."""
        homes = self.history.persons["home_place"].to_numpy(dtype=np.int64)
        there: Int = homes[self._there()]
        return there

    def colours(self) -> tuple[str, ...]:
        """Return what people can be coloured by, as far as the run kept it.

        Of moods and beliefs it keeps those of some people; the others are unknown.
        """
        unknown = set(FEELINGS) - set(self.history.feelings.known)
        if not len(self.history.needs):
            unknown |= set(self.parameters.needs)
        return tuple(name for name in colourings(self.parameters) if name not in unknown)

    def values(self, by: str) -> Float:
        """Return what to colour people by (see `CityView`).

        Raises
        ------
        ConfigError
            If it is none of `colours`.
        """
        if by not in self.colours():
            known = ", ".join(self.colours())
            message = f"a finished run does not keep {by!r}; choose one of {known}"
            raise ConfigError(message)
        if by == "income":
            return self.history.persons["income"].to_numpy(dtype=np.float64)[self._there()]
        if by in FEELINGS:
            return self.history.feelings.values(by, self._minute)[self._there()]
        if by in self.parameters.needs:
            return self._levels()[:, list(self.parameters.needs).index(by)]
        return self.crowd().codes(by)

    def basemap(self) -> Basemap:
        """Return the base map."""
        return self.history.basemap

    def table(self, name: str) -> pd.DataFrame:
        """Return a table as it was known at the minute; read once per minute.

        Raises
        ------
        ConfigError
            If it is none of `TABLES`.
        """
        if name not in TABLES:
            message = f"there is no table {name!r}; the tables are {', '.join(TABLES)}"
            raise ConfigError(message)
        kept = self._kept.get(name)
        if kept is None or kept[0] != self._minute:
            kept = self._kept[name] = self._minute, self.history.before(name, self._minute)
        return kept[1]

    def person(self, person: int) -> PersonView:
        """Return one person at the present minute, as far as the tables of the run show."""
        return see_person(self.history, person, self._minute)

    def find(self, text: str) -> list[tuple[int, str]]:
        """Return ids and names of those whose name has `text` in it, or whose id it is."""
        return matching(text, zip(self.history.ids.tolist(), self.history.names, strict=True))

    def _levels(self) -> Float:
        """Return the needs at the last full hour, shape (n, needs)."""
        needs = self.history.needs
        row = min(max(self._minute - 1, 0) // HOUR_MIN, len(needs) - 1)
        levels: Float = needs[row][self._there()]
        return levels

    def _there(self) -> Int:
        """Return the rows of those who lived there at the minute of the replay."""
        return self.history.track.present(self._minute)
