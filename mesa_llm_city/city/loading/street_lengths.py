"""Lengths of streets: their unit is checked against the straight lines between their ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.city.loading.audit import Audit
from mesa_llm_city.city.loading.tables import find_column, numbers
from mesa_llm_city.core.values import Float, Int

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["lengths_m", "straight_m"]

_COLUMNS = (
    *("length_m", "length", "length_km", "length_mi", "length_miles", "length_ft"),
    *("distance_m", "distance_km", "distance", "dist", "shape_length"),
)
_UNITS_M = {"metres": 1.0, "kilometres": 1000.0, "miles": 1609.344, "feet": 0.3048}
_ENDINGS = {"_km": "kilometres", "_mi": "miles", "_miles": "miles", "_ft": "feet"}
_JUDGED_FROM_M = 20.0
"""Only streets of at least this length are judged, since coordinates are rounded."""

_SHORTEST, _LONGEST = 0.95, 2.5
"""Usual length of a street over its straight line, by the median of a file."""

_TOO_SHORT = 0.9
"""A street shorter than this share of its straight line has a wrong length."""


def straight_m(at: tuple[Float, Float], start: Int, end: Int) -> Float:
    """Return the straight line between the ends of streets in metres, on the ellipsoid.

    Parameters
    ----------
    at : tuple of ndarray of float64, shape (n,)
        Longitudes and latitudes of the junctions in degrees.
    start, end : ndarray of int64, shape (m,)
        The junctions of each street; NaN is returned where one is negative.
    """
    from pyproj import Geod

    line = np.full(len(start), np.nan)
    known = (start >= 0) & (end >= 0)
    lon, lat = at
    here, there = start[known], end[known]
    line[known] = Geod(ellps="WGS84").inv(lon[here], lat[here], lon[there], lat[there])[2]
    return line


def lengths_m(edges: DataFrame, straight: Float, audit: Audit) -> Float | None:
    """Return lengths in metres; None if the table has none.

    A column without a unit in its name is in metres, unless its streets would be shorter
    than straight lines; then it is in kilometres, miles or feet if these fit. What is
    still too short has the length of the straight line. Both are noted.
    """
    column = find_column(edges, _COLUMNS)
    if column is None:
        return None
    given = numbers(edges, column)
    audit.flag(~((given >= 0) & np.isfinite(given)), column, "is no length in metres")
    stated = next((u for end, u in _ENDINGS.items() if column.casefold().endswith(end)), None)
    unit = stated or _unit(given, straight)
    if unit != "metres" and stated is None:
        audit.note(f"{column} is taken for {unit}, as the straight lines between junctions say")
    length = given * _UNITS_M[unit]
    wrong = (straight >= _JUDGED_FROM_M) & (length < _TOO_SHORT * straight)
    if count := int(np.count_nonzero(wrong & audit.good)):
        audit.note(f"{column} is shorter than a straight line in {count} rows; the line is used")
    return np.where(wrong, straight, length)


def _unit(given: Float, straight: Float) -> str:
    """Return the unit in which lengths are."""
    judged = (straight >= _JUDGED_FROM_M) & (given > 0)
    if not np.any(judged):
        return "metres"
    ratio = float(np.median(given[judged] / straight[judged]))
    fitting = [unit for unit, m in _UNITS_M.items() if _SHORTEST <= ratio * m <= _LONGEST]
    return fitting[0] if fitting else "metres"
