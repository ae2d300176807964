"""From files to a city: read everything, check everything, then build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.city import City
from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.build import build_city
from mesa_llm_city.city.loading.contents import Contents
from mesa_llm_city.city.loading.formats import is_map, split_layer, unread_format
from mesa_llm_city.city.loading.grids import grid_rows, is_grid
from mesa_llm_city.city.loading.options import LoadOptions
from mesa_llm_city.city.loading.osm import is_osm
from mesa_llm_city.city.loading.osm_places import osm_rows
from mesa_llm_city.city.loading.places import map_rows, table_rows
from mesa_llm_city.city.loading.positions import check_positions
from mesa_llm_city.city.loading.stations import read_stations
from mesa_llm_city.city.loading.streets import read_streets
from mesa_llm_city.city.loading.tables import file_name, read_table
from mesa_llm_city.city.loading.vector import quiet
from mesa_llm_city.city.loading.wanted_kinds import WantedKinds
from mesa_llm_city.city.loading.zones import read_zones
from mesa_llm_city.city.named_places import named_keys
from mesa_llm_city.city.projection import Projection, median_degrees, utm_crs
from mesa_llm_city.parameters import CityParameters

__all__ = ["load_city"]

_KINDS_SHOWN = 20
_TAGS_SHOWN = 8


def load_city(
    places: str | Path | Sequence[str | Path],
    *,
    zones: str | Path | None = None,
    stations: str | Path | None = None,
    network: str | Path | None = None,
    categories: str | Path | Categories | None = None,
    options: LoadOptions | None = None,
    parameters: CityParameters | None = None,
) -> City:
    """Read a city from files (see ``docs/reference/places_table.md``).

    Parameters
    ----------
    places : path, or sequence of paths
        Each one of

        - CSV (also compressed) or Parquet with longitude (lon, lng, longitude, x) and
          latitude (lat, latitude, y) in degrees; the kind of place in ``category``, in
          ``osm_key`` and ``osm_value``, or in columns named by OpenStreetMap keys; and
          perhaps id, name, jobs, residents, rating, price and opening_hours;
        - a map (GeoJSON, GeoPackage, Shapefile, FlatGeobuf, KML, GeoParquet; also zipped) of
          points or areas with such fields; ``"city.gpkg|shops"`` names a layer;
        - an OpenStreetMap extract, ``.pbf`` or ``.osm``: its points and areas;
        - a grid: CSV or Parquet of cell centres without kinds, but with population,
          jobs, schools or healthcare (see `grids.grid_rows`).
    zones : path, optional
        A map of polygons, perhaps with id, name and population.
    stations : path, optional
        CSV or Parquet with longitude, latitude and name; a map of points; or a GTFS
        archive or folder, of which the stops of rail routes are taken.
    network : path, optional
        Lines in a map or in an extract, with ``highway`` and ``maxspeed`` if known; CSV of
        edges (u, v, length_m) beside one of junctions (node, lon, lat); or GraphML.
    categories : path or Categories, optional
        Table of kinds of place; that of the package by default.
    options : LoadOptions, optional
        What to do with unusable rows, and how many homes to draw.
    parameters : CityParameters, optional
        What is assumed where the files are silent, and the kinds of place that purposes name.

    Returns
    -------
    City
        In the UTM zone of its places; its notes say what was left out or assumed.

    Raises
    ------
    DataError
        Lists every defect of all files: missing columns, unknown kinds, broken
        geometry, wrong reference systems, places outside the zones.
    """
    tree = CityParameters() if parameters is None else parameters
    read = Contents(
        wanted=WantedKinds(_categories(categories, tree), named_keys(tree.purposes)),
        options=options or LoadOptions(),
        parameters=tree,
    )
    report = Report(drop_bad_rows=read.options.bad_rows == "drop")
    paths = [places] if isinstance(places, str | Path) else list(places)
    given = [path for path in (*paths, zones, stations, network) if path is not None]
    _refuse_formats(given, report)
    with quiet():
        for path in paths:
            _read_places(path, read, report)
        read.zones = None if zones is None else read_zones(zones, report)
        read.stations = None if stations is None else read_stations(stations, report)
        if network is not None:
            read.streets = read_streets(network, report, tree.city.streets)
        projection = _check(read, report)
        read.notes += report.notes
        read.files = [split_layer(path)[0] for path in given]
        return build_city(read, projection)


def _refuse_formats(paths: Sequence[str | Path], report: Report) -> None:
    """Refuse files of kinds that are not read, before any is opened."""
    for path in paths:
        if (problem := unread_format(path)) is not None:
            report.reading(file_name(path))
            report.add(f"{file_name(path)}: {problem}")
    report.close()


def _categories(given: str | Path | Categories | None, parameters: CityParameters) -> Categories:
    """Return the table of kinds."""
    if given is None:
        return Categories.default()
    if isinstance(given, Categories):
        return given
    return Categories.from_csv(given, purposes=parameters.purposes)


def _read_places(path: str | Path, read: Contents, report: Report) -> None:
    """Read a file of places, or of grid cells."""
    name = file_name(path)
    report.reading(name)
    if is_osm(path):
        read.places += osm_rows(path, read.wanted, read.parameters.city.loading, report)
        return
    if is_map(path):
        read.places += map_rows(path, read.wanted, report)
        return
    table = read_table(path, report)
    if table is None:
        return
    if is_grid(table):
        rows, notes = grid_rows(table, name, read.options, read.parameters.city.loading, report)
        read.places += rows
        read.notes += notes
        return
    read.places += table_rows(table, name, read.wanted, report)


def _check(read: Contents, report: Report) -> Projection:
    """Check what can be checked only now, and raise if anything was wrong."""
    lon = np.concatenate([np.empty(0), *(rows.draft.x[rows.audit.good] for rows in read.places)])
    lat = np.concatenate([np.empty(0), *(rows.draft.y[rows.audit.good] for rows in read.places)])
    if not len(lon):
        report.close()
        report.add("there is no usable place in any file")
        report.close()
    projection = Projection(utm_crs(lon, lat))
    check_positions(read, projection, median_degrees(lon, lat), report)
    missing = _unknown_kinds(read, are_tags=False)
    if missing and read.options.unknown == "error":
        report.add(*_unknown_kind_lines(missing, read.wanted))
        report.close(
            "extend the table of categories, name such kinds in the places of a purpose, or "
            "leave such places out with unknown='drop' (--unknown drop)"
        )
    report.close()
    read.notes += [f"unknown category {kind!r}: {n} rows left out" for kind, n in missing.items()]
    read.notes += _note_on_unknown_tags(_unknown_kinds(read, are_tags=True))
    return projection


def _unknown_kind_lines(missing: Mapping[str, int], wanted: WantedKinds) -> Iterator[str]:
    """Yield a line for each unknown kind, the most frequent first, and the number of the rest."""
    kinds = sorted(missing, key=lambda kind: -missing[kind])
    for kind in kinds[:_KINDS_SHOWN]:
        yield f"unknown category {kind!r} in {missing[kind]} rows{wanted.suggestion(kind)}"
    if len(kinds) > _KINDS_SHOWN:
        rows = [missing[kind] for kind in kinds[_KINDS_SHOWN:]]
        yield f"... and {len(rows)} more unknown categories in {sum(rows)} rows"


def _note_on_unknown_tags(tags: dict[str, int]) -> list[str]:
    """Say which tags of OpenStreetMap nobody knows."""
    if not tags:
        return []
    most = sorted(tags.items(), key=lambda entry: (-entry[1], entry[0]))[:_TAGS_SHOWN]
    shown = ", ".join(f"{tag} {n}" for tag, n in most)
    more = f", and {len(tags) - len(most)} other tags" if len(tags) > len(most) else ""
    why = "features left out, since the table of categories lacks their tags"
    return [f"{sum(tags.values())} {why}: {shown}{more}"]


def _unknown_kinds(read: Contents, *, are_tags: bool) -> dict[str, int]:
    """Count the kinds that nobody knows, over all files; rows to be dropped do not count.

    Those of OpenStreetMap and those of users' own tables are counted apart.
    """
    missing: dict[str, int] = {}
    for rows in read.places:
        if rows.are_tags is not are_tags:
            continue
        is_dropped = read.options.bad_rows == "drop"
        draft = rows.draft.keep(rows.audit.good) if is_dropped else rows.draft
        for kind, count in read.wanted.unknown(draft).items():
            missing[kind] = missing.get(kind, 0) + count
    return missing
