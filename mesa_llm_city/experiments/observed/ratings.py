"""Ratings that people gave to places: from a table, or of the visits of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.observed.cells import Cells, Source
from mesa_llm_city.mind.beliefs import ASPECTS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Ratings", "ratings_of_visits", "read_ratings"]

_EVENING_MIN = 20 * 60
"""Time of day of a rating whose table has days alone."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ratings:
    """The n ratings that p persons gave, in the order of persons and time.

    Parameters
    ----------
    source : Source, optional
        The file; None if they are of a run.
    persons : int
        Number of persons, p.
    person : ndarray of int64, shape (n,)
        Rows of the persons.
    place : ndarray of int64, shape (n,)
        Rows of the places in `kinds`.
    minute : ndarray of int64, shape (n,)
        Minutes since midnight of the first day.
    values : ndarray of float64, shape (n, 4)
        Ratings in [0, 1], in the order of `ASPECTS`.
    kinds, purposes : tuple of str
        Kind of each place, and what it offers, separated by blanks; empty if not known.
    has_days : bool
        Whether it is known on which day a rating was given.
    """

    source: Source | None
    persons: int
    person: Int
    place: Int
    minute: Int
    values: Float
    kinds: tuple[str, ...]
    purposes: tuple[str, ...]
    has_days: bool

    def __len__(self) -> int:
        """Return the number of ratings."""
        return len(self.person)

    @property
    def days(self) -> int:
        """Number of days until the last rating."""
        return int(self.minute.max(initial=0)) // DAY_MIN + 1


def read_ratings(path: Path) -> Ratings:
    """Read a table of ratings.

    Parameters
    ----------
    path : Path
        The table; ``docs/reference/observed_tables.md`` describes its columns.

    Raises
    ------
    DataError
        If the table has defects; all of them are listed.
    """
    cells = Cells(path)
    persons = cells.texts("person", "user", "respondent")
    places = cells.texts("place", "place_id", "venue", "id")
    kinds = cells.texts("category", "kind")
    values = np.stack([cells.numbers(aspect, high=1.0) for aspect in ASPECTS], axis=-1)
    has_days = cells.has("day")
    day = cells.numbers("day", low=1.0, high=100_000.0) if has_days else np.ones(len(cells))
    kind_of = dict(zip(places, kinds, strict=True))
    mixed = [kind_of[place] != kind for place, kind in zip(places, kinds, strict=True)]
    cells.flag(mixed, "category", "another row has the same place with another category")
    source = cells.close()
    names, person = np.unique(np.array(persons), return_inverse=True)
    ids, place = np.unique(np.array(places), return_inverse=True)
    minute = (day.astype(np.int64) - 1) * DAY_MIN + _EVENING_MIN
    order = np.lexsort((minute, person))
    return Ratings(
        source=source,
        persons=len(names),
        person=person[order].astype(np.int64),
        place=place[order].astype(np.int64),
        minute=minute[order],
        values=values[order],
        kinds=tuple(kind_of[str(one)] for one in ids),
        purposes=("",) * len(ids),
        has_days=has_days,
    )


def ratings_of_visits(
    visits: pd.DataFrame,
    *,
    ids: Int,
    midnight: np.datetime64,
    places: Any,  # noqa: ANN401
) -> Ratings:
    """Return the ratings that the people of a run gave to the places they visited.

    Parameters
    ----------
    visits : pandas.DataFrame
        The visits; those that were not judged are left out.
    ids : ndarray of int64, shape (p,)
        Rising ids of the persons.
    midnight : numpy.datetime64
        Midnight of the first day.
    places : Places
        The places of the run (see `validation.run_tables.Places`).
    """
    judged = visits.dropna(subset=list(ASPECTS))
    minute = (judged["end"].to_numpy().astype("datetime64[m]") - midnight).astype(np.int64)
    person = np.searchsorted(ids, judged["person"].to_numpy(dtype=np.int64))
    order = np.lexsort((minute, person))
    kinds: Sequence[str] = places.kinds
    return Ratings(
        source=None,
        persons=len(ids),
        person=person[order],
        place=places.rows(judged["place"].to_numpy(dtype=np.int64))[order],
        minute=minute[order],
        values=judged[list(ASPECTS)].to_numpy(dtype=np.float64)[order],
        kinds=tuple(kinds),
        purposes=tuple(places.purposes),
        has_days=True,
    )
