"""Posts as vectors, made from their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.media.posts import Posts

if TYPE_CHECKING:
    from mesa_llm_city.llm.embedding import Embedder

__all__ = ["PostVectors", "words_of"]

_SAMPLE = 2048
_EMBEDDED = 256

# Words without letters in common, so that spelling tells sides apart.
_LEVELS = 2
_WORDS = ("condemns, rejects", "doubts", "", "likes", "praises, welcomes")


class PostVectors:
    """The vectors of all posts, reduced to a few dimensions.

    Each text is embedded once. The dimensions kept are those along which the texts differ most
    (latent semantic analysis, Deerwester et al. 1990, J. Am. Soc. Inf. Sci. 41(6), 391-407);
    they are found anew whenever the number of different texts has doubled.

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

    def of(self, posts: Posts) -> Float:
        """Return a vector of length 1 for each post, shape (posts, d); zeros without words."""
        if len(posts) < len(self._row):
            self._row = self._row[:0]
        if len(posts) > len(self._row):
            self._read(posts)
        return self._vectors[self._row]

    def _read(self, posts: Posts) -> None:
        fresh = [words_of(posts, row) for row in range(len(self._row), len(posts))]
        rows = [self._texts.setdefault(text, len(self._texts)) for text in fresh]
        self._row = np.append(self._row, np.array(rows, dtype=np.int64))
        texts = list(self._texts)
        if len(texts) >= 2 * self._fitted:
            self._fit(texts)
        elif len(texts) > len(self._vectors):
            more = self._reduced(texts[len(self._vectors) :])
            self._vectors = np.concatenate([self._vectors, more])

    def _fit(self, texts: list[str]) -> None:
        """Find the dimensions along which texts differ most, and reduce all texts to them."""
        self._basis = None
        sample = texts[:: max(len(texts) // _SAMPLE, 1)]
        vectors = self._reduced(sample)
        if vectors.shape[1] > self.dimensions:
            _, directions = np.linalg.eigh(vectors.T @ vectors)
            self._basis = directions[:, -self.dimensions :]
        self._vectors = self._reduced(texts)
        self._fitted = len(texts)

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
