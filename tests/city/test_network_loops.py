"""The loop over where ways begin finds the cheapest ways that SciPy finds."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.city.network import Network
from mesa_llm_city.core import kernels
from tests.loops import FORMS, loops


def tangle(*, spread: float) -> Network:
    """Return streets between random junctions, whose lengths differ by some powers of ten."""
    drawn, count, streets = np.random.default_rng(2), 90, 160
    x, y = drawn.uniform(0.0, 5000.0, (2, count))
    start, end = drawn.integers(0, count, (2, streets))
    length = 10.0 ** drawn.uniform(0.0, spread, streets)
    speed = drawn.choice([20.0, 50.0, 90.0], streets)
    return Network.of_edges(x, y, start=start, end=end, length_m=length, speed_km_h=speed)


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize("spread", [0.3, 3.0])
def test_ways_cost_the_same_to_the_last_bit(spread: float, *, compiles: bool) -> None:
    net = tangle(spread=spread)
    every = np.arange(len(net.x))
    sources, targets = every[::9], every[::-2]
    with kernels.use(wanted=False):
        expected = net.shortest_m(sources, targets), net.fastest_min(sources, targets)
    with loops(compiles=compiles):
        found = net.shortest_m(sources, targets), net.fastest_min(sources, targets)
    np.testing.assert_array_equal(found, expected)
    assert np.isfinite(expected).all()


@pytest.mark.parametrize("compiles", FORMS)
def test_where_no_way_leads_it_costs_infinitely_much(*, compiles: bool) -> None:
    net = Network(
        x=np.arange(4.0),
        y=np.zeros(4),
        speed_km_h=np.full(2, 30.0),
        segments=np.empty((0, 2, 2)),
        start=np.array([0, 2]),
        end=np.array([1, 3]),
        length_m=np.array([5.0, 7.0]),
    )
    with loops(compiles=compiles):
        cost = net.shortest_m(np.array([0]), np.array([0, 1, 2, 3]))
    assert cost.tolist() == [[0.0, 5.0, np.inf, np.inf]]
