"""Recommenders: popularity, similarity of words, matrix factorisation, and a mix with chance.

All rank the candidates of many people in one pass; the two simplest, chronological and random,
are in `social.media.recommender`. Numbers are in `CityParameters.social.recommender`.
"""

from mesa_llm_city.social.media.recommenders.engagements import Engagements
from mesa_llm_city.social.media.recommenders.factorisation import MatrixFactorisation
from mesa_llm_city.social.media.recommenders.formulas import (
    crowd_utility,
    hot_score,
    recency_weight,
)
from mesa_llm_city.social.media.recommenders.mixed import Mixed
from mesa_llm_city.social.media.recommenders.popularity import Popularity, votes
from mesa_llm_city.social.media.recommenders.post_vectors import PostVectors
from mesa_llm_city.social.media.recommenders.registry import RECOMMENDERS, make_recommender
from mesa_llm_city.social.media.recommenders.similarity import Similarity

__all__ = [
    "RECOMMENDERS",
    "Engagements",
    "MatrixFactorisation",
    "Mixed",
    "Popularity",
    "PostVectors",
    "Similarity",
    "crowd_utility",
    "hot_score",
    "make_recommender",
    "recency_weight",
    "votes",
]
