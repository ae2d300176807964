"""Appraisal: what a visit was like, by rule (CitySim, sec. 3.1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.libm import exp
from mesa_llm_city.core.values import DecisionSource, Float
from mesa_llm_city.mind.appraisal_loops import RatingNumbers
from mesa_llm_city.parameters.mind import BeliefParameters

__all__ = [
    "ASPECTS",
    "Ratings",
    "Visit",
    "appraise_by_rule",
    "appraise_together",
    "mean_rating",
    "mood_lift",
    "rate_visits",
    "rating_numbers",
]


_JUDGED_BY = ("price", "rating", "travel_min", "income", "taste", "mood")
ASPECTS = ("price", "atmosphere", "satisfaction", "convenience")
"""What is judged and believed of a place, in the order of every array of ratings (CitySim,
sec. 3.1.2)."""


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


def rate_visits(
    price: ArrayLike,
    rating: ArrayLike,
    travel_min: ArrayLike,
    *,
    income: ArrayLike,
    taste: ArrayLike,
    mood: ArrayLike,
    noise: Float,
    parameters: BeliefParameters,
) -> Float:
    """Return what visits were like, by rule, in the order of `ASPECTS`.

    Price is judged against income, convenience by ``exp(-travel / tolerance)``,
    atmosphere by the public rating (neutral if there is none), the visitor's taste
    and mood; satisfaction is the mean of the three. Each has a little noise.
    The form of the rule is an assumption.

    Parameters
    ----------
    price, rating : array_like, shape (m,)
        Price level and public rating of the place in [0, 1], NaN if unknown.
    travel_min : array_like, shape (m,)
        Door-to-door travel time to it, in minutes.
    income : array_like, shape (m,)
        Income of the visitor, in median incomes.
    taste : array_like, shape (m,)
        How the place suits the visitor beyond what can be seen, in standard deviations.
    mood : array_like, shape (m,)
        Valence of the visitor, in [-1, 1].
    noise : ndarray of float64, shape (m, 4)
        Standard normal numbers: the noise of each aspect.
    parameters : BeliefParameters
        Spreads and weights.

    Returns
    -------
    ndarray of float64, shape (m, 4)
        Ratings in [0, 1].
    """
    neutral = parameters.neutral
    means = np.maximum(np.asarray(income, dtype=np.float64), parameters.least_income)
    burden = np.where(np.isnan(price), neutral, np.asarray(price, dtype=np.float64) / means)
    felt = parameters.taste_sd * np.asarray(taste, dtype=np.float64)
    felt = felt + parameters.mood_weight * np.asarray(mood, dtype=np.float64)
    way = np.asarray(travel_min, dtype=np.float64)
    rated = np.empty(noise.shape)
    rated[..., 0] = 1.0 - burden
    rated[..., 1] = np.where(np.isnan(rating), neutral, rating) + felt
    rated[..., 3] = exp(-way / parameters.tolerance_min)
    rated[..., 2] = (rated[..., 0] + rated[..., 1] + rated[..., 3]) / 3.0
    rated += parameters.noise_sd * noise
    return np.clip(rated, 0.0, 1.0, out=rated)


@keeps_latest
@lru_cache(maxsize=8)
def rating_numbers(parameters: BeliefParameters) -> RatingNumbers:
    """Return the numbers that `appraisal_loops.rate_visit` needs."""
    return RatingNumbers(*(float(getattr(parameters, one)) for one in RatingNumbers._fields))


def mean_rating(ratings: ArrayLike) -> Float:
    """Return the mean of the four ratings of each visit, which is what a belief learns from.

    Parameters
    ----------
    ratings : array_like, shape (..., 4)
        Ratings in the order of `ASPECTS`.
    """
    given = np.asarray(ratings, dtype=np.float64)
    return np.asarray((given[..., 0] + given[..., 1] + given[..., 2] + given[..., 3]) / 4.0)


def mood_lift(satisfaction: ArrayLike, parameters: BeliefParameters) -> Float:
    """Return the change of valence by a visit; a satisfying one lifts the mood.

    Parameters
    ----------
    satisfaction : array_like
        Rating of the visit as a whole, in [0, 1].
    parameters : BeliefParameters
        Reads `mood_lift`.
    """
    return parameters.mood_lift * (2.0 * np.asarray(satisfaction, dtype=np.float64) - 1.0)


def appraise_by_rule(
    visit: Visit, parameters: BeliefParameters, rng: np.random.Generator
) -> Ratings:
    """Return what a visit was like, by rule (see `rate_visits`).

    Parameters
    ----------
    visit : Visit
        The visit.
    parameters : BeliefParameters
        Spreads and weights.
    rng : numpy.random.Generator
        Draws the noise: four uniform numbers, of which normal ones are made.
    """
    return appraise_together([(visit, parameters, rng)])[0]


def appraise_together(
    asked: Sequence[tuple[Visit, BeliefParameters, np.random.Generator]],
) -> list[Ratings]:
    """Return what visits of several persons were like, by rule.

    Parameters
    ----------
    asked : sequence of (Visit, BeliefParameters, numpy.random.Generator)
        The arguments of `appraise_by_rule` for each.
    """
    groups: dict[BeliefParameters, list[int]] = {}
    for row, (_, parameters, _) in enumerate(asked):
        groups.setdefault(parameters, []).append(row)
    found: dict[int, Ratings] = {}
    for parameters, rows in groups.items():
        visits = [asked[row][0] for row in rows]
        noise = normal_of(np.array([asked[row][2].random(len(ASPECTS)) for row in rows]))
        found |= zip(rows, _rated(visits, noise, parameters), strict=True)
    return [found[row] for row in range(len(asked))]


def _rated(visits: Sequence[Visit], noise: Float, parameters: BeliefParameters) -> list[Ratings]:
    known = {name: np.array([getattr(one, name) for one in visits]) for name in _JUDGED_BY}
    rated = rate_visits(**known, noise=noise, parameters=parameters)
    lifts = mood_lift(rated[:, ASPECTS.index("satisfaction")], parameters).tolist()
    return [
        Ratings(
            price,
            atmosphere,
            satisfaction,
            convenience,
            f"way {one.travel_min:.0f} min, taste {parameters.taste_sd * one.taste:+.2f}",
            lift,
        )
        for one, (price, atmosphere, satisfaction, convenience), lift in zip(
            visits, rated.tolist(), lifts, strict=True
        )
    ]
