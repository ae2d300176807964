"""The forms of the section Act: what they do to a model, and what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.simulation.model import CityModel
from tests.town import small_town, townspeople

pytest.importorskip("solara")

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.simulation.interventions import read_intervention_file
from mesa_llm_city.simulation.interventions.new_parameters import can_change
from mesa_llm_city.ui.acting.act import FORMS, Act
from mesa_llm_city.ui.acting.between_steps import between_steps
from mesa_llm_city.ui.acting.group import Whom, count_of, query_of
from mesa_llm_city.ui.acting.log import manifest_json, repeat_toml
from mesa_llm_city.ui.acting.spots import area_of, spot_of
from mesa_llm_city.ui.map.canvas import Frame
from mesa_llm_city.ui.map.closed import closed_now, closed_traits
from mesa_llm_city.ui.map.sketch import sketch_of
from mesa_llm_city.ui.page.runner import Runner, redraws, turn_of
from mesa_llm_city.ui.person.selection import selected, selected_place
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay
from tests.ui.shown import Shown, show

LONG_S = 20.0


@pytest.fixture
def model() -> CityModel:
    """Return a model at half past eight."""
    made = CityModel(small_town(), townspeople(), rng=7)
    while made.minute < 510:
        made.step()
    return made


def shown(model: object, title: str) -> Shown:
    """Return one form of the section."""
    row = [one.title for one in FORMS].index(title)
    return show(model, lambda given: FORMS[row].component(given, given.minute))


def choose(page: Shown, label: str, value: str) -> None:
    """Choose a value of a list."""
    field = page.labelled(label)
    assert value in field.values
    field.value = value


def write(page: Shown, label: str, text: str) -> None:
    """Write a text."""
    page.labelled(label).v_model = text


def sketched(model: CityModel, *corners: tuple[float, float]) -> None:
    """Sketch spots of the city, in metres."""
    basemap = LiveView(model).basemap()
    frame = Frame.of(basemap.bounds, basemap.focus)
    sketch_of(model).points.set(frame.packed(np.array(corners)).ravel().tolist())


def last(model: CityModel) -> dict[str, Any]:
    """Return the last act as a table."""
    return dict(model.acts[-1].what)


def test_a_zone_is_closed_for_some_hours_and_opened_again(model: CityModel) -> None:
    page = shown(model, "Close")
    choose(page, "Close", "A zone")
    choose(page, "Which", "Ashdown")
    choose(page, "For how long", "3 hours")
    write(page, "What people hear of it", "flood")
    page.click("Close it")
    expected = {"kind": "close", "zone": "Ashdown", "start": 510, "minutes": 180, "text": "flood"}
    assert last(model) == expected
    assert "Closes at the next step." in page.texts()
    model.step()
    page = shown(model, "Close")
    assert "Closed: zone Ashdown (flood)" in page.texts()
    page.click("Open again")
    assert last(model) == {"kind": "open", "zone": "Ashdown", "at": 515}
    model.step()
    assert "Nothing is closed" in shown(model, "Close").texts()


def test_what_is_sketched_on_the_map_is_closed(model: CityModel) -> None:
    page = shown(model, "Close")
    places = model.city.places
    corner = (float(places.x[7]), float(places.y[7]))
    sketched(model, corner)
    assert spot_of(model) is not None
    page.click("Close it")
    assert last(model)["place"] == 7
    sketched(model, corner, (corner[0] + 400, corner[1]), (corner[0], corner[1] + 400))
    area = area_of(model)
    assert area is not None
    assert len(area) == 3
    assert spot_of(model) is None
    page.click("Close it")
    assert last(model)["polygon"] == area
    assert not sketch_of(model).points.value


def test_a_sketch_whose_lines_cross_is_told_and_not_closed(model: CityModel) -> None:
    page = shown(model, "Close")
    x, y = float(model.city.places.x[7]), float(model.city.places.y[7])
    sketched(model, (x, y), (x + 400, y + 400), (x + 400, y), (x, y + 400))
    assert "must be an area" in page.texts()
    page.click("Close it")
    assert not model.acts


def test_the_place_that_is_selected_on_the_map_is_closed(model: CityModel) -> None:
    page = shown(model, "Close")
    selected_place(model).set(9)
    page.click("Close it")
    assert last(model) == {"kind": "close", "place": 9, "start": 510}


def test_the_map_has_outlines_of_closed_areas_and_points_of_closed_places(model: CityModel) -> None:
    frame = Frame.of(LiveView(model).basemap().bounds)
    assert closed_traits(frame, LiveView(model))["closed_sizes"] == []
    model.act({"kind": "close", "zone": 1}, {"kind": "close", "place": [3, 7]}, who="a test")
    model.step()
    view = LiveView(model)
    assert len(closed_now(view)) == 2
    traits = closed_traits(frame, view)
    (size,) = traits["closed_sizes"]
    assert len(traits["closed"]) == 4 * size
    assert len(traits["closed_places"]) == 4 * 2
    model.act({"kind": "open", "place": [3, 7]}, who="a test")
    model.step()
    assert len(closed_now(view)) == 1
    assert closed_now(Replay.of(model)) == ()


def test_a_place_is_found_by_name_and_one_that_is_not_there_is_told(model: CityModel) -> None:
    page = shown(model, "Close")
    choose(page, "Close", "A place by its name")
    write(page, "Name of the place", "no such place")
    assert "No place has this in its name." in page.texts()
    write(page, "Name of the place", "7")
    assert any("no. 7)" in one for one in page.labelled("Which").values)


def test_a_time_that_is_past_is_refused_in_words(model: CityModel) -> None:
    page = shown(model, "Close")
    choose(page, "Close", "A mode of travel")
    write(page, "From when", "day 1 07:00")
    page.click("Close it")
    assert "start lies before now" in page.texts()
    assert not model.acts


def test_a_group_is_told_something(model: CityModel) -> None:
    page = shown(model, "Tell")
    choose(page, "Whom", "People of an age")
    write(page, "From age", "30")
    write(page, "to age", "50")
    write(page, "What they hear", "The bus is free today")
    page.click("Tell them")
    table = {"kind": "tell", "text": "The bus is free today", "agents": {"age": [30, 50]}}
    assert last(model) == {**table, "at": 510}
    model.step()
    (told,) = model.interventions()["people"]
    assert told == count_of(model, {"age": [30, 50]}) > 0


def test_a_claim_has_a_topic_and_a_stance(model: CityModel) -> None:
    page = shown(model, "Tell")
    write(page, "What they hear", "The park is not safe")
    write(page, "Danger, from 0 to 1", "0.7")
    choose(page, "Where the danger is", "Ashdown")
    write(page, "Topic, if it is a claim", "park")
    write(page, "Its stance, from -1 to 1", "-0.5")
    page.click("Tell them")
    kept = ("danger", "zone", "topic", "stance")
    assert {name: last(model)[name] for name in kept} == {
        "danger": 0.7,
        "zone": "Ashdown",
        "topic": "park",
        "stance": -0.5,
    }
    write(page, "Danger, from 0 to 1", "much")
    page.click("Tell them")
    assert "danger must be a number, got 'much'" in page.texts()


def test_groups_are_queries(model: CityModel) -> None:
    with pytest.raises(CityError, match="select a person first"):
        query_of(model, Whom("The selected person"))
    someone = model.citizens[3].person
    selected(model).set(someone)
    assert query_of(model, Whom("The selected person")) == {"ids": [someone]}
    with pytest.raises(CityError, match="sketch an area"):
        query_of(model, Whom("People in the area sketched on the map"))
    west, south, east, north = model.city.bounds
    sketched(model, (west, south), (east, south), (east, north), (west, north))
    inside = query_of(model, Whom("People in the area sketched on the map"))
    assert inside is not None
    assert 0 < count_of(model, inside) <= len(model.citizens)
    with pytest.raises(CityError, match="an age is a number, not 'old'"):
        query_of(model, Whom("People of an age", least="old"))


def test_parameters_are_found_checked_and_changed(model: CityModel) -> None:
    page = shown(model, "Parameters")
    write(page, "Search", "modes.bus.wait_min")
    write(page, "Value (min)", "-4")
    assert "accepted is a number of at least 0" in page.texts()
    assert next(one for one in page.widgets() if "Change 1 now" in _children(one)).disabled
    write(page, "Value (min)", "2.5")
    page.click("Change 1 now")
    assert last(model) == {"kind": "set", "parameters": {"modes.bus.wait_min": 2.5}, "start": 510}
    model.step()
    assert model.parameters.modes["bus"].wait_min == 2.5
    assert "changed" in shown_after_search(model, "modes.bus.wait_min")
    # What the form shows that is open all the time is that of the model, too.
    redraws(model).set(redraws(model).peek() + 1)
    assert page.labelled("Value (min)").v_model == "2.5"


def shown_after_search(model: CityModel, text: str) -> str:
    page = shown(model, "Parameters")
    write(page, "Search", text)
    return page.texts()


def test_a_parameter_that_cannot_change_says_why(model: CityModel) -> None:
    fixed = next(one.name for one in model.parameters.leaves() if not can_change(one.name))
    page = shown(model, "Parameters")
    write(page, "Search", fixed)
    assert "No parameter fits." in page.texts()
    page.labelled("Only what can change in a run").v_model = False
    assert "Is read only when a city" in page.texts()
    assert f"--set {fixed}=VALUE" in page.texts()


def test_households_move_into_a_zone(model: CityModel) -> None:
    page = shown(model, "Add people")
    write(page, "Households", "2")
    choose(page, "Where they live", "Ashdown")
    page.click("Let them move in")
    assert last(model) == {"kind": "add", "households": 2, "zone": "Ashdown", "at": 510}
    before = len(model.citizens)
    model.step()
    assert len(model.citizens) >= before + 2


def test_the_log_tells_what_was_done_and_repeats_it(model: CityModel, tmp_path: Path) -> None:
    assert "Nothing was done" in shown(model, "Log").texts()
    model.act({"kind": "close", "zone": 1, "minutes": 60}, who="the page")
    (row,) = shown(model, "Log").rows()
    assert list(row.values())[1:5] == [
        "close",
        "minutes 60, zone Ashdown",
        "is to come",
        "the page",
    ]
    model.step()
    assert shown(model, "Log").rows()[0]["c3"] == "lasts"
    file = tmp_path / "again.toml"
    file.write_text(repeat_toml(model), encoding="utf-8")
    expected = [{"kind": "close", "zone": 1, "minutes": 60, "start": "day 1 08:30"}]
    assert read_intervention_file(file) == expected
    told = json.loads(manifest_json(model))
    assert told["seed"] == 7
    assert [one["who"] for one in told["acts"]] == ["the page"]


def test_the_past_cannot_be_changed(model: CityModel) -> None:
    page = show(Replay.of(model), lambda given: Act(given, given.minute))
    assert "What has happened cannot be changed" in page.texts()


def test_an_act_waits_for_the_end_of_a_step(model: CityModel) -> None:
    done: list[tuple[object, str]] = []
    with turn_of(model):
        between_steps(model, lambda: model.minute, lambda *one: done.append(one))
        assert not done
    runner = Runner(model)
    runner.step()
    assert runner.wait(LONG_S)
    between_steps(model, lambda: 1 / 0, lambda *one: done.append(one))
    runner.close()
    assert (None, "ZeroDivisionError: division by zero") in done
    assert len(done) == 2


def _children(widget: object) -> list[object]:
    return list(getattr(widget, "children", ()))
