"""Places from a grid of cells that counts residents, jobs and services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.columns import GRID_COUNTS
from mesa_llm_city.city.loading.coordinates import coordinates
from mesa_llm_city.city.loading.options import LoadOptions
from mesa_llm_city.city.loading.places import PlaceRows
from mesa_llm_city.city.loading.tables import find_column, note_misspelt, numbers, texts
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.projection import M_PER_DEGREE
from mesa_llm_city.core import streams
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.city import LoadingParameters

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["grid_rows", "is_grid"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cells:
    """Good cells of a grid: centres in degrees, half the distance between them, counts."""

    lon: Float
    lat: Float
    ids: tuple[str, ...]
    half_m: float
    counts: dict[str, Float]
    assumed: LoadingParameters

    def scatter(self, rng: Generator, cell: Int) -> tuple[Float, Float]:
        """Draw a point in each of the given cells, uniform in a square, in degrees."""
        reach_m = self.assumed.scatter_share * self.half_m
        east, north = rng.uniform(-reach_m, reach_m, (2, len(cell)))
        lat = self.lat[cell]
        stretch = M_PER_DEGREE * np.cos(np.radians(lat))
        return self.lon[cell] + east / stretch, lat + north / M_PER_DEGREE


def is_grid(table: DataFrame) -> bool:
    """Return whether a table counts people or jobs per cell and names no kinds of place."""
    named = find_column(table, ("category", "kind", "osm_key", "amenity", "shop", "building"))
    counted = [find_column(table, (name,)) for name in GRID_COUNTS]
    return named is None and any(column is not None for column in counted)


def grid_rows(
    table: DataFrame,
    source: str,
    options: LoadOptions,
    assumed: LoadingParameters,
    report: Report,
) -> tuple[list[PlaceRows], tuple[str, ...]]:
    """Make places of cells, seeded, and say what was assumed.

    Each cell gets residences that share its population, a workplace for its jobs,
    its schools and health centres, all scattered within the cell. Since such a
    grid knows no shops, cells with jobs also get services: of each of nine kinds
    one per 300 jobs, rounded at random, whose staff is part of the jobs of the cell.
    These numbers are parameters (``city.loading``).

    Returns
    -------
    rows : list of PlaceRows
    notes : tuple of str
    """
    audit = Audit.of_table(source, table)
    report.audit(audit)
    at = coordinates(table, source, audit, report)
    if at is None:
        return [], ()
    note_misspelt(table, [(name,) for name in GRID_COUNTS], source, report)
    counts = {name: _count(table, name, audit) for name in GRID_COUNTS}
    good = audit.good
    ids = texts(table, find_column(table, ("id", "cell", "cell_id"))) or []
    cells = _Cells(
        lon=at[0][good],
        lat=at[1][good],
        ids=tuple(ids[row] for row in np.flatnonzero(good).tolist()),
        half_m=_half_distance_m(at[0][good], at[1][good], assumed.lone_cell_m),
        counts={name: values[good] for name, values in counts.items()},
        assumed=assumed,
    )
    if not len(cells.lon):
        return [], ()
    rng = streams.rng(options.seed, 0, "grid places", 0)
    residences = assumed.residences if options.residences is None else options.residences
    homes, work = _homes(rng, cells, residences), _jobs(rng, cells)
    rows = Draft.join([homes, *work, *_public(rng, cells)])
    return [PlaceRows(rows, Audit(source, len(rows)))], _notes(source, cells)


def _count(table: DataFrame, name: str, audit: Audit) -> Float:
    """Read a column of counts; 0 where there is no such column, or nothing in it."""
    column = find_column(table, (name,))
    if column is None:
        return np.zeros(len(table))
    values, cells = numbers(table, column), texts(table, column)
    blank = np.array([not cell for cell in cells], dtype=np.bool_)
    if blank.all():
        audit.flag(blank, column, "is empty; fill the column, or leave it out")
    elif blank.any():
        values[blank] = 0.0
        audit.note(f"{column} is empty in {np.count_nonzero(blank)} rows and counts as 0")
    wrong = ~(np.isfinite(values) & (values >= 0))
    audit.flag(wrong, column, lambda row: f"{cells[row]!r} is no number from 0 up")
    return values


def _half_distance_m(lon: Float, lat: Float, lone_m: float) -> float:
    """Return half the usual distance between neighbouring centres; `lone_m` for a lone cell."""
    if len(lon) < 2:
        return lone_m
    stretch = np.cos(np.radians(np.median(lat)))
    plane = np.column_stack([lon * stretch, lat]) * M_PER_DEGREE
    nearest = np.asarray(cKDTree(plane).query(plane, k=2)[0])[:, 1]
    return float(np.median(nearest)) / 2.0


def _homes(rng: Generator, cells: _Cells, residences: int) -> Draft:
    """Give each inhabited cell residences in proportion to its people."""
    people = cells.counts["population"]
    share = people / max(float(np.sum(people)), 1.0)
    number = np.where(people > 0, np.maximum(1, np.round(share * residences)), 0).astype(int)
    cell = np.repeat(np.arange(len(people)), number)
    x, y = cells.scatter(rng, cell)
    residents = (people / np.maximum(number, 1))[cell]
    return Draft.of(
        ["home"] * len(cell), x=x, y=y, residents=residents, source_id=_ids(cells, cell)
    )


def _jobs(rng: Generator, cells: _Cells) -> list[Draft]:
    """Give each cell services that grow with its jobs, and one workplace for the rest."""
    jobs, services = cells.counts["jobs"], cells.assumed.service_jobs
    each = cells.assumed.jobs_per_service
    number = {
        kind: _at_least_one(np.floor(jobs / each + rng.random(len(jobs))), jobs)
        for kind in services
    }
    staff = np.sum([number[kind] * size for kind, size in services.items()], axis=0)
    # Where services would need more people than there are jobs, all shrink alike.
    shrink = np.asarray(np.minimum(1.0, jobs / np.maximum(staff, 1.0)))
    drafts = []
    for kind, size in services.items():
        cell = np.repeat(np.arange(len(jobs)), number[kind].astype(int))
        drafts.append(_draft(rng, cells, kind, cell, size * shrink[cell]))
    rest = np.flatnonzero(jobs - staff * shrink >= 1.0)
    drafts.append(_draft(rng, cells, "office=company", rest, (jobs - staff * shrink)[rest]))
    return drafts


def _at_least_one(number: Float, jobs: Float) -> Float:
    """Make sure that a service exists somewhere: where there are most jobs."""
    if not np.any(number) and np.any(jobs):
        number[int(np.argmax(jobs))] = 1.0
    return number


def _public(rng: Generator, cells: _Cells) -> list[Draft]:
    """Give each cell the schools and health centres it counts."""
    drafts = []
    for column, kind in (("schools", "amenity=school"), ("healthcare", "amenity=clinic")):
        number = np.round(cells.counts[column]).astype(int)
        cell = np.repeat(np.arange(len(number)), number)
        drafts.append(_draft(rng, cells, kind, cell, None))
    return drafts


def _draft(
    rng: Generator, cells: _Cells, kind: str, cell: Int, jobs: NDArray[np.float64] | None
) -> Draft:
    """Put one place of a kind into each of the given cells."""
    x, y = cells.scatter(rng, cell)
    figures = {} if jobs is None else {"jobs": jobs}
    return Draft.of([kind] * len(cell), x=x, y=y, source_id=_ids(cells, cell), **figures)


def _ids(cells: _Cells, cell: Int) -> list[str]:
    """Return the ids of cells."""
    return [cells.ids[row] for row in cell.tolist()]


def _notes(source: str, cells: _Cells) -> tuple[str, ...]:
    """Say how the cells became places."""
    made = f"{source}: {len(cells.lon)} cells made places, scattered within {cells.half_m:.0f} m"
    services = ", ".join(cells.assumed.service_jobs)
    assumed = (
        f"{source}: such a grid names no services, so one of each of {services} is assumed per "
        f"{cells.assumed.jobs_per_service:.0f} jobs of a cell; their staff is part of its jobs, "
        "that of schools and health centres comes on top"
    )
    return made, assumed
