"""Minutes of each person on each day, by group of activities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.validation.run_tables import Bool, RunTables, Stays

__all__ = ["PersonDays", "by_day", "person_days"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonDays:
    """The days that people lived from midnight to midnight.

    Parameters
    ----------
    person, day : ndarray of int64, shape (d,)
        Row of the person, and day of the run.
    weekday : ndarray of int64, shape (d,)
        Day of the week; Monday is 0.
    minutes : ndarray of float64, shape (d, g)
        Minutes in each of g groups of activities.
    """

    person: Int
    day: Int
    weekday: Int
    minutes: Float

    def __len__(self) -> int:
        """Return the number of days."""
        return len(self.person)

    @property
    def is_weekend(self) -> Bool:
        """Which days are Saturdays and Sundays."""
        weekend: Bool = self.weekday >= 5
        return weekend


def by_day(stays: Stays) -> tuple[Int, Int, Float]:
    """Cut stays at midnight.

    Returns
    -------
    row, day : ndarray of int64, shape (k,)
        Row of the stay, and day, of each piece.
    minutes : ndarray of float64, shape (k,)
        Length of each piece.

    Examples
    --------
    >>> night = Stays(person=np.array([0]), start_min=np.array([1380]), end_min=np.array([1860]),
    ...               purpose=np.array(["sleep"]), place=np.array([0]))
    >>> [part.tolist() for part in by_day(night)]
    [[0, 0], [0, 1], [60.0, 420.0]]
    """
    first = stays.start_min // DAY_MIN
    last = np.maximum(stays.end_min - 1, stays.start_min) // DAY_MIN
    row = np.repeat(np.arange(len(stays)), last - first + 1)
    begin = np.concatenate([[0], np.cumsum(last - first + 1)[:-1]]) if len(stays) else row
    day = first[row] + np.arange(len(row)) - np.repeat(begin, last - first + 1)
    start = np.maximum(stays.start_min[row], day * DAY_MIN)
    end = np.minimum(stays.end_min[row], (day + 1) * DAY_MIN)
    return row, day, (end - start).astype(np.float64)


def person_days(
    tables: RunTables, column_of: Callable[[str], int | None], groups: int
) -> PersonDays:
    """Return the days of all persons who were there from midnight to midnight.

    Parameters
    ----------
    tables : RunTables
        The run.
    column_of : callable
        Returns the column, 0 to `groups` - 1, of a purpose; None if it counts to none.
    groups : int
        Number of groups, g.
    """
    row, day, minutes = by_day(tables.activities)
    names, code = np.unique(tables.activities.purpose, return_inverse=True)
    columns = [column_of(str(name)) for name in names]
    # One column more, for what counts to no group.
    at = np.array([groups if one is None else one for one in columns], dtype=np.int64)
    spent = np.zeros((tables.persons * tables.days, groups + 1))
    key = tables.activities.person[row] * tables.days + day
    inside = day < tables.days
    np.add.at(spent, (key[inside], at[code[row]][inside]), minutes[inside])
    whole = np.flatnonzero(spent.sum(axis=1) >= DAY_MIN)
    days = whole % tables.days
    return PersonDays(
        person=whole // tables.days,
        day=days,
        weekday=tables.day_of_week(days),
        minutes=spent[whole, :groups],
    )
