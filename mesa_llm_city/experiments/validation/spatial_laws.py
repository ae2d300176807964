"""How far people go: jump lengths and radius of gyration."""

from __future__ import annotations

from typing import Any

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family, Figure, measures_of
from mesa_llm_city.experiments.validation.places_in_order import (
    EXCHANGED,
    exchanged,
    is_flexible,
    merged_stays,
)
from mesa_llm_city.experiments.validation.run_tables import Places, RunTables, Stays

__all__ = [
    "jump_lengths_m",
    "power_law_exponent",
    "radius_of_gyration_m",
    "spatial_laws",
    "weighted_quantile",
]

_KM = 1000.0
_TAIL_M = 1000.0


def spatial_laws(tables: RunTables, bootstrap: Bootstrap) -> Family:
    """Measure jumps between places in a row, and the radius of gyration of people.

    Phones in a whole country have an exponent of jumps of 1.75 (Gonzalez et al. 2008). A map of a
    city cuts the law off, so that is no reference here.
    """
    stays = merged_stays(tables.activities)
    naive_place = exchanged(stays, is_flexible(tables, stays))
    jumps = _jumps(stays, stays.place, tables.places)
    naive_jumps = _jumps(stays, naive_place, tables.places)
    gyration = radius_of_gyration_m(stays.person, stays.place, tables)
    naive_gyration = radius_of_gyration_m(stays.person, naive_place, tables)

    def figures(count: Float, one: tuple[Int, Float], radius: Float) -> Float:
        person, length = one
        weights = count[person]
        return np.array(
            [
                weighted_quantile(length, weights, 0.5) / _KM,
                weighted_quantile(length, weights, 0.9) / _KM,
                power_law_exponent(length, weights, least=_TAIL_M),
                weighted_quantile(radius, count, 0.5) / _KM,
                weighted_quantile(radius, count, 0.9) / _KM,
            ]
        )

    wanted = (
        Figure("jump length, median", len(jumps[1]), "jumps", unit="km"),
        Figure("jump length, 90 % below", len(jumps[1]), "jumps", unit="km"),
        Figure("exponent of jumps beyond 1 km", len(jumps[1]), "jumps"),
        Figure("radius of gyration, median", tables.persons, "persons", unit="km"),
        Figure("radius of gyration, 90 % below", tables.persons, "persons", unit="km"),
    )
    found = bootstrap.estimate(lambda count: figures(count, jumps, gyration))
    naive = {EXCHANGED: figures(np.ones(tables.persons), naive_jumps, naive_gyration)}
    return Family(
        name="distances",
        measures=tuple(measures_of(wanted, found, naive)),
        details=_details(jumps[1], gyration),
    )


def jump_lengths_m(x: Float, y: Float) -> Float:
    """Return straight distances between points in a row, in metres, shape (n - 1,).

    Examples
    --------
    >>> jump_lengths_m(np.array([0.0, 3.0, 3.0]), np.array([0.0, 4.0, 4.0])).tolist()
    [5.0, 0.0]
    """
    return np.hypot(np.diff(x), np.diff(y))


def power_law_exponent(values: Float, weights: Float, *, least: float) -> float:
    """Return the exponent of a power law by maximum likelihood (Clauset et al. 2009, eq. 3.1).

    Parameters
    ----------
    values, weights : ndarray of float64, shape (n,)
        Values, and how often each counts.
    least : float
        Value from which the law holds.

    Examples
    --------
    >>> power_law_exponent(np.array([0.5, np.e, np.e]), np.ones(3), least=1.0)
    2.0
    """
    tail = (values >= least) & (weights > 0)
    logs = float(weights[tail] @ np.log(values[tail] / least))
    return 1.0 + float(weights[tail].sum()) / logs if logs > 0 else float("nan")


def radius_of_gyration_m(person: Int, place: Int, tables: RunTables) -> Float:
    """Return how far the stays of each person are from their centre, in metres, shape (p,).

    The root mean square distance, each stay counting once (Gonzalez et al. 2008); NaN for
    persons without a stay.
    """
    x, y = tables.places.x[place], tables.places.y[place]
    n = np.bincount(person, minlength=tables.persons).astype(np.float64)
    with np.errstate(invalid="ignore"):
        centre = [np.bincount(person, axis, tables.persons) / n for axis in (x, y)]
        square = (x - centre[0][person]) ** 2 + (y - centre[1][person]) ** 2
        radius: Float = np.sqrt(np.bincount(person, square, tables.persons) / n)
    return radius


def weighted_quantile(values: Float, weights: Float, share: float) -> float:
    """Return the least value below or at which the share of the weight lies; NaN without weight.

    Examples
    --------
    >>> weighted_quantile(np.array([1.0, 2.0, 9.0]), np.array([1.0, 1.0, 4.0]), 0.5)
    9.0
    """
    known = np.isfinite(values) & (weights > 0)
    if not known.any():
        return float("nan")
    order = np.argsort(values[known], kind="stable")
    total = np.cumsum(weights[known][order])
    return float(values[known][order][np.searchsorted(total, share * total[-1])])


def _jumps(stays: Stays, place: Int, places: Places) -> tuple[Int, Float]:
    """Return who jumps, and how far, without jumps of no length."""
    length = jump_lengths_m(places.x[place], places.y[place])
    real = (np.diff(stays.person) == 0) & (length > 0)
    return stays.person[1:][real], length[real]


def _details(jumps: Float, gyration: Float) -> dict[str, Any]:
    """Return shares of jumps and of people beyond distances."""
    at_m = np.geomspace(50.0, 100_000.0, 23)
    known = gyration[np.isfinite(gyration)]
    return {
        "at_m": at_m.round(1).tolist(),
        "jumps_beyond": [round(float((jumps >= one).mean()), 5) for one in at_m]
        if len(jumps)
        else [],
        "gyration_beyond": [round(float((known >= one).mean()), 5) for one in at_m]
        if len(known)
        else [],
    }
