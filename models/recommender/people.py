"""What people are like, whom they follow, and how what they watch and hear changes them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import gammaincinv

from mesa_llm_city.core.streams import rng as stream
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.media import FollowerGraph
from mesa_llm_city.social.sharing_formulas import activity_of
from mesa_llm_city.social.stance_rules import changed_stance

__all__ = ["People", "description", "first_interests", "following_graph"]

# Share of friends with the same favourite topic; and the least interest by which people are drawn.
_HOMOPHILY = 0.5
_LEAST = 1e-6
_SURE_FROM = 0.6


class People:
    """Interests and stances of n people, one row each.

    Parameters
    ----------
    traits : callable
        Returns uniform numbers for what people are like, for a purpose, a number of people and
        of numbers.
    n, topics : int
        Number of people, and of topics.
    parameters : CityParameters
        ``social.viewing``, ``social.stance`` and ``social.sharing``.

    Attributes
    ----------
    interests : ndarray of float64, shape (n, topics)
        Shares of topics among the interests of each person.
    stance, first_stance : ndarray of float64, shape (n,)
        From -1, keep all as it is, to 1, change all: now, and at first.
    activity : ndarray of float64, shape (n,)
        How often people visit, as multiples of the mean.
    last, tip : ndarray of int64, shape (n,)
        The post watched last, and the one a friend told of since the last visit; -1 for none.
    """

    def __init__(
        self,
        traits: Callable[[str, int, int], Float],
        n: int,
        topics: int,
        parameters: CityParameters,
    ) -> None:
        numbers = parameters.social.viewing
        self.interests = first_interests(traits("interests", n, topics), numbers.concentration)
        self.stance = 2.0 * traits("stance", n, 1)[:, 0] - 1.0
        self.first_stance = self.stance.copy()
        self.activity = activity_of(traits("activity", n, 1)[:, 0], parameters.social.sharing)
        self.last, self.tip = (np.full(n, -1, dtype=np.int64) for _ in range(2))

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.stance)

    def watch(self, rows: Int, posts: Int, topics: Int, *, drift: float) -> None:
        """Let people watch a post each: their interests move to its topic."""
        self.last[rows] = posts
        self.interests[rows] *= 1.0 - drift
        self.interests[rows, topics] += drift

    def hear(
        self, rows: Int, said: Float, draws: Float, *, trust: float, parameters: CityParameters
    ) -> None:
        """Change the stances of different people, each of whom hears one thing."""
        self.stance[rows] = changed_stance(
            self.stance[rows],
            said[:, np.newaxis],
            np.full((len(rows), 1), trust),
            anchor=self.first_stance[rows],
            uniform=draws,
            parameters=parameters.social.stance,
        )


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
    """Return whom people follow: friends, and publishers by interest.

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


def description(person: int, interests: Float, stance: float, topics: list[str]) -> str:
    """Return a person in words, for a prompt.

    Examples
    --------
    >>> description(3, np.array([0.2, 0.8]), -0.7, ["food", "taxes"])
    'Person 3 cares most for taxes and food, and would by all means keep things as they were.'
    """
    first, second = np.argsort(-interests, kind="stable")[:2].tolist()
    sure = "by all means " if abs(stance) >= _SURE_FROM else ""
    side = "change things" if stance > 0.0 else "keep things as they were"
    return (
        f"Person {person} cares most for {topics[first]} and {topics[second]}, "
        f"and would {sure}{side}."
    )
