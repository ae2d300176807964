"""A table of time use: shares of people who do something on a day, and minutes of those who do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Float
from mesa_llm_city.population.time_use.dimensions import (
    ACTIVITIES,
    DAY_TYPES,
    DIMENSIONS,
    EMPLOYMENT,
    SEXES,
    YOUNGEST_CHILD,
    Ages,
    read_ages,
)
from mesa_llm_city.population.time_use.files import BUILTIN, read_values, write_values

__all__ = ["TimeUseTable", "time_use_table"]

_ALWAYS = tuple(ACTIVITIES.index(name) for name in ("sleep",))
# Keeps logarithms of minutes finite.
_LEAST_MIN = 1.0
_FILLED_MIN = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeUseTable:
    """Time use by sex, age, employment, youngest child, day and activity.

    All three arrays have one axis for each of `DIMENSIONS`: 2 sexes, as many ages as `ages`, 3
    kinds of employment, 3 of children, 3 of days, 14 activities. The minutes of a day
    (`mean_min`) add up to 1440 in each cell.

    Parameters
    ----------
    ages : tuple of Ages
        Age groups in order, without gap.
    share_doing : ndarray of float64
        Share of person-days with the activity, in [0, 1].
    doers_min : ndarray of float64
        Mean minutes of the activity on days with it.
    doers_sd_min : ndarray of float64
        Standard deviation of these minutes between person-days.

    Examples
    --------
    >>> us = TimeUseTable.builtin("us")
    >>> mothers = us.cells(sex="female", age="25-34", youngest_child="0-5", day="weekday",
    ...                    employment="none", activity="care_of_household")
    >>> bool(us.mean_min[mothers][0] > 120)
    True
    """

    ages: tuple[Ages, ...]
    share_doing: Float
    doers_min: Float
    doers_sd_min: Float

    @classmethod
    def builtin(cls, name: str) -> Self:
        """Return a table of the package.

        Parameters
        ----------
        name : {"neutral", "us"}
            ``"neutral"`` holds rounded values between those of several countries;
            ``"us"`` is the United States, from the diaries of 2003 to 2015. Both files say
            where their numbers come from.

        Raises
        ------
        ConfigError
            If there is no such table.
        """
        if name not in BUILTIN:
            near = did_you_mean(name, BUILTIN)
            message = (
                f"there is no built-in table of time use {name!r}; use {' or '.join(BUILTIN)}, "
                f"or TimeUseTable.read for a file{near}"
            )
            raise ConfigError(message)
        return cls._made(*read_values(BUILTIN[name], base=None))

    @classmethod
    def read(cls, path: str | Path, *, base: str = "neutral") -> Self:
        """Read a table from a CSV or Parquet file (see ``docs/reference/time_use_table.md``).

        Parameters
        ----------
        path : str or Path
            One row for each cell, with the columns of `DIMENSIONS` (``all``, blank or no
            column: every value) and ``share_doing``, ``doers_min``, ``doers_sd_min``, any of
            which may be left out. Where rows overlap, the one with more columns told holds.
        base : str, default "neutral"
            The built-in table whose values hold where the file tells none.

        Raises
        ------
        DataError
            If a cell is bad; one message lists every defect.
        """
        if base not in BUILTIN:
            return cls.builtin(base)  # which says that there is no such table
        return cls._made(*read_values(Path(path), base=BUILTIN[base]))

    @classmethod
    def _made(cls, ages: tuple[Ages, ...], share: Float, minutes: Float, spread: Float) -> Self:
        share, minutes, spread = _closed(share, minutes, spread)
        return cls(ages=ages, share_doing=share, doers_min=minutes, doers_sd_min=spread)

    @property
    def mean_min(self) -> Float:
        """Mean minutes a day over all person-days; its last axis adds up to 1440."""
        return self.share_doing * self.doers_min

    @property
    def sd_min(self) -> Float:
        """Standard deviation of the minutes between all person-days of a cell."""
        square = self.share_doing * (self.doers_sd_min**2 + self.doers_min**2)
        return np.sqrt(np.maximum(square - self.mean_min**2, 0.0))

    def values(self, dimension: str) -> tuple[str, ...]:
        """Return the values of one of `DIMENSIONS`, in the order of its axis."""
        return {
            "sex": SEXES,
            "age": tuple(one.label for one in self.ages),
            "employment": EMPLOYMENT,
            "youngest_child": YOUNGEST_CHILD,
            "day": DAY_TYPES,
            "activity": ACTIVITIES,
        }[dimension]

    def cells(self, **where: str | Sequence[str]) -> NDArray[np.bool_]:
        """Return which cells are meant, as a mask of the shape of the arrays.

        Parameters
        ----------
        **where : str or sequence of str
            Values by dimension, such as ``sex="female"`` or ``activity=["sleep", "eating"]``;
            a dimension that is left out means all. Of ages, all groups are meant that lie
            within those told.

        Raises
        ------
        ConfigError
            If there is no such dimension or value.
        """
        if unknown := [name for name in where if name not in DIMENSIONS]:
            message = f"there is no dimension {unknown[0]!r}; use some of {', '.join(DIMENSIONS)}"
            raise ConfigError(message)
        axes = [self._picked(name, where.get(name, ())) for name in DIMENSIONS]
        mask = np.zeros(self.share_doing.shape, dtype=bool)
        mask[np.ix_(*axes)] = True
        return mask

    def _picked(self, dimension: str, told: str | Sequence[str]) -> list[int]:
        wanted = [told] if isinstance(told, str) else list(told)
        known = self.values(dimension)
        if not wanted or wanted == ["all"]:
            return list(range(len(known)))
        if dimension == "age":
            return [row for one in wanted for row in self._within(one)]
        if unknown := [one for one in wanted if one not in known]:
            message = f"{dimension}: there is no {unknown[0]!r}; use some of {', '.join(known)}"
            raise ConfigError(message)
        return [known.index(one) for one in wanted]

    def _within(self, label: str) -> list[int]:
        asked = read_ages(label)
        if asked is not None:
            rows = [
                row
                for row, one in enumerate(self.ages)
                if asked.low <= one.low and one.high <= asked.high
            ]
            if rows:
                return rows
        message = f"age: no group lies within {label!r}; the groups are {self.values('age')}"
        raise ConfigError(message)

    def updated(
        self,
        cells: NDArray[np.bool_],
        *,
        share: ArrayLike | None = None,
        doers_min: ArrayLike | None = None,
        doers_sd_min: ArrayLike | None = None,
    ) -> Self:
        """Return a table in which some cells differ, closed to 24 hours.

        Parameters
        ----------
        cells : ndarray of bool
            Which, as `cells` returns them.
        share, doers_min, doers_sd_min : array_like, optional
            New values, one number or one for each of the cells in the order of
            ``share_doing[cells]``. Shares are cut to [0, 1] and minutes to what a day has. If
            new minutes are given without their spread, it grows with them.

        Returns
        -------
        TimeUseTable
            The minutes of each cell of people and days add up to 1440 again: all activities of
            a cell that became too long or too short are scaled alike.
        """
        new = [np.array(one) for one in (self.share_doing, self.doers_min, self.doers_sd_min)]
        for array, given in zip(new, (share, doers_min, doers_sd_min), strict=True):
            if given is not None:
                array[cells] = given
        if doers_min is not None and doers_sd_min is None:
            new[2] *= np.divide(
                new[1], self.doers_min, out=np.ones_like(new[1]), where=self.doers_min > 0
            )
        share_doing, minutes, spread = _closed(*new)
        return replace(self, share_doing=share_doing, doers_min=minutes, doers_sd_min=spread)

    def write(self, path: str | Path) -> None:
        """Write all cells to a CSV file that `read` reads."""
        labels = [self.values(name) for name in DIMENSIONS]
        write_values(Path(path), labels, (self.share_doing, self.doers_min, self.doers_sd_min))

    def __repr__(self) -> str:
        """Return a short description."""
        return f"<TimeUseTable of {len(self.ages)} age groups>"


def _closed(share: Float, minutes: Float, spread: Float) -> tuple[Float, Float, Float]:
    """Return values within their bounds, the minutes scaled so that they fill a day."""
    share = np.clip(share, 0.0, 1.0)
    share[..., _ALWAYS] = 1.0
    minutes, spread = np.clip(minutes, _LEAST_MIN, DAY_MIN), np.clip(spread, 0.0, DAY_MIN)
    total = (share * minutes).sum(axis=-1, keepdims=True)
    # What fills a day already stays as it is, to the last bit.
    scale = np.where(np.abs(total - DAY_MIN) < _FILLED_MIN, 1.0, DAY_MIN / total)
    closed = (share, minutes * scale, spread * scale)
    for array in closed:
        array.flags.writeable = False
    return closed


def time_use_table(name: str) -> TimeUseTable | None:
    """Return the table that the parameter `population.time_use.table` names.

    Parameters
    ----------
    name : str
        A built-in table, the path of a file, or ``"none"``.

    Returns
    -------
    TimeUseTable or None
        The same object for the same file; None for ``"none"``.

    Raises
    ------
    DataError
        If the file is missing or bad.
    """
    if name == "none":
        return None
    if name in BUILTIN:
        return _cached(name, 0)
    path = Path(name)
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    return _cached(name, changed)


@lru_cache(maxsize=16)
def _cached(name: str, changed: int) -> TimeUseTable:  # noqa: ARG001 - a changed file is read anew
    return TimeUseTable.builtin(name) if name in BUILTIN else TimeUseTable.read(name)
