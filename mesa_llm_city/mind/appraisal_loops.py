"""What one visit was like, in a form that loops over visits call (see `kernels`).

They do what `appraisal` does in NumPy, in the same order of operations.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from mesa_llm_city.core.values import Float

__all__ = ["RatingNumbers", "rate_visit"]


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
    noise: Float,
    numbers: RatingNumbers,
    rated: Float,
) -> None:
    """Fill what a visit was like (see `rate_visits`).

    Parameters
    ----------
    price, rating, travel_min, income, taste, mood
        As of `rate_visits`, of one visit.
    noise : ndarray of float64, shape (4,)
        Standard normal numbers.
    numbers : RatingNumbers
        Spreads and weights.
    rated : ndarray of float64, shape (4,)
        Is filled.
    """
    burden = numbers.neutral if math.isnan(price) else price / max(income, numbers.least_income)
    felt = numbers.taste_sd * taste
    felt += numbers.mood_weight * mood
    rated[0] = 1.0 - burden
    rated[1] = (numbers.neutral if math.isnan(rating) else rating) + felt
    rated[3] = math.exp(-travel_min / numbers.tolerance_min)
    rated[2] = (rated[0] + rated[1] + rated[3]) / 3.0
    for aspect in range(len(rated)):
        value = rated[aspect] + numbers.noise_sd * noise[aspect]
        rated[aspect] = min(max(value, 0.0), 1.0)
