"""Rows of tables as feed and timeline need them: the latest first, or those of one person."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from mesa_llm_city.simulation.model import CityModel
    from mesa_llm_city.ui.views.history import History

__all__ = ["batches_back", "has_rows", "own_rows"]

_BATCH_ROWS = 4096

# Tables of finished runs in the order of time; weak, so that a run takes its own with it.
_ORDERED: MutableMapping[History, dict[str, pa.Table]] = WeakKeyDictionary()


def has_rows(view: CityView, name: str) -> bool:
    """Tell whether a run has a table with any rows, such as ``messages``.

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    name : str
        Name of the table.
    """
    return next((True for one in batches_back(view, name) if one.num_rows), False)


def batches_back(view: CityView, name: str) -> Iterator[pa.Table]:
    """Iterate over what is known of a table, from the latest rows to the first.

    Within a batch rows follow each other in time. Times are minutes since the start of the run.

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    name : str
        Name of a table with a column ``time``; one that a run has not is empty.
    """
    model = model_of(view)
    if model is not None:
        yield from _of_model(model, name)
    elif isinstance(view, Replay):
        yield from _of_history(view.history, name, view.minute)


def own_rows(view: CityView, name: str, person: int) -> pd.DataFrame:
    """Return what is known of one person in a table, by time; times are minutes.

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    name : str
        Name of the table, such as ``trips``.
    person : int
        Id of the person, in the column ``person``.
    """
    model = model_of(view)
    if model is not None:
        return LiveView(model).own_rows(name, person)
    if not isinstance(view, Replay):
        frame = view.table(name)
        return _in_minutes(frame[frame["person"] == person], view)
    return _in_minutes(view.history.of_person(name, person, view.minute), view)


def _in_minutes(frame: pd.DataFrame, view: CityView) -> pd.DataFrame:
    times = [name for name in ("time", "start", "end") if name in frame]
    return frame.assign(**{name: minutes_of(frame[name], view.clock) for name in times})


def _of_model(model: CityModel, name: str) -> Iterator[pa.Table]:
    if name in model.records.tables:
        yield from model.records.tables[name].batches_back()
    elif name == "posts" and model.media_or_none is not None:
        yield from _pieces(_ordered(model.posts(), minutes_of(model.posts()["time"], model.clock)))


def _of_history(history: History, name: str, minute: int) -> Iterator[pa.Table]:
    if name not in history.tables:
        return
    kept = _ORDERED.setdefault(history, {})
    if name not in kept:
        frame = history.tables[name]
        kept[name] = _ordered(frame, minutes_of(frame["time"], history.clock))
    table = kept[name]
    known = int(np.searchsorted(table["time"].to_numpy(), minute))
    yield from _pieces(table.slice(0, known))


def _ordered(frame: pd.DataFrame, minutes: Int) -> pa.Table:
    import pyarrow as pa

    order = np.argsort(minutes, kind="stable")
    rows = frame.assign(time=minutes).iloc[order]
    columns = [name for name in rows if name != "geometry"]
    return pa.Table.from_pandas(rows[columns], preserve_index=False)


def _pieces(table: pa.Table) -> Iterator[pa.Table]:
    """Yield a table piece by piece, from its end."""
    for end in range(table.num_rows, 0, -_BATCH_ROWS):
        first = max(end - _BATCH_ROWS, 0)
        yield table.slice(first, end - first)
