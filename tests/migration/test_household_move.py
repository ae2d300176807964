"""Whole households decide whether they move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.household_move import (
    HouseholdChoice,
    HouseholdMigration,
    MigrantHousehold,
)
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.origins import Background, Origins, Settlement
from mesa_llm_city.migration.personas import ColumnSource, PersonaMapping
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Education, Gender, Household, Occupation, Persona
from mesa_llm_city.testing import check_component

MAPPING = PersonaMapping(schema=chfs(), sources={"age": ColumnSource(property="age")})
CITY = Settlement(name="city", wage=60e3, price=1.5)
VILLAGE = Settlement(name="village", wage=20e3)
YEAR = CityParameters().with_("migration.decision.years_at_risk", 1.0)


class ByAge:
    """A model for which a person aged 20 is home with 0.2, and so on."""

    def predict_proba(self, table: SurveyTable) -> Float:
        p = table.frame["age"].to_numpy() / 100.0
        return np.column_stack([1.0 - p, p])


def person(number: int, age: int, household: int = 1) -> Persona:
    return Persona(
        id=number,
        name=f"Person {number}",
        age=age,
        gender=Gender.FEMALE,
        occupation=Occupation.SERVICE_WORKER,
        education=Education.PRIMARY,
        income=1.0,
        household=Household(id=household),
        home=0,
    )


def household(*ages: int, number: int = 1, **options: Any) -> MigrantHousehold:  # noqa: ANN401 - its fields
    people = tuple(person(10 * number + row, age, number) for row, age in enumerate(ages))
    given: dict[str, Any] = {"is_home": False, "answers": ({},) * len(people), **options}
    return MigrantHousehold(id=number, people=people, **given)


def chosen(*households: MigrantHousehold, step: int = 0) -> Sequence[HouseholdChoice]:
    component = HouseholdMigration(MAPPING, MigrationDecision(YEAR, model=ByAge()))
    return run(component.decide_moves(households, seed=7, step=[step] * len(households)))


def test_adults_agree_on_the_mean_of_their_log_odds_and_children_have_no_part() -> None:
    (choice,) = chosen(household(20, 50, 10, 70))
    # Log odds of .2 and .5 are -1.386 and 0; their mean is that of a third.
    assert choice.p == pytest.approx(1.0 / 3.0)
    assert choice.risk == pytest.approx(1.0 / 3.0)
    assert [one.person for one in choice.members] == [10, 11]
    assert {one.source for one in choice.members} == {"ByAge"}


def test_a_household_of_children_and_old_people_stays() -> None:
    (choice,) = chosen(household(10, 70))
    assert (choice.is_moving, choice.members) == (False, ())
    assert np.isnan([choice.p, choice.risk]).all()


def test_one_more_household_changes_no_other_decision() -> None:
    some = [household(40, number=one) for one in range(1, 30)]
    alone = chosen(*some)
    with_more = chosen(household(55, number=99), *some)
    assert with_more[1:] == alone
    assert 3 < sum(one.is_moving for one in alone) < 26  # each moves with .4


def test_a_number_of_a_household_may_be_negative() -> None:
    alone = [household(40, number=-one) for one in range(1, 30)]
    people = [
        replace(one, people=tuple(replace(who, id=-who.id) for who in one.people)) for one in alone
    ]
    assert 3 < sum(one.is_moving for one in chosen(*people)) < 26


def test_other_periods_have_other_draws() -> None:
    some = [household(40, number=one) for one in range(1, 30)]
    assert chosen(*some, step=1) == chosen(*some, step=1)
    moving = [[one.is_moving for one in chosen(*some, step=step)] for step in (1, 2)]
    assert moving[0] != moving[1]


def test_a_subsidy_speaks_for_the_village_and_unknown_places_make_no_difference() -> None:
    paid = Settlement(name="village", wage=20e3, subsidy=20e3)
    towns = (None, VILLAGE, paid)
    unknown, plain, subsidised = (
        chosen(household(40, city=CITY, hometown=one))[0].p for one in towns
    )
    assert unknown == pytest.approx(0.4)
    # 1.5 log(20/40) = -1.04 without the subsidy, and none with it, which makes wages equal.
    odds = np.exp(1.5 * np.log(0.5)) * 0.4 / 0.6
    assert plain == pytest.approx(odds / (1.0 + odds))
    assert subsidised == pytest.approx(0.4)


def test_a_household_at_home_may_come_to_the_city() -> None:
    (choice,) = chosen(household(40, is_home=True))
    # 30 years in which people at home could leave: 1 - .4 ** (1 / 30).
    assert choice.risk == pytest.approx(1.0 - 0.4 ** (1.0 / 30.0))


def test_it_keeps_the_promises_of_a_component() -> None:
    families = [household(30, 35), household(50, number=2)]
    check_component(
        lambda: HouseholdMigration(MAPPING),
        lambda one, _: one.decide_moves(families, seed=1, step=[0, 3]),
        inputs=families,
    )


def test_answers_are_those_of_the_members() -> None:
    with pytest.raises(DataError, match="has 2 members, but answers of 1"):
        household(30, 31, answers=({},))


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"hometowns": (VILLAGE, VILLAGE)}, "different names, got village, village"),
        ({"backgrounds": {1: Background(hometown="nowhere")}}, "no hometown nowhere"),
    ],
)
def test_origins_that_do_not_fit_are_refused(options: dict[str, object], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        Origins(**options)  # type: ignore[arg-type]


def test_a_place_with_impossible_numbers_is_refused() -> None:
    with pytest.raises(ConfigError, match="wage must be above 0; distance_km must be at least 0"):
        Settlement(name="village", wage=0.0, distance_km=-1.0)


def test_a_model_must_be_in_a_decision() -> None:
    with pytest.raises(ConfigError, match=r"MigrationDecision\(model=PushPullRule\(\)\)"):
        HouseholdMigration(MAPPING, PushPullRule())  # type: ignore[arg-type]
