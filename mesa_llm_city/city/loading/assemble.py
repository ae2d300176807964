"""From files to a city: read everything, check everything, then build."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.city import City
from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.grids import grid_rows, is_grid
from mesa_llm_city.city.loading.options import LoadOptions
from mesa_llm_city.city.loading.places import PlaceRows, map_rows, table_rows
from mesa_llm_city.city.loading.residences import FEWEST_RESIDENCES, draw_residences
from mesa_llm_city.city.loading.stations import read_stations
from mesa_llm_city.city.loading.streets import StreetRows, read_streets
from mesa_llm_city.city.loading.tables import file_name, read_table
from mesa_llm_city.city.loading.vector import is_osm, is_vector
from mesa_llm_city.city.loading.zones import ZoneRows, read_zones
from mesa_llm_city.city.network import Network
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places
from mesa_llm_city.city.projection import Projection, utm_crs
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["load_city"]

_FAR_M = 200_000.0


@dataclass(slots=True)
class _Read:
    """What the files hold, in degrees, before anything is built."""

    places: list[PlaceRows] = field(default_factory=list)
    zones: ZoneRows | None = None
    stations: Stations | None = None
    streets: StreetRows | None = None
    notes: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)


def load_city(
    places: str | Path | Sequence[str | Path],
    *,
    zones: str | Path | None = None,
    stations: str | Path | None = None,
    network: str | Path | None = None,
    categories: str | Path | Categories | None = None,
    options: LoadOptions | None = None,
) -> City:
    """Read a city from files.

    Parameters
    ----------
    places : path, or sequence of paths
        Each one of

        - CSV (also compressed) or Parquet with longitude (lon, lng, longitude, x) and
          latitude (lat, latitude, y) in degrees; the kind of place in ``category``, in
          ``osm_key`` and ``osm_value``, or in columns named by OpenStreetMap keys; and
          perhaps id, name, jobs, residents, rating, price and opening_hours;
        - GeoJSON, GeoPackage or Shapefile of points or areas with such fields;
        - an OpenStreetMap extract, ``.pbf`` or ``.osm``: its points and areas;
        - a grid: CSV or Parquet of cell centres without kinds, but with population,
          jobs, schools or healthcare (see `grids.grid_rows`).
    zones : path, optional
        GeoJSON, GeoPackage or Shapefile of polygons, perhaps with id, name and population.
    stations : path, optional
        CSV or Parquet with longitude, latitude and name; a map of points; or a GTFS
        archive, of which the stops of rail routes are taken.
    network : path, optional
        Lines in a map or in an extract, with ``highway`` and ``maxspeed`` if known; or
        CSV of edges (u, v, length_m) beside one of junctions (node, lon, lat).
    categories : path or Categories, optional
        Table of kinds of place; that of the package by default.
    options : LoadOptions, optional
        What to do with unusable rows, and how many homes to draw.

    Returns
    -------
    City
        In the UTM zone of its places; its notes say what was left out or assumed.

    Raises
    ------
    DataError
        Lists every defect of all files: missing columns, unknown kinds, broken
        geometry, wrong reference systems, repeated ids, places outside the zones.
    """
    options = options or LoadOptions()
    paths = [places] if isinstance(places, str | Path) else list(places)
    table = _categories(categories)
    report = Report(drop_bad_rows=options.bad_rows == "drop")
    read = _Read()
    for path in paths:
        _read_places(path, table, options, report, read)
    read.zones = None if zones is None else read_zones(zones, report)
    read.stations = None if stations is None else read_stations(stations, report)
    read.streets = None if network is None else read_streets(network, report)
    projection = _check(read, table, options, report)
    read.notes += report.notes
    given = [*paths, zones, stations, network]
    read.files = [Path(path) for path in given if path is not None]
    return _build(read, table, options, projection)


def _categories(given: str | Path | Categories | None) -> Categories:
    """Return the table of kinds."""
    if given is None:
        return Categories.default()
    return given if isinstance(given, Categories) else Categories.from_csv(given)


def _read_places(
    path: str | Path, categories: Categories, options: LoadOptions, report: Report, read: _Read
) -> None:
    """Read a file of places, or of grid cells."""
    name = file_name(path)
    report.reading(name)
    if is_osm(path) or is_vector(path):
        read.places += map_rows(path, categories, report)
        return
    table = read_table(path, report)
    if table is None:
        return
    if is_grid(table):
        rows, notes = grid_rows(table, name, options, report)
        read.places += rows
        read.notes += notes
        return
    read.places += table_rows(table, name, categories, report)


def _check(read: _Read, categories: Categories, options: LoadOptions, report: Report) -> Projection:
    """Check what can be checked only now, and raise if anything was wrong."""
    lon = np.concatenate([np.empty(0), *(rows.draft.x[rows.audit.good] for rows in read.places)])
    lat = np.concatenate([np.empty(0), *(rows.draft.y[rows.audit.good] for rows in read.places)])
    if not len(lon):
        report.close()
        report.add("there is no usable place in any file")
        report.close()
    projection = Projection(utm_crs(lon, lat))
    _check_position(read, projection, float(np.median(lon)), float(np.median(lat)))
    missing = _unknown_kinds(read, categories, dropped=options.bad_rows == "drop")
    if missing and options.unknown == "error":
        report.add(*(f"unknown category {kind!r} in {n} rows" for kind, n in missing.items()))
        report.close(
            "extend the table of categories, or leave such places out with unknown='drop' "
            "(--unknown drop)"
        )
    report.close()
    read.notes += [f"unknown category {kind!r}: {n} rows left out" for kind, n in missing.items()]
    return projection


def _check_position(read: _Read, projection: Projection, lon: float, lat: float) -> None:
    """Flag places far from all others, or outside the zones."""
    middle_x, middle_y = projection.project(lon, lat)
    zones = None if read.zones is None else read.zones.to_zones(projection)
    for rows in read.places:
        good = rows.audit.good.copy()
        x, y = np.full(len(good), np.inf), np.full(len(good), np.inf)
        x[good], y[good] = projection.project(rows.draft.x[good], rows.draft.y[good])
        far = ~(np.hypot(x - middle_x, y - middle_y) <= _FAR_M)
        rows.audit.flag(
            far & good, "position", "lies more than 200 km from the middle of all places"
        )
        if zones is not None:
            near = rows.audit.good.copy()
            outside = np.zeros(len(near), dtype=np.bool_)
            outside[near] = ~zones.contains(x[near], y[near])
            told = f"lies more than {zones.reach_m:.0f} m outside the zones"
            rows.audit.flag(outside, "position", told)


def _unknown_kinds(read: _Read, categories: Categories, *, dropped: bool) -> dict[str, int]:
    """Count the kinds that the table lacks, over all files; rows to be dropped do not count."""
    missing: dict[str, int] = {}
    for rows in read.places:
        draft = rows.draft.keep(rows.audit.good) if dropped else rows.draft
        for kind, count in draft.unknown_kinds(categories).items():
            missing[kind] = missing.get(kind, 0) + count
    return missing


def _build(
    read: _Read, categories: Categories, options: LoadOptions, projection: Projection
) -> City:
    """Build the city of rows that are all in order."""
    draft = Draft.join([rows.draft.keep(rows.audit.good) for rows in read.places])
    draft = draft.at(*projection.project(draft.x, draft.y))
    places = draft.to_places(categories)
    given = None if read.zones is None else read.zones.to_zones(projection)
    zones = given or Zones.grid(places.x, places.y)
    places = places.with_zone(zones.zone_of(places.x, places.y))
    places, told = _with_residences(places, zones, options, are_given=given is not None)
    bounds = (places.x.min(), places.y.min(), places.x.max(), places.y.max())
    return City(
        places=places,
        zones=zones,
        crs=projection.crs,
        stations=None if read.stations is None else _projected(read.stations, projection),
        network=_network(read.streets, projection, bounds),
        name=read.files[0].name.split(".")[0],
        notes=(*read.notes, *_left_out(draft, categories), told),
        inputs=tuple((path.name, _digest(path)) for path in read.files),
    )


def _network(
    streets: StreetRows | None, projection: Projection, bounds: tuple[float, float, float, float]
) -> Network | None:
    """Build the network of the streets near the places."""
    if streets is None:
        return None
    network = streets.to_network(projection, bounds)
    if not len(network):
        source, told = "the network", "no street lies within 2 km of the places"
        raise DataError.listing(source, [f"{told}; give the streets of the same city"])
    return network


def _projected(stations: Stations, projection: Projection) -> Stations:
    """Project stations, and make those of one name that lie close together one."""
    x, y = projection.project(stations.x, stations.y)
    return Stations(names=stations.names, x=x, y=y).merged()


def _with_residences(
    places: Places, zones: Zones, options: LoadOptions, *, are_given: bool
) -> tuple[Places, str]:
    """Add residences if there are few, and say where they come from."""
    held = len(places.offering(Purpose.SLEEP))
    if held >= FEWEST_RESIDENCES:
        return places, f"{held} residences from the files"
    luck = streams.rng(options.seed, 0, "residences", 0)
    draft, told = draw_residences(luck, places, zones if are_given else None, options.residences)
    homes = draft.to_places(Categories.default())
    located = homes.with_zone(zones.zone_of(homes.x, homes.y))
    return places.append(located), f"{told} (the files hold {held})"


def _left_out(draft: Draft, categories: Categories) -> list[str]:
    """Say what the table leaves out on purpose, and which hours could not be read."""
    rows = [kind for kind in draft.kind if (row := categories.find(kind)) and row.is_left_out]
    kinds, counts = np.unique(np.array(rows, dtype=object), return_counts=True)
    told = ", ".join(f"{kind} {count}" for kind, count in zip(kinds, counts, strict=True))
    notes = [f"{len(rows)} rows of kinds that nobody visits left out: {told}"] if rows else []
    unread = draft.unread_hours()
    if unread:
        notes.append(f"{unread} opening hours could not be read; those of the kind are used")
    return notes


def _digest(path: Path) -> str:
    """Return the SHA-256 digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
