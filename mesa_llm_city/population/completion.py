"""Completion of persons: what is open in their columns is drawn, person by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.streams import normals, uniforms
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import PopulationParameters, SleepParameters
from mesa_llm_city.population.big_five import trait_levels, trait_shift
from mesa_llm_city.population.categories import Role
from mesa_llm_city.population.columns.own_words import SEPARATOR
from mesa_llm_city.population.columns.person_arrays import TEXT, PersonArrays, Texts, joined
from mesa_llm_city.population.person_columns import (
    TRAITS,
    WORKING_HOURS,
    PersonColumns,
    female_indicator,
    household_streams,
    preference_column,
    preference_purposes,
)
from mesa_llm_city.population.schedules.daily_hours import (
    DailyHours,
    commute_minutes,
    draw_daily_hours,
    share_eaten_out,
)
from mesa_llm_city.population.schedules.free_time import draw_preferences
from mesa_llm_city.population.schedules.working_hours import WorkingHours, draw_working_hours
from mesa_llm_city.population.synthesis.household_draw import Demography
from mesa_llm_city.population.synthesis.marginals import Marginals
from mesa_llm_city.population.synthesis.resources import (
    bicycle_odds,
    car_odds,
    earning_score,
    licence_odds,
    log_normal_income,
)

__all__ = [
    "complete_persons",
    "draw_earning_scores",
    "draw_ownership_scores",
    "youngest_children",
]

_ROWS = 2**15  # persons completed at once, so that what is drawn for them takes little memory


def complete_persons(
    columns: PersonColumns,
    *,
    seed: int,
    marginals: Marginals,
    parameters: CityParameters,
    rows: int = _ROWS,
) -> PersonArrays:
    """Draw what is open in columns of persons, but for names and hobbies.

    Parameters
    ----------
    columns : PersonColumns
        Who the persons are, where they live and work, and what else is known.
    seed : int
        Seed of the population. What is drawn for a person depends on the
        seed, the person and their household only, never on anybody else.
    marginals : Marginals
        Shares with a car, a bicycle and a licence, and the spread of incomes.
    parameters : CityParameters
        Hours, habits, free time, hobbies and resources.
    rows : int, optional
        Persons at once; any number leads to the same columns.

    Returns
    -------
    PersonArrays
        The given values, and drawn ones where they are open. Names and hobbies are drawn
        when they are asked for.
    """
    youngest = youngest_children(columns.demography)
    parts = [
        _completed(columns.only(part), youngest[part], marginals, seed, parameters)
        for first in range(0, max(len(columns.ids), 1), rows)
        for part in [slice(first, first + rows)]
    ]
    hobbies = [None if one is None else SEPARATOR.join(one) for one in columns.hobbies]
    return replace(joined(parts), names=_texts(columns.names), hobbies=_texts(hobbies))


def _completed(
    columns: PersonColumns,
    youngest: Int,
    marginals: Marginals,
    seed: int,
    parameters: CityParameters,
) -> PersonArrays:
    population = parameters.population
    traits = _traits(columns, population, seed)
    preferences = _preferences(columns, traits, parameters, seed)
    draws = uniforms(seed, columns.ids, "persona.duty", 0, 6)
    work = _working_hours(columns, draws[:, :5], population)
    owns = _ownership(columns, marginals, population, seed)
    fields: dict[str, Any] = {
        **_who_and_where(columns),
        "income": _income(columns, marginals, population, seed),
        "youngest_child": youngest,
        "big_five": traits,
        **dict(zip(WORKING_HOURS, work, strict=True)),
        **_daily_hours(columns, traits, work, population, seed)._asdict(),
        "eats_out": _eats_out(columns, work, draws[:, 5], population),
        "preferences": np.column_stack([*preferences.values()]),
        **{f"has_{name}": column for name, column in owns.items()},
    }
    return PersonArrays(**fields, purposes=tuple(preferences), seed=seed, parameters=parameters)


def _who_and_where(columns: PersonColumns) -> dict[str, Int]:
    demography = columns.demography
    return {
        "ids": columns.ids,
        "age": demography.age,
        "gender": demography.gender,
        "occupation": demography.occupation,
        "education": demography.education,
        "household": demography.household,
        "household_size": demography.size,
        "role": demography.role,
        "home": columns.home,
        "work": columns.work,
    }


def _texts(given: Sequence[str | None]) -> Texts | None:
    """Return texts as a column; None if all of them are open."""
    return np.array(given, dtype=TEXT) if any(one is not None for one in given) else None


def youngest_children(demography: Demography) -> Int:
    """Return the age of the youngest child in the household of each person, -1 for none.

    Parameters
    ----------
    demography : Demography
        Persons with all members of their households who are known.

    Returns
    -------
    ndarray of int64, shape (n,)
        In years.
    """
    households, index = np.unique(demography.household, return_inverse=True)
    none = np.iinfo(np.int64).max
    youngest = np.full(len(households), none)
    is_child = demography.role == list(Role).index(Role.CHILD)
    np.minimum.at(youngest, index[is_child], demography.age[is_child])
    return np.where(youngest == none, -1, youngest)[index]


def draw_earning_scores(
    ids: Int, demography: Demography, seed: int, parameters: PopulationParameters
) -> Float:
    """Draw how well each person earns (see `earning_score`), shape (n,)."""
    draws = normals(seed, ids, "persona.income", 0, 1)[:, 0]
    age, occupation, education = demography.age, demography.occupation, demography.education
    return earning_score(age, occupation, education, draws, parameters.income)


def draw_ownership_scores(
    ids: Int, demography: Demography, seed: int, parameters: PopulationParameters
) -> dict[str, Float]:
    """Draw scores that decide on ownership: the lower, the sooner a person is an owner.

    Returns
    -------
    dict of str to ndarray of float64, shape (n,)
        For ``car``, ``bicycle`` and ``licence``. Uniform numbers in [0, 1), for
        ``car`` one per household, divided by the odds of the person; infinite
        where the odds are 0. A person whose score is below the share of owners in
        the population is an owner.
    """
    own = uniforms(seed, ids, "persona.ownership", 0, 2)
    shared = uniforms(seed, household_streams(demography.household), "persona.car", 0, 1)
    ownership, ages = parameters.ownership, parameters.ages
    female = female_indicator(demography.gender)
    odds = np.column_stack(
        [
            car_odds(demography.size, ownership),
            bicycle_odds(demography.age, ownership, ages),
            licence_odds(demography.age, female, ownership, ages),
        ]
    )
    scores = np.full(odds.shape, np.inf)
    np.divide(np.hstack([shared, own]), odds, out=scores, where=odds > 0)
    return dict(zip(("car", "bicycle", "licence"), scores.T, strict=True))


def _traits(columns: PersonColumns, parameters: PopulationParameters, seed: int) -> Int:
    demography, traits = columns.demography, parameters.traits
    shift = trait_shift(demography.age, female_indicator(demography.gender), traits)
    draws = normals(seed, columns.ids, "persona.traits", 0, len(TRAITS))
    drawn = trait_levels(draws + shift, traits)
    levels = [columns.known_or(name, drawn[:, index]) for index, name in enumerate(TRAITS)]
    return np.column_stack(levels).astype(np.int64)


def _preferences(
    columns: PersonColumns, traits: Int, parameters: CityParameters, seed: int
) -> dict[str, Float]:
    free_time = parameters.population.free_time
    purposes = preference_purposes(parameters)
    given = {purpose: columns.known(preference_column(purpose)) for purpose in purposes}
    draws = normals(seed, columns.ids, "persona.likes", 0, len(free_time.mean))
    drawn = draw_preferences(traits, draws, free_time)
    # Shares depend on one another: all of them are taken as given, or all are drawn.
    are_open = np.isnan([given[purpose] for purpose in free_time.mean]).any(axis=0)
    for purpose, column in zip(free_time.mean, drawn.T, strict=True):
        given[purpose] = np.where(are_open, column, given[purpose])
    return given


def _income(
    columns: PersonColumns, marginals: Marginals, parameters: PopulationParameters, seed: int
) -> Float:
    score = draw_earning_scores(columns.ids, columns.demography, seed, parameters)
    occupation, sigma = columns.demography.occupation, marginals.income["sigma"]
    drawn = log_normal_income(occupation, score, sigma, parameters.income)
    return columns.known_or("income", drawn)


def _ownership(
    columns: PersonColumns, marginals: Marginals, parameters: PopulationParameters, seed: int
) -> dict[str, Bool]:
    scores = draw_ownership_scores(columns.ids, columns.demography, seed, parameters)
    return {
        name: columns.known_or(f"has_{name}", score < marginals.ownership[name]).astype(np.bool_)
        for name, score in scores.items()
    }


def _working_hours(
    columns: PersonColumns, draws: Float, parameters: PopulationParameters
) -> WorkingHours:
    demography = columns.demography
    female = female_indicator(demography.gender)
    work = parameters.schedules.work
    drawn = draw_working_hours(demography.age, female, demography.occupation, draws, work)
    named = zip(WORKING_HOURS, drawn, strict=True)
    return WorkingHours(*(columns.known_or(name, one).astype(np.int64) for name, one in named))


def _eats_out(
    columns: PersonColumns, work: WorkingHours, draws: Float, parameters: PopulationParameters
) -> Float:
    demography, eating_out = columns.demography, parameters.schedules.eating_out
    alone = demography.size == 1
    drawn = share_eaten_out(demography.age, alone, work.days > 0, draws, eating_out)
    return columns.known_or("eats_out", drawn)


def _daily_hours(
    columns: PersonColumns,
    traits: Int,
    work: WorkingHours,
    parameters: PopulationParameters,
    seed: int,
) -> DailyHours:
    commute = commute_minutes(columns.distance_km, parameters.commuting)
    drawn = draw_daily_hours(
        columns.demography.age,
        traits[:, TRAITS.index("conscientiousness")],
        work,
        np.where(columns.work >= 0, commute, 0.0),
        normals(seed, columns.ids, "persona.day", 0, 4),
        parameters=parameters.schedules,
    )
    wake, bed = _night(columns, drawn, parameters.schedules.sleep)
    meals = [columns.known_or(name, getattr(drawn, name)) for name in ("lunch_min", "dinner_min")]
    return DailyHours(*(hour.astype(np.int64) for hour in (wake, bed, *meals)))


def _night(
    columns: PersonColumns, drawn: DailyHours, sleep: SleepParameters
) -> tuple[Float, Float]:
    """Return begin and end of nights; an end that is drawn gives way to one that is given."""
    wake = columns.known_or("wake_min", drawn.wake_min)
    bed = columns.known_or("bed_min", drawn.bed_min)
    earliest = bed - DAY_MIN + sleep.shortest_night_min
    latest = bed - DAY_MIN + sleep.longest_night_min
    fitting = np.clip(np.clip(wake, earliest, latest), 0, DAY_MIN - 1)
    wake = columns.known_or("wake_min", fitting)
    longest = wake + DAY_MIN - sleep.longest_night_min
    shortest = wake + DAY_MIN - sleep.shortest_night_min
    return wake, columns.known_or("bed_min", np.clip(bed, longest, shortest))
