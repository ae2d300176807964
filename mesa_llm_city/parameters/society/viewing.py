"""Parameters of what people do on a platform with a recommender, and how it changes them."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.defects import Defect

__all__ = ["ViewingParameters"]

_RECAGENT = "RecAgent (Wang et al. 2025, ACM Trans. Inf. Syst. 43(2) 55)"


class ViewingParameters(Branch):
    """Visits to a platform: how often, what is done, what is watched, and what that changes.

    The four activities are those of RecAgent; its shares come from a language model, so those
    here are assumptions.
    """

    visits: float = parameter(
        0.7, "Mean probability of a visit in a round", unit="1/round", ge=0, le=1
    )
    search_share: float = parameter(
        0.1, "Share of visits on which people search instead of watching", ge=0, le=1
    )
    chat_share: float = parameter(0.1, "Share of visits on which people chat", ge=0, le=1)
    post_share: float = parameter(0.1, "Share of visits on which people write a post", ge=0, le=1)
    concentration: float = parameter(
        0.3,
        "Concentration of a person's interests, a Dirichlet distribution over topics; the smaller, "
        "the fewer topics",
        gt=0,
    )
    interest: float = parameter(
        1.0,
        "Weight of ln(share of the topic among a person's interests times the number of topics)",
        unit="utility",
        ge=0,
    )
    distance: float = parameter(
        1.0,
        "Weight of the distance between the stances of a person and of a post",
        unit="utility",
        ge=0,
        source="assumption; people choose what agrees with them (Hart et al. 2009, Psychol. Bull. "
        "135(4), 555-588)",
    )
    quality: float = parameter(
        0.5, "Weight of the quality of a post, in standard deviations", unit="utility", ge=0
    )
    nothing: float = parameter(0.0, "Utility of watching nothing of a page", unit="utility")
    drift: float = parameter(
        0.03,
        "Share of the distance by which interests move to the topic of a post that is watched",
        ge=0,
        le=1,
        source="assumption; interests follow what is recommended (Jiang et al. 2019, AIES '19, "
        "383-390)",
    )
    trust_watched: float = parameter(
        0.3, "Trust in a post that is watched, in the rule of stances", ge=0, le=1
    )
    trust_friend: float = parameter(
        0.6, "Trust in a friend who is talked to, in the rule of stances", ge=0, le=1
    )
    results: int = parameter(
        5, "Number of posts that a search shows", unit="posts", ge=1, source=_RECAGENT
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield shares that leave no visit for watching."""
        total = self.search_share + self.chat_share + self.post_share
        if total > 1.0:
            yield Defect("search_share", f"and the shares of chat and post sum to {total:g}, not 1")
