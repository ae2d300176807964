"""Lines of points, and where one is along them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.city.polylines import Polylines

CORNER = [[0.0, 0.0], [30.0, 0.0], [30.0, 10.0]]


def _lines(*lines: list[list[float]]) -> Polylines:
    return Polylines.joined(
        [Polylines(np.array(one, dtype=np.float64), np.array([0, len(one)])) for one in lines]
    )


def _shares(*shares: float) -> np.ndarray:
    return np.array(shares)


def test_somebody_who_has_gone_a_share_of_a_line_is_there() -> None:
    lines = _lines(CORNER, [[5.0, 5.0], [5.0, 9.0]])
    assert lines.length.tolist() == [40.0, 4.0]
    assert lines.at(_shares(0.5, 0.25)).tolist() == [[20.0, 0.0], [5.0, 6.0]]
    assert lines.at(_shares(0.0, 0.0)).tolist() == [[0.0, 0.0], [5.0, 5.0]]
    assert lines.at(_shares(1.0, 1.0)).tolist() == [[30.0, 10.0], [5.0, 9.0]]


def test_a_line_without_length_is_a_point() -> None:
    lines = _lines([[3.0, 4.0], [3.0, 4.0]], CORNER)
    assert lines.at(_shares(0.7, 0.0)).tolist() == [[3.0, 4.0], [0.0, 0.0]]


def test_a_point_that_occurs_twice_does_not_stop_anybody() -> None:
    lines = _lines([[0.0, 0.0], [10.0, 0.0], [10.0, 0.0], [20.0, 0.0]])
    assert lines.at(_shares(0.5)).tolist() == [[10.0, 0.0]]
    assert lines.at(_shares(0.75)).tolist() == [[15.0, 0.0]]


def test_lines_can_be_taken_in_any_order() -> None:
    lines = _lines(CORNER, [[5.0, 5.0], [5.0, 9.0]]).take(np.array([1, 0, 1]))
    assert lines.sizes.tolist() == [2, 3, 2]
    assert lines.points[2:5].tolist() == CORNER


def test_no_lines_are_lines_too() -> None:
    none = Polylines.joined([])
    assert (len(none), len(none.length), none.at(np.empty(0)).shape) == (0, 0, (0, 2))
    assert len(none.simplified(1.0)) == len(none.take(np.empty(0, dtype=np.int64))) == 0


def test_needless_points_are_left_out_and_corners_stay() -> None:
    straight = [[0.0, 0.0], [10.0, 0.5], [20.0, 0.0], [30.0, 0.0], [30.0, 9.0]]
    lines = _lines(straight, CORNER).simplified(1.0)
    assert lines.points.tolist() == [[0.0, 0.0], [30.0, 0.0], [30.0, 9.0], *CORNER]


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=2, max_size=30))
def test_a_simpler_line_has_the_same_ends_and_is_no_longer(points: list[tuple[int, int]]) -> None:
    line = _lines([[float(x), float(y)] for x, y in points])
    simple = line.simplified(3.0)
    assert simple.points[[0, -1]].tolist() == line.points[[0, -1]].tolist()
    assert simple.length[0] <= line.length[0] + 1e-9
