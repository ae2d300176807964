"""Recommenders by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.social.media.recommender import Chronological, RandomOrder, Recommender
from mesa_llm_city.social.media.recommenders.engagements import Engagements
from mesa_llm_city.social.media.recommenders.factorisation import MatrixFactorisation
from mesa_llm_city.social.media.recommenders.mixed import Mixed
from mesa_llm_city.social.media.recommenders.popularity import Popularity
from mesa_llm_city.social.media.recommenders.similarity import Similarity

__all__ = ["RECOMMENDERS", "make_recommender"]

RECOMMENDERS: Mapping[str, Callable[[Engagements], Recommender]] = MappingProxyType(
    {
        "chronological": lambda _: Chronological(),
        "random": lambda _: RandomOrder(),
        "popularity": Popularity,
        "similarity": Similarity,
        "factorisation": MatrixFactorisation,
    }
)
"""What makes each recommender, given the choices of people."""


def make_recommender(
    name: str, chosen: Engagements | None = None, *, random_slots: int = 0
) -> Recommender:
    """Return a recommender by its name.

    Parameters
    ----------
    name : str
        One of `RECOMMENDERS`.
    chosen : Engagements, optional
        Choices that leave no post behind, such as films that were watched.
    random_slots : int, default 0
        Number of posts of a page that are drawn at random (see `Mixed`).

    Raises
    ------
    ConfigError
        If there is no such recommender.

    Examples
    --------
    >>> make_recommender("similarity", random_slots=1).name
    'similarity + 1 random'
    """
    if name not in RECOMMENDERS:
        message = f"there is no recommender {name!r}{did_you_mean(name, RECOMMENDERS)}; there are "
        message += ", ".join(RECOMMENDERS)
        raise ConfigError(message)
    made = RECOMMENDERS[name](Engagements() if chosen is None else chosen)
    return Mixed(made, random_slots) if random_slots else made
