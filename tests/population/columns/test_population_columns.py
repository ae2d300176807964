"""Populations as columns, and the persons of their rows."""

from __future__ import annotations

import pickle
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import LifeStageParameters
from mesa_llm_city.population import (
    Household,
    LifeStage,
    Marginals,
    Outsider,
    OutsiderRole,
    Persona,
    Population,
    PopulationColumns,
    Preferences,
    profile,
)
from mesa_llm_city.population.completion import complete_persons
from mesa_llm_city.population.outsiders.entries import Entries
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.population.synthesis.synthesis import synthesize_columns
from tests.population.fake_town import FakeTown

N = 400


@cache
def _columns() -> PopulationColumns:
    return PopulationColumns.synthesize(N, city=FakeTown(), rng=7)


@cache
def _people() -> tuple[Persona, ...]:
    return Population.synthesize(N, city=FakeTown(), rng=7).people


def test_the_persons_of_all_rows_are_those_of_the_population() -> None:
    assert _columns().personas() == _people()


@settings(max_examples=25)
@given(st.integers(-N, N - 1))
def test_the_person_of_one_row_is_the_same_as_among_all(row: int) -> None:
    assert _columns().persona(row) == _people()[row]


@settings(max_examples=25)
@given(st.lists(st.integers(0, N - 1), max_size=8))
def test_some_rows_in_any_order_make_the_same_persons(rows: list[int]) -> None:
    assert _columns().personas(rows) == tuple(_people()[row] for row in rows)


def test_rows_can_be_chosen_by_a_mask() -> None:
    columns = _columns()
    old = columns.personas(columns.age >= 70)
    assert old == tuple(one for one in _people() if one.age >= 70)
    assert columns.take(columns.age >= 70).personas() == old


def test_a_row_that_is_not_there_is_an_index_error() -> None:
    with pytest.raises(IndexError, match="there is no row 400; the population has 400 rows"):
        _columns().persona(N)


def test_codes_are_positions_in_their_enumerations() -> None:
    columns = _columns()
    for row in (0, 57, 399):
        person = _people()[row]
        stages = columns.life_stages().tolist()
        assert tuple(LifeStage)[stages[row]] is person.life_stage()
        assert columns.youngest_child[row] == (
            -1 if (child := person.household.youngest_child) is None else child
        )
        assert columns.work[row] == (-1 if person.work is None else person.work)


@pytest.mark.parametrize(
    "ages",
    [LifeStageParameters(), LifeStageParameters(teenager_from=10, middle_aged_from=30)],
)
def test_stages_of_life_are_the_same_for_rows_and_persons(ages: LifeStageParameters) -> None:
    stages = [tuple(LifeStage)[code] for code in _columns().life_stages(ages).tolist()]
    assert stages == [person.life_stage(ages) for person in _people()]
    assert len(set(stages)) == len(LifeStage)


def test_rules_read_the_same_of_columns_and_of_persons() -> None:
    ours, theirs = _columns().for_rules(), PeopleColumns.of(_people())
    for one in fields(PeopleColumns):
        if one.name not in {"purposes", "preferences"}:
            column = getattr(ours, one.name)
            np.testing.assert_array_equal(column, getattr(theirs, one.name), err_msg=one.name)
            assert column.dtype == getattr(theirs, one.name).dtype, one.name
    order = [ours.purposes.index(purpose) for purpose in theirs.purposes]
    np.testing.assert_array_equal(ours.preferences[:, order], theirs.preferences)


def test_columns_have_the_documented_types_and_take_little_memory() -> None:
    columns = _columns()
    assert columns.ids.dtype == np.int64
    assert columns.home.dtype == columns.work.dtype == np.int32
    assert columns.age.dtype == columns.wake_min.dtype == np.int16
    assert columns.role.dtype == columns.big_five.dtype == np.int8
    assert columns.big_five.shape == (N, 5)
    assert columns.preferences.shape == (N, len(columns.purposes))
    assert columns.has_car.dtype == np.bool_
    assert columns.memory_bytes / N < 150


def test_columns_cannot_be_written_to_and_the_array_given_stays_open() -> None:
    income = np.ones(N)
    changed = replace(_columns(), income=income)
    with pytest.raises(ValueError, match="read-only"):
        changed.income[0] = 2.0
    income[0] = 1.0
    assert changed.persona(3).income == 1.0


