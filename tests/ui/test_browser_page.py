"""The page in a browser: it loads, runs, is clicked and asked, and stays on this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.ui.export.html_replay import save_html_replay
from mesa_llm_city.ui.focus import TimeRange
from mesa_llm_city.ui.views.past_trips import past_trips
from mesa_llm_city.ui.views.replay import Replay
from tests.ui.browsing import AXE, CHROMIUM, Visit, served, solara_app, visit

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytest.importorskip("solara")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.each_line,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"needs a browser at {CHROMIUM}"),
]

_NO_AXE = "needs axe-core (npm ci in javascript)"

_VIZ = """
from mesa.visualization import SolaraViz
from mesa_llm_city.models.town_day.model import TownDay
from mesa_llm_city.ui import AgentCard, CityMap, Clock, TimeUse, TripsPerHour

page = SolaraViz(
    TownDay(citizens=60, places=600, rng=7),
    components=[CityMap, Clock, TimeUse, TripsPerHour, AgentCard],
    model_params={"citizens": 60, "places": 600, "rng": 7},
    name="Town",
)
"""

_ROOM = """one => {
  const style = getComputedStyle(one), pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return room - pen.measureText(TEXT).width;
}"""
"""Room that a text leaves in a field, in pixels."""

_COLOURS = """(() => {
  const shades = new Set();
  for (const canvas of document.querySelectorAll(".mlc canvas")) {
    const copy = document.createElement("canvas");
    copy.width = copy.height = 200;
    const pen = copy.getContext("2d");
    pen.drawImage(canvas, 0, 0, 200, 200);
    const { data } = pen.getImageData(0, 0, 200, 200);
    for (const one of new Uint32Array(data.buffer)) shades.add(one);
  }
  return shades.size;
})()"""
"""How many colours the map has."""

_LATE = """{
const make = URL.createObjectURL;
URL.createObjectURL = (blob) => blob.type !== "text/javascript" ? make(blob) : make(new Blob([`
  await new Promise((load) => setTimeout(load, 2500));
  export default (await import("${make(blob)}")).default;
`], { type: blob.type }));
}"""
"""Has each part of the page take seconds to load."""

_KEY_AFTER_LIST = """() => {
  document.querySelector(".city-keys").close();
  const focused = document.activeElement;
  focused.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  return focused.textContent;
}"""
"""Presses a key before the next frame, while the list that has closed still has the focus."""

_PHONE, _TABLET = (390, 844, "light"), (768, 1024, "light")
_DARK, _DESK, _WIDE = (1280, 800, "dark"), (1400, 900, "light"), (1920, 1080, "light")


def _on(*screens: tuple[int, int, str]) -> pytest.MarkDecorator:
    """Have the tests of a class that look at a page on the same screen share it."""
    names = [f"{width}-{scheme}" for width, _, scheme in screens]
    return pytest.mark.parametrize("opened", screens, indirect=True, ids=names)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, empty_pictures: None) -> Path:
    """Return the folder of a run."""
    del empty_pictures
    return run(RunOptions(citizens=60, out=tmp_path_factory.mktemp("runs") / "town"))


@pytest.fixture(scope="class")
def finished(folder: Path) -> Iterator[Visit]:
    """Return a browser that shows a replay."""
    with served("replay", str(folder)) as url, visit(url) as seen:
        _shows(seen.page.locator(".city-time"), "00:00")
        yield seen


@pytest.fixture(scope="class")
def opened(live: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Return a browser that has just opened the page; tests leave it as they have found it."""
    width, height, scheme = request.param
    with visit(live, width=width, height=height, scheme=scheme) as seen:
        _shows(seen.page.locator(".city-time"), "00:00")
        yield seen


def _shows(locator: Locator, text: str | re.Pattern[str]) -> None:
    playwright.expect(locator).to_have_text(text)


def _press(seen: Visit, name: str) -> None:
    seen.page.get_by_role("button", name=name, exact=True).first.click()


def _let_go(seen: Visit) -> None:
    """Select nobody."""
    seen.page.locator(".mlc-stage").press("Escape")
    playwright.expect(seen.page.locator(".city-name")).to_have_count(0)


