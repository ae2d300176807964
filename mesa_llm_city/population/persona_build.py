"""Persona objects from columns; equal values are one object, so that many fit into memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import Education, Gender, Occupation, Role
from mesa_llm_city.population.completion import Details
from mesa_llm_city.population.person_columns import DUTY, HOURS, Roster
from mesa_llm_city.population.persona import Household, Persona
from mesa_llm_city.population.schedules.free_time import FREE_TIME
from mesa_llm_city.population.schedules.habits import Habits, Preferences
from mesa_llm_city.population.synthesis.household_draw import Demography

__all__ = ["build_personas"]

T = TypeVar("T")

_GENDERS, _JOBS, _LEVELS, _ROLES = tuple(Gender), tuple(Occupation), tuple(Education), tuple(Role)


def build_personas(roster: Roster, details: Details) -> tuple[Persona, ...]:
    """Turn the columns of a roster and its details into persons.

    Parameters
    ----------
    roster : Roster
        Ids, demography and anchors.
    details : Details
        All the rest.

    Returns
    -------
    tuple of Persona
        In the order of the roster.
    """
    people = roster.people
    columns = {
        "id": roster.ids.tolist(),
        "name": details.names,
        "age": people.age.tolist(),
        "gender": [_GENDERS[code] for code in people.gender.tolist()],
        "occupation": [_JOBS[code] for code in people.occupation.tolist()],
        "education": [_LEVELS[code] for code in people.education.tolist()],
        "income": _shared(details.income.tolist()),
        "household": _households(people),
        "home": _shared(roster.home.tolist()),
        "work": _shared([place if place >= 0 else None for place in roster.work.tolist()]),
        "big_five": _shared([BigFive(*levels) for levels in details.traits.tolist()]),
        "habits": _habits(details),
        "hobbies": _shared(details.hobbies),
        **{f"has_{name}": owns.astype(bool).tolist() for name, owns in details.owns.items()},
    }
    rows = zip(*columns.values(), strict=True)
    return tuple(Persona(**dict(zip(columns, row, strict=True))) for row in rows)


def _households(people: Demography) -> list[Household]:
    ids, sizes, roles = people.household.tolist(), people.size.tolist(), people.role.tolist()
    return _shared(
        [
            Household(id=one, size=size, role=_ROLES[role])
            for one, size, role in zip(ids, sizes, roles, strict=True)
        ]
    )


def _habits(details: Details) -> list[Habits]:
    minutes = {
        name: _shared(column.tolist())
        for name, column in zip((*HOURS, *DUTY), (*details.day, *details.duty), strict=True)
    }
    columns = {
        **minutes,
        "eats_out": _shared(details.eats_out.tolist()),
        "preferences": _shared(
            [Preferences(zip(FREE_TIME, row, strict=True)) for row in details.likes.tolist()]
        ),
    }
    rows = zip(*columns.values(), strict=True)
    return [Habits(**dict(zip(columns, row, strict=True))) for row in rows]


def _shared(values: Iterable[T]) -> list[T]:
    pool: dict[T, T] = {}
    return [pool.setdefault(value, value) for value in values]
