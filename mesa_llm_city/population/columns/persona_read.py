"""Columns from persons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import Education, Gender, Occupation, Role
from mesa_llm_city.population.columns.own_words import SEPARATOR
from mesa_llm_city.population.columns.person_arrays import TEXT
from mesa_llm_city.population.persona import Persona

__all__ = ["fields_of_personas"]

_SHOWN = 5

_NUMBERS = {
    "ids": "id",
    "age": "age",
    "household": "household.id",
    "household_size": "household.size",
    "home": "home",
    "wake_min": "habits.wake_min",
    "bed_min": "habits.bed_min",
    "work_days": "habits.work_days",
    "work_start_min": "habits.work_start_min",
    "work_minutes": "habits.work_minutes",
    "lunch_min": "habits.lunch_min",
    "dinner_min": "habits.dinner_min",
}
_SHARES = {"income": "income", "eats_out": "habits.eats_out"}
_CODES = {
    "gender": ("gender", tuple(Gender)),
    "occupation": ("occupation", tuple(Occupation)),
    "education": ("education", tuple(Education)),
    "role": ("household.role", tuple(Role)),
}
_OWNED = ("has_car", "has_bicycle", "has_licence")


def fields_of_personas(people: Sequence[Persona]) -> dict[str, Any]:
    """Return the columns of `PersonArrays` that hold given persons.

    Raises
    ------
    ConfigError
        If there are outsiders among them, or a hobby whose name has a semicolon.
    """
    _check(people)
    purposes = tuple(dict.fromkeys(one for person in people for one in person.preferences))
    levels = np.array([one.big_five for one in people], dtype=np.int64)
    columns: dict[str, Any] = {
        "youngest_child": _whole(
            -1 if (child := one.household.youngest_child) is None else child for one in people
        ),
        "work": _whole(-1 if one.work is None else one.work for one in people),
        "big_five": levels.reshape(-1, len(BigFive._fields)),
        "preferences": _preferences(people, purposes),
        "purposes": purposes,
        "names": np.array([one.name for one in people], dtype=TEXT),
        "hobbies": np.array([SEPARATOR.join(one.hobbies) for one in people], dtype=TEXT),
    }
    for name, path in _NUMBERS.items():
        columns[name] = _whole(map(attrgetter(path), people))
    for name, path in _SHARES.items():
        columns[name] = np.array([*map(attrgetter(path), people)], dtype=np.float64)
    for name, (path, members) in _CODES.items():
        code = {member: number for number, member in enumerate(members)}
        columns[name] = _whole(code[value] for value in map(attrgetter(path), people))
    for name in _OWNED:
        columns[name] = np.array([*map(attrgetter(name), people)], dtype=np.bool_)
    return columns


def _check(people: Sequence[Persona]) -> None:
    outsiders = [person.id for person in people if person.outsider is not None]
    if outsiders:
        more = ["..."] if len(outsiders) > _SHOWN else []
        shown = ", ".join([*map(str, outsiders[:_SHOWN]), *more])
        message = (
            f"{len(outsiders)} persons are outsiders (ids {shown}), and columns have no "
            "times of entry; leave out persons whose `outsider` is not None"
        )
        raise ConfigError(message)
    odd = sorted({one for person in people for one in person.hobbies if ";" in one or not one})
    if odd:
        message = f"hobbies must be words without a semicolon, got {', '.join(map(repr, odd))}"
        raise ConfigError(message)


def _whole(values: Iterable[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array([*values], dtype=np.int64)


def _preferences(
    people: Sequence[Persona], purposes: tuple[str, ...]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the weights of each person, NaN where they have none, shape (m, purposes)."""
    rows = [[one.preferences.get(purpose, np.nan) for purpose in purposes] for one in people]
    return np.array(rows, dtype=np.float64).reshape(len(people), len(purposes))
