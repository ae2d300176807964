"""Moods and beliefs of all people of a finished run at any minute, as far as it kept them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.mind.belief_slots import faded_by_days
from mesa_llm_city.mind.mood import relaxed
from mesa_llm_city.ui.views.lazy_tables import columns_of

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.core.clock import Clock
    from mesa_llm_city.parameters import CityParameters

__all__ = ["FEELINGS", "Feelings"]

FEELINGS = ("mood", "belief")
"""What `Feelings` knows, as colourings are called."""

_NEVER = np.iinfo(np.int64).max


class _Source(NamedTuple):
    """Where moods and beliefs come from."""

    tables: Mapping[str, pd.DataFrame]
    ids: Int
    clock: Clock


class _Moods(NamedTuple):
    """Moods as they were written down, ordered by person and time."""

    row: Int
    time: Int
    valence: Float
    rest: Float
    minute: Float


class _Beliefs(NamedTuple):
    """Beliefs about a place, and until when each row holds."""

    row: Int
    time: Int
    until: Int
    mean: Float


class Feelings:
    """How people felt, and what they thought of places on average; kept in columns.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Tables of a run. Of people of whose minds it kept nothing, nothing is known.
    ids : ndarray of int64, shape (n,)
        Ids of the people, rising.
    clock : Clock
        Calendar of the run.
    parameters : CityParameters
        They tell how fast moods return to rest and beliefs fade.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        ids: Int,
        *,
        clock: Clock,
        parameters: CityParameters,
    ) -> None:
        kept = {"mood": "mind_moods", "belief": "mind_beliefs"}
        self._known = tuple(name for name in FEELINGS if kept[name] in tables)
        self._people, self._parameters = len(ids), parameters
        source = _Source(tables, ids, clock)
        self._moods, self._beliefs = _moods(source), _beliefs(source)

    @property
    def known(self) -> tuple[str, ...]:
        """Those of `FEELINGS` that the run kept, of anybody."""
        return self._known

    def values(self, by: str, minute: int) -> Float:
        """Return moods in [-1, 1] or beliefs in [0, 1] of all people of the run.

        Parameters
        ----------
        by : str
            One of `FEELINGS`.
        minute : int
            Minute of the run.

        Returns
        -------
        ndarray of float64, shape (n,)
            In the order of the ids; NaN where it is not known.
        """
        return self._mood_at(minute) if by == "mood" else self._belief_at(minute)

    def _mood_at(self, minute: int) -> Float:
        moods, people = self._moods, np.arange(self._people)
        found = np.full(self._people, np.nan)
        if not len(moods.row):
            return found
        # What was written of somebody first counts from the first minute.
        span = int(moods.time.max()) + 2
        before = people * span + min(max(minute, 1), span - 1)
        last = np.searchsorted(moods.row * span + moods.time, before) - 1
        known = np.flatnonzero((last >= 0) & (moods.row[np.maximum(last, 0)] == people))
        rows = last[known]
        hours = np.maximum(minute - moods.minute[rows], 0.0) / HOUR_MIN
        half_lives = hours / self._parameters.mind.mood.half_life_h
        found[known] = relaxed(moods.valence[rows], moods.rest[rows], half_lives, 1.0)
        return found

    def _belief_at(self, minute: int) -> Float:
        beliefs, people = self._beliefs, self._people
        rows = np.flatnonzero((beliefs.time < minute) & (beliefs.until >= minute))
        whose, days = beliefs.row[rows], (minute - beliefs.time[rows]) // DAY_MIN
        faded = faded_by_days(beliefs.mean[rows], days, self._parameters.mind.beliefs)
        count = np.bincount(whose, minlength=people)
        total = np.bincount(whose, weights=faded, minlength=people)
        return np.where(count, total / np.maximum(count, 1), np.nan)


def _moods(source: _Source) -> _Moods:
    names = ("valence", "rest_valence", "mood_min")
    row, time, frame = _rows(source, "mind_moods", names)
    columns = (frame[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in names)
    order = np.lexsort((time, row))
    return _Moods(row[order], time[order], *(one[order] for one in columns))


def _beliefs(source: _Source) -> _Beliefs:
    names = ("place", "visits", *ASPECTS)
    row, time, frame = _rows(source, "mind_beliefs", names)
    place = frame["place"].to_numpy(dtype=np.int64)
    order = np.lexsort((time, place, row))
    row, time, place = row[order], time[order], place[order]
    until = np.full(len(row), _NEVER)
    same = (row[1:] == row[:-1]) & (place[1:] == place[:-1])
    # A row holds at the minute at which the next one is written, which counts from the one after.
    until[:-1][same] = time[1:][same]
    mean = frame[list(ASPECTS)].to_numpy(dtype=np.float64).mean(axis=1)[order]
    held = np.flatnonzero(frame["visits"].to_numpy(dtype=np.int64)[order] > 0)
    return _Beliefs(row[held], time[held], until[held], mean[held])


def _rows(source: _Source, name: str, columns: Sequence[str]) -> tuple[Int, Int, pd.DataFrame]:
    """Return rows of people, minutes, and columns of a table; none of one that was not kept."""
    if name not in source.tables:
        import pandas as pd

        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, pd.DataFrame(columns=list(columns), dtype=np.float64)
    frame = columns_of(source.tables, name, ("person", "time", *columns))
    row = np.searchsorted(source.ids, frame["person"].to_numpy(dtype=np.int64))
    return row, minutes_of(frame["time"], source.clock), frame
