"""A live model as a view: read while it runs, without changing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import shapely

from mesa_llm_city.city.polylines import Polylines
from mesa_llm_city.core.clock import HOUR_MIN, Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.llm.ledger import Ledger
from mesa_llm_city.simulation.records import with_dates
from mesa_llm_city.simulation.tables import ModelTables
from mesa_llm_city.ui.per_model import PerModel
from mesa_llm_city.ui.views.density import Density
from mesa_llm_city.ui.views.kinds import colourings
from mesa_llm_city.ui.views.live_person import OwnTables, see_person
from mesa_llm_city.ui.views.live_positions import CrowdColumns
from mesa_llm_city.ui.views.live_row_person import row_name, see_row
from mesa_llm_city.ui.views.live_rows import MOST_DOTS, RowColumns, by_id
from mesa_llm_city.ui.views.live_states import BeliefColumn, TrajectoryColumns, moods_of, needs_of
from mesa_llm_city.ui.views.protocols import (
    TABLES,
    Basemap,
    Crowd,
    PersonView,
    UnderWay,
    joined,
    matching,
)
from mesa_llm_city.ui.views.trip_lines import TripLines

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.city import City
    from mesa_llm_city.parameters import CityParameters
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["LiveView"]


@dataclass(slots=True)
class _Kept:
    """Latest readings of one model, which make the next reading fast."""

    lock: Lock = field(default_factory=Lock)
    crowd: CrowdColumns = field(default_factory=CrowdColumns)
    needs: TrajectoryColumns = field(default_factory=TrajectoryColumns)
    moods: TrajectoryColumns = field(default_factory=TrajectoryColumns)
    beliefs: BeliefColumn = field(default_factory=BeliefColumn)
    basemap: tuple[int, Basemap] | None = None
    rows: RowColumns = field(default_factory=RowColumns)
    lines: tuple[object, TripLines] | None = None
    tables: dict[str, tuple[int, pd.DataFrame]] = field(default_factory=dict)
    own: OwnTables = field(default_factory=OwnTables)


_KEPT = PerModel(_Kept)


class LiveView:
    """A view of a model while it runs (see `CityView`).

    Parameters
    ----------
    model : CityModel
        The model; the view never changes it.
    rows : bool, default True
        Whether the rows of its crowd are seen; a replay of it has none.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> view = LiveView(CityModel(City.synthetic(rng=1, places=400), 20, rng=7))
    >>> view.people, len(view.crowd()), view.colours()[0]
    (20, 20, 'activity')
    """

    def __init__(self, model: CityModel, *, rows: bool = True) -> None:
        self.model = model
        self._kept = _KEPT.of(model)
        self._sees_rows = rows

    @property
    def title(self) -> str:
        """Name of the city."""
        return self.model.city.name

    @property
    def clock(self) -> Clock:
        """Calendar of the run."""
        return self.model.clock

    @property
    def parameters(self) -> CityParameters:
        """Parameters of the model."""
        return self.model.parameters

    @property
    def minute(self) -> int:
        """Now, in minutes since midnight of the first day."""
        return self.model.minute

    @property
    def people(self) -> int:
        """How many citizens there are; rows of a crowd are not among them."""
        return len(self.model.citizens)

    def crowd(self) -> Crowd:
        """Return positions and activities of all people at the present minute.

        Rows of a crowd are among them, unless there are so many that they are a `density`.
        """
        with self._kept.lock:
            return self._everybody()[0]

    def _everybody(self) -> tuple[Crowd, Int]:
        """Return citizens and rows by rising id, and their order among citizens before rows."""
        own = self._kept.crowd.crowd(self.model, self._lines())
        rows = self._rows_one_by_one()
        if rows is None:
            return own, np.arange(len(own))
        others = self._kept.rows.crowd(rows, self._lines())
        order = np.argsort(np.concatenate([own.person, others.person]), kind="stable")
        return joined(own, others, order), order

    def _crowd(self) -> CrowdAgent | None:
        return self.model.crowd_or_none if self._sees_rows else None

    def _rows_one_by_one(self) -> CrowdAgent | None:
        """Return the crowd if its rows are shown one by one."""
        rows = self._crowd()
        return rows if rows is not None and len(rows) <= MOST_DOTS else None

    def under_way(self) -> UnderWay:
        """Return the trips that are under way now, as far as their lines are known."""
        with self._kept.lock:
            own = self._kept.crowd.under_way(self.model, self._lines())
            rows = self._rows_one_by_one()
            if rows is None:
                return own
            others = self._kept.rows.under_way(rows, self._lines())
        return UnderWay(
            person=np.concatenate([own.person, others.person]),
            times=np.vstack([own.times, others.times]),
            mode=np.concatenate([own.mode, others.mode]),
            lines=Polylines.joined([own.lines, others.lines]),
        )

    def density(self) -> Density | None:
        """Return where the rows of a crowd are, if they are too many to be shown one by one."""
        rows = self._crowd()
        if rows is None or len(rows) <= MOST_DOTS:
            return None
        with self._kept.lock:
            return self._kept.rows.density(rows, self.basemap().focus)

    @property
    def trip_lines(self) -> TripLines:
        """What finds the lines of trips."""
        with self._kept.lock:
            return self._lines()

    def _lines(self) -> TripLines:
        """Return what finds the lines of trips; made again only if the streets are others."""
        network, kept = self.model.city.network, self._kept.lines
        if kept is None or kept[0] is not network:
            base = self.basemap()
            finder = TripLines(
                base.streets, base.stations, self.parameters.modes, base.places[~base.is_home]
            )
            kept = self._kept.lines = network, finder
        return kept[1]

    def names(self) -> tuple[str, ...]:
        """Return the names of the people, in the order of `crowd`; a row has its id as name."""
        names = self.model.world.names
        return tuple(
            names.get(person) or row_name(person) for person in self.crowd().person.tolist()
        )

    def homes(self) -> Int:
        """Return the places where people live, in the order of `crowd`."""
        with self._kept.lock:
            _, order = self._everybody()
            homes = [one.persona.home for one in self._kept.crowd.citizens]
            rows = self._rows_one_by_one()
        own = np.array(homes, dtype=np.int64)
        if rows is None:
            return own
        others = rows.people.home[by_id(rows)].astype(np.int64)
        return np.concatenate([own, others])[order]

    def colours(self) -> tuple[str, ...]:
        """Return what people can be coloured by; components that are left out give no colours."""
        without = set(self.model.without)
        lacking = {
            "needs": set(self.parameters.needs),
            "mood": {"mood"},
            "beliefs": {"belief"},
            "persona": {"income"},
        }
        unknown = {name for part, names in lacking.items() if part in without for name in names}
        return tuple(name for name in colourings(self.parameters) if name not in unknown)

    def values(self, by: str) -> Float:
        """Return what to colour people by, shape (n,), NaN where unknown (see `CityView`).

        Raises
        ------
        ConfigError
            If it is none of `colourings`.
        """
        if by not in (known := colourings(self.parameters)):
            message = f"people cannot be coloured by {by!r}; choose one of {', '.join(known)}"
            raise ConfigError(message)
        with self._kept.lock:
            crowd, order = self._everybody()
            if by in {"activity", "mode"}:
                return crowd.codes(by)
            own, rows = self._felt(by), self._rows_one_by_one()
            if rows is None:
                return own
            return np.concatenate([own, self._kept.rows.values(rows, by)])[order]

    def _felt(self, by: str) -> Float:
        kept, minute = self._kept, self.minute
        citizens = kept.crowd.citizens
        if by == "belief":
            return kept.beliefs.values(citizens, kept.crowd.dues, minute=minute)
        if by == "mood":
            return moods_of(citizens, kept.moods, minute=minute)
        if by == "income":
            return np.array([one.persona.income for one in citizens], dtype=np.float64)
        return needs_of(citizens, by, kept.needs, minute=minute)

    def basemap(self) -> Basemap:
        """Return the base map; made again only if homes were added."""
        city, kept = self.model.city, self._kept.basemap
        if kept is None or kept[0] != len(city.places):
            kept = self._kept.basemap = len(city.places), _basemap(city)
        return kept[1]

    def table(self, name: str) -> pd.DataFrame:
        """Return a table as far as it is known now, ordered by person and time.

        What is going on ends now. Read once per minute of the run, needs once per hour.

        Raises
        ------
        ConfigError
            If it is none of `TABLES`.
        """
        if name not in TABLES:
            message = f"there is no table {name!r}; the tables are {', '.join(TABLES)}"
            raise ConfigError(message)
        # Needs are written down in the first step of an hour, not at its first minute.
        now = (self.minute - 1) // HOUR_MIN if name == "needs" else self.minute
        kept = self._kept.tables.get(name)
        if kept is None or kept[0] != now:
            kept = self._kept.tables[name] = now, _READ[name](self.model)
        return kept[1]

    def person(self, person: int) -> PersonView:
        """Return one person.

        Raises
        ------
        ConfigError
            If nobody has this id.
        """
        rows = self.model.crowd_or_none
        row = None if rows is None else rows.find(person)
        if rows is not None and row is not None:
            return see_row(rows, row)
        return see_person(self.model, person, lambda: self.table("calls"), self._kept.own)

    def own_rows(self, name: str, person: int) -> pd.DataFrame:
        """Return the rows of one person in a table, ordered by time; times are minutes.

        What is going on is not among them. Only what is new is read again; do not change it.

        Parameters
        ----------
        name : str
            Name of the table, such as ``trips``.
        person : int
            Id of the person.
        """
        return self._kept.own.frame(self.model, name, person)

    def find(self, text: str) -> list[tuple[int, str]]:
        """Return ids and names of those whose name has `text` in it, or whose id it is."""
        return matching(text, zip(self.crowd().person.tolist(), self.names(), strict=True))


def _basemap(city: City) -> Basemap:
    places, stations = city.places, city.stations
    components, zone = shapely.get_parts(city.zones.polygons, return_index=True)
    return Basemap(
        zones=tuple(shapely.get_coordinates(shapely.get_exterior_ring(one)) for one in components),
        streets=city.streets.reshape(-1, 4),
        places=np.column_stack([places.x, places.y]),
        kind=places.category,
        kinds=places.category_names,
        names=tuple(places.label(place) for place in range(len(places))),
        is_home=places.is_residence,
        stations=np.column_stack([stations.x, stations.y]),
        station_names=stations.names,
        zone_names=tuple(city.zones.names[row] for row in zone.tolist()),
        land=city.land,
        area_names=tuple(city.zones.names),
        area=zone.astype(np.int64),
        place_area=places.zone.astype(np.int64),
    )


def _trips(model: CityModel) -> pd.DataFrame:
    # Without the lines of `ModelTables.trips`, which take longer to make than the rest.
    return with_dates(model.records.trips.to_frame(), model.clock)


def _calls(model: CityModel) -> pd.DataFrame:
    has_ledger = getattr(model.llm, "calls", None) is not None
    return model.calls() if has_ledger else Ledger().to_frame()


_READ: dict[str, Callable[[CityModel], pd.DataFrame]] = {
    "activities": ModelTables.activities,
    "trips": _trips,
    "visits": ModelTables.visits,
    "decisions": ModelTables.decisions,
    "needs": ModelTables.needs,
    "conversations": ModelTables.conversations,
    "insights": ModelTables.insights,
    "calls": _calls,
}
