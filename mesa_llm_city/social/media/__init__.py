"""Media: posts, who follows whom, what people are shown and by which recommender.

Everything is kept in columns, one row for each person or post, so that a day of feeds of a
hundred thousand people is a few passes over arrays. Numbers are in `CityParameters.social`.
"""

from mesa_llm_city.social.media.ads import Ad, AdBoard
from mesa_llm_city.social.media.candidates import Candidates, find_candidates
from mesa_llm_city.social.media.channels import CHANNELS, Delivery, Groups, broadcast, one_to_one
from mesa_llm_city.social.media.codes import Codes
from mesa_llm_city.social.media.exposures import Exposures
from mesa_llm_city.social.media.feed_habit import FeedHabit
from mesa_llm_city.social.media.feed_page import PageItem, PageRead, PostRead, TopicView
from mesa_llm_city.social.media.feed_prompt import FeedPrompt, ask_page
from mesa_llm_city.social.media.feed_reader import FeedReader
from mesa_llm_city.social.media.follower_graph import FollowerGraph
from mesa_llm_city.social.media.media import Media
from mesa_llm_city.social.media.moderation import ACTIONS, Moderated, Moderation
from mesa_llm_city.social.media.post_columns import KINDS
from mesa_llm_city.social.media.posts import Posts
from mesa_llm_city.social.media.recommender import (
    Chronological,
    FeedContext,
    LearningRecommender,
    RandomOrder,
    Recommender,
    best,
)

__all__ = [
    "ACTIONS",
    "CHANNELS",
    "KINDS",
    "Ad",
    "AdBoard",
    "Candidates",
    "Chronological",
    "Codes",
    "Delivery",
    "Exposures",
    "FeedContext",
    "FeedHabit",
    "FeedPrompt",
    "FeedReader",
    "FollowerGraph",
    "Groups",
    "LearningRecommender",
    "Media",
    "Moderated",
    "Moderation",
    "PageItem",
    "PageRead",
    "PostRead",
    "Posts",
    "RandomOrder",
    "Recommender",
    "TopicView",
    "ask_page",
    "best",
    "broadcast",
    "find_candidates",
    "one_to_one",
]
