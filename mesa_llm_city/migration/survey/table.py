"""Tables of survey rows with labels and households, and reading them from files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.tables.table import read_table
from mesa_llm_city.migration.survey.cells import Cells
from mesa_llm_city.migration.survey.schema import Schema

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SurveyTable", "read_survey"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurveyTable:
    """Survey rows of n persons.

    Parameters
    ----------
    frame : pandas.DataFrame
        One column for each feature; numbers and codes are floats, NaN where missing.
    target : ndarray of int8, shape (n,)
        Labels, 0 or 1; -1 where unknown.
    group : ndarray or None, shape (n,)
        Household of each row, a whole number or text; None if unknown.
    schema : Schema
        Meaning of the columns.

    Raises
    ------
    DataError
        If a feature has no column, or the lengths differ.
    """

    frame: pd.DataFrame
    target: NDArray[np.int8]
    group: NDArray[Any] | None
    schema: Schema

    def __post_init__(self) -> None:
        """Check that every feature has a column, and that all lengths agree."""
        present = set(self.frame.columns)
        wrong = [f"column {one} is missing" for one in self.schema.names if one not in present]
        for name, part in (("labels", self.target), ("households", self.group)):
            if part is not None and len(part) != len(self.frame):
                wrong.append(f"there are {len(part)} {name} for {len(self.frame)} rows")
        if wrong:
            source = "the table"
            raise DataError.listing(source, wrong)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.frame)

    def take(self, rows: NDArray[np.integer[Any]] | NDArray[np.bool_] | Sequence[int]) -> Self:
        """Return some rows, by position or by mask, in the order given."""
        chosen = np.asarray(rows)
        if chosen.dtype == np.bool_:
            chosen = np.flatnonzero(chosen)
        chosen = chosen.astype(np.int64)
        return type(self)(
            frame=self.frame.iloc[chosen].reset_index(drop=True),
            target=self.target[chosen],
            group=None if self.group is None else self.group[chosen],
            schema=self.schema,
        )

    def to_frame(self) -> pd.DataFrame:
        """Return features, household and label as one frame, in the form of `read_survey`.

        The household is left out if unknown, and so are the labels if all are unknown.
        """
        parts: dict[str, NDArray[Any]] = {}
        if self.group is not None and self.schema.group is not None:
            parts[self.schema.group] = self.group
        if np.any(self.target >= 0):
            parts[self.schema.target] = np.where(self.target < 0, np.nan, self.target)
        return self.frame[list(self.schema.names)].assign(**parts)

    def missing(self) -> NDArray[np.bool_]:
        """Return where a feature is missing, shape (n, number of features)."""
        missing: NDArray[np.bool_] = self.frame[list(self.schema.names)].isna().to_numpy()
        return missing

    def check_trainable(self) -> None:
        """Check that a model can be trained on the rows.

        Raises
        ------
        DataError
            If there are no rows, labels are unknown or all the same, or a feature is
            missing in every row.
        """
        wrong = [*_label_defects(self.target), *self._empty_columns()]
        if wrong:
            advice = "Train on rows of both labels, with a schema of the features they have."
            source = "the training table"
            raise DataError.listing(source, wrong, advice=advice)

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        schema: Schema,
        *,
        labelled: bool = True,
        source: str = "the frame",
    ) -> Self:
        """Check a frame and return its columns that are in the schema.

        Parameters
        ----------
        frame : pandas.DataFrame
            Numbers, also as text; blank cells, ``.`` and ``NA`` are missing.
        schema : Schema
            Columns that must exist, except for that of the household.
        labelled : bool, default True
            Whether the label must exist; otherwise it is ignored.
        source : str, default "the frame"
            Name of the frame in messages.

        Raises
        ------
        DataError
            Lists every defect: missing or repeated columns, cells that are no number,
            unknown codes, rows without label or household.

        Examples
        --------
        >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
        >>> table = synthetic_survey(100, seed=1)
        >>> len(SurveyTable.from_frame(table.frame, table.schema, labelled=False))
        100
        """
        cells = Cells(frame)
        values = {spec.name: cells.feature(spec) for spec in schema.features}
        unknown = np.full(len(frame), -1, dtype=np.int8)
        target = cells.label(schema.target) if labelled else unknown
        group = None if schema.group is None else cells.household(schema.group)
        if cells.defects:
            advice = "Correct the rows, or read them with a schema that has these values."
            raise DataError.listing(source, cells.defects, advice=advice)
        import pandas as pd

        return cls(frame=pd.DataFrame(values), target=target, group=group, schema=schema)

    def _empty_columns(self) -> list[str]:
        if not len(self):
            return []
        empty: list[bool] = np.asarray(self.missing().all(axis=0)).tolist()
        return [
            f"column {spec.name} is missing in every row"
            for spec, is_empty in zip(self.schema.features, empty, strict=True)
            if is_empty and spec.kind != "id"
        ]


def _label_defects(target: NDArray[np.int8]) -> list[str]:
    counts = Counter(target.tolist())
    if not counts:
        return ["there are no rows"]
    if counts[-1]:
        return [f"{counts[-1]} of {len(target)} rows have no label"]
    if len(counts) == 1:
        return [f"the label is {next(iter(counts))} in all {len(target)} rows; both are needed"]
    return []


def read_survey(path: str | Path, schema: Schema, *, labelled: bool = True) -> SurveyTable:
    """Read a survey from a table (see `core.tables.table.read_table`).

    Parameters
    ----------
    path : str or Path
        CSV or Parquet with one row per person.
    schema : Schema
        Columns that must exist; others are ignored.
    labelled : bool, default True
        Whether the label must exist; otherwise all labels are -1.

    Returns
    -------
    SurveyTable
        Rows in the order of the file.

    Raises
    ------
    DataError
        If the file cannot be read, or if it has defects (see `SurveyTable.from_frame`). The
        header is row 1.
    """
    frame = read_table(path).frame
    return SurveyTable.from_frame(frame, schema, labelled=labelled, source=str(path))
