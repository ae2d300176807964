"""Charts, clock and spending as components: hints at first, then pictures with a description."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytest.importorskip("solara")

from functools import partial
from typing import Any

from ipywidgets.widgets.widget import _instances

from mesa_llm_city import CityModel, Crowd
from mesa_llm_city.experiments.palette import GROUPS
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.llm.ledger import Call, Ledger, Source
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.ui.charts import plot_panel
from mesa_llm_city.ui.charts.catalogue import time_use
from mesa_llm_city.ui.charts.components import Clock, Needs, PlacePopularity, TimeUse, TripsPerHour
from mesa_llm_city.ui.charts.style import LIGHT
from mesa_llm_city.ui.export.html_replay import html_replay
from mesa_llm_city.ui.focus import EVERYBODY, TimeRange, emphasis, time_range
from mesa_llm_city.ui.map.city_map import CityMap
from mesa_llm_city.ui.page.spending import RULES_ONLY, Spend, by_prompt, spent_by
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.live import LiveView
from tests.town import small_town
from tests.ui.shown import Replayed, lived, show


def by_id(model: CityModel) -> list[CityAgent]:
    """Return the citizens in the order of the map."""
    return sorted(model.citizens, key=lambda one: one.person)


def data_of(chart: Any) -> dict[str, dict[str, list[Any]]]:  # noqa: ANN401 - a widget
    """Return the tables that a chart draws."""
    tables: dict[str, dict[str, list[Any]]] = json.loads(chart.data)
    return tables


CHARTS = (TimeUse, TripsPerHour, Needs, PlacePopularity)


def _llm() -> LLM:
    llm = LLM(ClientSpec(backend="scripted", model="tiny", script=lambda _: json.dumps({})))
    for row in range(3):
        llm.ledger.add(_call(row))
    return llm


def _call(row: int) -> Call:
    return Call(
        sample=str(row),
        minute=row,
        purpose="plan",
        turn=0,
        attempt=0,
        prompt="plan@2",
        model="tiny",
        source=Source.LIVE if row else Source.STORE,
        tries=1,
        latency_s=0.1,
        prompt_tokens=1000,
        cached_tokens=0,
        completion_tokens=100,
        cost_usd=0.5,
        valid=row < 2,
        repaired=False,
        error="",
    )


class TestCharts:
    def test_before_the_first_step_charts_hold_a_hint(self) -> None:
        page = show(lived(0), *CHARTS)
        assert page.of_kind("VegaField") == []
        assert "press Step or Play" in page.texts()

    @pytest.mark.slow
    def test_a_day_is_shown_with_a_description(self) -> None:
        page = show(lived(140), *CHARTS)
        shown = page.of_kind("VegaField")
        assert [one.file for one in shown] == ["time_use", "trips", "needs", "places"]
        assert shown[0].description.startswith("At 11:40: sleep")
        assert len({id(one) for one in page.of_kind("VegaEngine")}) == 1
        labels = [one.attributes["aria-label"] for one in page.tagged("section")]
        assert labels == ["Time use", "Trips per hour", "Needs", "Places most visited"]

    def test_the_needs_of_the_selected_person_are_shown_at_once(self) -> None:
        model = lived(100)
        page = show(model, Needs)
        (chart,) = page.of_kind("VegaField")
        assert set(data_of(chart)["needs"]["o00"]) == {None}
        selected(model).value = model.citizens[2].person
        assert None not in data_of(chart)["needs"]["o00"]
        assert chart.signals["person"] == model.world.names[model.citizens[2].person]

    def test_an_observed_curve_can_be_given(self) -> None:
        observed = np.full((len(GROUPS), 24), 1.0 / len(GROUPS))
        page = show(lived(100), partial(TimeUse, observed=observed, source="a survey"))
        (chart,) = page.of_kind("VegaField")
        # Two thirds of the way up are the borders of the sixth of nine groups.
        assert set(data_of(chart)["observed"]["o05"]) == {66.67}
        assert "dashed: observed (a survey)" in page.texts()

    def test_a_click_on_a_colour_shows_those_people_on_the_map(self) -> None:
        model = lived(140)
        page = show(model, TimeUse, TripsPerHour, CityMap)
        use, trips = page.of_kind("VegaField")
        (canvas,) = page.of_kind("CityCanvas")
        assert canvas.emphasis == b""
        key = next(one["key"] for one in json.loads(use.legend) if one["label"] == "work")
        use.clicked = {"key": key, "at": 1}
        at_work = [model.parameters.purposes[one.purpose].group == "work" for one in by_id(model)]
        assert list(canvas.emphasis) == at_work
        assert use.picked == [key] == use.signals["shown"]
        assert trips.picked == []
        use.clicked = {"key": key, "at": 2}
        assert canvas.emphasis == b""

    def test_hours_that_are_dragged_over_are_marked_in_all_charts(self) -> None:
        model = lived(140)
        page = show(model, TimeUse, TripsPerHour)
        use, trips = page.of_kind("VegaField")
        trips.selections = {"hours": {"begin": [9.52, 7.0]}}
        assert time_range(model).value == TimeRange(420, 570)
        assert use.signals["marked"] == trips.signals["marked"] == [7.0, 9.5]
        assert trips.selections
        use.selections = {"hours": {"hour": [12.0, 13.0]}}
        assert trips.signals["marked"] == [12.0, 13.0]
        assert trips.selections == {}

    def test_a_need_is_picked_out_in_its_chart_alone(self) -> None:
        model = lived(100)
        page = show(model, Needs)
        (chart,) = page.of_kind("VegaField")
        chart.clicked = {"key": "n01", "at": 1}
        assert chart.picked == ["n01"]
        assert emphasis(model).value == EVERYBODY

    @pytest.mark.slow
    def test_redraws_leave_no_widgets_behind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(plot_panel, "use_throttled", lambda _key, make, **_: make())
        model = lived(140)
        page = show(model, *CHARTS, Clock, Spend)
        before = len(_instances)
        for _ in range(5):
            model.step()
            page.redraw()
        assert len(_instances) == before
        assert page.of_kind("VegaField")[0].description.startswith("At 12:05: ")


def test_the_clock_tells_date_time_day_and_weather() -> None:
    texts = show(lived(100), Clock).texts()
    assert texts.startswith("08:20\nMonday 1 April 2024\nDay 1, a working day\n")
    assert "°C" in texts


class TestSpend:
    def test_a_run_by_rules_says_so(self) -> None:
        assert RULES_ONLY in show(lived(0), Spend).texts()

    def test_calls_tokens_and_money_are_shown(self) -> None:
        page = show(lived(0, llm=_llm()), Spend)
        rows = {row["c0"]: row["c1"] for row in page.rows()}
        assert rows == {
            "calls": "3",
            "tokens in, out": "2,000, 200",
            "money": "1.0000 USD",
            "from the store": "1",
            "not of the form asked for": "1",
        }
        page.click("Show by prompt")
        assert page.rows()[-1]["c0"] == "plan@2"

    def test_a_table_of_calls_gives_the_same_sums_as_the_ledger(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        view = LiveView(lived(0, llm=_llm()))
        ledger = Ledger()
        for row in range(3):
            ledger.add(_call(row))

        replayed = Replayed(lived(0))
        monkeypatch.setattr(replayed, "table", lambda _: ledger.to_frame())
        ours, theirs = spent_by(view), spent_by(replayed)
        assert ours is not None
        assert theirs == ours._replace(tries=0)
        assert by_prompt(ledger.to_frame()) == [("plan@2", "3", "2,000", "200", "1.0000", "1")]


def test_a_city_of_a_crowd_alone_has_no_time_use_and_says_so() -> None:
    model = CityModel(small_town(), [], rng=5, crowd=Crowd(30))
    for _ in range(3):
        model.step()
    page = show(model, *CHARTS)
    assert "No citizen lives here whose time could be shown." in page.texts()
    assert time_use(LiveView(model), LIGHT).figure is None


def test_a_run_of_a_crowd_alone_can_be_exported() -> None:
    model = CityModel(small_town(), [], rng=5, crowd=Crowd(30))
    model.run_days(1)
    assert "</html>" in html_replay(LiveView(model))
