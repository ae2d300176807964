"""Zones and places of a city as agents of Mesa-Geo; import it only where that is installed."""

from __future__ import annotations

from functools import cache
from typing import Any

import mesa
import mesa_geo
import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from mesa_llm_city.city import City, Place
from mesa_llm_city.core.values import Float

__all__ = ["PlaceAgent", "ZoneAgent", "geospace_of"]


class _Scenery(mesa_geo.GeoAgent):
    """A part of the city: it stands in a GeoSpace, and takes no turn in the model.

    Parameters
    ----------
    model : mesa.Model
        The model of the GeoSpace.
    geometry : shapely geometry
        Where it is, in metres.
    crs : pyproj.CRS
        Reference system of the geometry.
    """

    def __init__(self, model: mesa.Model, geometry: BaseGeometry, crs: CRS) -> None:
        super().__init__(model, geometry, crs)  # type: ignore[no-untyped-call]
        # Thousands of agents that do nothing would only cost time in each step.
        model.deregister_agent(self)

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of it besides its geometry."""
        raise NotImplementedError

    def __geo_interface__(self) -> dict[str, Any]:
        """Return it as a feature of GeoJSON, in degrees."""
        degrees = shapely.transform(self.geometry, _to_degrees(self.crs))
        geometry = shapely.geometry.mapping(degrees)
        return {"type": "Feature", "geometry": geometry, "properties": self.facts}


class ZoneAgent(_Scenery):
    """A zone of the city, a polygon.

    Attributes
    ----------
    zone : int
        Row in the zones of the city.
    name, source_id : str
        Its name, and its id in the file it came from.
    population : float
        Residents; NaN if unknown.
    """

    def __init__(self, model: mesa.Model, city: City, zone: int, crs: CRS) -> None:
        super().__init__(model, city.zones.polygons[zone], crs)
        self.zone = zone
        self.name = city.zones.names[zone]
        self.source_id = city.zones.ids[zone]
        self.population = float(city.zones.population[zone])

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of the zone; an unknown population is None, as JSON has no NaN."""
        people = None if np.isnan(self.population) else self.population
        return {"zone": self.zone, "name": self.name, "population": people}


class PlaceAgent(_Scenery):
    """A place of the city, a point.

    Attributes
    ----------
    place : int
        Id of the place in the city.
    name, category : str
        Its name, and its kind, such as ``"amenity=cafe"``.
    purposes : tuple of str
        What people go there for.
    zone : int
        Row of its zone.
    jobs, residents : float
        People who work and who live there.
    """

    def __init__(self, model: mesa.Model, place: Place, crs: CRS) -> None:
        super().__init__(model, shapely.Point(place.x, place.y), crs)
        self.place = place.id
        self.name = place.name
        self.category = place.category
        self.purposes = place.purposes
        self.zone = place.zone
        self.jobs = place.jobs
        self.residents = place.residents

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of the place."""
        names = ("place", "name", "category", "zone", "jobs", "residents")
        return {name: getattr(self, name) for name in names} | {"purposes": list(self.purposes)}


def geospace_of(city: City, model: mesa.Model) -> mesa_geo.GeoSpace:
    """Return a GeoSpace with the zones of a city, then its places (see `geospace`)."""
    crs = CRS.from_user_input(city.crs)
    space = mesa_geo.GeoSpace(crs=crs)
    zones = [ZoneAgent(model, city, zone, crs) for zone in range(len(city.zones))]
    places = [PlaceAgent(model, city.places[row], crs) for row in range(len(city.places))]
    space.add_agents([*zones, *places])
    return space


@cache
def _to_degrees(crs: CRS | None) -> Any:  # noqa: ANN401 - a function of coordinates, as shapely takes it
    transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)

    def transform(corners: Float) -> Float:
        return np.column_stack(transformer.transform(corners[:, 0], corners[:, 1]))

    return transform
