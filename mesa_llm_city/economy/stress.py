"""Financial stress: how little money weighs on people, and how they get used to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.economy import StressParameters

__all__ = ["adapted", "felt_stress", "money_stress"]


def money_stress(savings: ArrayLike, costs: ArrayLike, parameters: StressParameters) -> Float:
    """Return the stress of people by their savings: ``1 - savings / (months costs)``.

    Parameters
    ----------
    savings : array_like
        Savings.
    costs : array_like
        Costs of a month, in the same unit.
    parameters : StressParameters
        Months of costs from which there is no stress.

    Returns
    -------
    ndarray of float64
        In [0, 1]; 0 for people without costs.

    Examples
    --------
    >>> money_stress([0.0, 1500.0, 9000.0], 1000.0, StressParameters()).tolist()
    [1.0, 0.5, 0.0]
    """
    needed = parameters.months * np.maximum(np.asarray(costs, dtype=np.float64), 0.0)
    had = np.maximum(np.asarray(savings, dtype=np.float64), 0.0)
    return np.clip(1.0 - had / np.maximum(needed, 1e-9), 0.0, 1.0) * (needed > 0.0)


def adapted(usual: ArrayLike, now: ArrayLike, parameters: StressParameters) -> Float:
    """Return the stress that people are used to, a month later.

    The distance between what is usual and what is now halves every `half_life_months`.

    Examples
    --------
    >>> adapted(1.0, 0.0, StressParameters(half_life_months=1.0)).item()
    0.5
    """
    rate = 1.0 - 0.5 ** (1.0 / parameters.half_life_months)
    before = np.asarray(usual, dtype=np.float64)
    return np.asarray(before + rate * (np.asarray(now) - before))


def felt_stress(now: ArrayLike, usual: ArrayLike, level: ArrayLike = 0.5) -> Float:
    """Return the stress that people feel: that of a `level` to which all would get used.

    ``level + now - usual``, in [0, 1]: what stays the same is no longer felt, what changes is.

    Parameters
    ----------
    now, usual : array_like
        Stress by savings now, and that which people are used to.
    level : array_like, default 0.5
        What is felt where nothing has changed for long.

    Examples
    --------
    >>> felt_stress([0.2, 0.8], [0.8, 0.8]).round(1).tolist()
    [0.0, 0.5]
    """
    change = np.asarray(now, dtype=np.float64) - np.asarray(usual)
    return np.asarray(np.clip(np.asarray(level) + change, 0.0, 1.0), dtype=np.float64)
