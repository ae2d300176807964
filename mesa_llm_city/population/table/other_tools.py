"""Tables of other tools, and tables of households, turned into tables of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.population.table.cells import text_cells
from mesa_llm_city.population.table.defects import RowDefects
from mesa_llm_city.population.table.foreign_codes import (
    HOUSEHOLD_COLUMNS,
    HOUSEHOLD_KEYS,
    PERSON_COLUMNS,
    ForeignColumn,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["joined", "repeated_columns", "with_own_names"]

_FROM_HOUSEHOLDS = (
    *("household_size", "home_zone", "home_place", "home_lon", "home_lat"),
    *("household_earnings", "has_car", "group_quarters"),
)
"""What a table of households can say of its members."""


def with_own_names(
    frame: pd.DataFrame,
    foreign: Sequence[ForeignColumn] = PERSON_COLUMNS,
    *,
    title: str = "columns of other tools",
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Name columns of other tools as tables of people have them, and read their codes.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table.
    foreign : sequence of ForeignColumn
        The columns of other tools; one counts where the table has no column of our name.
    title : str, optional
        How the note begins.

    Returns
    -------
    frame : pandas.DataFrame
        With names in lower case. A code that is unknown becomes ``"ptype=9"``, which no
        column accepts.
    notes : tuple of str
        Which columns were read as which.

    Examples
    --------
    >>> import pandas as pd
    >>> frame, notes = with_own_names(pd.DataFrame({"PERID": [7], "sex": [2], "ptype": [8]}))
    >>> frame.to_dict("list")
    {'id': [7], 'gender': [2], 'occupation': ['pupil|infant']}
    >>> notes
    ('columns of other tools: perid read as id, sex as gender, ptype as occupation',)
    """
    headers = [str(header).strip().lower() for header in frame.columns]
    found = frame.copy()
    found.columns = headers
    read: dict[str, str] = {}
    for column in foreign:
        if headers.count(column.name) == 1 and column.ours not in (*headers, *read.values()):
            read[column.name] = column.ours
            if column.codes is not None:
                found[column.name] = _decoded(found[column.name], column)
    if not read:
        return found, ()
    (name, ours), *others = read.items()
    named = [f"{name} read as {ours}", *(f"{one} as {other}" for one, other in others)]
    return found.rename(columns=read), (f"{title}: {', '.join(named)}",)


def _decoded(cells: pd.Series, column: ForeignColumn) -> list[str | None]:
    codes = column.codes or {}
    return [
        None if cell is None else codes.get(cell, f"{column.name}={cell}") for cell in _keys(cells)
    ]


def repeated_columns(frame: pd.DataFrame) -> list[str]:
    """Return a line for each column of another tool that occurs more than once.

    Examples
    --------
    >>> import pandas as pd
    >>> repeated_columns(pd.DataFrame([[1, 2]], columns=["sex", "sex"]))
    ['there are 2 columns sex; keep one']
    """
    headers = list(frame.columns)
    counts = [(one.name, headers.count(one.name)) for one in PERSON_COLUMNS]
    return [f"there are {count} columns {name}; keep one" for name, count in counts if count > 1]


def joined(
    people: pd.DataFrame, households: pd.DataFrame, defects: RowDefects
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Add what a table of households says to that of their members.

    Parameters
    ----------
    people, households : pandas.DataFrame
        Both with ``household_id``, or as other tools call it.
    defects : RowDefects
        Gets people whose household is missing.

    Returns
    -------
    people : pandas.DataFrame
        With further columns; those that it had are kept.
    notes : tuple of str
        Which columns were read as which, and how many households have no people.
    """
    own, _ = with_own_names(people)
    title = "columns of other tools, households"
    theirs, notes = with_own_names(households, HOUSEHOLD_COLUMNS, title=title)
    key = next((name for name in HOUSEHOLD_KEYS if name in theirs), None)
    for which, table, name in (("people", own, "household_id"), ("households", theirs, key)):
        if name is None or list(table.columns).count(name) != 1:
            message = (
                f"the table of {which} needs one column household_id; both belong together by it"
            )
            defects.of_table.append(message)
            return people, ()
    keys = _keys(theirs[key])
    if repeated := len(keys) - len(set(keys)):
        message = f"table of households: {key} repeats in {repeated} rows; give each household once"
        defects.of_table.append(message)
    row_of = dict(zip(reversed(keys), reversed(range(len(keys))), strict=True))
    members = _keys(own["household_id"])
    rows = np.array([row_of.get(member, -1) for member in members], dtype=np.int64)
    rule = "it is not in the table of households"
    defects.flag("household_id", rows < 0, [repr(member) for member in members], rule)
    result = people.copy()
    for column in _FROM_HOUSEHOLDS:
        if column in theirs and column not in own:
            cells = text_cells(theirs[column])
            result[_name_in(households, theirs, column)] = [
                cells[row] if row >= 0 else None for row in rows.tolist()
            ]
    empty = len(set(keys) - set(members))
    unused = (f"{empty} of {len(keys)} households have no people",) if empty else ()
    return result, (*notes, *unused)


def _name_in(households: pd.DataFrame, theirs: pd.DataFrame, column: str) -> str:
    """Return the name of a new column; zones keep the one of the other tool."""
    if column != "home_zone":
        return column
    return str(households.columns[list(theirs.columns).index(column)])


def _keys(cells: pd.Series) -> list[str | None]:
    """Return cells as text, without the fraction that a column of numbers with gaps has."""
    return [None if cell is None else cell.removesuffix(".0") for cell in text_cells(cells)]
