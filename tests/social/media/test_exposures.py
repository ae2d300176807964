"""Exposures: who was shown what, and who has seen what."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.social.media import Exposures

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5000)), max_size=60)


@settings(max_examples=25)
@given(shown=PAIRS, asked=PAIRS)
def test_has_seen_is_true_for_just_what_was_shown(
    shown: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    exposures = Exposures(5)
    for viewer, post in shown:
        exposures.record([viewer], [[post]], minute=0)
    for viewer, post in [*shown, *asked]:
        assert exposures.has_seen([viewer], [[post]])[0, 0] == ((viewer, post) in shown)


def test_each_post_on_a_page_is_a_row_with_its_place() -> None:
    exposures = Exposures(3)
    exposures.record([2, 0], [[5, 7], [-1, -1]], minute=90, by="random")
    exposures.record([0], [[5]], minute=95, by="hot")
    frame = exposures.to_frame()
    assert frame.to_numpy().tolist() == [
        [2, 5, 90, 0, "random"],
        [2, 7, 90, 1, "random"],
        [0, 5, 95, 0, "hot"],
    ]
    again = Exposures.from_frame(frame, 3)
    pd.testing.assert_frame_equal(again.to_frame(), frame)
    assert again.has_seen([0, 2], [[5], [7]]).all()


def test_nobody_has_seen_a_place_without_a_post() -> None:
    exposures = Exposures(2)
    exposures.record([0], [[1023, 2047]], minute=0)
    assert not exposures.has_seen([0], [[-1]]).any()


def test_what_is_forgotten_stays_in_the_table() -> None:
    exposures = Exposures(2)
    exposures.record([0, 1], [[3, 8], [3, 9]], minute=0)
    exposures.forget_before(8)
    assert exposures.has_seen([0, 1], [[3, 8], [3, 9]]).tolist() == [[False, True]] * 2
    assert len(exposures) == 4


def test_those_who_saw_a_post_are_found() -> None:
    exposures = Exposures(4)
    exposures.record([3, 1, 0], [[5], [5], [6]], minute=0)
    viewers, posts = exposures.viewers_of([5])
    assert (viewers.tolist(), posts.tolist()) == ([1, 3], [5, 5])
    assert [len(one) for one in exposures.viewers_of([])] == [0, 0]


def test_newcomers_have_seen_nothing() -> None:
    exposures = Exposures(1)
    exposures.record([0], [[0]], minute=0)
    exposures.grow(3)
    assert exposures.has_seen(np.arange(3), [[0]] * 3).ravel().tolist() == [True, False, False]
