"""Finding the places to go to for a purpose around a point."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from mesa_llm_city.city.areas import Areas
from mesa_llm_city.city.place_index import PlaceIndex, every_nth
from mesa_llm_city.city.places import Places
from mesa_llm_city.city.skims import Skims
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.values import ChoiceSet, Float, Int

__all__ = ["PlaceSearch"]


class PlaceSearch:
    """Finds places by purpose and distance; spatial indices are made as they are needed.

    Parameters
    ----------
    places : Places
        Places of the city.
    zones : Zones
        Its zones.
    skims : Skims
        Detour between the zones.
    areas : Areas
        The area of each place.
    attraction : ndarray of float64, shape (n,)
        How strongly each place draws people.
    """

    def __init__(
        self, places: Places, zones: Zones, skims: Skims, areas: Areas, attraction: Float
    ) -> None:
        self._places = places
        self._zones = zones
        self._detour = skims.detour
        self._areas = areas
        self._attraction = attraction
        self._indices: dict[str, PlaceIndex] = {}

    def nearby(
        self,
        position: tuple[float, float],
        purpose: str,
        *,
        radius_m: float,
        k: int,
        nearest: bool = False,
        always: Int | None = None,
    ) -> ChoiceSet:
        """Return places to go to for a purpose, nearest first (see `City.nearby`)."""
        x, y = position
        ids, straight = self._index(purpose).within(x, y, radius_m)
        if len(ids) > k:
            ranks = np.arange(k) if nearest else every_nth(len(ids), k)
            if always is not None:
                ranks = np.union1d(ranks, np.flatnonzero(np.isin(ids, always)))
            ids, straight = ids[ranks], straight[ranks]
        detour = self._detour[self._zone_at(position)]
        return ChoiceSet(
            places=ids,
            distance_m=straight * detour[self._places.zone[ids]],
            category=self._places.category[ids],
            boost=np.ones(len(ids)),
            area=self._areas.of_place[ids],
            attraction=self._attraction[ids],
        )

    def _index(self, purpose: str) -> PlaceIndex:
        """Return the spatial index of the places that offer a purpose."""
        index = self._indices.get(purpose)
        if index is None:
            ids = self._places.offering(purpose)
            index = PlaceIndex.of(ids, self._places.x[ids], self._places.y[ids])
            self._indices[purpose] = index
        return index

    def _zone_at(self, position: tuple[float, float]) -> int:
        """Return the zone of a position; most positions are those of places, and known."""
        zone = self._place_zones.get(position)
        if zone is not None:
            return zone
        return int(self._zones.zone_of(np.array([position[0]]), np.array([position[1]]))[0])

    @cached_property
    def _place_zones(self) -> dict[tuple[float, float], int]:
        columns = self._places
        at = zip(columns.x.tolist(), columns.y.tolist(), strict=True)
        return dict(zip(at, columns.zone.tolist(), strict=True))
