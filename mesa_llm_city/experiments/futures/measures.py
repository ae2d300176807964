"""What is counted of a future: trips, minutes, modes and visits since the futures parted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.futures.lived import Lived, lived_of, since

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["MEASURES", "Measure", "measured"]

Measure: TypeAlias = "str | Callable[[CityModel], object]"
"""Name of a measure or of a reporter, or a function of a model that returns numbers."""


def measured(model: CityModel, measure: Measure, *, minute: int) -> pd.Series[Any]:
    """Return what a measure says of a future, from a minute on.

    Parameters
    ----------
    model : CityModel
        The model after its last step.
    measure : str or callable
        One of `MEASURES`; a model reporter, of which each step is a row; or a function that
        returns a number, a mapping or a series.
    minute : int
        Where the futures part.

    Raises
    ------
    ConfigError
        If there is no such measure, or a function returns something else.
    """
    if callable(measure):
        return _as_series(measure(model))
    if measure in MEASURES:
        return MEASURES[measure](lived_of(model), minute)
    return _reported(model, measure, minute)


def _begun(lived: Lived, name: str, minute: int) -> pd.DataFrame:
    frame = lived.table(name)
    return frame[frame["start"] >= np.datetime64(lived.clock.at(minute), "s")]


def _trips_by_hour(lived: Lived, minute: int) -> pd.Series[Any]:
    """Return the trips that begin in each hour."""
    import pandas as pd

    trips = _begun(lived, "trips", minute)
    first = pd.Timestamp(lived.clock.at(minute)).floor("h")
    last = pd.Timestamp(lived.clock.at(lived.minute - 1)).floor("h")
    counts = trips["start"].dt.floor("h").value_counts()
    hours = pd.date_range(first, last, freq="h", name="hour")
    found: pd.Series[Any] = counts.reindex(hours, fill_value=0).astype(float)
    return found


def _minutes_by_purpose(lived: Lived, minute: int) -> pd.Series[Any]:
    """Return how a mean person spends the 1,440 minutes of a day."""
    import pandas as pd

    rows = since(lived.clock, lived.table("activities"), minute)
    begin = np.maximum(rows["start"].to_numpy(), np.datetime64(lived.clock.at(minute), "s"))
    minutes = (rows["end"].to_numpy() - begin) / np.timedelta64(1, "m")
    shares = pd.Series(minutes * DAY_MIN / minutes.sum())
    return _named(shares.groupby(rows["purpose"].astype(str).to_numpy()).sum(), "purpose")


def _modes(lived: Lived, minute: int) -> pd.Series[Any]:
    """Return the number of trips by mode."""
    return _named(_begun(lived, "trips", minute)["mode"].astype(str).value_counts(), "mode")


def _visits_by_kind(lived: Lived, minute: int) -> pd.Series[Any]:
    """Return the number of visits by kind of place."""
    visits = _begun(lived, "visits", minute)
    names = np.array(lived.kinds, dtype=object)
    kinds = names[lived.place_kind[visits["place"].to_numpy(dtype=np.int64)]]
    counts = visits.assign(kind=kinds)["kind"].value_counts()
    return _named(counts, "kind")


MEASURES: Mapping[str, Callable[[Lived, int], pd.Series[Any]]] = MappingProxyType(
    {
        "trips by hour": _trips_by_hour,
        "minutes by purpose": _minutes_by_purpose,
        "modes": _modes,
        "visits by kind": _visits_by_kind,
    }
)
"""Measures by name: trips that begin in each hour, minutes of a mean person's day by purpose,
trips by mode, and visits by kind of place."""


def _named(series: pd.Series[Any], name: str) -> pd.Series[Any]:
    return series.astype(float).sort_index().rename_axis(name)


def _reported(model: CityModel, name: str, minute: int) -> pd.Series[Any]:
    """Return what a reporter has reported at each step since the futures parted."""
    # Mesa has no types here.
    collected: Any = model.datacollector
    frame: pd.DataFrame = collected.get_model_vars_dataframe()
    if name not in frame:
        known = ", ".join([*MEASURES, *map(str, frame)])
        message = f"there is no measure {name!r}; use one of {known}, or a function of the model"
        raise ConfigError(message)
    later = frame[frame["minute"] > minute]
    start = np.datetime64(model.clock.at(0), "s")
    times = start + later["minute"].to_numpy().astype("timedelta64[m]")
    steps: pd.Series[Any] = later[name].astype(float).set_axis(times).rename_axis("time")
    return steps


def _as_series(value: object) -> pd.Series[Any]:
    import pandas as pd

    if isinstance(value, pd.Series):
        return value.astype(float)
    if isinstance(value, Mapping):
        return pd.Series(dict(value), dtype=float).rename_axis("of")
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        message = f"a measure must return a number, a mapping or a Series, got {value!r}"
        raise ConfigError(message) from error
    return pd.Series([number], index=pd.Index(["value"], name="of"))
