"""Counts behind the charts, for any kind of view; of a live model only what is new is read."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.experiments.palette import palette_of
from mesa_llm_city.ui.per_model import PerModel
from mesa_llm_city.ui.views.counting import (
    SLOT_MIN,
    DailyProfile,
    HourOfNeeds,
    NeedsSeries,
    Popularity,
    needs_series_of,
    popularity,
    shares_of_counts,
    shares_of_stays,
    trips_by_hour,
)
from mesa_llm_city.ui.views.kinds import row_of, rows_of
from mesa_llm_city.ui.views.protocols import CityView

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["CityCounts", "counts_of", "model_of"]


class _Columns:
    """Columns of a table as arrays; of a live model only new rows are read."""

    def __init__(
        self, name: str, read: Callable[[pd.DataFrame, CityView], tuple[Any, ...]]
    ) -> None:
        self.name = name
        self._read = read
        self._kept: tuple[Any, ...] = ()

    def of(self, view: CityView) -> tuple[Any, ...]:
        model = model_of(view)
        if model is None:
            return self._read(view.table(self.name), view)
        table = getattr(model.records, self.name)
        rows = len(self._kept[0]) if self._kept else 0
        if not self._kept or len(table) > rows:
            new = self._read(table.since(rows), view)
            old = self._kept or tuple(one[:0] for one in new)
            self._kept = tuple(np.concatenate(pair) for pair in zip(old, new, strict=True))
        return self._kept


class CityCounts:
    """Counts behind the charts of one city; keep one per model or replay (see `counts_of`)."""

    def __init__(self) -> None:
        self._trips = _Columns("trips", _read_trips)
        self._visits = _Columns("visits", _read_visits)
        self._needs: list[HourOfNeeds] = []
        self._needs_read = 0
        # A model that several browser sessions look at is counted by one of them at a time.
        self._lock = Lock()

    def time_use(self, view: CityView) -> DailyProfile:
        """Return shares of people by group of purposes and time of day, in [0, 1].

        The rows are those of ``palette_of(view.parameters).groups``.
        """
        model = model_of(view)
        collected = None if model is None else _collected(model)
        return _shares_of_table(view) if collected is None else shares_of_counts(*collected)

    def trips(self, view: CityView) -> DailyProfile:
        """Return departures by mode and hour of the day, per 100 people.

        The rows are those of ``view.parameters.modes``, and a last one for unknown modes.
        """
        with self._lock:
            start_min, mode = self._trips.of(view)
        modes = len(view.parameters.modes) + 1
        return trips_by_hour(start_min, mode, minute=view.minute, people=view.people, modes=modes)

    def popularity(self, view: CityView) -> Popularity:
        """Return the places that were visited."""
        with self._lock:
            return popularity(*self._visits.of(view))

    def needs(self, view: CityView, person: int) -> NeedsSeries:
        """Return the needs of the last 24 hours, on average and of one person."""
        since, model = view.minute - DAY_MIN, model_of(view)
        needs = len(view.parameters.needs)
        if model is None:
            return needs_series_of(_needs_of_table(view, since), person, needs=needs)
        with self._lock:
            late = [HourOfNeeds(*one) for one in model.records.needs.since(self._needs_read)]
            self._needs_read += len(late)
            self._needs = [one for one in (*self._needs, *late) if one.minute >= since]
            return needs_series_of(self._needs, person, needs=needs)


_COUNTS = PerModel(CityCounts)


def counts_of(view: CityView) -> CityCounts:
    """Return the counts of a city, the same for all views of one model."""
    return _COUNTS.of(model_of(view) or view)


def model_of(view: object) -> CityModel | None:
    """Return the model that a view shows live, None for a replay."""
    model: CityModel | None = getattr(view, "model", None)
    return model if hasattr(model, "records") else None


def _read_trips(frame: pd.DataFrame, view: CityView) -> tuple[Int, Int]:
    modes = row_of(view.parameters.modes)
    return _minutes(frame["start"], view.clock), rows_of(frame["mode"], modes, unknown=len(modes))


def _read_visits(frame: pd.DataFrame, _: CityView) -> tuple[Int, Float]:
    place = frame["place"].to_numpy(dtype=np.int64)
    return place, frame["satisfaction"].to_numpy(dtype=np.float64, na_value=np.nan)


def _minutes(times: pd.Series[Any], clock: Clock) -> Int:
    if times.dtype.kind in "iu":
        return times.to_numpy(dtype=np.int64)
    return minutes_of(times, clock)


def _collected(model: CityModel) -> tuple[Int, Float] | None:
    """Return the minutes of the model's steps, and people by group, shape (groups, t)."""
    kept, purposes = getattr(model.datacollector, "model_vars", {}), model.parameters.purposes
    if not kept.get("minute") or any(f"doing_{purpose}" not in kept for purpose in purposes):
        return None
    # A step that is being written down is not yet in all of them.
    steps = min(len(kept[f"doing_{purpose}"]) for purpose in purposes)
    palette = palette_of(model.parameters)
    minute = np.array(kept["minute"][:steps], dtype=np.int64)
    counts = np.zeros((len(palette.groups), len(minute)))
    for purpose in purposes:
        lived = np.array(kept[f"doing_{purpose}"][: len(minute)], dtype=np.float64)
        counts[palette.group_of(purpose)] += lived
    return minute, counts


def _shares_of_table(view: CityView) -> DailyProfile:
    frame, now = view.table("activities"), view.minute
    start, end = (_minutes(frame[name], view.clock) for name in ("start", "end"))
    kind, kinds = _groups(view, frame["purpose"])
    today_min = max(now - 1, 0) // DAY_MIN * DAY_MIN
    today = shares_of_stays(
        start - today_min, np.minimum(end, now) - today_min, kind, days=1, kinds=kinds
    )
    today[:, -(-(now - today_min) // SLOT_MIN) :] = np.nan
    days = today_min // DAY_MIN
    before = shares_of_stays(start, np.minimum(end, today_min), kind, days=days, kinds=kinds)
    return DailyProfile(today, before)


def _groups(view: CityView, purposes: pd.Series[Any]) -> tuple[Int, int]:
    """Return the group of each purpose, and the number of groups."""
    palette = palette_of(view.parameters)
    rows = {name: palette.group_of(name) for name in view.parameters.purposes}
    return rows_of(purposes, rows, unknown=len(palette.groups) - 1), len(palette.groups)


def _needs_of_table(view: CityView, since: int) -> list[HourOfNeeds]:
    frame = view.table("needs")
    minute = _minutes(frame["time"], view.clock)
    late = minute >= since
    minute, person = minute[late], frame["person"].to_numpy(dtype=np.int64)[late]
    levels = frame.reindex(columns=list(view.parameters.needs)).to_numpy(dtype=np.float64)[late]
    hours = [(one, minute == one) for one in np.unique(minute).tolist()]
    return [HourOfNeeds(one, person[here], levels[here]) for one, here in hours]
