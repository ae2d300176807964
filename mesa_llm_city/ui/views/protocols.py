"""Protocol of a view: a city at one minute, live or replayed, and one of its people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.land import Land
from mesa_llm_city.city.polylines import Polylines
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.ui.views.areas import Areas
from mesa_llm_city.ui.views.density import Density

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.parameters import CityParameters

__all__ = [
    "TABLES",
    "Basemap",
    "CityView",
    "Crowd",
    "InsightRow",
    "MemoryRow",
    "PersonView",
    "PlanRow",
    "UnderWay",
    "joined",
    "matching",
    "view_of",
]

_MOST_FOUND = 20

TABLES = (
    "activities",
    "trips",
    "visits",
    "decisions",
    "needs",
    "conversations",
    "insights",
    "calls",
)
"""Names of the tables of a city."""

_FAR = 1.5

_AROUND = 1.5
"""Land is drawn so far from the city, in sides of the city."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crowd:
    """Where everybody is at a moment, and what they do.

    Parameters
    ----------
    minute : int
        Present minute of the run.
    person : ndarray of int64, shape (n,)
        Ids, rising; their order stays over a run.
    x, y : ndarray of float64, shape (n,)
        Positions in metres; of those under way, on the line of their trip (see `UnderWay`).
    doing : ndarray of uint8, shape (n,)
        What each does, as row of ``parameters.purposes``; one beyond the last row for a
        purpose that the parameters do not know.
    mode : ndarray of int8, shape (n,)
        Rows of ``parameters.modes``, likewise; -1 for those who are not under way.
    """

    minute: int
    person: Int
    x: Float
    y: Float
    doing: NDArray[np.uint8]
    mode: NDArray[np.int8]

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.person)

    def row_of(self, person: int) -> int | None:
        """Return the row of a person, None for one who is not there."""
        row = int(np.searchsorted(self.person, person))
        return row if row < len(self.person) and self.person[row] == person else None

    def codes(self, by: str) -> Float:
        """Return "activity" or "mode" as rows of the parameters, shape (n,); NaN for none."""
        if by == "activity":
            return self.doing.astype(np.float64)
        return np.where(self.mode < 0, np.nan, self.mode.astype(np.float64))


def joined(one: Crowd, other: Crowd, order: Int) -> Crowd:
    """Return two crowds of the same minute as one.

    Parameters
    ----------
    one, other : Crowd
        People; none of them is in both.
    order : ndarray of int64
        Rows of those of `one` and then of `other`, in the order of the result.
    """
    columns = {
        name: np.concatenate([getattr(one, name), getattr(other, name)])[order]
        for name in ("person", "x", "y", "doing", "mode")
    }
    return Crowd(minute=one.minute, **columns)


class UnderWay(NamedTuple):
    """Trips that are under way, of n people, and the lines along which they lead.

    Attributes
    ----------
    person : ndarray of int64, shape (n,)
        Ids.
    times : ndarray of int64, shape (n, 2)
        Departure and arrival, in minutes.
    mode : ndarray of int64, shape (n,)
        Rows of ``parameters.modes``; one beyond the last for an unknown mode.
    lines : Polylines
        Their n lines in metres, which are gone along evenly.
    """

    person: Int
    times: Int
    mode: Int
    lines: Polylines

    def some(self, rows: Int) -> UnderWay:
        """Return some of the trips, in the order of `rows`."""
        return UnderWay(self.person[rows], self.times[rows], self.mode[rows], self.lines.take(rows))