def _height(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["height"]


def _find(seen: Visit, name: str) -> None:
    field = seen.page.get_by_placeholder("Find a person")
    field.fill(name)
    seen.page.locator(".mlc-found [data-row]").first.wait_for()
    field.press("Enter")


def _go_to(seen: Visit, time: str) -> None:
    seen.page.get_by_role("button", name="Go to …").click()
    seen.page.get_by_label("Time, such as 08:00").fill(time)
    _press(seen, "Go")


def _hindrances(seen: Visit) -> list[tuple[str, str]]:
    """Return what keeps people from using the page, as far as axe-core finds it."""
    seen.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = seen.page.evaluate("axe.run().then((told) => told.violations)")
    serious = [one for one in found if one["impact"] in {"serious", "critical"}]
    return [(one["id"], one["nodes"][0]["html"]) for one in serious]


class TestLive:
    def test_a_fresh_page_skips_to_the_morning(self, live: str) -> None:
        with visit(live) as seen:
            _press(seen, "Skip to the morning")
            _shows(seen.page.locator(".city-time"), "06:30")
            _shows(seen.page.locator(".city-state"), "Stopped: day 1, 06:30.")
            playwright.expect(seen.page.locator(".city-night")).to_have_count(0)

    def test_keys_step_play_and_tell_what_they_do(self, live: str) -> None:
        with visit(live) as seen:
            clock, keyboard = seen.page.locator(".city-time"), seen.page.keyboard
            _shows(clock, "00:00")
            # Keys are heard as soon as their button is there.
            seen.page.locator(".city-keys-button").wait_for()
            keyboard.press("?")
            dialog = seen.page.get_by_role("dialog", name="Keys of this page")
            dialog.wait_for()
            keyboard.press("Escape")
            # A key that is pressed while the list is open belongs to the list.
            dialog.wait_for(state="hidden")
            keyboard.press("ArrowRight")
            _shows(clock, "00:05")
            keyboard.press("+")
            playwright.expect(seen.page.get_by_label("Speed")).to_have_value("10 steps/s")
            keyboard.press(" ")
            _shows(clock, re.compile(r"00:[1-5]\d|0[1-9]:\d\d"))
            keyboard.press(" ")
            _shows(seen.page.locator(".city-state"), re.compile("Paused"))
            keyboard.press("ArrowLeft")
            seen.page.get_by_text("An earlier minute is shown").wait_for()

    def test_a_key_right_after_the_list_of_keys_is_heard(self, live: str) -> None:
        with visit(live) as seen:
            clock = seen.page.locator(".city-time")
            _shows(clock, "00:00")
            seen.page.locator(".city-keys-button").wait_for()
            seen.page.keyboard.press("?")
            seen.page.get_by_role("dialog", name="Keys of this page").wait_for()
            assert seen.page.evaluate(_KEY_AFTER_LIST) == "Close"
            _shows(clock, "00:05")

    def test_it_goes_to_a_time_and_plays_from_there_until_it_is_paused(self, live: str) -> None:
        with visit(live) as seen:
            clock = seen.page.locator(".city-time")
            _go_to(seen, "01:00")
            _shows(clock, "01:00")
            playwright.expect(seen.page.locator(".city-go")).to_be_hidden()
            _press(seen, "Play")
            _shows(clock, re.compile(r"01:[1-5]\d|0[2-9]:\d\d"))
            _press(seen, "Pause")
            _shows(seen.page.locator(".city-state"), re.compile("Paused"))
            # That nothing moves takes time to see.
            seen.page.wait_for_timeout(500)
            stood = clock.inner_text()
            seen.page.wait_for_timeout(1000)
            assert clock.inner_text() == stood

    def test_the_form_stays_open_while_a_time_is_refused(self, live: str) -> None:
        with visit(live) as seen:
            form = seen.page.locator(".city-go")
            seen.page.get_by_role("button", name="Go to …").click()
            for wanted in ("25:00", "noon"):
                seen.page.get_by_label("Time, such as 08:00").fill(wanted)
                _press(seen, "Go")
                error = seen.page.locator(".city-popup-inside .city-error")
                playwright.expect(error).to_contain_text(wanted)
                playwright.expect(form).to_be_visible()
            seen.page.keyboard.press("Escape")
            playwright.expect(form).to_be_hidden()

    def test_a_browser_has_a_run_of_its_own_that_outlives_a_reload_and_not_a_reset(
        self, live: str
    ) -> None:
        with visit(live) as seen:
            _press(seen, "Step")
            _shows(seen.page.locator(".city-time"), "00:05")
            browser = seen.page.context.browser
            assert browser is not None
            with browser.new_page() as other:
                other.goto(live)
                _shows(other.locator(".city-time"), "00:00")
            _find(seen, "a")
            name = seen.page.locator(".city-name").inner_text()
            seen.page.reload()
            _shows(seen.page.locator(".city-time"), "00:05")
            _shows(seen.page.locator(".city-name"), name)
            _press(seen, "Reset")
            _press(seen, "Reset the run")
            _shows(seen.page.locator(".city-time"), "00:00")

    def test_a_map_that_loads_slowly_follows_the_run(self, live: str) -> None:
        with visit(live, script=_LATE) as seen:
            playwright.expect(seen.page.locator(".mlc-head")).to_contain_text("00:00")
            _press(seen, "Step")
            playwright.expect(seen.page.locator(".mlc-head")).to_contain_text("00:05")

    def test_a_person_who_is_found_is_shown_and_can_be_asked(self, live: str) -> None:
        with visit(live) as seen:
            _press(seen, "Step")
            _shows(seen.page.locator(".city-time"), "00:05")
            _find(seen, "a")
            seen.page.locator(".city-name").wait_for()
            seen.page.get_by_role("tab", name="Interview").click()
            question = seen.page.get_by_label(re.compile("^Ask "))
            question.fill("What are you doing?")
            seen.page.get_by_role("button", name="Ask", exact=True).click()
            playwright.expect(seen.page.locator(".city-said")).to_contain_text(
                "What are you doing?"
            )
            assert "Not part of the run" in seen.page.locator(".city-not-part").inner_text()
            _shows(seen.page.locator(".city-time"), "00:05")


class TestScreen:
    """What the page looks like, whatever Mesa runs the model."""

    @_on(_PHONE, _TABLET, _WIDE)
    def test_the_map_is_seen_first_at_any_size(self, opened: Visit) -> None:
        size = opened.page.viewport_size
        box = opened.page.locator(".mlc").bounding_box()
        assert box is not None
        assert size is not None
        assert box["y"] + box["height"] <= size["height"]
        assert box["height"] >= 0.55 * size["height"]
        assert box["y"] <= 0.2 * size["height"]

    @_on(_PHONE)
    def test_it_fits_a_narrow_window(self, opened: Visit) -> None:
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= _PHONE[0]

    @_on(_PHONE)
    def test_a_person_who_is_found_on_a_phone_is_shown_on_the_screen(self, opened: Visit) -> None:
        _find(opened, "a")
        playwright.expect(opened.page.locator(".city-name")).to_be_in_viewport()
        _press(opened, "Close the person")
        playwright.expect(opened.page.locator(".city-name")).to_have_count(0)

    @_on(_PHONE, _DARK)
    def test_tables_about_a_person_show_all_their_columns(self, opened: Visit) -> None:
        _press(opened, "Step")
        _shows(opened.page.locator(".city-time"), "00:05")
        _find(opened, "a")
        opened.page.locator(".city-name").wait_for()
        for tab in ("Ties", "Decisions"):
            opened.page.get_by_role("tab", name=tab).click()
            table = opened.page.locator(f".city-{tab.lower()} .city-rows")
            table.wait_for()
            assert table.evaluate("one => one.scrollWidth - one.clientWidth") <= 1, tab
        opened.page.get_by_role("tab", name="Who").click()
        opened.page.locator(".city-name").wait_for()
        _let_go(opened)

    @_on(_DARK)
    def test_the_first_visit_is_dark_in_a_dark_system(self, opened: Visit) -> None:
        playwright.expect(opened.page.locator(".theme--dark .city-page")).to_have_count(1)

    @_on(_DESK, _WIDE)
    def test_the_tabs_of_a_person_stand_in_one_row_on_a_wide_page(self, opened: Visit) -> None:
        tabs = opened.page.locator(".city-person [role=tab]").all()
        boxes = [one.bounding_box() for one in tabs]
        assert len(boxes) > 5
        assert len({box["y"] for box in boxes if box is not None}) == 1

    @_on(_DESK)
    def test_there_is_no_console(self, opened: Visit) -> None:
        assert "console" not in opened.page.locator(".city-page").inner_text().lower()

    @_on(_DESK)
    def test_the_words_of_the_bar_of_the_map_are_whole(self, opened: Visit) -> None:
        field = opened.page.locator(".mlc-bar input")
        choice = opened.page.locator(".mlc-measure")
        assert field.evaluate(_ROOM.replace("TEXT", "one.placeholder")) >= 0
        shown = "one.selectedOptions[0].text"
        # The arrow of the list takes some 20 pixels.
        assert choice.evaluate(_ROOM.replace("TEXT", shown)) >= 20

    @_on(_DESK)
    def test_the_map_is_drawn_in_more_than_one_colour(self, opened: Visit) -> None:
        opened.page.wait_for_function(_COLOURS + " > 20")

    @_on(_DESK)
    def test_a_map_is_saved(self, opened: Visit, tmp_path: Path) -> None:
        _press(opened, "Create")
        with opened.page.expect_download() as download:
            opened.page.get_by_text(re.compile("Save map.png")).click()
        file = tmp_path / "map.png"
        download.value.save_as(file)
        assert file.read_bytes().startswith(b"\x89PNG")

    @_on(_DESK)
    def test_a_dot_is_clicked(self, opened: Visit) -> None:
        # Whom the map has found stands in its middle.
        _find(opened, "a")
        opened.page.locator(".city-name").wait_for()
        _let_go(opened)
        opened.page.locator(".mlc-stage").click()
        opened.page.locator(".city-name").wait_for()
        _let_go(opened)

    @_on(_DESK)
    def test_people_are_reached_by_keyboard(self, opened: Visit) -> None:
        opened.page.locator(".mlc-stage").focus()
        for _ in range(3):
            opened.page.keyboard.press("n")
        opened.page.keyboard.press("Enter")
        opened.page.locator(".city-name").wait_for()
        _let_go(opened)

    @_on(_TABLET, _DESK)
    def test_the_bar_keeps_its_height_while_a_run_goes_on(self, opened: Visit) -> None:
        before = _height(opened.page.locator(".city-bar"))
        _go_to(opened, "23:55")
        opened.page.locator(".city-progress").wait_for()
        assert _height(opened.page.locator(".city-progress")) <= 8
        assert _height(opened.page.locator(".city-bar")) <= before + 2
        _press(opened, "Pause")

    @pytest.mark.skipif(not AXE.is_file(), reason=_NO_AXE)
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [390, 1400])
    def test_it_has_no_serious_hindrance_for_anybody(
        self, live: str, width: int, scheme: str
    ) -> None:
        with visit(live, width=width, scheme=scheme) as seen:
            _shows(seen.page.locator(".city-time"), "00:00")
            assert _hindrances(seen) == []
            _press(seen, "Step")
            _find(seen, "a")
            seen.page.locator(".city-name").wait_for()
            seen.page.get_by_role("button", name="Go to …").click()
            assert _hindrances(seen) == []
            seen.page.keyboard.press("Escape")
            for tab in ("Day", "Ties", "Decisions", "Interview"):
                seen.page.get_by_role("tab", name=tab).click()
                seen.page.wait_for_timeout(600)
                assert _hindrances(seen) == [], tab


