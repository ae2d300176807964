"""The platform: posts, what people were shown, what they chose, and the recommender."""

from __future__ import annotations

import numpy as np
from mesa_llm_city.models.recommender.contents import texts_of
from mesa_llm_city.models.recommender.publishers import Items
from mesa_llm_city.models.recommender.visits import Offer

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.media import (
    Exposures,
    FeedContext,
    FollowerGraph,
    LearningRecommender,
    Posts,
    find_candidates,
)
from mesa_llm_city.social.media.recommenders import Engagements, Mixed, make_recommender

__all__ = ["Platform"]


class Platform:
    """Posts with a quality, and a recommender that learns from what people watch.

    Parameters
    ----------
    graph : FollowerGraph
        Who follows whom; people are its first rows, publishers those behind them.
    people : int
        Number of people.
    topics : list of str
        What is written about.
    recommender : str
        Name of the recommender.
    boost : int
        How much higher than it is the count of a boosted post is shown.
    window : int
        Number of rounds of which recommendations are kept for measures.

    Attributes
    ----------
    posts : Posts
        All posts.
    exposures : Exposures
        All that people were shown.
    choices : Engagements
        All that people watched.
    quality : ndarray of float64, shape (posts,)
        Quality of each post, in standard deviations; 0 for posts of people.
    number : ndarray of int64, shape (posts,)
        Number of each post of a publisher, the same in all futures; -1 for posts of people.
    boosted : ndarray of bool, shape (posts,)
        Whether the count of a post is shown higher than it is.
    recent : list of ndarray of int64, shape (2, m)
        Viewer and post of what was recommended in each of the last rounds.
    """

    def __init__(
        self,
        graph: FollowerGraph,
        *,
        people: int,
        topics: list[str],
        recommender: str,
        boost: int,
        window: int,
    ) -> None:
        self.graph, self.people, self.boost, self.window = graph, people, boost, window
        self.posts, self.exposures, self.choices = Posts(topics), Exposures(graph.n), Engagements()
        self.engine = make_recommender(recommender, self.choices)
        self.quality, self.number = np.empty(0), np.empty(0, dtype=np.int64)
        self.boosted = np.empty(0, dtype=bool)
        self.recent: list[Int] = []

    @property
    def counts(self) -> Int:
        """How many have watched each post."""
        return self.choices.counts(len(self.posts))

    @property
    def recommended(self) -> Int:
        """Viewer and post of what was recommended in the last rounds, shape (2, m)."""
        return np.concatenate([np.empty((2, 0), dtype=np.int64), *self.recent], axis=1)

    def item_choices(self) -> Int:
        """Return how often each post of publishers was watched, by its number."""
        is_item = self.number >= 0
        return np.bincount(self.number[is_item], self.counts[is_item]).astype(np.int64)

    def publish(self, items: Items, minute: int) -> None:
        """Write what publishers have for a day that begins at a minute."""
        self.posts.extend(
            author=self.people + items.publisher,
            minute=minute + items.minute,
            topic=items.topic,
            stance=items.stance,
            texts=texts_of(items.topic, items.stance, items.words),
        )
        self.quality = np.append(self.quality, items.quality)
        self.number = np.append(self.number, items.number)
        self.boosted = np.append(self.boosted, items.is_boosted)

    def post(self, people: Int, topic: Int, stance: Float, texts: list[str], minute: int) -> None:
        """Write posts of people."""
        new = self.posts.extend(
            author=people, minute=minute, topic=topic, stance=stance, texts=texts
        )
        self.quality = np.append(self.quality, np.zeros(len(new)))
        self.number = np.append(self.number, np.full(len(new), -1))
        self.boosted = np.append(self.boosted, np.zeros(len(new), dtype=bool))

    def recommend(self, rows: Int, context: FeedContext, *, random_slots: int) -> Int:
        """Show visitors a page each, and return the pages."""
        found = find_candidates(rows, self.posts, context)
        recommender = Mixed(self.engine, random_slots) if random_slots else self.engine
        pages = recommender.recommend(rows, found.posts, self.posts, context)
        self.exposures.record(rows, pages, minute=context.minute, by=recommender.name)
        place = np.nonzero(pages >= 0)
        self.recent.append(np.stack([rows[place[0]], pages[place]]))
        self.recent = self.recent[-self.window :]
        return pages

    def tell(self, rows: Int, tips: Int, minute: int) -> Int:
        """Show people what friends told them of, and return those they had not seen, or -1."""
        seen = self.exposures.has_seen(rows, tips[:, np.newaxis])[:, 0]
        fresh = np.where(seen, -1, tips)
        self.exposures.record(rows, fresh[:, np.newaxis], minute=minute, by="chat")
        return fresh

    def offer(
        self, rows: Int, pages: Int, interests: Float, stance: Float, *, shows_counts: bool
    ) -> Offer:
        """Return what people see of posts."""
        there = pages >= 0
        shown = self.counts + self.boost * self.boosted
        return Offer(
            interests[rows[:, np.newaxis], self.posts.topic[pages]],
            np.abs(self.posts.stance[pages] - stance[rows][:, np.newaxis]),
            self.quality[pages],
            np.where(there & shows_counts, shown[pages], 0),
            there,
        )

    def learn(self, context: FeedContext) -> None:
        """Let the recommender learn from all that was watched until now."""
        if isinstance(self.engine, LearningRecommender):
            self.engine.learn(self.posts, context)
