"""Search for a few global parameters, without derivatives and with few evaluations."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.calibration.knobs import Knob
from mesa_llm_city.parameters import CityParameters

__all__ = ["nelder_mead", "start_of"]

_STEP = 0.25
# Of the range of each parameter; differences below are noise.
_NEAR = 0.02


def start_of(knobs: tuple[Knob, ...], parameters: CityParameters) -> Float:
    """Return where the knobs are now, each coordinate being from 0 (low) to 1 (high)."""
    place = [(knob.value(parameters) - knob.low) / (knob.high - knob.low) for knob in knobs]
    return np.clip(place, 0.0, 1.0)


def nelder_mead(loss: Callable[[Float], float], start: Float, *, evaluations: int) -> Float:
    """Return the best of few places in the unit cube, by the method of Nelder and Mead.

    Parameters
    ----------
    loss : callable
        Takes a place, shape (k,), and returns what is to be small. It is never asked twice
        about the same place.
    start : ndarray of float64, shape (k,)
        Where to begin.
    evaluations : int
        Greatest number of evaluations, at least k + 1 to be of use.

    Notes
    -----
    Nelder and Mead (1965), The Computer Journal 7, as in SciPy. The first simplex has edges of
    a quarter of each range, towards the farther end.

    Examples
    --------
    >>> start = np.array([0.8])
    >>> found = nelder_mead(lambda at: float(((at - 0.3) ** 2).sum()), start, evaluations=20)
    >>> bool(abs(found[0] - 0.3) < 0.05)
    True
    """
    from scipy.optimize import minimize

    found: dict[tuple[float, ...], float] = {}

    def once(place: Float) -> float:
        key = tuple(np.round(np.clip(place, 0.0, 1.0), 6).tolist())
        if key not in found:
            if len(found) >= evaluations:
                raise _SpentError
            found[key] = loss(np.array(key))
        return found[key]

    simplex = np.tile(start, (len(start) + 1, 1))
    simplex[1:] += np.diag(np.where(start < 1.0 - _STEP, _STEP, -_STEP))
    bounds = [(0.0, 1.0)] * len(start)
    with suppress(_SpentError):
        minimize(
            once,
            start,
            method="Nelder-Mead",
            bounds=bounds,
            options={"initial_simplex": simplex, "xatol": _NEAR, "fatol": np.inf},
        )
    return np.array(min(found, key=found.__getitem__))


class _SpentError(Exception):
    """All evaluations have been made."""