class TestReplay:
    def test_it_is_scrubbed(self, finished: Visit) -> None:
        _shows(finished.page.locator(".city-time"), "00:00")
        finished.page.get_by_label("time of the run").fill("765")
        _shows(finished.page.locator(".city-time"), "12:45")
        playwright.expect(finished.page.locator(".mlc-head")).to_contain_text("12:45")

    def test_it_plays_and_begins_again(self, finished: Visit) -> None:
        _press(finished, "Play")
        _shows(finished.page.locator(".city-time"), re.compile(r"(?!00:00)\d\d:\d\d"))
        _press(finished, "Pause")
        _press(finished, "Begin")
        _shows(finished.page.locator(".city-time"), "00:00")

    def test_a_person_is_shown_with_the_day_and_the_mind_of_that_minute(
        self, finished: Visit
    ) -> None:
        finished.page.get_by_label("time of the run").fill("1190")
        _shows(finished.page.locator(".city-time"), "19:50")
        _find(finished, "a")
        finished.page.locator(".city-name").wait_for()
        finished.page.get_by_role("tab", name="Day").click()
        now = finished.page.locator(".city-day .mlm-now")
        now.wait_for()
        assert finished.page.locator(".city-day .mlm-note").count() > 3
        for tab in ("Memory", "Ties"):
            finished.page.get_by_role("tab", name=tab).click()
            finished.page.locator(".city-tab .city-rows").wait_for()

    def test_the_feed_is_filtered_and_leads_to_people(self, finished: Visit) -> None:
        finished.page.get_by_label("time of the run").fill("1190")
        _shows(finished.page.locator(".city-time"), "19:50")
        finished.page.get_by_role("tab", name="Feed").click()
        items = finished.page.locator(".mlm-item")
        decisions = finished.page.locator(".mlm-item", has_text="chose the way")
        decisions.first.wait_for()
        finished.page.get_by_role("button", name="Decisions").click()
        playwright.expect(decisions).to_have_count(0)
        # Rows out of sight are not laid out, and have no inner text.
        name = items.first.locator(".mlm-name").first.text_content() or ""
        items.first.locator(".mlm-name").first.click()
        finished.page.get_by_role("tab", name="Who").click()
        _shows(finished.page.locator(".city-name"), name)
        finished.page.get_by_role("tab", name="Network").click()
        finished.page.locator(".mlm-net .mlm-node").first.wait_for()
        chosen = finished.page.locator(".city-network").get_by_label("Network")
        playwright.expect(chosen).to_have_value("ties")


