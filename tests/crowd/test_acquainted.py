"""Whom rows know and what they like, as of persons."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city import City
from mesa_llm_city.crowd import acquainted
from mesa_llm_city.population import PopulationColumns
from mesa_llm_city.population.columns import own_words
from mesa_llm_city.social.similarity import Interests


def test_interests_of_rows_are_those_of_persons_in_any_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_words, "_AT_ONCE", 16)
    city = City.synthetic(rng=3, places=300)
    people = PopulationColumns.synthesize(40, city=city, rng=5)
    of_rows = acquainted.interests_of(people)
    of_persons = Interests.of(people.personas(range(40)))
    np.testing.assert_array_equal(of_rows.hobbies, of_persons.hobbies)
    np.testing.assert_array_equal(of_rows.likes, of_persons.likes)
    assert of_rows.hobbies.any(axis=1).all()
