"""Rows of a survey as bytes: equal for equal answers, whatever file or type they came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["answers", "as_numbers", "input_names", "row_keys"]

_END = b"\x1f"  # the unit separator, which no answer contains


def input_names(schema: Schema) -> tuple[str, ...]:
    """Return the columns that models may be given: no identifiers, weights or later answers.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.shipped import chfs
    >>> len(input_names(chfs(interview=True)))
    22
    """
    return tuple(column.name for column in schema.inputs)


def row_keys(table: SurveyTable) -> list[bytes]:
    """Return the answers of each row as bytes, in the order of the names of the columns.

    Two rows have the same bytes if all their answers are the same: 1, ``"1"`` and 1.0 are one
    answer, and so are two numbers that are equal in single precision, as some file formats
    keep no more. Identifiers, households, weights and labels are no answers.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> table = synthetic_survey(5, seed=1)
    >>> row_keys(table)[3] == row_keys(table.take([3]))[0]
    True
    """
    names = sorted(input_names(table.schema))
    columns = [answers(table.frame[name]) for name in names]
    if not columns:
        return [b""] * len(table)
    return [_END.join(cells) for cells in zip(*columns, strict=True)]


def answers(column: pd.Series) -> list[bytes]:
    """Return the answers of a column as bytes; those that are missing are empty.

    Examples
    --------
    >>> import pandas as pd
    >>> answers(pd.Series([1.0, None])), answers(pd.Series(["1", " yes "]))
    ([b'1.0', b''], [b'1.0', b'yes'])
    """
    numbers = as_numbers(column)
    # Each distinct number is written once.
    distinct, place = np.unique(_single(numbers), return_inverse=True)
    written = [b"" if one != one else repr(one).encode() for one in distinct.tolist()]  # noqa: PLR0124 - not NaN
    cells: list[bytes] = np.array([*written, b""], dtype=object)[:-1][place].tolist()
    is_text = np.isnan(numbers) & column.notna().to_numpy(dtype=bool)
    values = column.tolist()
    for at in np.flatnonzero(is_text).tolist():
        cells[at] = str(values[at]).strip().encode("utf-8", "surrogatepass")
    return cells


def as_numbers(column: pd.Series) -> Float:
    """Return a column as numbers; NaN where it is missing or no number."""
    import pandas as pd

    numbers: Float = pd.to_numeric(column, errors="coerce").to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    return numbers


def _single(numbers: Float) -> NDArray[np.float32]:
    """Return numbers in single precision; the largest are those beyond it, and -0 is 0."""
    most = float(np.finfo(np.float32).max)
    single: NDArray[np.float32] = np.clip(numbers, -most, most).astype(np.float32) + np.float32(0)
    return single
