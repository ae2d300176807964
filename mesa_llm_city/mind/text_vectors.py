"""Vectors of texts, embedded once and shared by all persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float

if TYPE_CHECKING:
    from mesa_llm_city.llm.embedding import Embedder

__all__ = ["TextVectors", "shared_vectors"]

# Texts of memories are short; more dimensions do not change what is found.
_DIM = 256


class TextVectors:
    """An embedder with a cache of the vectors of recent texts.

    One object serves any number of persons: a copy is the object itself, and the cache is
    not pickled. Since a vector depends on its text alone, results do not depend on the
    cache.

    Parameters
    ----------
    embedder : Embedder
        Turns texts into vectors of length 1.
    capacity : int, default 4096
        Number of vectors in the cache; the oldest is dropped first.

    Raises
    ------
    ConfigError
        If `capacity` is below 1.

    Examples
    --------
    >>> vectors = shared_vectors()
    >>> likeness = vectors.similarity("noodle soup", ["soup with noodles", "a late train"])
    >>> bool(likeness[0] > likeness[1])
    True
    """

    __slots__ = ("_kept", "capacity", "embedder")

    def __init__(self, embedder: Embedder, *, capacity: int = 4096) -> None:
        if capacity < 1:
            message = f"capacity must be at least 1, got {capacity}"
            raise ConfigError(message)
        self.embedder = embedder
        self.capacity = capacity
        self._kept: dict[str, Float] = {}

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without the cache, since it can be computed again."""
        return (_text_vectors, (self.embedder, self.capacity))

    def __deepcopy__(self, _: Mapping[int, object]) -> TextVectors:
        """Return itself, so that copied components share it."""
        return self

    def __len__(self) -> int:
        """Return the number of vectors in the cache."""
        return len(self._kept)

    def of(self, texts: Sequence[str]) -> Float:
        """Return the vector of each text, shape (n, dim)."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if missing:
            # Each row is copied, since a view would keep the whole batch in memory.
            embedded = self.embedder.embed(missing)
            self._kept.update(
                (text, row.copy()) for text, row in zip(missing, embedded, strict=True)
            )
        vectors = np.array([self._kept[text] for text in texts])
        self._drop_oldest()
        return vectors.reshape(len(texts), self.embedder.dim)

    def similarity(self, query: str, texts: Sequence[str]) -> Float:
        """Return the cosine between a query and each text, shape (n,), in [-1, 1].

        Rounded to nine digits, so that equals are equal on every machine.
        """
        vectors = self.of([query, *texts])
        cosine: Float = np.multiply(vectors[1:], vectors[0]).sum(axis=1)
        return cosine.round(9)

    def _drop_oldest(self) -> None:
        excess = len(self._kept) - self.capacity
        for text in list(self._kept)[: max(excess, 0)]:
            del self._kept[text]


def _text_vectors(embedder: Embedder, capacity: int) -> TextVectors:
    return TextVectors(embedder, capacity=capacity)


@lru_cache(maxsize=1)
def shared_vectors() -> TextVectors:
    """Return the vectors that all memories use unless they are given others.

    They are made by `llm.embedding.LexicalEmbedder` with 256 dimensions, which compares
    letters and needs no model.
    """
    # Imported when first needed: persons who decide by rules recall without a query.
    from mesa_llm_city.llm.embedding import LexicalEmbedder

    return TextVectors(LexicalEmbedder(_DIM))