@dataclass(frozen=True, kw_only=True, eq=False)
class Basemap:
    """What does not move: zones, streets, places and stations, in metres.

    Parameters
    ----------
    zones : tuple of ndarray of float64, shape (k, 2)
        Outlines of the zones.
    streets : ndarray of float64, shape (m, 4)
        Pieces from (x, y) to (x, y).
    places : ndarray of float64, shape (p, 2)
        Places by their ids.
    kind : ndarray of int64, shape (p,)
        Rows of their kinds in `kinds`.
    kinds : tuple of str
        Kinds of place.
    names : tuple of str, length p
        Names of the places.
    is_home : ndarray of bool, shape (p,)
        Which of them people live in.
    stations : ndarray of float64, shape (s, 2)
        Railway stations.
    station_names : tuple of str, length s
        Their names.
    zone_names : tuple of str
        What each outline belongs to; empty if unknown.
    land : Land
        Land use, waters, buildings, and streets with names.
    area_names : tuple of str, length z
        Names of the zones, of which each may have several outlines.
    area : ndarray of int64, optional
        Zone of each outline.
    place_area : ndarray of int64, shape (p,), optional
        Zone of each place, -1 for none; none of any place by default.
    """

    zones: tuple[Float, ...]
    streets: Float
    places: Float
    kind: Int
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    is_home: NDArray[np.bool_]
    stations: Float
    station_names: tuple[str, ...]
    zone_names: tuple[str, ...] = ()
    land: Land = field(default_factory=Land.of)
    area_names: tuple[str, ...] = ()
    area: Int | None = None
    place_area: Int | None = None

    @cached_property
    def areas(self) -> Areas:
        """The zones, to count in."""
        none = np.full(len(self.places), -1)
        of_place = none if self.place_area is None else self.place_area
        return Areas(self.area_names, of_place, self.places)

    @cached_property
    def outline_area(self) -> Int:
        """Zone of each outline; one zone each where it is not known."""
        return np.arange(len(self.zones)) if self.area is None else self.area

    @cached_property
    def focus(self) -> tuple[float, float, float, float]:
        """West, south, east and north end of what to look at first, in metres.

        All that people know, unless zones or stations reach far beyond the places.
        """
        if not len(self.places):
            return self._known
        west, south, east, north = self._known
        (left, low), (right, high) = self.places.min(axis=0), self.places.max(axis=0)
        if max(east - west, north - south) <= _FAR * max(right - left, high - low):
            return self._known
        return float(left), float(low), float(right), float(high)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north end of all that is drawn, in metres.

        Land far from the city is not drawn.
        """
        west, south, east, north = self._known
        shapes = np.concatenate([self.land.areas, self.land.lines])
        if not len(shapes):
            return self._known
        far = _AROUND * max(east - west, north - south)
        left, low, right, high = shapely.total_bounds(shapes).tolist()
        return (
            max(min(west, left), west - far),
            max(min(south, low), south - far),
            min(max(east, right), east + far),
            min(max(north, high), north + far),
        )

    @cached_property
    def _known(self) -> tuple[float, float, float, float]:
        """The ends of places, stations, zones and streets."""
        points = np.vstack([self.places, self.stations, *self.zones, self.streets.reshape(-1, 2)])
        if not len(points):
            return 0.0, 0.0, 1.0, 1.0
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        return float(west), float(south), float(east), float(north)


class PlanRow(NamedTuple):
    """A block of a person's day: what, where, and whether it is done, now or next."""

    start: int
    end: int
    purpose: str
    place: str
    status: str


class MemoryRow(NamedTuple):
    """An entry of temporal memory; insights refer to it by its number."""

    number: int
    minute: int
    place: str
    key: str
    observation: str
    score: float | None


class InsightRow(NamedTuple):
    """A conclusion, with the numbers of the memories and insights that it rests on."""

    number: int
    minute: int
    kind: str
    subject: str
    text: str
    strength: float
    liking: float
    evidence: tuple[int, ...]
    earlier: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonView:
    """One person at a moment.

    Parameters
    ----------
    id : int
        Id of the person.
    name, described : str
        Name, and a description of the person in two sentences.
    doing, place : str
        Label of the present activity, and name of the place or destination.
    needs : mapping of str to float
        Levels in [0, 1]; empty for one without needs.
    mood : str
        How the person feels, in a word; empty without a mood.
    thought : str
        What the person thinks about.
    plan : tuple of PlanRow
        The day so far, what is going on, and what is planned.
    memories : tuple of MemoryRow
        What is remembered, latest first.
    insights : tuple of InsightRow
        What the person has concluded, latest first.
    goals : tuple of str
        What the person wants to reach.
    beliefs : pandas.DataFrame
        Columns place, kind, price, atmosphere, satisfaction, convenience, sd.
    ties : pandas.DataFrame
        Columns other, name, relation, affinity, trust, familiarity; the closest first.
    decisions : pandas.DataFrame
        Columns time, component, source, choice, reason, prompt; the latest first.
    missing : tuple of str
        Names of the fields that this view does not know, such as those that a finished
        run does not hold; they are empty.
    travels : bool, default False
        Whether the person is under way.
    """

    id: int
    name: str
    described: str
    doing: str
    place: str
    needs: Mapping[str, float]
    mood: str
    thought: str
    plan: tuple[PlanRow, ...]
    memories: tuple[MemoryRow, ...]
    insights: tuple[InsightRow, ...]
    goals: tuple[str, ...]
    beliefs: pd.DataFrame
    ties: pd.DataFrame
    decisions: pd.DataFrame
    missing: tuple[str, ...] = ()
    travels: bool = False

    @property
    def now(self) -> str:
        """What the person does and where, or the destination, such as ``sleep at home``."""
        if not self.place:
            return self.doing
        if not self.travels:
            return f"{self.doing} at {self.place}"
        return "on the way home" if self.place == "home" else f"on the way to {self.place}"


