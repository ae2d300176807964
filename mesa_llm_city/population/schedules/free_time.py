"""How people like to spend free time: shares by purpose, and hobbies."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from mesa_llm_city.core.values import Float, Int, Purpose

__all__ = ["FREE_TIME", "HOBBIES", "draw_hobbies", "free_time_shares"]

FREE_TIME = ("leisure", "sport", "social", "shopping", "rest")
"""Purposes whose shares are drawn, in the order of all columns of shares."""

# Hobby, purpose, lowest age, and appeal at 10, 30 and 70 years relative to others of its purpose.
_VOCABULARY = (
    ("museums", Purpose.LEISURE, 8, (0.5, 0.8, 1.2)),
    ("cinema", Purpose.LEISURE, 5, (1.0, 1.2, 0.7)),
    ("concerts", Purpose.LEISURE, 12, (0.3, 1.0, 0.7)),
    ("parks", Purpose.LEISURE, 0, (1.5, 0.8, 1.3)),
    ("photography", Purpose.LEISURE, 10, (0.3, 0.8, 0.9)),
    ("karaoke", Purpose.LEISURE, 10, (0.7, 1.0, 0.6)),
    ("arcades", Purpose.LEISURE, 6, (1.2, 0.8, 0.1)),
    ("libraries", Purpose.LEISURE, 4, (0.9, 0.5, 1.0)),
    ("walking", Purpose.SPORT, 6, (0.3, 0.7, 2.0)),
    ("running", Purpose.SPORT, 10, (0.8, 1.2, 0.3)),
    ("cycling", Purpose.SPORT, 6, (1.0, 0.9, 0.6)),
    ("swimming", Purpose.SPORT, 4, (1.2, 0.7, 0.8)),
    ("football", Purpose.SPORT, 5, (1.5, 0.7, 0.1)),
    ("gymnastics", Purpose.SPORT, 5, (1.0, 1.2, 1.0)),
    ("tennis", Purpose.SPORT, 8, (0.7, 0.7, 0.4)),
    ("seeing friends", Purpose.SOCIAL, 3, (2.0, 1.5, 1.2)),
    ("dining out", Purpose.SOCIAL, 12, (0.3, 1.3, 1.0)),
    ("bars", Purpose.SOCIAL, 20, (0.0, 1.0, 0.4)),
    ("board games", Purpose.SOCIAL, 5, (0.8, 0.5, 0.6)),
    ("volunteering", Purpose.SOCIAL, 14, (0.2, 0.5, 1.2)),
    ("fashion", Purpose.SHOPPING, 12, (0.8, 1.2, 0.6)),
    ("markets", Purpose.SHOPPING, 12, (0.3, 0.8, 1.3)),
    ("bookshops", Purpose.SHOPPING, 8, (0.8, 0.8, 0.8)),
    ("reading", Purpose.REST, 5, (1.0, 1.0, 1.4)),
    ("television", Purpose.REST, 3, (1.2, 1.0, 1.8)),
    ("video games", Purpose.REST, 6, (2.0, 1.2, 0.2)),
    ("music", Purpose.REST, 6, (0.8, 1.2, 0.8)),
    ("gardening", Purpose.REST, 10, (0.1, 0.4, 1.6)),
    ("cooking", Purpose.REST, 10, (0.3, 1.0, 1.0)),
)

HOBBIES: Mapping[str, Purpose] = MappingProxyType(
    {name: purpose for name, purpose, _, _ in _VOCABULARY}
)
"""All hobbies, and what an activity of that kind is for."""

_NAMES = tuple(HOBBIES)
_FIELD = np.array([FREE_TIME.index(purpose) for _, purpose, _, _ in _VOCABULARY])
_LOWEST_AGE = np.array([age for _, _, age, _ in _VOCABULARY])
_APPEAL = np.array([appeal for _, _, _, appeal in _VOCABULARY])
_STEPS = 20
# Rows: openness ... neuroticism; columns: leisure, sport, social, shopping, rest.
_TRAIT_TILT = np.array(
    [
        [0.25, 0.0, 0.05, 0.0, -0.1],
        [0.0, 0.1, 0.0, 0.0, 0.0],
        [0.1, 0.15, 0.35, 0.1, -0.25],
        [0.0, 0.0, 0.15, 0.0, 0.0],
        [-0.05, -0.15, -0.05, 0.1, 0.15],
    ]
)
_MEAN = np.array([0.20, 0.10, 0.20, 0.12, 0.38])
_SPREAD = 0.4


def free_time_shares(traits: Int, luck: Float) -> Int:
    """Share free time out among leisure, sport, social, shopping and rest.

    Parameters
    ----------
    traits : ndarray of int64, shape (n, 5)
        Levels 1 to 3, in the order of `BigFive`.
    luck : ndarray of float64, shape (n, 5)
        Standard-normal numbers.

    Returns
    -------
    ndarray of int64, shape (n, 5)
        Shares in twentieths, in the order of `FREE_TIME`; rows add up to 20.

    Notes
    -----
    Log-ratio normal around a common mean, tilted by personality: outgoing
    people spend more of it with others (Mehl, Gosling and Pennebaker, 2006,
    J. Pers. Soc. Psychol. 90(5), 862-877), open ones more on culture. The mean
    (rest first, as in every time-use survey) and all sizes are assumptions.
    """
    weight = _MEAN * np.exp((traits - 2) @ _TRAIT_TILT + _SPREAD * luck)
    exact = _STEPS * weight / weight.sum(axis=1, keepdims=True)
    units = np.floor(exact)
    # Largest remainders get what flooring left over.
    order = np.argsort(units - exact, axis=1, kind="stable").argsort(axis=1, kind="stable")
    left = _STEPS - units.sum(axis=1, keepdims=True)
    shares: Int = (units + (order < left)).astype(np.int64)
    return shares


def draw_hobbies(age: Int, shares: Float, luck: Float) -> list[tuple[str, ...]]:
    """Draw one to four hobbies each, in keeping with age and preferences.

    Parameters
    ----------
    age : ndarray of int64, shape (n,)
        In years.
    shares : ndarray of float64, shape (n, 5)
        Preferences.
    luck : ndarray of float64, shape (n, 30)
        Uniform numbers in [0, 1): one per hobby and one for their number.

    Returns
    -------
    list of tuple of str
        Keys of `HOBBIES`, the strongest first.

    Notes
    -----
    An exponential race: the k smallest of ``-log(u) / weight`` are a sample
    without replacement with chances in proportion to the weights (Efraimidis
    and Spirakis, 2006, Inf. Process. Lett. 97(5), 181-185).
    """
    place = np.clip((age - 10) / 20.0, 0, 1) + np.clip((age - 30) / 40.0, 0, 1)
    young, old = np.clip(1 - place, 0, 1), np.clip(place - 1, 0, 1)
    appeal = np.stack([young, 1 - young - old, old], axis=1) @ _APPEAL.T
    weight = np.where(age[:, np.newaxis] >= _LOWEST_AGE, appeal * shares[:, _FIELD], 0.0)
    race = -np.log1p(-luck[:, :-1]) / np.maximum(weight, 1e-12)
    count = 1 + np.floor(luck[:, -1] * 4).astype(np.int64)
    count = np.minimum(count, (weight > 0).sum(axis=1))
    order = np.argsort(race, axis=1, kind="stable")[:, :4]
    return [
        tuple(_NAMES[hobby] for hobby in row[:k])
        for row, k in zip(order.tolist(), count.tolist(), strict=True)
    ]
