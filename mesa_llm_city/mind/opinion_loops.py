"""What persons believe of places and expect of kinds of place, one of them at a time.

The functions are compiled as parts of loops over persons (see `kernels`), and give the numbers of
`BeliefSlots.faded` and `expected_by_kind`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.shares import share_of
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind.belief_loops import (
    variance_by,
    variance_of,
    visit_min_in,
    visits_in,
)
from mesa_llm_city.mind.belief_slots import shares_left
from mesa_llm_city.parameters.mind import BeliefParameters

__all__ = [
    "Guessing",
    "Ratings",
    "expected_at",
    "faded_at",
    "guessing_by",
    "rate_known",
    "said_of_each_other",
]


class Guessing(NamedTuple):
    """Numbers of learning and forgetting.

    Attributes
    ----------
    neutral, prior_variance, observation_variance, own_mean_after, kind_effect_after, similar
        As in `BeliefParameters`.
    grows : bool
        Whether uncertainty grows between visits.
    shares : ndarray of float64, shape (d,)
        Share of a belief that is left after each number of days.
    alike : ndarray of float64, shape (c, c)
        How much a place of a kind (column) says about each kind (row).
    """

    neutral: float
    prior_variance: float
    observation_variance: float
    own_mean_after: float
    kind_effect_after: float
    similar: int
    grows: bool
    shares: Float
    alike: Float


class Ratings(NamedTuple):
    """What the places that one person knows say of others, S at most, from the front.

    Attributes
    ----------
    kind : ndarray of int64, shape (S,)
        Kinds of the places.
    minute : ndarray of int64, shape (S,)
        Times of the last visits.
    rating, weight : ndarray of float64, shape (S,)
        Mean ratings, and how much they count.
    """

    kind: Int
    minute: Int
    rating: Float
    weight: Float


def guessing_by(parameters: BeliefParameters, alike: Float, latest_min: int) -> Guessing:
    """Return the numbers of parameters as loops take them.

    Parameters
    ----------
    parameters : BeliefParameters
        Numbers of learning and forgetting.
    alike : ndarray of float64, shape (c, c)
        How much kinds say of each other (see `said_of_each_other`).
    latest_min : int
        The latest moment that will be asked about, in minutes.
    """
    return Guessing(
        parameters.neutral,
        parameters.prior_variance,
        parameters.observation_variance,
        parameters.own_mean_after,
        parameters.kind_effect_after,
        parameters.similar,
        parameters.variance_growth_per_day > 0.0,
        shares_left(latest_min // DAY_MIN, parameters),
        alike,
    )


def said_of_each_other(likeness: Float, parameters: BeliefParameters) -> Float:
    """Return how much kinds of place say of each other, shape (c, c), by how alike they are."""
    return np.where(likeness < parameters.alike_from, 0.0, likeness)


def rate_known(  # noqa: PLR0917 - compiled loops take no keywords
    place: NDArray[np.int32],
    overall: NDArray[np.uint16],
    deviation: NDArray[np.uint16],
    seen: NDArray[np.uint32],
    now: int,
    category: NDArray[np.integer],
    numbers: Guessing,
    ratings: Ratings,
) -> tuple[int, float]:
    """Fill what one person knows at a moment.

    Parameters
    ----------
    place, overall, deviation, seen : ndarray, shape (S,)
        The person's row of `BeliefSlots`, belief and deviation as codes; no deviations where
        they are not kept.
    now : int
        The moment, in minutes.
    category : ndarray of int, shape (n,)
        Kinds of all places.
    numbers : Guessing
        Numbers of learning and forgetting.
    ratings : Ratings
        Is filled.

    Returns
    -------
    known : int
        Number of places that the person knows.
    mean : float
        What the person expects of any place.
    """
    kinds, minutes, rated, weights = ratings
    prior, known, summed, total = 1.0 / numbers.prior_variance, 0, 0.0, 0.0
    for slot in range(len(place)):
        if place[slot] < 0:
            continue
        minute = visit_min_in(seen[slot])
        share = numbers.shares[_days(now - minute)]
        if numbers.grows:
            variance = variance_of(deviation[slot])
        else:
            variance = variance_by(
                visits_in(seen[slot]), numbers.prior_variance, numbers.observation_variance
            )
        certainty, rating = 1.0 / variance, share_of(overall[slot])
        # The pull of the prior is taken out, as in `BeliefSlots.observed`.
        if certainty - prior > 0.0:
            rating = (rating * certainty - prior * numbers.neutral) / (certainty - prior)
        rating = min(max(rating, 0.0), 1.0)
        kinds[known], minutes[known] = category[place[slot]], minute
        rated[known], weights[known] = rating, share
        summed += share * rating
        total += share
        known += 1
    own = numbers.own_mean_after
    return known, (summed + own * numbers.neutral) / (total + own)


def faded_at(believed: float, minutes: int, numbers: Guessing) -> float:
    """Return a belief some minutes after the visit (see `BeliefSlots.faded`)."""
    forgotten = 1.0 - numbers.shares[_days(minutes)]
    return float((1.0 - forgotten) * believed + forgotten * numbers.neutral)


def expected_at(  # noqa: PLR0917 - compiled loops take no keywords
    alike: Float, mean: float, known: int, slots: int, numbers: Guessing, ratings: Ratings
) -> float:
    """Return what one person expects of a kind of place (see `expected_by_kind`).

    Parameters
    ----------
    alike : ndarray of float64, shape (c,)
        Row of `Guessing.alike` for the kind.
    mean, known : float, int
        What `rate_known` returned.
    slots : int
        Number of slots S.
    numbers : Guessing
        Numbers of learning and forgetting.
    ratings : Ratings
        What `rate_known` filled.
    """
    kind, minute, rating, weight = ratings
    told = 0
    for one in range(known):
        told += alike[kind[one]] != 0.0
    count = effect = 0.0
    for one in range(known):
        said = alike[kind[one]]
        if said == 0.0:
            continue
        if told > numbers.similar:
            # An empty slot says nothing, which is more than the contrary.
            before = slots - known if said < 0.0 else 0
            if before + _before(one, alike, known, kind, minute) >= numbers.similar:
                continue
        count += said * weight[one]
        effect += said * (weight[one] * (rating[one] - mean))
    return min(max(mean + effect / (count + numbers.kind_effect_after), 0.0), 1.0)


def _days(minutes: int) -> int:
    """Return the whole days since a visit, 0 if it is still to come."""
    days: int = max(minutes, 0) // DAY_MIN
    return days


def _before(one: int, alike: Float, known: int, kind: Int, minute: Int) -> int:
    """Return how many places are more alike than one of them, or as alike and visited later."""
    own, before = alike[kind[one]], 0
    for other in range(known):
        said = alike[kind[other]]
        if said > own:
            before += 1
        elif said == own:
            later = minute[other] - minute[one]
            before += later > 0 or (later == 0 and other < one)
    return before
