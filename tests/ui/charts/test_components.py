"""Charts, clock and spending as components: hints at first, then pictures with a description."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytest.importorskip("solara")

from functools import partial

from ipywidgets.widgets.widget import _instances

from mesa_llm_city.experiments.palette import GROUPS
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.llm.ledger import Call, Ledger, Source
from mesa_llm_city.ui.charts import components as charts
from mesa_llm_city.ui.charts.components import Clock, Needs, PlacePopularity, TimeUse, TripsPerHour
from mesa_llm_city.ui.page.spending import RULES_ONLY, Spend, by_prompt, spent_by
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.live import LiveView
from tests.ui.shown import Replayed, lived, show

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
        assert page.tagged("img") == []
        assert "press Step or Play" in page.texts()

    @pytest.mark.slow
    def test_a_day_is_shown_with_a_description(self) -> None:
        page = show(lived(140), *CHARTS)
        images = page.tagged("img")
        assert len(images) == len(CHARTS)
        assert all(one.attributes["src"].startswith("data:image/png") for one in images)
        assert images[0].attributes["alt"].startswith("At 11:40: sleep")
        labels = [one.attributes["aria-label"] for one in page.tagged("section")]
        assert labels == ["Time use", "Trips per hour", "Needs", "Places most visited"]

    def test_the_needs_of_the_selected_person_are_shown_at_once(self) -> None:
        model = lived(100)
        page = show(model, Needs)
        (before,) = (one.attributes["src"] for one in page.tagged("img"))
        selected(model).value = model.citizens[2].person
        (after,) = (one.attributes["src"] for one in page.tagged("img"))
        assert before != after

    def test_an_observed_curve_can_be_given(self) -> None:
        observed = np.full((len(GROUPS), 24), 1.0 / len(GROUPS))
        page = show(lived(100), partial(TimeUse, observed=observed))
        assert len(page.tagged("img")) == 1

    @pytest.mark.slow
    def test_redraws_leave_no_widgets_behind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(charts, "use_throttled", lambda _key, make, **_: make())
        model = lived(100)
        page = show(model, *CHARTS, Clock, Spend)
        before = len(_instances)
        for _ in range(5):
            model.step()
            page.redraw()
        assert len(_instances) == before
        assert page.tagged("img")[0].attributes["alt"].startswith("At 08:45: ")


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
