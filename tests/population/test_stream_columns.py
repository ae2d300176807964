"""Random numbers and names of many persons."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.streams import rng
from mesa_llm_city.population.names import full_names
from mesa_llm_city.population.person_columns import household_streams
from mesa_llm_city.population.stream_columns import normals, uniforms


def test_each_row_is_the_stream_of_the_person() -> None:
    rows = uniforms(7, np.array([3, 9]), "persona.test", 4)
    np.testing.assert_array_equal(rows[1], rng(7, 9, "persona.test", 0).random(4))
    rows = normals(7, np.array([3, 9]), "persona.test", 4)
    np.testing.assert_array_equal(rows[0], rng(7, 3, "persona.test", 0).standard_normal(4))


def test_every_household_has_a_stream_of_its_own() -> None:
    streams = household_streams(np.arange(-50, 50))
    assert len(set(streams.tolist())) == 100
    assert streams.min() == 0


def test_names_go_with_gender_and_household() -> None:
    codes, family = np.array([0, 1, 2]), np.full(3, 0.3)
    names = full_names(codes, np.full(3, 0.999), family)
    assert len({name.split()[1] for name in names}) == 1
    assert len({name.split()[0] for name in names}) == 3


def test_names_are_diverse() -> None:
    luck = np.random.default_rng(1).random((2, 1000))
    assert len(set(full_names(np.zeros(1000, dtype=np.int64), *luck))) > 850
