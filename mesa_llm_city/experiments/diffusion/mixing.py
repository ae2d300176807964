"""Whether ties join people of the same group or of the same stance."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments.diffusion.checks import checked_edges, checked_numbers

__all__ = ["ei_index", "stance_assortativity"]


def ei_index(edges: ArrayLike, groups: ArrayLike, *, weights: ArrayLike | None = None) -> float:
    """Return the E-I index: external minus internal ties, over all ties.

    Krackhardt and Stern (1988), Soc. Psychol. Q. 51(2), 123-140. Two groups of equal size with
    random ties have about 0; with unequal groups a random graph is internal already, so compare
    with `degree_preserving`.

    Parameters
    ----------
    edges : array_like of int, shape (m, 2)
        Ties, follows, or messages.
    groups : array_like of int, shape (n,)
        Group of each person, such as the sign of the stance.
    weights : array_like of float, shape (m,), optional
        Weight of each edge, such as a number of messages.

    Returns
    -------
    float
        From -1, all within groups, to 1, all between them; NaN without edges.

    Examples
    --------
    >>> ei_index([[0, 1], [1, 2], [2, 3], [0, 3]], [0, 0, 1, 1])
    0.0
    """
    group = np.asarray(groups)
    rows = checked_edges(edges, len(group))
    weight = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=np.float64)
    if len(weight) != len(rows):
        message = f"every edge has a weight, got {len(rows)} edges and {len(weight)} weights"
        raise DataError(message)
    total = weight.sum()
    if not total:
        return float("nan")
    is_external = group[rows[:, 0]] != group[rows[:, 1]]
    return float(2.0 * weight[is_external].sum() / total - 1.0)


def stance_assortativity(edges: ArrayLike, stances: ArrayLike) -> float:
    """Return the correlation of stances over the two ends of ties.

    Newman (2003), Phys. Rev. E 67, 026126, for scalar values on undirected ties.

    Parameters
    ----------
    edges : array_like of int, shape (m, 2)
        Ties; their direction does not count.
    stances : array_like of float, shape (n,)
        Stance of each person, in [-1, 1].

    Returns
    -------
    float
        In [-1, 1]; NaN without edges, or if all ends have the same stance.

    Examples
    --------
    >>> stance_assortativity([[0, 1], [2, 3]], [0.5, 0.5, -0.5, -0.5]).__round__(9)
    1.0
    """
    stance = checked_numbers("stances", stances, -1.0, 1.0)
    rows = checked_edges(edges, len(stance))
    both = stance[np.concatenate([rows, rows[:, ::-1]])]
    if not len(both) or not np.ptp(both):
        return float("nan")
    return float(np.corrcoef(both[:, 0], both[:, 1])[0, 1])
