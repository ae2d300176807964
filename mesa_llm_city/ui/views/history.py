"""A run that can be looked at again: its tables and its map, from a folder or a live model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.text_files import is_file
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.atomic_output import MANIFEST
from mesa_llm_city.experiments.crowd_results import crowd_in
from mesa_llm_city.experiments.findings import recorded
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.experiments.saved_fit import FITTED, check_fit
from mesa_llm_city.experiments.saved_minds import CHECKED, mind_defects
from mesa_llm_city.experiments.saved_sample import of_sample
from mesa_llm_city.experiments.saved_tables import read_map, read_table
from mesa_llm_city.experiments.table_parts import has_table, is_in_parts
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.simulation.interventions import Close, Open
from mesa_llm_city.simulation.records import MIND_COLUMNS
from mesa_llm_city.ui.views.history_map import base_map_of
from mesa_llm_city.ui.views.lazy_tables import LazyTables, columns_of
from mesa_llm_city.ui.views.past_closures import (
    PastClosure,
    SavedCity,
    interventions_in,
    past_closures,
)
from mesa_llm_city.ui.views.protocols import Basemap
from mesa_llm_city.ui.views.replay_feelings import Feelings
from mesa_llm_city.ui.views.run_folder import REPLAYED, check_folder
from mesa_llm_city.ui.views.track import Track

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["History"]

_ALSO = ("messages", "posts")
# Columns of people that are read even where nobody lives.
_READ = ("id", "name", "home_place", "household_id", "income")
_WAYS = ("person", "start", "origin", "destination", "mode")


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """The tables of a run; they do not change, so that several replays can share them.

    Parameters
    ----------
    title : str
        Name shown to the reader.
    clock : Clock
        Calendar of the run.
    minutes : int
        Length of the run in minutes.
    persons : pandas.DataFrame
        People of the run, by rising id (``people.parquet``).
    tables : mapping of str to pandas.DataFrame
        The tables by name (see ``docs/reference/outputs.md``), by person and time.
    basemap : Basemap
        What does not move.
    places : geopandas.GeoDataFrame
        Places by their ids, in the projection of the city (``places.parquet``).
    parameters : CityParameters
        Parameters of the run; they name its purposes, modes and needs.
    closures : tuple of PastClosure
        What was closed for a time, as far as it is known.
    """

    title: str
    clock: Clock
    minutes: int
    persons: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    basemap: Basemap
    places: gpd.GeoDataFrame
    parameters: CityParameters = field(default_factory=default_parameters)
    closures: tuple[PastClosure, ...] = ()

    @classmethod
    def read(cls, folder: str | Path, *, crowd: bool = False) -> History:
        """Read the folder of a run.

        Parameters
        ----------
        folder : str or Path
            Folder that ``mesa-llm-city run`` has written.
        crowd : bool, default False
            Whether the rows of its crowd are shown instead of its citizens; they have made no
            decisions that were written down, and no needs, talks and insights either.

        Raises
        ------
        ConfigError
            If it is no folder of a run, or of one without a crowd that kept tables.
        DataError
            If files are missing, truncated or changed, or do not belong together.
        """
        home = Path(folder)
        manifest = check_folder(home, crowd=crowd)
        told, own = crowd_in(home, manifest) if crowd else (manifest, home)
        frames = _frames(own, home)
        persons = read_table(own, "people").sort_values("id", ignore_index=True)
        places = read_map(home, "places")
        clock = Clock(start=date.fromisoformat(manifest["start"]))
        parameters = _parameters(home, manifest)
        _check_levels(home, frames, parameters)
        _check_minds(home, frames)
        to_fit = {name: columns_of(frames, name, FITTED[name]) for name in frames if name in FITTED}
        basemap = base_map_of(places, home)
        counted = {"counts": told.get("counts", {}), "days": manifest["days"]}
        check_fit(own, counted, to_fit, persons, places=len(places), clock=clock)
        return cls(
            title=f"{manifest['city']['name']}, {home.name}{', crowd' if crowd else ''}",
            clock=clock,
            minutes=manifest["days"] * DAY_MIN,
            persons=of_sample(persons, told),
            tables=_with_calls(frames, home),
            basemap=basemap,
            places=places,
            parameters=parameters,
            closures=_closures_in(
                home, manifest, SavedCity(basemap=basemap, frame=places, parameters=parameters)
            ),
        )

    @classmethod
    def of(cls, model: CityModel) -> History:
        """Return what has happened in a model until now."""
        import pandas as pd

        from mesa_llm_city.ui.views.live import LiveView

        view = LiveView(model)
        shown = recorded(model.everybody, model.records.sample)
        people = sorted(shown, key=lambda one: one.id)
        places = model.city.to_geodataframe()
        return cls(
            title=view.title,
            clock=model.clock,
            minutes=model.minute,
            persons=pd.DataFrame([one.to_row() for one in people] or {one: [] for one in _READ}),
            tables={
                **{name: view.table(name) for name in (*REPLAYED, "calls")},
                **_also_of(model),
                **model.minds(),
            },
            basemap=view.basemap(),
            places=places,
            parameters=model.parameters,
            closures=past_closures(
                model.interventions(),
                [one for one in model.intervention_schedule.items if isinstance(one, Close | Open)],
                SavedCity(basemap=view.basemap(), frame=places, parameters=model.parameters),
                model.clock,
            ),
        )

    @cached_property
    def track(self) -> Track:
        """Where everybody was at any minute."""
        return Track.of(
            self.tables["activities"],
            columns_of(self.tables, "trips", _WAYS),
            person=self.ids,
            basemap=self.basemap,
            clock=self.clock,
            parameters=self.parameters,
        )

    @cached_property
    def ids(self) -> Int:
        """Ids of the people, rising, shape (n,)."""
        return self.persons["id"].to_numpy(dtype=np.int64)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the people, in the order of `ids`."""
        return tuple(self.persons["name"].astype(str))

    @cached_property
    def name_of(self) -> dict[int, str]:
        """Names of the people by their ids."""
        return dict(zip(self.ids.tolist(), self.names, strict=True))

    @cached_property
    def needs(self) -> Float:
        """Levels at each full hour, shape (hours, n, needs); NaN where they are not known."""
        names = list(self.parameters.needs)
        frame = self.tables["needs"]
        hour = minutes_of(frame["time"], self.clock) // HOUR_MIN
        row = np.searchsorted(self.ids, frame["person"].to_numpy(dtype=np.int64))
        levels = np.full((int(hour.max(initial=-1)) + 1, len(self.ids), len(names)), np.nan)
        levels[hour, row] = frame.reindex(columns=names).to_numpy(dtype=np.float64)
        return levels

    @cached_property
    def feelings(self) -> Feelings:
        """Moods and beliefs of all people, as far as the run kept them."""
        return Feelings(self.tables, self.ids, clock=self.clock, parameters=self.parameters)

    def before(self, name: str, minute: int) -> pd.DataFrame:
        """Return a table as it was known at a minute; what went on then ends there."""
        frame = self.tables[name]
        known = self._begun(name, minute)
        shown = frame if known.all() else frame[known].reset_index(drop=True)
        if name != "activities":
            return shown
        now = np.datetime64(self.clock.at(minute), "s")
        end = np.minimum(shown["end"].to_numpy().astype("datetime64[s]"), now)
        return shown.assign(end=end)

    def of_person(self, name: str, person: int, minute: int) -> pd.DataFrame:
        """Return the rows of one person that were known at a minute."""
        if isinstance(self.tables, LazyTables):
            mine = self.tables.of_person(name, person)
            return mine[self._known(name, mine) < minute].reset_index(drop=True)
        frame = self.tables[name]
        whose = frame["person"].to_numpy()
        low, high = np.searchsorted(whose, [person, person + 1])
        known = self._when(name)[low:high] < minute
        return frame.iloc[low:high][known].reset_index(drop=True)

    def _begun(self, name: str, minute: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return self._when(name) < minute

    def _when(self, name: str) -> Int:
        """Return when each row of a table came to be known."""
        if name not in self._minutes:
            self._minutes[name] = self._known(name, self.tables[name])
        return self._minutes[name]

    @cached_property
    def _minutes(self) -> dict[str, Int]:
        """What `_when` has found so far."""
        return {}

    def _known(self, name: str, frame: pd.DataFrame) -> Int:
        if name == "calls":
            return frame["minute"].to_numpy(dtype=np.int64, na_value=-1)
        column = {"activities": "start", "trips": "end", "visits": "end"}.get(name, "time")
        return minutes_of(frame[column], self.clock)


def _closures_in(
    home: Path, manifest: Mapping[str, Any], saved: SavedCity
) -> tuple[PastClosure, ...]:
    """Return what was closed in a run; nothing of one without interventions."""
    if not has_table(home, "interventions"):
        return ()
    rows = read_table(home, "interventions")
    clock = Clock(start=date.fromisoformat(manifest["start"]))
    return past_closures(rows, interventions_in(manifest), saved, clock)


def _parameters(home: Path, manifest: Mapping[str, Any]) -> CityParameters:
    try:
        return CityParameters.from_dotted(manifest["parameters"])
    except ConfigError as error:
        message = f"the parameters in {home / MANIFEST} cannot be used: {error}"
        raise DataError(message) from error


def _frames(own: Path, home: Path) -> Mapping[str, pd.DataFrame]:
    """Return tables: whole, or, where they are in parts, when they are needed.

    Those that a crowd does not keep have the columns of those of the run, and no rows.
    """
    kept = [name for name in (*REPLAYED, *_ALSO, *MIND_COLUMNS) if has_table(own, name)]
    empty = {name: read_table(home, name).iloc[:0] for name in REPLAYED if name not in kept}
    if not any(is_in_parts(own, name) for name in kept):
        return {**{name: read_table(own, name) for name in kept}, **empty}
    frames = LazyTables(own, kept)
    for name, frame in empty.items():
        frames = frames.with_table(name, frame)
    return frames


def _also_of(model: CityModel) -> dict[str, pd.DataFrame]:
    """Return tables of a model that only some runs have."""
    tables = {"messages": model.messages()}
    if model.media_or_none is not None:
        tables["posts"] = model.posts()
    return {name: frame for name, frame in tables.items() if len(frame)}


def _with_calls(frames: Mapping[str, pd.DataFrame], home: Path) -> Mapping[str, pd.DataFrame]:
    """Return tables and the ledger."""
    if not isinstance(frames, LazyTables):
        return {**frames, "calls": _calls(home)}
    return frames.with_table("calls", _calls(home))


def _check_levels(
    home: Path, frames: Mapping[str, pd.DataFrame], parameters: CityParameters
) -> None:
    """Check that levels of needs are numbers; needs that were not kept may be missing."""
    columns = {name: _column(frames, name) for name in parameters.needs}
    wrong = [
        f"column {name} must hold numbers in [0, 1]"
        for name, column in columns.items()
        if column is not None and not _is_level(column)
    ]
    if wrong:
        source = str(home / "needs.parquet")
        raise DataError.listing(source, wrong, advice="It was changed; copy the folder again.")


def _check_minds(home: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """Check that tables of minds can be read, as far as there are any."""
    wrong = [
        defect
        for name, columns in CHECKED.items()
        if name in frames
        for defect in mind_defects(name, columns_of(frames, name, columns))
    ]
    if wrong:
        source = str(home)
        raise DataError.listing(source, wrong, advice="It was changed; copy the folder again.")


def _column(frames: Mapping[str, pd.DataFrame], name: str) -> pd.Series[Any] | None:
    """Return a column of the table of needs, if it has it."""
    found = frames.columns("needs", [name]) if isinstance(frames, LazyTables) else frames["needs"]
    return found.get(name)


def _is_level(column: pd.Series[Any]) -> bool:
    if column.dtype.kind not in "fiu":
        return False
    levels = column.to_numpy(dtype=np.float64)
    return bool(((levels >= 0.0) & (levels <= 1.0)).all())


def _calls(home: Path) -> pd.DataFrame:
    """Return the ledger; without rows for a run by rules."""
    from mesa_llm_city.llm.ledger import Ledger

    return read_table(home, "calls") if is_file(home / "calls.parquet") else Ledger().to_frame()
