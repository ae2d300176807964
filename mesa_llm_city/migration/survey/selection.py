"""Schemas and tables with other columns than the ones that were read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["table_without", "without_columns"]


def without_columns(schema: Schema, names: Collection[str]) -> Schema:
    """Return a schema without some columns; names that it does not have are ignored.

    Raises
    ------
    ConfigError
        If no column is left that a model may be given.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.shipped import chfs
    >>> len(without_columns(chfs(), ["age", "gender"]).names)
    20
    """
    if not any(column.name in names for column in schema.columns):
        return schema
    return replace(
        schema, columns=tuple(column for column in schema.columns if column.name not in names)
    )


def table_without(table: SurveyTable, names: Collection[str]) -> SurveyTable:
    """Return a table whose schema is without some columns (see `without_columns`)."""
    return replace(table, schema=without_columns(table.schema, names))
