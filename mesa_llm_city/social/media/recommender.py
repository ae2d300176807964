"""Recommenders: which posts somebody is shown, and the two simplest of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.social.media.exposures import Exposures
from mesa_llm_city.social.media.follower_graph import FollowerGraph
from mesa_llm_city.social.media.posts import Posts

__all__ = [
    "Chronological",
    "FeedContext",
    "LearningRecommender",
    "RandomOrder",
    "Recommender",
    "best",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedContext:
    """What a recommender may know besides the posts.

    Parameters
    ----------
    minute : int
        Now, in minutes since the start of the run.
    page : int
        How many posts each viewer is shown at most.
    graph : FollowerGraph
        Who follows whom.
    exposures : Exposures
        Who was shown what before.
    persons : ndarray of int64, shape (n,)
        Ids of all people by row, at which their random numbers have their address.
    seed : int, default 0
        Seed of the run.
    followed : int, optional
        How many of the first columns of the candidates hold posts of followees; if None, the
        graph is asked.
    interests : ndarray of float64, shape (n, topics), optional
        How much people care for each topic, in [0, 1]; columns as in `Posts.topics`.
    stances : ndarray of float64, shape (n, topics), optional
        What people think of each topic, in [-1, 1].
    parameters : CityParameters, optional
        Every number that shapes behaviour; the defaults if None.
    """

    minute: int
    page: int
    graph: FollowerGraph
    exposures: Exposures
    persons: Int
    seed: int = 0
    followed: int | None = None
    interests: Float | None = None
    stances: Float | None = None
    parameters: CityParameters | None = None

    @property
    def tree(self) -> CityParameters:
        """Every number that shapes behaviour."""
        return default_parameters() if self.parameters is None else self.parameters

    def draws(self, viewers: Int, purpose: str, n: int) -> Float:
        """Return uniform random numbers of viewers, shape (v, n), by person, purpose and minute."""
        return uniforms(self.seed, self.persons[viewers], f"media {purpose}", self.minute, n)


@runtime_checkable
class Recommender(Protocol):
    """Chooses and orders what people are shown, for many of them at once.

    Attributes
    ----------
    name : str
        Written down with each exposure.
    """

    @property
    def name(self) -> str:
        """Written down with each exposure."""
        ...

    def recommend(self, viewers: Int, candidates: Int, posts: Posts, context: FeedContext) -> Int:
        """Return the posts each viewer is shown, the first one at the top.

        Parameters
        ----------
        viewers : ndarray of int64, shape (v,)
            Rows of people.
        candidates : ndarray of int64, shape (v, c)
            Posts that each might be shown, each once, none of them seen before; -1 for none.
        posts : Posts
            All posts; read them, never change them.
        context : FeedContext
            Minute, length of the page, graph, earlier exposures, interests.

        Returns
        -------
        ndarray of int64, shape (v, page)
            Posts; -1 where there are no more.
        """
        ...


@runtime_checkable
class LearningRecommender(Recommender, Protocol):
    """A recommender that learns at the end of each day from what people did."""

    def learn(self, posts: Posts, context: FeedContext) -> None:
        """Learn from all posts and exposures until now."""
        ...


def best(scores: Float, candidates: Int, page: int) -> Int:
    """Return the candidates with the highest scores.

    Parameters
    ----------
    scores : ndarray of float64, shape (v, c)
        Score of each candidate; the earlier candidate is first among equal ones.
    candidates : ndarray of int64, shape (v, c)
        Posts; -1 for none.
    page : int
        How many of them.

    Returns
    -------
    ndarray of int64, shape (v, page)
        Posts by falling score; -1 where there are no more.

    Examples
    --------
    >>> best(np.array([[0.1, 0.9, 0.5]]), np.array([[4, 5, -1]]), 3).tolist()
    [[5, 4, -1]]
    """
    rows, width = candidates.shape
    chosen = np.full((rows, page), -1, dtype=np.int64)
    kept = min(page, width)
    if not kept or not rows:
        return chosen
    least = np.where(candidates >= 0, -scores, np.inf)
    order = np.argsort(least, axis=1, kind="stable")[:, :kept]
    chosen[:, :kept] = np.take_along_axis(candidates, order, axis=1)
    return chosen


class Chronological:
    """Shows the posts of those whom somebody follows, the newest first.

    Examples
    --------
    >>> posts = Posts(["health"])
    >>> _ = posts.extend(author=[1, 2, 1], minute=[0, 5, 9], topic="health")
    >>> context = FeedContext(
    ...     minute=10, page=2, graph=FollowerGraph(3, [0], [1]), exposures=Exposures(3),
    ...     persons=np.arange(3),
    ... )
    >>> Chronological().recommend(np.array([0]), np.array([[0, 1, 2]]), posts, context).tolist()
    [[2, 0]]
    """

    __slots__ = ()

    name = "chronological"

    def recommend(self, viewers: Int, candidates: Int, posts: Posts, context: FeedContext) -> Int:
        """Return the newest posts of followees (see `Recommender`)."""
        if context.followed is not None:
            theirs = candidates[:, : context.followed]
        else:
            author = posts.author[candidates]
            known = context.graph.follows(viewers[:, np.newaxis], author)
            theirs = np.where(known, candidates, -1)
        # Ids rise with time, and of two posts of one minute the later one is shown first.
        return best(theirs.astype(np.float64), theirs, context.page)


class RandomOrder:
    """Shows any of the candidates, each as likely as another."""

    __slots__ = ()

    name = "random"

    def recommend(
        self,
        viewers: Int,
        candidates: Int,
        posts: Posts,  # noqa: ARG002 - not read
        context: FeedContext,
    ) -> Int:
        """Return candidates in random order (see `Recommender`)."""
        scores = context.draws(viewers, "order", candidates.shape[1])
        return best(scores, candidates, context.page)
