"""Zones from maps of areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.columns import ZONE_POPULATION
from mesa_llm_city.city.loading.geometry import AREAS, audit_geometry, mended
from mesa_llm_city.city.loading.ids import unique_ids
from mesa_llm_city.city.loading.layers import LayerCriteria
from mesa_llm_city.city.loading.tables import file_name, find_column, numbers, texts
from mesa_llm_city.city.loading.vector import read_map
from mesa_llm_city.city.loading.zone_columns import (
    has_names,
    id_column,
    name_column,
    only_words,
    text_columns,
)
from mesa_llm_city.city.projection import Projection
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.city import ZoneParameters

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["ZoneRows", "read_zones"]

_LAYERS = LayerCriteria("zones", ("Polygon", "Surface"), has_names)
_UNKNOWN = ("", "nan", "none", "null", "n/a", "na", "-")
_NO_AREA = "is no area; zones are polygons"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ZoneRows:
    """Usable zones of a file.

    Parameters
    ----------
    names, ids : tuple of str, length n
        Names to show, and ids in the file.
    polygons : ndarray of shapely geometries, shape (n,)
        Areas in degrees (WGS 84).
    population : ndarray of float64, shape (n,)
        Residents; NaN if unknown.
    source : str
        Name of the file, for messages.
    """

    names: tuple[str, ...]
    ids: tuple[str, ...]
    polygons: NDArray[np.object_]
    population: Float
    source: str = "zones"

    def keep(self, rows: NDArray[np.bool_]) -> ZoneRows:
        """Return some of the zones."""
        kept = np.flatnonzero(rows).tolist()
        return replace(
            self,
            names=tuple(self.names[row] for row in kept),
            ids=tuple(self.ids[row] for row in kept),
            polygons=self.polygons[rows],
            population=self.population[rows],
        )

    def to_zones(self, projection: Projection, parameters: ZoneParameters) -> Zones:
        """Project the zones; the parameters say how far they reach."""

        def project(corners: Float) -> Float:
            return np.column_stack(projection.project(corners[:, 0], corners[:, 1]))

        return Zones.of(
            shapely.transform(self.polygons, project),
            names=self.names,
            ids=self.ids,
            population=self.population,
            reach_m=parameters.given_reach_m,
        )


def read_zones(path: str | Path, report: Report) -> ZoneRows | None:
    """Read zones; None if the file cannot be read or holds no usable area."""
    report.reading(file_name(path))
    found = read_map(path, _LAYERS, report)
    if found is None:
        return None
    name, frame = found
    frame, repaired = mended(frame)
    audit = audit_geometry(frame, name)
    report.audit(audit)
    if repaired:
        audit.note(f"{repaired} outlines cross themselves and were repaired")
    shapes = np.asarray(frame.geometry.array, dtype=object)
    audit.flag(~np.isin(shapely.get_type_id(shapes), AREAS), "geometry", _NO_AREA)
    fields = frame.drop(columns=frame.geometry.name)
    ids, population = _ids(fields, audit), _population(fields, audit)
    if not np.any(audit.good):
        report.add(f"{name}: there is no usable area")
        return None
    names = [own or number for own, number in zip(_names(fields, audit), ids, strict=True)]
    _leave_out_repeated(shapes, names, audit)
    rows = np.flatnonzero(audit.good).tolist()
    return ZoneRows(
        names=tuple(names[row] for row in rows),
        ids=tuple(ids[row] for row in rows),
        polygons=shapes[rows],
        population=population[rows],
        source=name,
    )


def _leave_out_repeated(shapes: NDArray[np.object_], names: Sequence[str], audit: Audit) -> None:
    """Leave out zones with the outline of a zone above, in which no place could lie."""
    outlines = shapely.to_wkb(shapely.normalize(shapes))
    first: dict[bytes, int] = {}
    repeated = [
        row
        for row in np.flatnonzero(audit.good).tolist()
        if first.setdefault(outlines[row], row) != row
    ]
    if repeated:
        audit.good[repeated] = False
        row = repeated[0]
        audit.note(
            f"{len(repeated)} zones left out: their outlines are those of other zones, such as "
            f"that of {names[row]!r} of {names[first[outlines[row]]]!r}"
        )


def _names(fields: DataFrame, audit: Audit) -> list[str]:
    """Return the names of zones; without a field of names, note which fields were not read."""
    column = name_column(fields)
    if column is None and (column := only_words(fields)) is not None:
        audit.note(f"{column} is taken for the names of the zones")
    if column is None:
        unread = ", ".join(text_columns(fields))
        hint = f"; fields not read: {unread}; call that of the names name" if unread else ""
        audit.note(f"no field of names was recognised, so zones are called by their ids{hint}")
    return texts(fields, column)


def _ids(fields: DataFrame, audit: Audit) -> list[str]:
    """Return the ids of zones; a field that repeats is no key, and zones are numbered instead."""
    column = id_column(fields)
    return unique_ids(texts(fields, column), column or "id", audit)


def _population(fields: DataFrame, audit: Audit) -> Float:
    """Return residents; NaN where unknown."""
    column = find_column(fields, ZONE_POPULATION)
    values = numbers(fields, column)
    if column is None:
        return values
    cells = texts(fields, column)
    is_given = np.array([cell.casefold() not in _UNKNOWN for cell in cells], dtype=np.bool_)
    audit.flag(values < 0, column, lambda row: f"{values[row]:g} is negative")
    unread = is_given & ~np.isfinite(values)
    audit.flag(unread, column, lambda row: f"{cells[row]!r} is no number from 0 up")
    return values
