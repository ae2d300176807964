"""The map of differences as a component."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("solara")

import solara

from mesa_llm_city import CityModel
from mesa_llm_city.simulation.saving import restored, snapshot
from mesa_llm_city.ui import CityMap, selected
from mesa_llm_city.ui.comparing.difference_map import DifferenceMap
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.comparing.zone_difference import zone_difference
from mesa_llm_city.ui.focus import TimeRange, time_range
from mesa_llm_city.ui.map.canvas import CityCanvas
from mesa_llm_city.ui.map.sharing import SharedLook
from mesa_llm_city.ui.palette import LEVELS
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import Basemap
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.span import Span
from tests.ui.shown import Replayed, Shown, lived, show

NOON = 12 * 60


@pytest.fixture(scope="module")
def runs() -> tuple[CityModel, CityModel]:
    """Return a city at noon, and the same city of which most places were closed at seven."""
    model = lived(84)
    other: CityModel = restored(snapshot(model))
    for zone in other.city.zones.names[:2]:
        other.act({"kind": "close", "zone": zone}, who="test")
    while model.minute < NOON:
        model.step()
        other.step()
    return model, other


@pytest.fixture
def pair(runs: tuple[CityModel, CityModel]) -> Pair:
    """Return both."""
    shown, other = (LiveView(one) for one in runs)
    return Pair(shown=shown, other=other, names=("as it was", "closed"), parted=420)


def _shown(pair: Pair, look: SharedLook | None = None) -> Shown:
    return show(pair, lambda pair: DifferenceMap(pair, shared=look))


def _canvas(shown: Shown) -> CityCanvas:
    (canvas,) = shown.of_kind("CityCanvas")
    assert isinstance(canvas, CityCanvas)
    return canvas


def _codes(canvas: CityCanvas) -> list[int]:
    return [int(code) for code in np.frombuffer(canvas.zone_codes, dtype=np.uint8)]


class TestZones:
    def test_have_the_people_of_both_runs_compared_at_first(self, pair: Pair) -> None:
        shown = _shown(pair)
        canvas = _canvas(shown)
        assert (canvas.measure, canvas.title) == ("people", "closed minus as it was")
        assert canvas.when == "Day 1, 12:00"
        assert len(_codes(canvas)) == len(pair.shown.basemap().areas)
        assert set(_codes(canvas)) - {LEVELS // 2}
        assert (canvas.xy, canvas.nobody, canvas.choices) == (b"", "", [])
        assert "zones differ by people there now" in shown.texts()
        assert canvas.zone_words.count("\n") == len(pair.shown.basemap().areas) - 1

    def test_have_another_measure_when_it_is_chosen_on_the_map(self, pair: Pair) -> None:
        canvas = _canvas(_shown(pair))
        assert "residents" in [one["name"] for one in canvas.measures]
        canvas.measure = "residents"
        assert canvas.zone_look["title"] == "residents: closed minus as it was"
        assert set(_codes(canvas)) == {LEVELS // 2}
        canvas.measure = ""
        assert (canvas.zone_codes, canvas.zone_words) == (b"", "")

    def test_have_the_visits_of_the_marked_hours_compared(self, pair: Pair) -> None:
        shown = _shown(pair)
        canvas = _canvas(shown)
        canvas.measure = "visits"
        whole = canvas.zone_words
        assert (canvas.zone_look["title"], canvas.hours) == (
            "visits today: closed minus as it was",
            {},
        )
        marked = time_range(pair.shown)
        marked.set(TimeRange(480, 600))
        assert canvas.zone_look["title"] == "visits in the marked hours: closed minus as it was"
        assert canvas.hours["label"] == "08:00-10:00, day 1"
        assert canvas.zone_words != whole
        expected = zone_difference(pair, "visits", Span(480, 600))
        assert canvas.zone_words.split("\n") == expected.words()
        assert expected.here.sum() < zone_difference(pair, "visits").here.sum()
        # The reader takes the mark away, on the map.
        canvas.hours = {}
        assert marked.value is None
        assert canvas.zone_words == whole

    def test_are_counted_at_this_minute_whatever_hours_are_marked(self, pair: Pair) -> None:
        canvas = _canvas(_shown(pair))
        time_range(pair.shown).set(TimeRange(480, 600))
        assert (canvas.hours, canvas.zone_look["title"]) == (
            {},
            "people there now: closed minus as it was",
        )
        time_range(pair.shown).set(None)

    def test_go_back_to_people_when_one_run_becomes_a_replay_that_knows_less(
        self, runs: tuple[CityModel, CityModel], pair: Pair
    ) -> None:
        replay = Replay.of(runs[1])
        replay.go_to(NOON)
        now = solara.reactive(pair)
        shown = show(pair, lambda _: DifferenceMap(now.value))
        canvas = _canvas(shown)
        canvas.measure = "mood"
        assert canvas.zone_look["by"] == "mood"
        now.set(replace(pair, other=replay))
        assert (canvas.measure, canvas.zone_look["by"]) == ("people", "people")
        assert "mood" not in [one["name"] for one in canvas.measures]

    def test_are_told_in_numbers_when_that_is_asked_for(self, pair: Pair) -> None:
        shown = _shown(pair)
        assert not shown.rows()
        shown.click("All zones in numbers")
        rows = shown.rows()
        assert len(rows) == len(pair.shown.basemap().areas)
        assert sum(int(row["c1"]) for row in rows) == len(pair.shown.crowd())
        assert rows[0]["c3"].endswith(("more", "fewer"))
        shown.click("Hide the numbers")
        assert not shown.rows()

    def test_are_not_compared_between_cities(self, pair: Pair) -> None:
        elsewhere = replace(pair.other.basemap(), area_names=("elsewhere",))
        shown = _shown(replace(pair, other=_moved(pair, elsewhere)))
        assert not shown.of_kind("CityCanvas")
        assert "cannot be compared" in shown.texts()


class TestPeople:
    def test_who_differ_are_shown_where_they_are_in_the_other_run(self, pair: Pair) -> None:
        canvas = _canvas(_shown(pair))
        canvas.layers = ["people", *canvas.layers]
        ids = np.frombuffer(canvas.person, dtype=np.int32)
        assert 0 < len(ids) < len(pair.shown.crowd())
        assert len(canvas.names.split("\n")) == len(ids) == len(canvas.state)
        assert canvas.colouring["labels"] == [
            "elsewhere", "doing something else", "only in closed", "only in as it was",
        ]  # fmt: skip
        crowd = pair.other.crowd()
        row = crowd.row_of(int(ids[0]))
        assert row is not None
        assert canvas.names.split("\n")[0] == pair.other.names()[row]

    def test_are_shown_in_a_city_without_zones(self, pair: Pair) -> None:
        bare = replace(
            pair.shown.basemap(), zones=(), area_names=(), zone_names=(), area=None, place_area=None
        )
        shown = _shown(replace(pair, shown=_moved(pair, bare), other=_moved(pair, bare, at=1)))
        canvas = _canvas(shown)
        assert "no zones" in shown.texts()
        assert "people" in canvas.layers
        assert (canvas.measure, canvas.measures) == ("", [])
        assert len(canvas.person) > 0

    def test_are_selected_for_all_components(self, pair: Pair) -> None:
        canvas = _canvas(_shown(pair))
        canvas.selected = 7
        assert selected(pair.shown).value == 7
        canvas.selected = -1

    def test_alone_are_clear_on_maps_that_are_to_show_who_differs(self, pair: Pair) -> None:
        look = SharedLook()

        @solara.component
        def Page() -> None:  # noqa: N802 - a component
            with solara.Column():
                CityMap(pair.shown, shared=look, other=pair.other)

        _, rendered = solara.render(Page(), handle_error=False)
        canvas = rendered.find(CityCanvas).widget
        assert canvas.emphasis == b""
        look.only_differing.set(True)
        clear = np.frombuffer(canvas.emphasis, dtype=np.uint8)
        differing = _canvas(_shown(pair))
        differing.layers = ["people"]
        # The same people live in both runs.
        assert clear.sum() == len(differing.state)
        rendered.close()


def test_maps_of_both_runs_give_equal_numbers_equal_colours(pair: Pair) -> None:
    look = SharedLook()
    look.measure.set("people")

    @solara.component
    def Page() -> None:  # noqa: N802 - a component
        with solara.Column():
            CityMap(pair.shown, shared=look, other=pair.other)
            CityMap(pair.other, shared=look, other=pair.shown)

    _, rendered = solara.render(Page(), handle_error=False)
    one, other = (found.widget for found in rendered.find(CityCanvas))
    assert one.zone_look == other.zone_look
    assert one.zone_codes != other.zone_codes
    rendered.close()


class TestClocks:
    def test_that_are_far_apart_say_so_and_compare_nothing(
        self, runs: tuple[CityModel, CityModel]
    ) -> None:
        shown, other = Replay.of(runs[0]), Replay.of(runs[1])
        shown.go_to(NOON)
        other.go_to(NOON)
        pair = Pair(shown=shown, other=other, names=("a", "b"))
        drawn = _shown(pair)
        before = _canvas(drawn).zone_codes
        assert before
        other.go_to(8 * 60)
        drawn.redraw()
        assert _canvas(drawn).zone_codes == b""
        assert drawn.texts().startswith("a is at Day 1, 12:00, b is at Day 1, 08:00: they are")
        other.go_to(NOON)
        drawn.redraw()
        assert _canvas(drawn).zone_codes == before

    def test_of_which_one_is_a_step_behind_leave_the_map_as_it_is(
        self, runs: tuple[CityModel, CityModel]
    ) -> None:
        shown, other = Replay.of(runs[0]), Replay.of(runs[1])
        shown.go_to(8 * 60)
        other.go_to(8 * 60)
        pair = Pair(shown=shown, other=other, names=("a", "b"))
        drawn = _shown(pair)
        sent: list[str] = []
        _canvas(drawn).observe(lambda change: sent.append(change["name"]))
        shown.go_to(8 * 60 + 5)
        drawn.redraw()
        assert sent == []
        other.go_to(8 * 60 + 5)
        drawn.redraw()
        assert set(sent) == {"when", "minute"}


def _moved(pair: Pair, basemap: Basemap, at: int = 0) -> Any:  # noqa: ANN401 - a stand-in
    """Return a run of the pair on another base map."""
    view = (pair.shown, pair.other)[at]
    assert isinstance(view, LiveView)
    moved: Any = Replayed(view.model)
    moved.basemap = lambda: basemap
    return moved
