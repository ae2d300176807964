"""How polarised stances are, by several measures that mean different things."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.diffusion.checks import checked_numbers

__all__ = [
    "STANCE_CHANGES",
    "bimodality",
    "esteban_ray",
    "esteban_ray_groups",
    "polarisation_summary",
    "stance_changes",
    "variance",
]

STANCE_CHANGES = ("more", "less", "opposed", "unchanged")
"""What can become of a stance: further from the middle, nearer to it, on the other side."""

_MOST_ALPHA = 1.6  # Esteban and Ray 1994, theorem 1
_LEAST_FOR_KURTOSIS = 4


def variance(stances: ArrayLike) -> float:
    """Return the variance of stances over all people: 0 in consensus, 1 if half are at each end.

    Not a number of nobody.

    Examples
    --------
    >>> variance([-1.0, 1.0])
    1.0
    """
    values = checked_numbers("stances", stances, -1.0, 1.0)
    return float(np.var(values)) if values.size else float("nan")


def bimodality(stances: ArrayLike) -> float:
    """Return Sarle's bimodality coefficient, with the correction for small samples.

    (g^2 + 1) / (k + 3 (n - 1)^2 / ((n - 2) (n - 3))), with the skewness g and the excess
    kurtosis k of the sample. A uniform distribution has 5/9 = .555, and more suggests two modes;
    strong skew raises it as well (Pfister et al. 2013, Front. Psychol. 4, 700).

    Parameters
    ----------
    stances : array_like of float, shape (n,)

    Returns
    -------
    float
        In (0, 1]; NaN with fewer than four people or in consensus.

    Examples
    --------
    >>> round(bimodality([-1.0] * 500 + [1.0] * 500), 2)
    1.0
    """
    values = checked_numbers("stances", stances, -1.0, 1.0)
    n = len(values)
    if n < _LEAST_FOR_KURTOSIS or not np.ptp(values):
        return float("nan")
    deviation = values - values.mean()
    # The coefficient knows no scale, and powers of a tiny spread would vanish.
    deviation = deviation / np.abs(deviation).max()
    second, third, fourth = (float((deviation**power).mean()) for power in (2, 3, 4))
    skewness = np.sqrt(n * (n - 1.0)) / (n - 2.0) * third / second**1.5
    tails = (n + 1.0) * (fourth / second**2 - 3.0) + 6.0
    excess = (n - 1.0) / ((n - 2.0) * (n - 3.0)) * tails
    correction = 3.0 * (n - 1.0) ** 2 / ((n - 2.0) * (n - 3.0))
    return float((skewness**2 + 1.0) / (excess + correction))


def esteban_ray_groups(shares: ArrayLike, positions: ArrayLike, *, alpha: float = 1.0) -> float:
    """Return the polarisation of groups: ``sum p_i^(1 + alpha) p_j |y_i - y_j|``.

    Esteban and Ray (1994), Econometrica 62(4), 819-851, eq. 3, with K = 1. People identify with
    their group, so few large groups polarise more than many small ones at the same variance.

    Parameters
    ----------
    shares : array_like of float, shape (k,)
        Share of people in each group.
    positions : array_like of float, shape (k,)
        Stance of each group.
    alpha : float, default 1
        Weight of identification, in (0, 1.6].

    Returns
    -------
    float
        At least 0. With alpha 1 and stances in [-1, 1] it is at most .5: two equal groups at
        the ends.

    Raises
    ------
    ConfigError
        If alpha is out of range.

    Examples
    --------
    >>> esteban_ray_groups([0.5, 0.5], [-1.0, 1.0])
    0.5
    """
    if not 0.0 < alpha <= _MOST_ALPHA:
        message = f"alpha must be in (0, {_MOST_ALPHA}], got {alpha:g}"
        raise ConfigError(message)
    share, at = np.asarray(shares, dtype=np.float64), np.asarray(positions, dtype=np.float64)
    distance = np.abs(at[:, np.newaxis] - at)
    return float(share ** (1.0 + alpha) @ distance @ share)


def esteban_ray(stances: ArrayLike, *, alpha: float = 1.0, bins: int = 11) -> float:
    """Return Esteban-Ray polarisation of stances that are put into groups of equal width.

    Parameters
    ----------
    stances : array_like of float, shape (n,)
        In [-1, 1].
    alpha : float, default 1
        Weight of identification, in (0, 1.6].
    bins : int, default 11
        Number of groups, as many as points of an answer from 0 to 10. The value depends on it,
        so only values with the same number compare.

    Returns
    -------
    float
        At least 0; NaN without people.

    Examples
    --------
    >>> esteban_ray([-1.0, -1.0, 1.0, 1.0]), esteban_ray([0.2, 0.2])
    (0.5, 0.0)
    """
    values = checked_numbers("stances", stances, -1.0, 1.0)
    if not len(values):
        return float("nan")
    # Positions are the points -1, ..., 1, so that both ends are points themselves.
    at: Float = np.linspace(-1.0, 1.0, bins)
    group = np.rint((values + 1.0) / 2.0 * (bins - 1)).astype(np.int64)
    return esteban_ray_groups(np.bincount(group, minlength=bins) / len(values), at, alpha=alpha)


def polarisation_summary(stances: ArrayLike) -> dict[str, float]:
    """Return all measures of polarisation that need nothing but stances.

    Parameters
    ----------
    stances : array_like of float, shape (n,)
        In [-1, 1].

    Returns
    -------
    dict of str to float
        ``mean``, ``variance``, ``bimodality``, ``esteban_ray``, and ``extremity``, the mean
        distance from 0.

    Examples
    --------
    >>> polarisation_summary([-0.5, -0.5, 0.5, 0.5])["extremity"]
    0.5
    """
    values = checked_numbers("stances", stances, -1.0, 1.0)
    return {
        "mean": float(values.mean()) if values.size else float("nan"),
        "variance": variance(values),
        "bimodality": bimodality(values),
        "esteban_ray": esteban_ray(values),
        "extremity": float(np.abs(values).mean()) if values.size else float("nan"),
    }


def stance_changes(
    before: ArrayLike, after: ArrayLike, *, least: float = 0.1, middle: float = 0.0
) -> dict[str, float]:
    """Return the shares of people whose stance became more or less extreme, or changed sides.

    AgentSociety (arXiv 2502.08691, sec. 7) compares its arms by these shares.

    Parameters
    ----------
    before, after : array_like of float, shape (n,)
        Stances, in [-1, 1].
    least : float, default 0.1
        Smallest change of the distance from the middle that counts: half a point of an answer
        from 0 to 10, so that rounded answers change by a point or not at all.
    middle : float, default 0
        A stance on the other side of the middle is opposed, however small the change.

    Returns
    -------
    dict of str to float
        By `STANCE_CHANGES`; they add up to 1. A stance that moves to the middle exactly is
        less extreme, and one that leaves the middle more.

    Examples
    --------
    >>> list(stance_changes([0.4, 0.4, 0.4, 0.4], [0.8, 0.2, -0.2, 0.4]).values())
    [0.25, 0.25, 0.25, 0.25]
    """
    then = checked_numbers("stances", before, -1.0, 1.0) - middle
    now = checked_numbers("stances", after, -1.0, 1.0) - middle
    opposed = then * now < 0
    growth = np.abs(now) - np.abs(then)
    # The guard is for steps such as 0.6 - 0.5 that are a little under 0.1.
    more = ~opposed & (growth > least - 1e-9)
    less = ~opposed & (growth < -least + 1e-9)
    rest = ~(opposed | more | less)
    return {
        name: float(is_so.mean())
        for name, is_so in zip(STANCE_CHANGES, (more, less, opposed, rest), strict=True)
    }
