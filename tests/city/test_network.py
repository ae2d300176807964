"""The street network finds shortest ways, and keeps what is connected."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.city import network
from mesa_llm_city.city.network import Network, largest_part
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Int


def ints(*values: int) -> Int:
    return np.array(values, dtype=np.int64)


def square() -> Network:
    """Return a square of 100 m with one side missing, and a lone street far away."""
    x = np.array([0.0, 100.0, 100.0, 0.0, 9000.0, 9050.0])
    y = np.array([0.0, 0.0, 100.0, 100.0, 0.0, 0.0])
    return Network.of_edges(x, y, start=ints(0, 1, 2, 4), end=ints(1, 2, 3, 5))


def test_the_shortest_way_follows_the_streets() -> None:
    assert square().shortest_m(ints(0), ints(0, 1, 3)).tolist() == [[0.0, 100.0, 300.0]]


def test_ways_are_the_same_however_many_are_measured_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    net, all_ = square(), ints(0, 1, 2, 3)
    at_once = net.shortest_m(all_, ints(3, 1)), net.fastest_min(all_, ints(3, 1))
    monkeypatch.setattr(network, "_CELLS", 1)
    one_by_one = net.shortest_m(all_, ints(3, 1)), net.fastest_min(all_, ints(3, 1))
    np.testing.assert_array_equal(one_by_one, at_once)
    assert net.shortest_m(ints(), ints(1)).shape == (0, 1)


def test_streets_that_are_not_connected_are_left_out_and_counted() -> None:
    net = square()
    assert len(net.x) == 4
    assert len(net) == 3
    assert net.share_kept == 300 / 350
    assert net.total_km == 0.3


def test_of_parallel_streets_the_shortest_counts() -> None:
    net = Network.of_edges(
        np.array([0.0, 10.0]),
        np.zeros(2),
        start=ints(0, 1, 0),
        end=ints(1, 0, 1),
        length_m=np.array([50.0, 20.0, 30.0]),
    )
    assert net.shortest_m(ints(0), ints(1)).tolist() == [[20.0]]


def test_the_fastest_way_may_be_longer() -> None:
    net = Network.of_edges(
        np.array([0.0, 1000.0, 500.0]),
        np.array([0.0, 0.0, 500.0]),
        start=ints(0, 0, 2),
        end=ints(1, 2, 1),
        speed_km_h=np.array([10.0, 60.0, 60.0]),
    )
    assert net.shortest_m(ints(0), ints(1))[0, 0] == 1000.0
    assert np.isclose(net.fastest_min(ints(0), ints(1))[0, 0], np.sqrt(2.0))


def test_the_nearest_junction_is_found() -> None:
    assert square().nearest_node(np.array([90.0]), np.array([110.0])).tolist() == [2]


def test_streets_without_length_do_not_vanish() -> None:
    net = Network.of_edges(np.zeros(2), np.zeros(2), start=ints(0), end=ints(1))
    assert 0.0 < net.shortest_m(ints(0), ints(1))[0, 0] < 1.0


def test_an_empty_network_has_no_streets() -> None:
    net = Network.of_edges(np.empty(0), np.empty(0), start=ints(), end=ints())
    assert len(net) == 0
    assert net.total_km == 0.0


def test_the_largest_part_is_the_longest_not_the_one_with_most_streets() -> None:
    kept = largest_part(ints(0, 1, 5), ints(1, 2, 6), np.array([1.0, 1.0, 9.0]))
    assert kept.tolist() == [False, False, True]


def test_without_a_street_the_way_leads_around() -> None:
    x, y = np.array([0.0, 100.0, 100.0, 0.0]), np.array([0.0, 0.0, 100.0, 100.0])
    square = Network.of_edges(x, y, start=np.array([0, 1, 2, 3]), end=np.array([1, 2, 3, 0]))
    open_way = square.without([0], near=(x, y))
    ends = open_way.nearest_node(x[:2], y[:2])
    assert square.shortest_m(np.array([0]), np.array([1]))[0, 0] == 100.0
    assert open_way.shortest_m(ends[:1], ends[1:])[0, 0] == 300.0
    with pytest.raises(ConfigError, match="no street is left"):
        square.without(range(4), near=(x, y))
