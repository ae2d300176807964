"""Any chart of Vega-Lite or Altair is shown; one that would ask somebody else is refused."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("solara")

import altair as alt
import pandas as pd

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.charts.vega_chart import VegaChart, spec_of
from mesa_llm_city.ui.charts.vega_engine import vega_engine
from tests.ui.shown import show

BARS = {
    "mark": "bar",
    "data": {"name": "counts"},
    "encoding": {"x": {"field": "mode"}, "y": {"field": "n", "type": "quantitative"}},
}


def test_a_specification_and_its_data_reach_the_browser() -> None:
    counts: dict[str, list[object]] = {"mode": ["walk", "bus"], "n": [3, 4]}
    page = show(None, lambda _: VegaChart(BARS, data={"counts": counts}, file="modes", height=120))
    (field,) = page.of_kind("VegaField")
    assert json.loads(field.spec) == BARS
    assert json.loads(field.data) == {"counts": counts}
    assert (field.file, field.height) == ("modes", 120)


def test_a_chart_of_altair_is_taken_with_its_values() -> None:
    frame = pd.DataFrame({"mode": ["walk", "bus"], "n": [3, 4]})
    spec = spec_of(alt.Chart(frame).mark_bar().encode(x="mode:N", y="n:Q"))
    (rows,) = spec["datasets"].values()
    assert rows == [{"mode": "walk", "n": 3}, {"mode": "bus", "n": 4}]


def test_what_is_clicked_and_selected_comes_back() -> None:
    told: list[object] = []
    page = show(None, lambda _: VegaChart(BARS, on_clicked=told.append, on_selections=told.append))
    (field,) = page.of_kind("VegaField")
    field.clicked = {"mode": "bus", "n": 4}
    field.selections = {"brush": {"n": [1, 2]}}
    assert told == [{"mode": "bus", "n": 4}, {"brush": {"n": [1, 2]}}]


def test_charts_of_a_page_share_one_engine() -> None:
    page = show(None, lambda _: VegaChart(BARS), lambda _: VegaChart(BARS))
    assert {id(one) for one in page.of_kind("VegaEngine")} == {id(vega_engine())}


def test_an_engine_that_was_closed_is_made_again() -> None:
    engine = vega_engine()
    engine.close()
    assert vega_engine() is not engine
    assert vega_engine() is vega_engine()


@pytest.mark.parametrize(
    "chart",
    [
        {"mark": "bar", "data": {"url": "https://example.org/a.csv"}},
        {"layer": [{"mark": "bar", "data": {"url": "https://example.org/a.csv"}}]},
        {"transform": [{"lookup": "a", "from": {"data": {"url": "https://example.org/a.csv"}}}]},
    ],
)
def test_a_chart_that_loads_data_is_refused(chart: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"loads 'https://example.org/a.csv'.*put the values"):
        spec_of(chart)


def test_a_value_called_url_is_no_address() -> None:
    spec = {"mark": "bar", "data": {"values": [{"data": {"url": "a"}}]}}
    assert spec_of(spec) == spec


def test_what_is_no_chart_is_refused() -> None:
    with pytest.raises(ConfigError, match="int is no chart; give a specification in Vega-Lite"):
        spec_of(3)
