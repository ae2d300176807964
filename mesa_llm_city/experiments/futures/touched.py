"""For whom two futures differ: the first minute, and what was done before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.experiments.futures.measures import since
from mesa_llm_city.experiments.hourly import minutes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from mesa_llm_city.population import Persona
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["touched"]


class _Compared(NamedTuple):
    """How rows of a table are compared.

    Attributes
    ----------
    columns : tuple of str
        What makes two rows equal, besides the times.
    end : str or None
        Column of the end of what a row tells.
    words : str
        A row in words.
    """

    columns: tuple[str, ...]
    end: str | None
    words: str


# The reason of a decision may name a level of hunger, so a difference there alone is none.
_TABLES: Mapping[str, _Compared] = {
    "activities": _Compared(("purpose", "place"), "end", "{purpose}{place}, {start} to {end}"),
    "trips": _Compared(
        ("origin", "destination", "purpose", "mode"),
        "end",
        "{mode} for {purpose}{origin}{destination}, {start} to {end}",
    ),
    "decisions": _Compared(("component", "source", "choice"), None, "{component}: {choice}"),
}


_JOINED = {"place": "at", "origin": "from", "destination": "to"}
"""Columns with places, and the word before the place."""


def touched(control: CityModel, policy: CityModel, *, minute: int) -> pd.DataFrame:
    """Return for whom two futures differ, one row a person, in order of time.

    Parameters
    ----------
    control, policy : CityModel
        Models of one replicate, after their last step.
    minute : int
        Where they have parted.

    Returns
    -------
    pandas.DataFrame
        ``person``, ``household``; ``minute`` and ``time`` of the first difference, the ``table``
        in which it is, and the row in words: ``control`` and ``policy``, empty if there is none;
        ``decided``: minute of the first decision that differs (missing if none does), and
        ``decision_control``, ``decision_policy``. Households of those who have never lived in
        the model with this name are missing.
    """
    import pandas as pd

    found = {name: _first(name, control, policy, minute) for name in _TABLES}
    rows = pd.concat([one.assign(table=name) for name, one in found.items()])
    # An activity that ends early comes before the trip that it is given up for.
    first = rows.sort_values(["minute", "person"], kind="stable").drop_duplicates("person")
    decided = found["decisions"].set_index("person")
    person = first["person"].to_numpy()
    households = _households(control) | _households(policy)
    at = decided.reindex(person)
    frame = pd.DataFrame(
        {
            "person": person,
            "household": pd.array([households.get(one) for one in person.tolist()], dtype="Int64"),
            "minute": first["minute"].to_numpy(),
            "time": _times(first["minute"], control),
            "table": first["table"].to_numpy(),
            "control": first["control"].to_numpy(),
            "policy": first["policy"].to_numpy(),
            "decided": at["minute"].astype("Int64").array,
            "decision_control": at["control"].fillna("").to_numpy(),
            "decision_policy": at["policy"].fillna("").to_numpy(),
        }
    )
    return frame.reset_index(drop=True)


def _first(name: str, control: CityModel, policy: CityModel, minute: int) -> pd.DataFrame:
    """Return person, minute, and both rows in words, of the first difference in a table."""
    how = _TABLES[name]
    both = _table(control, name, minute).merge(
        _table(policy, name, minute), on=["person", "number"], how="outer", indicator=True
    )
    begin = "start" if how.end else "time"
    differs = both["_merge"] != "both"
    for column in (begin, *filter(None, [how.end]), *how.columns):
        differs |= both[f"{column}_x"] != both[f"{column}_y"]
    rows = both[differs].sort_values(["person", "number"]).drop_duplicates("person")
    # What goes on when the futures part has begun before, and differs from then on.
    return _described(rows, how, begin, control).assign(
        minute=lambda told: told["minute"].clip(lower=minute)
    )


def _table(model: CityModel, name: str, minute: int) -> pd.DataFrame:
    """Return the rows since the futures parted, numbered for each person, in minutes."""
    how = _TABLES[name]
    frame = since(model, getattr(model, name)(), minute)
    begin = "start" if how.end else "time"
    kept = frame[["person", begin, *filter(None, [how.end]), *how.columns]].copy()
    for column in (begin, *filter(None, [how.end])):
        kept[column] = minutes_of(kept[column], model.clock)
    for column in how.columns:
        # Categories of two models cannot be compared, and no place is not equal to no place.
        whole = column in _JOINED
        kept[column] = kept[column].fillna(-1).astype(int) if whole else kept[column].astype(str)
    return kept.assign(number=kept.groupby("person").cumcount())


def _described(rows: pd.DataFrame, how: _Compared, begin: str, model: CityModel) -> pd.DataFrame:
    import pandas as pd

    told = {
        side: [_words(row, how, mark, model) for row in rows.to_dict("records")]
        for side, mark in (("control", "x"), ("policy", "y"))
    }
    columns = {"person": rows["person"].to_numpy(), "minute": _minutes(rows, how, begin), **told}
    return pd.DataFrame(columns)


def _minutes(
    rows: pd.DataFrame, how: _Compared, begin: str
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return when each difference begins: with the rows, or where the first of them ends."""
    earliest = rows[[f"{begin}_x", f"{begin}_y"]].min(axis=1)
    if how.end is not None:
        same = rows["_merge"] == "both"
        for column in (begin, *how.columns):
            same &= rows[f"{column}_x"] == rows[f"{column}_y"]
        ends = rows[[f"{how.end}_x", f"{how.end}_y"]].min(axis=1)
        earliest = earliest.where(~same, ends)
    return earliest.to_numpy(dtype=np.int64)


def _words(row: Mapping[Any, Any], how: _Compared, mark: str, model: CityModel) -> str:
    """Return a row in words; empty if this future has none."""
    if row[f"{how.columns[0]}_{mark}"] != row[f"{how.columns[0]}_{mark}"]:  # not a number: absent
        return ""
    values = {column: row[f"{column}_{mark}"] for column in how.columns}
    for column in _JOINED.keys() & set(how.columns):
        values[column] = _place(column, int(values[column]), model)
    if how.end is not None:
        values |= {one: _clock(int(row[f"{one}_{mark}"]), model) for one in ("start", how.end)}
    return how.words.format(**values)


def _place(column: str, place: int, model: CityModel) -> str:
    return "" if place < 0 else f" {_JOINED[column]} {place} ({model.world.described(place)})"


def _clock(minute: int, model: CityModel) -> str:
    return f"{model.clock.at(minute):%a %H:%M}"


def _times(
    minutes: pd.Series[int], model: CityModel
) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    start = np.datetime64(model.clock.at(0), "s")
    return start + minutes.to_numpy().astype("timedelta64[m]").astype("timedelta64[s]")


def _households(model: CityModel) -> dict[int, int]:
    everybody: list[Persona] = [*model.population, *(one.persona for one in model.citizens)]
    return {one.id: one.household.id for one in everybody}
