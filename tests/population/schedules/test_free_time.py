"""Preferences and hobbies."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.values import Float
from mesa_llm_city.population.schedules.free_time import (
    FREE_TIME,
    HOBBIES,
    draw_hobbies,
    free_time_shares,
)

EVEN = np.full((500, 5), 0.2)


def _luck(n: int = 500) -> Float:
    return np.random.default_rng(1).random((n, len(HOBBIES) + 1))


@given(st.integers(0, 2**32 - 1))
def test_shares_are_twentieths_that_add_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shares = free_time_shares(rng.integers(1, 4, (50, 5)), rng.standard_normal((50, 5)))
    assert (shares.sum(axis=1) == 20).all()
    assert (shares >= 0).all()


def test_outgoing_people_spend_more_time_with_others() -> None:
    luck = np.random.default_rng(1).standard_normal((1000, 5))
    traits = np.full((1000, 5), 2)
    shy, outgoing = traits.copy(), traits.copy()
    shy[:, 2], outgoing[:, 2] = 1, 3
    social = FREE_TIME.index("social")
    less, more = (free_time_shares(one, luck)[:, social].mean() for one in (shy, outgoing))
    assert more > 1.5 * less


def test_everybody_has_one_to_four_different_hobbies() -> None:
    for age in (0, 10, 40, 90):
        for hobbies in draw_hobbies(np.full(500, age), EVEN, _luck()):
            assert 1 <= len(hobbies) <= 4
            assert len(set(hobbies)) == len(hobbies)
            assert set(hobbies) <= set(HOBBIES)


def test_children_do_not_go_to_bars() -> None:
    drawn = draw_hobbies(np.full(500, 12), EVEN, _luck())
    assert all("bars" not in hobbies for hobbies in drawn)


def test_hobbies_follow_preferences() -> None:
    sporty = np.tile([0.0, 1.0, 0.0, 0.0, 0.0], (500, 1))
    drawn = draw_hobbies(np.full(500, 30), sporty, _luck())
    assert {HOBBIES[hobby] for hobbies in drawn for hobby in hobbies} == {"sport"}
