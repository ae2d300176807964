"""What a model reports becomes a series: each number at each step, and rows of tables by hour."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("solara")

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.views import reporters
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.reporters import reporters_of, series_of
from tests.ui.shown import lived


def test_a_live_model_offers_its_reporters_and_counts_of_its_tables() -> None:
    names = reporters_of(LiveView(lived(3)))
    assert {"trips", "doing_sleep", "trips per hour"} <= set(names)
    assert {"minute", "run_seed"}.isdisjoint(names)


def test_before_the_first_step_there_are_tables_alone() -> None:
    names = reporters_of(LiveView(lived(0)))
    assert names[0] == "activities per hour"


def test_a_series_has_the_values_of_all_steps() -> None:
    model = lived(30)
    series = series_of(LiveView(model), "doing_sleep")
    assert series.minute.tolist() == list(range(5, 155, 5))
    assert series.values.tolist() == model.datacollector.model_vars["doing_sleep"]


def test_of_many_steps_evenly_chosen_ones_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporters, "_MOST_POINTS", 10)
    series = series_of(LiveView(lived(30)), "doing_sleep")
    assert series.minute.tolist() == list(range(5, 155, 15))


def test_rows_of_a_table_are_counted_by_the_hour_in_which_they_begin() -> None:
    model = lived(140)
    replay = Replay.of(model)
    replay.go_to(model.minute)
    series = series_of(replay, "trips per hour")
    assert series.minute.tolist() == list(range(0, 720, 60))
    assert series.values.sum() == len(model.trips())
    assert "doing_sleep" not in reporters_of(replay)


@pytest.mark.parametrize("table", ["conversations", "decisions", "visits"])
def test_every_table_is_counted_by_the_hour(table: str) -> None:
    model = lived(140)
    assert len(getattr(model, table)())
    series = series_of(LiveView(model), f"{table} per hour")
    assert series.values.sum() == len(getattr(model, table)())


def test_nothing_has_been_counted_at_the_beginning() -> None:
    assert len(series_of(LiveView(lived(0)), "trips per hour").values) == 0


def test_what_is_not_reported_is_not_a_number() -> None:
    model = lived(2)
    model.datacollector.model_vars["half"] = [None, 1.5]
    assert np.isnan(series_of(LiveView(model), "half").values[0])


def test_a_reporter_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ConfigError, match=r"no reporter 'moods'; choose one of trips, doing_"):
        series_of(LiveView(lived(1)), "moods")
