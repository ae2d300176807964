"""What a population needs to know of a city: which places it offers, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int, Supply

if TYPE_CHECKING:
    from pyproj import CRS

__all__ = ["MappedSupply", "PlaceSupply"]


class PlaceSupply(Protocol):
    """Any object that offers places, such as a `City`."""

    def supply(self, purpose: str, /) -> Supply:
        """Return the places for sleep, work or school, weighted by what they offer."""
        ...

    def project(self, lon: Float, lat: Float, /) -> tuple[Float, Float]:
        """Turn degrees (WGS 84) into metres."""
        ...

    def contains(self, x: Float, y: Float, /) -> NDArray[np.bool_]:
        """Tell which points, in metres, lie on the map."""
        ...

    def add_residences(self, x: Float, y: Float, /) -> Int:
        """Add a residence without residents at each point, in metres, and return the place ids."""
        ...

    def position(self, place: int, /) -> tuple[float, float]:
        """Return where a place lies, in metres."""
        ...


class MappedSupply(PlaceSupply, Protocol):
    """A supply of places that knows its coordinate reference system."""

    @property
    def crs(self) -> CRS | str:
        """The projected reference system of its metres."""
        ...
