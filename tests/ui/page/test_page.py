"""The page without a browser: what it shows, and what its buttons do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mesa_llm_city.simulation.model import CityModel
from tests.town import small_town, townspeople

pytest.importorskip("solara")

import solara

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.choice import ChoiceField
from mesa_llm_city.ui.map.canvas import CityCanvas
from mesa_llm_city.ui.notebook import show
from mesa_llm_city.ui.page.controls import use_runner
from mesa_llm_city.ui.page.keys import PageKeys
from mesa_llm_city.ui.page.page import CityPage
from mesa_llm_city.ui.page.runner import Runner, redraws
from mesa_llm_city.ui.page.scrubber import ScrubberBar
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.replay import Replay

_LONG_S = 20.0


@pytest.fixture
def model() -> CityModel:
    """Return a model at its first midnight."""
    return CityModel(small_town(), townspeople(), rng=7)


class Shown:
    """A rendered component."""

    def __init__(self, element: object) -> None:
        self.box, self.context = solara.render(element, handle_error=False)

    def widgets(self) -> list[Any]:
        """Return all widgets, outer ones first."""
        return list(_below(self.box))

    def only(self, kind: type) -> Any:  # noqa: ANN401 - any widget
        """Return the only widget of a kind."""
        (found,) = [one for one in self.widgets() if isinstance(one, kind)]
        return found

    def all(self, kind: type) -> list[Any]:
        """Return all widgets of a kind."""
        return [one for one in self.widgets() if isinstance(one, kind)]

    def texts(self) -> str:
        """Return all texts, a line each."""
        return "\n".join(
            child
            for one in self.widgets()
            for child in getattr(one, "children", ())
            if isinstance(child, str)
        )

    def button(self, label: str) -> Any:  # noqa: ANN401 - any widget
        """Return the first button with a label."""
        return next(
            one for one in self.widgets() if type(one).__name__ == "Btn" and label in one.children
        )

    def close(self) -> None:
        """Take it away, as a browser that is closed does."""
        self.context.close()


def _can_press(shown: Shown, label: str) -> bool:
    """Tell whether there is a button with a label, and it is not busy."""
    found = [one for one in shown.widgets() if type(one).__name__ == "Btn"]
    return any(label in one.children and not one.disabled for one in found)


def _below(widget: object) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        if not isinstance(child, str):
            yield from _below(child)


def _until(is_true: Callable[[], bool]) -> None:
    end_s = time.monotonic() + _LONG_S
    while not is_true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.02)


def test_a_step_shows_on_map_clock_and_scrubber(model: CityModel) -> None:
    page = Shown(CityPage(model))
    assert "00:00" in page.texts()
    page.button("Step").click()
    _until(lambda: page.only(ScrubberBar).minute == 5)
    _until(lambda: "00:05" in page.texts())
    assert page.only(CityCanvas).when.endswith("00:05")
    page.close()


@pytest.mark.slow
def test_it_plays_and_pauses(model: CityModel) -> None:
    page = Shown(CityPage(model))
    page.button("Play").click()
    _until(lambda: model.minute >= 15)
    page.button("Pause").click()
    _until(
        lambda: any(text in page.texts() for text in ("Paused.", "Paused in the middle of a step"))
    )
    page.close()


def test_closing_the_page_stops_the_run(model: CityModel, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Runner] = []

    class Noted(Runner):
        """A runner that the test can find."""

        def __init__(self, city: Any, **options: Any) -> None:  # noqa: ANN401 - of a runner
            super().__init__(city, **options)
            made.append(self)

    monkeypatch.setattr("mesa_llm_city.ui.page.controls.Runner", Noted)
    page = Shown(CityPage(model))
    page.button("Play").click()
    _until(lambda: model.minute >= 10)
    page.close()
    # A step in which nobody acts any more comes to its end.
    assert [runner.wait(_LONG_S) for runner in made] == [True]
    stood = model.minute
    made[0].play()
    time.sleep(0.5)
    assert model.minute == stood


def test_a_page_that_draws_slowly_still_plays_and_closes(model: CityModel) -> None:
    @solara.component
    def slow() -> None:
        runners.append(use_runner(model))
        redraws(model).get()
        # Longer than the time between two requests to draw, and between two steps.
        time.sleep(0.25)
        solara.Text("slow")

    runners: list[Runner] = []
    page = Shown(slow())
    runners[0].play()
    _until(lambda: model.minute >= 10)
    page.close()
    assert runners[0].wait(_LONG_S)


def test_a_step_before_the_page_listens_is_shown(model: CityModel) -> None:
    @solara.component
    def early() -> None:
        runner = use_runner(model)
        redraws(model).get()
        solara.Text(f"minute {model.minute}")
        if not model.minute:
            runner.step()
            assert runner.wait(_LONG_S)
            # Longer than the time after which it is announced, to nobody as yet.
            time.sleep(0.3)

    page = Shown(early())
    _until(lambda: "minute 5" in page.texts())
    page.close()


def test_a_fresh_page_skips_to_the_morning(model: CityModel) -> None:
    page = Shown(CityPage(model))
    page.button("Skip to the morning").click()
    _until(lambda: "Stopped: day 1, 06:30." in page.texts())
    assert model.minute == 390
    _until(lambda: page.only(CityCanvas).when.endswith("06:30"))
    assert "It is midnight" not in page.texts()
    page.close()


def test_keys_step_and_choose_the_speed(model: CityModel) -> None:
    page = Shown(CityPage(model))
    keys = page.only(PageKeys)
    keys.pressed = {"name": "forward", "at": 1}
    _until(lambda: page.only(ScrubberBar).minute == 5)
    keys.pressed = {"name": "faster", "at": 2}
    _until(lambda: "10 steps/s" in [one.value for one in page.all(ChoiceField)])
    page.close()


def _fill(page: Shown, label: str, value: str) -> None:
    # What is still being drawn would set the field back.
    _until(lambda: not page.button("Step").disabled)
    field = next(one for one in page.widgets() if getattr(one, "label", "") == label)
    field.set_trait("v_model", value)
    _until(lambda: field.v_model == value)


def _choose(page: Shown, label: str, value: str) -> None:
    next(one for one in page.all(ChoiceField) if one.label == label).value = value


class TestGoOn:
    def test_it_goes_on_to_a_time_and_back_to_an_earlier_one(self, model: CityModel) -> None:
        page = Shown(CityPage(model))
        _fill(page, "Time, such as 08:00", "00:42")
        page.button("Go").click()
        _until(lambda: "Stopped: day 1, 00:45." in page.texts())
        assert model.minute == 45
        _fill(page, "Time, such as 08:00", "00:20")
        page.button("Go").click()
        _until(lambda: "An earlier minute is shown" in page.texts())
        assert (model.minute, page.only(CityCanvas).when[-5:]) == (45, "00:20")
        page.close()

    def test_it_goes_on_until_something_is_so(self, model: CityModel) -> None:
        page = Shown(CityPage(model))
        _choose(page, "Go on until", "what a person does")
        _fill(page, "Name or id of the person", str(model.citizens[0].person))
        _choose(page, "Begins", "meal")
        page.button("Go").click()
        _until(lambda: "Stopped: " in page.texts())
        assert str(model.citizens[0].purpose) == "meal"
        page.close()

    @pytest.mark.parametrize(
        ("kind", "field", "value", "told"),
        [
            ("a time", "Day", "soon", "the number of the day must be a number, got 'soon'"),
            ("people at a place", "Name of the place", "Xanadu", "no place is called 'Xanadu'"),
            ("what a person does", "Name or id of the person", "Xaver Xu", "nobody is called"),
            ("people under way", "At least, in % of the people", "200", "at most 100 %"),
            ("what the model reports", "Value", "much", "the value must be a number, got 'much'"),
        ],
    )
    def test_what_is_filled_in_wrong_is_told_and_nothing_runs(
        self, model: CityModel, kind: str, field: str, value: str, told: str
    ) -> None:
        page = Shown(CityPage(model))
        _choose(page, "Go on until", kind)
        _fill(page, field, value)
        page.button("Go").click()
        assert told in page.texts()
        assert model.minute == 0
        page.close()


def test_a_person_who_is_clicked_is_shown(model: CityModel) -> None:
    model.step()
    page = Shown(CityPage(model))
    person = model.citizens[3].person
    page.only(CityCanvas).selected = person
    _until(lambda: model.world.names[person] in page.texts())
    page.close()


@pytest.mark.slow
def test_one_looks_back_without_changing_the_run(model: CityModel) -> None:
    for _ in range(24):
        model.step()
    before = model.digest()
    page = Shown(CityPage(model))
    page.only(ScrubberBar).wanted = {"minute": 60}
    _until(lambda: "An earlier minute is shown" in page.texts())
    assert page.only(CityCanvas).when.endswith("01:00")
    page.button("Back to now").click()
    _until(lambda: "An earlier minute is shown" not in page.texts())
    assert page.only(CityCanvas).when.endswith("02:00")
    assert (model.minute, model.digest()) == (120, before)
    page.close()


def test_other_windows_hear_where_a_replay_is_scrubbed_to(model: CityModel) -> None:
    for _ in range(24):
        model.step()
    replay = Replay.of(model)
    runner = Runner(replay)
    heard: list[int] = []
    runner.listen(lambda: heard.append(replay.minute))
    page = Shown(CityPage(replay, runner=runner))
    page.only(ScrubberBar).wanted = {"minute": 45}
    _until(lambda: page.only(CityCanvas).when.endswith("00:45"))
    assert heard[-1] == 45
    page.close()
    runner.close()


def test_a_replay_goes_where_it_is_scrubbed(model: CityModel) -> None:
    for _ in range(24):
        model.step()
    replay = Replay.of(model)
    page = Shown(CityPage(replay))
    page.only(ScrubberBar).wanted = {"minute": 45}
    _until(lambda: page.only(CityCanvas).when.endswith("00:45"))
    assert replay.minute == 45
    page.button("Begin").click()
    _until(lambda: page.only(ScrubberBar).minute == 0)
    page.close()


def test_reset_asks_for_a_new_run(model: CityModel) -> None:
    asked: list[str] = []
    page = Shown(CityPage(model, on_reset=lambda: asked.append("reset")))
    page.button("Reset").click()
    assert asked == ["reset"]
    page.close()


def test_reset_asks_first_when_a_run_would_be_lost(model: CityModel) -> None:
    reset: list[str] = []
    model.step()
    page = Shown(CityPage(model, on_reset=lambda: reset.append("reset")))
    page.button("Reset").click()
    assert "This ends the present run, which has reached Monday 1 April 2024, 00:05" in page.texts()
    page.button("Keep this run").click()
    assert "This ends the present run" not in page.texts()
    page.button("Reset").click()
    assert reset == []
    page.button("Reset the run").click()
    assert reset == ["reset"]
    page.close()


def test_a_failure_is_shown_with_what_to_do(
    model: CityModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        message = "the key is not valid"
        raise ConfigError(message)

    monkeypatch.setattr(model, "step", fail)
    page = Shown(CityPage(model))
    page.button("Step").click()
    _until(lambda: "the key is not valid" in page.texts())
    assert "press Step to try again" in page.texts()
    page.close()


@pytest.mark.slow
def test_no_widget_is_left_over_after_many_redraws(model: CityModel) -> None:
    from ipywidgets.widgets import widget

    page = Shown(CityPage(model))
    for _ in range(5):
        _step(page, model)
    count = len(widget._instances)
    for _ in range(10):
        _step(page, model)
    assert len(widget._instances) <= count + 5
    page.close()


def _step(page: Shown, model: CityModel) -> None:
    wanted = model.minute + 5
    page.button("Step").click()
    _until(lambda: page.only(ScrubberBar).minute == wanted)
    _until(lambda: not page.button("Step").disabled)


class TestExports:
    @pytest.mark.slow
    def test_a_file_is_made_when_asked_for(self, model: CityModel) -> None:
        from mesa_llm_city.ui.export.buttons import Exports

        model.step()
        shown = Shown(Exports(model))
        shown.button("Create").click()
        _until(lambda: "map.png" in str([getattr(one, "filename", "") for one in shown.widgets()]))
        shown.close()

    @pytest.mark.parametrize(
        ("error", "told"),
        [
            (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
            (ConfigError("nothing has happened yet"), "nothing has happened yet"),
        ],
    )
    def test_a_file_that_cannot_be_made_is_told(
        self, model: CityModel, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
    ) -> None:
        from mesa_llm_city.ui.export import buttons

        def fail(_: object) -> bytes:
            raise error

        monkeypatch.setattr(buttons, "map_png", fail)
        shown = Shown(buttons.Exports(model))
        shown.button("Create").click()
        _until(lambda: told in shown.texts())
        _until(lambda: _can_press(shown, "Create"))
        shown.close()


class TestNotebook:
    def test_a_model_shows_a_card(self, model: CityModel) -> None:
        model.step()
        card = model._repr_html_()
        assert "30 people, seed 7" in card
        assert "00:05" in card

    def test_a_name_of_a_city_is_text(self, model: CityModel) -> None:
        model.city.name, kept = "<b>town</b>", model.city.name
        try:
            assert "&lt;b&gt;town&lt;/b&gt;" in model._repr_html_()
        finally:
            model.city.name = kept

    def test_it_shows_the_page_or_some_components(self, model: CityModel) -> None:
        from mesa_llm_city.ui.charts.components import Clock

        few = Shown(show(model, Clock))
        assert [one for one in few.widgets() if isinstance(one, CityCanvas)] == []
        few.close()
        page = Shown(show(model))
        assert page.only(CityCanvas).title == model.city.name
        page.close()

    def test_nobody_is_told_that_it_is_shown(
        self, model: CityModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import solara.checks
        import solara.server.telemetry
        from reacton.core import jupyter_decorator_components

        from mesa_llm_city import ui

        told: list[str] = []
        monkeypatch.setattr(solara.checks, "should_perform_jupyter_check", lambda: True)
        monkeypatch.setattr(
            solara.server.telemetry, "jupyter_start", lambda: told.append("the kernel")
        )
        (as_in_a_notebook,) = jupyter_decorator_components
        shown = Shown(as_in_a_notebook(children=[ui.show(model, ui.Clock)]))
        frames = [one for one in shown.widgets() if getattr(one, "tag", "") == "iframe"]
        assert (told, frames) == ([], [])
        shown.close()

    def test_a_city_shows_its_map_without_people(self) -> None:
        city = small_town()
        seen = Shown(show(city))
        canvas = seen.only(CityCanvas)
        assert (canvas.title, canvas.person, canvas.xy) == (city.name, b"", b"")
        assert len(canvas.place_xy) > 0
        seen.close()


@pytest.mark.slow
def test_two_pages_of_two_models_share_nothing(model: CityModel) -> None:
    other = CityModel(small_town(), townspeople(), rng=8)
    one, two = Shown(CityPage(model)), Shown(CityPage(other))
    one.button("Step").click()
    _until(lambda: one.only(ScrubberBar).minute == 5)
    selected(model).set(3)
    assert two.only(ScrubberBar).minute == 0
    assert two.only(CityCanvas).selected == -1
    one.close()
    two.close()
