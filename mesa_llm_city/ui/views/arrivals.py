"""When people come to places, by hour of the day; of a live model only what is new is read."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.ui.per_model import PerModel
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["arrivals_of"]

_HOURS = DAY_MIN // HOUR_MIN
_NOWHERE = -1


class _Stays:
    """Stays of a live model that have ended, as columns."""

    def __init__(self) -> None:
        self._place: Int = np.empty(0, dtype=np.int64)
        self._hour: Int = np.empty(0, dtype=np.int64)
        self._rows = 0
        # A model that several browser sessions look at is read by one of them at a time.
        self._lock = Lock()

    def counts(self, model: CityModel, place: int) -> Int:
        """Return how many stays at a place began in each hour of the day, shape (24,)."""
        with self._lock:
            self._read(model)
            return np.bincount(self._hour[self._place == place], minlength=_HOURS)

    def _read(self, model: CityModel) -> None:
        table = model.records.activities
        if len(table) <= self._rows:
            return
        new = table.since(self._rows)
        self._rows += len(new)
        places, hours = _columns(new, new["start"].to_numpy(dtype=np.int64))
        self._place = np.concatenate([self._place, places])
        self._hour = np.concatenate([self._hour, hours])


_STAYS = PerModel(_Stays)


def arrivals_of(view: CityView, place: int) -> Int:
    """Return how many stays at a place have begun in each hour of the day, shape (24,).

    All days together; whoever lives in the model from its start has begun to stay at midnight.

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    place : int
        Id of the place.
    """
    model = model_of(view)
    if model is not None:
        ended = _STAYS.of(model).counts(model, place)
        return ended + _going_on(model, place)
    frame = view.table("activities")
    places, hours = _columns(frame, minutes_of(frame["start"], view.clock))
    return np.bincount(hours[places == place], minlength=_HOURS)


def _columns(frame: pd.DataFrame, start: Int) -> tuple[Int, Int]:
    """Return places and hours of the day; nowhere for those under way."""
    place = frame["place"].to_numpy(dtype=np.int64, na_value=_NOWHERE)
    return place, start % DAY_MIN // HOUR_MIN


def _going_on(model: CityModel, place: int) -> Int:
    """Return the same of the stays that have not ended."""
    stays = (agent.citizen.so_far(model.minute) for agent in model.citizens)
    starts = [one[0] for one in stays if one is not None and one[3] == place]
    hours = np.array(starts, dtype=np.int64) % DAY_MIN // HOUR_MIN
    return np.bincount(hours, minlength=_HOURS)
