"""What a sketch on the map means: an area in metres, or a zone and a place at a spot."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.city.gates import GATE
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.map.canvas import Frame
from mesa_llm_city.ui.map.sketch import sketch_of
from mesa_llm_city.ui.panel import kind_word
from mesa_llm_city.ui.views.live import LiveView

__all__ = ["Spot", "area_of", "spot_of", "told_place"]

_DECIMALS = 1
_ONE_SPOT = 2


class Spot(NamedTuple):
    """What is at a spot of the map.

    Attributes
    ----------
    place : int
        Id of the nearest place.
    far_m : float
        How far away it is, in metres.
    zone : str
        Name of the zone; empty if the spot is in none.
    """

    place: int
    far_m: float
    zone: str


def area_of(model: CityModel) -> list[list[float]] | None:
    """Return the corners of the area that is sketched on the map of a model.

    Parameters
    ----------
    model : CityModel
        The model.

    Returns
    -------
    list of [float, float] or None
        x and y in metres of the city's reference system; None if there is no area.
    """
    points = _metres(model)
    return None if len(points) <= 1 else np.round(points, _DECIMALS).tolist()


def spot_of(model: CityModel) -> Spot | None:
    """Return what is at the spot that is sketched on the map of a model; None if there is none.

    Parameters
    ----------
    model : CityModel
        The model.
    """
    if len(sketch_of(model).points.peek()) != _ONE_SPOT:
        return None
    (x, y), *_ = _metres(model)
    places, zones = model.city.places, model.city.zones
    gates = [row for row, name in enumerate(places.category_names) if name == GATE]
    far = np.hypot(places.x - x, places.y - y)
    far[np.isin(places.category, gates)] = np.inf
    nearest = int(far.argmin())
    row = int(zones.zone_of(np.array([x]), np.array([y]))[0])
    name = zones.names[row] if bool(model.city.contains(np.array([x]), np.array([y]))[0]) else ""
    return Spot(nearest, float(far[nearest]), name)


def told_place(model: CityModel, place: int) -> str:
    """Return a place in words, with its id, by which it is told from others of its name.

    Parameters
    ----------
    model : CityModel
        The model.
    place : int
        Id of the place.
    """
    places = model.city.places
    kind = kind_word(places.category_names[int(places.category[place])])
    name = places.name[place] or kind
    return f"{name} ({kind}, no. {place})" if name != kind else f"{kind} no. {place}"


def _metres(model: CityModel) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    basemap = LiveView(model).basemap()
    frame = Frame.of(basemap.bounds, basemap.focus)
    return frame.unpacked(sketch_of(model).points.peek())
