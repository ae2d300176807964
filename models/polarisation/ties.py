"""Who talks with whom: made-up graphs by name, a file, or a graph of one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Int
from mesa_llm_city.social.media import FollowerGraph

__all__ = ["GRAPHS", "friends_graph"]

_HOMOPHILY = 0.6  # share of friends drawn from the own side; an assumption
_REWIRED = 0.1  # Watts and Strogatz 1998, Nature 393, 440-442: small world


def friends_graph(
    graph: str | Path | FollowerGraph, sides: Int, *, ties: int, seed: int
) -> FollowerGraph:
    """Return a graph in which friends are mutual.

    Parameters
    ----------
    graph : str, Path or FollowerGraph
        One of `GRAPHS`, a file with an edge a line, or a graph.
    sides : ndarray of int64, shape (n,)
        Side of each person, which the homophilous graph goes by.
    ties : int
        Mean number of friends in a made-up graph.
    seed : int
        Seed of a made-up graph.

    Raises
    ------
    ConfigError
        If there is no such graph, or it has another number of people.
    DataError
        If the file has defects.
    """
    people = len(sides)
    if isinstance(graph, FollowerGraph):
        made = graph
    elif graph in GRAPHS:
        if not 1 <= ties < people:
            message = f"ties must be from 1 to one less than the {people} people, got {ties}"
            raise ConfigError(message)
        made = FollowerGraph.from_edges(GRAPHS[str(graph)](sides, ties, seed), people)
    elif Path(str(graph)).is_file():
        made = FollowerGraph.from_file(graph, directed=False)
    else:
        near = did_you_mean(str(graph), GRAPHS)
        message = f"graph must be one of {', '.join(GRAPHS)} or a file of edges, got {graph}{near}"
        raise ConfigError(message)
    if made.n != people:
        message = f"the graph has {made.n} people, the model {people}; give people={made.n}"
        raise ConfigError(message)
    return made.with_edges(made.followees, made.followers)


def _random(sides: Int, ties: int, seed: int) -> Int:
    """Tie people to anybody alike."""
    # A tie that either of two draws is one of both, so each draws half.
    draw = rng(seed, 0, "friends", 0)
    return FollowerGraph.homophilous(sides, following=ties / 2, homophily=0.0, rng=draw).edges


def _homophilous(sides: Int, ties: int, seed: int) -> Int:
    """Tie people to their own side more often."""
    draw = rng(seed, 0, "friends", 0)
    return FollowerGraph.homophilous(
        sides, following=ties / 2, homophily=_HOMOPHILY, rng=draw
    ).edges


def _preferential(sides: Int, ties: int, seed: int) -> Int:
    """Tie a few people to very many (Barabasi and Albert 1999, Science 286, 509-512)."""
    draw = rng(seed, 0, "friends", 0)
    return FollowerGraph.preferential(len(sides), following=max(1, ties // 2), rng=draw).edges


def _small_world(sides: Int, ties: int, seed: int) -> Int:
    """Tie neighbours on a ring, and exchange some of them (Watts and Strogatz 1998)."""
    draw, people = rng(seed, 0, "friends", 0), len(sides)
    order = draw.permutation(people)
    one, step = np.divmod(np.arange(people * max(1, ties // 2)), max(1, ties // 2))
    other = (one + step + 1) % people
    rewired = draw.random(len(one)) < _REWIRED
    other = np.where(rewired, draw.integers(0, people, len(one)), other)
    return np.stack([order[one], order[other]], axis=1)


GRAPHS: Mapping[str, Callable[[Int, int, int], Int]] = {
    "random": _random,
    "homophilous": _homophilous,
    "small_world": _small_world,
    "preferential": _preferential,
}
"""Made-up graphs by name."""
