"""The needs of five people over a day, by rule (CitySim, appendix C.3, figure 7)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.city import City
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Float, Purpose
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import PROFILES, Household, Persona, Role, profile
from mesa_llm_city.simulation.model import CityModel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["DayOfNeeds", "draw_needs_of_profiles", "live_profiles"]

_DAYS = 2
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


def live_profiles(*, seed: int = 7, parameters: CityParameters | None = None) -> list[DayOfNeeds]:
    """Let the five profiles live two days in a made-up town, and return the second.

    Parameters
    ----------
    seed : int, default 7
        Seed of the run.
    parameters : CityParameters, optional
        The default ones by default.
    """
    city = City.synthetic()
    model = CityModel(city, _people(city), rng=seed, parameters=parameters)
    model.run_days(_DAYS - 1)
    hours, levels = [], []
    for _ in range(model.clock.steps_per_day):
        model.step()
        hours.append((model.minute - (_DAYS - 1) * DAY_MIN) / HOUR_MIN)
        levels.append([_levels(model, row) for row in range(len(PROFILES))])
    days = np.array(levels)
    return [
        DayOfNeeds(name, np.array(hours), days[:, row], _stays(model, one.id))
        for row, (name, one) in enumerate(PROFILES.items())
    ]


def _stays(model: CityModel, person: int) -> list[tuple[str, float, float]]:
    """Return the activities of a person on the last day, in hours since its midnight."""
    begin = model.clock.at((_DAYS - 1) * DAY_MIN)
    done = model.activities()
    own = done[(done["person"] == person) & (done["end"] > begin)]
    edges = [(own[name] - begin).dt.total_seconds() / 3600.0 for name in ("start", "end")]
    purposes = own["purpose"].astype(str).tolist()
    return list(zip(purposes, edges[0].clip(lower=0.0), edges[1], strict=True))


def _people(city: City) -> list[Persona]:
    """Return the five people, and those who live with the student and the senior."""
    homes = city.supply(Purpose.SLEEP).places
    offices, schools = city.supply(Purpose.WORK).places, city.supply(Purpose.SCHOOL).places
    people = []
    for row, name in enumerate(PROFILES):
        learns = name == "school student"
        work = schools[0] if learns else offices[7 * row]
        goes = name != "retired senior"
        home = int(homes[11 * row + 3])
        people.append(profile(name, home=home, work=int(work) if goes else None))
    return [*people, *_kin(people[1], first=_FIRST_KIN), *_kin(people[4], first=_FIRST_KIN + 2)]


def _kin(person: Persona, *, first: int) -> list[Persona]:
    """Return two adults of the same household, who work at home."""
    adult = replace(PROFILES["freelance designer"], home=person.home, work=person.home)
    household = Household(id=person.household.id, size=person.household.size, role=Role.PARENT)
    return [
        replace(adult, id=first + row, name=f"Kim {person.name.split()[1]}", household=household)
        for row in range(2)
    ]


def _levels(model: CityModel, row: int) -> Float:
    levels = model.citizens[row].citizen.needs_at(model.minute)
    return np.array([levels.get(name, np.nan) for name in model.parameters.needs])


def draw_needs_of_profiles(path: Path, *, seed: int = 7) -> Path:
    """Draw the needs of the five profiles over a day, and return where.

    Parameters
    ----------
    path : Path
        A PNG, SVG or PDF file.
    seed : int, default 7
        Seed of the run.
    """
    from matplotlib.figure import Figure

    days = live_profiles(seed=seed)
    figure = Figure(figsize=(9.5, 11.0), dpi=150)
    axes = figure.subplots(len(days), 1, sharex=True)
    for one, day in zip(axes, days, strict=True):
        _draw(one, day, default_parameters())
    axes[-1].set_xlabel("hour of the day")
    axes[0].legend(ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.16), frameon=False)
    figure.suptitle(f"Needs over a Tuesday, every choice by rules (seed {seed})", y=0.985)
    figure.text(
        0.5,
        0.012,
        "grey: asleep, yellow: at work or school, ticks below: meals; dotted: thresholds",
        ha="center",
        fontsize=9,
    )
    figure.subplots_adjust(top=0.91, bottom=0.065, left=0.07, right=0.98, hspace=0.32)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    return path


def _draw(axes: Axes, day: DayOfNeeds, parameters: CityParameters) -> None:
    for purpose, begin, end in day.stays:
        if shade := parameters.purposes[purpose].shade:
            axes.axvspan(begin, end, color=shade, zorder=0)
        if purpose == Purpose.MEAL:
            axes.plot([begin, end], [0.02, 0.02], color="black", linewidth=3.0)
    for column, need in enumerate(parameters.needs.values()):
        axes.plot(day.hours, day.levels[:, column], color=need.colour, label=need.label)
        axes.axhline(need.threshold, color=need.colour, linewidth=0.6, linestyle=":")
    axes.set_title(day.name, loc="left", fontsize=11)
    axes.set_xlim(0.0, 24.0)
    axes.set_ylim(0.0, 1.05)
    axes.set_xticks(range(0, 25, 3))
