"""Posts that people with the same choices engaged with: matrix factorisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.media.posts import Posts
from mesa_llm_city.social.media.recommender import FeedContext, best
from mesa_llm_city.social.media.recommenders.engagements import Engagements
from mesa_llm_city.social.media.recommenders.formulas import products, rows_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["MatrixFactorisation", "factorised"]

# How many more directions than factors are tried, and how often they are improved (reference 1).
_MORE, _PASSES = 10, 4


class MatrixFactorisation:
    """Ranks posts by a truncated singular value decomposition of who engaged with what.

    This is PureSVD (Cremonesi, Koren and Turrin 2010, RecSys '10, 39-46): what is missing
    counts as 0. Posts that nobody has engaged with have the score 0, like all posts for
    whoever has engaged with none; of equal scores the first candidate comes first.

    Parameters
    ----------
    chosen : Engagements, optional
        Choices that leave no post behind, beside the posts that people wrote or passed on.
    """

    __slots__ = ("_people", "_posts", "chosen")

    name = "factorisation"

    def __init__(self, chosen: Engagements | None = None) -> None:
        self.chosen = Engagements() if chosen is None else chosen
        self._people: Float | None = None
        self._posts: Float | None = None

    def learn(self, posts: Posts, context: FeedContext) -> None:
        """Factorise all engagements until now."""
        from scipy.sparse import csr_array

        person, post = self.chosen.with_posts(posts)[:2]
        shape = (context.graph.n, len(posts))
        counted = csr_array((np.ones(len(person)), (person, post)), shape=shape)
        factors = context.tree.social.recommender.factors
        self._people, self._posts = factorised(counted, factors)

    def recommend(self, viewers: Int, candidates: Int, posts: Posts, context: FeedContext) -> Int:
        """Return the candidates with the highest predicted engagement (see `Recommender`)."""
        if self._people is None or self._posts is None:
            return best(np.zeros(candidates.shape), candidates, context.page)
        people = rows_of(self._people, viewers)
        scores = products(people, self._posts, _posts_shown(posts, candidates))
        return best(scores, candidates, context.page)

    def state(self) -> dict[str, Any]:
        """Return the factors."""
        kept = {"people": self._people, "posts": self._posts}
        return {name: None if one is None else one.tolist() for name, one in kept.items()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state that `state` returned."""
        people, posts = state["people"], state["posts"]
        self._people = None if people is None else np.array(people, dtype=np.float64)
        self._posts = None if posts is None else np.array(posts, dtype=np.float64)


def _posts_shown(posts: Posts, candidates: Int) -> Int:
    """Return the posts whose words are shown: what a forward passes on; -1 for none."""
    source: Int = np.append(posts.source, -1)[candidates]
    return source


def factorised(matrix: csr_array, factors: int) -> tuple[Float, Float]:
    """Return factors of rows and columns whose products are close to a matrix.

    ``matrix ~ rows @ columns.T`` with nearly the smallest sum of squared errors, by a
    randomised singular value decomposition [1]_ that always starts from the same numbers.

    Parameters
    ----------
    matrix : csr_array, shape (n, m)
        Weights, most of them 0.
    factors : int
        Number of dimensions; fewer if the matrix is smaller.

    Returns
    -------
    rows : ndarray of float64, shape (n, f)
    columns : ndarray of float64, shape (m, f)

    References
    ----------
    .. [1] Halko, Martinsson and Tropp (2011), Finding structure with randomness, algorithms
       4.4 and 5.1. SIAM Review 53(2), 217-288. https://doi.org/10.1137/090771806

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> rows, columns = factorised(csr_array([[1.0, 1.0, 0.0], [2.0, 2.0, 0.0]]), 1)
    >>> (rows @ columns.T).round(6) + 0.0
    array([[1., 1., 0.],
           [2., 2., 0.]])
    """
    n, m = matrix.shape
    rank = min(factors, n, m)
    start = rng(0, 0, "factorisation", 0).standard_normal((m, min(rank + _MORE, m)))
    basis = np.linalg.qr(matrix @ start)[0]
    for _ in range(_PASSES):
        basis = np.linalg.qr(matrix.T @ basis)[0]
        basis = np.linalg.qr(matrix @ basis)[0]
    left, values, right = np.linalg.svd((matrix.T @ basis).T, full_matrices=False)
    return (basis @ left)[:, :rank] * values[:rank], right[:rank].T
