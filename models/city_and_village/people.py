"""People of a survey as citizens and villagers, and the villages they come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from mesa_llm_city.models.return_migration.places import Place

from mesa_llm_city import City, Persona, Population
from mesa_llm_city.core.streams import rng, uniforms
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.origins import Background, Settlement
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Education
from mesa_llm_city.population.categories import feasible_ages
from mesa_llm_city.population.person_columns import household_streams

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["People", "backgrounds_of", "people_of_survey", "settlement"]

_OF_PERSONA = frozenset({"age", "gender", "hh_size", "work", "wage", "total_income"})
_LEAST_SCHOOL_YEARS = {"none": 0.0, "primary": 6.0, "secondary": 12.0, "tertiary": 15.0}
_USUAL_SCHOOL_YEARS = {"none": 0.0, "primary": 9.0, "secondary": 12.0, "tertiary": 16.0}
_LEAST_INCOME = 0.01  # lower wages count as this share of the wage of the place


class People(NamedTuple):
    """People of a survey.

    Attributes
    ----------
    citizens, villagers : tuple of Persona
        Those who live in the city at first, and those who live in their village.
    backgrounds : dict of int to Background
        Village and answers of each, by id.
    """

    citizens: tuple[Persona, ...]
    villagers: tuple[Persona, ...]
    backgrounds: dict[int, Background]


def settlement(place: Place, city: Place, *, subsidy: float = 0.0) -> Settlement:
    """Return a place as the decision sees it."""
    return Settlement(
        name=place.name,
        wage=place.wage,
        price=place.price,
        distance_km=place.distance_km(city),
        subsidy=subsidy,
    )


def people_of_survey(
    rows: SurveyTable,
    city: City,
    *,
    town: Place,
    villages: Sequence[Place],
    seed: int,
    parameters: CityParameters,
) -> People:
    """Return the people of a survey as citizens, or as villagers.

    Parameters
    ----------
    rows : SurveyTable
        The people. A household lives in its village if more than half of its rows are labelled
        as returnees.
    city : City
        The map of the city; villagers too have a home there that they would move into.
    town : Place
        The city as a place of work.
    villages : sequence of Place
        Each household comes from one of them; all are equally likely.
    seed : int
        Seed of what is drawn.
    parameters : CityParameters
        Parameters of what is drawn.
    """
    households = _households(rows)
    home = _villages(households, len(villages), seed)
    is_home = np.bincount(households, weights=np.where(rows.target == 1, 1.0, -1.0)) > 0.0
    at_home = is_home[households]
    wages = np.array([one.wage for one in villages])[home]
    here = np.where(at_home, wages, town.wage)
    people = Population.from_table(
        _table(rows, households, here, parameters), city=city, rng=seed, parameters=parameters
    )
    answers = _answers(rows, here)
    backgrounds = {
        person.id: Background(hometown=villages[village].name, answers=own)
        for person, village, own in zip(people, home.tolist(), answers, strict=True)
    }
    both = list(zip(people, at_home.tolist(), strict=True))
    return People(
        tuple(one for one, away in both if not away),
        tuple(one for one, away in both if away),
        backgrounds,
    )


def backgrounds_of(
    people: Sequence[Persona], villages: Sequence[Place], *, seed: int, rural_share: float
) -> dict[int, Background]:
    """Draw a village for each household, and a hukou for each person, of people without a survey.

    Parameters
    ----------
    people : sequence of Persona
        The people.
    villages : sequence of Place
        All are equally likely.
    seed : int
        Seed of the draws; the address is that of the household or the person.
    rural_share : float
        Share of people with an agricultural hukou.
    """
    drawn = uniforms(seed, [one.id for one in people], "hukou", 0, 1)[:, 0]
    home = _villages(
        household_streams(np.array([one.household.id for one in people])), len(villages), seed
    )
    return {
        one.id: Background(
            hometown=villages[village].name,
            answers={
                "hukou": float(luck < rural_share),
                "education": _USUAL_SCHOOL_YEARS[one.education],
            },
        )
        for one, village, luck in zip(people, home.tolist(), drawn.tolist(), strict=True)
    }


def _villages(households: Any, count: int, seed: int) -> Any:  # noqa: ANN401 - whole numbers
    """Return the position of the village of each household."""
    return np.array([rng(seed, int(one), "origin", 0).integers(count) for one in households])


def _households(rows: SurveyTable) -> Any:  # noqa: ANN401 - whole numbers, shape (n,)
    """Return the household of each row as a number from 0, in order of appearance."""
    if rows.group is None:
        return np.arange(len(rows))
    number: dict[object, int] = {}
    return np.array([number.setdefault(one, len(number)) for one in rows.group.tolist()])


def _table(
    rows: SurveyTable,
    households: Any,  # noqa: ANN401 - whole numbers
    here: Float,
    parameters: CityParameters,
) -> pd.DataFrame:
    """Return people as a table of people (see the reference), with blanks where unknown."""
    import pandas as pd

    frame = rows.frame
    work = frame["work"].map({0.0: "not_employed", 1.0: "employed"}).fillna("")
    income = (frame["wage"] / here).clip(lower=_LEAST_INCOME).where(frame["work"] == 1.0)
    size = np.maximum(frame["hh_size"], np.bincount(households)[households])
    return pd.DataFrame(
        {
            "id": range(len(rows)),
            "age": frame["age"].astype(int),
            "gender": frame["gender"].map({0.0: "female", 1.0: "male"}).fillna("other"),
            "occupation": work,
            "education": [
                _schooling(age, years, parameters)
                for age, years in zip(frame["age"], frame["education"], strict=True)
            ],
            "income": income.to_numpy(),
            "household_id": households,
            "household_size": size.astype("Int64"),
        }
    )


def _schooling(age: float, years: float, parameters: CityParameters) -> str:
    """Return the schooling completed in some years; blank if unknown or too early for the age."""
    done = [name for name, least in _LEAST_SCHOOL_YEARS.items() if years >= least]
    if not done or age < feasible_ages(Education(done[-1]), parameters.population.ages)[0]:
        return ""
    return done[-1]


def _answers(rows: SurveyTable, here: Float) -> list[dict[str, Any]]:
    """Return the answers that no property of a persona stands for."""
    names = [name for name in rows.schema.names if name not in _OF_PERSONA]
    frame = rows.frame[names].assign(relative_income=rows.frame["total_income"] / here)
    return [
        {str(name): value for name, value in row.items() if value == value}  # noqa: PLR0124 - NaN
        for row in frame.to_dict("records")
    ]
