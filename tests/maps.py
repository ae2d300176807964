"""Small maps for the tests of reading: a street grid, places on it, and files of both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

LON, LAT, STEP = 139.70, 35.66, 0.003


def saved(
    folder: Path, file_name: str, shapes: Sequence[object], /, **fields: Sequence[object]
) -> Path:
    """Write a map in degrees and return its path; a name such as ``a.gpkg|b`` writes a layer."""
    file, _, layer = file_name.partition("|")
    frame = gpd.GeoDataFrame(fields, geometry=list(shapes), crs="EPSG:4326")
    if file.endswith("parquet"):
        frame.to_parquet(folder / file)
    else:
        driver = {"driver": "KML"} if file.endswith(".kml") else {}
        frame.to_file(folder / file, **driver, **({"layer": layer} if layer else {}))
    return folder / file


def street_grid(west: float = LON, south: float = LAT, side: int = 3) -> list[shapely.LineString]:
    """Return the streets of a square of blocks, each from corner to corner."""
    corner = [[(west + i * STEP, south + j * STEP) for j in range(side)] for i in range(side)]
    across = [(corner[i][j], corner[i + 1][j]) for i in range(side - 1) for j in range(side)]
    along = [(corner[i][j], corner[i][j + 1]) for i in range(side) for j in range(side - 1)]
    return [shapely.LineString(ends) for ends in (*across, *along)]


def cafes(folder: Path, *at: tuple[float, float]) -> Path:
    """Write a table of cafés, by default on the corners of the grid."""
    spots = at or tuple((LON + i * STEP, LAT + j * STEP) for i in range(3) for j in range(3))
    lon, lat = zip(*spots, strict=True)
    frame = pd.DataFrame({"category": ["amenity=cafe"] * len(spots), "lon": lon, "lat": lat})
    frame.to_csv(folder / "pois.csv", index=False)
    return folder / "pois.csv"


def boxes(count: int = 2) -> list[shapely.Polygon]:
    """Return areas side by side that hold the grid."""
    width = 3 * STEP / count
    west = [LON - STEP / 2 + row * width for row in range(count)]
    south, north = LAT - STEP, LAT + 3 * STEP
    return [shapely.box(left, south, left + width, north) for left in west]