def test_a_run_goes_on_after_the_server_was_restarted(tmp_path: Path) -> None:
    command = ("serve", "town_day", "--citizens", "20", "--keep", str(tmp_path))
    with served(*command) as url, visit(url) as seen:
        _press(seen, "Step")
        _shows(seen.page.locator(".city-time"), "00:05")
        cookies = seen.page.context.cookies()
    with served(*command) as url, visit(url, cookies=cookies) as seen:
        _shows(seen.page.locator(".city-time"), "00:05")


@pytest.mark.skipif(not AXE.is_file(), reason=_NO_AXE)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_exported_file_has_no_serious_hindrance(
    folder: Path, tmp_path: Path, scheme: str
) -> None:
    file = save_html_replay(Replay.read(folder), tmp_path / "run.html")
    with visit(file.as_uri(), scheme=scheme) as seen:
        _shows(seen.page.locator("#time"), "00:00")
        assert _hindrances(seen) == []


def test_the_exported_file_plays_without_a_server(folder: Path, tmp_path: Path) -> None:
    replay = Replay.read(folder)
    file = save_html_replay(replay, tmp_path / "run.html")
    with visit(file.as_uri()) as seen:
        time = seen.page.locator("#time")
        _shows(time, "00:00")
        seen.page.get_by_label("time of the run").fill("765")
        _shows(time, "12:45")
        playwright.expect(seen.page.locator(".mlc-head")).to_contain_text("12:45")
        _find(seen, "a")
        seen.page.locator("#person h2").wait_for()
        seen.page.locator("#person .mlm-now").wait_for()
        for tab, part in (("Memory", "table"), ("Ties", "table"), ("Day", ".mlm-day")):
            seen.page.locator("#person").get_by_role("tab", name=tab).click()
            seen.page.locator(f"#person {part}").wait_for()
        below = seen.page.locator("#sections")
        below.get_by_role("tab", name="Feed").click()
        below.locator(".mlm-item").first.wait_for()
        below.get_by_role("tab", name="Network").click()
        below.locator(".mlm-node").first.wait_for()
        _marks_hours(seen, replay)
        seen.page.get_by_role("button", name="Play").click()
        _shows(time, re.compile(r"1[3-9]:\d\d"))


