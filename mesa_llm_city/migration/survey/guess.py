"""Guessing what a column of a survey is from its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.cells import blank_cells
from mesa_llm_city.migration.survey.column import Column

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Described", "Guess", "distinct_codes", "guess_column", "is_blank_column"]

_MOST_CODES = 12  # different whole numbers that may still be codes
_MOST_TEXTS = 30  # different texts that may still be codes
_SHARE_OF_TEXTS = 0.05  # of the rows; more different texts are free text
_RARE = 10  # rows; rarer codes are told
_WORDS_FOR_MISSING = (
    *("missing", "refused", "refusal", "don't know", "dont know", "do not know", "dk", "unknown"),
    *("no answer", "not applicable", "not asked", "inapplicable", "not stated"),
)
# As the codebooks of large surveys use them.
_NUMBERS_FOR_MISSING = (
    *(-1, -2, -3, -4, -5, -6, -7, -8, -9, -97, -98, -99, -999, -9999),
    *(97, 98, 99, 997, 998, 999, 9997, 9998, 9999, 99999, 999999, 9999999, 99999999),
)
_FAR = 3.0  # times the range of the other values
_NAMES_OF_MONEY = ("wage", "income", "asset", "debt", "expend", "consum", "cost", "salary", "earn")
_NAMES_OF_WEIGHTS = ("weight", "wgt", "wght")
_NAMES_OF_PERIODS = ("year", "wave", "round", "period")
_OTHER_DATES = r"\d{1,4}[./ -]\d{1,2}[./ -]\d{1,4}"
_ASKED_DATES = "dates? write them as 2015-07-31, then kind date; as they are, no order is seen"
_EARLIEST, _LATEST = 1900, 2100


class Guess(NamedTuple):
    """What a column may be.

    Attributes
    ----------
    column : Column
        The guess.
    notes : tuple of str
        What to check.
    """

    column: Column
    notes: tuple[str, ...]


class Described(NamedTuple):
    """What a file says about a column.

    Attributes
    ----------
    name, label : str
        Its name, and its description.
    codes : mapping
        Meaning of codes, in their order.
    missing : tuple
        Codes that mean "missing".
    """

    name: str
    label: str
    codes: Mapping[Any, str]
    missing: tuple[Any, ...]


def is_blank_column(cells: pd.Series) -> bool:
    """Tell whether a column has one value only, or none."""
    # One value beside blank cells may still tell something.
    values = len(distinct_codes(cells)) + bool(blank_cells(cells).any())
    return values < 2


def distinct_codes(cells: pd.Series) -> list[Any]:
    """Return the different values that are not blank: whole numbers if all are, or texts.

    Examples
    --------
    >>> import pandas as pd
    >>> distinct_codes(pd.Series(["2", " 1", None, "2.0"])), distinct_codes(pd.Series(["b", "a"]))
    ([1, 2], ['a', 'b'])
    """
    known = cells[~blank_cells(cells)]
    numbers = _numbers(known)
    if len(numbers) and not np.isnan(numbers).any() and np.all(numbers == np.round(numbers)):
        return [int(one) for one in np.unique(numbers)]
    return sorted({str(one).strip() for one in known})


def guess_column(cells: pd.Series, told: Described) -> Guess:
    """Guess kind, codes and missing codes of a column.

    Parameters
    ----------
    cells : pandas.Series
        Its cells, as read.
    told : Described
        What the file says about it.
    """
    if cells.dtype.kind == "M":  # of Stata, SPSS and Parquet
        column = Column(name=told.name, kind="date", label=told.label, missing=told.missing)
        return Guess(column, ())
    known = cells[~blank_cells(cells)]
    numbers = _numbers(known)
    if _is_number_but_for_words(known, numbers):
        return _guess_number(numbers, known, told)
    return _guess_text(known, told)


def _guess_number(numbers: Float, known: pd.Series, told: Described) -> Guess:
    name, label = told.name, told.label
    texts = tuple(sorted({str(one).strip() for one in known[np.isnan(numbers)]}))
    notes = [f"{', '.join(texts)} are read as missing"] if texts else []
    values, gone = _without_missing(numbers[~np.isnan(numbers)], told.missing)
    if gone:
        shown = ", ".join(map(str, gone))
        notes.append(f"{shown} far from all other values, so taken as missing; is this right?")
    missing = (*told.missing, *gone, *(one for one in texts if one not in told.missing))
    if _is_weight(name, values):
        return Guess(Column(name=name, kind="weight", label=label), ("is it the weight?",))
    if _is_period(name, values):
        return Guess(Column(name=name, kind="period", label=label), ("is it the survey wave?",))
    if _is_identifier(name, values):
        return Guess(Column(name=name, kind="id", label=label), ("different in every row",))
    different = np.unique(values)
    whole = bool(np.all(values == np.round(values)))
    if whole and (told.codes or len(different) <= 2):
        return _coded(told._replace(missing=missing), different, notes)
    if whole and len(different) <= _MOST_CODES:
        shown = ", ".join(f"{one:g}" for one in different)
        notes.append(f"a count, or codes ({shown})? codes need kind ordered or category")
    if _names_an_id(name):
        notes.append("an identifier, or the household? then kind id or group")
    is_money = any(word in name.lower() for word in _NAMES_OF_MONEY)
    notes += ["money? then models use its logarithm"] if is_money else []
    notes.append("which unit?")
    column = Column(name=name, kind="number", label=label, missing=missing, money=is_money)
    return Guess(column, tuple(notes))


def _coded(told: Described, different: Float, notes: list[str]) -> Guess:
    named = {int(code): text for code, text in told.codes.items() if code not in told.missing}
    values = sorted({*named, *(int(one) for one in different)} - set(told.missing))
    codes: dict[int | str, str] = {value: named.get(value, str(value)) for value in values}
    unnamed = [str(value) for value in values if value not in named]
    if unnamed:
        does = "does the code" if len(unnamed) == 1 else "do the codes"
        notes.append(f"what {does} {', '.join(unnamed)} mean?")
    elif len(codes) > 2:
        notes.append("are the codes in order? then kind ordered")
    column = Column(
        name=told.name, kind="category", label=told.label, codes=codes, missing=told.missing
    )
    return Guess(column, tuple(notes))


def _guess_text(known: pd.Series, told: Described) -> Guess:
    name, label, missing = told.name, told.label, told.missing
    texts = known.astype("str").str.strip()
    counts = texts.value_counts()
    if len(counts) == len(texts) and _names_an_id(name):
        return Guess(Column(name=name, kind="id", label=label), ("different in every row",))
    if _are_dates(texts):
        return Guess(Column(name=name, kind="date", label=label, missing=missing), ())
    asked = (_ASKED_DATES,) if len(texts) and texts.str.fullmatch(_OTHER_DATES).all() else ()
    most = _MOST_TEXTS if told.codes else min(_MOST_TEXTS, _SHARE_OF_TEXTS * len(texts))
    if len(counts) > max(most, 2.0):
        note = f"{len(counts):,} different texts: only language models read it"
        notes = (*asked, note)
        return Guess(Column(name=name, kind="text", label=label, missing=missing), notes)
    column, notes = _coded_texts(told, counts)
    return Guess(column, (*asked, *notes))


def _coded_texts(told: Described, counts: pd.Series) -> Guess:
    """Return codes that are texts, in the order of the file if it has one."""
    known = [*told.codes, *sorted(set(counts.index) - set(told.codes))]
    gone = tuple(one for one in known if one.casefold() in _WORDS_FOR_MISSING)
    kept = [one for one in known if one not in (*gone, *told.missing)]
    codes: dict[int | str, str] = {one: one.replace("_", " ") for one in kept}
    notes = [f"{', '.join(gone)} are read as missing"] if gone else []
    if rare := [one for one in kept if 0 < counts.get(one, 0) < _RARE]:
        notes.append(f"rare codes, fewer than {_RARE} rows: {', '.join(rare)}; pool them?")
    if len(codes) > 2:
        notes.append("are the codes in an order? then put them in it, with kind ordered")
    missing = tuple(dict.fromkeys((*told.missing, *gone)))
    column = Column(name=told.name, kind="category", label=told.label, codes=codes, missing=missing)
    return Guess(column, tuple(notes))


def _numbers(cells: pd.Series) -> Float:
    import pandas as pd

    values: Float = pd.to_numeric(cells, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return values


def _is_number_but_for_words(known: pd.Series, numbers: Float) -> bool:
    """Tell whether most cells are numbers, and all others words for missing."""
    if not len(numbers) or np.isnan(numbers).all():
        return False
    words = {str(one).strip().casefold() for one in known[np.isnan(numbers)]}
    return words <= set(_WORDS_FOR_MISSING)


def _without_missing(values: Float, missing: tuple[Any, ...]) -> tuple[Float, tuple[int, ...]]:
    """Return the values without missing codes, and codes that look like them.

    A code looks like one if it is usual as such, and far from all other values.
    """
    if missing:
        numbers = [one for one in missing if not isinstance(one, str)]
        return values[~np.isin(values, numbers)], ()
    usual = np.isin(values, _NUMBERS_FOR_MISSING)
    others = values[~usual]
    if not usual.any() or len(others) < 2:
        return values, ()
    least, most = float(others.min()), float(others.max())
    width = max(most - least, 1.0)
    gone = tuple(
        int(one)
        for one in np.unique(values[usual])
        if (one < 0.0 <= least) or one > most + _FAR * width or one < least - _FAR * width
    )
    return values[~np.isin(values, gone)], gone


def _is_weight(name: str, values: Float) -> bool:
    named = any(word in name.lower() for word in _NAMES_OF_WEIGHTS)
    return named and bool(np.all(values >= 0.0)) and len(np.unique(values)) > _MOST_CODES


def _is_period(name: str, values: Float) -> bool:
    if name.lower() not in _NAMES_OF_PERIODS:
        return False
    are_years = np.all((values >= _EARLIEST) & (values <= _LATEST))
    return bool(are_years) or len(np.unique(values)) <= _MOST_CODES


def _is_identifier(name: str, values: Float) -> bool:
    are_different = len(np.unique(values)) == len(values) and len(values) > _MOST_CODES
    whole = bool(np.all(values == np.round(values)))
    return are_different and whole and (_names_an_id(name) or bool(np.all(np.diff(values) > 0.0)))


def _names_an_id(name: str) -> bool:
    words = name.lower().replace("-", "_").split("_")
    return words[-1] in {"id", "nr", "no", "number", "key"} or name.lower().endswith("id")


def _are_dates(texts: pd.Series) -> bool:
    import pandas as pd

    if not len(texts) or not texts.str.fullmatch(r"\d{4}-\d{2}(-\d{2})?([T ].*)?").all():
        return False
    return bool(pd.to_datetime(texts, errors="coerce", format="ISO8601").notna().all())
