"""Parameters of recommenders: in which order posts are offered to people."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter

__all__ = ["RecommenderParameters"]


class RecommenderParameters(Branch):
    """In which order recommenders offer posts, and what the crowd is worth to people."""

    hot_scale_h: float = parameter(
        12.5,
        "Age that a post makes up for by ten times as many votes",
        unit="h",
        gt=0,
        source="Reddit's rank: 45,000 s (Salihefendic 2015, How Reddit ranking algorithms work)",
    )
    recency_scale_h: float = parameter(
        100.0,
        "Time scale of the weight by age in the rank by similarity",
        unit="h",
        gt=0,
        source="OASIS (Yang et al. 2024, arXiv 2411.11581): ln((271.8 - age in h) / 100)",
    )
    memory_posts: int = parameter(
        20,
        "Number of the last posts that a person engaged with, of which the profile is made",
        unit="posts",
        ge=1,
    )
    dimensions: int = parameter(
        32, "Dimensions to which vectors of texts are reduced", unit="dimensions", ge=1
    )
    factors: int = parameter(
        16,
        "Dimensions of the factorisation of what people engaged with",
        unit="dimensions",
        ge=1,
        source="assumption; RecAgent has 64 for 1,000 people",
    )
    random_slots: int = parameter(
        1,
        "Number of posts on a mixed page that are drawn at random from the candidates",
        unit="posts",
        ge=0,
        source="RecAgent (Wang et al. 2025, ACM Trans. Inf. Syst. 43(2) 55): 1 of 5",
    )
    crowd_weight: float = parameter(
        0.5,
        "Weight of ln(1 + number of people) in the utility of a post whose counts are shown",
        unit="utility",
        ge=0,
        source="assumption; people choose what others chose (Salganik, Dodds and Watts 2006, "
        "Science 311, 854-856)",
    )
