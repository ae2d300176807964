"""Whether a graph falls into two sides: random walks that end at the hubs of either."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.diffusion.graph_null import degree_preserving
from mesa_llm_city.experiments.diffusion.motifs import adjacency

__all__ = ["Controversy", "controversy", "random_walk_controversy", "spectral_sides"]

_SIDES = 2
_NO_SIDE = -1
_PRECISION = 1e-10  # of the probabilities, relative
_MOST_ITERATIONS = 10_000


class Controversy(NamedTuple):
    """A score of structural polarisation, and what chance gives.

    Attributes
    ----------
    score : float
        Random-walk controversy of the graph.
    null_mean, null_sd : float
        Mean and standard deviation in random graphs of the same degrees.
    """

    score: float
    null_mean: float
    null_sd: float

    @property
    def excess(self) -> float:
        """The score minus that of random graphs."""
        return self.score - self.null_mean

    @property
    def z(self) -> float:
        """The excess in standard deviations of random graphs; NaN if those do not differ."""
        return self.excess / self.null_sd if self.null_sd > 0 else float("nan")


def spectral_sides(edges: ArrayLike, people: int) -> Int:
    """Divide the largest component into two halves with few ties between them.

    By the second eigenvector of the normalised adjacency matrix, cut at its median, so that
    the halves are of equal size, as those of the partitions that are used for such scores.

    Parameters
    ----------
    edges : array_like of int, shape (m, 2)
        Rows of two people; their direction does not count.
    people : int
        Number of people.

    Returns
    -------
    ndarray of int64, shape (people,)
        0 or 1, and -1 for people outside the largest component.

    Examples
    --------
    >>> side = spectral_sides([[0, 1], [1, 2], [0, 2], [2, 3], [3, 4], [4, 5], [3, 5]], 6)
    >>> len(set(side[:3].tolist())), bool(side[0] != side[5])
    (1, True)
    """
    from scipy.sparse.csgraph import connected_components

    ties = adjacency(edges, people)
    _, component = connected_components(ties, directed=False)
    inside = np.flatnonzero(component == np.bincount(component).argmax())
    side = np.full(people, _NO_SIDE, np.int64)
    if len(inside) < _SIDES:
        return side
    vector = _second_eigenvector(ties[inside][:, inside])
    # By rank rather than by value, so that equal entries do not make one side empty.
    order = np.argsort(vector, kind="stable")
    side[inside[order]] = np.arange(len(inside)) >= len(inside) // 2
    return side


def _second_eigenvector(ties: Any) -> Float:  # noqa: ANN401 - a sparse array
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import eigsh

    root = 1.0 / np.sqrt(np.asarray(ties.sum(axis=1)).ravel())
    if len(root) <= 3:  # too small for the iteration
        values, vectors = np.linalg.eigh(root[:, np.newaxis] * ties.toarray() * root)
    else:
        scaled = diags_array(root) @ ties @ diags_array(root)
        # A fixed start makes the result the same each time.
        values, vectors = eigsh(scaled, k=2, which="LA", v0=np.linspace(1.0, 2.0, len(root)))
    second: Float = vectors[:, np.argsort(values)[-2]] * root
    oriented: Float = second * np.sign(second[np.abs(second).argmax()])
    return oriented


def random_walk_controversy(edges: ArrayLike, sides: ArrayLike, *, hubs: int = 10) -> float:
    """Return the random-walk controversy of a graph with two sides.

    Garimella et al. (2018), ACM Trans. Soc. Comput. 1(1), 3: RWC = P00 P11 - P01 P10, where Pab
    is the probability that a walk that ended at a hub of side b had started on side a. Walks
    take at least one step and start on either side with equal probability. The probabilities
    are computed by a system of equations, not by drawing walks.

    Parameters
    ----------
    edges : array_like of int, shape (m, 2)
        Rows of two people; their direction does not count.
    sides : array_like of int, shape (n,)
        Side of each person, 0 or 1; -1 for people without one, who are left out.
    hubs : int, default 10
        People with most ties of each side, at whom walks end.

    Returns
    -------
    float
        From -1; 0 if a walk tells nothing about its start, 1 if nobody gets to the other side.
        NaN if no walk from one of the sides ends.

    Raises
    ------
    ConfigError
        If a side has not more people than `hubs`.
    DataError
        If a side is neither 0, 1 nor -1, or the system of equations is not solved.

    Examples
    --------
    >>> random_walk_controversy([[0, 1], [1, 2], [2, 3]], [0, 0, 1, 1], hubs=1)
    0.5
    """
    side = _checked(sides)
    ties, side = _with_side(adjacency(edges, len(side)), side)
    ends = _hubs(ties, side, hubs)
    arrival = np.stack([_arrival(ties, ends, side == one) for one in range(_SIDES)], axis=1)
    walks = arrival.sum(axis=1) > 0.5  # elsewhere no hub can be reached
    if not all((walks & (side == one)).any() for one in range(_SIDES)):
        return float("nan")
    ended = np.stack([arrival[walks & (side == one)].mean(axis=0) for one in range(_SIDES)])
    if not ended.sum(axis=0).all():
        return float("nan")
    started = ended / ended.sum(axis=0)
    return float(started[0, 0] * started[1, 1] - started[0, 1] * started[1, 0])


def controversy(
    edges: ArrayLike,
    people: int,
    sides: ArrayLike | None = None,
    *,
    seed: int,
    hubs: int = 10,
    nulls: int = 20,
) -> Controversy:
    """Return the random-walk controversy beside that of random graphs of the same degrees.

    Structural scores are high in random graphs as well, where sides are found in the graph
    itself (Salloum, Chen and Kivela 2022, PACM HCI 6, CSCW1): read the excess.

    Parameters
    ----------
    edges : array_like of int, shape (m, 2)
        Rows of two people; their direction does not count.
    people : int
        Number of people.
    sides : array_like of int, shape (people,), optional
        Side of each person, such as the sign of the stance, kept in the random graphs. By
        default sides are found by `spectral_sides`, in each random graph anew.
    seed : int
        Seed of the random graphs.
    hubs : int, default 10
        People with most ties of each side, at whom walks end.
    nulls : int, default 20
        Number of random graphs.

    Raises
    ------
    ConfigError
        If there are fewer than two random graphs.
    """
    if nulls < 2:
        message = f"nulls must be at least 2, got {nulls}"
        raise ConfigError(message)

    def score(some: ArrayLike) -> float:
        side = spectral_sides(some, people) if sides is None else sides
        return random_walk_controversy(some, side, hubs=hubs)

    null = np.array(
        [score(degree_preserving(edges, people, seed=seed + one)) for one in range(nulls)]
    )
    return Controversy(score(edges), float(null.mean()), float(null.std(ddof=1)))


def _checked(sides: ArrayLike) -> Int:
    side = np.asarray(sides)
    wrong = side[~np.isin(side, (_NO_SIDE, 0, 1))]
    if len(wrong):
        message = f"a side must be 0, 1, or -1 for nobody's, got {wrong[0]}"
        raise DataError(message)
    return side.astype(np.int64)


def _with_side(ties: Any, side: Int) -> tuple[Any, Int]:  # noqa: ANN401 - sparse arrays
    """Return the graph of those who have a side and, among them, a tie."""
    inside = np.flatnonzero(side >= 0)
    ties, side = ties[inside][:, inside], side[inside]
    tied = np.flatnonzero(np.asarray(ties.sum(axis=1)).ravel() > 0)
    return ties[tied][:, tied], side[tied]


def _hubs(ties: Any, side: Int, hubs: int) -> Int:  # noqa: ANN401 - a sparse array
    counts = np.bincount(side, minlength=_SIDES)
    if hubs < 1 or hubs >= counts.min():
        message = (
            f"hubs must be from 1 to one less than the people with ties of a side, "
            f"{counts.min()}, got {hubs}"
        )
        raise ConfigError(message)
    degree = np.asarray(ties.sum(axis=1)).ravel()
    return np.concatenate(
        [
            (mine := np.flatnonzero(side == one))[np.argsort(-degree[mine], kind="stable")[:hubs]]
            for one in range(_SIDES)
        ]
    )


def _arrival(ties: Any, ends: Int, wanted: Any) -> Float:  # noqa: ANN401 - arrays
    """Return the probability that a walk from each person ends at a hub of the wanted side."""
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import cg

    people = ties.shape[0]
    degree = np.asarray(ties.sum(axis=1)).ravel()
    at_hub = np.zeros(people)
    at_hub[ends] = wanted[ends]
    between = np.setdiff1d(_reaching(ties, ends), ends)
    value = at_hub.copy()
    if len(between):
        inner = ties[between][:, between]
        # Divided by roots of degrees the system is symmetric and well scaled.
        root = np.sqrt(degree[between])
        system = diags_array(np.ones(len(between))) - diags_array(1 / root) @ inner @ diags_array(
            1 / root
        )
        wanted_sum = (ties[between] @ at_hub) / root
        solved, status = cg(system, wanted_sum, rtol=_PRECISION, maxiter=_MOST_ITERATIONS)
        if status:
            message = (
                f"the walks of {len(between)} people could not be computed in {_MOST_ITERATIONS} "
                "iterations; choose more hubs"
            )
            raise DataError(message)
        value[between] = solved / root
    # A walk from a hub takes a step as well, so everybody has the mean of the neighbours.
    mean: Float = (ties @ value) / degree
    return mean


def _reaching(ties: Any, ends: Int) -> Int:  # noqa: ANN401 - a sparse array
    from scipy.sparse.csgraph import connected_components

    _, component = connected_components(ties, directed=False)
    return np.flatnonzero(np.isin(component, component[ends]))
