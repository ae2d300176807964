"""The columns of a population, their types and what they may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN, WEEK_DAYS
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import LifeStageParameters
from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import (
    Education,
    Gender,
    LifeStage,
    Occupation,
    Role,
)
from mesa_llm_city.population.people_columns import PeopleColumns, widened

__all__ = [
    "COLUMNS",
    "TEXT",
    "Codes",
    "PersonArrays",
    "Small",
    "Texts",
    "joined",
    "life_stage_codes",
]

Codes: TypeAlias = NDArray[np.int8]
"""Positions in an enumeration, or levels."""
Small: TypeAlias = NDArray[np.int16]
"""Years, minutes, bit masks and members of households."""
Texts: TypeAlias = NDArray[Any]
"""Texts of any length (`numpy.dtypes.StringDType`), None where there is none."""

TEXT = np.dtypes.StringDType(na_object=None)
"""The type of columns of text."""

_STAGES = LifeStageParameters()
_TWO_DAYS = 2 * DAY_MIN - 1

COLUMNS: Mapping[str, tuple[type[np.generic], float, float]] = MappingProxyType(
    {
        "ids": (np.int64, 0, np.inf),
        "age": (np.int16, 0, np.inf),
        "gender": (np.int8, 0, len(Gender) - 1),
        "occupation": (np.int8, 0, len(Occupation) - 1),
        "education": (np.int8, 0, len(Education) - 1),
        "income": (np.float64, 0, np.inf),
        "household": (np.int64, -np.inf, np.inf),
        "household_size": (np.int16, 1, np.inf),
        "role": (np.int8, 0, len(Role) - 1),
        "youngest_child": (np.int16, -1, np.inf),
        "home": (np.int32, 0, np.inf),
        "work": (np.int32, -1, np.inf),
        "big_five": (np.int8, 1, 3),
        "wake_min": (np.int16, 0, DAY_MIN - 1),
        "bed_min": (np.int16, 0, _TWO_DAYS),
        "work_days": (np.int16, 0, 2**WEEK_DAYS - 1),
        "work_start_min": (np.int16, 0, DAY_MIN - 1),
        "work_minutes": (np.int16, 0, DAY_MIN),
        "lunch_min": (np.int16, 0, _TWO_DAYS),
        "dinner_min": (np.int16, 0, _TWO_DAYS),
        "eats_out": (np.float64, 0, 1),
        "preferences": (np.float32, 0, 1),
        "has_car": (np.bool_, 0, 1),
        "has_bicycle": (np.bool_, 0, 1),
        "has_licence": (np.bool_, 0, 1),
    }
)
"""Type, least and greatest value of each column of numbers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonArrays:
    """Columns of m persons (see `PopulationColumns`, which documents each).

    Raises
    ------
    ConfigError
        If a column has another length or type, or a value outside its range; the message
        lists every such column.
    """

    ids: Int
    age: Small
    gender: Codes
    occupation: Codes
    education: Codes
    income: Float
    household: NDArray[np.signedinteger[Any]]
    household_size: Small
    role: Codes
    youngest_child: Small
    home: NDArray[np.int32]
    work: NDArray[np.int32]
    big_five: Codes
    wake_min: Small
    bed_min: Small
    work_days: Small
    work_start_min: Small
    work_minutes: Small
    lunch_min: Small
    dinner_min: Small
    eats_out: Float
    preferences: NDArray[np.float32]
    has_car: Bool
    has_bicycle: Bool
    has_licence: Bool
    purposes: tuple[str, ...]
    names: Texts | None = None
    hobbies: Texts | None = None
    seed: int = 0
    parameters: CityParameters | None = None

    def __post_init__(self) -> None:
        """Bring every column to its type, check it, and close it to changes."""
        defects: list[str] = []
        for name, (dtype, low, high) in COLUMNS.items():
            given = np.asarray(getattr(self, name))
            if found := [*self._column_defects(name, given, dtype, (low, high))]:
                defects += found
            else:
                kept = _least(given, dtype) if name == "household" else dtype
                object.__setattr__(self, name, _closed(given.astype(kept, copy=False)))
        for name in ("names", "hobbies"):
            texts = getattr(self, name)
            if texts is None:
                continue
            if np.shape(texts) != (len(self.ids),):
                defects.append(f"{name} must have shape ({len(self.ids)},), got {np.shape(texts)}")
            else:
                object.__setattr__(self, name, _closed(np.asarray(texts, dtype=TEXT)))
        if not defects and not self._nights_end().all():
            row = int(np.flatnonzero(~self._nights_end())[0])
            defects.append(
                f"bed_min must be in [wake_min + 1, wake_min + {DAY_MIN}], "
                f"got {self.bed_min[row]} after {self.wake_min[row]} in row {row}"
            )
        if defects:
            raise ConfigError("; ".join(defects))

    def _nights_end(self) -> Bool:
        """Tell who goes to bed after getting up, and at most a day later, shape (m,)."""
        awake = self.bed_min - self.wake_min
        within: Bool = (awake > 0) & (awake <= DAY_MIN)
        return within

    def _column_defects(
        self, name: str, given: NDArray[Any], dtype: type[np.generic], limits: tuple[float, float]
    ) -> Iterator[str]:
        """Yield what is wrong with a column."""
        shape: tuple[int, ...] = (np.asarray(self.ids).size,)
        shape += {"big_five": (len(BigFive._fields),), "preferences": (len(self.purposes),)}.get(
            name, ()
        )
        kinds = {"i": "iu", "f": "iuf", "b": "b"}[np.dtype(dtype).kind]
        if given.shape != shape:
            yield f"{name} must have shape {shape}, got {given.shape}"
        elif given.dtype.kind not in kinds:
            yield f"{name} must be of type {np.dtype(dtype)}, got {given.dtype}"
        elif given.size and kinds != "b":
            low, high = limits
            if kinds == "iu":
                most = np.iinfo(np.dtype(dtype))
                low, high = max(low, int(most.min)), min(high, int(most.max))
            # A person may have no weight for a purpose, so NaN is let through there alone.
            outside = ~((given >= low) & (given <= high))
            if name == "preferences":
                outside &= ~np.isnan(given)
            if outside.any():
                row = int(np.argwhere(outside)[0][0])
                yield f"{name} must be in [{low}, {high}], got {given[outside][0]} in row {row}"

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.ids)

    @property
    def memory_bytes(self) -> int:
        """Size of all columns in bytes, without texts of more than 15 bytes."""
        columns = (getattr(self, one.name) for one in fields(self))
        return sum(column.nbytes for column in columns if isinstance(column, np.ndarray))

    def take(self, rows: ArrayLike) -> Self:
        """Return the same columns with some rows only.

        Parameters
        ----------
        rows : array_like of int or bool
            Rows, in any order; or, for each row, whether it is kept.
        """
        chosen = np.asarray(rows)
        chosen = chosen.astype(np.int64) if not chosen.size and chosen.dtype != bool else chosen
        return replace(self, **{name: column[chosen] for name, column in self.arrays()})

    def arrays(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Yield the names of the columns that are there, and the columns."""
        for name in (*COLUMNS, "names", "hobbies"):
            column = getattr(self, name)
            if column is not None:
                yield name, column

    def for_rules(self, *, wide: bool = True) -> PeopleColumns:
        """Return the columns that the rules of a day read.

        Parameters
        ----------
        wide : bool, default True
            Whether numbers get 64 bits, as sums of them need; else nothing is copied, and
            `PeopleColumns.take` makes them so.
        """
        read: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(PeopleColumns)}
        if not wide:
            return PeopleColumns(**read)
        read.update((name, widened(one)) for name, one in read.items())
        return PeopleColumns(**read)

    def life_stages(self, parameters: LifeStageParameters = _STAGES) -> Codes:
        """Return the stage of life of each person, as positions in `LifeStage`, shape (m,).

        Parameters
        ----------
        parameters : LifeStageParameters, optional
            Ages at which stages begin.
        """
        return life_stage_codes(self.age, self.occupation, self.role, parameters)


def life_stage_codes(
    age: Small, occupation: Codes, role: Codes, parameters: LifeStageParameters
) -> Codes:
    """Return stages of life by age, occupation and household role (see `Persona.life_stage`).

    Parameters
    ----------
    age : ndarray of int16, shape (m,)
        In years.
    occupation, role : ndarray of int8, shape (m,)
        Positions in `Occupation` and `Role`.
    parameters : LifeStageParameters
        Ages at which stages begin.

    Returns
    -------
    ndarray of int8, shape (m,)
        Positions in `LifeStage`.
    """
    jobs, roles, stages = tuple(Occupation), tuple(Role), tuple(LifeStage)
    older = (age >= parameters.older_from) | (occupation == jobs.index(Occupation.RETIRED))
    cases = (
        (age < min(parameters.teenager_from, parameters.adult_from), LifeStage.CHILD),
        (age < parameters.adult_from, LifeStage.TEENAGER),
        (older, LifeStage.OLDER_ADULT),
        (occupation == jobs.index(Occupation.STUDENT), LifeStage.STUDENT),
        (role == roles.index(Role.PARENT), LifeStage.PARENT),
        (age < parameters.middle_aged_from, LifeStage.YOUNG_ADULT),
    )
    holds, codes = zip(*((one, stages.index(stage)) for one, stage in cases), strict=True)
    rest = stages.index(LifeStage.MIDDLE_AGED)
    found: Codes = np.select(holds, codes, rest).astype(np.int8)
    return found


def joined(parts: Sequence[PersonArrays]) -> PersonArrays:
    """Return the rows of several columns of the same seed and parameters, one after the other."""
    first = parts[0]
    names = [name for name, _ in first.arrays()]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(one, name) for one in parts]) for name in names
    }
    return replace(first, **columns)


def _least(given: NDArray[Any], dtype: type[np.generic]) -> type[np.generic]:
    """Return the type of 32 bits if that holds all ids, else the given one."""
    limits = np.iinfo(np.int32)
    fits = limits.min <= given.min(initial=0) and given.max(initial=0) <= limits.max
    return np.int32 if fits else dtype


def _closed(column: NDArray[Any]) -> NDArray[Any]:
    """Return a view of a column that cannot be written to."""
    view = column.view()
    view.flags.writeable = False
    return view
