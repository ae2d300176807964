"""Places, zones and kinds of place by the names and numbers that people give them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral

import numpy as np

from mesa_llm_city.city import City
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Int

__all__ = ["as_list", "kind_rows", "place_ids", "zone_rows"]

_SHOWN = 5


def as_list(given: object) -> list[object]:
    """Return several things as a list, and one thing as a list of one.

    Examples
    --------
    >>> as_list("harbour"), as_list((1, 2))
    (['harbour'], [1, 2])
    """
    if isinstance(given, Iterable) and not isinstance(given, str | bytes):
        return list(given)
    return [given]


def zone_rows(city: City, given: object) -> list[int]:
    """Return the rows of zones given by name, by id of the file or by row, one or several.

    Raises
    ------
    ConfigError
        If there is no such zone.
    """
    return _rows(given, (city.zones.names, city.zones.ids), what="zone")


def kind_rows(city: City, given: object) -> list[int]:
    """Return the rows of kinds of place given by name, such as ``"amenity=cafe"``.

    The part before or after the sign ``=`` is enough where it is the name of some kinds:
    ``"amenity"`` are all of them.

    Raises
    ------
    ConfigError
        If the city has no such kind.
    """
    names = city.places.category_names
    rows: list[int] = []
    for one in as_list(given):
        found = [row for row, name in enumerate(names) if one == name or one in name.split("=")]
        if not found:
            raise ConfigError(_unknown("kind of place", one, names))
        rows += found
    return sorted(set(rows))


def place_ids(city: City, given: object) -> Int:
    """Return the ids of places given by id or by name, one or several, rising.

    Raises
    ------
    ConfigError
        If there is no such place.
    """
    return np.array(_rows(given, (city.places.name,), what="place"), dtype=np.int64)


def _rows(given: object, names: Sequence[Sequence[str]], *, what: str) -> list[int]:
    rows: list[int] = []
    for one in as_list(given):
        rows += _found(one, names, what)
    return sorted(set(rows))


def _found(one: object, names: Sequence[Sequence[str]], what: str) -> list[int]:
    if isinstance(one, Integral) and not isinstance(one, bool):
        if 0 <= int(one) < len(names[0]):
            return [int(one)]
        message = f"there is no {what} {int(one)}; numbers run from 0 to {len(names[0]) - 1}"
        raise ConfigError(message)
    for known in names:
        rows = [row for row, name in enumerate(known) if name == one and name]
        if rows:
            return rows
    raise ConfigError(_unknown(what, one, names[0]))


def _unknown(what: str, given: object, known: Sequence[str]) -> str:
    if not isinstance(given, str):
        return f"a {what} is a name or a whole number, got {given!r}"
    named = [name for name in dict.fromkeys(known) if name]
    more = ", ..." if len(named) > _SHOWN else ""
    some = f" there are {', '.join(named[:_SHOWN])}{more}" if named else " none has a name"
    return f"there is no {what} {given!r};{some}{did_you_mean(given, named)}"