@runtime_checkable
class CityView(Protocol):
    """What components read: a live model, or the replay of a finished run."""

    @property
    def title(self) -> str:
        """Name shown to the reader."""

    @property
    def clock(self) -> Clock:
        """Calendar of the run."""

    @property
    def parameters(self) -> CityParameters:
        """Parameters of the run; they name its purposes, modes and needs."""

    @property
    def minute(self) -> int:
        """Now, in minutes since midnight of the first day."""

    @property
    def people(self) -> int:
        """How many people there are."""

    def crowd(self) -> Crowd:
        """Return positions and activities of all people at the present minute."""

    def under_way(self) -> UnderWay:
        """Return the trips that are under way at the present minute, as far as lines are known.

        The time to look for lines is bounded; those that are missing come a minute later.
        """

    def density(self) -> Density | None:
        """Return where people are who are too many to be in `crowd`; None if there are none."""

    def names(self) -> tuple[str, ...]:
        """Return the names of the people, in the order of `crowd`."""

    def homes(self) -> Int:
        """Return the places where people live, in the order of `crowd`; shape (n,)."""

    def colours(self) -> tuple[str, ...]:
        """Return what people can be coloured by: some of `colourings`."""

    def values(self, by: str) -> Float:
        """Return what to colour people by, shape (n,), NaN where unknown.

        Rows of the parameters for ``activity`` and ``mode`` (see `Crowd`), needs and
        beliefs in [0, 1], moods in [-1, 1], incomes in units of the median.
        """

    def basemap(self) -> Basemap:
        """Return the base map."""

    def table(self, name: str) -> pd.DataFrame:
        """Return one of `TABLES`, as far as it is known now; without any rows if unknown."""

    def person(self, person: int) -> PersonView:
        """Return one person; raise ConfigError if there is none of this id."""

    def find(self, text: str) -> list[tuple[int, str]]:
        """Return ids and names of those whose name has `text` in it, at most 20."""


def matching(text: str, people: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return ids and names, 20 at most, with `text` in the name or as id; none for no text.

    Parameters
    ----------
    text : str
        Part of a name in upper or lower case, or an id.
    people : iterable of (int, str)
        Ids and names.

    Examples
    --------
    >>> matching("an", [(1, "Anna Bo"), (2, "Ola Ek"), (3, "Jan Li")])
    [(1, 'Anna Bo'), (3, 'Jan Li')]
    """
    wanted = text.strip().casefold()
    if not wanted:
        return []
    fitting = (one for one in people if wanted in one[1].casefold() or wanted == str(one[0]))
    return list(islice(fitting, _MOST_FOUND))


def view_of(model: object) -> CityView:
    """Return the view of a model; a view is returned as it is.

    Parameters
    ----------
    model : CityModel or CityView
        Argument of a component.

    Raises
    ------
    ConfigError
        If it is neither.
    """
    from mesa_llm_city.simulation.model import CityModel
    from mesa_llm_city.ui.views.live import LiveView

    # First, for Python 3.11 reads the properties to see whether something is a view, and a model
    # without a crowd refuses to tell its crowd.
    if isinstance(model, CityModel):
        return LiveView(model)
    if isinstance(model, CityView):
        return model
    message = f"{type(model).__name__} cannot be shown as a city; give a CityModel or a view"
    raise ConfigError(message)
