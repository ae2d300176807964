"""Counts behind the charts, for any kind of view; of a live model only what is new is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.values import Float, Int, Purpose
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.experiments.palette import GROUPS, group_of
from mesa_llm_city.parameters.needs import NEEDS
from mesa_llm_city.ui.views.counting import (
    SLOT_MIN,
    DayCourse,
    HourOfNeeds,
    NeedsCourse,
    Popularity,
    course_of,
    popularity,
    shares_of_counts,
    shares_of_stays,
    trips_by_hour,
)
from mesa_llm_city.ui.views.protocols import MODES, CityView

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Tally", "model_of", "tally_of"]

_GROUP = {str(purpose): group_of(purpose) for purpose in Purpose}
_MODE = {str(mode): code for code, mode in enumerate(MODES)}


class _Columns:
    """Columns of a table as arrays: of a live model read on, of a replay read anew."""

    def __init__(self, name: str, read: Callable[[pd.DataFrame, Clock], tuple[Any, ...]]) -> None:
        self.name = name
        self._read = read
        self._kept: tuple[Any, ...] = ()

    def of(self, view: CityView) -> tuple[Any, ...]:
        model = model_of(view)
        if model is None:
            return self._read(view.table(self.name), view.clock)
        table = getattr(model.records, self.name)
        rows = len(self._kept[0]) if self._kept else 0
        if not self._kept or len(table) > rows:
            new = self._read(table.since(rows), view.clock)
            old = self._kept or tuple(one[:0] for one in new)
            self._kept = tuple(np.concatenate(pair) for pair in zip(old, new, strict=True))
        return self._kept


class Tally:
    """What the charts of one city count; keep one per model or replay (see `tally_of`)."""

    def __init__(self) -> None:
        self._trips = _Columns("trips", _read_trips)
        self._visits = _Columns("visits", _read_visits)
        self._needs: list[HourOfNeeds] = []
        self._needs_read = 0
        # A model that several browser sessions look at is counted by one of them at a time.
        self._lock = Lock()

    def time_use(self, view: CityView) -> DayCourse:
        """Return shares of people by group of purposes (`GROUPS`) and time of day, in [0, 1]."""
        model = model_of(view)
        collected = None if model is None else _collected(model)
        return _shares_of_table(view) if collected is None else shares_of_counts(*collected)

    def trips(self, view: CityView) -> DayCourse:
        """Return departures by mode and hour of the day, per 100 people."""
        with self._lock:
            start_min, mode = self._trips.of(view)
        return trips_by_hour(start_min, mode, minute=view.minute, people=view.people)

    def popularity(self, view: CityView) -> Popularity:
        """Return the places that were visited."""
        with self._lock:
            return popularity(*self._visits.of(view))

    def needs(self, view: CityView, person: int) -> NeedsCourse:
        """Return the needs of the last 24 hours, on average and of one person."""
        since, model = view.minute - DAY_MIN, model_of(view)
        if model is None:
            return course_of(_needs_of_table(view, since), person)
        with self._lock:
            late = [HourOfNeeds(*one) for one in model.records.needs.since(self._needs_read)]
            self._needs_read += len(late)
            self._needs = [one for one in (*self._needs, *late) if one.minute >= since]
            return course_of(self._needs, person)


_TALLIES: MutableMapping[object, Tally] = WeakKeyDictionary()


def tally_of(view: CityView) -> Tally:
    """Return the counts of a city, the same for all views of one model."""
    source: object = model_of(view) or view
    if source not in _TALLIES:
        _TALLIES[source] = Tally()
    return _TALLIES[source]


def model_of(view: object) -> CityModel | None:
    """Return the model that a view shows live, None for a replay."""
    model: CityModel | None = getattr(view, "model", None)
    return model if hasattr(model, "records") else None


def _read_trips(frame: pd.DataFrame, clock: Clock) -> tuple[Int, Int]:
    return _minutes(frame["start"], clock), _codes(frame["mode"], _MODE)


def _read_visits(frame: pd.DataFrame, _: Clock) -> tuple[Int, Float]:
    place = frame["place"].to_numpy(dtype=np.int64)
    return place, frame["satisfaction"].to_numpy(dtype=np.float64, na_value=np.nan)


def _minutes(times: pd.Series[Any], clock: Clock) -> Int:
    if times.dtype.kind in "iu":
        return times.to_numpy(dtype=np.int64)
    return minutes_of(times, clock)


def _codes(labels: pd.Series[Any], kinds: Mapping[str, int]) -> Int:
    """Return the number of each label, looking every kind up only once."""
    rows, names = labels.factorize()
    codes: Int = np.array([kinds[str(name)] for name in names], dtype=np.int64)[rows]
    return codes


def _collected(model: CityModel) -> tuple[Int, Float] | None:
    """Return the minutes of the model's steps and how many did what then, shape (groups, t)."""
    kept = getattr(model.datacollector, "model_vars", {})
    if not kept.get("minute") or any(f"doing_{purpose}" not in kept for purpose in Purpose):
        return None
    # A step that is being written down is not yet in all of them.
    steps = min(len(kept[f"doing_{purpose}"]) for purpose in Purpose)
    minute = np.array(kept["minute"][:steps], dtype=np.int64)
    counts = np.zeros((len(GROUPS), len(minute)))
    for purpose in Purpose:
        lived = np.array(kept[f"doing_{purpose}"][: len(minute)], dtype=np.float64)
        counts[_GROUP[str(purpose)]] += lived
    return minute, counts


def _shares_of_table(view: CityView) -> DayCourse:
    frame, now = view.table("activities"), view.minute
    start, end = (_minutes(frame[name], view.clock) for name in ("start", "end"))
    kind, today_min = _codes(frame["purpose"], _GROUP), max(now - 1, 0) // DAY_MIN * DAY_MIN
    today = shares_of_stays(start - today_min, np.minimum(end, now) - today_min, kind, days=1)
    today[:, -(-(now - today_min) // SLOT_MIN) :] = np.nan
    days = today_min // DAY_MIN
    return DayCourse(today, shares_of_stays(start, np.minimum(end, today_min), kind, days=days))


def _needs_of_table(view: CityView, since: int) -> list[HourOfNeeds]:
    frame = view.table("needs")
    minute = _minutes(frame["time"], view.clock)
    late = minute >= since
    minute, person = minute[late], frame["person"].to_numpy(dtype=np.int64)[late]
    levels = frame[list(NEEDS)].to_numpy(dtype=np.float64)[late]
    hours = [(one, minute == one) for one in np.unique(minute).tolist()]
    return [HourOfNeeds(one, person[here], levels[here]) for one, here in hours]
