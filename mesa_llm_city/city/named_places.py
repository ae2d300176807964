"""Places that only a purpose of the parameters names, by its `PurposeSpec.places`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from mesa_llm_city.city.kind_names import is_pattern
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters import CityParameters, PurposeSpec

__all__ = ["PlaceMaker", "away_from_home", "named_keys", "named_places"]


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


def named_places(
    places: Places, unused: Draft, maker: PlaceMaker | None, parameters: CityParameters
) -> tuple[list[Places], Draft]:
    """Return the places to add for the purposes of parameters, and the rows still unused.

    Parameters
    ----------
    places : Places
        Places of the city; those whose kind a purpose names need not be added.
    unused : Draft
        Rows of the files that the table of categories has no use for.
    maker : PlaceMaker or None
        Makes places for purposes that are still without any.
    parameters : CityParameters
        The purposes, and how many places are made.
    """
    purposes = parameters.purposes
    wanted = unused.named_by(named_keys(purposes))
    found = [unused.keep(wanted).to_plain_places()] if wanted.any() else []
    if maker is not None:
        known = places.append(found[0]) if found else places
        kinds = _kinds_to_make(known.for_purposes(purposes), purposes)
        found += [maker(kind, parameters) for kind in kinds]
    return found, unused.keep(~wanted)


def _kinds_to_make(places: Places, purposes: Mapping[str, PurposeSpec]) -> tuple[str, ...]:
    """Return kinds of place to make: one for each purpose that names kinds and has no place.

    It is the first kind that the purpose names; patterns cannot be made.
    """
    wanted = [
        next((key for key in purposes[name].places if not is_pattern(key)), None)
        for name in away_from_home(purposes)
        if not len(places.offering(name))
    ]
    return tuple(dict.fromkeys(kind for kind in wanted if kind is not None))