@pytest.mark.parametrize(
    ("name", "column", "message"),
    [
        ("age", np.zeros(3, dtype=np.int16), r"age must have shape \(400,\), got \(3,\)"),
        ("gender", np.full(N, 3), r"gender must be in \[0, 2\], got 3 in row 0"),
        ("eats_out", np.full(N, np.nan), r"eats_out must be in \[0, 1\], got nan in row 0"),
        ("has_car", np.ones(N), "has_car must be of type bool, got float64"),
        ("age", np.full(N, 40_000), r"age must be in \[0, 32767\], got 40000 in row 0"),
        (
            "household_size",
            np.full(N, 40_000),
            r"household_size must be in \[1, 32767\], got 40000 in row 0",
        ),
        ("bed_min", np.zeros(N, dtype=int), r"bed_min must be in \[wake_min \+ 1, wake_min"),
        ("names", ["Anna Lima"], r"names must have shape \(400,\), got \(1,\)"),
    ],
)
def test_a_column_that_cannot_be_is_refused(name: str, column: object, message: str) -> None:
    changed: dict[str, Any] = {name: column}
    with pytest.raises(ConfigError, match=message):
        replace(_columns(), **changed)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ConfigError, match=r"home must be in .*; big_five must be in"):
        replace(_columns(), home=np.full(N, -1), big_five=np.zeros((N, 5), dtype=int))


def test_columns_survive_pickling() -> None:
    again = pickle.loads(pickle.dumps(_columns()))
    assert again.personas([5, 6]) == _columns().personas([5, 6])


def test_what_is_completed_does_not_depend_on_how_many_are_completed_at_once() -> None:
    tree, marginals = CityParameters(), Marginals.default()
    known = synthesize_columns(
        N, city=FakeTown(), seed=7, marginals=marginals, parameters=tree.population
    )
    made = [
        complete_persons(known, seed=7, marginals=marginals, parameters=tree, rows=rows)
        for rows in (N, 37)
    ]
    for (name, whole), (_, parts) in zip(*(one.arrays() for one in made), strict=True):
        np.testing.assert_array_equal(whole, parts, err_msg=name)


def test_people_of_a_table_are_those_of_the_population() -> None:
    table = pd.DataFrame({
        "id": [10, 11, 12, 13], "age": [41, 39, 9, 70],
        "gender": ["female", "male", "female", "male"], "household_id": [1, 1, 1, 2],
        "name": ["Ada Vane", None, None, None], "hobbies": [None, "none", "reading", None],
    })  # fmt: skip
    columns = PopulationColumns.from_table(table, city=FakeTown(), rng=3)
    people = Population.from_table(table, city=FakeTown(), rng=3)
    assert columns.personas() == people.people
    assert columns.assumptions == people.assumptions
    assert [columns.persona(row) for row in range(4)] == list(people)
    assert columns.persona(0).name == "Ada Vane"
    assert columns.persona(1).hobbies == ()
    assert columns.persona(2).hobbies == ("reading",)
    assert columns.persona(3).hobbies != ()


def test_columns_of_persons_make_the_same_persons() -> None:
    odd = replace(
        profile("retired senior", home=3),
        habits=replace(_people()[0].habits, preferences=Preferences(worship=0.7)),
        household=Household(id=-8, size=6, youngest_child=2),
    )
    people = (*_people(), odd, profile("freelance designer", home=12))
    columns = PopulationColumns.from_people(people)
    assert columns.personas() == people
    assert columns.purposes[-1] == "worship"
    assert PopulationColumns.from_people(()).personas() == ()


def test_a_population_becomes_columns_and_back() -> None:
    people = Population.synthesize(30, city=FakeTown(), rng=1, culture="us")
    again = Population.from_columns(people.to_columns())
    assert again.people == people.people
    assert (again.culture, again.assumptions) == ("us", people.assumptions)
    assert again.parameters == people.parameters
    assert again.fit_report() == people.fit_report()


def test_columns_and_persons_are_counted_alike() -> None:
    assert _columns().fit_report() == Population.from_columns(_columns()).fit_report()
    table = PopulationColumns.from_people(_people())
    assert table.fit_report() == Population.from_columns(table).fit_report()
    assert table.take([]).fit_report().rows[0].category == "car"


def test_outsiders_are_no_rows() -> None:
    entries = Entries.of({"weekday": [1] * 24}, first=5, members=24)
    outsider = Outsider(role=OutsiderRole.VISITOR, number=0, entries=entries)
    with pytest.raises(ConfigError, match=r"1 persons are outsiders \(ids 5\).*leave out persons"):
        PopulationColumns.from_people([replace(_people()[5], outsider=outsider)])


def test_a_hobby_with_a_semicolon_is_refused() -> None:
    with pytest.raises(ConfigError, match="without a semicolon, got 'chess; go'"):
        PopulationColumns.from_people([replace(_people()[5], hobbies=("chess; go",))])


@pytest.mark.parametrize("path", ["n", "rng"])
def test_numbers_outside_their_range_are_refused(path: str) -> None:
    options: dict[str, Any] = {"n": 5, "rng": 1, path: -1}
    with pytest.raises(ConfigError, match="must be a whole number"):
        PopulationColumns.synthesize(**options, city=FakeTown())


def test_a_table_of_the_columns_is_read_as_the_same_people(tmp_path: Path) -> None:
    file = tmp_path / "people.parquet"
    _columns().to_parquet(file)
    table = Population.from_table(file, city=FakeTown(), rng=7)
    assert table.people == _people()
