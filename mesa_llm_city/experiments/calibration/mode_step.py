"""One step of fitting the constants of modes to mode shares."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.observed.modes import ObservedModes
from mesa_llm_city.experiments.validation.mode_shares import mode_counts
from mesa_llm_city.experiments.validation.run_tables import RunTables
from mesa_llm_city.parameters import CityParameters

__all__ = ["constant_steps", "next_constants"]

# One step changes a constant by this at most.
_MOST = 1.5
# A mode that nobody takes counts as half a trip, so that its logarithm is finite.
_HALF_A_TRIP = 0.5


def next_constants(
    parameters: CityParameters,
    tables: RunTables,
    observed: ObservedModes,
    *,
    damping: float = 0.8,
) -> CityParameters:
    """Return the parameters with which mode shares are nearer to those observed.

    Parameters
    ----------
    parameters : CityParameters
        Those of the run.
    tables : RunTables
        The run.
    observed : ObservedModes
        The classes of trips to fit: that of all trips if the table has it, else all of them.
    damping : float, default 0.8
        Share of the difference that is made up for in this step.

    Notes
    -----
    ``constant += damping * ln(observed share / share of the run)``, which is exact for a logit
    choice in which everybody has every mode (Train 2009, Discrete Choice Methods with
    Simulation, sec. 2.8). The constant of the commonest observed mode stays. Shares of a class
    of length count with the trips that the run has in it, so that trips of a wrong length do not
    change constants.
    """
    bands = [band for band in observed.shares if band.is_all] or list(observed.shares)
    counts = mode_counts(tables, observed, bands).sum(axis=0)
    shares = np.array([observed.shares[band] for band in bands])
    steps = constant_steps(counts, shares, damping=damping)
    changes = {
        f"modes.{mode}.constant": round(float(parameters.modes[mode].constant + step), 4)
        for name, step in zip(observed.modes, steps.tolist(), strict=True)
        for mode in name.split("+")
        if step
    }
    return parameters.with_(changes) if changes else parameters


def constant_steps(counts: Float, shares: Float, *, damping: float) -> Float:
    """Return by how much the constant of each mode is to change.

    Parameters
    ----------
    counts : ndarray of float64, shape (b, m)
        Trips of the run by class of length and mode.
    shares : ndarray of float64, shape (b, m)
        Observed shares of the trips of a class.
    damping : float
        Share of the difference that is made up for.

    Examples
    --------
    >>> counts, shares = np.array([[30.0, 10.0]]), np.array([[0.5, 0.5]])
    >>> constant_steps(counts, shares, damping=1.0).round(4).tolist()  # ln 2 - ln(2 / 3)
    [0.0, 1.0986]
    """
    total = float(counts.sum())
    if not total:
        return np.zeros(counts.shape[1])
    wanted = (counts.sum(axis=1)[:, None] * shares).sum(axis=0)
    steps = np.log(np.maximum(wanted, _HALF_A_TRIP) / np.maximum(counts.sum(axis=0), _HALF_A_TRIP))
    steps = damping * (steps - steps[int(np.argmax(wanted))])
    clipped: Float = np.clip(steps, -_MOST, _MOST)
    return clipped
