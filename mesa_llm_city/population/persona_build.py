"""Persona objects from columns; equal values are one object, so that many fit into memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isnan
from typing import TypeVar

from mesa_llm_city.core.values import Float
from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import Education, Gender, Occupation, Role
from mesa_llm_city.population.completion import PersonDetails
from mesa_llm_city.population.person_columns import DAILY_HOURS, WORKING_HOURS, PersonColumns
from mesa_llm_city.population.persona import Household, Persona
from mesa_llm_city.population.schedules.habits import Habits, Preferences
from mesa_llm_city.population.synthesis.household_draw import Demography

__all__ = ["build_personas"]

T = TypeVar("T")

_GENDERS, _OCCUPATIONS = tuple(Gender), tuple(Occupation)
_LEVELS, _ROLES = tuple(Education), tuple(Role)


def build_personas(columns: PersonColumns, details: PersonDetails) -> tuple[Persona, ...]:
    """Return the persons that columns describe.

    Parameters
    ----------
    columns : PersonColumns
        Ids, demography, homes and workplaces.
    details : PersonDetails
        All the rest.

    Returns
    -------
    tuple of Persona
        In the order of the columns.
    """
    demography = columns.demography
    fields = {
        "id": columns.ids.tolist(),
        "name": details.names,
        "age": demography.age.tolist(),
        "gender": [_GENDERS[code] for code in demography.gender.tolist()],
        "occupation": [_OCCUPATIONS[code] for code in demography.occupation.tolist()],
        "education": [_LEVELS[code] for code in demography.education.tolist()],
        "income": _shared(details.income.tolist()),
        "household": _households(demography),
        "home": _shared(columns.home.tolist()),
        "work": _shared([place if place >= 0 else None for place in columns.work.tolist()]),
        "big_five": _shared([BigFive(*levels) for levels in details.traits.tolist()]),
        "habits": _habits(details),
        "hobbies": _shared(details.hobbies),
        **{f"has_{name}": owns.astype(bool).tolist() for name, owns in details.owns.items()},
    }
    rows = zip(*fields.values(), strict=True)
    return tuple(Persona(**dict(zip(fields, row, strict=True))) for row in rows)


def _households(demography: Demography) -> list[Household]:
    columns = (demography.household, demography.size, demography.role)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    youngest = _youngest_children(demography)
    return _shared(
        [
            Household(id=id_, size=size, role=_ROLES[role], youngest_child=youngest.get(id_))
            for id_, size, role in rows
        ]
    )


def _youngest_children(demography: Demography) -> dict[int, int]:
    """Return the age of the youngest child of each household that has one."""
    youngest: dict[int, int] = {}
    is_child = demography.role == _ROLES.index(Role.CHILD)
    ids, ages = demography.household[is_child].tolist(), demography.age[is_child].tolist()
    for id_, age in zip(ids, ages, strict=True):
        youngest[id_] = min(age, youngest.get(id_, age))
    return youngest


def _habits(details: PersonDetails) -> list[Habits]:
    hours = (*details.daily_hours, *details.working_hours)
    fields = {
        **{
            name: _shared(column.tolist())
            for name, column in zip((*DAILY_HOURS, *WORKING_HOURS), hours, strict=True)
        },
        "eats_out": _shared(details.eats_out.tolist()),
        "preferences": _shared(_preferences(details.preferences)),
    }
    rows = zip(*fields.values(), strict=True)
    return [Habits(**dict(zip(fields, row, strict=True))) for row in rows]


def _preferences(weights: Mapping[str, Float]) -> Iterable[Preferences]:
    """Return the weights that each person has, by purpose."""
    for row in zip(*(column.tolist() for column in weights.values()), strict=True):
        named = zip(weights, row, strict=True)
        yield Preferences({purpose: one for purpose, one in named if not isnan(one)})


def _shared(values: Iterable[T]) -> list[T]:
    pool: dict[T, T] = {}
    return [pool.setdefault(value, value) for value in values]
