"""Whether the tables of minds of a run hold what can be read: words, shares and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.simulation.records.mind_tables import FORGOTTEN
from mesa_llm_city.social.tie import Relation

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CHECKED", "mind_defects"]

CHECKED: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "mind_memories": ("company",),
        "mind_insights": ("evidence",),
        "mind_beliefs": (
            "visits",
            "price",
            "atmosphere",
            "satisfaction",
            "convenience",
            "variance",
        ),
        "mind_ties": ("relation", "affinity", "trust", "familiarity"),
        "mind_moods": ("valence", "arousal", "mood_min", "thought_min"),
    }
)
"""Columns of each table that `mind_defects` looks at."""

_NUMBERS = r"(?:t?\d+(?: t?\d+)*)?"
_RELATIONS = (FORGOTTEN, *(str(one) for one in Relation))


def mind_defects(name: str, frame: pd.DataFrame) -> Iterator[str]:
    """Yield what is wrong with a table of minds.

    Parameters
    ----------
    name : str
        Name of the table, one of `CHECKED`.
    frame : pandas.DataFrame
        Its columns that are checked.
    """
    for column in ("company", "evidence"):
        if column in frame and not frame[column].astype(str).str.fullmatch(_NUMBERS).all():
            yield f"{name}.parquet: column {column} must hold numbers separated by spaces"
    if name == "mind_ties":
        unknown = sorted({str(one) for one in frame["relation"].unique()} - set(_RELATIONS))
        if unknown:
            yield f"{name}.parquet: column relation has {unknown[0]!r}, which is no relation"
        yield from _off(name, frame[frame["relation"] != FORGOTTEN], CHECKED[name][1:], 0.0)
    if name == "mind_beliefs":
        yield from _off(name, frame[frame["visits"] > 0], CHECKED[name][1:], 0.0)
    if name == "mind_moods":
        felt = frame[frame["valence"].notna()]
        yield from _off(name, felt, ("valence", "arousal"), -1.0)
        if felt[["mood_min", "thought_min"]].isna().to_numpy().any():
            yield f"{name}.parquet: a mood has no time"


def _off(name: str, frame: pd.DataFrame, columns: Sequence[str], least: float) -> Iterator[str]:
    """Yield the columns whose numbers are not all from `least` to 1."""
    for column in columns:
        values: np.ndarray[Any, np.dtype[np.float64]] = frame[column].to_numpy(
            dtype=np.float64, na_value=np.nan
        )
        if not ((values >= least) & (values <= 1.0)).all():
            yield f"{name}.parquet: column {column} must hold numbers in [{least:g}, 1]"
