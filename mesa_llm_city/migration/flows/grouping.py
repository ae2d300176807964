"""Groups of persons by survey columns, such as region and age band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Self

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["Grouping", "band_start"]

_BANDS = 4
_UNKNOWN = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Columns by which persons are grouped, with bands of numbers.

    Parameters
    ----------
    columns : tuple of str
        Names of the columns.
    starts : mapping of str to tuple of float
        Lower ends of the bands of each number, increasing; the last band has no upper end.

    Raises
    ------
    ConfigError
        If there is no column, or the bands do not increase.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> grouping = Grouping(columns=("hukou", "age"), starts={"age": (16.0, 40.0)})
    >>> grouping.keys_of(synthetic_survey(2, seed=1))
    ('hukou=missing, age=16 to 40', 'hukou=1, age=16 to 40')
    """

    columns: tuple[str, ...]
    starts: Mapping[str, tuple[float, ...]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Check columns and bands."""
        wrong = [] if self.columns else ["there is no column"]
        wrong += [
            f"the bands of {name} start at {list(starts)}, which do not increase"
            for name, starts in self.starts.items()
            if not starts or any(a >= b for a, b in pairwise(starts))
        ]
        if wrong:
            message = f"people cannot be grouped: {'; '.join(wrong)}"
            raise ConfigError(message)

    @classmethod
    def of(cls, table: SurveyTable, columns: Sequence[str]) -> Self:
        """Group by columns of a table; numbers in four bands of about equal size.

        Raises
        ------
        ConfigError
            If the schema has no such column, or no model is given it.
        """
        unusable = [
            f"{name} is of kind {table.schema[name].kind}"
            for name in columns
            if not table.schema[name].is_input
        ]
        if unusable:
            message = (
                f"people cannot be grouped: {'; '.join(unusable)}; name columns that the model is "
                f"given, such as {', '.join(one.name for one in table.schema.inputs)}"
            )
            raise ConfigError(message)
        return cls(
            columns=tuple(columns),
            starts={
                name: _quantiles(table, name)
                for name in columns
                if not table.schema[name].is_coded and table.schema[name].kind != "text"
            },
        )

    def keys_of(self, table: SurveyTable) -> tuple[str, ...]:
        """Return the group of each row, such as ``"hukou=1, age=16 to 40"``.

        Codes are named as in the file; a missing value is a group of its own.
        """
        groups, number = self.groups_of(table)
        return tuple(groups[one] for one in number.tolist())

    def groups_of(self, table: SurveyTable) -> tuple[tuple[str, ...], Int]:
        """Return the keys of the groups that occur, and the number of the group of each row."""
        parts = [self._parts(table, table.schema[one]) for one in self.columns]
        words, numbers = zip(*parts, strict=True)
        found, number = np.unique(np.stack(numbers, axis=1), axis=0, return_inverse=True)
        keys = tuple(
            ", ".join(
                f"{name}={part[at]}"
                for name, part, at in zip(self.columns, words, row, strict=True)
            )
            for row in found.tolist()
        )
        return keys, number.reshape(-1).astype(np.int64)

    def to_json(self) -> dict[str, Any]:
        """Return columns and bands for JSON."""
        starts = {name: list(one) for name, one in self.starts.items()}
        return {"columns": list(self.columns), "starts": starts}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return the grouping that `to_json` wrote.

        Raises
        ------
        DataError
            If it is none.
        """
        try:
            starts = {
                str(name): tuple(float(one) for one in starts)
                for name, starts in content["starts"].items()
            }
            return cls(columns=tuple(map(str, content["columns"])), starts=starts)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            message = f"{content!r:.80} is no grouping: {error}; give columns and starts"
            raise DataError(message) from error

    def key(self, values: Mapping[str, str]) -> str:
        """Return the key of a group from a text for each column, such as ``"16-29"`` for a band.

        Raises
        ------
        DataError
            If a band does not start where one of `starts` does.
        """
        return ", ".join(f"{name}={self._written(name, values[name])}" for name in self.columns)

    def _written(self, name: str, text: str) -> str:
        if name not in self.starts or text == _UNKNOWN:
            return text
        start = band_start(text)
        if start not in self.starts[name]:
            message = f"no band of {name} starts at {text!r}; they start at {self.starts[name]}"
            raise DataError(message)
        return _band(start, self.starts[name])

    def _parts(self, table: SurveyTable, column: Column) -> tuple[list[str], Int]:
        """Return what occurs in a column in words, and its number in each row."""
        cells = table.frame[column.name]
        if column.kind == "text":
            found, number = np.unique(cells.astype(str).to_numpy(), return_inverse=True)
            return [str(one) for one in found.tolist()], number.astype(np.int64)
        values, number = np.unique(
            cells.to_numpy(dtype=np.float64, na_value=np.nan), return_inverse=True
        )
        words = [self._word(column, one) for one in values.tolist()]
        # Many numbers are in one band.
        kept = list(dict.fromkeys(words))
        places = np.array([kept.index(one) for one in words], dtype=np.int64)
        return kept, places[number]

    def _word(self, column: Column, value: float) -> str:
        if column.name in self.starts:
            return _band(value, self.starts[column.name])
        if np.isnan(value):
            return _UNKNOWN
        return str(column.code_of(value)) if column.is_coded else f"{value:g}"


def band_start(text: str) -> float:
    """Return the lower end of a band such as ``16-29``, ``45+`` or ``30``.

    Raises
    ------
    DataError
        If it is no band.

    Examples
    --------
    >>> band_start("16-29"), band_start("45+")
    (16.0, 45.0)
    """
    start = text.strip().rstrip("+")
    # A minus sign at the beginning belongs to the number.
    low, _, _ = start[1:].partition("-")
    try:
        return float(start[:1] + low)
    except ValueError as error:
        message = f"{text!r} is no band of numbers; write it as 16-29 or 45+"
        raise DataError(message) from error


def _band(value: float, starts: tuple[float, ...]) -> str:
    if np.isnan(value):
        return _UNKNOWN
    number = int(np.searchsorted(starts, value, side="right")) - 1
    if number < 0:
        return f"under {starts[0]:g}"
    if number == len(starts) - 1:
        return f"{starts[number]:g}+"
    return f"{starts[number]:g} to {starts[number + 1]:g}"


def _quantiles(table: SurveyTable, name: str) -> tuple[float, ...]:
    values: Float = table.frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
    known = values[~np.isnan(values)]
    if not len(known):
        message = f"column {name} is missing in every row, so people cannot be grouped by it"
        raise DataError(message)
    cuts = np.quantile(known, np.arange(_BANDS) / _BANDS)
    return tuple(np.unique(cuts).tolist())
