"""Classes and speed limits of streets, as maps of many makers write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.city.loading.tables import find_column, texts
from mesa_llm_city.city.loading.tags import tag_values
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.city import StreetParameters

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["StreetSpeeds", "class_column", "parts_of", "street_speeds"]

_CLASS_COLUMNS = (
    *("highway", "fclass", "class", "road_class", "roadclass", "road_type", "roadtype"),
    *("func_class", "mtfcc", "kind", "type", "highway_type", "link_type"),
)
_LIMIT_COLUMNS = ("maxspeed", "max_speed", "speed_limit", "speedlimit", "speed_kph", "speed_km_h")

_MILE_KM = 1.609344
_UNITS_KM_H = {"mph": _MILE_KM, "mi/h": _MILE_KM, "knots": 1.852}
_SPEED = re.compile(r"(\d+(?:[.,]\d+)?)\s*(mph|mi/h|knots|km/h|kmh|kph|km)?")
_BLANK = ("", "nan", "none", "null", "<na>")
_NO_LIMIT = (*_BLANK, "no", "unposted", "signals", "variable", "default", "implicit")
_ZONE_SPEED = re.compile(r"[a-z]{2}:(?:[a-z_]+:?)?(\d{1,3})")

_SAME_AS = {
    # Geofabrik and Overture Maps
    "unknown": "road",
    "yes": "road",
    # Census feature classes of TIGER/Line (US Census Bureau, "MTFCC", 2023)
    "s1100": "trunk",
    "s1200": "secondary",
    "s1400": "residential",
    "s1500": "track",
    "s1630": "motorway",
    "s1640": "service",
    "s1710": "footway",
    "s1720": "steps",
    "s1730": "service",
    "s1740": "service",
    "s1780": "service",
    "s1820": "cycleway",
    "s1830": "bridleway",
}


@dataclass(slots=True)
class StreetSpeeds:
    """Speeds of the streets of a file, and what was not understood of them.

    Parameters
    ----------
    km_h : ndarray of float64, shape (n,)
        Speed of cars; NaN for what is no street.
    unknown : Counter
        Classes that are no streets, such as ``"proposed"``, and how many rows have them.
    unread : Counter
        Limits that could not be read, and how many rows have them.
    has_classes : bool
        Whether a field of classes was found.
    """

    km_h: Float
    unknown: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    has_classes: bool = True

    def notes(self) -> list[str]:
        """Say what was left out, and which limits were not read."""
        notes = []
        if not self.has_classes:
            notes.append(
                "no field of classes of streets (highway, fclass, class) was recognised, "
                "so all are streets of one speed"
            )
        if self.unknown:
            notes.append(
                f"{_total(self.unknown)} rows that are no streets left out: {_listed(self.unknown)}"
            )
        if self.unread:
            notes.append(
                f"{_total(self.unread)} speed limits could not be read "
                f"({_listed(self.unread)}); the speed of the class is used"
            )
        return notes


def class_column(frame: DataFrame, parameters: StreetParameters) -> str | None:
    """Return the first column in which a class of street stands, else one that should have it."""
    for name in _CLASS_COLUMNS:
        column = find_column(frame, (name,))
        if column is None:
            continue
        values = dict.fromkeys(texts(frame, column))
        if any(_class_km_h(value, parameters) is not None for value in values):
            return column
    return find_column(frame, ("highway",))


def street_speeds(frame: DataFrame, parameters: StreetParameters) -> StreetSpeeds:
    """Read class and limit of each street.

    A street of several classes, as merged ones have them, has the mean of their speeds; of
    several limits likewise. A limit counts only on classes on which cars drive
    (``city.streets.limits_from_km_h``), so a footpath stays one.
    """
    column = class_column(frame, parameters)
    classes = texts(frame, column)
    limits = texts(frame, find_column(frame, _LIMIT_COLUMNS))
    speeds = StreetSpeeds(np.full(len(frame), np.nan), has_classes=column is not None)
    by_class = {kind: _mean(kind, _class_km_h, parameters) for kind in dict.fromkeys(classes)}
    by_limit = {text: _limit_km_h(text, parameters) for text in dict.fromkeys(limits)}
    for row, (kind, text) in enumerate(zip(classes, limits, strict=True)):
        usual = parameters.other_km_h if kind.casefold() in _BLANK else by_class[kind]
        if usual is None:
            speeds.unknown[kind] += 1
            continue
        limit = by_limit[text]
        if text and limit is None:
            speeds.unread[text] += 1
        is_for_cars = usual >= parameters.limits_from_km_h
        speeds.km_h[row] = limit if limit and is_for_cars else usual
    return speeds


def parts_of(text: str) -> list[str]:
    """Return the values in a cell: a list as text, or values between semicolons or bars.

    Examples
    --------
    >>> parts_of("['residential', 'tertiary']"), parts_of("30; 50"), parts_of("primary")
    (['residential', 'tertiary'], ['30', '50'], ['primary'])
    """
    return [value for part in text.split("|") for value in tag_values(part)]


def _mean(
    text: str,
    of: Callable[[str, StreetParameters], float | None],
    parameters: StreetParameters,
) -> float | None:
    """Return the mean speed of the parts that are known; None if none is."""
    known = [speed for part in parts_of(text) if (speed := of(part, parameters)) is not None]
    return float(np.mean(known)) if known else None


def _class_km_h(kind: str, parameters: StreetParameters) -> float | None:
    """Return the speed of a class; links and grades, such as ``primary_link``, are as theirs."""
    plain = re.sub(r"[\s-]+", "_", kind.strip().casefold())
    speeds = parameters.speed_km_h
    if plain in speeds:
        return speeds[plain]
    plain = re.sub(r"(_link|_grade\d)$", "", _SAME_AS.get(plain, plain))
    return speeds.get(plain)


def _limit_km_h(text: str, parameters: StreetParameters) -> float | None:
    """Return a limit in km/h; None if there is none or it cannot be read, 0 if it says none."""
    return _mean(text, _one_limit_km_h, parameters)


def _one_limit_km_h(text: str, parameters: StreetParameters) -> float | None:
    """Return one limit in km/h."""
    plain = text.strip().casefold()
    if plain in _NO_LIMIT:
        return 0.0
    if match := _SPEED.fullmatch(plain):
        speed = float(match[1].replace(",", ".")) * _UNITS_KM_H.get(match[2], 1.0)
        return speed if speed <= parameters.greatest_km_h else None
    if match := _ZONE_SPEED.fullmatch(plain):
        return float(match[1])
    return parameters.worded_km_h.get(plain.rpartition(":")[2])


def _total(counts: Counter[str]) -> int:
    return int(np.sum(list(counts.values())))


def _listed(counts: Counter[str]) -> str:
    """Return the commonest entries with their counts."""
    shown = [f"{text} {count}" for text, count in counts.most_common(5)]
    return ", ".join([*shown, "..."] if len(counts) > len(shown) else shown)
