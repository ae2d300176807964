"""Mode shares by length of the trip of a run against observed ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.observed.modes import DistanceBand, ObservedModes
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family, Measure
from mesa_llm_city.experiments.validation.run_tables import RunTables

__all__ = ["mode_counts", "mode_shares"]

_EQUAL = "equal shares of all modes"
_SAME = "the observed shares of all trips at any length"
_EQUAL_BANDS = "equal shares of all classes"
_KM = 1000.0


def mode_shares(tables: RunTables, observed: ObservedModes, bootstrap: Bootstrap) -> Family:
    """Compare mode shares, in classes of length and of all trips, with observed ones.

    The difference is the mean over modes of the absolute difference of shares, in percentage
    points; over classes, their mean weighted by the observed share of trips where the table
    tells it. Modes that the table does not have are left out, and the others scaled to 1.
    """
    bands = [band for band in observed.shares if not band.is_all]
    measures = []
    if overall := [band for band in observed.shares if band.is_all]:
        counts = mode_counts(tables, observed, overall)
        measures.append(_measure("all trips", counts, overall, observed, bootstrap))
    if bands:
        counts = mode_counts(tables, observed, bands)
        measures.append(_measure("by length of the trip", counts, bands, observed, bootstrap))
    if len(lengths := [band for band in observed.trips if not band.is_all]) > 1:
        measures.append(_lengths(tables, observed, lengths, bootstrap))
    return Family(
        name="modes",
        measures=tuple(one for one in measures if one.n),
        details=_details(tables, observed),
    )


def mode_counts(tables: RunTables, observed: ObservedModes, bands: Sequence[DistanceBand]) -> Float:
    """Return the trips of each person by class and mode, shape (p, bands, m)."""
    trips = tables.trips
    names, code = np.unique(trips.mode, return_inverse=True)
    columns = [observed.column_of(str(name)) for name in names]
    at = np.array([-1 if one is None else one for one in columns], dtype=np.int64)[code]
    counts = np.zeros((tables.persons, len(bands), len(observed.modes)))
    for row, band in enumerate(bands):
        of_it = (at >= 0) & _in_band(trips.distance_m, band)
        np.add.at(counts[:, row], (trips.person[of_it], at[of_it]), 1.0)
    return counts


def _in_band(distance_m: Float, band: DistanceBand) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return (distance_m >= _KM * band.from_km) & (distance_m < _KM * band.to_km)


def _measure(
    name: str,
    counts: Float,
    bands: Sequence[DistanceBand],
    observed: ObservedModes,
    bootstrap: Bootstrap,
) -> Measure:
    truth = np.array([observed.shares[band] for band in bands])
    weights = _weights(bands, observed)
    found = bootstrap.estimate(
        lambda count: _difference(np.tensordot(count, counts, axes=1), truth, weights)
    )
    value, interval = found.at(0)
    mean = _mean_shares(observed, truth, weights)
    told = {_EQUAL: np.full(truth.shape[1], 1.0 / truth.shape[1])}
    if len(bands) > 1:
        told = {_SAME: mean} | told
    return Measure(
        name=f"{name}: difference of mode shares",
        unit="pp",
        value=value,
        interval=interval,
        better="lower",
        naive={
            which: float(_difference(np.tile(one, (len(bands), 1)), truth, weights)[0])
            for which, one in told.items()
        },
        n=int(counts.sum()),
        units="trips",
    )


def _weights(bands: Sequence[DistanceBand], observed: ObservedModes) -> Float:
    weights = np.array([observed.trips.get(band, np.nan) for band in bands])
    return weights if np.isfinite(weights).all() and weights.sum() else np.ones(len(bands))


def _mean_shares(observed: ObservedModes, truth: Float, weights: Float) -> Float:
    """Return the observed shares of trips of any length: told, else the mean of the classes."""
    told = observed.shares.get(DistanceBand())
    return np.average(truth, axis=0, weights=weights) if told is None else told


def _difference(counts: Float, truth: Float, weights: Float) -> Float:
    """Return the mean absolute difference in percentage points, of classes with trips."""
    totals = counts.sum(axis=1)
    known = (totals > 0) & (weights > 0)
    if not known.any():
        return np.array([np.nan])
    shares = counts[known] / totals[known, None]
    gaps = np.abs(shares - truth[known]).mean(axis=1)
    return np.array([100.0 * float(np.average(gaps, weights=weights[known]))])


def _lengths(
    tables: RunTables,
    observed: ObservedModes,
    bands: Sequence[DistanceBand],
    bootstrap: Bootstrap,
) -> Measure:
    """Compare the shares of trips by class of length."""
    truth = np.array([observed.trips[band] for band in bands])
    truth = truth / truth.sum()
    trips = tables.trips
    counts = np.zeros((tables.persons, len(bands)))
    for row, band in enumerate(bands):
        person: Int = trips.person[_in_band(trips.distance_m, band)]
        counts[:, row] = np.bincount(person, minlength=tables.persons)
    found = bootstrap.estimate(
        lambda count: _difference((count @ counts)[None], truth[None], np.ones(1))
    )
    value, interval = found.at(0)
    equal = np.ones((1, len(bands)))
    return Measure(
        name="lengths of trips: difference of shares",
        unit="pp",
        value=value,
        interval=interval,
        better="lower",
        naive={_EQUAL_BANDS: float(_difference(equal, truth[None], np.ones(1))[0])},
        n=int(counts.sum()),
        units="trips",
    )


def _details(tables: RunTables, observed: ObservedModes) -> dict[str, object]:
    bands = list(observed.shares)
    counts = mode_counts(tables, observed, bands).sum(axis=0)
    rows = [
        {
            "trips": str(band),
            "n": int(counts[row].sum()),
            "run": (counts[row] / max(counts[row].sum(), 1.0)).round(4).tolist(),
            "observed": observed.shares[band].round(4).tolist(),
        }
        for row, band in enumerate(bands)
    ]
    return {"modes": list(observed.modes), "bands": rows}
