"""Small subgraphs: how many there are, and how many more than the degrees alone give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.diffusion.graph_null import degree_preserving, simple_edges

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["adjacency", "motif_counts", "motif_profile", "triangles"]

_FREE = ("triangle", "path", "square", "tailed_triangle", "diamond")
"""Motifs whose numbers do not follow from the degrees."""


def adjacency(edges: ArrayLike, people: int) -> Any:  # noqa: ANN401 - a sparse array of SciPy
    """Return the symmetric adjacency matrix of undirected ties, as a sparse array of 0 and 1."""
    from scipy.sparse import coo_array

    rows = simple_edges(edges, people)
    both = np.concatenate([rows, rows[:, ::-1]])
    return coo_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(people, people)).tocsr()


def triangles(edges: ArrayLike, people: int) -> Float:
    """Return in how many triangles each person is.

    Examples
    --------
    >>> triangles([[0, 1], [1, 2], [0, 2], [2, 3]], 4).tolist()
    [1.0, 1.0, 1.0, 0.0]
    """
    ties = adjacency(edges, people)
    counted: Float = np.asarray((ties @ ties).multiply(ties).sum(axis=1)).ravel() / 2.0
    return counted


def motif_counts(edges: ArrayLike, people: int) -> dict[str, int]:
    """Return how often small graphs occur as subgraphs of undirected ties.

    Subgraphs need not be induced: a triangle holds three wedges. The counts come from products
    of the adjacency matrix (Alon, Yuster and Zwick 1997, Algorithmica 17, 209-223), whose size
    grows with the sum of squared degrees.

    Parameters
    ----------
    edges : array_like of int, shape (m, 2)
        Rows of two people; their direction does not count.
    people : int
        Number of people.

    Returns
    -------
    dict of str to int
        ``wedge`` (two ties of one person), ``triangle``, ``star`` (three ties of one person),
        ``path`` (three ties in a row), ``square`` (a ring of four), ``tailed_triangle`` and
        ``diamond`` (two triangles with a common tie).

    Examples
    --------
    >>> counts = motif_counts([[0, 1], [1, 2], [2, 3], [0, 3], [0, 2]], 4)
    >>> counts["triangle"], counts["square"], counts["diamond"]
    (2, 1, 1)
    """
    ties = adjacency(edges, people)
    degree = np.asarray(ties.sum(axis=1)).ravel()
    common = (ties @ ties).tocsr()
    on_tie = common.multiply(ties)  # triangles on each tie, once per direction
    of_person = np.asarray(on_tie.sum(axis=1)).ravel() / 2.0
    common.setdiag(0.0)
    triangle = of_person.sum() / 3.0
    further = degree - 1.0
    exact = {
        "wedge": (degree * further).sum() / 2.0,
        "triangle": triangle,
        "star": (degree * further * (degree - 2.0)).sum() / 6.0,
        "path": further @ (ties @ further) / 2.0 - 3.0 * triangle,
        "square": (common.data * (common.data - 1.0)).sum() / 8.0,
        "tailed_triangle": (of_person * (degree - 2.0)).sum(),
        "diamond": (on_tie.data * (on_tie.data - 1.0)).sum() / 4.0,
    }
    return {name: round(float(value)) for name, value in exact.items()}


def motif_profile(edges: ArrayLike, people: int, *, seed: int, nulls: int = 20) -> pd.DataFrame:
    """Return how much more frequent motifs are than in random graphs of the same degrees.

    Parameters
    ----------
    edges : array_like of int, shape (m, 2)
        Rows of two people; their direction does not count.
    people : int
        Number of people.
    seed : int
        Seed of the random graphs.
    nulls : int, default 20
        Number of random graphs.

    Returns
    -------
    pandas.DataFrame
        One row per motif whose number does not follow from the degrees: ``count``,
        ``null_mean``, ``null_sd``, ``z``, and ``ratio``, (count - null) / (count + null) in
        [-1, 1], which depends less on the size of the graph (Milo et al. 2004,
        Science 303, 1538-1542).

    Raises
    ------
    ConfigError
        If there are fewer than two random graphs.
    """
    import pandas as pd

    if nulls < 2:
        message = f"nulls must be at least 2, got {nulls}"
        raise ConfigError(message)
    found = motif_counts(edges, people)
    drawn = [
        motif_counts(degree_preserving(edges, people, seed=seed + one), people)
        for one in range(nulls)
    ]
    count = np.array([found[name] for name in _FREE], dtype=np.float64)
    null = np.array([[one[name] for name in _FREE] for one in drawn], dtype=np.float64)
    mean, sd = null.mean(axis=0), null.std(axis=0, ddof=1)
    rows = {
        "count": count.astype(np.int64),
        "null_mean": mean,
        "null_sd": sd,
        "z": np.divide(count - mean, sd, out=np.full(len(sd), np.nan), where=sd > 0),
        "ratio": np.divide(count - mean, count + mean, out=0.0 * mean, where=count + mean > 0),
    }
    return pd.DataFrame(rows, index=pd.Index(_FREE, name="motif"))
