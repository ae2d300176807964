"""Between degrees on the globe and metres on a plane."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pyproj import Transformer

__all__ = [
    "EXCHANGED",
    "M_PER_DEGREE",
    "Projection",
    "degrees_are_valid",
    "exchanged_hint",
    "median_degrees",
    "utm_crs",
]

M_PER_DEGREE = 111_320.0
"""Length of a degree of longitude at the equator (WGS 84), in metres."""

EXCHANGED = "; are longitude and latitude exchanged?"
"""Question behind a message about positions that would be right if they were exchanged."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A projected reference system in metres.

    Parameters
    ----------
    crs : str
        Anything pyproj understands, such as ``"EPSG:32654"``.

    Raises
    ------
    ConfigError
        If it is unknown, or not projected in metres.

    Examples
    --------
    >>> x, y = Projection("EPSG:32654").project(141.0, 0.0)
    >>> round(float(x)), round(float(y))
    (500000, 0)
    """

    crs: str

    def __post_init__(self) -> None:
        """Check that it is known and measures metres."""
        _check_metric(self.crs)

    def project(self, lon: Float | float, lat: Float | float) -> tuple[Float, Float]:
        """Turn degrees (WGS 84) into metres; shapes are kept."""
        x, y = _transformer("EPSG:4326", self.crs).transform(lon, lat)
        return np.asarray(x), np.asarray(y)

    def degrees_of(
        self, box: tuple[float, float, float, float]
    ) -> tuple[float, float, float, float] | None:
        """Return the west, south, east and north end in degrees of a box in metres.

        None is returned for a box across 180 degrees of longitude, which has its west end in
        the east.

        Examples
        --------
        >>> box = Projection("EPSG:32654").degrees_of((500_000.0, 0.0, 600_000.0, 100_000.0))
        >>> [round(one, 1) for one in box]
        [141.0, 0.0, 141.9, 0.9]
        """
        west, south, east, north = _transformer(self.crs, "EPSG:4326").transform_bounds(*box)
        return (west, south, east, north) if west < east else None


def utm_crs(lon: Float, lat: Float) -> str:
    """Return the zone of the Universal Transverse Mercator system in which points lie.

    Parameters
    ----------
    lon, lat : ndarray of float64, shape (n,)
        Degrees; their medians decide.

    Examples
    --------
    >>> utm_crs(np.array([139.7]), np.array([35.7]))
    'EPSG:32654'
    """
    middle_lon, middle_lat = median_degrees(lon, lat)
    zone = int((middle_lon + 180.0) // 6.0) % 60 + 1
    return f"EPSG:{(32600 if middle_lat >= 0 else 32700) + zone}"


def median_degrees(lon: Float, lat: Float) -> tuple[float, float]:
    """Return the median longitude and latitude, also of points on both sides of 180 degrees.

    Examples
    --------
    >>> median_degrees(np.array([179.0, -179.5, -179.0]), np.array([51.0, 52.0, 53.0]))
    (-179.5, 52.0)
    """
    middle = float(np.median(lon))
    if np.ptp(lon) > 180.0:
        # Longitudes are read from the side of the globe on which most points lie.
        angle = np.radians(lon)
        towards = float(np.degrees(np.arctan2(np.sum(np.sin(angle)), np.sum(np.cos(angle)))))
        away = (lon - towards + 180.0) % 360.0 - 180.0
        middle = (towards + float(np.median(away)) + 180.0) % 360.0 - 180.0
    return middle, float(np.median(lat))


def degrees_are_valid(lon: Float, lat: Float) -> NDArray[np.bool_]:
    """Return which coordinates can be longitudes and latitudes; NaN cannot."""
    return (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)


def exchanged_hint(lon: Float, lat: Float) -> str:
    """Return a question for a message if coordinates are degrees once they are exchanged.

    Examples
    --------
    >>> exchanged_hint(np.array([35.7]), np.array([139.7]))
    '; are longitude and latitude exchanged?'
    >>> exchanged_hint(np.array([386_000.0]), np.array([3_950_000.0]))
    ''
    """
    is_exchanged = bool(degrees_are_valid(lat, lon).all())
    return EXCHANGED if is_exchanged else ""


@cache
def _transformer(source: str, target: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)


@cache
def _check_metric(crs: str) -> None:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        known = CRS.from_user_input(crs)
    except CRSError as error:
        message = f"{crs!r} is no known reference system; use one such as 'EPSG:32654'"
        raise ConfigError(message) from error
    if not known.is_projected or known.axis_info[0].unit_name != "metre":
        message = f"{crs!r} is not projected in metres; use a UTM zone such as 'EPSG:32654'"
        raise ConfigError(message)
