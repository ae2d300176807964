"""The bytes of a table: from a file, out of gzip, bzip2, xz, or a ZIP archive that holds one."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath

from mesa_llm_city.core.tables.faults import TABLES_READ, fault
from mesa_llm_city.core.tables.formats import foreign_format, foreign_name

__all__ = ["Content", "read_content", "read_member", "unpacked"]

_PACKERS: tuple[tuple[str, bytes, str, Callable[[bytes], bytes]], ...] = (
    ("gzip", b"\x1f\x8b", ".gz", gzip.decompress),
    ("bzip2", b"BZh", ".bz2", bz2.decompress),
    ("xz", b"\xfd7zXZ\x00", ".xz", lzma.decompress),
)
_DAMAGED = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)
_ZIP = b"PK"
_TABLES = (".csv", ".tsv", ".tab", ".txt", ".parquet", ".pq")
_ARCHIVES: tuple[tuple[Callable[[str], object], str], ...] = (
    (re.compile(r"xl/").match, "an Excel workbook (.xlsx); save its sheet as CSV"),
    (re.compile(r"content\.xml$").match, "an OpenDocument file (.ods); save its sheet as CSV"),
    (re.compile(r"word/").match, "a document of a word processor; save the table as CSV"),
    (re.compile(r"(.*/)?stops\.txt$").match, "a GTFS archive, which serves for stations only"),
    (re.compile(r".*\.shp$").match, "a zipped Shapefile; name it .shp.zip, or unpack it"),
    (re.compile(r".*\.(geojson|gpkg|kml|gml)$").match, "a zipped map; unpack it"),
    (re.compile(r".*\.(osm|pbf)$").match, "a zipped OpenStreetMap extract; unpack it"),
)
"""Members by which an archive is known for something else than a packed table."""

_LONGEST = 80
_LONGEST_PATH = 1000
"""Characters of a name and of a path that messages show."""

_DEEPEST = 3
"""Packings within packings that are opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The bytes of one file, and what was assumed to get at them."""

    name: str
    data: bytes
    notes: tuple[str, ...] = ()


def read_content(path: str | Path) -> Content:
    """Read a file.

    Raises
    ------
    DataError
        If there is no such file, it is a folder, empty, or of a kind that is no table.
    """
    name = _shown_name(path)
    fault_of_path = _fault_of_path(path)
    if fault_of_path is not None:
        raise fault(name, fault_of_path)
    foreign = foreign_name(Path(path).name)
    if foreign is not None:
        raise fault(name, f"is {foreign}; {TABLES_READ}")
    try:
        return Content(name=name, data=Path(path).read_bytes())
    except OSError as error:
        raise fault(name, f"cannot be read ({error.strerror or error})") from error


def _shown_name(path: str | Path) -> str:
    name = Path(path).name or str(path) or "a table"
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}..."


def _fault_of_path(path: str | Path) -> str | None:
    """Return why there is no file at a path."""
    if "://" in str(path):
        return f"{path} is an address in the web; download it and give the file"
    try:
        if str(path).strip() and Path(path).is_file():
            return None
        if str(path).strip() and Path(path).is_dir():
            return f"{path} is a folder; give the file in it"
    except (OSError, ValueError):  # no name that a file may have
        return f"there is no such file ({str(path)[:_LONGEST]!r}...)"
    return f"there is no such file ({str(path)[:_LONGEST_PATH]})"


def unpacked(content: Content, depth: int = 0) -> Content:
    """Unpack bytes as often as they are packed.

    Raises
    ------
    DataError
        If they are not packed as the name says, damaged, or hold no table or several.
    """
    name, data = content.name, content.data
    if not data:
        raise fault(name, "is empty (0 bytes); give a table with a header and rows")
    for packer, magic, ending, unpack in _PACKERS:
        if data.startswith(magic):
            if depth == _DEEPEST:
                raise fault(name, f"is packed more than {_DEEPEST} times over; unpack it")
            inner = _opened(name, packer, unpack, data)
            return unpacked(_inside(content, inner, ending), depth + 1)
        if depth == 0 and name.casefold().endswith(ending):
            what = foreign_format(data)
            instead = f"it is {what}" if what else f"if it is not packed, take {ending} off"
            raise fault(name, f"is no {packer} file though its name ends in {ending}; {instead}")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return unpacked(_only_member(content), depth + 1)
    if depth == 0 and name.casefold().endswith(".zip"):
        raise fault(name, "is no ZIP archive though its name ends in .zip; it may be cut short")
    return content


def read_member(archive: zipfile.ZipFile, member: str, name: str) -> bytes:
    """Read a file of a ZIP archive.

    Raises
    ------
    DataError
        If it is damaged, or locked by a password.
    """
    try:
        return archive.read(member)
    except (*_DAMAGED, NotImplementedError) as error:
        raise fault(name, f"{member} in it is damaged ({error}); download it again") from error
    except RuntimeError as error:  # a password is asked for
        raise fault(name, f"{member} in it cannot be read ({error}); unpack it") from error


def _inside(content: Content, data: bytes, ending: str) -> Content:
    """Return unpacked bytes; a name such as ``trips.omx.gz`` says that they are no table."""
    name = content.name
    if name.casefold().endswith(ending):
        name = name[: -len(ending)]
    what = foreign_name(name)
    if what is not None:
        raise fault(content.name, f"holds {what}; {TABLES_READ}")
    return Content(name=content.name, data=data, notes=content.notes)


def _opened(name: str, packer: str, unpack: Callable[[bytes], bytes], data: bytes) -> bytes:
    try:
        return unpack(data)
    except _DAMAGED as error:
        message = f"is a damaged or cut {packer} file ({error}); download or pack it again"
        raise fault(name, message) from error


def _only_member(content: Content) -> Content:
    """Return the one table of a ZIP archive."""
    name = content.name
    try:
        archive = zipfile.ZipFile(BytesIO(content.data))
    except (*_DAMAGED, NotImplementedError) as error:
        raise fault(name, f"is a damaged ZIP archive ({error}); download it again") from error
    with archive:
        members = [one for one in archive.namelist() if _is_content(one)]
        what = _archive_kind(archive.namelist())
        if what is not None:
            raise fault(name, f"is {what}; {TABLES_READ}")
        tables = [one for one in members if PurePosixPath(one).suffix.casefold() in _TABLES]
        chosen = members if len(members) == 1 else _without_readme(tables)
        if len(chosen) != 1:
            listed = ", ".join(members[:10]) or "nothing"
            raise fault(name, f"must hold one table, but holds {listed}; give the table itself")
        data = read_member(archive, chosen[0], name)
    others = len(members) - 1
    notes = (f"holds {len(members)} files, of which {chosen[0]} was read",) if others else ()
    return Content(name=name, data=data, notes=(*content.notes, *notes))


def _without_readme(tables: list[str]) -> list[str]:
    """Prefer CSV and Parquet to plain text, which may be a licence."""
    firm = [one for one in tables if PurePosixPath(one).suffix.casefold() != ".txt"]
    return firm or tables


def _is_content(member: str) -> bool:
    """Return whether a member is a file of the user, no folder nor what a system added."""
    parts = PurePosixPath(member).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not member.endswith("/") and not hidden


def _archive_kind(members: list[str]) -> str | None:
    """Return what an archive is if it is no packed table."""
    paths = [one.casefold() for one in members]
    return next((what for sign, what in _ARCHIVES if any(map(sign, paths))), None)
