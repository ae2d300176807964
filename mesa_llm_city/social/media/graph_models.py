"""Random graphs of followers: by likeness, and by preferential attachment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Int

__all__ = ["homophilous_edges", "preferential_edges"]


def homophilous_edges(
    groups: NDArray[np.generic], following: float, homophily: float, rng: np.random.Generator
) -> tuple[Int, Int]:
    """Return followers and followees of a graph with homophily (see `FollowerGraph.homophilous`).

    The number that each follows is Poisson; draws of oneself, or of one person twice, are lost.

    Raises
    ------
    ConfigError
        If a number is outside its range.
    """
    n = len(groups)
    if not 0 <= homophily <= 1 or following < 0:
        message = (
            f"homophily must be in [0, 1] and following at least 0, got {homophily} and {following}"
        )
        raise ConfigError(message)
    follower = np.repeat(np.arange(n), rng.poisson(following, n))
    _, group, size = np.unique(groups, return_inverse=True, return_counts=True)
    order, first = np.argsort(group, kind="stable"), np.cumsum(size) - size
    own = group[follower]
    within = order[first[own] + (rng.random(len(follower)) * size[own]).astype(np.int64)]
    anybody = rng.integers(0, max(n, 1), len(follower))
    return follower, np.where(rng.random(len(follower)) < homophily, within, anybody)


def preferential_edges(
    n: int, following: int, exponent: float, reciprocity: float, rng: np.random.Generator
) -> tuple[Int, Int]:
    """Return followers and followees by preferential attachment (see `FollowerGraph`).

    Each edge of a newcomer leads to anybody who is there, or copies where an earlier edge leads;
    the copies draw people in proportion to their followers.

    Raises
    ------
    ConfigError
        If a number is outside its range.
    """
    if not 1 <= following < max(n, 2) or not 0 <= reciprocity <= 1 or exponent <= 2:
        message = (
            f"following must be at least 1 and below {n} people, the exponent above 2, and "
            f"reciprocity in [0, 1]; got {following}, {exponent} and {reciprocity}"
        )
        raise ConfigError(message)
    follower = np.repeat(np.arange(n), following)
    followee = _copied(_anybody_before(follower, rng), _copies(follower, following, exponent, rng))
    back = rng.random(len(follower)) < reciprocity
    return (
        np.concatenate([follower, followee[back]]),
        np.concatenate([followee, follower[back]]),
    )


def _anybody_before(follower: Int, rng: np.random.Generator) -> Int:
    """Return somebody who was there before each follower; the first follows themselves."""
    return (rng.random(len(follower)) * follower).astype(np.int64)


def _copies(follower: Int, following: int, exponent: float, rng: np.random.Generator) -> Int:
    """Return the edge that each edge copies; itself if it leads to anybody."""
    itself = np.arange(len(follower))
    # The first person has no edge to copy from that leads to somebody else.
    earlier = following * np.maximum(follower - 1, 0)
    which = following + (rng.random(len(follower)) * earlier).astype(np.int64)
    # With attraction a beside followers, the tail has the exponent 2 + a / following.
    uniform = (exponent - 2.0) / (exponent - 1.0)
    copies = (rng.random(len(follower)) >= uniform) & (earlier > 0)
    return np.where(copies, which, itself)


def _copied(followee: Int, copies: Int) -> Int:
    """Follow copies of copies to an edge that was drawn."""
    while (further := copies[copies])[copies != further].size:
        copies = further
    return followee[copies]
