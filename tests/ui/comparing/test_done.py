"""What was done to two runs: what is the same, whichever way it was given, and how it is told."""

from __future__ import annotations

from typing import Any

import pytest

from mesa_llm_city.simulation.interventions import close
from mesa_llm_city.simulation.model import CityModel
from tests.town import small_town, townspeople

pytest.importorskip("solara")

from mesa_llm_city.ui.comparing.done import Done, done_in_words, left_over
from mesa_llm_city.ui.comparing.runs import ForkedRun, done_alone
from mesa_llm_city.ui.views.protocols import CityView, view_of

_BY_HAND = {"kind": "close", "start": 485, "zone": 1, "minutes": 180}


@pytest.fixture(scope="module")
def view() -> CityView:
    return view_of(CityModel(small_town(), townspeople(), rng=7))


def _given(**what: Any) -> Done:  # noqa: ANN401 - fields of interventions
    return Done(0, str(what.get("kind", "close")), {"kind": "close", **what})


def test_what_was_given_in_a_list_is_what_was_done_by_hand_at_that_minute(view: CityView) -> None:
    name = view.basemap().area_names[1]
    listed = _given(zone=name, start="day 1 08:05", end="day 1 11:05")
    by_hand = Done(485, "close", _BY_HAND)
    assert left_over([listed], [by_hand], view) == ()
    assert left_over([by_hand], [listed], view) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"place": [4, 3]}, {"place": [3, 4]}),
        ({"place_kind": "school"}, {"place_kind": ["amenity=school"]}),
        ({"mode": ["bus", "car"]}, {"mode": ["car", "bus"]}),
        ({"zone": 1}, {"zone": [1], "start": 0, "repeats": False, "text": ""}),
        ({"zone": 1, "start": "2024-04-02"}, {"zone": 1, "start": 1440}),
        (
            {"kind": "tell", "text": "run", "agents": {"home_zone": 1}, "until": "1 09:00"},
            {"kind": "tell", "text": "run", "agents": {"home_zone": [1]}, "until": 540},
        ),
    ],
)
def test_it_is_the_same_however_it_is_written(
    view: CityView, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert left_over([_given(**one)], [_given(**other)], view) == ()


@pytest.mark.parametrize(
    "other",
    [
        {"zone": 2, "start": 485, "minutes": 180},
        {"zone": 1, "start": 490, "minutes": 175},
        {"zone": 1, "start": 485, "minutes": 60},
        {"zone": 1, "start": 485},
        {"kind": "open", "zone": 1, "start": 485},
        {"zone": 1, "when": "travel > 3", "minutes": 180},
    ],
)
def test_another_target_time_or_kind_is_something_else(
    view: CityView, other: dict[str, Any]
) -> None:
    (alone,) = left_over([_given(**other)], [Done(485, "close", _BY_HAND)], view)
    assert alone == _given(**other)


def test_what_was_done_twice_and_once_is_done_once_more(view: CityView) -> None:
    done = _given(zone=1)
    assert left_over([done, done], [done], view) == (done,)


def test_times_are_told_as_the_page_tells_them(view: CityView) -> None:
    planned = _given(zone="here", start=485, end=665)
    assert done_in_words(planned, view) == "Day 1, 08:05: close, zone here, end Day 1, 11:05"
    at_once = _given(zone="here")
    assert done_in_words(at_once, view) == "Day 1, 00:00: close, zone here"
    waiting = _given(zone="here", when="travel > 3")
    assert done_in_words(waiting, view) == "close, zone here, when travel > 3"


def test_zones_and_places_are_told_by_name_whichever_way_they_were_given(view: CityView) -> None:
    names, zones = view.basemap().names, view.basemap().area_names
    both = done_in_words(_given(place=[3, 4]), view)
    assert both == f"Day 1, 00:00: close, place {names[3]}; {names[4]}"
    assert done_in_words(_given(zone=1), view) == f"Day 1, 00:00: close, zone {zones[1]}"
    told = _given(kind="tell", text="run", agents={"home_zone": 1})
    assert zones[1] in done_in_words(told, view)
    assert done_in_words(_given(zone=999), view) == "Day 1, 00:00: close, zone 999"


def test_what_a_running_city_was_given_by_its_program_was_done_to_it() -> None:
    one, other = (CityModel(small_town(), townspeople(), rng=7) for _ in range(2))
    one.intervene(close(zone=1, start=485, minutes=180))
    other.intervene(close(zone=2, when=lambda _: False))
    runs = [ForkedRun(name=name, city=city) for name, city in (("a", one), ("b", other))]
    (alone,) = done_alone(*runs)
    assert (alone.kind, alone.what["zone"], alone.what["start"]) == ("close", 1, 485)
    (waiting,) = done_alone(*runs[::-1])
    assert waiting.what["zone"] == 2
    other.intervene(_BY_HAND)
    assert done_alone(*runs) == ()
