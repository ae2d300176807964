"""Daily networks: equal shapes have equal numbers."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.motifs import MOST_NODES, daily_networks, motif, motifs
from mesa_llm_city.experiments.validation.places_in_order import merged_stays
from tests.experiments.lives import CAFE, HOME, SHOP, WORK, Stay, lives

DAYS = st.lists(st.integers(0, MOST_NODES - 1), min_size=1, max_size=9)


@settings(max_examples=40)
@given(DAYS, st.permutations(range(MOST_NODES)))
def test_it_does_not_matter_which_place_is_which(day: list[int], names: list[int]) -> None:
    assert motif(day) == motif([names[place] for place in day])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((0, 1, 0), (0, 1, 0, 1, 0), True),  # a way back and forth twice is the same network
        ((0, 1, 2, 0), (0, 2, 1, 0), True),
        ((0, 1, 2, 0), (0, 1, 0, 2, 0), False),  # a round trip, and two trips from home
        ((0, 1, 2, 0), (0, 1, 2, 1, 0), False),
        ((0, 1), (0, 1, 0), False),
        ((0,), (0, 0, 0), True),
    ],
)
def test_shapes_by_hand(one: tuple[int, ...], other: tuple[int, ...], *, same: bool) -> None:
    assert (motif(one) == motif(other)) is same


def test_a_day_with_seven_places_is_no_motif() -> None:
    assert motif(range(7)) == -1
    assert motif(range(6)) > 0


def test_all_round_trips_through_four_places_are_one_shape() -> None:
    assert len({motif([0, *middle, 0]) for middle in permutations([1, 2, 3])}) == 1


def _day(day: int, *places: int) -> list[Stay]:
    """Return a day from midnight to midnight with stays of equal length."""
    edges = 24.0 * day + np.linspace(0.0, 24.0, len(places) + 1)
    rows = zip(edges, edges[1:], places, strict=False)
    return [(0, float(start), float(end), "leisure", place) for start, end, place in rows]


def test_days_begin_at_four() -> None:
    late = [(0, 0.0, 19.0, "rest", HOME), (0, 19.0, 26.0, "social", CAFE)]
    tables = lives([*late, (0, 26.0, 48.0, "rest", HOME)], days=2)
    stays = merged_stays(tables.activities)
    person, network = daily_networks(stays, stays.place, 2)
    assert person.tolist() == [0, 0]
    assert network.tolist() == [motif([HOME, CAFE, HOME]), motif([HOME])]


def test_shares_of_days_by_hand() -> None:
    days = [
        *_day(0, HOME, WORK, HOME),
        *_day(1, HOME),
        *_day(2, HOME, SHOP, HOME),
        *_day(3, HOME, WORK, SHOP, HOME),
    ]
    found = motifs(lives(days, days=4), Bootstrap(1, draws=2))
    covered, home = found.measures
    assert covered.value == 1.0
    assert home.value == 0.25
    shares = [one["share"] for one in found.details["commonest"]]
    assert shares == [0.5, 0.25, 0.25]
