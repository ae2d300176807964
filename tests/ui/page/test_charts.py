"""The charts of the page: four at first, and those of reporters that the reader adds."""

from __future__ import annotations

import pytest

pytest.importorskip("solara")

from mesa_llm_city import CityModel
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
