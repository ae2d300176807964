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
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.cells import Cells, as_cells
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.survey_file import read_survey_file

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
    weight : ndarray of float64, shape (n,), optional
        Weight of each row in the sample, at least 0; None if all are equal.
    period : ndarray, shape (n,), optional
        Survey wave or year of each row, a whole number or text; None if unknown.
    outcome : ndarray of int64, shape (n,), optional
        Position of the label of each row among the codes of the outcome, -1 where unknown;
        None unless the outcome has more than two values.
    notes : tuple of str
        What was changed when the rows were read, such as codes that were pooled.

    Raises
    ------
    DataError
        If a feature has no column, or the lengths differ.
    """

    frame: pd.DataFrame
    target: NDArray[np.int8]
    group: NDArray[Any] | None
    schema: Schema
    weight: Float | None = None
    period: NDArray[Any] | None = None
    outcome: NDArray[np.int64] | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that every feature has a column, and that all lengths agree."""
        present = set(self.frame.columns)
        wrong = [f"column {one} is missing" for one in self.schema.names if one not in present]
        parts = {
            "labels": self.target,
            "households": self.group,
            "weights": self.weight,
            "periods": self.period,
            "outcomes": self.outcome,
        }
        for name, part in parts.items():
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
            weight=None if self.weight is None else self.weight[chosen],
            period=None if self.period is None else self.period[chosen],
            outcome=None if self.outcome is None else self.outcome[chosen],
            notes=self.notes,
        )

    def joined(self, other: SurveyTable) -> Self:
        """Return the rows of both tables, those of `other` last.

        Raises
        ------
        DataError
            If the schemas differ.
        """
        if self.schema.hash() != other.schema.hash():
            message = "the tables have different schemas; read both with one"
            raise DataError(message)
        import pandas as pd

        names = list(self.schema.names)
        return type(self)(
            frame=pd.concat([self.frame[names], other.frame[names]], ignore_index=True),
            target=np.concatenate([self.target, other.target]),
            group=_both(self.group, other.group),
            schema=self.schema,
            weight=_both(self.weight, other.weight),
            period=_both(self.period, other.period),
            outcome=_both(self.outcome, other.outcome),
            notes=tuple(dict.fromkeys((*self.notes, *other.notes))),
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the columns of the schema and the label as one frame, as `read_survey` reads it.

        Household, weight and period are left out if unknown, and so are the labels if all are.
        """
        schema, parts = self.schema, dict[str, Any]()
        for name, values in (
            (schema.group, self.group),
            (schema.weight, self.weight),
            (schema.period, self.period),
        ):
            if name is not None and values is not None:
                parts[name] = values
        if np.any(self.target >= 0):
            parts[schema.target] = self._labels()
        coded = {
            spec.name: as_cells(spec, self.frame[spec.name].to_numpy(np.float64))
            for spec in schema.features
            if spec.kind == "date" or (spec.codes and not isinstance(next(iter(spec.codes)), int))
        }
        return self.frame[list(schema.names)].assign(**coded, **parts)

    def _labels(self) -> Any:  # noqa: ANN401 - codes of the outcome
        """Return the label of each row as a code of the outcome; missing where unknown."""
        codes = list(self.schema.outcome.codes)
        at = np.where(self.target == 1, codes.index(self.schema.outcome.positive), -1)
        if self.outcome is not None:
            at = self.outcome
        elif len(codes) == 2:
            other = 1 - codes.index(self.schema.outcome.positive)
            at = np.where(self.target == 0, other, at)
        if all(isinstance(code, int) for code in codes):
            return np.array([*codes, np.nan], dtype=np.float64)[at]
        return np.array([*codes, None], dtype=object)[at]

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
        import pandas as pd

        cells = Cells(frame)
        features = pd.DataFrame({spec.name: cells.feature(spec) for spec in schema.features})
        places = cells.outcome(schema.outcome) if labelled else None
        table = cls(
            frame=features,
            target=_targets(places, schema, len(frame)),
            group=None if schema.group is None else cells.household(schema.group),
            schema=schema,
            weight=None if schema.weight is None else cells.weight(schema.weight),
            period=None if schema.period is None else cells.period(schema.period),
            outcome=None if schema.outcome.is_binary else places,
            notes=tuple(cells.notes),
        )
        if cells.defects:
            advice = _advice(frame, schema)
            raise DataError.listing(source, cells.defects, advice=advice)
        return table.take(places >= 0) if places is not None and np.any(places < 0) else table

    def _empty_columns(self) -> list[str]:
        if not len(self):
            return []
        empty: list[bool] = np.asarray(self.missing().all(axis=0)).tolist()
        return [
            f"column {spec.name} is missing in every row"
            for spec, is_empty in zip(self.schema.features, empty, strict=True)
            if is_empty and spec.is_input
        ]


def _advice(frame: pd.DataFrame, schema: Schema) -> str:
    """Return what to do about defects; a table with few of the columns is of another survey."""
    names = [*schema.names, schema.target]
    known = {str(name) for name in frame.columns}
    if 2 * sum(name in known for name in names) < len(names):
        return (
            f"Most columns of the schema are missing: is the table of another survey than that of "
            f"{schema.target}? Then give the schema of its own (--schema)."
        )
    return "Correct the rows, or read them with a schema that has these values."


def _targets(places: NDArray[np.int64] | None, schema: Schema, rows: int) -> NDArray[np.int8]:
    """Return labels 0 and 1; -1 where unknown."""
    if places is None:
        return np.full(rows, -1, dtype=np.int8)
    positive = list(schema.outcome.codes).index(schema.outcome.positive)
    return np.where(places < 0, -1, places == positive).astype(np.int8)


def _both(one: NDArray[Any] | None, other: NDArray[Any] | None) -> Any:  # noqa: ANN401
    """Return two columns as one; None unless both are known."""
    return None if one is None or other is None else np.concatenate([one, other])


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
    """Read a survey from a file (see `read_survey_file`).

    Parameters
    ----------
    path : str or Path
        CSV, Parquet, Stata (.dta) or SPSS (.sav) with one row per person.
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
    frame = read_survey_file(path).frame
    return SurveyTable.from_frame(frame, schema, labelled=labelled, source=str(path))
