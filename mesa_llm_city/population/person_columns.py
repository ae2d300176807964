"""Columns of persons whose demography, home and workplace are known; the rest is given or open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import Gender
from mesa_llm_city.population.schedules.daily_hours import DailyHours
from mesa_llm_city.population.synthesis.household_draw import Demography

__all__ = [
    "DAILY_HOURS",
    "TRAITS",
    "WORKING_HOURS",
    "PersonColumns",
    "female_indicator",
    "household_streams",
    "preference_column",
    "preference_purposes",
]

TRAITS = BigFive._fields
DAILY_HOURS = DailyHours._fields
WORKING_HOURS = ("work_days", "work_start_min", "work_minutes")

_FEMALE = np.array([{Gender.FEMALE: 1.0, Gender.MALE: 0.0}.get(one, 0.5) for one in Gender])


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonColumns:
    """Columns of n persons.

    Parameters
    ----------
    ids : ndarray of int64, shape (n,)
        Unique and non-negative.
    demography : Demography
        Age, gender, household, occupation and education.
    home : ndarray of int64, shape (n,)
        Place id of the residence.
    work : ndarray of int64, shape (n,)
        Place id of work or school, -1 for none.
    distance_km : ndarray of float64, shape (n,)
        Straight line from home to work, 0 for none.
    given : mapping of str to ndarray of float64, shape (n,)
        Further columns of a table of people, NaN where a value is open.
    names, hobbies : sequence, optional
        Likewise, None where a value is open; empty if all are open.
    notes : tuple of str
        What was assumed or repaired when they were made.
    """

    ids: Int
    demography: Demography
    home: Int
    work: Int
    distance_km: Float
    given: Mapping[str, Float] = field(default_factory=dict)
    names: Sequence[str | None] = ()
    hobbies: Sequence[tuple[str, ...] | None] = ()
    notes: tuple[str, ...] = ()

    def known(self, column: str) -> Float:
        """Return the given values of a column, NaN where it is open."""
        given = self.given.get(column)
        return np.full(len(self.ids), np.nan) if given is None else given

    def only(self, rows: slice) -> PersonColumns:
        """Return the persons of some rows."""
        return replace(
            self,
            ids=self.ids[rows],
            demography=Demography(*(column[rows] for column in self.demography)),
            home=self.home[rows],
            work=self.work[rows],
            distance_km=self.distance_km[rows],
            given={name: column[rows] for name, column in self.given.items()},
            names=self.names[rows],
            hobbies=self.hobbies[rows],
        )

    def known_or(self, column: str, drawn: Float | Int | Bool) -> Float:
        """Return the given values of a column, and `drawn` where it is open."""
        given = self.known(column)
        return np.where(np.isnan(given), drawn, given)


def female_indicator(gender: Int) -> Float:
    """Return 1 for women, 0 for men and 0.5 for others.

    Examples
    --------
    >>> female_indicator(np.array([0, 1, 2])).tolist()
    [1.0, 0.0, 0.5]
    """
    return _FEMALE[gender]


def preference_purposes(parameters: CityParameters) -> tuple[str, ...]:
    """Return the purposes for which a person may have a weight, the drawn ones first.

    Examples
    --------
    >>> preference_purposes(CityParameters())
    ('leisure', 'sport', 'social', 'shopping', 'rest')
    """
    return tuple(dict.fromkeys((*parameters.population.free_time.mean, *parameters.free_time)))


def preference_column(purpose: str) -> str:
    """Return the name of the column with the preference for a purpose.

    Examples
    --------
    >>> preference_column("sport")
    'likes_sport'
    """
    return f"likes_{purpose}"


def household_streams(household: Int) -> Int:
    """Return a non-negative number for each household id, negative ids included.

    Examples
    --------
    >>> household_streams(np.array([0, -1, 1])).tolist()
    [0, 1, 2]
    """
    return np.where(household >= 0, 2 * household, -2 * household - 1)
