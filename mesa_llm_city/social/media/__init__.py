"""Media: posts, who follows whom, what people are shown and by which recommender.

Everything is kept in columns, one row for each person or post, so that a day of feeds of a
hundred thousand people is a few passes over arrays. Numbers are in `CityParameters.social`.
"""

from mesa_llm_city.social.media.codes import Codes
from mesa_llm_city.social.media.exposures import Exposures
from mesa_llm_city.social.media.follower_graph import FollowerGraph
from mesa_llm_city.social.media.posts import KINDS, NOBODY, Posts
from mesa_llm_city.social.media.recommender import (
    Chronological,
    FeedContext,
    LearningRecommender,
    RandomOrder,
    Recommender,
    best,
)

__all__ = [
    "KINDS",
    "NOBODY",
    "Chronological",
    "Codes",
    "Exposures",
    "FeedContext",
    "FollowerGraph",
    "LearningRecommender",
    "Posts",
    "RandomOrder",
    "Recommender",
    "best",
]
