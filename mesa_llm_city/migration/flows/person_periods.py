"""Expansion of persons into person-periods, the rows of a discrete-time hazard model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["person_periods"]

_PERSON = Column(name="person", kind="group", label="Person")


def person_periods(
    table: SurveyTable,
    *,
    duration: str,
    age: str | None = None,
    calendar: str | None = None,
    years: float = 1.0,
) -> SurveyTable:
    """Return one row for each person and each period in which the person was at risk.

    A person whose outcome came in the third period has three rows, with labels 0, 0 and 1; a
    person without it who was observed for three periods has labels 0, 0 and 0 (censored).

    Parameters
    ----------
    table : SurveyTable
        Persons. Values hold at the end of the duration: at the outcome, or at the interview.
    duration : str
        Column of the number of periods at risk, at least 1; parts of a period count as one.
        In the result, it counts from 1.
    age : str, optional
        Column of the age in years, which is reduced in earlier periods.
    calendar : str, optional
        Name of a number that is added, the period of the schema in which a row lies; models
        are given it. The periods of the table must be whole numbers, one for each period.
    years : float, default 1.0
        Length of a period in years.

    Returns
    -------
    SurveyTable
        The rows of a person follow each other, in the order of periods. The outcome is a flow
        of `years`. Without households, each person is a group, so that a grouped split keeps
        the rows of a person together.

    Raises
    ------
    DataError
        If a label or a duration is unknown, a duration is not positive, or periods are no
        whole numbers.
    ConfigError
        If the schema has no such column.

    Notes
    -----
    The likelihood of a discrete-time hazard model is that of binary outcomes of these rows
    (Allison 1982, Discrete-time methods for the analysis of event histories, Sociological
    Methodology 13, 61-98; Singer and Willett 1993, It's about time, Journal of Educational
    Statistics 18(2), 155-195). Columns other than age and period keep their value, so leave
    out those that the outcome has changed.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> people = synthetic_survey(1, seed=1)
    >>> people.frame["education"] = 3.0  # as if it were the time since the person left
    >>> rows = person_periods(people, duration="education", age="age")
    >>> rows.frame["education"].tolist(), rows.target.tolist()
    ([1.0, 2.0, 3.0], [0, 0, 0])
    """
    lengths = _lengths(table, duration)
    person = np.repeat(np.arange(len(table)), lengths)
    last = np.cumsum(lengths)
    number = np.arange(len(person)) - np.repeat(last - lengths, lengths) + 1
    ago = np.repeat(lengths, lengths) - number
    rows = table.take(person)
    label = np.where(ago == 0, rows.target, 0).astype(np.int8)
    changed: dict[str, Any] = {duration: number.astype(np.float64)}
    if age is not None:
        changed[table.schema[age].name] = rows.frame[age].to_numpy(np.float64) - ago * years
    period = None if rows.period is None else _earlier(rows.period, ago)
    if calendar is not None:
        changed[calendar] = _calendar(period)
    return replace(
        rows,
        frame=rows.frame.assign(**changed),
        target=label,
        group=person if rows.group is None else rows.group,
        schema=_schema(table.schema, calendar, years, has_group=table.group is not None),
        period=period,
        outcome=None,
    )


def _lengths(table: SurveyTable, name: str) -> Int:
    """Return the number of periods of each person."""
    values: Float = table.frame[table.schema[name].name].to_numpy(np.float64)
    known = np.nan_to_num(values, nan=0.0)
    counts = {
        "no label": np.count_nonzero(table.target < 0),
        f"no {name}": np.count_nonzero(np.isnan(values)),
        f"a {name} that is not positive": np.count_nonzero((known <= 0.0) & ~np.isnan(values)),
    }
    if defects := [f"{count} rows have {what}" for what, count in counts.items() if count]:
        source = "the table of persons"
        raise DataError.listing(source, defects, advice="Leave these persons out.")
    return np.ceil(known).astype(np.int64)


def _earlier(period: NDArray[Any], ago: Int) -> NDArray[Any]:
    """Return the period of each row; texts cannot be counted back and stay."""
    if not np.issubdtype(period.dtype, np.number):
        return period
    earlier: NDArray[Any] = period - ago
    return earlier


def _calendar(period: NDArray[Any] | None) -> Float:
    if period is None or not np.issubdtype(period.dtype, np.number):
        message = "the table has no periods that are numbers, so rows cannot be dated"
        raise DataError(message)
    return period.astype(np.float64)


def _schema(schema: Schema, calendar: str | None, years: float, *, has_group: bool) -> Schema:
    columns = schema.columns
    if calendar is not None:
        columns = (*columns, Column(name=calendar, kind="number", label="Period"))
    if not has_group:
        columns = (*(one for one in columns if one.kind != "group"), _PERSON)
    outcome = replace(schema.outcome, window="flow", years=years)
    return replace(schema, columns=columns, outcome=outcome)
