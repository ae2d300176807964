"""Queries choose the same people as rows that they choose as citizens."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from mesa_llm_city import City, CityModel, Crowd, Population
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.simulation.crowd.row_query import chosen_of_both, chosen_rows
from mesa_llm_city.simulation.query import chosen


@cache
def models() -> tuple[CityModel, CityModel]:
    """Return a model with citizens and one with rows, of the same people, in the morning."""
    city = City.synthetic(rng=3, places=300)
    people = Population.synthesize(30, city=city, rng=3)
    both = (
        CityModel(city, people, rng=3, without=["memory", "goals", "outsiders"]),
        CityModel(city, [], rng=3, crowd=Crowd(people)),
    )
    for model in both:
        for _ in range(100):
            model.step()
    return both


@pytest.mark.parametrize(
    "query",
    [
        None,
        {"ids": [3, 5, 900]},
        {"age": [30, 50]},
        {"occupation": ["student", "retired"]},
        {"household": [0, 1, 2, 3]},
        {"home_zone": [0, 1]},
        {"zone": 2},
        {"purpose": ["work", "rest", "travel"]},
        {"share": 0.5},
        {"age": [18, 99], "share": 0.7},
        [3, 5, 8],
    ],
)
def test_rows_are_chosen_as_citizens_are(query: object) -> None:
    citizens, rows = models()
    if isinstance(query, dict) and "occupation" in query:
        known = sorted({str(one.persona.occupation) for one in citizens.citizens})
        query = {"occupation": known[:2]}
    found = chosen_rows(rows.crowd, query)
    own = [one.person for one in chosen(citizens, query)]
    assert sorted(rows.crowd.people.ids[found].tolist()) == own
    assert own


def test_rows_near_a_place_and_at_one_are_chosen_as_citizens_are() -> None:
    citizens, rows = models()
    home = citizens.citizens[0].persona.home
    for query in ({"place": home}, {"within_m": [home, 400.0]}):
        own = [one.person for one in chosen(citizens, query)]
        assert sorted(rows.crowd.people.ids[chosen_rows(rows.crowd, query)].tolist()) == own


def test_a_function_of_an_agent_is_about_no_row() -> None:
    _, rows = models()
    assert len(chosen_rows(rows.crowd, lambda _: True)) == 0


def test_rows_are_chosen_by_view_and_ids_and_others_have_to_live_there() -> None:
    _, rows = models()
    view = rows.crowd[4]
    agents, found = chosen_of_both(rows, [view, rows.crowd[7].person])
    assert agents == []
    assert found.tolist() == [4, 7]
    with pytest.raises(ConfigError, match="no citizen has the id 77777"):
        chosen_of_both(rows, [77777])


def test_wrong_conditions_are_told_before_anything_is_chosen() -> None:
    _, rows = models()
    with pytest.raises(DataError, match="age: give"):
        chosen_rows(rows.crowd, {"age": "old"})
    assert np.array_equal(chosen_rows(rows.crowd), rows.crowd.rows)
