"""Whether places, zones and stations lie where they can belong to one city."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.contents import Contents
from mesa_llm_city.city.loading.places import PlaceRows
from mesa_llm_city.city.loading.zones import ZoneRows
from mesa_llm_city.city.projection import EXCHANGED, Projection
from mesa_llm_city.core.values import Float

__all__ = ["check_positions"]

_FAR_M = 200_000.0
"""Places farther than this from the middle of all are taken for mistakes in coordinates."""


def check_positions(
    read: Contents, projection: Projection, middle: tuple[float, float], report: Report
) -> None:
    """Flag places far from all others or outside the zones, and leave out far stations.

    Parameters
    ----------
    read : Contents
        Places, zones and stations in degrees; stations out of reach are removed.
    projection : Projection
        From degrees to metres.
    middle : tuple of float
        Longitude and latitude of the middle of all places.
    report : Report
        Gets one line where nothing of one file belongs to the others.
    """
    at = [
        _projected(rows.draft.x, rows.draft.y, rows.audit.good, projection) for rows in read.places
    ]
    middle_m = projection.project(*middle)
    for rows, (x, y) in zip(read.places, at, strict=True):
        _flag_far(rows, _is_far(x, y, middle_m), projection, middle_m)
    _check_zones(read, projection, at, middle, report)
    _check_stations(read, projection, at, report)


def _is_far(x: Float, y: Float, middle_m: tuple[Float, Float]) -> NDArray[np.bool_]:
    return ~(np.hypot(x - middle_m[0], y - middle_m[1]) <= _FAR_M)


def _flag_far(
    rows: PlaceRows,
    far: NDArray[np.bool_],
    projection: Projection,
    middle_m: tuple[Float, Float],
) -> None:
    """Flag places far from all others, and ask whether they are near once exchanged."""
    exchanged = projection.project(rows.draft.y, rows.draft.x)
    is_exchanged = far & ~_is_far(*exchanged, middle_m)
    what = f"lies more than {_FAR_M / 1000.0:.0f} km from the middle of all places"
    rows.audit.flag(
        far & rows.audit.good,
        "position",
        lambda row: what + (EXCHANGED if is_exchanged[row] else ""),
    )


def _projected(
    lon: Float, lat: Float, good: NDArray[np.bool_], projection: Projection
) -> tuple[Float, Float]:
    """Return good positions in metres; infinity for the others."""
    x, y = np.full(len(lon), np.inf), np.full(len(lon), np.inf)
    x[good], y[good] = projection.project(lon[good], lat[good])
    return x, y


def _check_zones(
    read: Contents,
    projection: Projection,
    at: list[tuple[Float, Float]],
    middle: tuple[float, float],
    report: Report,
) -> None:
    """Flag places outside the zones; if all are, say it once."""
    if read.zones is None:
        return
    read.zones = _without_far(read.zones, projection, middle, report)
    zones = read.zones.to_zones(projection, read.parameters.city.zones)
    outside = []
    for rows, (x, y) in zip(read.places, at, strict=True):
        wrong = rows.audit.good.copy()
        wrong[wrong] = ~zones.contains(x[wrong], y[wrong])
        outside.append(wrong)
    good = np.concatenate([rows.audit.good for rows in read.places])
    if np.array_equal(np.concatenate(outside), good) and np.any(good):
        report.add(_no_overlap(read.zones, zones.reach_m, middle))
        return
    for rows, wrong in zip(read.places, outside, strict=True):
        _leave_outside(rows, wrong, f"more than {zones.reach_m:.0f} m outside the zones")


def _without_far(
    zones: ZoneRows, projection: Projection, middle: tuple[float, float], report: Report
) -> ZoneRows:
    """Refuse zones that reach far from all places, or leave them out."""
    corners, row = shapely.get_coordinates(zones.polygons, return_index=True)
    x, y = projection.project(corners[:, 0], corners[:, 1])
    middle_x, middle_y = projection.project(*middle)
    distance = np.hypot(x - middle_x, y - middle_y)
    away = np.zeros(len(zones.names))
    np.maximum.at(away, row, distance)
    near = away <= _FAR_M
    if np.all(near) or np.min(distance) > _FAR_M:  # If all are elsewhere, no place lies in one.
        return zones
    for at in np.flatnonzero(~near).tolist():
        reaches = f"zone {zones.names[at]!r} reaches {away[at] / 1000.0:,.0f} km from the places"
        if report.drop_bad_rows and np.any(near):
            report.note(f"{zones.source}: {reaches} and was left out")
        else:
            report.add(f"{zones.source}: {reaches}; the most is {_FAR_M / 1000.0:.0f} km")
    return zones.keep(near) if np.any(near) else zones


def _leave_outside(rows: PlaceRows, outside: NDArray[np.bool_], where: str) -> None:
    """Flag rows outside the zones; a map of OpenStreetMap may be larger than the zones."""
    count, rest = np.count_nonzero(outside), np.count_nonzero(rows.audit.good & ~outside)
    if not (rows.are_tags and count and rest):
        rows.audit.flag(outside, "position", f"lies {where}")
        return
    rows.audit.good[outside] = False
    rows.audit.note(f"{count} features left out: they lie {where}")


def _no_overlap(zones: ZoneRows, reach_m: float, middle: tuple[float, float]) -> str:
    """Say that no place lies in a zone, where both are, and what to do."""
    west, south, east, north = shapely.total_bounds(zones.polygons)
    lon, lat = middle
    is_swapped = west <= lat <= east and south <= lon <= north
    swapped = " (they would with longitude and latitude exchanged)" if is_swapped else ""
    return (
        f"{zones.source}: no place lies within {reach_m:.0f} m of a zone{swapped}; the places lie "
        f"around {lon:.4f} E {lat:.4f} N, the zones between {west:.4f} and {east:.4f} E, "
        f"{south:.4f} and {north:.4f} N; give places and zones of the same city"
    )


def _check_stations(
    read: Contents, projection: Projection, at: list[tuple[Float, Float]], report: Report
) -> None:
    """Leave out stations that no place is near; if no place is near any, say it once."""
    if read.stations is None or not len(read.stations):
        return
    x, y = (np.concatenate(column) for column in zip(*at, strict=True))
    known = np.isfinite(x) & np.isfinite(y)
    tree = cKDTree(np.column_stack([x[known], y[known]]))
    away = _distances_to(tree, *projection.project(read.stations.x, read.stations.y))
    reach = read.parameters.city.loading.station_reach_m
    near = away <= reach
    if not np.any(near):
        exchanged = _distances_to(tree, *projection.project(read.stations.y, read.stations.x))
        least = float(np.min(away)) / 1000.0
        advice = EXCHANGED if np.any(exchanged <= reach) else "; give the stations of the same city"
        report.add(
            f"the stations: the nearest lies {least:.0f} km from any place, farther than "
            f"{reach / 1000:.0f} km{advice}"
        )
        return
    if far := int(np.count_nonzero(~near)):
        report.note(f"{far} stations left out: farther than {reach / 1000:.0f} km from any place")
    read.stations = read.stations.kept(near)


def _distances_to(places: cKDTree, x: Float, y: Float) -> Float:
    """Return how far points are from the nearest place, in metres; infinity where there is none."""
    here = np.isfinite(x) & np.isfinite(y)
    away = np.full(len(here), np.inf)
    away[here] = places.query(np.column_stack([x[here], y[here]]))[0]
    return away
