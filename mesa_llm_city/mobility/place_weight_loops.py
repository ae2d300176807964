"""How far persons go and how likely each place is, one person at a time.

The functions are compiled as parts of loops over persons (see `kernels`), and give the numbers of
`radii_m`, `exploration_probability` and `place_probabilities`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.libm import power_of_one
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mobility.place_weights import LEAST_UNIT_M
from mesa_llm_city.mobility.reach import Reaching
from mesa_llm_city.parameters import CityParameters

__all__ = [
    "Alternatives",
    "Ranking",
    "Weighing",
    "exploration_at",
    "pick",
    "radius_at",
    "weigh",
    "weighing_by",
]

_POSITION_BITS = 32
_POSITION = 2**_POSITION_BITS - 1
_AREA_BITS = 32  # of the number of an area, below that of a person


class Weighing(NamedTuple):
    """Numbers of gravity and exploration.

    Attributes
    ----------
    gamma : float
        Bend of the distance decay, below 0 where ``reversed_sign`` holds.
    epsilon, areas, liking, rho, rho_sd
        As in `GravityParameters` and `ExplorationParameters`.
    unit_m : float
        Unit of distance; 0 for the median.
    attracts : bool
        Whether attraction counts.
    decline : float
        How fast exploration declines with the number of known places.
    """

    gamma: float
    epsilon: float
    areas: int
    liking: float
    rho: float
    rho_sd: float
    unit_m: float
    attracts: bool
    decline: float


class Alternatives(NamedTuple):
    """The places that one person chooses among, k at most.

    Attributes
    ----------
    liked : ndarray of float64, shape (k,)
        How attractive each is, in [0, 1].
    log_liked : ndarray of float64, shape (k,)
        Logarithm of that plus `Weighing.epsilon`.
    draws : ndarray of float64, shape (k,)
        How strongly each draws people: its attraction, raised to ``mobility.gravity.attraction``.
    boost : ndarray of float64, shape (k,)
        Factor of events.
    visits : ndarray of float64, shape (k,)
        How often the person has been there; read of known places alone.
    area : ndarray of int64, shape (k,)
        Code of the area.
    weight, log_weight : ndarray of float64, shape (k,)
        Are filled.
    """

    liked: Float
    log_liked: Float
    draws: Float
    boost: Float
    visits: Float
    area: Int
    weight: Float
    log_weight: Float


class Ranking(NamedTuple):
    """Room for putting the places of one person in order, k at most, of a city with a areas.

    Attributes
    ----------
    near : ndarray of float32, shape (k,)
        Distances.
    bits : ndarray of int32, shape (k,)
        The same numbers, seen as whole ones.
    key : ndarray of int64, shape (k,)
        Distance and position.
    total, best : ndarray of float64, shape (k,)
        Weights of areas, and the greatest ones.
    number : ndarray of int64, shape (k,)
        Which of the person's areas each place lies in.
    told : ndarray of int64, shape (a,)
        Number of the person for whom each area was met last, in the high bits, and number of the
        area among those of the person; 0 at first.
    """

    near: NDArray[np.float32]
    bits: NDArray[np.int32]
    key: Int
    total: Float
    best: Float
    number: Int
    told: Int


@lru_cache(maxsize=8)
def weighing_by(parameters: CityParameters) -> Weighing:
    """Return the numbers of some parameters."""
    gravity, exploration = parameters.mobility.gravity, parameters.mobility.exploration
    return Weighing(
        gamma=-gravity.gamma if gravity.reversed_sign else gravity.gamma,
        epsilon=gravity.epsilon,
        areas=gravity.areas,
        liking=exploration.liking,
        rho=exploration.rho,
        rho_sd=exploration.rho_sd,
        unit_m=gravity.unit_m or 0.0,
        attracts=bool(gravity.attraction),
        decline=exploration.gamma,
    )


def radius_at(  # noqa: PLR0917 - compiled loops take no keywords
    purpose: int,
    available_min: float,
    age: int,
    has_car: bool,  # noqa: FBT001 - likewise
    wet: bool,  # noqa: FBT001 - likewise
    numbers: Reaching,
) -> float:
    """Return how far away a place may lie for one person, in metres (see `radii_m`)."""
    one_way = max(available_min - numbers.least_min[purpose], numbers.least_way_min) / 2.0
    speed = numbers.drive_m_per_min if has_car else numbers.ride_m_per_min
    if one_way < numbers.walk_under_min:
        speed = numbers.walk_m_per_min
    most = numbers.most_m[purpose]
    if age <= numbers.young_up_to or age >= numbers.old_from:
        most = min(most, numbers.most_young_old_m)
    metres = min(one_way * speed, most) * (numbers.wet_factor if wet else 1.0)
    return float(max(metres, min(numbers.least_m, most)))


def exploration_at(known: int, curiosity: float, numbers: Weighing) -> float:
    """Return the probability that one person goes to a new place (`exploration_probability`).

    Parameters
    ----------
    known : int
        Number of different places visited so far.
    curiosity : float
        How readily the person tries new places, in standard deviations among people.
    numbers : Weighing
        Numbers of exploration.
    """
    if known <= 0:
        return 1.0
    rho = numbers.rho + numbers.rho_sd * curiosity
    return min(max(rho * power_of_one(max(float(known), 1.0), -numbers.decline), 0.0), 1.0)


def weigh(  # noqa: PLR0917 - compiled loops take no keywords
    new: int,
    count: int,
    alike: bool,  # noqa: FBT001 - likewise
    distance_m: Float,
    correction: Float,
    explores: float,
    places: Alternatives,
    numbers: Weighing,
    ranking: Ranking,
) -> None:
    """Fill the weight of each place of one person, in proportion to `place_probabilities`.

    Areas and events are left to `pick`. The numbers differ by rounding alone: places that are
    known have no weight by gravity, which they are not drawn by, and the unit of distance is left
    out where it changes nothing.

    Parameters
    ----------
    new, count : int
        Number of places that are new to the person, which come first, and of all, at least 1.
    alike : bool
        Whether all new places are as attractive as the first one, of which alone `liked` is then
        read.
    distance_m, correction : ndarray of float64, shape (k,)
        Length of the way to each, and how many places each stands for.
    explores : float
        Probability that the person goes to a new place.
    places : Alternatives
        The places.
    numbers : Weighing
        Numbers of gravity.
    ranking : Ranking
        Room for the order of the places.
    """
    if alike and new:
        _log_weights_alike(new, count, distance_m, correction, places, numbers, ranking)
    elif new:
        _log_weights(new, count, distance_m, correction, places, numbers, ranking)
    of_new = _weights_of_new(new, count, correction, places)
    if new < count:
        _explore_or_return(new, count, explores, of_new, places, numbers)


def _log_weights_alike(  # noqa: PLR0917 - compiled loops take no keywords
    new: int,
    count: int,
    distance_m: Float,
    correction: Float,
    places: Alternatives,
    numbers: Weighing,
    ranking: Ranking,
) -> None:
    """Fill logarithms of weights, but for a constant, of places that are all as attractive."""
    log_weight, unit = places.log_weight, numbers.unit_m
    bent = 1.0 + numbers.gamma * (places.liked[0] - 0.5)
    if unit == 0.0:
        nearest, furthest = math.inf, LEAST_UNIT_M
        for at in range(count):
            nearest = min(nearest, distance_m[at])
            furthest = max(furthest, distance_m[at])
        # The unit is a factor on all weights unless some way counts as longer than it is.
        if nearest >= numbers.epsilon * furthest:
            for at in range(new):
                log_weight[at] = -bent * math.log(distance_m[at])
            return
        unit = _unit_m(count, distance_m, correction, ranking)
    for at in range(new):
        log_weight[at] = -bent * math.log(max(distance_m[at] / unit, numbers.epsilon))


def _log_weights(  # noqa: PLR0917 - compiled loops take no keywords
    new: int,
    count: int,
    distance_m: Float,
    correction: Float,
    places: Alternatives,
    numbers: Weighing,
    ranking: Ranking,
) -> None:
    """Fill logarithms of weights by gravity (see `gravity_log_weights`)."""
    liked, log_liked, log_weight, unit = (
        places.liked,
        places.log_liked,
        places.log_weight,
        numbers.unit_m,
    )
    if unit == 0.0:
        unit = _unit_m(count, distance_m, correction, ranking)
    for at in range(new):
        way = math.log(max(distance_m[at] / unit, numbers.epsilon))
        log_weight[at] = log_liked[at] - (1.0 + numbers.gamma * (liked[at] - 0.5)) * way


def _weights_of_new(new: int, count: int, correction: Float, places: Alternatives) -> float:
    """Fill weights of new places from their logarithms, and return their sum."""
    log_weight, draws, weight = places.log_weight, places.draws, places.weight
    greatest, total = -math.inf, 0.0
    for at in range(new):
        greatest = max(greatest, log_weight[at])
    for at in range(new):
        own = math.exp(log_weight[at] - greatest) * correction[at] * draws[at]
        weight[at] = own
        total += own
    if total > 0.0:
        return total
    # Attraction does not count where none has any.
    for at in range(new, count):
        if draws[at] > 0.0:
            return total
    for at in range(new):
        weight[at] = math.exp(log_weight[at] - greatest) * correction[at]
        total += weight[at]
    return total


def _explore_or_return(  # noqa: PLR0917 - compiled loops take no keywords
    new: int,
    count: int,
    explores: float,
    of_new: float,
    places: Alternatives,
    numbers: Weighing,
) -> None:
    """Turn weights of one person into probabilities (see `explore_or_return`)."""
    liked, visits, weight, back = places.liked, places.visits, places.weight, 0.0
    for at in range(new, count):
        worth = liked[at] + numbers.epsilon
        if numbers.liking != 1.0:
            worth = power_of_one(worth, numbers.liking)
        weight[at] = visits[at] * worth
        back += weight[at]
    share = 1.0
    if back > 0.0:
        share = explores if of_new > 0.0 else 0.0
        for at in range(new, count):
            weight[at] *= (1.0 - share) / back
    if of_new > 0.0:
        for at in range(new):
            weight[at] *= share / of_new


def pick(  # noqa: PLR0917 - compiled loops take no keywords
    count: int,
    uniform: float,
    person: int,
    boosted: bool,  # noqa: FBT001 - likewise
    places: Alternatives,
    ranking: Ranking,
) -> int:
    """Return the position of the place that a uniform number picks, in the likely areas alone.

    Parameters
    ----------
    count : int
        Number of places, at least 1.
    uniform : float
        Number in [0, 1).
    person : int
        Number of the person, from 1 on.
    boosted : bool
        Whether `boost` is to be read.
    places : Alternatives
        The places, weighed.
    ranking : Ranking
        Room for the areas, of which as many as `best` has room for are kept.
    """
    weight, total, number, best = places.weight, ranking.total, ranking.number, ranking.best
    if boosted:
        for at in range(count):
            weight[at] *= places.boost[at]
    areas = _weights_of_areas(count, person, places.area, weight, ranking)
    least, whole = 0.0, 0.0
    if areas > len(best):
        least = _least_of_best(areas, total, best)
    for area in range(areas):
        if total[area] >= least:
            whole += total[area]
    target, upto, last = uniform * whole, 0.0, count - 1
    for at in range(count):
        if total[number[at]] >= least:
            upto += weight[at]
            last = at
            if upto > target:
                break
    return last


def _unit_m(count: int, distance_m: Float, correction: Float, ranking: Ranking) -> float:
    """Return the unit of distance of one person: the median, but no less than a metre."""
    near, bits, key = ranking.near, ranking.bits, ranking.key
    return max(_median_m(count, distance_m, correction, near, bits, key), LEAST_UNIT_M)


def _median_m(  # noqa: PLR0917 - compiled loops take no keywords
    count: int,
    distance_m: Float,
    correction: Float,
    near: NDArray[np.float32],
    bits: NDArray[np.int32],
    key: Int,
) -> float:
    """Return the median distance of all places that are stood for (see `median_distance_m`)."""
    total = 0.0
    for at in range(count):
        near[at] = distance_m[at]
        total += correction[at]
    for at in range(count):
        own, to = (int(bits[at]) << _POSITION_BITS) | at, at
        while to > 0 and key[to - 1] > own:
            key[to] = key[to - 1]
            to -= 1
        key[to] = own
    half, upto, lower, upper = total / 2.0, 0.0, 0, 0
    for rank in range(count):
        upto += correction[key[rank] & _POSITION]
        if upto > half:
            break
        upper = rank + 1
        if upto < half:
            lower = rank + 1
    below = distance_m[key[min(lower, count - 1)] & _POSITION]
    above = distance_m[key[min(upper, count - 1)] & _POSITION]
    return float(below + above) / 2.0


def _weights_of_areas(count: int, person: int, area: Int, weight: Float, ranking: Ranking) -> int:
    """Fill the weights of the areas of one person's places, and return how many areas there are."""
    total, number, told = ranking.total, ranking.number, ranking.told
    areas, none = 0, person << _AREA_BITS
    for at in range(count):
        code = area[at]
        own = told[code] - none
        if own < 0:
            own = areas
            told[code], total[own] = none | own, 0.0
            areas += 1
        number[at] = own
        total[own] += weight[at]
    return areas


def _least_of_best(areas: int, total: Float, best: Float) -> float:
    """Return the least of the greatest weights, as many as `best` has room for."""
    most, kept = len(best), 0
    for number in range(areas):
        own = total[number]
        if kept == most and own <= best[most - 1]:
            continue
        to = min(kept, most - 1)
        while to > 0 and best[to - 1] < own:
            best[to] = best[to - 1]
            to -= 1
        best[to] = own
        kept = min(kept + 1, most)
    return float(best[most - 1])
