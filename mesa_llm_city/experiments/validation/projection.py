"""Degrees to metres of the reference system of a run."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float

__all__ = ["to_metres"]


def to_metres(lon: Float, lat: Float, crs: str) -> tuple[Float, Float]:
    """Return positions in metres.

    Parameters
    ----------
    lon, lat : ndarray of float64, shape (n,)
        Degrees (WGS84).
    crs : str
        Reference system of the run.

    Raises
    ------
    DataError
        If the run has no reference system.
    """
    from pyproj import Transformer

    if not crs:
        message = "the places of the run have no reference system, so lon and lat cannot be used"
        raise DataError(message)
    transformer = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x, y = transformer.transform(lon, lat)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
