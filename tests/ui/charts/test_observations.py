"""Observed curves stand beside those of a city, with their source."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("solara")

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.ui.charts.components import ReporterChart, TripsPerHour
from mesa_llm_city.ui.charts.observations import Observations, observations, observe
from mesa_llm_city.ui.views.live import LiveView
from tests.ui.shown import lived, show


def _folder(path: Path, rows: list[str]) -> Path:
    (path / "departures.csv").write_text("\n".join(rows), encoding="utf-8")
    return path


def test_departures_of_the_kind_of_day_are_taken(tmp_path: Path) -> None:
    folder = _folder(
        tmp_path, ["hour,share,day_type", "8,3,weekday", "17,1,weekday", "11,5,sunday"]
    )
    found = Observations.read(folder, default_parameters())
    clock = LiveView(lived(0)).clock
    monday, saturday, sunday = (found.departures_on(clock, day * DAY_MIN) for day in (0, 5, 6))
    assert monday is not None
    assert (monday[8], monday[17]) == (0.75, 0.25)
    assert saturday is None
    assert sunday is not None
    assert sunday[11] == 1.0


def test_curves_of_some_trips_alone_are_left_out(tmp_path: Path) -> None:
    folder = _folder(tmp_path, ["hour,share,mode", "8,3,car", "9,1,all"])
    found = Observations.read(folder, default_parameters())
    assert list(found.departures) == ["all"]
    assert found.departures["all"][9] == 1.0


def test_a_folder_without_departures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="departures"):
        Observations.read(tmp_path, default_parameters())


def test_trips_are_drawn_beside_as_many_observed_ones() -> None:
    model = lived(140)
    assert observations(model).departures == {}
    shares = np.zeros(24)
    shares[8] = 1.0
    observe(model, Observations(departures={"all": shares}, departures_source="survey.csv"))
    page = show(model, TripsPerHour)
    (chart,) = page.of_kind("VegaField")
    table = json.loads(chart.data)["trips"]
    made = [value for name, values in table.items() if name[0] == "m" for value in values]
    assert table["observed"][8] == pytest.approx(np.sum(made), abs=0.01)
    assert table["observed"][9] == 0.0
    assert "dashed: observed (survey.csv), scaled to as many trips" in page.texts()


def test_a_reporter_is_drawn_over_the_run() -> None:
    page = show(lived(30), lambda model: ReporterChart(model, "doing_sleep"))
    (chart,) = page.of_kind("VegaField")
    assert len(json.loads(chart.data)["series"]["value"]) == 30
    assert (chart.file, chart.signals["last_h"]) == ("doing_sleep", 2.5)


def test_before_the_first_step_a_reporter_has_a_hint() -> None:
    page = show(lived(0), lambda model: ReporterChart(model, "trips per hour"))
    assert "Nothing has been reported yet" in page.texts()
