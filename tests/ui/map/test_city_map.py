"""The map as a component."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

pytest.importorskip("solara")

import solara

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui import CityMap, selected
from mesa_llm_city.ui.map.canvas import CityCanvas
from mesa_llm_city.ui.views.live import LiveView
from tests.town import small_town, townspeople


def _model() -> CityModel:
    return CityModel(small_town(), townspeople(), rng=5)


def _render(element: solara.Element) -> tuple[CityCanvas, Any]:
    _, rendered = solara.render(element, handle_error=False)
    return rendered.find(CityCanvas).widget, rendered


def test_the_map_shows_everybody() -> None:
    model = _model()
    canvas, rendered = _render(CityMap(model))
    assert len(canvas.state) == len(model.citizens)
    assert canvas.names.split("\n")[0] == model.world.names[0]
    assert canvas.when == "Day 1, Mon 1 Apr, 00:00"
    assert canvas.title == model.city.name
    rendered.close()


def test_a_step_moves_people_and_sends_neither_ground_nor_names_again() -> None:
    model = _model()
    canvas, rendered = _render(CityMap(model))
    while model.minute < 10 * 60:
        model.step()
    sent: list[str] = []
    canvas.observe(lambda change: sent.append(change["name"]))
    rendered.render(CityMap(model))
    trips = {f"trip_{name}" for name in ("xy", "sizes", "person", "times", "modes")}
    assert set(sent) == {"xy", "state", "when", "minute"} | trips
    rendered.close()


def test_a_redraw_at_the_same_minute_sends_nothing() -> None:
    model = _model()
    canvas, rendered = _render(CityMap(model))
    sent: list[str] = []
    canvas.observe(lambda change: sent.append(change["name"]))
    rendered.render(CityMap(model))
    assert sent == []
    rendered.close()


def test_a_click_selects_a_person_for_all_components() -> None:
    model = _model()
    canvas, rendered = _render(CityMap(model))
    canvas.selected = 7
    assert selected(model).value == 7
    selected(LiveView(model)).value = 11
    assert canvas.selected == 11
    rendered.close()


@pytest.mark.parametrize("by", ["mode", "hunger", "mood", "belief", "income"])
def test_another_colour_chosen_in_the_browser_changes_colours_and_legend(by: str) -> None:
    model = _model()
    canvas, rendered = _render(CityMap(model))
    before = canvas.state
    canvas.by = by
    assert canvas.colouring["by"] == by
    assert canvas.state != before
    rendered.close()


def test_each_trip_is_sent_once_with_its_line() -> None:
    model = _model()
    while model.minute < 7 * 60:
        model.step()
    canvas, rendered = _render(CityMap(model))
    sent: list[tuple[int, int]] = []
    for _ in range(36):
        model.step()
        rendered.render(CityMap(model))
        persons = np.frombuffer(canvas.trip_person, dtype=np.int32).tolist()
        starts = np.frombuffer(canvas.trip_times, dtype=np.int32)[::2].tolist()
        sent += zip(persons, starts, strict=True)
        sizes = np.frombuffer(canvas.trip_sizes, dtype=np.uint16)
        assert len(canvas.trip_xy) == 4 * sizes.sum(dtype=int)
        assert canvas.minute == model.minute
    assert len(sent) == len(set(sent)) > 0
    trips = model.trips()
    begun = {
        (person, model.clock.minute_of(moment))
        for person, moment in zip(trips["person"].tolist(), trips["start"], strict=True)
    }
    assert begun & set(sent)
    rendered.close()


def test_a_new_model_in_place_of_the_old_one_is_shown() -> None:
    model, other = _model(), CityModel(small_town(), townspeople(12), rng=5)
    canvas, rendered = _render(CityMap(model))
    rendered.render(CityMap(other))
    assert len(canvas.state) == 12
    assert canvas.selected == -1
    rendered.close()


def test_a_city_without_people_is_drawn_empty() -> None:
    canvas, rendered = _render(CityMap(CityModel(small_town(), [], rng=5)))
    assert (canvas.xy, canvas.names) == (b"", "")
    rendered.close()


def test_redraws_leave_no_widgets_behind() -> None:
    model = _model()
    _, rendered = _render(CityMap(model))
    alive = import_module("ipywidgets.widgets.widget")._instances
    before = len(alive)
    for _ in range(100):
        model.step()
        rendered.render(CityMap(model))
    assert len(alive) == before
    rendered.close()
