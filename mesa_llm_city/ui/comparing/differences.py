"""What differs between two runs of a page up to a minute: for whom, and in what is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.futures.difference import compared
from mesa_llm_city.experiments.futures.first_differences import (
    FirstDifferences,
    first_differences,
)
from mesa_llm_city.experiments.futures.measures import MEASURES
from mesa_llm_city.experiments.futures.over_seeds import COLUMNS
from mesa_llm_city.ui.comparing.crowd_measures import crowd_measures
from mesa_llm_city.ui.comparing.lived_views import lived_of_view
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.views.known_names import known_names

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LEVEL", "Differences", "differences"]

LEVEL = 0.95
"""Confidence level of intervals."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Differences:
    """What differs between two runs from where they have parted to a minute.

    Parameters
    ----------
    names : (str, str)
        Names of the runs, the shown one first.
    parted, minute : int
        From when and until when, in minutes since the start of the run.
    first : FirstDifferences
        For whom they differ, and since when.
    measures : mapping of str to pandas.DataFrame
        Each of `futures.measures.MEASURES`: `COLUMNS`, ``difference``, other minus shown,
        and ``low`` and ``high``, which are missing.
    crowd_measures : mapping of str to pandas.DataFrame
        The same of rows of a crowd: each of `crowd_measures.CROWD_MEASURES`; empty without one.
    present : (ndarray of int64, ndarray of int64)
        Ids of the people in each run at the minute, rising.
    person_names : mapping of int to str
        Names of the people of both by their ids, also of those who have left.
    """

    names: tuple[str, str]
    parted: int
    minute: int
    first: FirstDifferences
    measures: Mapping[str, pd.DataFrame]
    crowd_measures: Mapping[str, pd.DataFrame]
    present: tuple[Int, Int]
    person_names: Mapping[int, str]

    @property
    def people(self) -> int:
        """How many people were compared: all those who were in either run since they parted."""
        return len(self.first.people)

    @property
    def share(self) -> float:
        """Share of them whose days differ, in [0, 1]."""
        return len(self.first) / max(self.people, 1)

    @cached_property
    def absent(self) -> NDArray[np.bool_]:
        """Who of those in `first` is not there any more, or never was, in each run; (k, 2)."""
        return np.column_stack([~np.isin(self.first.person, one) for one in self.present])

    def name_of(self, person: int) -> str:
        """Return the name of a person, or the id in words."""
        return self.person_names.get(person, f"person {person}")


def differences(pair: Pair, minute: int | None = None) -> Differences:
    """Return what differs between two runs up to a minute.

    Activities, trips and decisions of each person are compared in their order. Those that go on
    at the minute are the same as far as they have gone if they began alike; plans are not
    compared. Of a run that keeps the rows of a sample of people, that sample is compared.

    Parameters
    ----------
    pair : Pair
        The runs.
    minute : int, optional
        Up to when; by default up to which both are known.
    """
    until = pair.minute if minute is None else minute
    futures = [lived_of_view(one, until) for one in (pair.shown, pair.other)]
    return Differences(
        names=pair.names,
        parted=pair.parted,
        minute=until,
        first=first_differences(*futures, minute=pair.parted),
        measures={name: _measured(name, futures, pair.parted) for name in MEASURES},
        crowd_measures=crowd_measures(pair, until, level=LEVEL),
        present=(pair.shown.crowd().person, pair.other.crowd().person),
        person_names={**known_names(pair.other), **known_names(pair.shown)},
    )


def _measured(name: str, futures: list[Any], minute: int) -> pd.DataFrame:
    before, after = (MEASURES[name](one, minute) for one in futures)
    return compared([before], [after], COLUMNS, level=LEVEL)
