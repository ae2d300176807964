"""Ground truth of the synthetic survey: who returns, and which answers are missing.

All numbers are invented. Signs follow the literature on return migration in China: older
people, people with less schooling and people with ties to the land return more often; people
who rent in the city return less often (Zhao, 2002, Causes and consequences of return
migration: recent evidence from China, https://doi.org/10.1006/jcec.2002.1781).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float

__all__ = ["INTERVIEW_COLUMNS", "MISSING_SHARE", "SKIP_SHARE", "missing_cells", "true_log_odds"]

_INTERCEPT = -1.1
_PER_YEAR_OF_AGE = 0.08  # above 36
_PER_YEAR_OF_SCHOOL = -0.1  # above 9
_MALE, _AGRICULTURAL, _UNMARRIED, _RENTING = 0.8, 0.8, -0.7, -2.0
_POOR_HEALTH, _OLD_AND_POORLY = 0.3, 1.5
_PER_DOUBLING_OF_INCOME = -0.2  # of the household, above 50 000 RMB

# Columns of the personal interview; all of them are missing if it did not take place.
INTERVIEW_COLUMNS = (
    "hukou",
    "physical_condition",
    "work",
    "wage",
    "medical_insurance",
    "housing_fund",
)

# Share of missing answers of each column among persons who were interviewed.
MISSING_SHARE = MappingProxyType(
    {
        "education": 0.01,
        "marriage": 0.01,
        "wage": 0.3,
        "old_age_insurance": 0.4,
        "medical_insurance": 0.12,
        "hospitalization_expenses": 0.9,
        "unemployment_insurance": 0.3,
        "housing_fund": 0.05,
        "poor_hh": 0.35,
        "total_debt": 0.1,
    }
)

# Share of persons without an interview, among those away and those who are back; by whether
# missing answers depend on the label.
SKIP_SHARE = MappingProxyType({False: (0.3, 0.3), True: (0.5, 0.005)})


def true_log_odds(values: Mapping[str, Float]) -> Float:
    """Return the log odds of being back without the effect of the household, shape (n,).

    Parameters
    ----------
    values : mapping of str to ndarray, shape (n,)
        Features of the default schema, without missing values.

    Notes
    -----
    Linear in age, schooling and the logarithm of household income; with effects of being
    male, agricultural hukou, being unmarried, renting and poor health; and an interaction of
    an age above 45 with poor health, which a linear model cannot represent.
    """
    age, health = values["age"], values["physical_condition"]
    income = np.log2(np.maximum(values["total_income"], 1e3) / 5e4)
    odds: Float = (
        _INTERCEPT
        + _PER_YEAR_OF_AGE * (age - 36.0)
        + _PER_YEAR_OF_SCHOOL * (values["education"] - 9.0)
        + _MALE * (values["gender"] == 1)
        + _AGRICULTURAL * (values["hukou"] == 1)
        + _UNMARRIED * (values["marriage"] == 1)
        + _RENTING * (values["house_type"] == 2)
        + _POOR_HEALTH * (health == 3)
        + _OLD_AND_POORLY * ((health == 3) & (age > 45))
        + _PER_DOUBLING_OF_INCOME * income
    )
    return odds


def missing_cells(
    target: NDArray[np.int8], draws: Generator, *, informative: bool
) -> dict[str, NDArray[np.bool_]]:
    """Return where each column is missing, shape (n,) each.

    Parameters
    ----------
    target : ndarray of int8, shape (n,)
        Label of each person, 0 or 1.
    draws : numpy.random.Generator
        Source of random numbers.
    informative : bool
        Whether the chance of an interview depends on the label (SKIP_SHARE): people away
        are not at home to answer, as in the survey of 2015, so a missing answer predicts
        the label.
    """
    away, back = SKIP_SHARE[informative]
    skipped = draws.random(len(target)) < np.where(target == 1, back, away)
    blank = {name: draws.random(len(target)) < share for name, share in MISSING_SHARE.items()}
    never = np.zeros(len(target), dtype=bool)
    return {**blank, **{name: blank.get(name, never) | skipped for name in INTERVIEW_COLUMNS}}
