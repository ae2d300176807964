"""The map of a finished run, as pictures of a town draw it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.land import Land
from mesa_llm_city.core.text_files import is_file
from mesa_llm_city.core.values import Float, Purpose
from mesa_llm_city.experiments.base_map import BASE_MAP, land_of_frame
from mesa_llm_city.experiments.saved_tables import read_map

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["SavedPlaces", "SavedStations", "SavedTown", "SavedZones", "saved_town", "town_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SavedPlaces:
    """The places, by their ids.

    Parameters
    ----------
    x, y : ndarray of float64, shape (p,)
        Positions in metres.
    is_residence : ndarray of bool, shape (p,)
        Whether people live there.
    """

    x: Float
    y: Float
    is_residence: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SavedStations:
    """The stations: positions in metres, shape (s,), and names."""

    x: Float
    y: Float
    names: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of stations."""
        return len(self.names)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SavedZones:
    """The zones: their polygons, an array of shapely geometries of shape (z,), and names."""

    polygons: NDArray[Any]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SavedTown:
    """The map of a run.

    Parameters
    ----------
    name : str
        Name of the city.
    places : SavedPlaces
        Places.
    stations : SavedStations
        Stations.
    zones : SavedZones
        Zones.
    streets : ndarray of float64, shape (k, 2, 2)
        Pieces of streets: start and end, x and y.
    land : Land
        Land use, waters, buildings and streets with names.
    """

    name: str
    places: SavedPlaces
    stations: SavedStations
    zones: SavedZones
    streets: Float
    land: Land


def saved_town(folder: Path, name: str) -> SavedTown:
    """Return the map of a run.

    Parameters
    ----------
    folder : Path
        Folder of the run.
    name : str
        Name of the city.

    Raises
    ------
    DataError
        If a table is missing or damaged.
    """
    base = read_map(folder, "base_map") if is_file(folder / BASE_MAP) else None
    return town_of(read_map(folder, "places"), base, name)


def town_of(places: GeoDataFrame, base: GeoDataFrame | None, name: str) -> SavedTown:
    """Return the map that the tables of a run make.

    Parameters
    ----------
    places : geopandas.GeoDataFrame
        ``places.parquet``.
    base : geopandas.GeoDataFrame or None
        ``base_map.parquet``; None of a run that kept none.
    name : str
        Name of the city.
    """
    import shapely

    x, y = shapely.get_coordinates(places.geometry.to_numpy()).T
    lived_in = [Purpose.SLEEP in one.split() for one in places["purposes"]]
    return SavedTown(
        name=name,
        places=SavedPlaces(x=x, y=y, is_residence=np.array(lived_in, dtype=np.bool_)),
        stations=_stations(base),
        zones=_zones(base),
        streets=_streets(base),
        land=Land.of() if base is None else land_of_frame(base),
    )


def _of_kind(base: GeoDataFrame | None, kind: str) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return shapes and names of a kind; none of a run that kept no base map."""
    if base is None:
        return np.empty(0, dtype=object), ()
    rows = base[base["kind"] == kind]
    return rows.geometry.to_numpy(), tuple(rows["name"].astype(str))


def _stations(base: GeoDataFrame | None) -> SavedStations:
    import shapely

    shapes, names = _of_kind(base, "station")
    x, y = shapely.get_coordinates(shapes).reshape(-1, 2).T
    return SavedStations(x=x, y=y, names=names)


def _zones(base: GeoDataFrame | None) -> SavedZones:
    shapes, names = _of_kind(base, "zone")
    return SavedZones(polygons=shapes, names=names)


def _streets(base: GeoDataFrame | None) -> Float:
    """Return streets as pieces; a line of more than two points is several."""
    import shapely

    lines = shapely.get_parts(_of_kind(base, "street")[0])
    points, row = shapely.get_coordinates(lines, return_index=True)
    joined = row[1:] == row[:-1]
    return np.stack([points[:-1][joined], points[1:][joined]], axis=1).reshape(-1, 2, 2)
