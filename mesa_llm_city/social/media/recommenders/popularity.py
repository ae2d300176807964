"""The posts that most people engaged with, newer ones first among equals."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Int
from mesa_llm_city.social.media.posts import Posts
from mesa_llm_city.social.media.recommender import FeedContext, best
from mesa_llm_city.social.media.recommenders.engagements import Engagements
from mesa_llm_city.social.media.recommenders.formulas import hot_score

__all__ = ["Popularity", "votes"]


class Popularity:
    """Ranks posts by how many people forwarded, answered or chose them, and by age.

    The rank is that of Reddit (`hot_score`); there are no votes against.

    Parameters
    ----------
    chosen : Engagements, optional
        Choices that leave no post behind, which count like forwards and replies.

    Examples
    --------
    >>> from mesa_llm_city.social.media import Exposures, FollowerGraph
    >>> posts, liked = Posts(["films"]), Engagements()
    >>> _ = posts.extend(author=[3, 3, 3], minute=[0, 0, 60], topic="films")
    >>> liked.add([1, 2], [0, 0], minute=70)
    >>> context = FeedContext(
    ...     minute=90, page=2, graph=FollowerGraph(4), exposures=Exposures(4),
    ...     persons=np.arange(4),
    ... )
    >>> Popularity(liked).recommend(np.array([0]), np.array([[1, 0, 2]]), posts, context).tolist()
    [[0, 2]]
    """

    __slots__ = ("chosen",)

    name = "popularity"

    def __init__(self, chosen: Engagements | None = None) -> None:
        self.chosen = Engagements() if chosen is None else chosen

    def recommend(
        self,
        viewers: Int,  # noqa: ARG002 - the same for everybody
        candidates: Int,
        posts: Posts,
        context: FeedContext,
    ) -> Int:
        """Return the most popular candidates (see `Recommender`)."""
        scores = hot_score(
            votes(posts, self.chosen),
            0,
            posts.minute / HOUR_MIN,
            scale_h=context.tree.social.recommender.hot_scale_h,
        )
        # A last score stands for -1, no post.
        return best(np.append(scores, 0.0)[candidates], candidates, context.page)


def votes(posts: Posts, chosen: Engagements) -> Int:
    """Return how many forwarded, answered or chose each post, shape (posts,).

    A forward has the votes of the post whose words it shows.
    """
    count = posts.forwards + posts.replies + chosen.counts(len(posts))
    total: Int = count[posts.source].astype(np.int64)
    return total
