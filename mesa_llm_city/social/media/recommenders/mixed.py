"""A recommender some of whose posts are drawn at random."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.social.media.posts import Posts
from mesa_llm_city.social.media.recommender import (
    FeedContext,
    LearningRecommender,
    Recommender,
)

__all__ = ["Mixed"]


class Mixed:
    """Shows what another recommender chooses, and in the last places any of the candidates.

    RecAgent (Wang et al. 2025, ACM Trans. Inf. Syst. 43(2) 55) has 1 of 5 posts random, to
    break up information cocoons.

    Parameters
    ----------
    recommender : Recommender
        Fills the first places.
    random_slots : int
        Number of places that are filled at random; a shorter page has only such.

    Raises
    ------
    ConfigError
        If the number is negative.

    Examples
    --------
    >>> from mesa_llm_city.social.media.recommenders import Popularity
    >>> Mixed(Popularity(), 2).name
    'popularity + 2 random'
    """

    __slots__ = ("random_slots", "recommender")

    def __init__(self, recommender: Recommender, random_slots: int) -> None:
        if random_slots < 0:
            message = f"random_slots must be at least 0, got {random_slots}"
            raise ConfigError(message)
        self.recommender = recommender
        self.random_slots = random_slots

    @property
    def name(self) -> str:
        """Name of the other recommender, and how many posts are random."""
        return f"{self.recommender.name} + {self.random_slots} random"

    def learn(self, posts: Posts, context: FeedContext) -> None:
        """Let the other recommender learn, if it does."""
        if isinstance(self.recommender, LearningRecommender):
            self.recommender.learn(posts, context)

    def recommend(self, viewers: Int, candidates: Int, posts: Posts, context: FeedContext) -> Int:
        """Return pages with some random posts at the end (see `Recommender`)."""
        slots = min(self.random_slots, context.page)
        first = replace(context, page=context.page - slots)
        chosen = self.recommender.recommend(viewers, candidates, posts, first)
        draws = context.draws(viewers, "random slots", slots)
        is_free = (candidates >= 0) & ~_holds(chosen, candidates)
        page = np.concatenate([chosen, _drawn(candidates, is_free, draws)], axis=1)
        # Gaps of a short choice go to the end.
        order = np.argsort(page < 0, axis=1, kind="stable")
        return np.take_along_axis(page, order, axis=1)

    def state(self) -> dict[str, Any]:
        """Return the state of the other recommender."""
        state: dict[str, Any] = getattr(self.recommender, "state", dict)()
        return state

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state that `state` returned."""
        if hasattr(self.recommender, "restore"):
            self.recommender.restore(state)


def _holds(pages: Int, candidates: Int) -> Bool:
    """Tell which candidates are on the page of their row."""
    found = np.zeros(candidates.shape, dtype=bool)
    for place in range(pages.shape[1]):
        found |= candidates == pages[:, place : place + 1]
    return found


def _drawn(candidates: Int, is_free: Bool, draws: Float) -> Int:
    """Return candidates drawn from those that are free, each at most once; -1 if none is left."""
    drawn = np.full(draws.shape, -1, dtype=np.int64)
    row = np.arange(len(candidates))
    for place in range(draws.shape[1]):
        order = np.cumsum(is_free, axis=1, dtype=np.int32)
        left = order[:, -1:] if order.shape[1] else np.zeros((len(order), 1), np.int32)
        which = np.floor(draws[:, place : place + 1] * left).astype(np.int32) + 1
        some = left[:, 0] > 0
        column = np.argmax(order[some] == which[some], axis=1)
        drawn[some, place] = candidates[row[some], column]
        is_free[row[some], column] = False
    return drawn
