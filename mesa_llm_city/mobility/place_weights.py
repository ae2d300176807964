"""Weights of places: how likely each place of a choice is, for many persons at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.libm import exp, power
from mesa_llm_city.core.ragged import Ragged
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mobility.choice import gravity_log_weights
from mesa_llm_city.mobility.exploration import explore_or_return
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mobility import GravityParameters

__all__ = [
    "LEAST_UNIT_M",
    "in_likely_areas",
    "median_distance_m",
    "place_probabilities",
    "raised",
]

LEAST_UNIT_M = 1.0
"""Least unit of distance, where all places of a person lie at one spot."""


def place_probabilities(
    belief: Float,
    distance_m: Float,
    *,
    persons: Ragged | None = None,
    correction: Float | None = None,
    attraction: Float | None = None,
    boost: Float | None = None,
    area: Int | None = None,
    visits: Int | None = None,
    explores: ArrayLike = 1.0,
    parameters: CityParameters,
) -> Float:
    """Return the probabilities of places, for one person or many, shape (n,).

    The belief-weighted gravity model (CitySim, sec. 3.2.2, eq. 1, see `gravity_probabilities`)
    times attraction and the correction for sampling, for places that are new to the person;
    known ones are gone back to (see `explore_or_return`). Then come events, and the areas that
    weigh most. Distances are in multiples of ``mobility.gravity.unit_m``, or else of the
    median distance of the person's places, so that the choice does not depend on the size of
    the city.

    Parameters
    ----------
    belief : ndarray of float64, shape (n,)
        How attractive each place is to the person; cut to [0, 1].
    distance_m : ndarray of float64, shape (n,)
        Length of the way, in metres.
    persons : Ragged, optional
        Whose places they are; by default those of one person.
    correction : ndarray of float64, shape (n,), optional
        How many places each stands for: the inverse of the probability with which it came
        among them, at least 1 (McFadden 1978); 1 by default.
    attraction : ndarray of float64, shape (n,), optional
        How strongly each place draws people; all alike by default, and where all weights of a
        person would be 0 by it.
    boost : ndarray of float64, shape (n,), optional
        Factor of events, above 0; 1 by default.
    area : ndarray of int64, shape (n,), optional
        Code of the part of the city, at least 0; all in one by default.
    visits : ndarray of int, shape (n,), optional
        How often the person has been to each place; by default all are weighed as new ones.
    explores : array_like, shape () or (p,), default 1
        Probability that each of the p persons goes to a new place, in [0, 1]; of no effect
        without `visits`.
    parameters : CityParameters
        Reads `mobility.gravity` and `mobility.exploration`.

    Returns
    -------
    ndarray of float64, shape (n,)
        They sum to 1 for each person.

    References
    ----------
    .. [1] McFadden (1978), Modelling the choice of residential location, in: Karlqvist et al.
       (eds.), Spatial Interaction Theory and Planning Models.

    Examples
    --------
    >>> place_probabilities(
    ...     np.array([0.5, 0.5]), np.array([200.0, 600.0]), parameters=CityParameters()
    ... )
    array([0.75, 0.25])
    """
    gravity, numbers = parameters.mobility.gravity, parameters.mobility.exploration
    who = Ragged.one(len(belief)) if persons is None else persons
    liked = np.minimum(np.maximum(belief, 0.0), 1.0)
    if gravity.unit_m is None:
        unit_m = np.maximum(median_distance_m(distance_m, correction, who), LEAST_UNIT_M)
        far = distance_m / unit_m[who.number]
    else:
        far = distance_m / gravity.unit_m
    weight = _gravity_weights(liked, far, who, gravity)
    if correction is not None:
        weight *= correction
    weight = _with_attraction(weight, attraction, gravity.attraction, who)
    if visits is not None:
        worth = raised(liked + gravity.epsilon, numbers.liking)
        weight = explore_or_return(weight, visits, worth, explores, persons=who)
    if boost is not None:
        weight = weight * boost
    if area is not None:
        weight = in_likely_areas(weight, area, gravity.areas, who)
    return weight / who.sums(weight)[who.number]


def median_distance_m(distance_m: Float, count: Float | None, persons: Ragged) -> Float:
    """Return the median distance of the places of each person, in metres, shape (p,).

    Parameters
    ----------
    distance_m : ndarray of float64, shape (n,)
        Distances, at least 0. Those that differ by less than a ten-millionth count as equal.
    count : ndarray of float64, shape (n,), or None
        How many places each stands for, whole numbers; 1 by default.
    persons : Ragged
        Whose places they are.

    Returns
    -------
    ndarray of float64, shape (p,)
        Between the two places in the middle if there are two.

    Examples
    --------
    >>> three = Ragged.one(3)
    >>> median_distance_m(np.array([100.0, 200.0, 400.0]), np.array([1.0, 1.0, 4.0]), three)
    array([400.])
    """
    # The bits of positive numbers are in the order of the numbers.
    order = persons.order(distance_m.astype(np.float32).view(np.int32).astype(np.int64))
    upto = np.cumsum(np.ones(len(order)) if count is None else count[order])
    ends = np.append(persons.begins[1:], len(order))
    before = np.concatenate([[0.0], upto[ends[:-1] - 1]])
    # Differences of whole numbers, so that a row does not depend on those before it.
    half = before + (upto[ends - 1] - before) / 2.0
    each = half[persons.number]
    middle: list[Float] = [
        distance_m[order[np.minimum(persons.begins + persons.counts(below), ends - 1)]]
        for below in (upto < each, upto <= each)
    ]
    return (middle[0] + middle[1]) / 2.0


def raised(values: Float, exponent: float) -> Float:
    """Return powers of numbers that are at least 0; themselves to the last digit for 1."""
    return values if exponent == 1.0 else power(values, exponent)


def in_likely_areas(weight: Float, area: Int, most: int, persons: Ragged) -> Float:
    """Return the weights of places in the areas that weigh most, and 0 for the others.

    Parameters
    ----------
    weight : ndarray of float64, shape (n,)
        Weights of places, at least 0.
    area : ndarray of int64, shape (n,)
        Code of the area of each place, at least 0.
    most : int
        Number of areas for each person; those that weigh as much as the last one are kept too.
    persons : Ragged
        Whose places they are.

    Examples
    --------
    >>> places = np.array([1.0, 2.0, 2.5]), np.array([7, 7, 4])
    >>> in_likely_areas(*places, 1, Ragged.one(3))
    array([1., 2., 0.])
    """
    order = persons.order(area)
    number, code = persons.number[order], area[order]
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = (code[1:] != code[:-1]) | (number[1:] != number[:-1])
    count = persons.counts(begins)
    if count.max() <= most:
        return weight
    areas = Ragged(number, np.flatnonzero(begins), np.cumsum(begins) - 1)
    of_person = Ragged.of(np.repeat(np.arange(len(count)), count))
    total = areas.sums(weight[order])
    # Rows with fewer areas end in zeros, so that all of theirs weigh as much as the least.
    least = np.partition(of_person.padded(total), -most, axis=1)[:, -most]
    keep = np.empty(len(order), dtype=np.bool_)
    keep[order] = (total >= least[of_person.number])[areas.number]
    return weight * keep


def _gravity_weights(
    liked: Float, distance: Float, persons: Ragged, gravity: GravityParameters
) -> Float:
    """Return weights in proportion to `gravity_probabilities`, the greatest of each being 1."""
    log_weight = gravity_log_weights(
        liked,
        distance,
        gravity.gamma,
        gravity.epsilon,
        reversed_sign=gravity.reversed_sign,
    )
    return exp(log_weight - persons.greatest(log_weight)[persons.number])


def _with_attraction(
    weight: Float, attraction: Float | None, exponent: float, persons: Ragged
) -> Float:
    """Return weights times the attraction of the places, where it leaves any."""
    if attraction is None or not exponent:
        return weight
    drawn = weight * raised(attraction, exponent)
    left = persons.greatest(drawn) > 0.0
    return drawn if left.all() else np.where(left[persons.number], drawn, weight)
