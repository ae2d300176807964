"""What one visit was like, in a form that loops over visits call (see `kernels`).

They do what `appraisal` does in NumPy, in the same order of operations.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

__all__ = ["Aspects", "RatingNumbers", "rate_visit"]

Aspects: TypeAlias = tuple[float, float, float, float]
"""One number for each of `mind.ASPECTS`."""


class RatingNumbers(NamedTuple):
    """Numbers of `BeliefParameters` that a visit is rated by."""

    neutral: float
    least_income: float
    taste_sd: float
    mood_weight: float
    tolerance_min: float
    noise_sd: float
    mood_lift: float


def rate_visit(  # noqa: PLR0917 - compiled loops take no keywords
    price: float,
    rating: float,
    travel_min: float,
    income: float,
    taste: float,
    mood: float,
    noise: Aspects,
    numbers: RatingNumbers,
) -> Aspects:
    """Return what a visit was like (see `rate_visits`).

    Parameters
    ----------
    price, rating, travel_min, income, taste, mood
        As of `rate_visits`, of one visit.
    noise : tuple of 4 float
        Standard normal numbers.
    numbers : RatingNumbers
        Spreads and weights.
    """
    burden = numbers.neutral if math.isnan(price) else price / max(income, numbers.least_income)
    felt = numbers.taste_sd * taste
    felt += numbers.mood_weight * mood
    price_felt = 1.0 - burden
    quality = (numbers.neutral if math.isnan(rating) else rating) + felt
    way = math.exp(-travel_min / numbers.tolerance_min)
    satisfaction = (price_felt + quality + way) / 3.0
    spread = numbers.noise_sd
    return (
        _share(price_felt + spread * noise[0]),
        _share(quality + spread * noise[1]),
        _share(satisfaction + spread * noise[2]),
        _share(way + spread * noise[3]),
    )


def _share(value: float) -> float:
    """Return what is nearest to a number in [0, 1]."""
    return min(max(value, 0.0), 1.0)
