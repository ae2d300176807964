"""How alike kinds of place are, by their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mesa_llm_city.core.values import Float
from mesa_llm_city.llm.embedding import LexicalEmbedder

__all__ = ["likeness_of"]

_DIMENSIONS = 256
_DIGITS = 6


def likeness_of(kinds: Sequence[str]) -> Float:
    """Return how alike kinds are by the letters of their names, shape (kinds, kinds).

    Cosine similarity of embeddings (`llm.embedding.LexicalEmbedder`), to six digits.

    Examples
    --------
    >>> bar, pub, barber = likeness_of(["amenity=bar", "amenity=pub", "shop=barber"])[0]
    >>> bool(bar > pub > barber)
    True
    """
    names = [re.sub(r"[^\w]+|_", " ", name) for name in kinds]
    vectors = LexicalEmbedder(_DIMENSIONS).embed(names)
    likeness: Float = (vectors @ vectors.T).round(_DIGITS)
    return likeness
