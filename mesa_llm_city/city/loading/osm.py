"""Extracts of OpenStreetMap (``.pbf``, ``.osm``): features of a layer, read with GDAL."""

from __future__ import annotations

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import shapely

from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.osm_repeats import write_without_repeats
from mesa_llm_city.city.loading.tables import file_name

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from geopandas import GeoDataFrame

__all__ = ["is_osm", "read_osm", "read_osm_streets", "without_broken"]


_Degrees = tuple[float, float, float, float]

_REPEATED = "UNIQUE constraint failed"


def is_osm(path: str | Path) -> bool:
    """Return whether the name is that of an OpenStreetMap extract."""
    return Path(path).suffix.casefold() in (".pbf", ".osm")


def read_osm(
    path: str | Path,
    report: Report,
    *,
    layer: str,
    where: str,
    bbox: _Degrees | None = None,
) -> GeoDataFrame | None:
    """Read the features of one layer of an extract that meet a condition in SQL.

    Relations that cross the border of an extract are cut there, and rings of two points
    remain: such features have no geometry (see `without_broken`).

    Parameters
    ----------
    path : str or pathlib.Path
        The extract.
    report : Report
        Collects the defect if the file cannot be read.
    layer : str
        Name of the layer, as GDAL has it.
    where : str
        The condition.
    bbox : (float, float, float, float), optional
        West, south, east and north end in degrees of what is read; all of it by default.

    Returns
    -------
    GeoDataFrame or None
        None, and a reported defect, if the file cannot be read.
    """
    if not Path(path).is_file():
        report.add(f"{file_name(path)}: there is no such file ({path})")
        return None
    try:
        return _read(Path(path), layer, where, bbox)
    except (RuntimeError, ValueError, OSError, SyntaxError, shapely.errors.ShapelyError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        problem = "cannot be read as an extract of OpenStreetMap"
        report.add(f"{file_name(path)}: {problem} ({first}); give a whole .pbf or .osm file")
        return None


def _read(path: Path, layer: str, where: str, bbox: _Degrees | None) -> GeoDataFrame:
    """Read with GDAL; XML in which elements come twice is tidied first."""
    from pyogrio.errors import FeatureError

    if path.suffix.casefold() == ".pbf":
        return _features(path, layer, where, bbox)
    try:
        # Editors and Overpass write XML with negative ids, or in any order.
        return _features(path, layer, where, bbox, USE_CUSTOM_INDEXING="NO")
    except FeatureError as error:
        if _REPEATED not in str(error):
            raise
    with TemporaryDirectory() as folder:
        tidy = Path(folder, "tidy.osm")
        write_without_repeats(path, tidy)
        return _features(tidy, layer, where, bbox, USE_CUSTOM_INDEXING="NO")


def _features(
    path: Path, layer: str, where: str, bbox: _Degrees | None, **options: str
) -> GeoDataFrame:
    import pyogrio

    with warnings.catch_warnings():
        # GDAL warns of each broken ring; they are counted afterwards.
        warnings.simplefilter("ignore")
        return pyogrio.read_dataframe(
            path, layer=layer, where=where, bbox=bbox, on_invalid="ignore", **options
        )


def without_broken(frame: GeoDataFrame) -> tuple[GeoDataFrame, str]:
    """Leave out features whose geometry is of no use, mend the others, and say how many.

    Users cannot repair OpenStreetMap, and in an extract there always are some.
    """
    whole = frame.set_geometry(frame.geometry.make_valid())
    good = ~(whole.geometry.isna() | whole.geometry.is_empty)
    count = int((~good).sum())
    what = f"{count} of {len(frame)} features left out: their geometry is incomplete"
    return whole[good], what if count else ""


def read_osm_streets(path: str | Path, report: Report) -> GeoDataFrame | None:
    """Read the streets of an extract; those of one point are left out and noted."""
    frame = read_osm(path, report, layer="lines", where="highway IS NOT NULL")
    if frame is None:
        return None
    shapes = np.asarray(frame.geometry.array, dtype=object)
    # Points and what is missing have no length.
    is_line = shapely.length(shapes) > 0
    if count := int(np.count_nonzero(~is_line)):
        note = f"{count} of {len(frame)} streets left out: their geometry is incomplete"
        report.note(f"{file_name(path)}: {note}")
    return frame[is_line]
