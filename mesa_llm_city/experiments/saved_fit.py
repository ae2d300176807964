"""Whether the tables of a run belong together: persons, places, times and numbers of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.simulation.records import MIND_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FITTED", "check_fit"]

_NO_PLACE = -1
_PLACES = {
    "activities": ("place",),
    "trips": ("origin", "destination"),
    "visits": ("place",),
    "conversations": ("place",),
    **dict.fromkeys(("mind_memories", "mind_beliefs"), ("place",)),
}

FITTED: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "activities": ("person", "start", "end", "place"),
        "trips": ("person", "start", "end", "origin", "destination"),
        "visits": ("person", "start", "end", "place"),
        "conversations": ("person", "time", "place"),
        **dict.fromkeys(("decisions", "insights", "needs"), ("person", "time")),
        **dict.fromkeys(MIND_COLUMNS, ("person", "time")),
        **dict.fromkeys(("mind_memories", "mind_beliefs"), ("person", "time", "place")),
    }
)
"""Columns of each table that `check_fit` looks at."""


def check_fit(
    folder: Path,
    manifest: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    persons: pd.DataFrame,
    *,
    places: int,
    clock: Clock,
) -> None:
    """Check that the tables of a run fit each other.

    Parameters
    ----------
    folder : Path
        Folder of the run, for the message.
    manifest : mapping
        Its manifest, as `read_manifest` returns it.
    tables : mapping of str to pandas.DataFrame
        Its tables, as `read_table` returns them; the columns `FITTED` are read.
    persons : pandas.DataFrame
        The people.
    places : int
        Number of places.
    clock : Clock
        Calendar of the run.

    Raises
    ------
    DataError
        Lists every table that does not fit.
    """
    ids = persons["id"].to_numpy(dtype=np.int64)
    defects = [*_defects_of_people(persons, ids, places)]
    for name, frame in tables.items():
        expected = manifest["counts"].get(name, len(frame))
        if len(frame) != expected:
            defects.append(f"{name}.parquet has {len(frame)} rows, the manifest says {expected}")
        defects += [f"{name}.parquet: {one}" for one in _defects(name, frame, ids, places)]
        end = int(manifest["days"]) * DAY_MIN
        defects += [f"{name}.parquet: {one}" for one in _wrong_times(frame, clock, end)]
    if not defects:
        defects += _trips_without_activity(tables["activities"], tables["trips"])
    if defects:
        advice = "The files belong to different runs, or were changed; copy the folder again."
        source = str(folder)
        raise DataError.listing(source, defects, advice=advice)


def _defects_of_people(persons: pd.DataFrame, ids: Int, places: int) -> Iterator[str]:
    if len(np.unique(ids)) != len(ids):
        yield "people.parquet: some ids are there twice"
    if not len(ids):
        yield "people.parquet: there is nobody in it"
    home = persons["home_place"].to_numpy(dtype=np.int64)
    if count := _outside(home, 0, places):
        yield f"people.parquet: {count} people live at a place that is not among the {places}"


def _defects(name: str, frame: pd.DataFrame, ids: Int, places: int) -> Iterator[str]:
    whose = frame["person"].to_numpy(dtype=np.int64)
    strangers = ~np.isin(whose, ids)
    if strangers.any():
        yield f"{int(strangers.sum())} rows are of people who are not in people.parquet"
    if (np.diff(whose) < 0).any():
        yield "the rows are not in the order of the people"
    for column in _PLACES.get(name, ()):
        at = frame[column].to_numpy(dtype=np.int64, na_value=_NO_PLACE)
        least = 0 if name in {"trips", "visits"} else _NO_PLACE
        if count := _outside(at, least, places):
            yield f"{count} values of {column} are not among the {places} places"


def _wrong_times(frame: pd.DataFrame, clock: Clock, end_min: int) -> Iterator[str]:
    minutes = {
        name: minutes_of(frame[name], clock) for name in ("time", "start", "end") if name in frame
    }
    for name, found in minutes.items():
        if count := _outside(found, 0, end_min + 1):
            yield f"{count} values of {name} are outside the run of {end_min // DAY_MIN} days"
    if "end" in minutes and (minutes["end"] < minutes["start"]).any():
        yield "some rows end before they start"


def _trips_without_activity(activities: pd.DataFrame, trips: pd.DataFrame) -> Iterator[str]:
    known = _person_and_start(activities)
    if len(np.unique(known)) != len(known):
        yield "activities.parquet: people do two things at once"
    if count := int((~np.isin(_person_and_start(trips), known)).sum()):
        yield f"trips.parquet: {count} trips do not begin with an activity"


def _person_and_start(frame: pd.DataFrame) -> NDArray[Any]:
    """Return each pair of person and minute as one value, shape (n,)."""
    pairs = np.empty(len(frame), dtype=[("person", np.int64), ("minute", np.int64)])
    pairs["person"] = frame["person"].to_numpy(dtype=np.int64)
    pairs["minute"] = frame["start"].to_numpy().astype("datetime64[m]").astype(np.int64)
    return pairs


def _outside(values: Int, least: int, below: int) -> int:
    return int(((values < least) | (values >= below)).sum())
