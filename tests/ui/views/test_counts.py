"""Counts behind the charts: the same from a live model as from its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

import numpy as np
import pytest

pytest.importorskip("solara")

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.ui.per_model import forget
from mesa_llm_city.ui.views.counts import CityCounts, counts_of
from mesa_llm_city.ui.views.live import LiveView
from tests.ui.shown import Replayed, lived

if TYPE_CHECKING:
    import pandas as pd


@pytest.fixture(scope="module")
def live() -> LiveView:
    return LiveView(lived(288 + 130))


@pytest.fixture(scope="module")
def replayed(live: LiveView) -> Replayed:
    return Replayed(live.model)


class TestCityCounts:
    @pytest.mark.slow
    def test_time_use_of_tables_is_that_of_the_model(
        self, live: LiveView, replayed: Replayed
    ) -> None:
        ours, theirs = CityCounts().time_use(live), CityCounts().time_use(replayed)
        for one, other in zip(ours, theirs, strict=True):
            assert np.array_equal(np.isnan(one), np.isnan(other))
            # A model counts at the end of steps, a table by the minute.
            assert np.nanmean(np.abs(one - other)) < 0.01
            assert np.nanmax(np.abs(np.nansum(one, axis=0)[~np.isnan(one[0])] - 1.0)) < 1e-9

    def test_the_future_is_not_known(self, live: LiveView) -> None:
        today = counts_of(live).time_use(live).today
        lived_slots = (live.minute % DAY_MIN) // 10
        assert not np.isnan(today[:, : lived_slots - 1]).any()
        assert np.isnan(today[:, lived_slots + 1 :]).all()

    def test_trips_and_visits_of_tables_are_those_of_the_model(
        self, live: LiveView, replayed: Replayed
    ) -> None:
        for name in ("trips", "popularity"):
            ours, theirs = getattr(CityCounts(), name)(live), getattr(CityCounts(), name)(replayed)
            for one, other in zip(ours, theirs, strict=True):
                assert np.allclose(one, other, equal_nan=True, atol=1e-6)

    def test_a_running_model_is_read_on(self) -> None:
        view = LiveView(lived(100))
        counts = CityCounts()
        counts.trips(view)
        for _ in range(100):
            view.model.step()
        assert np.allclose(counts.trips(view).today, CityCounts().trips(view).today, equal_nan=True)
        assert np.array_equal(counts.popularity(view).visits, CityCounts().popularity(view).visits)

    def test_all_trips_are_counted(self, live: LiveView) -> None:
        profile = CityCounts().trips(live)
        total = np.nansum(profile.today) + np.nansum(profile.before)
        assert total == pytest.approx(100.0 * len(live.model.records.trips) / live.people)

    def test_needs_are_those_of_the_last_day(self, live: LiveView, replayed: Replayed) -> None:
        person = live.model.citizens[4].person
        ours, theirs = CityCounts().needs(live, person), CityCounts().needs(replayed, person)
        assert len(ours.minute) == 24
        assert ours.minute.tolist() == theirs.minute.tolist()
        for one, other in zip(ours[1:], theirs[1:], strict=True):
            assert np.allclose(one, other)

    def test_views_of_one_model_share_their_counts(self, live: LiveView) -> None:
        assert counts_of(live) is counts_of(LiveView(live.model))

    def test_long_steps_leave_no_gaps(self) -> None:
        from mesa_llm_city import CityModel
        from tests.town import small_town, townspeople

        model = CityModel(small_town(), townspeople(30), rng=5, clock=Clock(step_min=60))
        model.run_days(1)
        today = CityCounts().time_use(LiveView(model)).today
        assert not np.isnan(today[:, 6:]).any()
        assert today[0, 30] > 0.5


def test_reading_on_gives_every_row_once() -> None:
    model = lived(120)
    table = model.records.activities
    first: pd.DataFrame = table.since(0)
    before = len(table)
    for _ in range(60):
        model.step()
    late = table.since(before)
    assert len(first) == before
    assert len(first) + len(late) == len(table)
    assert set(first["purpose"]) <= set(map(str, Purpose))
    assert table.since(len(table)).empty
    whole = table.to_frame().sort_values(["person", "start"], kind="stable")
    components = table.since(0).sort_values(["person", "start"], kind="stable")
    assert whole["end"].tolist() == components["end"].tolist()


def test_counts_of_a_model_that_nobody_needs_are_let_go() -> None:
    model = lived(1)
    counted = ref(counts_of(LiveView(model)))
    assert counted() is not None
    forget(model)
    assert counted() is None
