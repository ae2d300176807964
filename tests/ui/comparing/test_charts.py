"""Charts of what differs: numbers worked by hand, axes, and the component that shows them."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("solara")

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.experiments.futures.difference import compared
from mesa_llm_city.experiments.futures.measures import MEASURES
from mesa_llm_city.experiments.futures.over_seeds import COLUMNS
from mesa_llm_city.ui.charts.vega_chart import spec_of
from mesa_llm_city.ui.comparing.charts import (
    DifferenceCharts,
    both_reporters,
    labels_of,
    reporter_rows,
)
from mesa_llm_city.ui.comparing.plots import Labels, both_plot, difference_plot, wave_plot
from mesa_llm_city.ui.views.protocols import view_of
from tests.ui.comparing.parted import EIGHT, NAMES, ONE, pair_at_one, pair_of, runs_until
from tests.ui.shown import Shown, show

_LIMIT_S = 20.0
_MODES = Labels("Trips by mode", "trips", str.upper)


def _rows(before: list[dict[str, float]], after: list[dict[str, float]]) -> pd.DataFrame:
    first, second = (
        [pd.Series(one, dtype=float) for one in several] for several in (before, after)
    )
    return compared(first, second, COLUMNS, level=0.95)


def _hours(values: list[float]) -> pd.Series[float]:
    hours = pd.date_range("2024-04-01 08:00", periods=len(values), freq="h", name="hour")
    return pd.Series(values, index=hours)


class TestPlots:
    def test_kinds_come_by_how_much_they_differ(self) -> None:
        rows = _rows([{"bus": 5, "walk": 9, "car": 1}], [{"bus": 6, "walk": 5, "car": 1}])
        plot = both_plot(rows, NAMES, _MODES, Clock())
        table = plot.data["rows"]
        assert table["label"] == ["WALK", "BUS", "CAR"]
        assert (table["shown"], table["other"]) == ([9.0, 5.0, 1.0], [5.0, 6.0, 1.0])
        assert table["difference"] == [-4.0, 1.0, 0.0]
        assert [one.label for one in plot.legend] == list(NAMES)
        assert plot.description == (
            "Trips by mode of both runs, trips; mean of what is shown: first run 5, closed 4."
        )

    def test_a_single_run_has_no_interval_and_several_have_one(self) -> None:
        single = difference_plot(_rows([{"bus": 5}], [{"bus": 6}]), NAMES, _MODES, Clock())
        assert single.data["rows"]["low"] == [None]
        # Differences 1, 2 and 3: mean 2, and t(0.975, 2) / sqrt(3) is 2.484138.
        several = _rows([{"bus": 5}] * 3, [{"bus": 6}, {"bus": 7}, {"bus": 8}])
        plot = difference_plot(several, NAMES, _MODES, Clock())
        assert plot.data["rows"]["difference"] == [2.0]
        assert plot.data["rows"]["low"] == pytest.approx([-0.484138])
        assert plot.data["rows"]["high"] == pytest.approx([4.484138])
        assert plot.signals == pytest.approx({"least": -0.484138, "most": 4.484138})

    def test_an_axis_of_no_difference_has_a_length(self) -> None:
        plot = difference_plot(_rows([{"bus": 5}], [{"bus": 5}]), NAMES, _MODES, Clock())
        assert plot.signals == {"least": -1.0, "most": 1.0}

    def test_many_kinds_are_cut_to_those_that_differ_most_and_it_is_said(self) -> None:
        before = {f"k{number:02d}": 0.0 for number in range(20)}
        after = {f"k{number:02d}": float(number) for number in range(20)}
        plot = both_plot(_rows([before], [after]), NAMES, Labels("Kinds", "n"), Clock())
        assert plot.data["rows"]["label"] == [f"k{number:02d}" for number in range(19, 3, -1)]
        assert plot.caption == "the 16 that differ most, of 20"

    def test_hours_are_as_wide_as_they_are_and_the_axis_ends_with_the_last(self) -> None:
        rows = compared([_hours([1, 2])], [_hours([1, 4])], COLUMNS, level=0.95)
        plot = difference_plot(rows, NAMES, Labels("Trips", "trips"), Clock())
        table = plot.data["rows"]
        assert (table["hour"], table["end"]) == ([8.0, 9.0], [9.0, 10.0])
        assert (plot.signals["first_h"], plot.signals["last_h"]) == (8.0, 10.0)
        assert table["difference"] == [0.0, 2.0]

    def test_the_wave_is_the_share_of_those_who_differ_by_then(self) -> None:
        first = np.array([500, 480, 540], dtype=np.int64)
        plot = wave_plot(first, 6, 480, 576)
        table = plot.data["rows"]
        shares = dict(zip(table["hour"], table["share"], strict=True))
        assert shares[8.0] == pytest.approx(100 / 6, abs=1e-3)
        assert shares[8.5] == pytest.approx(200 / 6, abs=1e-3)
        assert shares[9.6] == 50.0
        assert plot.description == "People whose day differs: 50.0 % of 6 at the end."
        assert plot.signals["most"] == 50.0
        # An axis as long as nothing would have labels of none.
        assert wave_plot(first[:0], 6, 480, 576).signals["most"] == 1.0

    @pytest.mark.parametrize("name", [*MEASURES, "doing_rest"])
    def test_every_measure_has_specifications_that_load_nothing(self, name: str) -> None:
        pair = pair_at_one()
        rows = _measures_of_one()[name] if name in MEASURES else reporter_rows(pair, name, ONE)
        labels = labels_of(name, pair.shown)
        for plot in (
            both_plot(rows, NAMES, labels, Clock()),
            difference_plot(rows, NAMES, labels, Clock()),
        ):
            assert spec_of(plot.spec)["data"] == {"name": "rows"}
            json.dumps([plot.spec, plot.data, plot.signals], allow_nan=False)


def _measures_of_one() -> dict[str, pd.DataFrame]:
    from mesa_llm_city.ui.comparing.differences import differences

    return dict(differences(pair_at_one()).measures)


class TestReporters:
    def test_what_both_report_is_compared_at_the_minutes_of_both(self) -> None:
        shown, other = runs_until(EIGHT + 30, EIGHT + 20)
        pair = pair_of(view_of(shown), view_of(other))
        assert "doing_rest" in both_reporters(pair)
        rows = reporter_rows(pair, "doing_rest", pair.minute)
        assert [f"{one:%H:%M}" for one in rows.index] == ["08:05", "08:10", "08:15", "08:20"]
        collected = shown.datacollector.get_model_vars_dataframe()["doing_rest"]
        assert rows["shown"].tolist() == collected.iloc[-6:-2].tolist()

    def test_counts_by_the_hour_are_compared_in_hours_that_both_have_lived_in_full(self) -> None:
        shown, other = runs_until(EIGHT + 130, EIGHT + 70)
        pair = pair_of(view_of(shown), view_of(other))
        rows = reporter_rows(pair, "decisions per hour", pair.minute)
        assert [f"{one:%H:%M}" for one in rows.index] == ["08:00"]
        times = shown.decisions()["time"]
        at_eight = (times >= "2024-04-01 08:00") & (times < "2024-04-01 09:00")
        assert rows["shown"].tolist() == [at_eight.sum()]


def _found(page: Shown) -> list[Any]:
    end_s = time.monotonic() + _LIMIT_S
    while not (charts := page.of_kind("VegaField")):
        assert time.monotonic() < end_s, page.texts()
        time.sleep(0.01)
    return charts


class TestComponent:
    def test_each_measure_has_a_chart_of_both_runs_and_one_of_the_difference(self) -> None:
        page = show(pair_at_one(), DifferenceCharts)
        files = [one.file for one in _found(page)]
        assert files[0] == "people_differing"
        for name in ("trips_by_hour", "minutes_by_purpose", "modes", "visits_by_kind"):
            assert {f"{name}_both", f"{name}_difference"} <= set(files)
        assert "One run each, so there is no interval" in page.texts()

    def test_a_reporter_that_is_chosen_gets_its_charts(self) -> None:
        page = show(pair_at_one(), DifferenceCharts)
        _found(page)
        page.labelled("Reporter of both models").value = "doing_rest"
        assert "doing_rest_difference" in [one.file for one in page.of_kind("VegaField")]

    def test_an_entry_of_the_legend_that_is_clicked_is_picked_out(self) -> None:
        page = show(pair_at_one(), DifferenceCharts)
        chart = next(one for one in _found(page) if one.file == "modes_both")
        chart.clicked = {"key": "other"}
        assert (chart.picked, chart.signals["shown"]) == (["other"], ["other"])
        chart.clicked = {"key": "bus"}
        assert chart.picked == ["other"]

    def test_runs_that_have_just_parted_have_a_hint(self) -> None:
        shown, other = runs_until(EIGHT)
        page = show(pair_of(view_of(shown), view_of(other)), DifferenceCharts)
        end_s = time.monotonic() + _LIMIT_S
        while "both runs are one" not in page.texts():
            assert time.monotonic() < end_s, page.texts()
            time.sleep(0.01)
        assert page.of_kind("VegaField") == []
