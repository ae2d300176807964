"""People as columns: what the rules of a day read of many persons at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple, Self, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.values import Float, Int, Whole
from mesa_llm_city.population.categories import Gender, Occupation, Role
from mesa_llm_city.population.persona import Persona

__all__ = ["NOBODY", "PeopleColumns", "PersonRows", "kept_weights", "widened"]

NOBODY = -1
"""Stands for no work, no child and other things that a person may lack."""

_GENDER = {one: code for code, one in enumerate(Gender)}
_OCCUPATION = {one: code for code, one in enumerate(Occupation)}
_ROLE = {one: code for code, one in enumerate(Role)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeopleColumns:
    """Columns of m persons, each row what `Persona` says of one.

    Parameters
    ----------
    ids : ndarray of int64, shape (m,)
        Ids of the persons.
    age : ndarray of int64, shape (m,)
        In years.
    gender, occupation, role : ndarray of int8, shape (m,)
        Positions in `Gender`, `Occupation` and `Role`.
    income : ndarray of float64, shape (m,)
        Per month, in median incomes of the employed.
    household, household_size : ndarray of int64, shape (m,)
        Id and number of members of the household.
    youngest_child : ndarray of int64, shape (m,)
        Age of its youngest child, -1 without any.
    home, work : ndarray of int64, shape (m,)
        Place ids of the residence, and of work or school; -1 for no work.
    big_five : ndarray of int8, shape (m, 5)
        Levels of personality from 1 to 3, in the order of `BigFive`.
    wake_min, bed_min, work_days, work_start_min, work_minutes : ndarray of int64, shape (m,)
        Habits of sleep and duty, as in `Habits`.
    lunch_min, dinner_min : ndarray of int64, shape (m,)
        Usual begin of these meals, in minutes of the day.
    eats_out : ndarray of float64, shape (m,)
        Share of meals that are eaten out.
    has_car, has_bicycle, has_licence : ndarray of bool, shape (m,)
        Vehicles at hand and whether the person may drive.
    preferences : ndarray of float, shape (m, p)
        How much each purpose is liked, in the precision of 32 bits (see `kept_weights`); NaN
        where the person has no weight.
    purposes : tuple of str
        Names of the p purposes.
    """

    ids: Int
    age: Int
    gender: NDArray[np.int8]
    occupation: NDArray[np.int8]
    role: NDArray[np.int8]
    income: Float
    household: Int
    household_size: Int
    youngest_child: Int
    home: Int
    work: Int
    big_five: NDArray[np.int8]
    wake_min: Int
    bed_min: Int
    work_days: Int
    work_start_min: Int
    work_minutes: Int
    lunch_min: Int
    dinner_min: Int
    eats_out: Float
    has_car: NDArray[np.bool_]
    has_bicycle: NDArray[np.bool_]
    has_licence: NDArray[np.bool_]
    preferences: Float
    purposes: tuple[str, ...] = ()

    @classmethod
    def of(cls, people: Sequence[Persona]) -> Self:
        """Return columns of persons, in their order."""
        purposes = tuple(dict.fromkeys(name for one in people for name in one.preferences))
        numbers = {
            name: np.array([getattr(one, name) for one in people])
            for name in ("age", "income", "home", "has_car", "has_bicycle", "has_licence")
        }
        habits = {name: np.array([getattr(one.habits, name) for one in people]) for name in _HABITS}
        preferences = np.array(
            [[one.preferences.of(name, np.nan) for name in purposes] for one in people]
        )
        return cls(
            ids=np.array([one.id for one in people], dtype=np.int64),
            gender=np.array([_GENDER[one.gender] for one in people], dtype=np.int8),
            occupation=np.array([_OCCUPATION[one.occupation] for one in people], dtype=np.int8),
            role=np.array([_ROLE[one.household.role] for one in people], dtype=np.int8),
            household=np.array([one.household.id for one in people], dtype=np.int64),
            household_size=np.array([one.household.size for one in people], dtype=np.int64),
            youngest_child=_or_nobody([one.household.youngest_child for one in people]),
            work=_or_nobody([one.work for one in people]),
            big_five=np.array([one.big_five for one in people], dtype=np.int8).reshape(-1, 5),
            preferences=kept_weights(preferences).reshape(len(people), len(purposes)),
            purposes=purposes,
            **numbers,
            **habits,
        )

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.ids)

    def take(self, rows: Int | NDArray[np.bool_]) -> Self:
        """Return some of the rows; numbers become large enough to be added up."""
        names = [one.name for one in fields(self) if one.name != "purposes"]
        taken: dict[str, Any] = {name: widened(getattr(self, name)[rows]) for name in names}
        return replace(self, **taken)

    def view(self, rows: Int) -> PeopleColumns:
        """Return some of the rows like `take`, each column when it is first read.

        Parameters
        ----------
        rows : ndarray of int64, shape (k,)
            Positions of the rows; neither they nor the columns may change while it is in use.
        """
        return cast("PeopleColumns", _View(self, rows))

    def for_loops(self) -> PersonRows | None:
        """Return what loops over rows read of a view; None for columns that are no view."""
        return None


class PersonRows(NamedTuple):
    """Which rows of columns of persons a loop is for, and the columns that it reads.

    Attributes
    ----------
    rows : ndarray of int64, shape (k,)
        Positions of the rows.
    age, gender, occupation, role, youngest_child, home, work, big_five, preferences
        Columns of all n persons (see `PeopleColumns`), of any type of whole numbers.
    wake_min, bed_min, work_days, work_start_min, work_minutes
        Likewise.
    """

    rows: Int
    age: Whole
    gender: Whole
    occupation: Whole
    role: Whole
    youngest_child: Whole
    home: Whole
    work: Whole
    big_five: Whole
    wake_min: Whole
    bed_min: Whole
    work_days: Whole
    work_start_min: Whole
    work_minutes: Whole
    preferences: NDArray[np.floating[Any]]


def kept_weights(weights: ArrayLike) -> Float:
    """Return weights of preferences as columns of people keep them, in 32 bits."""
    return np.asarray(weights, dtype=np.float32).astype(np.float64)


class _View:
    """Some rows of columns; it has the columns of `PeopleColumns`."""

    __slots__ = ("__dict__", "_base", "_rows")

    def __init__(self, base: PeopleColumns, rows: Int) -> None:
        self._base, self._rows = base, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getattr__(self, name: str) -> object:
        if name == "purposes":
            return self._base.purposes
        column = self.__dict__[name] = widened(getattr(self._base, name).take(self._rows, axis=0))
        return column

    def take(self, rows: Int | NDArray[np.bool_]) -> _View:
        return _View(self._base, self._rows[rows])

    def view(self, rows: Int) -> _View:
        return self.take(rows)

    def for_loops(self) -> PersonRows:
        kept = self.__dict__
        if _ROWS not in kept:
            columns = (getattr(self._base, name) for name in PersonRows._fields[1:])
            kept[_ROWS] = PersonRows(self._rows, *columns)
        rows: PersonRows = kept[_ROWS]
        return rows


_ROWS = "rows of loops"


_HABITS = (
    "wake_min",
    "bed_min",
    "work_days",
    "work_start_min",
    "work_minutes",
    "lunch_min",
    "dinner_min",
    "eats_out",
)


def widened(column: NDArray[Any]) -> NDArray[Any]:
    """Return numbers of 16 and 32 bits with 64 bits, all other columns as they are."""
    wide = _WIDE.get(getattr(column, "dtype", None))
    return column if wide is None else column.astype(wide)


_WIDE = {
    np.dtype(np.int16): np.int64,
    np.dtype(np.int32): np.int64,
    np.dtype(np.float32): np.float64,
}


def _or_nobody(given: Sequence[int | None]) -> Int:
    return np.array([NOBODY if one is None else one for one in given], dtype=np.int64)
