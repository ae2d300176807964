"""Naive predictions, by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.twins.guesses import (
    alike,
    majority,
    middle,
    nearest,
    random_answers,
)
from tests.experiments.twins.people import respondents

ALL: Int = np.array([0, 1, 2])


def test_the_middle_is_that_of_the_scale_and_the_first_option() -> None:
    np.testing.assert_array_equal(middle(respondents(1), ALL), [[3.0, 3.0, 0.0]])


def test_the_majority_is_the_most_frequent_answer_of_others() -> None:
    people = respondents()
    others = people.rows([0, 1, 6, 4])  # levels 1, 2, 2, 5
    np.testing.assert_array_equal(majority(people.rows([0]), others, ALL), [[2.0, 2.0, 0.0]])


def test_nobody_who_has_answered_leaves_the_middle() -> None:
    people = respondents(5)
    people.answers[:, 1] = np.nan
    assert majority(people, people, np.array([1]))[0, 0] == 3.0
    assert nearest(people, people, np.array([0]), np.array([1]))[0, 0] == 3.0


def test_likeness_is_gowers_over_answers_and_facts() -> None:
    people = respondents(5)  # ages 20 to 24, levels 1 to 5
    found = alike(people.rows([0]), people.rows([0, 2, 4]), np.array([0, 2]))
    # Level: 1, 1/2, 0; car: 1, 0, 0; age: 1, 1/2, 0, since the ages span 4 years.
    np.testing.assert_allclose(found, [[1.0, 1.0 / 3.0, 0.0]])


def test_what_is_missing_does_not_count_in_likeness() -> None:
    people = respondents(5)
    people.answers[0, 2] = np.nan
    found = alike(people.rows([0]), people.rows([2]), np.array([0, 2]))
    # Level: 1/2; age: 0, since those two are as far apart as any.
    np.testing.assert_allclose(found, [[0.25]])


def test_the_nearest_respondents_give_their_median() -> None:
    people = respondents()
    found = nearest(people, people, np.array([0]), np.array([1, 2]), neighbours=3)
    np.testing.assert_array_equal(found[:5, 0], [1.0, 2.0, 3.0, 4.0, 5.0])
    np.testing.assert_array_equal(found[:5, 1], [0.0, 0.0, 1.0, 1.0, 1.0])


@given(seed=st.integers(0, 1000))
def test_random_answers_are_answers(seed: int) -> None:
    people = respondents(10)
    said = random_answers(people, ALL, seed=seed)
    assert ((said[:, :2] >= 1.0) & (said[:, :2] <= 5.0)).all()
    assert set(said[:, 2].tolist()) <= {0.0, 1.0}
    np.testing.assert_array_equal(said, random_answers(people, ALL, seed=seed))
