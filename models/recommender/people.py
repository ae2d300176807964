"""What people are like at first, and whom they follow."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv

from mesa_llm_city.core.streams import rng as stream
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.media import FollowerGraph

__all__ = ["first_interests", "following_graph"]

# Share of friends with the same favourite topic; and the least interest by which people are drawn.
_HOMOPHILY = 0.5
_LEAST = 1e-6


def first_interests(draws: Float, concentration: float) -> Float:
    """Return shares of topics among the interests of people, each row a Dirichlet distribution.

    Parameters
    ----------
    draws : ndarray of float64, shape (n, topics)
        Uniform numbers, from which gamma numbers are drawn by inverse distribution.
    concentration : float
        Concentration of each topic; the smaller, the fewer topics a person cares for.

    Returns
    -------
    ndarray of float64, shape (n, topics)
        Rows sum to 1.
    """
    weights = gammaincinv(concentration, draws) + np.finfo(np.float64).tiny
    shares: Float = weights / weights.sum(axis=1, keepdims=True)
    return shares


def following_graph(
    interests: Float, publisher_topics: Int, *, friends: int, publishers: int, seed: int
) -> FollowerGraph:
    """Return whom people follow: friends with the same favourite topic, and publishers.

    Half of the friends are drawn from those with the same favourite topic, the others from
    everybody. Publishers follow nobody.

    Parameters
    ----------
    interests : ndarray of float64, shape (n, topics)
        Interests of the people, which are the first rows of the graph.
    publisher_topics : ndarray of int64, shape (p,)
        Topic of each publisher, the rows behind the people.
    friends, publishers : int
        Mean number of friends, and number of publishers that each follows.
    seed : int
        Seed of the run.
    """
    n = len(interests)
    friendships = FollowerGraph.homophilous(
        interests.argmax(axis=1),
        following=friends,
        homophily=_HOMOPHILY,
        rng=stream(seed, 0, "friends", 0),
    )
    draws = uniforms(seed, np.arange(n), "follows publishers", 0, len(publisher_topics))
    # The first so many of an exponential race are a draw without replacement, by weight.
    race = -np.log1p(-draws) / np.maximum(interests[:, publisher_topics], _LEAST)
    order = np.argsort(race, axis=1, kind="stable")[:, :publishers]
    follower = np.repeat(np.arange(n), order.shape[1])
    return FollowerGraph(
        n + len(publisher_topics),
        np.concatenate([friendships.followers, follower]),
        np.concatenate([friendships.followees, n + order.ravel()]),
    )
