"""What several maps have in common."""

from __future__ import annotations

import pytest

pytest.importorskip("solara")

import solara

from mesa_llm_city.ui import CityMap
from mesa_llm_city.ui.map.canvas import CityCanvas, Frame
from mesa_llm_city.ui.map.sharing import MapCamera, SharedLook
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay
from tests.ui.shown import lived

WHERE = [30_000.0, 20_000.0, 5_000.0]
ELSEWHERE = [10_000.0, 10_000.0, 900.0]


def _maps(count: int, look: SharedLook | None) -> list[CityCanvas]:
    """Return the widgets of maps of one run."""
    model = lived(2)

    @solara.component
    def Page() -> None:  # noqa: N802 - a component
        with solara.Column():
            for _ in range(count):
                CityMap(model, shared=look)

    _, rendered = solara.render(Page(), handle_error=False)
    return [one.widget for one in rendered.find(CityCanvas)]


class TestMaps:
    def test_what_one_is_coloured_by_the_other_is_too(self) -> None:
        one, other = _maps(2, SharedLook())
        one.by, one.measure, one.layers, one.flow_span = "hunger", "visits", ["flows"], "day"
        assert other.colouring["by"] == "hunger"
        assert other.zone_look["by"] == "visits"
        assert (other.layers, other.flow_span) == (["flows"], "day")

    def test_alone_they_share_nothing(self) -> None:
        one, other = _maps(2, None)
        one.by = "hunger"
        one.camera = WHERE
        assert (other.by, other.camera, other.camera_group) == ("activity", [], "")

    def test_they_have_one_name_by_which_they_move_together(self) -> None:
        one, other = _maps(2, SharedLook())
        assert one.camera_group == other.camera_group != ""
        assert _maps(1, SharedLook())[0].camera_group != one.camera_group

    def test_a_camera_that_is_set_moves_all_of_them(self) -> None:
        look = SharedLook()
        one, other = _maps(2, look)
        (camera,) = look._cameras.values()
        camera.where.set(WHERE)
        assert one.camera == other.camera == WHERE

    def test_what_one_reports_is_not_sent_to_the_other_but_to_one_that_comes_later(self) -> None:
        look = SharedLook()
        one, other = _maps(2, look)
        one.camera = WHERE
        assert other.camera == []
        (late,) = _maps(1, look)
        assert late.camera == WHERE


def test_a_run_that_does_not_know_a_colour_leaves_it_to_the_other() -> None:
    model, look = lived(20), SharedLook()
    replay = Replay.of(model)
    replay.go_to(model.minute)

    @solara.component
    def Page() -> None:  # noqa: N802 - a component
        with solara.Column():
            CityMap(model, shared=look, other=replay)
            CityMap(replay, shared=look, other=LiveView(model))

    _, rendered = solara.render(Page(), handle_error=False)
    live, finished = (one.widget for one in rendered.find(CityCanvas))
    assert "mood" not in finished.choices
    live.by = live.measure = "mood"
    assert (live.by, live.colouring["by"], live.zone_look["by"]) == ("mood", "mood", "mood")
    assert (finished.by, finished.measure, finished.zone_look) == ("activity", "", {})
    assert (look.by.value, look.measure.value) == ("mood", "mood")
    finished.by = "hunger"
    assert (live.by, finished.by) == ("hunger", "hunger")
    live.by = "mood"
    assert (look.by.value, live.by, finished.by) == ("mood", "mood", "activity")
    rendered.close()


class TestCamera:
    def test_of_equal_frames_is_one_and_of_another_city_another(self) -> None:
        look, bounds = SharedLook(), (0.0, 0.0, 1000.0, 500.0)
        camera = look.camera(Frame.of(bounds))
        assert look.camera(Frame.of(bounds)) is camera
        assert look.camera(Frame.of((0.0, 0.0, 900.0, 500.0))) is not camera

    def test_tells_what_is_set_but_not_what_is_reported(self) -> None:
        camera = MapCamera()
        told: list[list[float]] = []
        stop = camera.follow(told.append)
        camera.moved(WHERE)
        assert (camera.where.value, told) == (WHERE, [])
        camera.where.set(ELSEWHERE)
        stop()
        camera.where.set([])
        assert told == [ELSEWHERE]
