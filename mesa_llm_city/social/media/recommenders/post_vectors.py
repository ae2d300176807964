"""Posts as vectors, made from their words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.media.posts import Posts

if TYPE_CHECKING:
    from mesa_llm_city.llm.embedding import Embedder

__all__ = ["PostVectors", "words_of"]

_SAMPLE = 2048
_EMBEDDED = 256

# Words with few letters in common, so that spelling tells sides apart.
_LEVELS = 2
_WORDS = ("condemns, rejects", "doubts", "", "likes", "praises, welcomes")


class PostVectors:
    """The vectors of all posts, reduced to a few dimensions.

    Each text is embedded once. The dimensions kept are those along which the texts differ most
    (latent semantic analysis, Deerwester et al. 1990, J. Am. Soc. Inf. Sci. 41(6), 391-407);
    `fit` finds them anew whenever the number of different texts has doubled.

    Parameters
    ----------
    dimensions : int
        Number of dimensions; not more than the embedder has.
    embedder : Embedder, optional
        Turns words into vectors; by default `LexicalEmbedder`, which compares spelling and
        needs no model.

    Examples
    --------
    >>> posts = Posts()
    >>> texts = ["more trams for the town", "trams in every town", "a recipe for soup"]
    >>> _ = posts.extend(author=[0, 1, 2], texts=texts)
    >>> tram, other, soup = PostVectors(2).of(posts)
    >>> bool(tram @ other > tram @ soup)
    True
    """

    __slots__ = ("_basis", "_fitted", "_row", "_texts", "_vectors", "dimensions", "embedder")

    def __init__(self, dimensions: int, embedder: Embedder | None = None) -> None:
        self.dimensions = dimensions
        self.embedder = embedder
        self._texts: dict[str, int] = {}
        self._row: Int = np.empty(0, dtype=np.int64)
        self._basis: Float | None = None
        self._fitted = 0
        self._vectors: Float = np.empty((0, dimensions))

    def fit(self, posts: Posts) -> None:
        """Find the dimensions anew if there are twice as many texts as when they were found."""
        self._read(posts)
        if len(self._texts) >= 2 * self._fitted:
            self._basis = self._directions(list(self._texts))
            self._fitted = len(self._texts)
            self._vectors = self._vectors[:0]

    def of(self, posts: Posts) -> Float:
        """Return a vector of length 1 for each post, shape (posts, d); zeros without words.

        Vectors from before and after a `fit` cannot be compared.
        """
        if self._fitted:
            self._read(posts)
        else:
            self.fit(posts)
        new = list(self._texts)[len(self._vectors) :]
        if new:
            more = self._reduced(new)
            self._vectors = np.concatenate([self._vectors, more]) if len(self._vectors) else more
        return self._vectors[self._row]

    def state(self) -> dict[str, Any]:
        """Return the dimensions found; vectors are made again from the words of posts."""
        basis = None if self._basis is None else self._basis.tolist()
        return {"basis": basis, "fitted": self._fitted}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state that `state` returned."""
        basis = state["basis"]
        self._basis = None if basis is None else np.array(basis, dtype=np.float64)
        self._fitted = int(state["fitted"])
        self._texts, self._row, self._vectors = {}, self._row[:0], self._vectors[:0]

    def _read(self, posts: Posts) -> None:
        """Note the texts of posts that were written since."""
        fresh = [words_of(posts, row) for row in range(len(self._row), len(posts))]
        rows = [self._texts.setdefault(text, len(self._texts)) for text in fresh]
        self._row = np.append(self._row, np.array(rows, dtype=np.int64))

    def _directions(self, texts: list[str]) -> Float | None:
        """Return the directions along which texts differ most, shape (dim, d); None for all."""
        self._basis = None
        vectors = self._reduced(texts[:: max(len(texts) // _SAMPLE, 1)])
        if vectors.shape[1] <= self.dimensions:
            return None
        _, directions = np.linalg.eigh(vectors.T @ vectors)
        most: Float = directions[:, -self.dimensions :]
        return most

    def _reduced(self, texts: list[str]) -> Float:
        if self.embedder is None:
            from mesa_llm_city.llm.embedding import LexicalEmbedder

            self.embedder = LexicalEmbedder(_EMBEDDED)
        vectors = self.embedder.embed(texts)
        if self._basis is not None:
            vectors = vectors @ self._basis
            length = np.linalg.norm(vectors, axis=1, keepdims=True)
            vectors = vectors / np.where(length > 0.0, length, 1.0)
        return vectors


def words_of(posts: Posts, row: int) -> str:
    """Return the words of a post, or what is known of it in words.

    Examples
    --------
    >>> posts = Posts(["taxes"])
    >>> _ = posts.extend(author=[0, 1], topic="taxes", stance=[0.9, -0.4], texts=["Fine.", ""])
    >>> words_of(posts, 0), words_of(posts, 1)
    ('Fine.', 'taxes: doubts taxes')
    """
    if text := posts.text(row):
        return text
    topic = posts.topics[int(posts.topic[row])] if len(posts.topics) else ""
    level = round(float(posts.stance[row]) * _LEVELS)
    category = posts.categories[int(posts.category[row])]
    return f"{topic}: {_WORDS[level + _LEVELS]} {topic} {category}".strip()
