"""Observed popularity of places: how many people use each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.observed.cells import Cells, Source

__all__ = ["ObservedPopularity", "read_popularity"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObservedPopularity:
    """How many people use places.

    Parameters
    ----------
    source : Source
        The file.
    ids : tuple of str
        Id of each of the n places in the file that the run read its places from; empty if
        there is none.
    lon, lat : ndarray of float64, shape (n,)
        Position in degrees (WGS84); NaN if it is not known.
    kinds : tuple of str
        Kind of each place; empty if it is not known.
    users : ndarray of float64, shape (n,)
        Number of people who use it, in any unit.
    """

    source: Source
    ids: tuple[str, ...]
    lon: Float
    lat: Float
    kinds: tuple[str, ...]
    users: Float

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.users)


def read_popularity(path: Path) -> ObservedPopularity:
    """Read a table of places and the numbers of their users.

    Parameters
    ----------
    path : Path
        The table; ``docs/reference/observed_tables.md`` describes its columns.

    Raises
    ------
    DataError
        If the table has defects; all of them are listed.
    """
    cells = Cells(path)
    users = cells.numbers("n_users", "users", "visitors", "entries", "count")
    ids = cells.texts("id", "place_id", "source_id", "vid", default="")
    lon = cells.numbers("lon", "longitude", low=-180.0, high=180.0, required=False)
    lat = cells.numbers("lat", "latitude", low=-90.0, high=90.0, required=False)
    kinds = cells.texts("category", "kind", default="")
    lost = np.isnan(lon + lat) & np.array([not one for one in ids])
    cells.flag(lost.tolist(), "id", "there is neither an id nor lon and lat")
    if len(set(filter(None, ids))) < len(list(filter(None, ids))):
        cells.add("ids repeat; give each place one row")
    return ObservedPopularity(
        source=cells.close(), ids=tuple(ids), lon=lon, lat=lat, kinds=tuple(kinds), users=users
    )
