"""Kinds of files: which hold a map, and which are not read."""

from __future__ import annotations

import zipfile
from pathlib import Path

__all__ = ["MAPS", "archive_members", "is_map", "map_members", "split_layer", "unread_format"]

MAPS = (
    *(".geojson", ".json", ".geojsonl", ".topojson", ".gpkg", ".shp"),
    *(".fgb", ".kml", ".kmz", ".gml", ".gdb", ".tab", ".geoparquet"),
)
"""Suffixes of maps; besides there are zipped maps, folders of shapefiles and GeoParquet."""

READ = (
    "read are maps (.geojson, .gpkg, .shp, zipped or not, .fgb, .kml, .gml, GeoParquet), "
    "OpenStreetMap extracts (.osm.pbf, .osm), tables (.csv, .parquet), GTFS archives (.zip) and, "
    "as streets, .graphml"
)

_UNREAD = {
    ".bz2": "is compressed by bzip2; unpack it first (bunzip2), or take the .osm.pbf",
    ".7z": "is an archive of 7-Zip; unpack it first",
    ".rar": "is an archive of RAR; unpack it first",
    ".tar": "is an archive of tar; unpack it first",
    ".tgz": "is an archive of tar; unpack it first",
    ".xz": "is compressed by xz; unpack it first",
    ".omx": "is a matrix of OpenMatrix (OMX), which has no places, zones or streets",
    ".o5m": "is an extract in o5m; convert it to .osm.pbf, for example with osmium",
    ".osc": "holds changes of OpenStreetMap, no extract",
    ".tntp": "is a network in TNTP; write its links as CSV with u, v and length_m",
    ".xlsx": "is a workbook of Excel; save the sheet as CSV in UTF-8",
    ".xls": "is a workbook of Excel; save the sheet as CSV in UTF-8",
    ".ods": "is a workbook; save the sheet as CSV in UTF-8",
    ".tif": "is a raster; give a table of its cells with lon, lat and counts",
    ".tiff": "is a raster; give a table of its cells with lon, lat and counts",
    ".nc": "is a raster in NetCDF; give a table of its cells with lon, lat and counts",
    ".h5": "is a store in HDF5; write its tables as CSV or Parquet",
    ".hdf5": "is a store in HDF5; write its tables as CSV or Parquet",
    ".pkl": "is a pickle of Python, which may run code; write a table or a map",
    ".pickle": "is a pickle of Python, which may run code; write a table or a map",
    ".mbtiles": "holds map tiles; give the map that they were made of",
    ".pmtiles": "holds map tiles; give the map that they were made of",
    ".qgz": "is a project of QGIS; give the map that it shows",
    ".qgs": "is a project of QGIS; give the map that it shows",
    ".dbf": "is the table of a shapefile; give the .shp beside it",
    ".shx": "is the index of a shapefile; give the .shp beside it",
    ".prj": "is the reference system of a shapefile; give the .shp beside it",
    ".gpx": "holds tracks of GPX; save them as GeoJSON",
}

_XML = {
    "<network": "is a network or a schedule of MATSim; write it as CSV or a map",
    "<population": "is a population of MATSim; persons are read from CSV",
    "<plans": "is a population of MATSim; persons are read from CSV",
    "<facilities": "holds facilities of MATSim; write them as CSV with lon, lat and category",
    "<transitschedule": "is a schedule of MATSim; give the GTFS archive that it was made of",
    "<net ": "is a network of SUMO; give the .osm or .osm.pbf that it was made of",
    "<routes": "holds routes of SUMO, which are not needed",
    "<additional": "is an additional file of SUMO, which is not needed",
    "<osm": "looks like an extract of OpenStreetMap; give it a name that ends in .osm",
}
_TABLES = frozenset((".csv", ".tsv", ".txt"))
_HEAD = 4096


def split_layer(path: str | Path) -> tuple[Path, str | None]:
    """Return the file and the layer of a path such as ``city.gpkg|wards``.

    The form of QGIS, ``city.gpkg|layername=wards``, means the same.

    Examples
    --------
    >>> split_layer("city.gpkg|wards")[1], split_layer("city.gpkg")[1]
    ('wards', None)
    """
    location, bar, layer = str(path).partition("|")
    return Path(location), layer.strip().removeprefix("layername=") if bar else None


def is_map(path: str | Path) -> bool:
    """Return whether a file is a map: by its name, or by what an archive or folder holds."""
    location, layer = split_layer(path)
    suffix = location.suffix.casefold()
    if suffix in MAPS or layer is not None:
        return True
    if suffix == ".zip" or location.is_dir():
        return bool(map_members(location))
    return suffix in (".parquet", ".pq") and _is_geoparquet(location)


def map_members(location: Path) -> list[str]:
    """Return the maps inside an archive or a folder, in order; empty if there are none."""
    if location.is_dir():
        names = [file.name for file in location.iterdir()]
    else:
        names = archive_members(location)
    return sorted(name for name in names if _is_member(Path(name)))


def archive_members(location: str | Path) -> list[str]:
    """Return the names in a zip archive; empty if it is none, or damaged."""
    try:
        with zipfile.ZipFile(location) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return []


def unread_format(path: str | Path) -> str | None:
    """Say what a file is that is not read, and what is; None for all other files."""
    location = split_layer(path)[0]
    suffixes = [suffix.casefold() for suffix in location.suffixes]
    if not _TABLES.isdisjoint(suffixes[-2:]):  # perhaps packed, which their reader opens
        return None
    last = suffixes[-1] if suffixes else ""
    problem = _UNREAD.get(last)
    if problem is None and suffixes[-2:] in ([".osm", ".gz"], [".pbf", ".gz"], [".geojson", ".gz"]):
        problem = "is compressed by gzip; unpack it first (gunzip)"
    if problem is None and ".xml" in suffixes[-2:]:
        problem = _xml_format(location)
    return None if problem is None else f"{problem}; {READ}"


def _is_member(name: Path) -> bool:
    is_litter = "__MACOSX" in name.parts or name.name.startswith("._")
    return name.suffix.casefold() in MAPS and not is_litter


def _is_geoparquet(location: Path) -> bool:
    """Return whether a Parquet file says where its geometry is."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(location)
    except (OSError, pa.ArrowInvalid):
        return False
    return b"geo" in (schema.metadata or {})


def _xml_format(location: Path) -> str:
    """Name the program whose XML this is, by the first tag that is known."""
    import gzip

    unknown = "is XML of a kind that is not known"
    try:
        with (gzip.open if location.suffix.casefold() == ".gz" else open)(location, "rb") as file:
            head = file.read(_HEAD).decode("utf-8", "replace").casefold()
    except OSError:
        return unknown
    found = [(head.find(tag), meaning) for tag, meaning in _XML.items() if tag in head]
    return min(found)[1] if found else unknown
