"""What is counted of the rows of two crowds since their runs have parted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.futures.difference import compared
from mesa_llm_city.experiments.futures.over_seeds import COLUMNS
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CROWD_MEASURES", "crowd_measures"]

_TRIPS = "crowd_trips"
_DOING = "crowd_doing_"


class _Reported(NamedTuple):
    """What a model has reported of its crowd after each step of a part of a run.

    Attributes
    ----------
    minute : ndarray of int64, shape (t,)
        Times, in minutes since the start of the run.
    trips : ndarray of int64, shape (t,)
        Trips that ended in the step.
    doing : mapping of str to ndarray of int64, shape (t,)
        How many rows do each purpose.
    clock : Clock
        Calendar of the run.
    """

    minute: Int
    trips: Int
    doing: Mapping[str, Int]
    clock: Clock


def crowd_measures(pair: Pair, minute: int, *, level: float) -> dict[str, pd.DataFrame]:
    """Return each of `CROWD_MEASURES` of both runs, and their difference.

    They are counted from what models report of their crowds at each step, so that no tables of
    rows are needed.

    Parameters
    ----------
    pair : Pair
        The runs.
    minute : int
        Up to when, in minutes since the start of the run.
    level : float
        Confidence level of intervals, which are missing with one run each.

    Returns
    -------
    dict of str to pandas.DataFrame
        By measure, as `differences.Differences.measures`; empty unless both are live models that
        report the activities and trips of a crowd.
    """
    before, after = (_reported(view, pair.parted, minute) for view in (pair.shown, pair.other))
    if before is None or after is None:
        return {}
    return {
        name: compared([measure(before)], [measure(after)], COLUMNS, level=level)
        for name, measure in CROWD_MEASURES.items()
    }


def _reported(view: CityView, begin: int, end: int) -> _Reported | None:
    """Return what a live model has reported after a minute and until another; None of any other."""
    model = model_of(view)
    if model is None or model.crowd_or_none is None:
        return None
    kept = model.datacollector.model_vars
    doing = [name for name in kept if name.startswith(_DOING)]
    if not doing or not {"minute", _TRIPS} <= kept.keys():
        return None
    names = ["minute", _TRIPS, *doing]
    # A step that is being written down is not yet in all of them.
    steps = min(len(kept[name]) for name in names)
    columns = np.array([kept[name][:steps] for name in names], dtype=np.float64)
    # What a reporter that was added later has not reported is no number.
    known = columns[:, np.isfinite(columns).all(axis=0)].astype(np.int64)
    minute, ended, *rows = known
    some = (minute > begin) & (minute <= end)
    purposes = [name.removeprefix(_DOING) for name in doing]
    return _Reported(
        minute[some],
        np.diff(ended, prepend=0)[some],
        {purpose: one[some] for purpose, one in zip(purposes, rows, strict=True)},
        view.clock,
    )


def _trips_by_hour(reported: _Reported) -> pd.Series[Any]:
    """Return the trips that ended in each hour."""
    import pandas as pd

    hour = (reported.minute - 1) // HOUR_MIN
    first = int(hour[0]) if len(hour) else 0
    counts = np.bincount(hour - first, weights=reported.trips)
    hours = reported.clock.stamps((first + np.arange(len(counts))) * HOUR_MIN)
    return pd.Series(counts, index=pd.DatetimeIndex(hours, name="hour"))


def _minutes_by_purpose(reported: _Reported) -> pd.Series[Any]:
    """Return how a mean row spends the 1,440 minutes of a day."""
    import pandas as pd

    counts = {purpose: float(rows.sum()) for purpose, rows in reported.doing.items() if rows.any()}
    minutes = pd.Series(counts, dtype=float) * DAY_MIN / max(sum(map(int, counts.values())), 1)
    return minutes.sort_index().rename_axis("purpose")


CROWD_MEASURES: Mapping[str, Callable[[_Reported], pd.Series[Any]]] = MappingProxyType(
    {"trips of rows by hour": _trips_by_hour, "minutes of rows by purpose": _minutes_by_purpose}
)
"""Measures of a crowd by name: trips that ended in each hour, and minutes of a mean row's day."""
