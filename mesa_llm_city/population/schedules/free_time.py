"""Preferences for free time, and hobbies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import PurposeSpec
from mesa_llm_city.parameters.population import FreeTimeParameters, HobbySpec
from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.schedules.daily_hours import TWENTIETHS

__all__ = ["NO_HOBBY", "draw_hobbies", "draw_hobby_codes", "draw_preferences"]

_EVEN_LEVEL = 2
NO_HOBBY = -1
"""Position of a hobby that somebody does not have."""


def draw_preferences(traits: Int, draws: Float, parameters: FreeTimeParameters) -> Float:
    """Draw the shares of free time that people like to spend on each purpose.

    Parameters
    ----------
    traits : ndarray of int64, shape (n, 5)
        Levels 1 to 3, in the order of `BigFive`.
    draws : ndarray of float64, shape (n, k)
        Standard-normal numbers, one for each of the k purposes of the mean.
    parameters : FreeTimeParameters
        Mean, spread, and tilt by personality.

    Returns
    -------
    ndarray of float64, shape (n, k)
        Shares in steps of a twentieth, in the order of the mean; rows add up to 1.

    Notes
    -----
    Log-ratio normal around a common mean, tilted by personality: outgoing
    people spend more of it with others (Mehl, Gosling and Pennebaker, 2006,
    J. Pers. Soc. Psychol. 90(5), 862-877), open ones more on culture. The mean
    (rest first, as in every time-use survey) and all sizes are assumptions.
    """
    mean = np.array(list(parameters.mean.values()))
    # Term by term: a product of matrices rounds a row otherwise in another number of rows.
    levels, tilts = traits - _EVEN_LEVEL, _tilts(parameters)
    tilt = sum(
        (levels[:, [trait]] * of_trait for trait, of_trait in enumerate(tilts)),
        start=np.zeros(draws.shape),
    )
    weight = mean * np.exp(tilt + parameters.spread * draws)
    return _twentieths(weight) / TWENTIETHS


def _tilts(parameters: FreeTimeParameters) -> Float:
    """Return the change of the logarithm of weights per level, shape (traits, purposes)."""
    tilts = [getattr(parameters, trait) for trait in BigFive._fields]
    return np.array(
        [[getattr(tilt, purpose, 0.0) for purpose in parameters.mean] for tilt in tilts]
    )


def _twentieths(weight: Float) -> Float:
    """Return whole numbers in proportion to `weight`, the rows of which add up to 20."""
    exact = TWENTIETHS * weight / weight.sum(axis=1, keepdims=True)
    whole = np.floor(exact)
    # What rounding down left over goes to the largest remainders.
    order = np.argsort(whole - exact, axis=1, kind="stable").argsort(axis=1, kind="stable")
    units: Float = whole + (order < TWENTIETHS - whole.sum(axis=1, keepdims=True))
    return units


def draw_hobbies(
    age: Int,
    shares: Mapping[str, Float],
    draws: Float,
    *,
    hobbies: Mapping[str, HobbySpec],
    purposes: Mapping[str, PurposeSpec],
    parameters: FreeTimeParameters,
) -> list[tuple[str, ...]]:
    """Draw one or some hobbies each, in keeping with age and preferences.

    Parameters are those of `draw_hobby_codes`.

    Returns
    -------
    list of tuple of str
        Names of hobbies, the strongest first.
    """
    codes = draw_hobby_codes(
        age, shares, draws, hobbies=hobbies, purposes=purposes, parameters=parameters
    )
    names, count = tuple(hobbies), (codes != NO_HOBBY).sum(axis=1)
    return [
        tuple(names[hobby] for hobby in row[:k])
        for row, k in zip(codes.tolist(), count.tolist(), strict=True)
    ]


def draw_hobby_codes(
    age: Int,
    shares: Mapping[str, Float],
    draws: Float,
    *,
    hobbies: Mapping[str, HobbySpec],
    purposes: Mapping[str, PurposeSpec],
    parameters: FreeTimeParameters,
) -> Int:
    """Draw one or some hobbies each, in keeping with age and preferences.

    Parameters
    ----------
    age : ndarray of int64, shape (n,)
        In years.
    shares : mapping of str to ndarray of float64, shape (n,)
        Preferences by purpose; other purposes have the weight of their specification.
    draws : ndarray of float64, shape (n, hobbies + 1)
        Uniform numbers in [0, 1): one per hobby and one for their number.
    hobbies : mapping of str to HobbySpec
        All hobbies.
    purposes : mapping of str to PurposeSpec
        All purposes.
    parameters : FreeTimeParameters
        Greatest number of hobbies, and the ages that their appeal holds for.

    Returns
    -------
    ndarray of int64, shape (n, most)
        Positions of hobbies, the strongest first; `NO_HOBBY` behind them.

    Notes
    -----
    An exponential race: the k smallest of ``-log(1 - u) / weight`` are a sample
    without replacement with chances in proportion to the weights (Efraimidis
    and Spirakis, 2006, Inf. Process. Lett. 97(5), 181-185).
    """
    specs = list(hobbies.values())
    liking = [shares.get(one.purpose, purposes[one.purpose].free_time_weight) for one in specs]
    liked = np.stack(np.broadcast_arrays(age, *liking)[1:], axis=1)
    lowest_age = np.array([one.from_age for one in specs])
    appeal = _appeal(age, specs, parameters) * liked
    weight = np.where(age[:, np.newaxis] >= lowest_age, appeal, 0.0)
    race = -np.log1p(-draws[:, :-1]) / np.maximum(weight, 1e-12)
    count = 1 + np.floor(draws[:, -1] * parameters.most_hobbies).astype(np.int64)
    count = np.minimum(count, (weight > 0).sum(axis=1))
    codes = np.full((len(age), min(parameters.most_hobbies, len(specs))), NO_HOBBY)
    # The few that are wanted are found one after another several times as fast as by sorting.
    for turn in range(codes.shape[1]):
        rows = np.flatnonzero(count > turn)
        codes[rows, turn] = race[rows].argmin(axis=1)
        race[rows, codes[rows, turn]] = np.inf
    return codes


def _appeal(age: Int, hobbies: Sequence[HobbySpec], parameters: FreeTimeParameters) -> Float:
    """Return the appeal of each hobby at each age, shape (n, hobbies), by straight lines."""
    young, middle, old = parameters.young_age, parameters.middle_age, parameters.old_age
    place = np.clip((age - young) / (middle - young), 0, 1)
    place = place + np.clip((age - middle) / (old - middle), 0, 1)
    of_young, of_old = np.clip(1 - place, 0, 1), np.clip(place - 1, 0, 1)
    stages = (of_young, 1 - of_young - of_old, of_old)
    at_stage = np.array([(one.young, one.middle, one.old) for one in hobbies]).T
    # Term by term, as for preferences.
    return sum(
        (of_age[:, np.newaxis] * appeal for of_age, appeal in zip(stages, at_stage, strict=True)),
        start=np.zeros((len(age), len(hobbies))),
    )
