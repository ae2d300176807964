"""People drawn from a survey by its weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.survey.sampling import draw_people
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.small_survey import members

TABLE = members(200)


def test_shares_are_those_of_the_weighted_survey() -> None:
    weight = np.where(TABLE.target == 1, 3.0, 1.0)
    alone = replace(TABLE, weight=weight, group=None)
    people = draw_people(alone, 20_000, seed=7)
    expected = np.average(alone.target, weights=weight)
    assert len(people) == 20_000
    assert people.weight is None
    assert people.target.mean() == pytest.approx(expected, abs=0.015)
    assert expected - TABLE.target.mean() > 0.1


def _ages(table: SurveyTable, home: object) -> tuple[str, ...]:
    """Return the ages of a household, as text, since missing ones are not equal."""
    return tuple(map(str, table.frame["age"].to_numpy()[table.group == home].tolist()))


def test_whole_households_are_drawn_and_each_copy_is_one_of_its_own() -> None:
    table = synthetic_survey(30, seed=1)
    people = draw_people(table, 300, seed=7)
    assert table.group is not None
    assert people.group is not None
    sizes = {_ages(table, home) for home in table.group}
    drawn = [_ages(people, home) for home in np.unique(people.group)]
    assert 300 <= len(people) < 300 + max(map(len, sizes))
    assert len(drawn) > len(sizes)
    assert set(drawn) <= sizes


def test_nobody_of_weight_zero_is_drawn() -> None:
    table = replace(TABLE, weight=np.r_[1.0, np.zeros(len(TABLE) - 1)], group=None)
    people = draw_people(table, 50, seed=7)
    assert people.frame.drop_duplicates().shape[0] == 1


def test_the_same_seed_draws_the_same_people() -> None:
    one, same, other = (draw_people(TABLE, 90, seed=seed).frame for seed in (7, 7, 8))
    assert one.equals(same)
    assert not one.equals(other)


@pytest.mark.parametrize("weight", [-1.0, np.nan, 0.0])
def test_weights_that_are_none_are_refused(weight: float) -> None:
    table = replace(TABLE, weight=np.full(len(TABLE), weight))
    with pytest.raises(DataError, match="weights must be numbers of at least 0"):
        draw_people(table, 10, seed=7)


def test_nobody_cannot_be_drawn() -> None:
    with pytest.raises(ConfigError, match="persons must be from 1"):
        draw_people(TABLE, 0, seed=7)
    with pytest.raises(DataError, match="there are no rows"):
        draw_people(TABLE.take(np.arange(0)), 5, seed=7)
