"""Where activities fit: many days at once and each alone, with the same result."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.mobility.free_pieces import Found, Minutes, closest, closest_of_one

MINUTES = st.integers(-200, 1800)


def columns(days: list[list[tuple[int, int]]]) -> tuple[Minutes, Minutes]:
    """Return pieces of free time with one column for each day, and empty ones at the end."""
    most = max(len(one) for one in days)
    padded = [[*one, *[(0, 0)] * (most - len(one))] for one in days]
    start, end = np.moveaxis(np.array(padded, dtype=np.int32), 2, 0)
    return start.T, end.T


def found_in(free: tuple[Minutes, Minutes], *wish: Minutes) -> Found:
    minutes, near, low, high = wish
    return closest(*free, minutes, near_min=near, low_min=low, high_min=high)


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(MINUTES, min_size=2, max_size=12, unique=True).map(
            lambda ends: list(pairwise(sorted(ends)))[::2]
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 300),
    MINUTES,
    MINUTES,
    st.integers(0, 900),
)
def test_each_of_many_days_has_the_begin_that_it_has_alone(
    days: list[list[tuple[int, int]]], minutes: int, near: int, low: int, window: int
) -> None:
    wish = [np.array([one], dtype=np.int32) for one in (minutes, near, low, low + window)]
    found = found_in(columns(days), *wish)
    for day, (is_found, piece, begin) in zip(days, zip(*found, strict=True), strict=True):
        alone = closest_of_one(day, minutes, near_min=near, low_min=low, high_min=low + window)
        assert (alone is not None) == is_found
        if alone is not None:
            assert alone == (piece, begin)
            assert day[piece][0] <= begin <= day[piece][1] - minutes
            assert low <= begin <= low + window - minutes


def test_of_two_begins_as_close_to_the_wish_the_earlier_one_is_taken() -> None:
    for pieces in ([(0, 60), (90, 200)], [(90, 200), (0, 60)]):
        found = closest_of_one(pieces, 30, near_min=60, low_min=0, high_min=1440)
        assert found is not None
        assert found[1] == 30
        wish = [np.array([one], dtype=np.int32) for one in (30, 60, 0, 1440)]
        assert found_in(columns([pieces]), *wish).start_min.tolist() == [30]
