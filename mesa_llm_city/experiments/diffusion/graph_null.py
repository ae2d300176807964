"""A random graph in which everybody has as many ties as before."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.diffusion.checks import checked_edges

__all__ = ["degree_preserving", "simple_edges"]


def simple_edges(edges: ArrayLike, people: int, *, directed: bool = False) -> Int:
    """Return edges without ties to oneself and without repetition, in order.

    Parameters
    ----------
    edges : array_like of int, shape (m, 2)
        Rows of two people.
    people : int
        Number of people.
    directed : bool, default False
        Whether the direction counts; otherwise the lower number comes first.

    Examples
    --------
    >>> simple_edges([[1, 0], [0, 1], [2, 2]], 3).tolist()
    [[0, 1]]
    """
    rows = checked_edges(edges, people)
    rows = rows if directed else np.sort(rows, axis=1)
    rows = rows[rows[:, 0] != rows[:, 1]]
    return _edges(np.unique(_keys(rows, people)), people)


def degree_preserving(
    edges: ArrayLike, people: int, *, seed: int, directed: bool = False, swaps: float = 10.0
) -> Int:
    """Return a random graph with the degrees of another, by swaps of the ends of two edges.

    The null of structural scores: hubs and sparse graphs alone give high ones (Salloum, Chen and
    Kivela 2022, PACM HCI 6, CSCW1, on polarisation scores).

    Parameters
    ----------
    edges : array_like of int, shape (m, 2)
        Rows of two people. Ties to oneself and repetitions are left out.
    people : int
        Number of people.
    seed : int
        Seed of the exchanges of ties.
    directed : bool, default False
        Whether the direction counts; then in- and out-degrees are kept.
    swaps : float, default 10
        Swaps tried per edge; 10 are enough to forget the graph (Milo et al. 2003,
        arXiv cond-mat/0312028).

    Returns
    -------
    ndarray of int64, shape (k, 2)
        Edges without loops and repetitions, in order.

    Raises
    ------
    ConfigError
        If `swaps` is negative.

    Examples
    --------
    >>> ring = [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [0, 5]]
    >>> np.bincount(degree_preserving(ring, 6, seed=7).ravel()).tolist()
    [2, 2, 2, 2, 2, 2]
    """
    if swaps < 0:
        message = f"swaps must be at least 0, got {swaps:g}"
        raise ConfigError(message)
    rows = simple_edges(edges, people, directed=directed)
    draw = rng(seed, 0, "degree-preserving swaps", 0)
    # A round tries half as many swaps as there are edges, since each edge is in one pair.
    for _ in range(round(2 * swaps)):
        rows = _swap_round(rows, people, draw, directed=directed)
    return _edges(np.sort(_keys(rows, people)), people)


def _swap_round(rows: Int, people: int, draw: Generator, *, directed: bool) -> Int:
    """Pair all edges at random; a pair a-b, c-d becomes a-d, c-b if that gives new edges."""
    shuffled = draw.permutation(rows)
    half = len(shuffled) // 2
    first, second = shuffled[:half], shuffled[half : 2 * half]
    if not directed:
        turned = draw.random(half) < 0.5
        second = np.where(turned[:, np.newaxis], second[:, ::-1], second)
    new = np.stack([first[:, [0, 0]], second[:, [0, 0]]])
    new[0, :, 1], new[1, :, 1] = second[:, 1], first[:, 1]
    if not directed:
        new.sort(axis=-1)
    keys = _keys(new.reshape(-1, 2), people)
    allowed = _allowed(keys, _keys(rows, people), people).reshape(2, half).all(axis=0)
    shuffled[:half][allowed], shuffled[half : 2 * half][allowed] = new[0][allowed], new[1][allowed]
    return shuffled


def _allowed(keys: Int, present: Int, people: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell which new edges are no loops, not there already, and proposed by one pair only."""
    _, position, times = np.unique(keys, return_inverse=True, return_counts=True)
    is_loop = keys // people == keys % people
    allowed: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        ~is_loop & ~np.isin(keys, present) & (times[position] == 1)
    )
    return allowed


def _keys(rows: Int, people: int) -> Int:
    keys: Int = rows[:, 0] * people + rows[:, 1]
    return keys


def _edges(keys: Int, people: int) -> Int:
    return np.stack([keys // max(people, 1), keys % max(people, 1)], axis=1)
