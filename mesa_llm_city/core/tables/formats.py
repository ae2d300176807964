"""What a file is by its content, so that what is no table can be named as what it is."""

from __future__ import annotations

import re

__all__ = ["foreign_format", "foreign_name", "is_parquet"]

_HEAD = 4096
"""Number of bytes at the beginning that tell the format."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an Excel workbook (.xls); save its sheet as CSV"),
    (b"SQLite format 3", "a GeoPackage or another SQLite file; name a GeoPackage .gpkg"),
    (b"\x89HDF\r\n", "an HDF5 file (such as OMX or HDFStore); export the table as CSV"),
    (b"CDF\x01", "a NetCDF file; export the table as CSV"),
    (b"ARROW1", "an Arrow (Feather) file; save it as Parquet"),
    (b"$FL", "an SPSS file (.sav); export it as CSV"),
    (b"<stata_dta>", "a Stata file (.dta); export it as CSV"),
    (b"RDX", "an R data file; write the table with write.csv"),
    (b"X\n\x00\x00", "an R data file (.rds); write the table with write.csv"),
    (b"\x00\x00\x27\x0a", "a Shapefile (.shp); name it .shp, with .shx, .dbf and .prj beside it"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it, or compress it with gzip"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it, or compress the table with gzip"),
    (b"Rar!", "a RAR archive; unpack it, or compress the table with gzip"),
    (b"%PDF", "a PDF document; give the table as CSV"),
    (b"\x89PNG", "a picture; give the table as CSV"),
    (b"\xff\xd8\xff", "a picture; give the table as CSV"),
    (b"\x7fELF", "a program; give the table as CSV"),
    (b"fgb\x03", "a FlatGeobuf map; name it .fgb"),
    (b"\x80\x04\x95", "a pickle of Python; save the table as CSV or Parquet"),
    (b"{\\rtf", "a document of a word processor; save the table as CSV"),
)
"""First bytes of formats that are no tables, and what to do about each."""

_JSON = (
    (b'"featurecollection"', "a GeoJSON map; name it .geojson"),
    (b'"topology"', "a TopoJSON map; convert it to GeoJSON, named .geojson"),
)

_XML = (
    (rb"<!doctype html|<html|<head|<table", "a web page (HTML); the download may have failed"),
    (rb"<osm[\s>]", "an OpenStreetMap extract in XML; name it .osm"),
    (rb"matsim|<population[\s>]|<network[\s>]|<facilities[\s>]", "a file of MATSim (XML)"),
    (rb"<net[\s>]|<routes[\s>]|sumo", "a file of SUMO (XML)"),
    (rb"<graphml", "a network in GraphML; save it as GeoPackage or as tables of edges and nodes"),
    (rb"<kml", "a KML map; name it .kml"),
    (rb"<gpx", "a GPX track; convert it to GeoJSON"),
    (rb"schemas-microsoft-com:office", "an Excel workbook in XML; save its sheet as CSV"),
)

_NAMES = {
    ".dbf": "a dBase table; save it as CSV",
    ".dta": "a Stata file; export it as CSV",
    ".sav": "an SPSS file; export it as CSV",
    ".sas7bdat": "a SAS file; export it as CSV",
    ".xpt": "a SAS transport file; export it as CSV",
    ".omx": "an OMX matrix; export the table as CSV",
    ".zst": "compressed with zstd; unpack it, or compress it with gzip",
    ".7z": "a 7-Zip archive; unpack it, or compress the table with gzip",
    ".rar": "a RAR archive; unpack it, or compress the table with gzip",
    ".tar": "a TAR archive; unpack it and give the table in it",
    ".tgz": "a TAR archive; unpack it and give the table in it",
}
"""Endings of names of formats whose content is hard to tell."""

_OSM_PACKED = re.compile(r"\.(osm|pbf|o5m|osc)\.(bz2|gz|xz|zst|zip)$|\.(o5m|osc)$")


def is_parquet(data: bytes) -> bool:
    """Return whether the bytes are those of a Parquet file."""
    return data[:4] == b"PAR1"


def foreign_name(name: str) -> str | None:
    """Return what a file is by its name, and what to do; None if it may be a table.

    Examples
    --------
    >>> foreign_name("oslo.osm.bz2")
    'a packed OpenStreetMap extract; unpack it to .osm, or give .osm.pbf'
    """
    low = name.casefold()
    if _OSM_PACKED.search(low):
        return "a packed OpenStreetMap extract; unpack it to .osm, or give .osm.pbf"
    if re.search(r"\.tar(\.\w+)?$", low):
        return _NAMES[".tar"]
    return next((what for ending, what in _NAMES.items() if low.endswith(ending)), None)


def foreign_format(data: bytes) -> str | None:
    """Return what a file is by its first bytes, and what to do; None if it may be a table.

    Examples
    --------
    >>> foreign_format(b'{"type": "FeatureCollection", "features": []}')
    'a GeoJSON map; name it .geojson'
    >>> foreign_format(b"id,lon,lat") is None
    True
    """
    for magic, what in _MAGIC:
        if data.startswith(magic):
            return what
    head = data[:_HEAD]
    if b"OSMHeader" in head[:64]:
        return "an OpenStreetMap extract; name it .pbf"
    if head[257:262] == b"ustar":
        return _NAMES[".tar"]
    return _foreign_text(head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower())


def _foreign_text(head: bytes) -> str | None:
    """Return what a text is if it is JSON, XML or HTML."""
    if re.match(rb'\{\s*"|\{\s*\}|\[\s*[\[{]', head):
        known = next((what for sign, what in _JSON if sign in head), None)
        return known or "a JSON file; give the table as CSV"
    if re.match(rb"<[!?a-z]", head):
        known = next((what for sign, what in _XML if re.search(sign, head)), None)
        return known or "an XML file; give the table as CSV"
    if head.startswith(b"version https://git-lfs"):
        return "a pointer of Git LFS; fetch the file itself with 'git lfs pull'"
    return None
