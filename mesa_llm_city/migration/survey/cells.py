"""Reading the cells of a table as numbers, codes and households, and collecting defects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.feature import FeatureSpec
from mesa_llm_city.population.table.defects import defects_of_rows

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cells"]

_BLANK = ("", ".", "NA", "N/A", "NaN", "nan", "<NA>", "None")  # "." is that of Stata
_MANY = 1_000_000_000_000_000  # beyond, floats cannot represent all whole numbers


class Cells:
    """The cells of a frame, read column by column.

    Parameters
    ----------
    frame : pandas.DataFrame
        Table of numbers or text.

    Attributes
    ----------
    defects : list of str
        One line for each defect found so far, at most ten of a kind.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.defects: list[str] = []
        self._frame = frame
        self._names = list(frame.columns)

    def feature(self, spec: FeatureSpec) -> Any:  # noqa: ANN401 - floats or texts
        """Return a column: float64 for numbers and codes, objects for text and identifiers."""
        column = self._column(spec.name)
        if column is None:
            return np.full(len(self._frame), np.nan)
        if spec.kind in {"text", "id"}:
            texts = column.astype(object)
            return texts.where(~_is_blank(column), None).to_numpy()
        values = self._numbers(column, spec.name)
        if spec.kind == "categorical":
            self._check_codes(values, spec)
        else:
            self._check_range(values, spec, column)
        return values

    def label(self, name: str) -> NDArray[np.int8]:
        """Return the labels as int8; other values than 0 and 1 are defects."""
        column = self._column(name)
        if column is None:
            return np.full(len(self._frame), -1, dtype=np.int8)
        values = self._numbers(column, name)
        blank = _is_blank(column)
        self._add_defects(name, blank, column, "every row needs a label, 0 or 1")
        unknown = ~np.isnan(values) & ~np.isin(values, (0.0, 1.0))
        self._add_defects(name, unknown, column, "accepted are 0 and 1")
        return np.where(np.isin(values, (0.0, 1.0)), values, -1.0).astype(np.int8)

    def household(self, name: str) -> NDArray[Any] | None:
        """Return the household of each row: whole numbers if all are, otherwise text."""
        if name not in self._names:
            return None
        column = self._column(name)
        if column is None:
            return None
        self._add_defects(name, _is_blank(column), column, "every row needs a household")
        return _keys(column)

    def _column(self, name: str) -> pd.Series | None:
        places = [place for place, one in enumerate(self._names) if one == name]
        if len(places) == 1:
            return self._frame.iloc[:, places[0]]
        missing = f"is missing{did_you_mean(name, map(str, self._names))}"
        problem = f"occurs {len(places)} times; keep one" if places else missing
        self.defects.append(f"column {name} {problem}")
        return None

    def _numbers(self, column: pd.Series, name: str) -> Float:
        import pandas as pd

        read = pd.to_numeric(column.where(~_is_blank(column)), errors="coerce")
        values: Float = read.to_numpy(dtype=np.float64, na_value=np.nan).copy()
        bad = np.isinf(values) | (np.isnan(values) & ~_is_blank(column))
        self._add_defects(name, bad, column, "give a finite number, or leave it blank")
        values[bad] = np.nan
        return values

    def _check_codes(self, values: Float, spec: FeatureSpec) -> None:
        known = sorted(spec.codes)
        unseen = ~np.isnan(values) & ~np.isin(values, known)
        if not unseen.any():
            return
        shown = [f"{value:g}" for value in values]
        rule = f"accepted codes are {', '.join(map(str, known))}, or blank"
        self.defects += defects_of_rows(spec.name, unseen, shown, rule)

    def _check_range(self, values: Float, spec: FeatureSpec, column: pd.Series) -> None:
        least = -_MANY if spec.least is None else spec.least
        most = _MANY if spec.most is None else spec.most
        outside = (values < least) | (values > most)
        rule = f"accepted are {least:g} to {most:g}, or blank"
        self._add_defects(spec.name, outside, column, rule)

    def _add_defects(self, name: str, bad: NDArray[np.bool_], column: pd.Series, rule: str) -> None:
        if bad.any():
            shown = [repr(cell) for cell in column.tolist()]
            self.defects += defects_of_rows(name, bad, shown, rule)


def _is_blank(column: pd.Series) -> NDArray[np.bool_]:
    blank: NDArray[np.bool_] = column.isna().to_numpy(dtype=bool)
    if column.dtype.kind in "biuf":
        return blank
    stripped = column.astype("str").str.strip()
    return blank | stripped.isin(_BLANK).to_numpy(dtype=bool)


def _keys(column: pd.Series) -> NDArray[Any]:
    """Return whole numbers, so that 7, "7" and 7.0 are one household, or otherwise text."""
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if np.all(np.abs(numbers) < _MANY) and np.all(numbers == np.round(numbers)):
        return numbers.astype(np.int64)
    return column.astype("str").str.strip().to_numpy(dtype=object)
