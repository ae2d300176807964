"""Places that only a purpose of the parameters names, by its `PurposeSpec.places`.

Three sources, in this order: places whose kind the table of categories gives another use,
rows of the files that the table has no use for, and places that a fictional city makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from mesa_llm_city.city.kind_names import is_pattern
from mesa_llm_city.city.places import Places
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters import CityParameters, PurposeSpec

__all__ = ["PlaceMaker", "away_from_home", "kinds_to_make", "named_keys"]


class PlaceMaker(Protocol):
    """Makes places for a fictional city, which has no files to find them in."""

    def __call__(self, kind: str, parameters: CityParameters) -> Places:
        """Return places of a kind, in metres; the zones need not be right."""
        ...


def named_keys(purposes: Mapping[str, PurposeSpec]) -> tuple[str, ...]:
    """Return the kinds of place, and patterns of them, that purposes name.

    Examples
    --------
    >>> named_keys({"worship": PurposeSpec(places=["amenity=place_of_worship"])})
    ('amenity=place_of_worship',)
    """
    return tuple(dict.fromkeys(key for row in purposes.values() for key in row.places))


def away_from_home(purposes: Mapping[str, PurposeSpec]) -> tuple[str, ...]:
    """Return the purposes for which people leave their home, in order."""
    return tuple(
        name for name, row in purposes.items() if not row.at_home and name != Purpose.TRAVEL
    )


def kinds_to_make(places: Places, purposes: Mapping[str, PurposeSpec]) -> tuple[str, ...]:
    """Return kinds of place to make: one for each purpose that names kinds and has no place.

    It is the first kind that the purpose names; patterns cannot be made.
    """
    wanted = [
        next((key for key in purposes[name].places if not is_pattern(key)), None)
        for name in away_from_home(purposes)
        if not len(places.offering(name))
    ]
    return tuple(dict.fromkeys(kind for kind in wanted if kind is not None))
