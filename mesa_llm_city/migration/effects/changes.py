"""Tables with another value in a column, and the values that are worth trying."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["checked_column", "grid", "label_of", "numbers_of", "with_value"]


def checked_column(table: SurveyTable, name: str) -> Column:
    """Return a column whose effect can be told.

    Raises
    ------
    ConfigError
        If there is no such column, it is a text, or no model is given it.
    DataError
        If it is missing in every row.
    """
    column = table.schema[name]
    if not column.is_input or column.kind == "text":
        message = (
            f"the effect of {name} cannot be told: it is of kind {column.kind}"
            f"{'' if column.is_input else ', and no model is given it'}"
        )
        raise ConfigError(message)
    if np.all(np.isnan(numbers_of(table, name))):
        message = f"column {name} is missing in every row, so its effect cannot be told"
        raise DataError(message)
    return column


def numbers_of(table: SurveyTable, name: str) -> Float:
    """Return the values of a column, shape (n,); NaN where missing."""
    values: Float = table.frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
    return values


def with_value(table: SurveyTable, name: str, value: ArrayLike) -> SurveyTable:
    """Return a table with another value in a column, the same for all rows or one for each."""
    return replace(table, frame=table.frame.assign(**{name: np.asarray(value, np.float64)}))


def grid(table: SurveyTable, column: Column, points: int) -> Float:
    """Return the codes that occur, or quantiles of a number, increasing."""
    values = numbers_of(table, column.name)
    known = values[~np.isnan(values)]
    found = np.unique(known)
    if column.is_coded or len(found) <= points:
        return found
    return np.unique(np.quantile(known, np.linspace(0.0, 1.0, points), method="nearest"))


def label_of(column: Column, value: float) -> str:
    """Return a value in words.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.shipped import chfs
    >>> label_of(chfs()["age"], 30.0), label_of(chfs()["hukou"], 1.0)
    ('30 years', 'agricultural')
    """
    if np.isnan(value):
        return "missing"
    if column.is_coded:
        words = column.words_in("en")
        return words.get(int(value), f"{value:g}")
    return f"{value:,.6g} {column.unit}".rstrip()
