"""The rule by which invented persons return, and the two ways in which their answers lack.

Both are made up. Signs follow what is known of return migration in China: back go the
older, the less schooled and those with ties to the land; away stay those who rent in the
city (Zhao, 2002, Causes and consequences of return migration: recent evidence from China,
https://doi.org/10.1006/jcec.2002.1781).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float

__all__ = ["GAPS", "SKIPPED", "SKIP_SHARE", "gaps", "planted_log_odds"]

_INTERCEPT = -1.1
_PER_YEAR_OF_AGE = 0.08  # from 36 on
_PER_YEAR_OF_SCHOOL = -0.1  # from 9 on
_MALE, _AGRICULTURAL, _UNMARRIED, _RENTING = 0.8, 0.8, -0.7, -2.0
_POOR_HEALTH, _OLD_AND_POORLY = 0.3, 1.5
_PER_DOUBLING_OF_INCOME = -0.2  # of the household, from 50 000 RMB on

# Columns asked in the interview of the person: skipped together, where it did not take place.
SKIPPED = ("hukou", "physical_condition", "work", "wage", "medical_insurance", "housing_fund")

# Share of blanks of each column among those who were interviewed.
GAPS = MappingProxyType(
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

# Share whose interview was skipped, of those away and of those who are back.
SKIP_SHARE = MappingProxyType({False: (0.3, 0.3), True: (0.5, 0.005)})


def planted_log_odds(values: Mapping[str, Float]) -> Float:
    """Return the log odds of being back, before the household's own taste, shape (n,).

    Parameters
    ----------
    values : mapping of str to ndarray, shape (n,)
        Complete features of the default schema.

    Notes
    -----
    Linear in age, schooling and the logarithm of the household's income; with steps for
    men, agricultural hukou, the unmarried, those who rent and those in poor health; and one
    interaction, of an age above 45 with poor health, which a linear model cannot see.
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


def gaps(target: NDArray[np.int8], luck: Generator, *, tells: bool) -> dict[str, NDArray[np.bool_]]:
    """Return where each column is blank, shape (n,) each.

    Parameters
    ----------
    target : ndarray of int8, shape (n,)
        Labels.
    luck : numpy.random.Generator
        What decides.
    tells : bool
        Whether an interview is skipped by the label (SKIP_SHARE): those away are not at
        home to answer, as in the survey of 2015, so that a blank tells the answer.
    """
    away, back = SKIP_SHARE[tells]
    skipped = luck.random(len(target)) < np.where(target == 1, back, away)
    blank = {name: luck.random(len(target)) < share for name, share in GAPS.items()}
    nowhere = np.zeros(len(target), dtype=bool)
    return {**blank, **{name: blank.get(name, nowhere) | skipped for name in SKIPPED}}
