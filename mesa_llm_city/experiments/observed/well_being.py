"""Well-being that people told of themselves, in five classes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.observed.cells import Cells, Source

__all__ = ["CLASSES", "WellBeing", "read_well_being"]

CLASSES = (1, 2, 3, 4, 5)
"""From the lowest well-being to the highest."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WellBeing:
    """What n respondents told of themselves.

    Parameters
    ----------
    source : Source
        The file.
    person : ndarray of int64, shape (n,)
        Rising ids of the respondents, as in their table of people.
    level : ndarray of int64, shape (n,)
        Class of each, one of `CLASSES`.
    """

    source: Source
    person: Int
    level: Int


def read_well_being(path: Path) -> WellBeing:
    """Read a table of well-being.

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
    person = cells.numbers("person", "id", "respondent")
    level = cells.numbers("class", "level", low=CLASSES[0], high=CLASSES[-1])
    for name, values in (("person", person), ("class", level)):
        cells.flag((np.isfinite(values) & (values % 1 != 0)).tolist(), name, "it is not whole")
    ids, first = np.unique(person, return_index=True)
    again = np.ones(len(person), dtype=bool)
    again[first] = False
    cells.flag(again.tolist(), "person", "another row is about the same person")
    return WellBeing(
        source=cells.close(), person=ids.astype(np.int64), level=level[first].astype(np.int64)
    )
