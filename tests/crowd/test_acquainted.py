"""Whom rows know and what they like, as of persons."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city import City
from mesa_llm_city.crowd import acquainted
from mesa_llm_city.parameters.social import SimilarityParameters
from mesa_llm_city.population import PopulationColumns
from mesa_llm_city.population.columns import own_words
from mesa_llm_city.social.similarity import Interests, shared_interests_rows


def test_interests_of_rows_are_those_of_persons_in_any_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_words, "_AT_ONCE", 16)
    city = City.synthetic(rng=3, places=300)
    people = PopulationColumns.synthesize(40, city=city, rng=5)
    of_rows = acquainted.interests_of(people)
    of_persons = Interests.of(people.personas(range(40)))
    np.testing.assert_array_equal(of_rows.hobbies, of_persons.hobbies)
    assert of_rows.hobbies.any(axis=1).all()
    columns = [people.purposes.index(name) for name in sorted(people.purposes)]
    np.testing.assert_array_equal(of_rows.likes[:, columns], of_persons.likes)
    # In whatever order purposes stand, people have as much in common.
    others, numbers = np.roll(np.arange(40), 1), SimilarityParameters()
    found, expected = (
        shared_interests_rows(one, one.take(others), parameters=numbers)
        for one in (of_rows, of_persons)
    )
    np.testing.assert_array_equal(found, expected)


def test_likes_take_no_memory_beside_those_of_the_people() -> None:
    people = PopulationColumns.synthesize(5, city=City.synthetic(rng=3, places=300), rng=5)
    assert np.shares_memory(acquainted.interests_of(people).likes, people.preferences)
