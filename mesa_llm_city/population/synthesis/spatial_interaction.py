"""Spatial interaction models: trips between zones by attraction and distance."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float

__all__ = ["deterrence", "doubly_constrained"]


def deterrence(cost: Float, beta: float) -> Float:
    """Return the exponential decay of interaction with cost, ``exp(-beta * cost)``.

    Parameters
    ----------
    cost : ndarray of float64
        Any shape; here distances in kilometres.
    beta : float
        Decay per unit of cost; 0 for none. Where opportunities spread evenly
        over a plane the mean trip is 2 / beta long.

    Returns
    -------
    ndarray of float64
        Same shape, in (0, 1].

    References
    ----------
    Wilson (1971), A family of spatial interaction models, and associated
    developments. Environment and Planning A 3(1), 1-32.
    """
    decay: Float = np.exp(-beta * cost)
    return decay


def doubly_constrained(
    origins: Float,
    destinations: Float,
    cost: Float,
    *,
    beta: float,
    tolerance: float = 1e-9,
    max_iterations: int = 2000,
) -> Float:
    """Distribute trips so that both the totals of origins and of destinations are met.

    ``T_ij = A_i O_i B_j D_j exp(-beta c_ij)``, with the balancing factors A and
    B found by Furness iteration (Wilson, 1967, 1971).

    Parameters
    ----------
    origins : ndarray of float64, shape (n,)
        Trips from each origin.
    destinations : ndarray of float64, shape (m,)
        Attraction of each destination; scaled to the total of `origins`.
    cost : ndarray of float64, shape (n, m)
        Cost of each trip.
    beta : float
        Decay per unit of cost (see `deterrence`).
    tolerance : float, default 1e-9
        Accepted deviation of a margin, as a share of all trips.
    max_iterations : int, default 2000
        Rounds of balancing before giving up.

    Returns
    -------
    ndarray of float64, shape (n, m)
        Trips; rows add up to `origins`, columns to the scaled `destinations`.

    Raises
    ------
    DataError
        If trips start but nothing attracts them, or balancing does not end.

    References
    ----------
    Wilson (1967), A statistical theory of spatial distribution models.
    Transportation Research 1(3), 253-269; Furness (1965), Time function
    iteration. Traffic Engineering and Control 7(7), 458-460.

    Examples
    --------
    >>> cost = np.array([[1.0, 5.0], [5.0, 1.0]])
    >>> flows = doubly_constrained(np.array([6.0, 4.0]), np.array([5.0, 5.0]), cost, beta=0.5)
    >>> flows.sum(axis=0).round(6).tolist(), flows.sum(axis=1).round(6).tolist()
    ([5.0, 5.0], [6.0, 4.0])
    """
    total = float(origins.sum())
    if total == 0.0:
        return np.zeros_like(cost)
    if float(destinations.sum()) <= 0.0:
        message = f"{total:g} trips start but no destination attracts any; give weights > 0"
        raise DataError(message)
    wanted = destinations * (total / float(destinations.sum()))
    # Costs are counted from the least of each row, so that far rows do not underflow; the
    # balancing factor makes up for it.
    decay = deterrence(cost - cost.min(axis=1, keepdims=True), beta)
    return _furness(origins, wanted, decay, tolerance * total, max_iterations)


def _furness(
    origins: Float, wanted: Float, decay: Float, tolerance: float, max_iterations: int
) -> Float:
    column = np.ones_like(wanted)
    for _ in range(max_iterations):
        row = origins / np.maximum(decay @ (column * wanted), np.finfo(np.float64).tiny)
        arriving = column * wanted * (row @ decay)
        if float(np.abs(arriving - wanted).max()) <= tolerance:
            decay *= row[:, np.newaxis]
            decay *= column * wanted
            return decay
        column *= np.divide(wanted, arriving, out=np.ones_like(wanted), where=arriving > 0)
    gap = float(np.abs(arriving - wanted).max())
    message = f"balancing left {gap:g} trips after {max_iterations} rounds; use a smaller beta"
    raise DataError(message)
