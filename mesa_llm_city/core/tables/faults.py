"""Errors about a file as a whole."""

from __future__ import annotations

from mesa_llm_city.core.errors import DataError

__all__ = ["TABLES_READ", "fault"]

TABLES_READ = "tables are read from CSV (also .gz, or .zip of one table) and Parquet"
"""What is accepted, for messages."""


def fault(name: str, what: str) -> DataError:
    """Return the error about one fault of a file.

    Examples
    --------
    >>> print(fault("shops.csv", "is empty"))
    shops.csv: is empty
    """
    message = f"{name}: {what}"
    error = DataError(message)
    error.defects = (message,)
    return error
