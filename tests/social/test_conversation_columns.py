"""Conversations of many pairs at once are those of each pair alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.streams import rng as stream
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona, Preferences
from mesa_llm_city.social import ConversationRule, Outcome, demographic_similarity, shared_interests
from mesa_llm_city.social.conversation_columns import converse_rows
from mesa_llm_city.social.similarity import (
    Interests,
    SimilarityTraits,
    shared_interests_rows,
    similarity_rows,
)
from tests.social.people import aya, ben, cora, speaker

ROWS, SEED = 200, 9
PARAMETERS = CityParameters()
NUMBERS = PARAMETERS.social
PURPOSES = ("leisure", "social", "sport", "shopping", "rest", "worship", "gaming", "walks", "art")


def people() -> list[Persona]:
    rng = np.random.default_rng(7)
    found = []
    for row in range(ROWS):
        base = (aya(), ben(), cora())[row % 3]
        liked = rng.permutation(PURPOSES)[: rng.integers(len(PURPOSES) + 1)].tolist()
        preferences = Preferences({name: rng.random() for name in liked})
        # More than fit in one word of bits, all together.
        hobbies = tuple(f"hobby {one}" for one in rng.permutation(90)[: rng.integers(30)].tolist())
        habits = replace(base.habits, preferences=preferences)
        age = int(rng.integers(90))
        found.append(replace(base, id=row, age=age, habits=habits, hobbies=hobbies))
    return found


def test_each_pair_talks_as_the_row_does() -> None:
    rng = np.random.default_rng(3)
    affinity, mood = rng.random((ROWS, 2)), rng.uniform(-1.0, 1.0, (ROWS, 2))
    everybody = people()
    other = rng.permutation(ROWS)
    interests = Interests.of(everybody)
    alike = shared_interests_rows(interests, interests.take(other), parameters=NUMBERS.similarity)
    rows = converse_rows(
        affinity,
        alike,
        mood,
        uniforms(SEED, np.arange(ROWS), "talk", 5, 2),
        parameters=NUMBERS.conversation,
    )
    assert set(rows.outcome.ravel().tolist()) == {0, 1, 2}
    for row in range(ROWS):
        two = (everybody[row], everybody[other[row]])
        said = run(
            ConversationRule(PARAMETERS).converse(
                *(
                    speaker(one, affinity=affinity[row, side], mood=mood[row, side])
                    for side, one in enumerate(two)
                ),
                rng=stream(SEED, row, "talk", 5),
            )
        )
        for side, effect in enumerate((said.first, said.second)):
            assert effect.outcome is tuple(Outcome)[rows.outcome[row, side]]
            assert effect.mood == rows.mood[row, side]
            assert effect.company == rows.company[row, side]


def test_rows_do_not_depend_on_each_other() -> None:
    rng = np.random.default_rng(4)
    affinity, mood, draws = rng.random((ROWS, 2)), rng.random((ROWS, 2)), rng.random((ROWS, 2))
    alike = rng.random(ROWS)
    together = converse_rows(affinity, alike, mood, draws, parameters=NUMBERS.conversation)
    for row in (0, 57, 199):
        part = slice(row, row + 1)
        alone = converse_rows(
            affinity[part], alike[part], mood[part], draws[part], parameters=NUMBERS.conversation
        )
        for name in together._fields:
            np.testing.assert_array_equal(getattr(together, name)[part], getattr(alone, name))


def test_two_cases_by_hand() -> None:
    # .15 + .4 (2 x .8 - 1) = .39, and .15 - .4 of no affinity, - .2 of the worst mood.
    rows = converse_rows(
        [[0.8, 0.0]],
        [0.5],
        [[0.0, -1.0]],
        np.array([[0.5, 0.5]]),
        parameters=NUMBERS.conversation,
    )
    np.testing.assert_allclose(rows.quality, [[0.39, -0.45]], atol=1e-12)
    np.testing.assert_allclose(rows.mood, [[0.117, -0.135]], atol=1e-12)
    assert rows.outcome.tolist() == [[0, 1]]
    assert rows.company.tolist() == [[0.3, 0.15]]


@pytest.mark.parametrize("size", [2, 3, ROWS])
def test_interests_in_common_do_not_depend_on_who_else_is_there(size: int) -> None:
    everybody = people()
    interests = Interests.of(everybody[:size])
    shifted = np.roll(np.arange(size), 1)
    found = shared_interests_rows(interests, interests.take(shifted), parameters=NUMBERS.similarity)
    alone = [shared_interests(everybody[row], everybody[shifted[row]]) for row in range(size)]
    assert found.tolist() == alone


def test_similarity_in_columns_is_that_of_persons() -> None:
    everybody = people()
    traits = SimilarityTraits.of(everybody)
    other = np.random.default_rng(5).permutation(ROWS)
    found = similarity_rows(traits, traits.take(other), parameters=NUMBERS.similarity)
    alone = [
        float(demographic_similarity(everybody[row], [everybody[other[row]]])[0])
        for row in range(ROWS)
    ]
    assert found.tolist() == alone
