"""Reading a model that goes on in another thread."""

from __future__ import annotations

from threading import Thread

import pytest

pytest.importorskip("solara")

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.charts import components as charts
from mesa_llm_city.ui.charts import plot_panel
from mesa_llm_city.ui.person.inspector import AgentCard, DecisionTrail, PlanView
from mesa_llm_city.ui.person.memories import MemoryList
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views import consistent_read as steady
from mesa_llm_city.ui.views.consistent_read import read_steadily
from tests.ui.shown import lived, show


def test_an_error_of_the_reader_itself_is_raised_at_once() -> None:
    read = []

    def wrong() -> None:
        read.append(1)
        message = "nobody has this id"
        raise ConfigError(message)

    with pytest.raises(ConfigError):
        read_steadily(wrong)
    assert read == [1]


def test_a_read_that_never_succeeds_raises_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "_PAUSE_S", 0.0)
    with pytest.raises(ValueError, match="zip"):
        read_steadily(lambda: list(zip([1], [], strict=True)))


@pytest.mark.slow
def test_panels_can_be_drawn_while_the_model_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plot_panel, "use_throttled", lambda _key, make, **_: make())
    model = lived(90)
    selected(model).value = model.citizens[2].person
    panels = (AgentCard, PlanView, MemoryList, DecisionTrail)
    page = show(model, charts.TimeUse, charts.TripsPerHour, charts.Needs, *panels)

    def go_on() -> None:
        for _ in range(200):
            model.step()

    thread = Thread(target=go_on)
    thread.start()
    while thread.is_alive():
        page.redraw()
    thread.join()
    page.redraw()
    assert model.minute == 290 * 5
    assert page.of_kind("VegaField")[0].description.startswith("At 00:10")
