"""Groups of people by any column of a survey, for separate figures (RMS-Agent, sec. 5.3.6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Int
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["Band", "Groups", "UserGroups"]

Groups: TypeAlias = Callable[[SurveyTable], Mapping[str, Int]]
"""Returns the rows of each group of a table, by name; a row may be in several groups."""

_NUMBER = r"-?\d+(?:\.\d+)?"
_BAND = re.compile(rf"({_NUMBER})-({_NUMBER})")
_MOST_VALUES = 20


class Band(NamedTuple):
    """A range of a number, both ends included."""

    low: float
    high: float

    def __str__(self) -> str:
        """Return a text such as ``16-27``."""
        return f"{self.low:g}-{self.high:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserGroups:
    """Groups by the codes of columns, or by bands of numbers.

    Parameters
    ----------
    bands : mapping of str to sequence of Band
        Bands by name of the column, in increasing order; empty for columns with codes.

    Raises
    ------
    ConfigError
        If bands overlap, or the end of a band is below its beginning.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> table = synthetic_survey(200, seed=1)
    >>> groups = UserGroups.parse("gender,age:16-27,28-60", table.schema)
    >>> list(groups(table))
    ['Sex: female', 'Sex: male', 'Age: 16-27', 'Age: 28-60']
    """

    bands: Mapping[str, Sequence[Band]]

    def __post_init__(self) -> None:
        """Check the bands."""
        kept = {name: tuple(Band(*one) for one in some) for name, some in self.bands.items()}
        object.__setattr__(self, "bands", MappingProxyType(kept))
        for name, some in kept.items():
            if any(one.high < one.low for one in some):
                message = f"a band of {name} ends below its beginning: {_told(some)}"
                raise ConfigError(message)
            if any(after.low < before.high for before, after in pairwise(some)):
                message = f"the bands of {name} overlap or decrease: {_told(some)}"
                raise ConfigError(message)

    @classmethod
    def parse(cls, text: str, schema: Schema) -> Self:
        """Return the groups that a text names, such as ``"gender,age:16-27,28-38"``.

        Parameters
        ----------
        text : str
            Columns separated by commas; bands of a number follow its name and a colon.
        schema : Schema
            Schema of the tables.

        Raises
        ------
        ConfigError
            If a column is not in the schema or cannot be grouped, or a band is no range.
        """
        bands: dict[str, list[Band]] = {}
        name = ""
        for part in (one.strip() for one in text.split(",") if one.strip()):
            band = part
            if not _BAND.fullmatch(part) or not name:
                name, _, band = (one.strip() for one in part.partition(":"))
                bands.setdefault(name, [])
            if band:
                bands[name].append(_band(name, band))
        if not bands:
            message = f"groups must name a column, such as gender or age:16-27,28-60, got {text!r}"
            raise ConfigError(message)
        groups = cls(bands=bands)
        groups.check(schema)
        return groups

    def check(self, schema: Schema) -> None:
        """Check that all columns can be grouped.

        Raises
        ------
        ConfigError
            If a column is not in the schema, or has numbers and no bands, or bands and no
            numbers.
        """
        for name, some in self.bands.items():
            column = schema[name]
            if column.kind in {"number", "date"} and not some:
                message = (
                    f"{name} is a {column.kind} without codes; "
                    f"give bands, such as {name}:0-10,11-20"
                )
                raise ConfigError(message)
            if some and not _has_numbers(column):
                message = f"{name} has no numbers, so it has no bands; give its name only"
                raise ConfigError(message)
            if column.kind in {"group", "weight"}:
                message = f"{name} is the {column.kind} of the sample, which makes no groups"
                raise ConfigError(message)

    def __call__(self, table: SurveyTable) -> dict[str, Int]:
        """Return the rows of each group, by name.

        Rows without a value are in no group of the column, and groups without rows are left
        out.

        Raises
        ------
        ConfigError
            If a column cannot be grouped, or has more than 20 different texts.
        """
        self.check(table.schema)
        found: dict[str, NDArray[np.bool_]] = {}
        for name, some in self.bands.items():
            column = table.schema[name]
            of_column = _of_bands(column, some, table) if some else _of_values(column, table)
            found |= {f"{column.label}: {value}": rows for value, rows in of_column.items()}
        return {name: np.flatnonzero(rows) for name, rows in found.items() if rows.any()}

    def to_json(self) -> dict[str, list[list[float]]]:
        """Return the groups as values for JSON."""
        return {name: [list(one) for one in some] for name, some in self.bands.items()}


def _of_bands(
    column: Column, bands: Sequence[Band], table: SurveyTable
) -> dict[str, NDArray[np.bool_]]:
    values = table.frame[column.name].to_numpy(dtype=np.float64)
    found = {}
    for band, after in zip(bands, [*bands[1:], None], strict=True):
        # Between whole numbers there is no gap: 27.5 is in 16-27. A common end is in the next.
        is_whole = float(band.low).is_integer() and float(band.high).is_integer()
        below = band.high + 1.0 if is_whole else np.nextafter(band.high, np.inf)
        below = below if after is None else min(below, after.low)
        found[str(band)] = (values >= band.low) & (values < below)
    return found


def _of_values(column: Column, table: SurveyTable) -> dict[str, NDArray[np.bool_]]:
    if column.is_coded:
        levels = table.frame[column.name].to_numpy(dtype=np.float64)
        return {words: levels == level for level, words in column.words_in("en").items()}
    given = table.period if column.kind == "period" else table.frame[column.name].to_numpy()
    if given is None:
        return {}
    texts = ["" if one is None or one != one else str(one) for one in given.tolist()]  # noqa: PLR0124 - NaN
    different = sorted(set(texts) - {""})
    if len(different) > _MOST_VALUES:
        message = (
            f"{column.name} has {len(different)} different values; groups are made of at most "
            f"{_MOST_VALUES}. Use a column with codes, or bands"
        )
        raise ConfigError(message)
    of_row = np.array(texts, dtype=object)
    return {text: of_row == text for text in different}


def _has_numbers(column: Column) -> bool:
    if column.is_coded:
        return all(isinstance(code, int) for code in column.codes)
    return column.kind in {"number", "date"}


def _band(name: str, text: str) -> Band:
    found = _BAND.fullmatch(text)
    if found is None:
        message = f"{name}:{text} is no band; give a range such as {name}:16-27"
        raise ConfigError(message)
    return Band(float(found[1]), float(found[2]))


def _told(bands: Sequence[Band]) -> str:
    return ", ".join(map(str, bands))
