"""Resources of people: income, licence, car and bicycle."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.frozen import Curve, FrozenMap

__all__ = ["IncomeParameters", "OwnershipParameters"]

_MINCER = (
    "directions as in earnings equations (Mincer 1974, Schooling, Experience, and Earnings); "
    "sizes assumed"
)


_LICENCES = "direction by licence statistics, National Police Agency of Japan 2020; size assumed"


class IncomeParameters(Branch):
    """What people earn.

    The income of the employed is log-normal in a score, the sum of a standard-normal number
    and of parts by education, occupation and age.
    """

    fixed: FrozenMap[str, float] = parameter(
        FrozenMap({"student": 0.25, "unemployed": 0.3, "retired": 0.5}),
        "Income of those who do not work; that of all others is 0",
        unit="median incomes",
        ge=0,
        source="assumption: small jobs, benefits and pensions",
    )
    unexplained: float = parameter(
        0.8,
        "Part of the score that age, education and occupation do not explain, standard deviation",
        unit="SD",
        ge=0,
        source=_MINCER,
    )
    by_education: FrozenMap[str, float] = parameter(
        FrozenMap({"none": -0.4, "primary": -0.4, "secondary": -0.4, "tertiary": 0.4}),
        "Part of the score by education",
        unit="SD",
        ge=-3,
        le=3,
        source=_MINCER,
    )
    by_occupation: FrozenMap[str, float] = parameter(
        FrozenMap(
            {
                "office_worker": 0.1,
                "service_worker": -0.4,
                "shift_worker": 0.1,
                "self_employed": 0.1,
            }
        ),
        "Part of the score by occupation",
        unit="SD",
        ge=-3,
        le=3,
        source=_MINCER,
    )
    by_age: Curve = parameter(
        Curve({15: -1.0, 25: -0.4, 45: 0.4, 55: 0.4, 65: -0.3, 80: -0.6}),
        "Part of the score by age",
        unit="SD",
        ge=-3,
        le=3,
        source=_MINCER,
    )


class OwnershipParameters(Branch):
    """How likely a licence, a car and a bicycle are, relative to all who may have one."""

    licence_by_age: Curve = parameter(
        Curve({18: 0.6, 25: 1.15, 65: 1.1, 75: 0.8, 85: 0.35}),
        "Odds of a licence by age",
        ge=0,
        source=_LICENCES,
    )
    licence_men: float = parameter(1.1, "Factor of the odds of a licence of men", ge=0)
    licence_women_less: float = parameter(
        0.2,
        "How much lower the factor of women is",
        source=_LICENCES,
    )
    car_by_household_size: Curve = parameter(
        Curve({1: 0.6, 2: 1.1, 3: 1.3, 4: 1.4}), "Odds of a car by the size of a household", ge=0
    )
    bicycle_by_age: Curve = parameter(
        Curve({6: 1.4, 12: 1.6, 17: 1.6, 25: 1.0, 65: 0.9, 80: 0.5}),
        "Odds of a bicycle by age",
        ge=0,
    )
