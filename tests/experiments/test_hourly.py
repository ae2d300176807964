"""A day by the clock, as arrays."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.experiments.hourly import (
    departures,
    minutes_of,
    occupancy,
    quantiles_by_hour,
)


def test_time_stamps_become_minutes_since_the_start() -> None:
    clock = Clock(start=date(2024, 4, 1))
    stamps = pd.Series(pd.to_datetime(["2024-04-01 00:00", "2024-04-02 06:30"]))
    assert minutes_of(stamps, clock).tolist() == [0, DAY_MIN + 390]


class TestOccupancy:
    def test_shares_of_two_people_by_hand(self) -> None:
        # One sleeps until 6:00 and works; the other sleeps until 12:00 and works.
        shares = occupancy(
            np.array([0, 360, 0, 720]),
            np.array([360, 1440, 720, 1440]),
            np.array([0, 1, 0, 1]),
            kinds=2,
            days=1,
            slot_min=360,
        )
        assert shares.tolist() == [[1.0, 0.5, 0.0, 0.0], [0.0, 0.5, 1.0, 1.0]]

    def test_it_is_the_mean_over_days(self) -> None:
        shares = occupancy(
            np.array([0, 1440]),
            np.array([1440, 2880]),
            np.array([0, 1]),
            kinds=2,
            days=2,
            slot_min=720,
        )
        assert shares.tolist() == [[0.5, 0.5], [0.5, 0.5]]

    def test_a_time_when_nobody_is_seen_has_no_shares(self) -> None:
        shares = occupancy(
            np.array([0]), np.array([720]), np.array([0]), kinds=1, days=1, slot_min=720
        )
        assert shares.tolist() == [[1.0, 0.0]]

    @given(st.lists(st.integers(1, DAY_MIN - 1), min_size=1, max_size=20, unique=True))
    def test_shares_of_a_whole_life_add_up_to_one(self, cuts: list[int]) -> None:
        ends = np.array([*sorted(cuts), DAY_MIN])
        starts = np.array([0, *sorted(cuts)])
        shares = occupancy(starts, ends, np.arange(len(ends)) % 3, kinds=3, days=1)
        assert np.allclose(shares.sum(axis=0), 1.0)
        assert shares.min() >= 0.0


class TestDepartures:
    def test_trips_are_counted_by_hour_and_mode_over_all_days(self) -> None:
        counts = departures(np.array([60, 119, 120, DAY_MIN + 61]), np.array([0, 0, 1, 0]), kinds=2)
        assert counts[0, 1] == 3
        assert counts[1, 2] == 1
        assert counts.sum() == 4

    def test_no_trips_make_no_counts(self) -> None:
        none = np.empty(0, dtype=np.int64)
        assert departures(none, none, kinds=5).sum() == 0


def test_quantiles_are_taken_hour_by_hour() -> None:
    hour = np.array([3, 3, 3, 4])
    levels = np.array([[0.0], [0.5], [1.0], [0.2]])
    low, middle, high = quantiles_by_hour(hour, levels, (0.0, 0.5, 1.0))[:, :, 0]
    assert (low[3], middle[3], high[3]) == (0.0, 0.5, 1.0)
    assert middle[4] == pytest.approx(0.2)
    assert np.isnan(middle[5])