def _marks_hours(seen: Visit, replay: Replay) -> None:
    """Mark hours and people in an exported file at 12:45: map, feed and network are of these."""
    below = seen.page.locator("#sections")
    seen.page.get_by_role("button", name="Mark hours").click()
    box = seen.page.locator("#bar .brush").bounding_box()
    assert box is not None
    # Eight pixels are free at either end of the bar.
    seven, ten = (box["x"] + 8 + (box["width"] - 16) * hour / 24 for hour in (7, 10))
    seen.page.mouse.move(seven, box["y"] + 20)
    seen.page.mouse.down()
    seen.page.mouse.move(ten, box["y"] + 20, steps=4)
    seen.page.mouse.up()
    seen.page.get_by_role("button", name="Trips", exact=True).click()
    replay.go_to(765)
    trips = past_trips(replay, TimeRange(420, 600).latest(765), most=1).total
    _shows(seen.page.locator(".mlc-hours span"), f"07:00-10:00, day 1: {trips} trips")
    below.get_by_label("Among whom").select_option("household")
    told = below.locator(".mlm-net + .mlm-status")
    _shows(told, re.compile(r"^\d+ (person|people): lines are blue"))
    below.get_by_role("tab", name="Feed").click()
    chip = below.locator(".mlm-hours-chip")
    playwright.expect(chip).to_contain_text("07:00-10:00, day 1")
    below.get_by_role("tab", name="Charts").click()
    below.locator(".legend button").first.click()
    playwright.expect(seen.page.locator("#focus .chips button")).to_have_count(1)
    below.get_by_role("tab", name="Feed").click()
    chip.click()
    playwright.expect(seen.page.locator(".mlc-hours")).to_be_hidden()


def test_the_components_drop_into_solara_viz(tmp_path: Path) -> None:
    file = tmp_path / "viz.py"
    file.write_text(_VIZ, encoding="utf-8")
    with solara_app(file) as url, visit(url) as seen:
        clock = seen.page.locator(".city-time")
        _shows(clock, "00:00")
        for minute in ("00:05", "00:10"):
            seen.page.get_by_role("button", name="Step", exact=True).click()
            _shows(clock, minute)
        playwright.expect(seen.page.locator(".mlc-head")).to_contain_text("00:10")
