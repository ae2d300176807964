"""What is closed at the moment, as the map draws it: areas as outlines, places as points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.simulation.interventions import Close
from mesa_llm_city.simulation.interventions.targets import as_polygon
from mesa_llm_city.simulation.place_query import zone_rows
from mesa_llm_city.ui.views.consistent_read import read_steadily
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.past_closures import PastClosure
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel
    from mesa_llm_city.ui.map.canvas import Frame, Packed

__all__ = ["closed_now", "closed_traits"]


def closed_now(view: CityView) -> tuple[tuple[int, int], ...]:
    """Return the closures that hold and how many places each closes, by which a change is seen.

    Parameters
    ----------
    view : CityView
        The city.
    """
    model = model_of(view)
    if model is None:
        return tuple((row, len(one.places)) for row, one in _past(view))
    closures = model.world.closures
    return read_steadily(lambda: tuple((one, len(closed.places)) for one, closed in closures))


def closed_traits(frame: Frame, view: CityView) -> Packed:
    """Return what the widget needs of what is closed.

    Parameters
    ----------
    frame : Frame
        Frame of the city.
    view : CityView
        The city.
    """
    model = model_of(view)
    rings: list[Float] = []
    places: list[int] = []
    for areas, closed in _past_closed(view) if model is None else _closed(model):
        rings += areas
        places += [] if areas else closed
    spots = view.basemap().places[np.array(places, dtype=np.int64)]
    return {
        "closed": frame.packed(np.vstack([np.empty((0, 2)), *rings])).tobytes(),
        "closed_sizes": [len(one) for one in rings],
        "closed_places": frame.packed(spots).tobytes(),
    }


def _past(view: CityView) -> Iterator[tuple[int, PastClosure]]:
    """Yield what was closed at the minute of a replay, and its number; nothing of other views."""
    if isinstance(view, Replay):
        for row, one in enumerate(view.history.closures):
            if one.begin <= view.minute < one.end:
                yield row, one


def _past_closed(view: CityView) -> Iterator[tuple[list[Float], list[int]]]:
    """Yield outlines and places of each closure of a replay."""
    for _, one in _past(view):
        yield list(one.areas), list(one.places)


def _closed(model: CityModel) -> Iterator[tuple[list[Float], list[int]]]:
    """Yield outlines and places of each closure of a model."""
    for number, closed in read_steadily(lambda: list(model.world.closures)):
        yield _areas(model, number, len(closed.places)), list(closed.places)


def _areas(model: CityModel, number: int, count: int) -> list[Float]:
    """Return the outlines of a closure of zones or an area, if all of it is still closed."""
    import shapely

    items = model.intervention_schedule.items
    one = items[number] if number < len(items) else None
    if not isinstance(one, Close) or len(one.found(model.city).places) != count:
        return []
    shapes = []
    if one.polygon is not None:
        shapes.append(as_polygon(model.city, one.polygon))
    if one.zone is not None:
        shapes += [model.city.zones.polygons[row] for row in zone_rows(model.city, one.zone)]
    parts = [part for shape in shapes for part in shapely.get_parts(shape)]
    return [shapely.get_coordinates(shapely.get_exterior_ring(part)) for part in parts]
