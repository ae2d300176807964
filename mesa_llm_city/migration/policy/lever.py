"""Levers: changes of a column of a survey by a policy, such as ``income*1.1``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["Lever", "apply_levers", "read_levers"]

_FORM = re.compile(r"\s*(?P<column>.+?)\s*(?P<operation>[*+=-])\s*(?P<value>[^*+=]+?)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """A change of one column for everybody whom a policy reaches.

    Parameters
    ----------
    column : Column
        The column; a number, a category or an ordered column.
    operation : {"*", "+", "="}
        Multiply, add, or set.
    value : float
        Factor, summand, or new value (of codes: the level).

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.shipped import shipped_schema
    >>> lever = Lever.read("inc*1.1", shipped_schema("health_insurance"))
    >>> lever.applied(np.array([100.0, np.nan])).tolist()
    [110.00000000000001, nan]
    """

    column: Column
    operation: str
    value: float

    @classmethod
    def read(cls, text: str, schema: Schema) -> Self:
        """Return the lever that a text such as ``"inc*1.1"`` or ``"empl=1"`` names.

        Raises
        ------
        ConfigError
            If the form, the column or the value is not accepted.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            message = f"a lever is COLUMN*FACTOR, COLUMN+SUMMAND or COLUMN=VALUE, got {text!r}"
            raise ConfigError(message)
        column = schema[found["column"]]
        if not column.is_input or column.kind not in {"number", "ordered", "category"}:
            message = f"{column.name} cannot be a lever: it is of kind {column.kind}"
            raise ConfigError(message)
        operation, value = found["operation"], found["value"]
        if operation == "=" and column.is_coded:
            return cls(column=column, operation="=", value=_level(column, value))
        number = _number(text, value)
        if column.is_coded:
            message = f"{column.name} has codes, so only {column.name}=CODE is a lever"
            raise ConfigError(message)
        if operation == "-":
            operation, number = "+", -number
        return cls(column=column, operation=operation, value=number)

    def applied(self, values: Float) -> Float:
        """Return changed values within the range of the column; missing ones stay missing."""
        changed = np.where(np.isnan(values), np.nan, self.value)
        if self.operation == "*":
            changed = values * self.value
        elif self.operation == "+":
            changed = values + self.value
        least = -np.inf if self.column.least is None else self.column.least
        most = np.inf if self.column.most is None else self.column.most
        within: Float = np.clip(changed, least, most)
        return within

    def __str__(self) -> str:
        """Return the lever as it is read."""
        if self.operation == "=" and self.column.is_coded:
            return f"{self.column.name}={self.column.code_of(self.value)}"
        return f"{self.column.name}{self.operation}{self.value:g}"


def read_levers(texts: str | Sequence[str], schema: Schema) -> tuple[Lever, ...]:
    """Return levers; several in one text are separated by semicolons.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.shipped import shipped_schema
    >>> [str(one) for one in read_levers("inc*1.1; empl=1", shipped_schema("health_insurance"))]
    ['inc*1.1', 'empl=1']
    """
    parts = texts.split(";") if isinstance(texts, str) else list(texts)
    return tuple(Lever.read(one, schema) for one in parts if one.strip())


def apply_levers(
    table: SurveyTable, levers: Sequence[Lever], reached: NDArray[np.bool_] | None = None
) -> SurveyTable:
    """Return rows as they are under a policy.

    Parameters
    ----------
    table : SurveyTable
        Rows of n persons.
    levers : sequence of Lever
        Changes, one after another.
    reached : ndarray of bool, shape (n,), optional
        Whom the policy reaches; by default everybody.
    """
    everybody = np.ones(len(table), dtype=np.bool_)
    who = everybody if reached is None else reached
    frame = table.frame.copy()
    for lever in levers:
        values = frame[lever.column.name].to_numpy(dtype=np.float64, na_value=np.nan)
        frame[lever.column.name] = np.where(who, lever.applied(values), values)
    return replace(table, frame=frame)


def _level(column: Column, value: str) -> float:
    known = dict(zip(map(str, column.codes), column.levels, strict=True))
    if value not in known:
        message = f"{value!r} is no code of {column.name}; accepted are {', '.join(known)}"
        raise ConfigError(message)
    return float(known[value])


def _number(text: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not np.isfinite(number):
        message = f"{value!r} in the lever {text!r} is no finite number"
        raise ConfigError(message)
    return number
