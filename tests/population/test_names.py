"""Given names and surnames."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.population.names import full_names


def test_a_given_name_depends_on_gender_and_members_of_a_household_share_the_surname() -> None:
    codes, family = np.array([0, 1, 2]), np.full(3, 0.3)
    names = full_names(codes, np.full(3, 0.999), family)
    assert len({name.split()[1] for name in names}) == 1
    assert len({name.split()[0] for name in names}) == 3


def test_a_thousand_people_have_many_different_names() -> None:
    draws = np.random.default_rng(1).random((2, 1000))
    assert len(set(full_names(np.zeros(1000, dtype=np.int64), *draws))) > 850
