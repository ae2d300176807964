"""Density of people or arrivals on a mesh, of a run against observed counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_array

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.observed.counts import ObservedCounts
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import (
    Better,
    Family,
    Figure,
    Measure,
    measures_of,
)
from mesa_llm_city.experiments.validation.person_days import by_day
from mesa_llm_city.experiments.validation.projection import to_metres
from mesa_llm_city.experiments.validation.run_tables import Bool, RunTables
from mesa_llm_city.experiments.validation.similarity import (
    common_part,
    kl_divergence,
    pearson,
    ssim,
)

__all__ = ["Mesh", "arrivals", "by_cell", "density", "figures", "present"]

_FIGURES: Sequence[tuple[str, str, Better]] = (
    ("Pearson's correlation over the cells", "", "higher"),
    ("structural similarity (SSIM) of log(1 + count)", "", "higher"),
    ("Kullback-Leibler divergence", "bit", "lower"),
    ("common part of both distributions", "", "higher"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesh:
    """Square cells over a rectangle.

    Parameters
    ----------
    west, south : float
        Corner in metres.
    cell_m : float
        Length of a side in metres.
    columns, rows : int
        Number of cells eastwards and northwards.
    """

    west: float
    south: float
    cell_m: float
    columns: int
    rows: int

    @classmethod
    def over(cls, x: Float, y: Float, cell_m: float) -> Self:
        """Return a mesh that holds all points."""
        west, south = (np.floor(float(axis.min()) / cell_m) * cell_m for axis in (x, y))
        columns, rows = (
            int((float(axis.max()) - low) // cell_m) + 1 for axis, low in ((x, west), (y, south))
        )
        return cls(west=float(west), south=float(south), cell_m=cell_m, columns=columns, rows=rows)

    def __len__(self) -> int:
        """Return the number of cells."""
        return self.columns * self.rows

    def cell(self, x: Float, y: Float) -> Int:
        """Return the cell of each point, row by row from the south; -1 outside."""
        column = np.floor((x - self.west) / self.cell_m).astype(np.int64)
        row = np.floor((y - self.south) / self.cell_m).astype(np.int64)
        inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        cells: Int = np.where(inside, row * self.columns + column, -1)
        return cells

    def sums(self, cell: Int, amount: Float) -> Float:
        """Return the sums of amounts by cell, shape (cells,); those outside are left out."""
        inside = cell >= 0
        sums: Float = np.bincount(cell[inside], amount[inside], len(self)).astype(np.float64)
        return sums


def density(
    tables: RunTables, observed: ObservedCounts, bootstrap: Bootstrap, *, cell_m: float
) -> Family:
    """Compare counts on a mesh (CitySim, sec. 4.6).

    Counts with hours are compared with the people who are at places of a cell in that hour, those
    without with arrivals anywhere but at home. Naive predictions give the same total to every
    place, to every resident, or to every cell with a place. Cells without a place and without a
    count are left out, but for SSIM.

    Parameters
    ----------
    tables : RunTables
        The run.
    observed : ObservedCounts
        The counts.
    bootstrap : Bootstrap
        Resamples of the persons.
    cell_m : float
        Length of the side of a cell in metres.
    """
    places = tables.places
    x, y = to_metres(observed.lon, observed.lat, places.crs)
    mesh = Mesh.over(places.x, places.y, cell_m)
    of_place, of_count = mesh.cell(places.x, places.y), mesh.cell(x, y)
    if not observed.count[of_count >= 0].sum():
        note = "no count lies where the run has places"
        return Family(name="density", measures=(), notes=(note,))
    measures: list[Measure] = []
    details: dict[str, Any] = asdict(mesh)
    naive = _naive(tables, mesh, of_place)
    for name, hour in _hours(observed):
        of_hour = np.full(len(x), fill_value=True) if hour is None else observed.hour == hour
        truth = mesh.sums(of_count[of_hour], observed.count[of_hour])
        where = arrivals(tables) if hour is None else present(tables, hour)
        counts = by_cell(where, of_place, len(mesh))
        measures += _measures(name, counts, truth, naive, mesh=mesh, bootstrap=bootstrap)
        details[name] = {
            "run": (counts @ np.ones(tables.persons)).round(2).tolist(),
            "observed": truth.round(2).tolist(),
        }
    outside = float(observed.count[of_count < 0].sum() / observed.count.sum())
    note = f"{100 * outside:.1f} % of the counts lie outside the places of the run"
    return Family(
        name="density", measures=tuple(measures), details=details, notes=(note,) if outside else ()
    )


def _hours(observed: ObservedCounts) -> Iterator[tuple[str, int | None]]:
    if not observed.is_hourly:
        yield "arrivals", None
        return
    for hour in np.unique(observed.hour).astype(int).tolist():
        yield f"present at {hour}:00", hour


def _naive(tables: RunTables, mesh: Mesh, of_place: Int) -> dict[str, Float]:
    per_place = mesh.sums(of_place, np.ones(len(of_place)))
    maps = {
        "every place alike": per_place,
        "every resident alike": mesh.sums(of_place, np.nan_to_num(tables.places.residents)),
        "every cell with a place alike": (per_place > 0).astype(np.float64),
    }
    return {name: one for name, one in maps.items() if one.sum()}


def arrivals(tables: RunTables) -> csr_array:
    """Return arrivals of each person at each place but the home, shape (p, places)."""
    trips = tables.trips
    away = trips.destination != tables.home[trips.person]
    shape = (tables.persons, len(tables.places))
    cells = (trips.person[away], trips.destination[away])
    return csr_array((np.ones(int(away.sum())), cells), shape=shape)


def present(tables: RunTables, hour: int) -> csr_array:
    """Return hours that each person spends at each place between `hour` and the next."""
    stays = tables.activities.only(tables.activities.place >= 0)
    row, day, _ = by_day(stays)
    begin = day * DAY_MIN + hour * HOUR_MIN
    start = np.maximum(stays.start_min[row], begin)
    end = np.minimum(stays.end_min[row], begin + HOUR_MIN)
    hours = np.maximum(end - start, 0) / HOUR_MIN
    shape = (tables.persons, len(tables.places))
    return csr_array((hours, (stays.person[row], stays.place[row])), shape=shape)


def by_cell(by_place: csr_array, of_place: Int, cells: int) -> csr_array:
    """Return amounts by cell and person, shape (cells, p)."""
    ones = np.ones(len(of_place))
    gather = csr_array((ones, (of_place, np.arange(len(of_place)))), shape=(cells, len(of_place)))
    return csr_array(gather @ by_place.T)


def _measures(
    name: str,
    counts: csr_array,
    truth: Float,
    naive: dict[str, Float],
    *,
    mesh: Mesh,
    bootstrap: Bootstrap,
) -> Iterator[Measure]:
    used = (next(iter(naive.values())) > 0) | (truth > 0)
    n = int(used.sum())
    wanted = [
        Figure(f"{name}: {what}", n, "cells", unit=unit, better=better)
        for what, unit, better in _FIGURES
    ]
    found = bootstrap.estimate(lambda count: figures(counts @ count, truth, used, mesh))
    of_naive = {which: figures(one, truth, used, mesh) for which, one in naive.items()}
    return measures_of(wanted, found, of_naive)


def figures(ours: Float, truth: Float, used: Bool, mesh: Mesh) -> Float:
    """Return Pearson's correlation, SSIM, Kullback-Leibler divergence and common part.

    Parameters
    ----------
    ours, truth : ndarray of float64, shape (cells,)
        Counts; `ours` are scaled to the total of `truth`.
    used : ndarray of bool, shape (cells,)
        Cells that are compared, but for SSIM, which needs the whole map.
    mesh : Mesh
        The cells.
    """
    if not ours.sum():
        return np.full(len(_FIGURES), np.nan)
    scaled = ours * (truth.sum() / ours.sum())
    maps = [np.log1p(one).reshape(mesh.rows, mesh.columns) for one in (scaled, truth)]
    return np.array(
        [
            pearson(scaled[used], truth[used]),
            ssim(maps[0], maps[1]),
            kl_divergence(truth[used], scaled[used]),
            common_part(truth[used], scaled[used]),
        ]
    )
