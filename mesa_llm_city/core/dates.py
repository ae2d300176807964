"""Calendar dates from what users have at hand: dates, times, texts, values of NumPy and pandas."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, TypeAlias

from mesa_llm_city.core.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np

    DateLike: TypeAlias = date | str | np.datetime64

__all__ = ["FIRST_YEAR", "LAST_YEAR", "as_date", "as_dates"]

FIRST_YEAR, LAST_YEAR = 1700, 2199
"""Years that a calendar covers; tables of pandas hold the years from 1678 to 2261."""

_ACCEPTED = "give a date such as 2024-05-03, as text, datetime.date, Timestamp or datetime64"
_COARSE = ("Y", "M", "W")


def as_date(value: object, name: str, *, midnight: bool = False) -> date:
    """Return the calendar date of a value.

    Parameters
    ----------
    value : datetime.date, datetime.datetime, pandas.Timestamp, numpy.datetime64 or str
        The date; a text is written as in ISO 8601, such as ``"2024-05-03"``.
    name : str
        Name of the option, for the message.
    midnight : bool, default False
        Whether a time of day other than midnight is refused; it is left out otherwise.

    Raises
    ------
    ConfigError
        If the value is no date, lies outside the years 1700 to 2199, or has a time of day
        although `midnight` is asked for.

    Examples
    --------
    >>> as_date("2024-05-03", "start")
    datetime.date(2024, 5, 3)
    """
    moment = _moment(value)
    if moment is None:
        message = f"{name} must be a date, got {value!r}; {_ACCEPTED}"
        raise ConfigError(message)
    if midnight and isinstance(moment, datetime) and moment.time() != time.min:
        problem = f"{name} must be a date without a time of day, got {value!r}"
        message = f"{problem}; a day begins at midnight, so give {moment.date()}"
        raise ConfigError(message)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        message = f"{name} must lie in the years {FIRST_YEAR} to {LAST_YEAR}, got {value!r}"
        raise ConfigError(message)
    return date(moment.year, moment.month, moment.day)


def as_dates(values: object, name: str) -> frozenset[date]:
    """Return the calendar dates of several values, or of one.

    Parameters
    ----------
    values : iterable, or a single date
        Dates as `as_date` takes them: a list, a set, an array, a column or an index of
        pandas, or a mapping by date such as those of the package holidays. None for no date.
    name : str
        Name of the option, for the message.

    Raises
    ------
    ConfigError
        If one of them is no date.

    Examples
    --------
    >>> sorted(as_dates(["2024-05-03", date(2024, 5, 6)], "holidays"))
    [datetime.date(2024, 5, 3), datetime.date(2024, 5, 6)]
    """
    if values is None:
        return frozenset()
    if _moment(values) is not None or isinstance(values, str) or not isinstance(values, Iterable):
        return frozenset({as_date(values, name)})
    if getattr(values, "ndim", 1) == 0:  # an array of NumPy without axes
        return frozenset({as_date(values[()], name)})  # type: ignore[index]
    return frozenset(as_date(value, name) for value in values)


def _moment(value: Any) -> date | None:  # noqa: ANN401 - anything that a user may give
    """Return a date or a time for a value; None if it is neither."""
    if isinstance(value, str):
        return _of_text(value)
    if _is_datetime64(value):
        # Weeks, months and years name no day.
        coarse = any(f"[{unit}]" in str(value.dtype) for unit in _COARSE)
        value = None if coarse else value.astype("datetime64[us]").item()
    # The missing time of pandas is a datetime, but equals nothing, not even itself.
    is_moment = isinstance(value, date) and value == value  # noqa: PLR0124
    return value if is_moment else None


def _of_text(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _is_datetime64(value: Any) -> bool:  # noqa: ANN401 - anything that a user may give
    return type(value).__module__ == "numpy" and type(value).__name__ == "datetime64"
