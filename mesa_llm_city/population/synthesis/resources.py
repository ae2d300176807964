"""Resources of people: income, licence, car and bicycle."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.population import (
    AgeParameters,
    IncomeParameters,
    OwnershipParameters,
)
from mesa_llm_city.population.categories import EMPLOYED, Education, Occupation

__all__ = ["bicycle_odds", "car_odds", "earning_score", "licence_odds", "log_normal_income"]

_IS_EMPLOYED = np.array([job in EMPLOYED for job in Occupation])


def earning_score(
    age: Int, occupation: Int, education: Int, draws: Float, parameters: IncomeParameters
) -> Float:
    """Return how well a person earns, as a score that is about standard normal.

    Parameters
    ----------
    age : ndarray of int64, shape (n,)
        In years.
    occupation, education : ndarray of int64, shape (n,)
        Index in `Occupation` and `Education`.
    draws : ndarray of float64, shape (n,)
        Standard-normal numbers.
    parameters : IncomeParameters
        Parts of the score by age, occupation and education, and its unexplained part.

    Returns
    -------
    ndarray of float64, shape (n,)
        Scores among the employed.

    Notes
    -----
    By default degrees, office work and middle age raise the score and explain about
    a third of its variance. The directions are those of earnings equations (Mincer,
    1974, Schooling, Experience, and Earnings), the sizes are assumptions.
    """
    by_education = np.array([parameters.by_education.get(one, 0.0) for one in Education])
    by_occupation = np.array([parameters.by_occupation.get(one, 0.0) for one in Occupation])
    by_age = np.interp(age, *parameters.by_age.knots)
    drawn = parameters.unexplained * draws
    score: Float = drawn + by_education[education] + by_occupation[occupation] + by_age
    return score


def log_normal_income(
    occupation: Int, score: Float, sigma: float, parameters: IncomeParameters
) -> Float:
    """Return the monthly income in units of the median income of the employed.

    Parameters
    ----------
    occupation : ndarray of int64, shape (n,)
        Index in `Occupation`.
    score : ndarray of float64, shape (n,)
        Standard-normal score (see `earning_score`).
    sigma : float
        Standard deviation of the logarithm of the income of the employed.
    parameters : IncomeParameters
        Fixed incomes of those who are not employed.

    Returns
    -------
    ndarray of float64, shape (n,)
        ``exp(sigma * score)`` for the employed, so that their median is 1.
    """
    fixed = np.array([parameters.fixed.get(one, 0.0) for one in Occupation])
    income = np.where(_IS_EMPLOYED[occupation], np.exp(sigma * score), fixed[occupation])
    return income.round(3)


def licence_odds(
    age: Int, female: Float, parameters: OwnershipParameters, ages: AgeParameters
) -> Float:
    """Return how likely a licence is, relative to all adults, shape (n,); 0 for minors.

    Parameters
    ----------
    age : ndarray of int64, shape (n,)
        In years.
    female : ndarray of float64, shape (n,)
        1 for women, 0 for men, 0.5 for others.
    parameters : OwnershipParameters
        Odds by age and gender.
    ages : AgeParameters
        Age from which a person may drive.

    Examples
    --------
    >>> age, female = np.array([10, 40]), np.zeros(2)
    >>> licence_odds(age, female, OwnershipParameters(), AgeParameters()).round(2).tolist()
    [0.0, 1.24]
    """
    by_age = np.interp(age, *parameters.licence_by_age.knots)
    by_gender = np.maximum(parameters.licence_men - parameters.licence_women_less * female, 0.0)
    return np.where(age < ages.licence_from, 0.0, by_age * by_gender)


def car_odds(household_size: Int, parameters: OwnershipParameters) -> Float:
    """Return how likely a household keeps a car, relative to all households, shape (n,).

    Examples
    --------
    >>> car_odds(np.array([1, 4]), OwnershipParameters()).tolist()
    [0.6, 1.4]
    """
    return np.interp(household_size, *parameters.car_by_household_size.knots)


def bicycle_odds(age: Int, parameters: OwnershipParameters, ages: AgeParameters) -> Float:
    """Return how likely a bicycle is, relative to all who may own one, shape (n,).

    Examples
    --------
    >>> age = np.array([3, 12, 80])
    >>> bicycle_odds(age, OwnershipParameters(), AgeParameters()).tolist()
    [0.0, 1.6, 0.5]
    """
    by_age = np.interp(age, *parameters.bicycle_by_age.knots)
    return np.where(age < ages.bicycle_from, 0.0, by_age)
