"""What persons believe of places and expect of kinds of place, one of them at a time.

The functions are compiled as parts of loops over persons (see `kernels`), and give the numbers of
`BeliefSlots.faded` and `expected_by_kind`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind.belief_slots import BeliefSlots, shares_left
from mesa_llm_city.parameters.mind import BeliefParameters

__all__ = [
    "Guessing",
    "Ratings",
    "Slots",
    "expected_at",
    "faded_at",
    "guessing_by",
    "rate_known",
    "said_of_each_other",
    "slots_of",
]


class Slots(NamedTuple):
    """The columns of `BeliefSlots`, n persons with S slots each."""

    place: NDArray[np.int32]
    overall: NDArray[np.float32]
    variance: NDArray[np.float32]
    minute: NDArray[np.int32]
    visits: NDArray[np.uint16]
    different: NDArray[np.int32]


class Guessing(NamedTuple):
    """Numbers of learning and forgetting.

    Attributes
    ----------
    neutral, prior_variance, own_mean_after, kind_effect_after, similar
        As in `BeliefParameters`.
    shares : ndarray of float64, shape (d,)
        Share of a belief that is left after each number of days.
    alike : ndarray of float64, shape (c, c)
        How much a place of a kind (column) says about each kind (row).
    """

    neutral: float
    prior_variance: float
    own_mean_after: float
    kind_effect_after: float
    similar: int
    shares: Float
    alike: Float


class Ratings(NamedTuple):
    """What the places that one person knows say of others, S of them.

    Attributes
    ----------
    kind : ndarray of int64, shape (S,)
        Kinds of the places; -1 in empty slots.
    rating, weight : ndarray of float64, shape (S,)
        Mean ratings, and how much they count.
    minute : ndarray of int64, shape (S,)
        Times of the last visits.
    """

    kind: Int
    rating: Float
    weight: Float
    minute: Int


def slots_of(beliefs: BeliefSlots) -> Slots:
    """Return the columns of belief slots as loops take them."""
    return Slots(*(getattr(beliefs, name) for name in Slots._fields))


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
        parameters.own_mean_after,
        parameters.kind_effect_after,
        parameters.similar,
        shares_left(latest_min // DAY_MIN, parameters),
        alike,
    )


def said_of_each_other(likeness: Float, parameters: BeliefParameters) -> Float:
    """Return how much kinds of place say of each other, shape (c, c), by how alike they are."""
    return np.where(likeness < parameters.alike_from, 0.0, likeness)


def rate_known(  # noqa: PLR0917 - compiled loops take no keywords
    row: int,
    now: int,
    slots: Slots,
    category: NDArray[np.integer],
    numbers: Guessing,
    ratings: Ratings,
) -> float:
    """Fill what one person knows at a moment, and return what the person expects of any place.

    Parameters
    ----------
    row : int
        Row of the person in the slots.
    now : int
        The moment, in minutes.
    slots : Slots
        What persons believe.
    category : ndarray of int, shape (n,)
        Kinds of all places.
    numbers : Guessing
        Numbers of learning and forgetting.
    ratings : Ratings
        Is filled.
    """
    summed = total = 0.0
    for slot in range(slots.place.shape[1]):
        ratings.kind[slot] = -1
        ratings.minute[slot] = slots.minute[row, slot]
        if slots.visits[row, slot] == 0:
            continue
        ratings.kind[slot] = category[slots.place[row, slot]]
        share = numbers.shares[_days_since(row, slot, now, slots)]
        ratings.weight[slot] = share
        ratings.rating[slot] = _observed(
            float(slots.overall[row, slot]), float(slots.variance[row, slot]), numbers
        )
        summed += share * ratings.rating[slot]
        total += share
    own = numbers.own_mean_after
    return (summed + own * numbers.neutral) / (total + own)


def faded_at(row: int, slot: int, now: int, slots: Slots, numbers: Guessing) -> float:
    """Return the belief about a known place at a moment (see `BeliefSlots.faded`)."""
    forgotten = 1.0 - numbers.shares[_days_since(row, slot, now, slots)]
    believed = float(slots.overall[row, slot])
    return (1.0 - forgotten) * believed + forgotten * numbers.neutral


def expected_at(kind: int, mean: float, numbers: Guessing, ratings: Ratings) -> float:
    """Return what one person expects of a kind of place (see `expected_by_kind`).

    Parameters
    ----------
    kind : int
        The kind.
    mean : float
        What `rate_known` returned.
    numbers : Guessing
        Numbers of learning and forgetting.
    ratings : Ratings
        What `rate_known` filled.
    """
    told = 0
    for slot in range(len(ratings.kind)):
        told += _alike(kind, slot, numbers, ratings) != 0.0
    count = effect = 0.0
    for slot in range(len(ratings.kind)):
        alike = _alike(kind, slot, numbers, ratings)
        if alike == 0.0:
            continue
        if told > numbers.similar and _rank(kind, slot, numbers, ratings) >= numbers.similar:
            continue
        count += alike * ratings.weight[slot]
        effect += alike * (ratings.weight[slot] * (ratings.rating[slot] - mean))
    return min(max(mean + effect / (count + numbers.kind_effect_after), 0.0), 1.0)


def _days_since(row: int, slot: int, now: int, slots: Slots) -> int:
    """Return the whole days since the last visit, 0 if it is still to come."""
    days: int = max(now - slots.minute[row, slot], 0) // DAY_MIN
    return days


def _observed(overall: float, variance: float, numbers: Guessing) -> float:
    """Return the mean rating by visits alone (see `BeliefSlots.observed`)."""
    prior = 1.0 / numbers.prior_variance
    total = 1.0 / variance
    by_visits = total - prior
    rated = (overall * total - prior * numbers.neutral) / by_visits if by_visits > 0.0 else overall
    return min(max(rated, 0.0), 1.0)


def _alike(kind: int, slot: int, numbers: Guessing, ratings: Ratings) -> float:
    """Return how much the place in a slot says about a kind; 0 for an empty one."""
    other = ratings.kind[slot]
    return float(numbers.alike[kind, other]) if other >= 0 else 0.0


def _rank(kind: int, slot: int, numbers: Guessing, ratings: Ratings) -> int:
    """Return how many slots come before one: those more alike, or as alike and visited later."""
    own, before = _alike(kind, slot, numbers, ratings), 0
    for other in range(len(ratings.kind)):
        alike = _alike(kind, other, numbers, ratings)
        if alike > own:
            before += 1
        elif alike == own and other != slot:
            later = ratings.minute[other] - ratings.minute[slot]
            before += later > 0 or (later == 0 and other < slot)
    return before
