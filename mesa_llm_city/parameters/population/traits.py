"""Personality: how the Big Five traits differ by gender and age."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["TraitParameters"]


class TraitParameters(Branch):
    """Means of the traits, in standard deviations of all adults (CitySim, sec. 3.1.1)."""

    female_minus_male: FrozenMap[str, float] = parameter(
        FrozenMap(
            {
                "openness": 0.0,
                "conscientiousness": 0.12,
                "extraversion": 0.10,
                "agreeableness": 0.15,
                "neuroticism": 0.40,
            }
        ),
        "Mean of women less that of men",
        unit="SD",
        ge=-3,
        le=3,
        source=(
            "mean of 55 nations, Schmitt, Realo, Voracek and Allik (2008), "
            "J. Pers. Soc. Psychol. 94(1), 168-182"
        ),
    )
    per_decade: FrozenMap[str, float] = parameter(
        FrozenMap(
            {
                "openness": 0.0,
                "conscientiousness": 0.08,
                "extraversion": 0.0,
                "agreeableness": 0.08,
                "neuroticism": -0.06,
            }
        ),
        "Change of the mean in ten years of age",
        unit="SD/10 years",
        ge=-1,
        le=1,
        source=(
            "directions by Srivastava, John, Gosling and Potter (2003), J. Pers. Soc. Psychol. "
            "84(5), 1041-1053; sizes assumed"
        ),
    )
    middle_age: float = parameter(
        45.0, "Age at which the mean is that of all adults", unit="years", ge=0, le=120
    )
    changes_from: float = parameter(16.0, "Age below which age makes no difference", unit="years")
    changes_to: float = parameter(80.0, "Age above which age makes no difference", unit="years")
    cut: float = parameter(
        0.4307,
        "Score beyond which a trait is low or high",
        unit="SD",
        gt=0,
        source="tertiles of the standard normal distribution",
    )
