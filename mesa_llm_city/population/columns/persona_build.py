"""Persons from columns; equal values are one object, so that many fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from math import isnan
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import Education, Gender, Occupation, Role
from mesa_llm_city.population.columns.own_words import hobbies_of, names_of
from mesa_llm_city.population.columns.person_arrays import PersonArrays
from mesa_llm_city.population.persona import Household, Persona
from mesa_llm_city.population.schedules.habits import Habits, Preferences

__all__ = ["build_personas"]

T = TypeVar("T")

_GENDERS, _OCCUPATIONS = tuple(Gender), tuple(Occupation)
_LEVELS, _ROLES = tuple(Education), tuple(Role)
_HOURS = (
    *("wake_min", "bed_min", "work_days", "work_start_min", "work_minutes"),
    *("lunch_min", "dinner_min"),
)


def build_personas(columns: PersonArrays) -> tuple[Persona, ...]:
    """Return the persons that columns describe, in their order."""
    fields = {
        "id": columns.ids.tolist(),
        "name": names_of(columns),
        "age": columns.age.tolist(),
        "gender": [_GENDERS[code] for code in columns.gender.tolist()],
        "occupation": [_OCCUPATIONS[code] for code in columns.occupation.tolist()],
        "education": [_LEVELS[code] for code in columns.education.tolist()],
        "income": _shared(columns.income.tolist()),
        "household": _households(columns),
        "home": _shared(columns.home.tolist()),
        "work": _shared([place if place >= 0 else None for place in columns.work.tolist()]),
        "big_five": _made(_traits, map(tuple, columns.big_five.tolist())),
        "habits": _habits(columns),
        "hobbies": _shared(hobbies_of(columns)),
        "has_car": columns.has_car.tolist(),
        "has_bicycle": columns.has_bicycle.tolist(),
        "has_licence": columns.has_licence.tolist(),
    }
    rows = zip(*fields.values(), strict=True)
    return tuple(Persona(**dict(zip(fields, row, strict=True))) for row in rows)


def _traits(levels: tuple[int, ...]) -> BigFive:
    return BigFive(*levels)


def _households(columns: PersonArrays) -> list[Household]:
    parts = (columns.household, columns.household_size, columns.role, columns.youngest_child)
    return _made(_household, zip(*(part.tolist() for part in parts), strict=True))


def _household(row: tuple[int, int, int, int]) -> Household:
    id_, size, role, youngest = row
    child = youngest if youngest >= 0 else None
    return Household(id=id_, size=size, role=_ROLES[role], youngest_child=child)


def _habits(columns: PersonArrays) -> list[Habits]:
    liked = map(tuple, _decimals(columns.preferences))
    fields = {
        **{name: _shared(getattr(columns, name).tolist()) for name in _HOURS},
        "eats_out": _shared(columns.eats_out.tolist()),
        "preferences": _made(partial(_preferences, columns.purposes), liked),
    }
    rows = zip(*fields.values(), strict=True)
    return [Habits(**dict(zip(fields, row, strict=True))) for row in rows]


def _decimals(weights: NDArray[np.float32]) -> list[list[float]]:
    """Return numbers of 32 bits as the shortest decimals that stand for them."""
    return [[float(str(one)) for one in row] for row in weights]


def _preferences(purposes: Sequence[str], weights: tuple[float, ...]) -> Preferences:
    """Return the weights that a person has, by purpose."""
    named = zip(purposes, weights, strict=True)
    return Preferences({purpose: one for purpose, one in named if not isnan(one)})


def _shared(values: Iterable[T]) -> list[T]:
    pool: dict[T, T] = {}
    return [pool.setdefault(value, value) for value in values]


_Row = TypeVar("_Row", bound=Hashable)


def _made(make: Callable[[_Row], T], rows: Iterable[_Row]) -> list[T]:
    """Make an object of each row, one for equal rows."""
    pool: dict[_Row, T] = {}
    made: list[T] = []
    for row in rows:
        one = pool.get(row)
        if one is None:
            one = pool[row] = make(row)
        made.append(one)
    return made
