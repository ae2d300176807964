"""Appraisal: what a visit was like, by rule (CitySim, sec. 3.1.3)."""

from __future__ import annotations

from math import isnan
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters.mind import BeliefParameters

__all__ = ["Ratings", "Visit", "appraise_by_rule"]


class Ratings(NamedTuple):
    """What a visit was like, each in [0, 1], and the terms it was judged by.

    Attributes
    ----------
    price, atmosphere, satisfaction, convenience : float
        From 0 (bad) to 1 (good).
    reason : str
        The terms that decided, or the language model's own reason.
    mood : float
        Change of the visitor's valence, in [-1, 1].
    source : DecisionSource
        Rule or prompt.
    """

    price: float
    atmosphere: float
    satisfaction: float
    convenience: float
    reason: str
    mood: float = 0.0
    source: DecisionSource = DecisionSource.RULE


class Visit(NamedTuple):
    """What is known about a stay at a place.

    Attributes
    ----------
    place : int
        Id of the place.
    category : int
        Code of the kind of place.
    price : float
        Price level in [0, 1], NaN if unknown.
    rating : float
        Public rating in [0, 1], NaN if there is none.
    travel_min : float
        Door-to-door travel time to the place, in minutes.
    income : float
        Income of the visitor, in median incomes.
    taste : float
        How the place suits the visitor beyond what can be seen, in standard
        deviations of taste.
    minute : int
        Time of the judgement, in minutes.
    mood : float
        Valence of the visitor, in [-1, 1].
    stayed_min : int
        Length of the visit, in minutes.
    activity : str
        Purpose of the visit.
    described : str
        Name and kind of the place, for a language model.
    """

    place: int
    category: int
    price: float
    rating: float
    travel_min: float
    income: float
    taste: float
    minute: int
    mood: float = 0.0
    stayed_min: int = 0
    activity: str = ""
    described: str = ""


def appraise_by_rule(
    visit: Visit, parameters: BeliefParameters, rng: np.random.Generator
) -> Ratings:
    """Return what a visit was like, by rule.

    Price is judged against income, convenience by ``exp(-travel / tolerance)``,
    atmosphere by the public rating (neutral if there is none), the visitor's taste
    and mood; satisfaction is the mean of the three. Each has a little noise.
    A satisfying visit lifts the mood. The form of the rule is an assumption.

    Parameters
    ----------
    visit : Visit
        The visit.
    parameters : BeliefParameters
        Spreads and weights.
    rng : numpy.random.Generator
        Draws the noise: four normal numbers.
    """
    neutral = parameters.neutral
    noise = parameters.noise_sd * rng.standard_normal(4)
    burden = (
        neutral if isnan(visit.price) else visit.price / max(visit.income, parameters.least_income)
    )
    price = 1.0 - burden
    taste = parameters.taste_sd * visit.taste
    felt = taste + parameters.mood_weight * visit.mood
    atmosphere = (neutral if isnan(visit.rating) else visit.rating) + felt
    convenience = float(np.exp(-visit.travel_min / parameters.tolerance_min))
    satisfaction = (price + atmosphere + convenience) / 3.0
    rated = np.array([price, atmosphere, satisfaction, convenience]) + noise
    reason = f"way {visit.travel_min:.0f} min, taste {taste:+.2f}"
    price, atmosphere, satisfaction, convenience = np.clip(rated, 0.0, 1.0).tolist()
    mood = parameters.mood_lift * (2.0 * satisfaction - 1.0)
    return Ratings(price, atmosphere, satisfaction, convenience, reason, mood)
