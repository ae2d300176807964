"""Means of people: income, licence, car and bicycle."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.population.categories import (
    BICYCLE_AGE,
    EMPLOYED,
    LICENCE_AGE,
    Education,
    Occupation,
)

__all__ = ["bicycle_odds", "car_odds", "earning_score", "licence_odds", "log_normal_income"]

_JOBS, _LEVELS = tuple(Occupation), tuple(Education)
# Income of those who do not work, in units of the median of those who do: assumptions (pocket
# jobs, benefits, pensions).
_FIXED_INCOME = {Occupation.STUDENT: 0.25, Occupation.UNEMPLOYED: 0.3, Occupation.RETIRED: 0.5}
_FIXED = np.array([_FIXED_INCOME.get(job, 0.0) for job in _JOBS])
_WORKS = np.array([job in EMPLOYED for job in _JOBS])
_BY_JOB = np.array([-0.4 if job is Occupation.SERVICE_WORKER else 0.1 for job in _JOBS])
_BY_LEVEL = np.array([{Education.TERTIARY: 0.4}.get(level, -0.4) for level in _LEVELS])


def earning_score(age: Int, occupation: Int, education: Int, luck: Float) -> Float:
    """Return how well a person earns, as a score that is about standard normal.

    Parameters
    ----------
    age : ndarray of int64, shape (n,)
        In years.
    occupation, education : ndarray of int64, shape (n,)
        Index in `Occupation` and `Education`.
    luck : ndarray of float64, shape (n,)
        Standard-normal numbers.

    Returns
    -------
    ndarray of float64, shape (n,)
        Scores among the employed.

    Notes
    -----
    Degrees, office work and mid-life raise it and explain about a third of
    its variance: the directions are those of any earnings equation (Mincer,
    1974, Schooling, Experience, and Earnings), the sizes are assumptions.
    """
    by_age = np.interp(age, (15, 25, 45, 55, 65, 80), (-1.0, -0.4, 0.4, 0.4, -0.3, -0.6))
    score: Float = 0.8 * luck + _BY_LEVEL[education] + _BY_JOB[occupation] + by_age
    return score


def log_normal_income(occupation: Int, score: Float, sigma: float) -> Float:
    """Return the monthly income in units of the median income of the employed.

    Parameters
    ----------
    occupation : ndarray of int64, shape (n,)
        Index in `Occupation`; those not employed have a fixed income.
    score : ndarray of float64, shape (n,)
        Standard-normal score (see `earning_score`).
    sigma : float
        Standard deviation of the logarithm of the income of the employed.

    Returns
    -------
    ndarray of float64, shape (n,)
        ``exp(sigma * score)`` for the employed, so their median is 1.
    """
    income: Float = np.where(_WORKS[occupation], np.exp(sigma * score), _FIXED[occupation])
    return income.round(3)


def licence_odds(age: Int, female: Float) -> Float:
    """Return how likely a licence is, relative to all adults; 0 for minors.

    That fewer women and fewer people above 75 hold one is what licence
    statistics show (National Police Agency of Japan, 2020); sizes are assumed.

    Examples
    --------
    >>> licence_odds(np.array([10, 40]), np.array([0.0, 0.0])).round(2).tolist()
    [0.0, 1.24]
    """
    by_age = np.interp(age, (18, 25, 65, 75, 85), (0.6, 1.15, 1.1, 0.8, 0.35))
    odds: Float = np.where(age < LICENCE_AGE, 0.0, by_age * (1.1 - 0.2 * female))
    return odds


def car_odds(household_size: Int) -> Float:
    """Return how likely a household keeps a car, relative to all households (assumption).

    Examples
    --------
    >>> car_odds(np.array([1, 4])).tolist()
    [0.6, 1.4]
    """
    odds: Float = np.interp(household_size, (1, 2, 3, 4), (0.6, 1.1, 1.3, 1.4))
    return odds


def bicycle_odds(age: Int) -> Float:
    """Return how likely a bicycle is, relative to all aged 6 and over (assumption).

    Examples
    --------
    >>> bicycle_odds(np.array([3, 12, 80])).tolist()
    [0.0, 1.6, 0.5]
    """
    by_age = np.interp(age, (6, 12, 17, 25, 65, 80), (1.4, 1.6, 1.6, 1.0, 0.9, 0.5))
    odds: Float = np.where(age < BICYCLE_AGE, 0.0, by_age)
    return odds
