"""Persons in the making, as columns: demography and anchors settled, the rest open or given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import Gender
from mesa_llm_city.population.schedules.free_time import FREE_TIME
from mesa_llm_city.population.synthesis.household_draw import Demography

__all__ = ["DUTY", "HOURS", "LIKES", "TRAITS", "Roster", "feminine", "household_streams"]

TRAITS = BigFive._fields
LIKES = tuple(f"likes_{name}" for name in FREE_TIME)
HOURS = ("wake_min", "bed_min", "lunch_min", "dinner_min")
DUTY = ("work_days", "work_start_min", "work_minutes")

_FEMININE = np.array([{Gender.FEMALE: 1.0, Gender.MALE: 0.0}.get(one, 0.5) for one in Gender])


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Columns of n persons.

    Parameters
    ----------
    ids : ndarray of int64, shape (n,)
        Unique and non-negative.
    people : Demography
        Who they are.
    home : ndarray of int64, shape (n,)
        Place id of the residence.
    work : ndarray of int64, shape (n,)
        Place id of work or school, -1 for none.
    distance_km : ndarray of float64, shape (n,)
        Straight line from home to work, 0 for none.
    given : mapping of str to ndarray of float64, shape (n,)
        Further columns of a table of people, NaN where they are open.
    names, hobbies : sequence, optional
        Likewise, None where they are open; empty if all are.
    """

    ids: Int
    people: Demography
    home: Int
    work: Int
    distance_km: Float
    given: Mapping[str, Float] = field(default_factory=dict)
    names: Sequence[str | None] = ()
    hobbies: Sequence[tuple[str, ...] | None] = ()

    def known(self, column: str) -> Float:
        """Return a column as far as it is given, NaN elsewhere."""
        given = self.given.get(column)
        return np.full(len(self.ids), np.nan) if given is None else given

    def known_or(self, column: str, drawn: Float | Int) -> Float:
        """Return a column as it is given, with what was drawn where it is open."""
        given = self.known(column)
        return np.where(np.isnan(given), drawn, given)


def feminine(gender: Int) -> Float:
    """Return 1 for women, 0 for men and 0.5 for others.

    Examples
    --------
    >>> feminine(np.array([0, 1, 2])).tolist()
    [1.0, 0.0, 0.5]
    """
    return _FEMININE[gender]


def household_streams(household: Int) -> Int:
    """Return a non-negative number for each household id, negative ids included.

    Examples
    --------
    >>> household_streams(np.array([0, -1, 1])).tolist()
    [0, 1, 2]
    """
    return np.where(household >= 0, 2 * household, -2 * household - 1)
