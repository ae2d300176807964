"""The formulas of choosing: gravity, logit, and the draw that both end in."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.core.libm import exp, log
from mesa_llm_city.core.narrow import running_sums
from mesa_llm_city.core.values import Float, Int

__all__ = ["draw", "gravity_log_weights", "gravity_probabilities", "logit_probabilities"]


def gravity_probabilities(
    attractiveness: ArrayLike,
    distance: ArrayLike,
    gamma: float = 2.0,
    epsilon: float = 1e-3,
    *,
    reversed_sign: bool = False,
) -> Float:
    """Return the probability of each place under the belief-weighted gravity model.

    ``p_j`` is proportional to ``(b_j + epsilon) / D_j ** (1 + gamma (b_j - 0.5))``
    (CitySim, sec. 3.2.2, eq. 1).

    Parameters
    ----------
    attractiveness : array_like, shape (..., k)
        Beliefs ``b`` about the places, in [0, 1].
    distance : array_like, shape (..., k)
        Distances ``D``, in a unit of the caller's choice; see the notes. Shorter
        ones than `epsilon` count as `epsilon`.
    gamma : float, default 2.0
        How strongly belief bends the distance decay (CitySim, appendix A).
    epsilon : float, default 1e-3
        Small positive constant (CitySim, appendix A).
    reversed_sign : bool, default False
        Whether the exponent is ``1 - gamma (b - 0.5)``, so that better-liked places
        are worth a longer way, whatever the unit.

    Returns
    -------
    ndarray of float64, shape (..., k)
        Probabilities that sum to 1 along the last axis.

    Raises
    ------
    ChoiceError
        If there is no place, or all weights vanish.

    Notes
    -----
    The unit of distance matters, since the exponent rises with belief: beyond
    one unit a better-liked place loses more by distance than it gains, within
    one unit it is the other way round. The paper names no unit;
    `GravityChoice` measures in multiples of the median distance.

    Examples
    --------
    >>> gravity_probabilities([0.5, 0.5], [1.0, 3.0])
    array([0.75, 0.25])
    """
    return logit_probabilities(
        gravity_log_weights(attractiveness, distance, gamma, epsilon, reversed_sign=reversed_sign)
    )


def gravity_log_weights(
    attractiveness: ArrayLike,
    distance: ArrayLike,
    gamma: float,
    epsilon: float,
    *,
    reversed_sign: bool,
) -> Float:
    """Return logarithms of the weights of places (see `gravity_probabilities`).

    In logarithms, so that long distances in small units cannot underflow.
    """
    belief = np.asarray(attractiveness, dtype=np.float64)
    reach = np.maximum(np.asarray(distance, dtype=np.float64), epsilon)
    bend = -gamma if reversed_sign else gamma
    weights: Float = log(belief + epsilon) - (1.0 + bend * (belief - 0.5)) * log(reach)
    return weights


def logit_probabilities(utilities: ArrayLike) -> Float:
    """Return the multinomial logit probabilities ``exp(v_j) / sum_k exp(v_k)``.

    Parameters
    ----------
    utilities : array_like, shape (..., k)
        Utilities; minus infinity excludes an alternative.

    Returns
    -------
    ndarray of float64, shape (..., k)
        Probabilities that sum to 1 along the last axis.

    Raises
    ------
    ChoiceError
        If there is no alternative left.

    References
    ----------
    .. [1] McFadden (1974), Conditional logit analysis of qualitative choice
       behavior, in: Zarembka (ed.), Frontiers in Econometrics.

    Examples
    --------
    >>> logit_probabilities([0.0, 0.0])
    array([0.5, 0.5])
    """
    value = np.asarray(utilities, dtype=np.float64)
    if value.shape[-1:] in {(), (0,)}:
        message = "there is nothing to choose from; give at least one alternative"
        raise ChoiceError(message)
    best = value.max(axis=-1, keepdims=True)
    if not np.isfinite(best).all():
        message = f"no alternative has a finite utility, got {value}; at least one must be possible"
        raise ChoiceError(message)
    weight = exp(value - best)
    # Added from the first to the last, so that those excluded do not change the last digit.
    total = _running_sums(weight)[..., -1:]
    likely: Float = weight / total
    return likely


def draw(probabilities: ArrayLike, uniform: ArrayLike) -> Int:
    """Return the alternative that a uniform number picks.

    Parameters
    ----------
    probabilities : array_like, shape (..., k)
        Probabilities that sum to 1.
    uniform : array_like, shape (...)
        Numbers in [0, 1).

    Returns
    -------
    ndarray of int64, shape (...)
        Positions in [0, k).

    Examples
    --------
    >>> int(draw([0.2, 0.5, 0.3], 0.6))
    1
    """
    upper = _running_sums(np.asarray(probabilities))
    # Rounding may leave the last bound below 1, so the total is the scale.
    target = np.asarray(uniform)[..., None] * upper[..., -1:]
    passed: Int = (upper <= target).sum(axis=-1).clip(max=upper.shape[-1] - 1)
    return passed


def _running_sums(values: Float) -> Float:
    """Return sums along the last axis, added from the first entry on."""
    return running_sums(values) if values.ndim == 2 else np.cumsum(values, axis=-1)
