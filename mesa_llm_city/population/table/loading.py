"""A table of people from files or data frames, checked as a whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.tables.table import Table, read_table
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.categories import Role
from mesa_llm_city.population.outsiders.outsider import RESIDENT, OutsiderRole
from mesa_llm_city.population.place_supply import PlaceSupply
from mesa_llm_city.population.table.cells import text_cells
from mesa_llm_city.population.table.checks import check_map, check_rows
from mesa_llm_city.population.table.defects import RowDefects
from mesa_llm_city.population.table.earnings import median_defect, median_note
from mesa_llm_city.population.table.home_zones import check_zones
from mesa_llm_city.population.table.other_tools import joined, repeated_columns, with_own_names
from mesa_llm_city.population.table.reader import PeopleTable, parse_people

if TYPE_CHECKING:
    import pandas as pd

    People: TypeAlias = str | Path | pd.DataFrame

__all__ = ["BadRows", "load_people"]

BadRows: TypeAlias = Literal["error", "drop"]

_REPAIR = "correct the rows named, or leave them out with bad_rows='drop' (--bad-rows drop)"


def load_people(
    table: People,
    *,
    households: People | None,
    city: PlaceSupply,
    parameters: CityParameters,
    bad_rows: BadRows,
) -> PeopleTable:
    """Read a table of people, with one of their households if there is one.

    Parameters
    ----------
    table, households : str, Path or pandas.DataFrame
        Files or tables.
    city : PlaceSupply
        Where the people live.
    parameters : CityParameters
        Ages at which people may do and be something, hobbies, and purposes of free time.
    bad_rows : {"error", "drop"}
        Whether rows that cannot be used are an error, or are left out and noted.

    Returns
    -------
    PeopleTable
        Rows without defects.

    Raises
    ------
    ConfigError
        If `bad_rows` is neither, or `table` is no table.
    DataError
        One message that lists every defect with row and column.
    """
    if bad_rows not in {"error", "drop"}:
        message = f"bad_rows must be 'error' or 'drop', got {bad_rows!r}"
        raise ConfigError(message)
    drop = bad_rows == "drop"
    read = _of_residents(_read(table, "people", drop=drop))
    frame, notes, defects = read.frame, read.notes, RowDefects(read.lines.tolist())
    if households is not None:
        theirs = _read(households, "households", drop=drop)
        frame, joins = joined(frame, theirs.frame, defects)
        notes = (*notes, *theirs.notes, *joins)
    people = _checked(frame, city, parameters, defects)
    if not len(frame):
        defects.of_table.append("there is no row; give one per person")
    if defects.of_table or (not drop and defects.bad.any()):
        advice = "" if drop or not defects.bad.any() else _REPAIR
        raise DataError.listing(read.name, defects.lines(), advice=advice)
    if defects.bad.all():
        raise DataError.listing(read.name, ["no row can be used", *defects.left_out()])
    people = people.only(~defects.bad)
    return people.noting(*notes, *defects.left_out(), *median_note(people))


def _read(given: People, name: str, *, drop: bool) -> Table:
    import pandas as pd

    if isinstance(given, str | Path):
        return read_table(given, drop_bad_rows=drop)
    if not isinstance(given, pd.DataFrame):
        message = f"{name} must be the path of a file or a pandas.DataFrame, got {given!r}"
        raise ConfigError(message)
    # The header counts as row 1, as in a file.
    return Table(name=f"the table of {name}", frame=given, lines=np.arange(len(given)) + 2)


def _of_residents(table: Table) -> Table:
    """Leave out the outsiders of a table that a run has written; they are made anew."""
    if "role" not in table.frame.columns:
        return table
    roles = np.array([cell for (cell,) in table.texts(["role"])], dtype=np.str_)
    if not np.isin(roles, [RESIDENT, *OutsiderRole]).all():
        return table  # a column of another meaning
    lives_here = roles == RESIDENT
    notes = table.notes
    if not lives_here.all():
        notes = (*notes, f"{np.count_nonzero(~lives_here)} outsiders are left out")
    frame = table.frame[lives_here].drop(columns="role")
    return replace(table, frame=frame, lines=table.lines[lives_here], notes=notes)


def _checked(
    frame: pd.DataFrame, city: PlaceSupply, parameters: CityParameters, defects: RowDefects
) -> PeopleTable:
    own, notes = with_own_names(frame)
    defects.of_table += repeated_columns(own)
    if list(own.columns).count("income") == 1:
        defect = median_defect(text_cells(own["income"]))
        if defect:
            defects.of_table.append(defect)
            own = own.drop(columns="income")
    people = parse_people(own, parameters, defects).noting(*notes)
    population = parameters.population
    people = _with_group_quarters(people, population.households.group_quarters_size)
    check_rows(people, population.ages, defects)
    check_map(people, city, defects)
    return check_zones(people, city, defects, foreign=_zone_column(frame, own))


def _zone_column(frame: pd.DataFrame, own: pd.DataFrame) -> str:
    """Return how another tool called the column of zones; empty if it is ours."""
    if "home_zone" not in own.columns:
        return ""
    index = list(own.columns).index("home_zone")
    header = str(frame.columns[index]).strip()
    return "" if header.lower() == "home_zone" else header


def _with_group_quarters(people: PeopleTable, size: int) -> PeopleTable:
    """Let people in group quarters, such as a hall or a nursing home, live with others."""
    inside = people.numbers["group_quarters"] == 1
    if not inside.any():
        return people
    other = float(list(Role).index(Role.OTHER))
    numbers = {
        **people.numbers,
        "household_size": np.where(inside, float(size), people.numbers["household_size"]),
        "household_role": np.where(inside, other, people.numbers["household_role"]),
    }
    count = int(np.count_nonzero(inside))
    note = f"{count} people live in group quarters: each is another member of a household of {size}"
    return replace(people, numbers=numbers).noting(note)
