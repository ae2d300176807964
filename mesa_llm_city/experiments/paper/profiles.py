"""A day of five very different people, step by step (CitySim, appendix C.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from mesa_llm_city.city import City
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Float, Int, Purpose
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.experiments.simulate import run_days
from mesa_llm_city.population import PROFILES, Household, Persona, Role, profile
from mesa_llm_city.simulation.model import CityModel

__all__ = ["DayOfNeeds", "last_day_of_profiles", "people_of_profiles"]

_FIRST_KIN = 100


class DayOfNeeds(NamedTuple):
    """A day of one person.

    Attributes
    ----------
    name : str
        Name of the profile.
    hours : ndarray, shape (t,)
        Time of day at each step, in hours.
    levels : ndarray, shape (t, n)
        Levels of the needs, in the order of the parameters.
    stays : list of (str, float, float)
        Purposes of the activities of that day, with start and end in hours.
    """

    name: str
    hours: Float
    levels: Float
    stays: list[tuple[str, float, float]]


def people_of_profiles(city: City) -> tuple[Persona, ...]:
    """Return the five people in homes of a city, and those who live with two of them."""
    homes, offices, schools = (
        city.supply(purpose).places for purpose in (Purpose.SLEEP, Purpose.WORK, Purpose.SCHOOL)
    )
    people = []
    for row, name in enumerate(PROFILES):
        choice = schools if name == "school student" else offices
        goes = name != "retired senior"
        work = _some(choice, 7 * row) if goes else None
        people.append(profile(name, home=int(homes[(11 * row + 3) % len(homes)]), work=work))
    return (
        *people,
        *_kin(people[1], first=_FIRST_KIN),
        *_kin(people[4], first=_FIRST_KIN + 2),
    )


def last_day_of_profiles(model: CityModel, days: int, progress: Progress) -> list[DayOfNeeds]:
    """Let the people live some days, and return the last of them for the five profiles.

    Parameters
    ----------
    model : CityModel
        A model of `people_of_profiles` at its first midnight.
    days : int
        Number of days, at least 2: on the first everybody begins rested.
    progress : Progress
        Gets every step.
    """
    run_days(model, days - 1, progress)
    begin_min = (days - 1) * DAY_MIN
    hours, levels = [], []
    for _ in range(model.clock.steps_per_day):
        model.step()
        hours.append((model.minute - begin_min) / HOUR_MIN)
        levels.append([_levels(model, row) for row in range(len(PROFILES))])
    found = np.array(levels)
    return [
        DayOfNeeds(name, np.array(hours), found[:, row], [*_stays(model, one.id, begin_min)])
        for row, (name, one) in enumerate(PROFILES.items())
    ]


def _some(places: Int, row: int) -> int | None:
    return int(places[row % len(places)]) if len(places) else None


def _stays(model: CityModel, person: int, begin_min: int) -> Iterator[tuple[str, float, float]]:
    """Yield the activities of a person from a midnight on, in hours since then."""
    begin = model.clock.at(begin_min)
    done = model.activities()
    own = done[(done["person"] == person) & (done["end"] > begin)]
    edges = [(own[name] - begin).dt.total_seconds() / 3600.0 for name in ("start", "end")]
    purposes = own["purpose"].astype(str).tolist()
    yield from zip(purposes, edges[0].clip(lower=0.0), edges[1], strict=True)


def _kin(person: Persona, *, first: int) -> Iterator[Persona]:
    """Yield two adults of the same household, who work at home."""
    adult = replace(PROFILES["freelance designer"], home=person.home, work=person.home)
    household = Household(id=person.household.id, size=person.household.size, role=Role.PARENT)
    for row in range(2):
        name = f"Kim {person.name.split()[1]}"
        yield replace(adult, id=first + row, name=name, household=household)


def _levels(model: CityModel, row: int) -> Float:
    levels = model.citizens[row].citizen.needs_at(model.minute)
    return np.array([levels.get(name, np.nan) for name in model.parameters.needs])
