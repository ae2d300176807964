"""Reading the cells of a table as numbers, codes, dates and households; collects defects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.outcome import Outcome
from mesa_llm_city.population.table.defects import defects_of_rows

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cells", "as_cells", "blank_cells"]

_BLANK = ("", ".", "NA", "N/A", "NaN", "nan", "<NA>", "None")  # "." is that of Stata
_MANY = 1_000_000_000_000_000  # beyond, floats cannot represent all whole numbers
_SHOWN = 5


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
    notes : list of str
        What was changed, such as codes that were pooled.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.defects: list[str] = []
        self.notes: list[str] = []
        self._frame = frame
        self._names = list(frame.columns)

    def feature(self, spec: Column) -> Any:  # noqa: ANN401 - floats or texts
        """Return a column: float64 for numbers, codes and dates, objects for text and ids.

        Texts that are codes become their position, and dates the days since 1970.
        """
        cells = self._column(spec.name)
        if cells is None:
            return np.full(len(self._frame), np.nan)
        blank = blank_cells(cells) | _is_code(cells, spec.missing)
        if spec.kind in {"text", "id"}:
            return cells.astype(object).where(~blank, None).to_numpy()
        if spec.kind == "date":
            return self._dates(cells, blank, spec.name)
        if spec.is_coded:
            return self._levels(cells, blank, spec)
        values = self._numbers(cells, blank, spec.name)
        self._check_range(values, spec, cells)
        return values

    def outcome(self, outcome: Outcome) -> NDArray[np.int64]:
        """Return the position of each label among the codes of the outcome; -1 if missing.

        Blank cells and unknown values are defects.
        """
        cells = self._column(outcome.name)
        if cells is None:
            return np.full(len(self._frame), -1, dtype=np.int64)
        unknown = _is_code(cells, outcome.missing)
        if "" in outcome.missing:
            unknown |= blank_cells(cells)
        accepted = ", ".join(map(str, outcome.codes))
        if unknown.any():
            self.notes.append(f"{_rows(unknown)} without {outcome.name} {_are(unknown)} left out")
        blank = blank_cells(cells) & ~unknown
        self._add_defects(
            outcome.name,
            blank,
            cells,
            f"every row needs a label; accepted are {accepted}; "
            'missing = [""] of the outcome leaves such rows out',
        )
        places = _places(cells, tuple(outcome.codes))
        wrong = (places < 0) & ~blank & ~unknown
        self._add_defects(outcome.name, wrong, cells, f"accepted are {accepted}")
        return np.where(unknown, -1, places)

    def weight(self, name: str) -> Float | None:
        """Return the weights of the rows; None if there is no such column."""
        if name not in self._names:
            return None
        cells = self._column(name)
        if cells is None:
            return None
        blank = blank_cells(cells)
        values = self._numbers(cells, blank, name)
        self._add_defects(name, blank, cells, "every row needs a weight")
        self._add_defects(name, values < 0.0, cells, "a weight must be at least 0")
        self._add_defects(name, values > _MANY, cells, f"a weight must be at most {_MANY:g}")
        if len(values) and not np.any(np.nan_to_num(values, nan=1.0) != 0.0):
            self.defects.append(f"column {name}: all weights are 0; one must be positive")
        return values

    def period(self, name: str) -> NDArray[Any] | None:
        """Return the period of each row; None if there is no such column."""
        return self._labels_of(name, "every row needs a period")

    def household(self, name: str) -> NDArray[Any] | None:
        """Return the household of each row: whole numbers if all are, otherwise text."""
        return self._labels_of(name, "every row needs a household")

    def _labels_of(self, name: str, rule: str) -> NDArray[Any] | None:
        if name not in self._names:
            return None
        cells = self._column(name)
        if cells is None:
            return None
        self._add_defects(name, blank_cells(cells), cells, rule)
        return _keys(cells)

    def _column(self, name: str) -> pd.Series | None:
        places = [place for place, one in enumerate(self._names) if one == name]
        if len(places) == 1:
            return self._frame.iloc[:, places[0]]
        missing = f"is missing{did_you_mean(name, map(str, self._names))}"
        problem = f"occurs {len(places)} times; keep one" if places else missing
        self.defects.append(f"column {name} {problem}")
        return None

    def _numbers(self, cells: pd.Series, blank: NDArray[np.bool_], name: str) -> Float:
        import pandas as pd

        read = pd.to_numeric(cells.where(~blank), errors="coerce")
        values: Float = read.to_numpy(dtype=np.float64, na_value=np.nan).copy()
        bad = np.isinf(values) | (np.isnan(values) & ~blank)
        self._add_defects(name, bad, cells, "give a finite number, or leave it blank")
        values[bad] = np.nan
        return values

    def _dates(self, cells: pd.Series, blank: NDArray[np.bool_], name: str) -> Float:
        import pandas as pd

        read = pd.to_datetime(cells.where(~blank), errors="coerce", format="ISO8601", utc=True)
        days = ((read - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)).to_numpy(
            dtype=np.float64, na_value=np.nan
        )
        bad = np.isnan(days) & ~blank
        self._add_defects(name, bad, cells, "give a date such as 2015-07-31, or leave it blank")
        values: Float = np.floor(days)
        return values

    def _levels(self, cells: pd.Series, blank: NDArray[np.bool_], spec: Column) -> Float:
        codes = tuple(spec.codes)
        places = _places(cells, codes)
        unseen = (places < 0) & ~blank
        if unseen.any() and spec.other is not None:
            pooled = sorted({str(cell).strip() for cell in cells[unseen]})
            self.notes.append(
                f"column {spec.name}: {_rows(unseen)} with the codes "
                f"{', '.join(pooled[:_SHOWN])}{', ...' if len(pooled) > _SHOWN else ''} "
                f"{_are(unseen)} read as {spec.other}"
            )
            places = np.where(unseen, codes.index(spec.other), places)
        elif unseen.any():
            rule = f"accepted codes are {', '.join(map(str, sorted(codes, key=_order)))}, or blank"
            self._add_defects(spec.name, unseen, cells, rule)
        numbers = np.array([*spec.levels, np.nan], dtype=np.float64)
        levels: Float = numbers[np.where(blank, -1, places)]
        return levels

    def _check_range(self, values: Float, spec: Column, column: pd.Series) -> None:
        least = -_MANY if spec.least is None else spec.least
        most = _MANY if spec.most is None else spec.most
        outside = (values < least) | (values > most)
        rule = f"accepted are {least:g} to {most:g}, or blank"
        self._add_defects(spec.name, outside, column, rule)

    def _add_defects(self, name: str, bad: NDArray[np.bool_], column: pd.Series, rule: str) -> None:
        if bad.any():
            shown = [repr(cell) for cell in column.tolist()]
            self.defects += defects_of_rows(name, bad, shown, rule)


def as_cells(spec: Column, values: Float) -> Any:  # noqa: ANN401 - texts
    """Return dates and codes that are texts as they are written in a file, shape (n,)."""
    known = ~np.isnan(values)
    cells = np.full(len(values), None, dtype=object)
    if spec.kind == "date":
        days = values[known].astype("datetime64[D]")
        cells[known] = np.datetime_as_string(days).astype(object)
    else:
        codes = np.array(list(spec.codes), dtype=object)
        cells[known] = codes[values[known].astype(np.int64)]
    return cells


def blank_cells(column: pd.Series) -> NDArray[np.bool_]:
    """Return which cells are blank, or have a usual mark of missing values such as NA."""
    blank: NDArray[np.bool_] = column.isna().to_numpy(dtype=bool)
    if column.dtype.kind in "biuf":
        return blank
    return blank | _texts(column).isin(_BLANK).to_numpy(dtype=bool)


def _texts(column: pd.Series) -> pd.Series:
    return column.astype("str").str.strip()


def _places(column: pd.Series, codes: tuple[int | float | str, ...]) -> NDArray[np.int64]:
    """Return the position of each cell among some codes; -1 if it is none of them.

    A number is the same code however it is written: 1, 1.0, "1" and " 01". Texts may differ in
    case if that leaves them different from each other.
    """
    import pandas as pd

    found = np.full(len(column), -1, dtype=np.int64)
    if not codes or not len(column):
        return found
    if all(isinstance(code, int | float) for code in codes):
        numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
        for place, code in enumerate(codes):
            found[numbers == code] = place
        return found
    texts = _texts(column)
    spelled = [str(code).strip() for code in codes]
    if len({text.casefold() for text in spelled}) == len(spelled):
        texts, spelled = texts.str.casefold(), [text.casefold() for text in spelled]
    where = {text: place for place, text in enumerate(spelled)}
    found[:] = texts.map(where).fillna(-1).to_numpy(dtype=np.int64)
    return found


def _is_code(column: pd.Series, codes: tuple[int | float | str, ...]) -> NDArray[np.bool_]:
    """Return which cells have one of some codes, as a number or as a text."""
    numbers = tuple(code for code in codes if not isinstance(code, str))
    texts = tuple(code for code in codes if isinstance(code, str))
    return (_places(column, numbers) >= 0) | (_places(column, texts) >= 0)


def _rows(chosen: NDArray[np.bool_]) -> str:
    count = np.count_nonzero(chosen)
    return "1 row" if count == 1 else f"{count:,} rows"


def _are(chosen: NDArray[np.bool_]) -> str:
    return "is" if np.count_nonzero(chosen) == 1 else "are"


def _order(code: int | str) -> tuple[bool, int, str]:
    is_text = isinstance(code, str)
    return is_text, 0 if isinstance(code, str) else code, str(code)


def _keys(column: pd.Series) -> NDArray[Any]:
    """Return whole numbers, so that 7, "7" and 7.0 are one household, or otherwise text."""
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if np.all(np.abs(numbers) < _MANY) and np.all(numbers == np.round(numbers)):
        return numbers.astype(np.int64)
    return _texts(column).to_numpy(dtype=object)
