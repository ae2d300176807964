"""Shortest ways along drawn streets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.city.street_paths import StreetPaths
from mesa_llm_city.core.values import Float
from tests.town import small_town


def _grid(side: int) -> Float:
    """Return the pieces of a grid of streets 100 m apart."""
    at = 100.0 * np.arange(side)
    across = [[x, y, x + 100.0, y] for x in at[:-1] for y in at]
    return np.array([*across, *([y, x, v, u] for x, y, u, v in across)])


def _ends(*numbers: float) -> Float:
    return np.array([numbers])


def test_a_way_leads_from_door_to_street_along_it_and_to_the_other_door() -> None:
    street = np.array([[x, 0.0, x + 100.0, 0.0] for x in (0.0, 100.0, 200.0)])
    lines, found = StreetPaths(street).between(_ends(40.0, 10.0, 270.0, -20.0))
    assert found.tolist() == [True]
    assert lines.points.tolist() == [[40.0, 10.0], [40.0, 0.0], [270.0, 0.0], [270.0, -20.0]]
    assert lines.length.tolist() == [260.0]


def test_of_two_ways_the_shorter_is_taken() -> None:
    round_about = [[0, 0, 0, 50], [0, 50, 100, 50], [100, 50, 100, 0], [0, 0, 100, 0]]
    lines, _ = StreetPaths(np.array(round_about, dtype=float)).between(_ends(0, 0, 100, 0))
    assert lines.length.tolist() == [100.0]


def test_there_and_back_is_the_same_way() -> None:
    paths = StreetPaths(_grid(6))
    out, _ = paths.between(_ends(10.0, 10.0, 480.0, 370.0))
    back, _ = paths.between(_ends(480.0, 370.0, 10.0, 10.0))
    assert back.length.tolist() == out.length.tolist()
    assert {*map(tuple, back.points.tolist())} >= {(10.0, 10.0), (480.0, 370.0)}


def test_streets_that_no_street_joins_to_the_others_are_not_used() -> None:
    island = np.array([[900.0, 70.0, 950.0, 70.0]])
    lines, found = StreetPaths(np.vstack([_grid(3), island])).between(_ends(0, 0, 950, 70))
    assert found.all()
    assert lines.points[-2:].tolist() == [[200.0, 70.0], [950.0, 70.0]]


def test_without_streets_ways_are_straight() -> None:
    lines, found = StreetPaths(np.empty((0, 4))).between(_ends(1, 2, 3, 4))
    assert (lines.points.tolist(), found.tolist()) == ([[1.0, 2.0], [3.0, 4.0]], [True])


def test_doors_at_one_junction_are_joined_straight() -> None:
    lines, found = StreetPaths(_grid(3)).between(_ends(1, 2, 3, 4))
    assert (lines.points.tolist(), found.tolist()) == ([[1.0, 2.0], [3.0, 4.0]], [True])


def test_what_is_not_found_in_time_is_straight_and_found_when_asked_again() -> None:
    paths = StreetPaths(_grid(6))
    ends = np.array([[0.0, 0.0, 500.0, 500.0], [100.0, 300.0, 400.0, 0.0]])
    lines, found = paths.between(ends, most_steps=1)
    assert found.tolist() == [True, False]
    assert lines.length[1] == pytest.approx(np.hypot(300.0, 300.0))
    lines, found = paths.between(ends, most_steps=1)
    assert found.all()
    assert lines.length.tolist() == [1000.0, 600.0]


def test_ways_can_be_looked_for_ahead() -> None:
    corner, ends = np.array([[0.0, 0.0]]), np.array([[0, 0, 500, 500], [500, 0, 0, 500.0]])
    ready, found = StreetPaths(_grid(6)), {}
    for most in (len(ready) - 1, len(ready)):
        paths = StreetPaths(_grid(6))
        paths.prepare(corner, most_steps=most)
        paths.prepare(np.empty((0, 2)), most_steps=most)
        found[most] = paths.between(ends, most_steps=1)[1].tolist()
    # One new junction is looked at; the ways from the corner are known only if there was time.
    assert list(found.values()) == [[True, False], [True, True]]


def test_ways_that_were_forgotten_are_found_again() -> None:
    ends = np.array([[0.0, 0.0, 500.0, y] for y in (0.0, 200.0, 400.0)])
    ends = np.vstack([ends, ends[:, [2, 3, 1, 0]] + 100.0])
    few, found = StreetPaths(_grid(7), kept=1).between(ends)
    many, _ = StreetPaths(_grid(7)).between(ends)
    assert found.all()
    assert np.allclose(few.length, many.length)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 399), st.integers(0, 399)), min_size=1, max_size=20))
def test_ways_in_a_town_are_as_long_as_its_network_says(pairs: list[tuple[int, int]]) -> None:
    town = small_town()
    assert town.network is not None
    net, paths = town.network, StreetPaths(town.streets.reshape(-1, 4), tolerance_m=0.0)
    begin, end = np.array(pairs).T % len(net.x)
    lines, _ = paths.between(np.column_stack([net.x[begin], net.y[begin], net.x[end], net.y[end]]))
    shortest = net.shortest_m(begin, end).diagonal()
    assert np.allclose(lines.length, shortest, rtol=1e-3, atol=0.5)
