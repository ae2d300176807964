"""Categories of people, and the ages at which they can hold."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from mesa_llm_city.parameters.population import AgeParameters

__all__ = [
    "AGE_GROUPS",
    "EMPLOYED",
    "MAX_AGE",
    "AgeGroup",
    "Aged",
    "Education",
    "Gender",
    "LifeStage",
    "Occupation",
    "Role",
    "age_group",
    "feasible_ages",
]

MAX_AGE = 120
"""Highest age, in years."""


class Gender(StrEnum):
    """Gender as a person states it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Occupation(StrEnum):
    """Main occupation; each person has exactly one.

    Employed are those in office, service and shift work and the self-employed.
    Office workers mostly work on weekdays, service workers (sales, care,
    catering) also at weekends, shift workers also at night.
    """

    INFANT = "infant"
    PUPIL = "pupil"
    STUDENT = "student"
    OFFICE_WORKER = "office_worker"
    SERVICE_WORKER = "service_worker"
    SHIFT_WORKER = "shift_worker"
    SELF_EMPLOYED = "self_employed"
    HOMEMAKER = "homemaker"
    UNEMPLOYED = "unemployed"
    RETIRED = "retired"


EMPLOYED = (
    Occupation.OFFICE_WORKER,
    Occupation.SERVICE_WORKER,
    Occupation.SHIFT_WORKER,
    Occupation.SELF_EMPLOYED,
)


class Education(StrEnum):
    """Highest schooling completed.

    Primary includes lower secondary school (ISCED 2011 levels 1 and 2),
    secondary is upper secondary (3 and 4), tertiary everything above (5 to 8).
    """

    NONE = "none"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


class Role(StrEnum):
    """Position in the household.

    A partner lives with a partner and no child, a parent with a child, a child
    (of any age) with a parent; other are grandparents, siblings, flatmates.
    """

    SINGLE = "single"
    PARTNER = "partner"
    PARENT = "parent"
    CHILD = "child"
    OTHER = "other"


class LifeStage(StrEnum):
    """Stage of life; follows from age, household role and occupation."""

    CHILD = "child"
    TEENAGER = "teenager"
    STUDENT = "student"
    YOUNG_ADULT = "young_adult"
    PARENT = "parent"
    MIDDLE_AGED = "middle_aged"
    OLDER_ADULT = "older_adult"


class AgeGroup(NamedTuple):
    """Ages `low` to `high`, both included, in years."""

    label: str
    low: int
    high: int


AGE_GROUPS = (
    AgeGroup("0-5", 0, 5),
    AgeGroup("6-11", 6, 11),
    AgeGroup("12-14", 12, 14),
    AgeGroup("15-17", 15, 17),
    AgeGroup("18-24", 18, 24),
    AgeGroup("25-34", 25, 34),
    AgeGroup("35-44", 35, 44),
    AgeGroup("45-54", 45, 54),
    AgeGroup("55-64", 55, 64),
    AgeGroup("65-74", 65, 74),
    AgeGroup("75+", 75, MAX_AGE),
)

Aged: TypeAlias = Occupation | Education | Role
"""Categories that hold at certain ages only."""


def age_group(age: int) -> int:
    """Return the index in `AGE_GROUPS` of an age in years.

    Examples
    --------
    >>> AGE_GROUPS[age_group(34)].label
    '25-34'
    """
    return next(index for index, group in enumerate(AGE_GROUPS) if age <= group.high)


def feasible_ages(category: Aged, ages: AgeParameters) -> tuple[int, int]:
    """Return the lowest and the highest age, in years, at which a category can hold.

    The synthesis sets impossible cells to zero by these ages, and tables of people are
    checked against them. By default nobody under 15 works, studies or keeps house (ILO
    Minimum Age Convention 138, art. 2: not below 15 years), nobody retires before 55, and
    nobody under 16 heads a household; the other bounds are as wide as school careers.

    Examples
    --------
    >>> feasible_ages(Occupation.OFFICE_WORKER, AgeParameters())
    (15, 120)
    """
    limits = ages.feasible.get(category, ages.feasible["any_other"])
    return limits.low, limits.high
