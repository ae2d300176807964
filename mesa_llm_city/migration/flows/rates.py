"""Observed yearly rates of groups, read from a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.tables.table import read_table
from mesa_llm_city.migration.flows.grouping import Grouping, band_start
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.schema import Schema

__all__ = ["GroupRates", "read_rates"]

_RATE = "rate"


class GroupRates(NamedTuple):
    """Observed yearly rates of groups.

    Attributes
    ----------
    grouping : Grouping
        Columns and bands of the groups.
    rates : dict of str to float
        Rate by key of the group.
    """

    grouping: Grouping
    rates: dict[str, float]


def read_rates(path: str | Path, schema: Schema, by: Sequence[str] = ()) -> GroupRates:
    """Read observed rates of groups.

    Parameters
    ----------
    path : str or Path
        Table with a column ``rate``, the share of people away who return in a year, and
        columns of the schema: codes of the survey or their labels, ``missing``, and bands of
        numbers such as ``16-29`` or ``45+``.
    schema : Schema
        The survey.
    by : sequence of str, optional
        Columns of the groups; by default all of the table but ``rate``.

    Raises
    ------
    DataError
        If a column is missing, a group occurs twice, or a cell is no rate, code or band.
    ConfigError
        If a column is not in the schema.
    """
    frame = read_table(path).frame
    columns = tuple(by) or tuple(str(name) for name in frame.columns if name != _RATE)
    if missing := [name for name in (*columns, _RATE) if name not in frame.columns]:
        message = f"{path} has no column {', '.join(missing)}; it needs rate and those of groups"
        raise DataError(message)
    rows: list[Any] = frame.to_dict("records")
    texts = [{name: _code(schema[name], row[name], path) for name in columns} for row in rows]
    grouping = Grouping(columns=columns, starts=_starts(schema, columns, texts))
    rates: dict[str, float] = {}
    for row, text in zip(rows, texts, strict=True):
        key = grouping.key(text)
        if key in rates:
            message = f"{path} has the group {key} more than once"
            raise DataError(message)
        rates[key] = _number(row[_RATE], path)
    return GroupRates(grouping, rates)


def _starts(
    schema: Schema, columns: Sequence[str], texts: Sequence[dict[str, str]]
) -> dict[str, tuple[float, ...]]:
    return {
        name: tuple(sorted({band_start(row[name]) for row in texts}))
        for name in columns
        if not schema[name].is_coded and schema[name].kind != "text"
    }


def _code(column: Column, cell: object, path: str | Path) -> str:
    """Return a code as it is written in keys of groups; labels of codes are taken as well."""
    text = str(cell).strip()
    if not column.is_coded or text == "missing":
        return text
    known = {str(code): str(code) for code in column.codes}
    known = {label: str(code) for code, label in column.codes.items()} | known
    if text not in known:
        message = f"{path} has the code {text!r} of {column.name}; it has {', '.join(known)}"
        raise DataError(message)
    return known[text]


def _number(cell: object, path: str | Path) -> float:
    try:
        return float(str(cell))
    except ValueError as error:
        message = f"{path} has the rate {cell!r}, which is no number"
        raise DataError(message) from error
