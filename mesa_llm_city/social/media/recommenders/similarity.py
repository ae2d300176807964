"""Posts like those that a person engaged with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.media.posts import Posts
from mesa_llm_city.social.media.recommender import FeedContext, best
from mesa_llm_city.social.media.recommenders.engagements import Engagements, last_of_each
from mesa_llm_city.social.media.recommenders.formulas import products, recency_weight, rows_of
from mesa_llm_city.social.media.recommenders.post_vectors import PostVectors

if TYPE_CHECKING:
    from mesa_llm_city.llm.embedding import Embedder

__all__ = ["Similarity", "mean_vectors"]


class Similarity:
    """Ranks posts by the cosine between their words and those a person engaged with, and by age.

    The rank is the form that OASIS (Yang et al. 2024, arXiv 2411.11581) gives to that of X:
    cosine times a weight by age. A profile is the mean of the vectors of a person's last posts.
    Whoever has none is shown the newest posts.

    Parameters
    ----------
    chosen : Engagements, optional
        Choices that leave no post behind, beside the posts that people wrote or passed on.
    embedder : Embedder, optional
        Turns words into vectors; by default `LexicalEmbedder`, which compares spelling.
    """

    __slots__ = ("_profiles", "_vectors", "chosen", "embedder")

    name = "similarity"

    def __init__(
        self, chosen: Engagements | None = None, *, embedder: Embedder | None = None
    ) -> None:
        self.chosen = Engagements() if chosen is None else chosen
        self.embedder = embedder
        self._vectors: PostVectors | None = None
        self._profiles: Float | None = None

    def learn(self, posts: Posts, context: FeedContext) -> None:
        """Make a profile of each person from their last engagements."""
        numbers = context.tree.social.recommender
        if self._vectors is None:
            self._vectors = PostVectors(numbers.dimensions, self.embedder)
        self._vectors.fit(posts)
        last = last_of_each(self.chosen.with_posts(posts), numbers.memory_posts)
        self._profiles = mean_vectors(last, self._vectors.of(posts), context.graph.n)

    def recommend(self, viewers: Int, candidates: Int, posts: Posts, context: FeedContext) -> Int:
        """Return the candidates most alike to what each engaged with (see `Recommender`)."""
        age_h = (context.minute - np.append(posts.minute, 0)[candidates]) / HOUR_MIN
        fresh = recency_weight(age_h, scale_h=context.tree.social.recommender.recency_scale_h)
        if self._profiles is None or self._vectors is None:
            return best(fresh, candidates, context.page)
        profiles = rows_of(self._profiles, viewers)
        likeness = products(profiles, self._vectors.of(posts), candidates)
        has_profile = np.any(profiles != 0.0, axis=1, keepdims=True)
        return best(np.where(has_profile, likeness * fresh, fresh), candidates, context.page)

    def state(self) -> dict[str, Any]:
        """Return the profiles, and the dimensions that they have."""
        if self._profiles is None or self._vectors is None:
            return {"profiles": None, "vectors": None}
        vectors = {"dimensions": self._vectors.dimensions, **self._vectors.state()}
        return {"profiles": self._profiles.tolist(), "vectors": vectors}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state that `state` returned."""
        profiles, vectors = state["profiles"], state["vectors"]
        self._profiles = self._vectors = None
        if profiles is not None:
            self._profiles = np.array(profiles, dtype=np.float64)
            self._vectors = PostVectors(vectors["dimensions"], self.embedder)
            self._vectors.restore(vectors)


def mean_vectors(rows: Int, vectors: Float, people: int) -> Float:
    """Return the mean of the vectors of each person's posts, scaled to length 1.

    Parameters
    ----------
    rows : ndarray of int64, shape (k, m)
        Person and post in the first two rows.
    vectors : ndarray of float64, shape (posts, d)
        A vector for each post.
    people : int
        Number of people.

    Returns
    -------
    ndarray of float64, shape (people, d)
        Profiles; zeros for whoever has no post.
    """
    from scipy.sparse import csr_array

    person, post = rows[0], rows[1]
    shape = (people, len(vectors))
    total: Float = csr_array((np.ones(len(person)), (person, post)), shape=shape) @ vectors
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return total / np.where(length > 0.0, length, 1.0)
