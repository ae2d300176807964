"""What a model reports at each step, as series: of a live model, or counted from tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView

__all__ = ["Series", "is_counted_by_hour", "reporters_of", "series_of"]

# They are the axis of the others, or the same at each step.
_NO_SERIES = frozenset({"minute", "run_seed"})
_TIMES: Mapping[str, str] = MappingProxyType(
    {
        "activities": "start",
        "trips": "start",
        "visits": "start",
        "decisions": "time",
        "conversations": "time",
        "insights": "time",
    }
)
_PER_HOUR = "{} per hour"
_MOST_POINTS = 1000


class Series(NamedTuple):
    """Values over time.

    Attributes
    ----------
    minute : ndarray of int64, shape (t,)
        Times, in minutes since the start of the run.
    values : ndarray of float64, shape (t,)
        NaN where nothing was reported.
    """

    minute: Int
    values: Float


def reporters_of(view: CityView) -> tuple[str, ...]:
    """Return the names of what can be shown as a series.

    Those are the model reporters of a live model that are numbers, by their names in its
    `mesa.DataCollector`, those of a crowd among them; and, of any city, how many rows each
    table has for each hour, such as ``trips per hour``.

    Parameters
    ----------
    view : CityView
        The city.
    """
    kept = _kept(view)
    reported = (name for name, values in kept.items() if _has_numbers(values))
    counted = (_PER_HOUR.format(table) for table in _TIMES)
    return (*(name for name in reported if name not in _NO_SERIES), *counted)


def series_of(view: CityView, name: str) -> Series:
    """Return one of `reporters_of` as it is known now; of many steps, evenly chosen ones.

    Parameters
    ----------
    view : CityView
        The city.
    name : str
        Name of the reporter.

    Raises
    ------
    ConfigError
        If the city has none of this name.
    """
    for table, column in _TIMES.items():
        if name == _PER_HOUR.format(table):
            return _per_hour(view, table, column)
    kept = _kept(view)
    if name not in kept or name in _NO_SERIES:
        known = ", ".join(reporters_of(view))
        message = f"there is no reporter {name!r}; choose one of {known}"
        raise ConfigError(message)
    # A step that is being written down is not yet in all of them.
    steps = min(len(kept[name]), len(kept["minute"]))
    chosen = slice(None, steps, max(-(-steps // _MOST_POINTS), 1))
    return Series(
        np.array(kept["minute"][chosen], dtype=np.int64),
        np.array(kept[name][chosen], dtype=np.float64),
    )


def is_counted_by_hour(name: str) -> bool:
    """Tell whether a series counts the rows of a table in each hour, of which the last goes on.

    Parameters
    ----------
    name : str
        One of `reporters_of`.

    Examples
    --------
    >>> is_counted_by_hour("trips per hour"), is_counted_by_hour("trips")
    (True, False)
    """
    return name in {_PER_HOUR.format(table) for table in _TIMES}


def _kept(view: CityView) -> Mapping[str, Sequence[Any]]:
    model = model_of(view)
    empty: Mapping[str, Sequence[Any]] = {}
    return empty if model is None else model.datacollector.model_vars


def _has_numbers(values: Sequence[Any]) -> bool:
    return len(values) > 0 and isinstance(values[-1], Real)


def _per_hour(view: CityView, table: str, column: str) -> Series:
    frame = view.table(table)
    hours = -(-view.minute // HOUR_MIN)
    if column not in frame or not hours:
        return Series(np.empty(0, dtype=np.int64), np.empty(0))
    begun = minutes_of(frame[column], view.clock) // HOUR_MIN
    begun = begun[(begun >= 0) & (begun < hours)]
    counts = np.bincount(begun, minlength=hours)
    return Series(np.arange(hours) * HOUR_MIN, counts.astype(np.float64))
