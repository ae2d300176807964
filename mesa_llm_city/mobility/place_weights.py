"""Weights of places: how likely each place of a choice is, for many persons at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.mobility.exploration import explore_or_return
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mobility import GravityParameters

__all__ = ["in_likely_areas", "median_distance_m", "place_probabilities"]

_LEAST_UNIT_M = 1.0


def place_probabilities(
    belief: Float,
    distance_m: Float,
    *,
    possible: Bool | None = None,
    correction: ArrayLike | None = None,
    attraction: Float | None = None,
    boost: Float | None = None,
    area: Int | None = None,
    visits: Int | None = None,
    explores: ArrayLike = 1.0,
    parameters: CityParameters,
) -> Float:
    """Return the probability of each of w places for each of m persons, shape (m, w).

    The belief-weighted gravity model (CitySim, sec. 3.2.2, eq. 1, see `gravity_probabilities`)
    times attraction and the correction for sampling, for places that are new to the person;
    known ones are gone back to (see `explore_or_return`). Then come events, and the areas that
    weigh most. Distances are in multiples of ``mobility.gravity.unit_m``, or else of the
    median distance of the person's places, so that the choice does not depend on the size of
    the city.

    Parameters
    ----------
    belief : ndarray of float64, shape (m, w)
        How attractive each place is to the person; cut to [0, 1].
    distance_m : ndarray of float64, shape (m, w)
        Length of the way, in metres.
    possible : ndarray of bool, shape (m, w), optional
        Which places come into question; all by default. What the other columns say of the
        others has no effect, but has to be finite.
    correction : array_like, shape (m, w), optional
        Inverse of the probability with which a place came among the w, at least 1
        (McFadden 1978); 1 by default.
    attraction : ndarray of float64, shape (m, w), optional
        How strongly each place draws people; all alike by default, and where all weights of a
        person would be 0 by it.
    boost : ndarray of float64, shape (m, w), optional
        Factor of events, above 0; 1 by default.
    area : ndarray of int, shape (m, w), optional
        Code of the part of the city, at least 0; all in one by default.
    visits : ndarray of int, shape (m, w), optional
        How often the person has been to each place; by default all are weighed as new ones.
    explores : array_like, shape () or (m,), default 1
        Probability that the person goes to a new place, in [0, 1]; of no effect without
        `visits`.
    parameters : CityParameters
        Reads `mobility.gravity` and `mobility.exploration`.

    Returns
    -------
    ndarray of float64, shape (m, w)
        Rows sum to 1, or are 0 where no place comes into question.

    References
    ----------
    .. [1] McFadden (1978), Modelling the choice of residential location, in: Karlqvist et al.
       (eds.), Spatial Interaction Theory and Planning Models.

    Examples
    --------
    >>> place_probabilities(
    ...     np.array([[0.5, 0.5]]), np.array([[200.0, 600.0]]), parameters=CityParameters()
    ... )
    array([[0.75, 0.25]])
    """
    gravity, numbers = parameters.mobility.gravity, parameters.mobility.exploration
    chosen_from = np.ones(distance_m.shape, dtype=np.bool_) if possible is None else possible
    ones = chosen_from.astype(np.float64)
    count = ones if correction is None else ones * np.asarray(correction)
    liked = np.clip(belief, 0.0, 1.0)
    weight = _gravity_weights(liked, distance_m, chosen_from, count, gravity)
    weight = _with_attraction(weight * count, attraction, gravity.attraction)
    if visits is not None:
        worth = (liked + gravity.epsilon) ** numbers.liking
        weight = explore_or_return(weight, np.where(chosen_from, visits, 0), worth, explores)
    if boost is not None:
        weight = weight * boost
    if area is not None:
        weight = in_likely_areas(weight, area, gravity.areas)
    total = np.cumsum(weight, axis=-1)[..., -1:]
    return weight / np.where(total > 0.0, total, 1.0)


def median_distance_m(distance_m: Float, count: Float) -> Float:
    """Return the median distance of the places of each person, in metres, shape (m, 1).

    Parameters
    ----------
    distance_m : ndarray of float64, shape (m, w)
        Distances.
    count : ndarray of float64, shape (m, w)
        How many places each stands for; 0 for one that does not come into question.

    Returns
    -------
    ndarray of float64, shape (m, 1)
        Between the two places in the middle if there are two; 0 for a person without places.

    Examples
    --------
    >>> median_distance_m(np.array([[100.0, 200.0, 400.0]]), np.array([[1.0, 1.0, 4.0]]))
    array([[400.]])
    """
    order = np.argsort(np.where(count > 0.0, distance_m, np.inf), axis=-1)
    upto = np.cumsum(np.take_along_axis(count, order, axis=-1), axis=-1)
    half = upto[..., -1:] / 2.0
    last = distance_m.shape[-1] - 1
    places = [
        np.take_along_axis(order, below.sum(axis=-1, keepdims=True).clip(max=last), axis=-1)
        for below in (upto < half, upto <= half)
    ]
    low, high = (np.take_along_axis(distance_m, one, axis=-1) for one in places)
    return np.where(half > 0.0, (low + high) / 2.0, 0.0)


def in_likely_areas(weight: Float, area: Int, most: int) -> Float:
    """Return the weights of places in the areas that weigh most, and 0 for the others.

    Parameters
    ----------
    weight : ndarray of float64, shape (m, w)
        Weights of the places of m persons, at least 0.
    area : ndarray of int, shape (m, w)
        Code of the area of each place, at least 0; of no meaning where the weight is 0.
    most : int
        Number of areas for each person; those that weigh as much as the last one are kept too.

    Examples
    --------
    >>> in_likely_areas(np.array([[1.0, 2.0, 2.5]]), np.array([[7, 7, 4]]), 1)
    array([[1., 2., 0.]])
    """
    codes = np.where(weight > 0.0, area, -1)
    ordered = np.sort(codes, axis=-1)
    begins = ordered[:, 1:] != ordered[:, :-1]
    crowded = np.flatnonzero(np.count_nonzero(begins, axis=-1) + (ordered[:, 0] >= 0) > most)
    if not len(crowded):
        return weight
    kept = weight.copy()
    kept[crowded] = _heaviest(weight[crowded], codes[crowded], most)
    return kept


def _heaviest(weight: Float, area: Int, most: int) -> Float:
    """Return weights without those beyond the `most` heaviest areas, which each person has."""
    order = np.argsort(area, axis=-1, kind="stable")
    sorted_area = np.take_along_axis(area, order, axis=-1)
    upto = np.cumsum(np.take_along_axis(weight, order, axis=-1), axis=-1)
    ends = np.ones(area.shape, dtype=np.bool_)
    ends[:, :-1] = sorted_area[:, 1:] != sorted_area[:, :-1]
    # What an area weighs is what is added from the end of the area before to its own.
    number = np.cumsum(ends, axis=-1) - ends
    at_end = np.where(ends, upto, 0.0)
    before = np.zeros(area.shape)
    before[:, 1:] = np.maximum.accumulate(at_end, axis=-1)[:, :-1]
    totals = np.zeros(area.shape)
    row, column = np.nonzero(ends)
    totals[row, number[row, column]] = (upto - before)[row, column]
    least = np.partition(totals, -most, axis=-1)[:, -most, np.newaxis]
    is_kept = np.empty(area.shape, dtype=np.bool_)
    np.put_along_axis(is_kept, order, np.take_along_axis(totals, number, axis=-1) >= least, axis=-1)
    return np.where(is_kept, weight, 0.0)


def _gravity_weights(
    liked: Float, distance_m: Float, possible: Bool, count: Float, gravity: GravityParameters
) -> Float:
    """Return weights in proportion to `gravity_probabilities`, the greatest of a row being 1."""
    unit: ArrayLike = gravity.unit_m or np.maximum(
        median_distance_m(distance_m, count), _LEAST_UNIT_M
    )
    reach = np.maximum(distance_m / unit, gravity.epsilon)
    bend = -gravity.gamma if gravity.reversed_sign else gravity.gamma
    # In logarithms, so that long distances in small units cannot underflow.
    log_weight = np.log(liked + gravity.epsilon) - (1.0 + bend * (liked - 0.5)) * np.log(reach)
    log_weight[~possible] = -np.inf
    best = log_weight.max(axis=-1, keepdims=True)
    return np.exp(log_weight - np.where(np.isfinite(best), best, 0.0))


def _with_attraction(weight: Float, attraction: Float | None, exponent: float) -> Float:
    """Return weights times the attraction of the places, where it leaves any."""
    if attraction is None or not exponent:
        return weight
    drawn = weight * attraction**exponent
    return np.where(drawn.any(axis=-1, keepdims=True), drawn, weight)
