"""People whose lives have changed: hours, income and licence that fit them now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona, PlaceSupply
from mesa_llm_city.population.categories import Education, Gender, Occupation, Role
from mesa_llm_city.population.columns.persona_build import build_personas
from mesa_llm_city.population.completion import complete_persons, draw_ownership_scores
from mesa_llm_city.population.person_columns import TRAITS, PersonColumns
from mesa_llm_city.population.synthesis.assignment import distances_km
from mesa_llm_city.population.synthesis.household_draw import Demography
from mesa_llm_city.population.synthesis.marginals import Marginals

__all__ = ["completed", "with_hours", "with_licence"]


def completed(
    persona: Persona,
    *,
    city: PlaceSupply,
    seed: int,
    marginals: Marginals,
    parameters: CityParameters,
    known: Iterable[str] = (),
) -> Persona:
    """Return a person of whom all is drawn that demography, home and work do not say.

    Parameters
    ----------
    persona : Persona
        The person.
    city : PlaceSupply
        Where home and work are.
    seed : int
        Seed of what is drawn.
    marginals : Marginals
        Shares with a licence and the like.
    parameters : CityParameters
        Hours, habits and resources.
    known : iterable of str
        Columns of a table of people that stay as they are.
    """
    row = persona.to_row()
    given = {name: np.array([row[name]], dtype=np.float64) for name in known}
    columns = _columns(persona, city, given)
    arrays = complete_persons(columns, seed=seed, marginals=marginals, parameters=parameters)
    drawn = build_personas(arrays)[0]
    return replace(drawn, household=persona.household, outsider=persona.outsider)


def with_hours(
    persona: Persona,
    *,
    city: PlaceSupply,
    seed: int,
    marginals: Marginals,
    parameters: CityParameters,
    income: bool,
) -> Persona:
    """Return a person with hours of work, sleep and meals that fit a new occupation or home.

    Parameters
    ----------
    persona : Persona
        The person, with the new occupation, work and home.
    city, seed, marginals, parameters
        As for `completed`.
    income : bool
        Whether the income is drawn anew as well.
    """
    drawn = completed(
        persona, city=city, seed=seed, marginals=marginals, parameters=parameters, known=TRAITS
    )
    habits = replace(
        drawn.habits, eats_out=persona.habits.eats_out, preferences=persona.habits.preferences
    )
    kept = replace(persona, habits=habits)
    return replace(kept, income=drawn.income) if income else kept


def with_licence(
    before: Persona, after: Persona, *, seed: int, share: float, parameters: CityParameters
) -> Persona:
    """Return a person who is older, with a licence if the age has come at which it is had.

    The person's own draw decides at which age that is; a licence is never lost.

    Parameters
    ----------
    before, after : Persona
        The person until now, and older.
    seed : int
        Seed of the population.
    share : float
        Share of adults with a licence.
    parameters : CityParameters
        Odds by age.
    """
    had, has = (_licence_score(one, seed, parameters) < share for one in (before, after))
    return replace(after, has_licence=after.has_licence or (has and not had))


def _licence_score(persona: Persona, seed: int, parameters: CityParameters) -> float:
    ids = np.array([persona.id])
    scores = draw_ownership_scores(ids, _demography(persona), seed, parameters.population)
    return float(scores["licence"][0])


def _columns(persona: Persona, city: PlaceSupply, given: Mapping[str, Float]) -> PersonColumns:
    home, work = np.array([persona.home]), np.array([-1 if persona.work is None else persona.work])
    return PersonColumns(
        ids=np.array([persona.id]),
        demography=_demography(persona),
        home=home,
        work=work,
        distance_km=distances_km(city, home, work),
        given=given,
    )


def _demography(persona: Persona) -> Demography:
    household = persona.household
    codes = (
        household.id,
        household.size,
        list(Role).index(household.role),
        persona.age,
        list(Gender).index(persona.gender),
        list(Occupation).index(persona.occupation),
        list(Education).index(persona.education),
    )
    return Demography(*(np.array([code]) for code in codes))
