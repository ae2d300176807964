"""Parameters of beliefs about places, and of judging a visit."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter

__all__ = ["BeliefParameters"]


class BeliefParameters(Branch):
    """Learning about places, forgetting, and judging a visit."""

    prior_variance: float = parameter(
        0.25, "Uncertainty about a place never visited", gt=0, le=1, source="CitySim, appendix A"
    )
    observation_variance: float = parameter(
        0.2, "Uncertainty of one visit", gt=0, source="CitySim, appendix A"
    )
    decay_per_day: float = parameter(
        0.03,
        "Share of a belief forgotten in a day",
        unit="1/day",
        ge=0,
        le=1,
        source="CitySim, appendix A",
    )
    neutral: float = parameter(
        0.5, "Belief of somebody who knows nothing", ge=0, le=1, source="CitySim, sec. 3.1.2"
    )
    own_mean_after: float = parameter(
        1.0,
        "Number of visited places after which half of a person's own mean rating is believed",
        unit="places",
        gt=0,
        source="assumption; shrinkage of random effects, Robinson (1991), Statistical Science 6",
    )
    kind_effect_after: float = parameter(
        2.0,
        "Number of visited places of a kind after which half of its effect is believed",
        unit="places",
        gt=0,
        source="assumption; shrinkage of random effects, Robinson (1991), Statistical Science 6",
    )
    slots: int = parameter(
        16,
        "Number of places a person can know; a new one takes the place of the one that was visited "
        "least, and longest ago among those",
        unit="places",
        ge=1,
        le=100_000,
        source="assumption: people keep returning to about 25 places, home and work included "
        "(Alessandretti, Sapiezynski, Sekara, Lehmann and Baronchelli 2018, Nature Human "
        "Behaviour 2, 485-491)",
    )
    similar: int = parameter(
        10,
        "Greatest number of known places by which an unknown one is judged",
        unit="places",
        ge=0,
        source="CitySim, appendix A: k = 10 by embedding",
    )
    alike_from: float = parameter(
        0.4, "Likeness from which kinds of place say something of each other", ge=-1, le=1
    )
    variance_growth_per_day: float = parameter(
        0.0,
        "How much uncertainty grows back in a day, up to prior_variance",
        unit="1/day",
        ge=0,
        source="assumption: an option, the paper has none",
    )
    taste_sd: float = parameter(
        0.15, "Difference in taste between persons, standard deviation", ge=0
    )
    noise_sd: float = parameter(
        0.05, "Difference between two visits to a place, standard deviation", ge=0
    )
    tolerance_min: float = parameter(
        30.0, "Travel time at which convenience has fallen to 1/e", unit="min", gt=0
    )
    mood_weight: float = parameter(
        0.1, "How much the best mood adds to the atmosphere that is found"
    )
    mood_lift: float = parameter(
        0.3, "How much the most satisfying visit lifts the mood", ge=-1, le=1
    )
    least_income: float = parameter(
        0.5, "Lowest income against which prices are judged", unit="median incomes", gt=0
    )
