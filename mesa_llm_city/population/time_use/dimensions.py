"""The rows of a table of time use: kinds of people and days, and the activities of a survey."""

from __future__ import annotations

import re
from typing import NamedTuple

from mesa_llm_city.population.categories import MAX_AGE

__all__ = [
    "ACTIVITIES",
    "DAY_TYPES",
    "DIMENSIONS",
    "EMPLOYMENT",
    "SEXES",
    "YOUNGEST_CHILD",
    "Ages",
    "read_ages",
]

ACTIVITIES = (
    "sleep",
    "grooming",
    "housework",
    "care_of_household",
    "care_of_others",
    "work",
    "education",
    "shopping",
    "services",
    "eating",
    "leisure",
    "sport",
    "civic",
    "travel",
)
"""Groups of activities, as in most surveys; together they fill a day.

Grooming includes care for the own health, housework includes cooking, upkeep and management,
leisure includes calls and messages, and civic is religion and volunteering."""

SEXES = ("female", "male")
EMPLOYMENT = ("full", "part", "none")
"""Works full time, part time, or not at all; learners without a job are in the last group."""
YOUNGEST_CHILD = ("none", "0-5", "6-17")
"""Age of the youngest own child in the household."""
DAY_TYPES = ("weekday", "saturday", "sunday")
"""A holiday counts as a Sunday."""

DIMENSIONS = ("sex", "age", "employment", "youngest_child", "day", "activity")
"""The axes of a table, in order."""

_AGES = re.compile(r"(\d{1,3})\s*(?:-|\N{EN DASH}|to)\s*(\d{1,3})\Z")
_OPEN = re.compile(r"(\d{1,3})\s*\+\Z")


class Ages(NamedTuple):
    """Ages `low` to `high`, both included, in years."""

    low: int
    high: int

    @property
    def label(self) -> str:
        """The ages as a table writes them."""
        return f"{self.low}+" if self.high >= MAX_AGE else f"{self.low}-{self.high}"


def read_ages(text: str) -> Ages | None:
    """Return the ages that a text such as ``"25-34"`` or ``"75+"`` means, or None.

    Examples
    --------
    >>> read_ages("25-34"), read_ages("75+"), read_ages("old")
    (Ages(low=25, high=34), Ages(low=75, high=120), None)
    """
    if match := _OPEN.match(text.strip()):
        return Ages(int(match[1]), MAX_AGE)
    if (match := _AGES.match(text.strip())) and int(match[1]) <= int(match[2]):
        return Ages(int(match[1]), min(int(match[2]), MAX_AGE))
    return None
