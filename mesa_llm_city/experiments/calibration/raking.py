"""Iterative proportional fitting of the rows of a table to means over some of them."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.calibration.noise import Gaps, shrunk
from mesa_llm_city.experiments.calibration.table_rows import RowShares
from mesa_llm_city.experiments.validation.run_tables import Bool

__all__ = ["extended", "raked"]

_SWEEPS = 5
# One step changes a mean by this factor at most, either way.
_MOST = 3.0
_LEAST_MEAN = 1e-3
# Axis of the ages among those of rows.
_AGE = 1


def raked(values: Float, rows: RowShares, gaps: Gaps) -> Float:
    """Return by what factor each row is to change so that means change as they lack.

    Parameters
    ----------
    values : ndarray of float64, shape of the rows
        Values of the table.
    rows : RowShares
        Which rows each of the c cells is about.
    gaps : Gaps
        By how much the mean of each cell is to change, shape (c,).

    Returns
    -------
    ndarray of float64, shape of the rows
        1 for rows that no cell is about. A mean changes threefold at most.

    Notes
    -----
    First all cells change together, then each of them, those of most people first, by what is
    still lacking beyond its noise (`shrunk`). So few people of one age and sex change no more
    than they have evidence for, and all the more what they have in common.
    """
    now = values.ravel()
    before = rows.weights @ now
    wanted = before + gaps.size
    factor = np.ones(len(now))
    factor[rows.about.any(axis=0)] *= _common(before, rows.people, gaps)
    for _ in range(_SWEEPS):
        for cell in np.argsort(-rows.people, kind="stable"):
            mean = float(rows.weights[cell] @ (now * factor))
            lacking = shrunk(float(wanted[cell]) - mean, float(gaps.variance[cell]))
            factor[rows.about[cell]] *= _ratio(mean, lacking)
    return np.clip(factor, 1.0 / _MOST, _MOST).reshape(values.shape)


def _common(before: Float, people: Float, gaps: Gaps) -> float:
    """Return by what factor all cells change together, of those that say something."""
    some = np.isfinite(gaps.variance)
    if not some.any():
        return 1.0
    share = people[some] / people[some].sum()
    change = shrunk(float(share @ gaps.size[some]), float(share**2 @ gaps.variance[some]))
    return _ratio(float(share @ before[some]), change)


def _ratio(mean: float, change: float) -> float:
    """Return by what factor a mean changes; 1 if there is nothing to be changed."""
    if mean <= _LEAST_MEAN:
        return 1.0
    return min(max((mean + change) / mean, 1.0 / _MOST), _MOST)


def extended(factor: Float, rows: RowShares) -> Float:
    """Return factors also for rows that no cell is about but the survey is, from their neighbours.

    Parameters
    ----------
    factor : ndarray of float64, shape of the rows
        Factors, meant where a cell is about the row.
    rows : RowShares
        Which rows cells are about, and which the survey is about.

    Returns
    -------
    ndarray of float64, shape of the rows
        Logarithms are interpolated over age between the nearest rows that are alike otherwise,
        and the mean is taken where only another sex, employment, kind of day or of household is
        known.
    """
    known: Bool = np.reshape(rows.about.any(axis=0), factor.shape)
    logs, known = _interpolated(np.where(known, np.log(factor), 0.0), known, rows.ages)
    for axis in range(factor.ndim):
        logs, known = _averaged(logs, known, axis)
    reached = rows.reached.reshape(factor.shape)
    extended: Float = np.exp(np.where(reached, logs, 0.0))
    return extended


def _interpolated(logs: Float, known: Bool, ages: Float) -> tuple[Float, Bool]:
    """Fill gaps along the ages; beyond the ends the nearest value holds."""
    filled, there = np.moveaxis(logs.copy(), _AGE, -1), np.moveaxis(known, _AGE, -1)
    for at in np.ndindex(filled.shape[:-1]):
        some = there[at]
        if some.any():
            filled[at] = np.interp(ages, ages[some], filled[at][some])
    there = np.broadcast_to(there.any(axis=-1, keepdims=True), there.shape)
    return np.moveaxis(filled, -1, _AGE), np.moveaxis(there, -1, _AGE)


def _averaged(logs: Float, known: Bool, axis: int) -> tuple[Float, Bool]:
    """Fill gaps with the mean along an axis."""
    count = known.sum(axis=axis, keepdims=True)
    mean = np.where(known, logs, 0.0).sum(axis=axis, keepdims=True) / np.maximum(count, 1)
    there: Bool = np.broadcast_to(count > 0, known.shape)
    return np.where(known, logs, mean), there
