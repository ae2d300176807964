"""Reading the file of a survey with its own descriptions: CSV, Parquet, Stata and SPSS."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.tables.table import read_table
from mesa_llm_city.migration.models.libraries import library

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SurveyFile", "read_survey_file"]

_STATA = (".dta",)
_SPSS = (".sav", ".zsav")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurveyFile:
    """The content of a file, with what it says about its columns.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per person, codes as they are.
    labels : mapping of str to str
        Description of a column, by name; CSV and Parquet have none.
    codes : mapping of str to mapping
        Meaning of the codes of a column, by name, in their order.
    missing : mapping of str to tuple
        Codes of a column that mean "missing", by name.
    """

    frame: pd.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    missing: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


def read_survey_file(path: str | Path) -> SurveyFile:
    """Read a file; the ending tells Stata (.dta) and SPSS (.sav, .zsav) from tables.

    Parameters
    ----------
    path : str or Path
        A table (see `core.tables.table.read_table`), or a file of Stata or SPSS.

    Raises
    ------
    DataError
        If the file cannot be read.
    ConfigError
        If it is of SPSS, and the library for it is not installed.
    """
    ending = Path(path).suffix.lower()
    if ending not in (*_STATA, *_SPSS):
        return SurveyFile(frame=read_table(path).frame)
    if not Path(path).is_file():
        message = f"{path}: there is no such file"
        raise DataError(message)
    return _read_stata(Path(path)) if ending in _STATA else _read_spss(Path(path))


def _read_stata(path: Path) -> SurveyFile:
    """Read a file of Stata; labelled values become their labels, in the order of the codes."""
    import pandas as pd

    try:
        with pd.read_stata(path, iterator=True) as reader:
            labels = reader.variable_labels()
        frame = pd.read_stata(path)
    except (OSError, ValueError, KeyError, AttributeError, struct.error) as error:
        message = f"{path} cannot be read as a file of Stata: {_why(error)}, or save it as CSV"
        raise DataError(message) from error
    named = [name for name in frame.columns if isinstance(frame[name].dtype, pd.CategoricalDtype)]
    codes = {
        str(name): {str(one): str(one) for one in frame[name].cat.categories} for name in named
    }
    texts = {name: frame[name].astype(object) for name in named}
    return SurveyFile(frame=frame.assign(**texts), labels=_filled(labels), codes=codes)


def _why(error: Exception) -> str:
    """Return what is wrong with a file of Stata, and what to do, in a line."""
    text = str(error).strip()
    found = re.match(r"Value labels for column (\S+) are not unique", text)
    if found is None:
        return f"{text.splitlines()[0] if text else type(error).__name__}; save it again"
    repeated = text.partition("---\n")[2].split("\n")
    shown = ", ".join(dict.fromkeys(one.strip() for one in repeated if one.strip(" -")))
    return f"several codes of {found[1]} have the same label ({shown}); give each its own in Stata"


def _read_spss(path: Path) -> SurveyFile:
    reader = library("pyreadstat")
    try:
        frame, meta = reader.read_sav(str(path), user_missing=True)
    except (OSError, ValueError, reader.ReadstatError) as error:
        message = f"{path} cannot be read as a file of SPSS: {error}; save it again, or as CSV"
        raise DataError(message) from error
    missing = {name: _singles(ranges) for name, ranges in meta.missing_ranges.items()}
    return SurveyFile(
        frame=frame,
        labels=_filled(meta.column_names_to_labels),
        codes=meta.variable_value_labels,
        missing=missing,
    )


def _filled(labels: Mapping[str, str | None]) -> dict[str, str]:
    return {name: label for name, label in labels.items() if label}


def _singles(ranges: list[dict[str, Any]]) -> tuple[Any, ...]:
    """Return missing codes; of a range both ends, which are where codes stand."""
    ends = [end for one in ranges for end in (one["lo"], one["hi"])]
    whole = [int(end) if isinstance(end, float) and end.is_integer() else end for end in ends]
    return tuple(dict.fromkeys(whole))
