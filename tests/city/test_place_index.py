"""The spatial index finds the same places as a look at every one of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mesa_llm_city.city.place_index import PlaceIndex, every_nth
from mesa_llm_city.core.values import Float

points = arrays(np.float64, st.tuples(st.integers(0, 40), st.just(2)), elements=st.integers(-9, 9))


@given(points, st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 20))
def test_a_circle_holds_exactly_the_places_within_its_radius(
    xy: Float, x: int, y: int, radius: int
) -> None:
    ids, distance = PlaceIndex.of(np.arange(len(xy)), *xy.T).within(x, y, radius)
    away = np.hypot(xy[:, 0] - x, xy[:, 1] - y)
    expected = np.flatnonzero((xy[:, 0] - x) ** 2 + (xy[:, 1] - y) ** 2 <= radius**2)
    assert sorted(ids.tolist()) == expected.tolist()
    assert np.allclose(distance, away[ids])


@given(points)
def test_places_come_nearest_first_and_equal_ones_from_south_to_north_by_id(xy: Float) -> None:
    ids, distance = PlaceIndex.of(np.arange(len(xy)), *xy.T).within(0, 0, 100)
    expected = sorted(range(len(xy)), key=lambda i: (xy[i, 0] ** 2 + xy[i, 1] ** 2, xy[i, 1], i))
    assert ids.tolist() == expected
    assert np.all(np.diff(distance) >= 0)


@given(st.integers(1, 500), st.data())
def test_a_systematic_sample_is_spread_evenly_over_the_ranks(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, n))
    ranks = every_nth(n, k)
    assert len(ranks) == k
    assert ranks[0] >= 0
    assert ranks[-1] < n
    gaps = np.diff(ranks)
    assert len(gaps) == 0 or (gaps.min() >= n // k and gaps.max() <= -(-n // k))
