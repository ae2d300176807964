"""How many further forwards one forward causes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.diffusion.checks import checked_people

__all__ = ["reproduction_number"]


def reproduction_number(parents: ArrayLike) -> float:
    """Return the mean number of direct forwards of those who forwarded, without the seeds.

    The seed of a cascade is often a hub; with it, the number would tell of the seed instead of
    the spreading. A value under 1 means that the cascade dies out.

    Parameters
    ----------
    parents : array_like of int, shape (n,)
        For each post, the number of the post that it forwards; -1 for the first post of a
        cascade. Several cascades may be given in one array.

    Returns
    -------
    float
        Forwards of forwards over forwards; NaN if nobody forwarded.

    Examples
    --------
    A seed with two forwards, one of which has one itself:

    >>> reproduction_number([-1, 0, 0, 1]).__round__(9)
    0.333333333
    """
    rows: Int = np.asarray(parents)
    is_forward = rows >= 0
    if not is_forward.any():
        return float("nan")
    above = checked_people(rows[is_forward], len(rows))
    return float(is_forward[above].mean())
