"""The recommender on the command line and in the browser: ``run recommender``, ``serve``."""

from __future__ import annotations

from collections.abc import Mapping

from mesa_llm_city.models.recommender.model import CROWD, RecommenderModel
from mesa_llm_city.models.recommender.pictures import draw_run

from mesa_llm_city.experiments.model_program import Lever, ModelProgram
from mesa_llm_city.social.media.recommenders import RECOMMENDERS

__all__ = ["PROGRAM"]


def _key_figures(model: RecommenderModel) -> Mapping[str, str]:
    name, slots = model.platform.engine.name, int(model.random_slots)
    return {
        "recommender": f"{name}, {slots} random places a page",
        "people": f"{len(model.people):,}; counts are {model.crowd}",
        "entropy": f"{model.entropy:.2f} nats, {model.below_peak:.1%} below its peak",
        "echo index": f"{model.echo:.3f} (0: as in a random feed)",
        "inequality": f"{model.inequality:.2f} (Gini of what is watched)",
    }


PROGRAM = ModelProgram(
    name="recommender",
    model=RecommenderModel,
    options={
        "people": "number of people",
        "days": "days; on each, people visit once at most",
        "recommender": f"what ranks posts: {', '.join(RECOMMENDERS)}",
        "random_slots": "posts of a page that are drawn at random",
        "crowd": f"whether people see how many have watched a post: {' or '.join(CROWD)}",
        "topics": "number of topics, from 2 to 12",
        "publishers": "number of publishers",
        "posts_per_publisher": "posts of each publisher a day",
        "friends": "mean number of people that somebody follows",
        "followed_publishers": "number of publishers that somebody follows",
        "boosted": "share of publishers' posts whose count is shown higher than it is",
        "boost": "by how many their count is shown higher",
        "kept_days": "days for which posts are shown, and count as popular",
        "window": "days of recommendations that entropy and echo are measured over",
    },
    key_figures=_key_figures,
    draw=draw_run,
    levers=(
        Lever(name="random_slots", label="Random posts a page", low=0.0, high=5.0, step=1.0),
        Lever(name="social.recommender.crowd_weight", label="Weight of counts", low=0.0, high=2.0),
        Lever(
            name="social.viewing.drift", label="Drift of interests", low=0.0, high=0.3, step=0.01
        ),
        Lever(name="social.viewing.distance", label="Weight of stance", low=0.0, high=4.0),
    ),
)
