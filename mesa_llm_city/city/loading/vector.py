"""Reading maps of all kinds but extracts of OpenStreetMap."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np
import shapely

from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.formats import split_layer
from mesa_llm_city.city.loading.geometry import SHAPES_MENDED, in_degrees
from mesa_llm_city.city.loading.layers import Layer, LayerCriteria, chosen_layers
from mesa_llm_city.city.loading.map_columns import usual_columns

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from geopandas import GeoDataFrame

__all__ = ["Map", "quiet", "read_map", "read_maps"]

_HEAD = 4096
_SHOWN = 160
"""Letters shown of a message of a library."""

Map = tuple[str, "GeoDataFrame"]
"""Name of a file, or of one of its layers, and its features in degrees."""


def read_map(path: str | Path, criteria: LayerCriteria, report: Report) -> Map | None:
    """Read one layer of a map in degrees (WGS 84); None, and a reported defect, if that fails."""
    return next(iter(read_maps(path, criteria, report)), None)


def read_maps(path: str | Path, criteria: LayerCriteria, report: Report) -> list[Map]:
    """Read the layers of a map that fit, in degrees (WGS 84).

    Parameters
    ----------
    path : str or pathlib.Path
        A map; a layer may be named after a bar (``city.gpkg|wards``).
    criteria : LayerCriteria
        What the file is to give.
    report : Report
        Collects the defects; one line for what concerns the whole file.

    Returns
    -------
    list of (str, GeoDataFrame)
        Empty if the file cannot be read. Rows keep their order; a geometry that cannot be
        read is missing.
    """
    location = split_layer(path)[0]
    if not location.exists():
        report.add(f"{location.name}: there is no such file ({location})")
        return []
    with _reported(location, report):
        layers = chosen_layers(path, criteria, report)
        read = [_read_layer(layer, location, len(layers) > 1, report) for layer in layers]
        return [one for one in read if one is not None]
    return []


@contextmanager
def quiet() -> Iterator[None]:
    """Keep warnings of libraries from users; what matters is noted in words of our own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _reported(location: Path, report: Report) -> Iterator[None]:
    """Turn the errors of GDAL and of GEOS into one defect of the file."""
    from pyogrio.errors import DataLayerError, DataSourceError

    known = (DataSourceError, DataLayerError, shapely.errors.ShapelyError, ValueError, OSError)
    try:
        with quiet():
            yield
    except known as error:
        # GDAL puts the cause behind the statement that failed, and then its advice.
        cause = str(error).rpartition(" failed: ")[2].partition("; ")[0]
        report.add(f"{location.name}: {_why_no_map(location, cause or type(error).__name__)}")


def _why_no_map(location: Path, cause: str) -> str:
    """Say what to do about a file that GDAL cannot read."""
    if ".shx" in cause:
        return "lacks the .shx of its shapefile; give .shp, .shx, .dbf and .prj together"
    if location.suffix.casefold() == ".json" and _is_of_overpass(location):
        return (
            "is JSON of Overpass; ask it for GeoJSON or XML (.osm), or convert it by osmtogeojson"
        )
    reason = shorten(cause, _SHOWN, placeholder=" ...")
    return f"cannot be read as a map ({reason}); is the file whole?"


def _is_of_overpass(location: Path) -> bool:
    with location.open("rb") as file:
        head = file.read(_HEAD)
    return b'"elements"' in head and b'"features"' not in head


def _read_layer(layer: Layer, location: Path, is_one_of_many: bool, report: Report) -> Map | None:  # noqa: FBT001
    """Read a layer in degrees; None if its coordinates cannot be right."""
    name = f"{location.name} ({layer.name})" if is_one_of_many else location.name
    frame = in_degrees(_frame(layer.source, name, report, layer=layer.name), name, report)
    is_shapefile = layer.source.casefold().endswith(".shp")
    return None if frame is None else (name, usual_columns(frame, is_cut=is_shapefile))


def _frame(source: str, name: str, report: Report, *, layer: str) -> GeoDataFrame:
    """Read features; rings that are not closed are closed, and noted."""
    import geopandas as gpd
    import pyogrio

    if source.casefold().endswith(("parquet", ".pq")):
        return gpd.read_parquet(source)
    frame = pyogrio.read_dataframe(source, layer=layer, on_invalid="ignore")
    if frame.geometry.isna().any():
        closed = pyogrio.read_dataframe(source, layer=layer, on_invalid="fix")
        mended = frame.geometry.isna() & closed.geometry.notna() & closed.geometry.is_valid
        if count := int(np.count_nonzero(mended)):
            report.note(f"{name}: {count} {SHAPES_MENDED}")
        return closed
    return frame
