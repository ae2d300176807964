"""People as columns."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.population import BigFive, Gender, Household, Occupation, Persona, Role
from mesa_llm_city.population.categories import Education
from mesa_llm_city.population.people_columns import PeopleColumns, kept_weights
from mesa_llm_city.population.schedules.habits import Habits, Preferences

ANNA = Persona(
    id=3,
    name="Anna Sato",
    age=34,
    gender=Gender.FEMALE,
    occupation=Occupation.OFFICE_WORKER,
    education=Education.TERTIARY,
    income=1.1,
    household=Household(id=8, size=3, role=Role.PARENT, youngest_child=2),
    home=12,
    work=40,
    big_five=BigFive(extraversion=3),
    habits=Habits(work_days=31, preferences=Preferences(sport=0.4, rest=0.6)),
    has_car=True,
)
BEN = Persona(
    id=9,
    name="Ben Ito",
    age=71,
    gender=Gender.MALE,
    occupation=Occupation.RETIRED,
    education=Education.NONE,
    income=0.0,
    household=Household(id=9),
    home=13,
    habits=Habits(preferences=Preferences(social=0.3)),
)


def test_each_row_says_what_the_persona_says() -> None:
    columns = PeopleColumns.of([ANNA, BEN])
    assert columns.ids.tolist() == [3, 9]
    assert columns.age.tolist() == [34, 71]
    assert columns.work.tolist() == [40, -1]
    assert columns.youngest_child.tolist() == [2, -1]
    assert [list(Role)[code] for code in columns.role] == [Role.PARENT, Role.SINGLE]
    assert columns.big_five[0].tolist() == list(ANNA.big_five)
    assert columns.has_car.tolist() == [True, False]


def test_a_purpose_without_a_weight_is_open() -> None:
    columns = PeopleColumns.of([ANNA, BEN])
    assert columns.purposes == ("sport", "rest", "social")
    expected = kept_weights([[0.4, 0.6, np.nan], [np.nan, np.nan, 0.3]])
    assert np.array_equal(columns.preferences, expected, equal_nan=True)
    assert columns.preferences[0, 0] == pytest.approx(0.4)


def test_some_rows_are_the_columns_of_some_persons() -> None:
    taken = PeopleColumns.of([ANNA, BEN]).take(np.array([1]))
    assert len(taken) == 1
    assert taken.ids.tolist() == [9]
    assert taken.preferences.shape == (1, 3)
