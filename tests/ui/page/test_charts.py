"""The charts of the page: four at first, and those of reporters that the reader adds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytest.importorskip("solara")

import solara

from mesa_llm_city import CityModel
from mesa_llm_city.ui.page import charts as charts_module
from mesa_llm_city.ui.page.charts import Charts
from tests.ui.shown import Shown, lived, show


def _shown() -> Shown:
    def charts(model: CityModel) -> object:
        return Charts(model, model.minute)

    return show(lived(140), charts)


def test_a_reporter_is_added_and_taken_away_again() -> None:
    page = _shown()
    files = ["time_use", "trips", "needs", "places"]
    assert [one.file for one in page.of_kind("VegaField")] == files
    (choice,) = page.of_kind("ChoiceField")
    choice.value = "doing_sleep"
    assert [one.file for one in page.of_kind("VegaField")] == [*files, "doing_sleep"]
    assert "doing_sleep" not in choice.values
    page.click("doing_sleep")
    assert [one.file for one in page.of_kind("VegaField")] == files
    assert "doing_sleep" in choice.values


def test_all_charts_are_renewed_however_fast_the_run_is(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: dict[str, list[int]] = {name: [] for name in "abc"}

    def chart_of(name: str) -> Callable[[CityModel], solara.Element]:
        def draw(model: CityModel) -> solara.Element:
            drawn[name].append(model.minute)
            return solara.Text(name)

        return draw

    monkeypatch.setattr(charts_module, "_CHARTS", {name: chart_of(name) for name in drawn})
    # Nothing comes between two redraws.
    monkeypatch.setattr(charts_module, "_NEXT_CHART_S", 3600.0)
    model = lived(1)
    page = show(model, lambda model: Charts(model, model.minute))
    for _ in range(6):
        model.step()
        page.redraw()
    minutes = {name: sorted({*all_minutes}) for name, all_minutes in drawn.items()}
    assert minutes == {"a": [5, 10, 25], "b": [5, 15, 30], "c": [5, 20, 35]}
