"""What is measured of a run: its tables, read from a folder or taken from a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN, WEEK_DAYS
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import OUTSIDE, Float, Int
from mesa_llm_city.experiments.findings import recorded
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Population
from mesa_llm_city.population.outsiders.outsider import RESIDENT

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Bool", "Places", "RunTables", "Stays", "Trips"]

Bool = NDArray[np.bool_]
_NOWHERE = -1
_STAY = ("person", "start", "end", "purpose", "place")
_READ = MappingProxyType(
    {
        "activities": _STAY,
        "visits": _STAY,
        "trips": (*("person", "start", "origin", "destination", "purpose", "mode", "distance_m"),),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """The n places of a run, in the order of their ids.

    Parameters
    ----------
    ids : ndarray of int64, shape (n,)
        Rising ids.
    x, y : ndarray of float64, shape (n,)
        Position in metres.
    source_ids, kinds, purposes : tuple of str
        Id in the file they came from, kind, and what they offer, separated by blanks.
    residents : ndarray of float64, shape (n,)
        How many live there; relative size.
    crs : str
        Reference system of the positions.
    """

    ids: Int
    x: Float
    y: Float
    source_ids: tuple[str, ...]
    kinds: tuple[str, ...]
    purposes: tuple[str, ...]
    residents: Float
    crs: str

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.ids)

    def rows(self, ids: Int) -> Int:
        """Return the rows of places by id; -1 where there is none."""
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        rows: Int = np.where(self.ids[at] == ids, at, _NOWHERE)
        return rows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stays:
    """Activities or visits, in the order of persons and time.

    Parameters
    ----------
    person : ndarray of int64, shape (n,)
        Rows of the persons.
    start_min, end_min : ndarray of int64, shape (n,)
        From (included) and to (excluded), in minutes since midnight of the first day.
    purpose : ndarray of str, shape (n,)
        What for.
    place : ndarray of int64, shape (n,)
        Rows of the places; -1 under way.
    """

    person: Int
    start_min: Int
    end_min: Int
    purpose: NDArray[np.str_]
    place: Int

    def __len__(self) -> int:
        """Return the number of stays."""
        return len(self.person)

    def only(self, keep: Bool) -> Stays:
        """Return those where `keep` (shape (n,)) is true."""
        return Stays(
            person=self.person[keep],
            start_min=self.start_min[keep],
            end_min=self.end_min[keep],
            purpose=self.purpose[keep],
            place=self.place[keep],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trips:
    """Trips that have ended, in the order of persons and time.

    Parameters
    ----------
    person : ndarray of int64, shape (n,)
        Rows of the persons.
    start_min : ndarray of int64, shape (n,)
        Departures, in minutes since midnight of the first day.
    origin, destination : ndarray of int64, shape (n,)
        Rows of the places.
    purpose, mode : ndarray of str, shape (n,)
        What for, and how.
    distance_m : ndarray of float64, shape (n,)
        Length of the way in metres.
    """

    person: Int
    start_min: Int
    origin: Int
    destination: Int
    purpose: NDArray[np.str_]
    mode: NDArray[np.str_]
    distance_m: Float

    def __len__(self) -> int:
        """Return the number of trips."""
        return len(self.person)

    def only(self, keep: Bool) -> Trips:
        """Return those where `keep` (shape (n,)) is true."""
        return Trips(
            person=self.person[keep],
            start_min=self.start_min[keep],
            origin=self.origin[keep],
            destination=self.destination[keep],
            purpose=self.purpose[keep],
            mode=self.mode[keep],
            distance_m=self.distance_m[keep],
        )


_T = TypeVar("_T", Stays, Trips)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunTables:
    """The tables of a run, persons and places as rows and times as minutes.

    Parameters
    ----------
    people : pandas.DataFrame
        The p persons of the run, outsiders among them, in the order of their rows; columns of
        ``people.parquet``.
    home, work : ndarray of int64, shape (p,)
        Rows of the places where they live, and work or learn; -1 for none.
    activities, visits : Stays
        What they did, and where they were elsewhere than at home, work and school.
    trips : Trips
        How they got there.
    places : Places
        The places of the city.
    weekday : int
        Day of the week of the first day; Monday is 0.
    days : int
        Number of days.
    parameters : CityParameters
        With the purposes and modes of the run.
    """

    people: pd.DataFrame
    home: Int
    work: Int
    activities: Stays
    visits: Stays
    trips: Trips
    places: Places
    weekday: int
    days: int
    parameters: CityParameters

    @classmethod
    def read(cls, folder: Path, manifest: Mapping[str, Any], *, crowd: bool = False) -> Self:
        """Read the tables of a run.

        Parameters
        ----------
        folder : Path
            Folder of the run.
        manifest : mapping of str to Any
            Its manifest.
        crowd : bool, default False
            Whether those of the crowd are read instead of those of citizens.

        Raises
        ------
        ConfigError
            If they are to be of a crowd, and the run has none that kept tables.
        DataError
            If a table is missing, damaged, or of another run.
        """
        from datetime import date

        from mesa_llm_city.experiments.crowd_results import crowd_in
        from mesa_llm_city.experiments.saved_sample import of_sample
        from mesa_llm_city.experiments.saved_tables import read_map, read_table

        places = read_map(folder, "places")
        told, home = crowd_in(folder, manifest) if crowd else (manifest, folder)
        frames = {name: read_table(home, name, columns) for name, columns in _READ.items()}
        return cls.of_frames(
            people=of_sample(read_table(home, "people"), told),
            frames=frames,
            places=places,
            start=date.fromisoformat(manifest["start"]),
            days=int(manifest["days"]),
            parameters=CityParameters.from_dotted(manifest["parameters"]),
        )

    @classmethod
    def of_model(cls, model: CityModel, *, crowd: bool = False) -> Self:
        """Return the tables of a model, or of its crowd, at its present minute."""
        whose = model.crowd if crowd else model
        frames = {name: getattr(whose, name)() for name in _READ}
        sample = whose.records.sample
        if crowd:
            people = model.crowd.people.to_frame()
            kept = None if sample is None else sample.keeps(model.crowd.people.ids)
            people = people if kept is None else people[kept]
        else:
            people = Population(tuple(recorded(model.everybody, sample))).to_frame()
        return cls.of_frames(
            people=people,
            frames=frames,
            places=model.city.to_geodataframe(),
            start=model.clock.start,
            days=max(model.minute // DAY_MIN, 1),
            parameters=model.parameters,
        )

    @classmethod
    def of_frames(
        cls,
        *,
        people: pd.DataFrame,
        frames: Mapping[str, pd.DataFrame],
        places: Any,  # noqa: ANN401 - a GeoDataFrame
        start: Any,  # noqa: ANN401 - a date
        days: int,
        parameters: CityParameters,
    ) -> Self:
        """Return tables of data frames; people of whom nothing is known are left out.

        Parameters
        ----------
        people : pandas.DataFrame
            One row per person.
        frames : mapping of str to pandas.DataFrame
            ``activities``, ``visits`` and ``trips``.
        places : geopandas.GeoDataFrame
            The places; the index is their id.
        start : datetime.date
            The first day.
        days : int
            Number of days.
        parameters : CityParameters
            Of the run.

        Raises
        ------
        DataError
            If tables name places that there are not.
        """
        people = people.sort_values("id", ignore_index=True)
        where = _places(places)
        midnight = np.datetime64(start, "m")
        ids = people["id"].to_numpy(dtype=np.int64)
        home, work = (_place_rows(people, name, where) for name in ("home_place", "work_place"))
        return cls(
            people=people,
            home=home,
            work=work,
            activities=_stays(_inside(frames["activities"]), ids, where, midnight),
            visits=_stays(frames["visits"], ids, where, midnight),
            trips=_trips(frames["trips"], ids, where, midnight),
            places=where,
            weekday=start.weekday(),
            days=days,
            parameters=parameters,
        )

    @property
    def persons(self) -> int:
        """Number of persons, p."""
        return len(self.people)

    def day_of_week(self, day: Int) -> Int:
        """Return the day of the week, Monday being 0, of days of the run."""
        return (day + self.weekday) % WEEK_DAYS

    @property
    def residents(self) -> RunTables:
        """The same tables without outsiders, whose days are only in part in the city."""
        if "role" not in self.people:
            return self
        lives_here = (self.people["role"] == RESIDENT).to_numpy(dtype=np.bool_)
        if lives_here.all():
            return self
        row = np.where(lives_here, np.cumsum(lives_here) - 1, _NOWHERE)
        return replace(
            self,
            people=self.people[lives_here].reset_index(drop=True),
            home=self.home[lives_here],
            work=self.work[lives_here],
            activities=_of_rows(self.activities, row),
            visits=_of_rows(self.visits, row),
            trips=_of_rows(self.trips, row),
        )


def _of_rows(table: _T, row: Int) -> _T:
    """Return what those did whose new row is not -1, under their new rows."""
    mine = row[table.person]
    kept = table.only(mine != _NOWHERE)
    return replace(kept, person=mine[mine != _NOWHERE])


def _inside(activities: pd.DataFrame) -> pd.DataFrame:
    """Return activities without the time that outsiders spend outside."""
    return activities[activities["purpose"].astype(str) != OUTSIDE]


def _places(frame: Any) -> Places:  # noqa: ANN401 - a GeoDataFrame
    frame = frame.sort_index()
    return Places(
        ids=frame.index.to_numpy(dtype=np.int64),
        x=frame.geometry.x.to_numpy(dtype=np.float64),
        y=frame.geometry.y.to_numpy(dtype=np.float64),
        source_ids=tuple(frame["source_id"].fillna("").astype(str)),
        kinds=tuple(frame["category"].astype(str)),
        purposes=tuple(frame["purposes"].astype(str)),
        residents=frame["residents"].to_numpy(dtype=np.float64),
        crs="" if frame.crs is None else frame.crs.to_string(),
    )


def _place_rows(frame: pd.DataFrame, name: str, places: Places) -> Int:
    """Return the rows of the places in a column; -1 where there is none."""
    ids = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
    known = ~np.isnan(ids)
    rows: Int = np.full(len(ids), _NOWHERE, dtype=np.int64)
    rows[known] = places.rows(ids[known].astype(np.int64))
    if (rows[known] == _NOWHERE).any():
        lost = int(ids[known][rows[known] == _NOWHERE][0])
        message = f"column {name} names place {lost}, which is not among the places of the run"
        raise DataError(message)
    return rows


def _rows_of(frame: pd.DataFrame, ids: Int) -> tuple[pd.DataFrame, Int]:
    """Return the rows of a table that are about known persons, and who they are."""
    person = frame["person"].to_numpy(dtype=np.int64)
    at = np.minimum(np.searchsorted(ids, person), max(len(ids) - 1, 0))
    known = ids[at] == person if len(ids) else np.zeros(len(person), dtype=np.bool_)
    return frame[known], at[known]


def _minutes(frame: pd.DataFrame, name: str, midnight: np.datetime64) -> Int:
    since = frame[name].to_numpy().astype("datetime64[m]") - midnight
    minutes: Int = since.astype(np.int64)
    return minutes


def _words(frame: pd.DataFrame, name: str) -> NDArray[np.str_]:
    return frame[name].astype(str).to_numpy(dtype=np.str_)


def _stays(frame: pd.DataFrame, ids: Int, places: Places, midnight: np.datetime64) -> Stays:
    known, person = _rows_of(frame, ids)
    return Stays(
        person=person,
        start_min=_minutes(known, "start", midnight),
        end_min=_minutes(known, "end", midnight),
        purpose=_words(known, "purpose"),
        place=_place_rows(known, "place", places),
    )


def _trips(frame: pd.DataFrame, ids: Int, places: Places, midnight: np.datetime64) -> Trips:
    known, person = _rows_of(frame, ids)
    return Trips(
        person=person,
        start_min=_minutes(known, "start", midnight),
        origin=_place_rows(known, "origin", places),
        destination=_place_rows(known, "destination", places),
        purpose=_words(known, "purpose"),
        mode=_words(known, "mode"),
        distance_m=known["distance_m"].to_numpy(dtype=np.float64),
    )
