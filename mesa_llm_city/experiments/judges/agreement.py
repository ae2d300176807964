"""How far two judges agree, beyond chance."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.errors import ConfigError

__all__ = ["Agreement", "cohen_kappa"]


class Agreement(NamedTuple):
    """Agreement of two judges.

    Attributes
    ----------
    cases : int
        What both have judged.
    observed : float
        Share of cases in which they agree; NaN without cases.
    kappa : float
        Agreement beyond chance: 1 is perfect, 0 as by chance; NaN if chance explains all.
    """

    cases: int
    observed: float
    kappa: float


def cohen_kappa(one: Sequence[Hashable], other: Sequence[Hashable]) -> Agreement:
    """Return Cohen's kappa of two judges [1]_.

    Parameters
    ----------
    one, other : sequence
        What each says of the same cases, in the same order.

    Returns
    -------
    Agreement
        ``(p_o - p_e) / (1 - p_e)`` with the agreement p_e of independent judges who use each
        answer as often as these do.

    Raises
    ------
    ConfigError
        If the numbers of cases differ.

    References
    ----------
    .. [1] Cohen (1960), A coefficient of agreement for nominal scales. Educational and
       Psychological Measurement 20(1), 37-46.

    Examples
    --------
    >>> cohen_kappa("AABB", "AABA").kappa
    0.5
    """
    if len(one) != len(other):
        message = f"both must judge the same cases, got {len(one)} and {len(other)}"
        raise ConfigError(message)
    cases = len(one)
    if not cases:
        return Agreement(0, math.nan, math.nan)
    observed = float(np.mean([a == b for a, b in zip(one, other, strict=True)]))
    first, second = Counter(one), Counter(other)
    by_chance = math.fsum(first[answer] * second[answer] for answer in first) / cases**2
    kappa = math.nan if by_chance == 1.0 else (observed - by_chance) / (1.0 - by_chance)
    return Agreement(cases, observed, kappa)
