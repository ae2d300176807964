"""The map in a browser: layers, tables, pictures, colours, and what happens without WebGL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("solara")

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.export.html_replay import save_html_replay
from mesa_llm_city.ui.views.replay import Replay
from tests.town import small_town, townspeople
from tests.ui.browsing import CHROMIUM, Visit, visit

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"needs a browser at {CHROMIUM}"),
]

_INKED = """name => {
  const canvas = document.querySelector(`.mlc-${name}`);
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.some((value, at) => at % 4 === 3 && value > 0);
}"""
_LOSE = """document.querySelector(".mlc-people").getContext("webgl2")
  .getExtension("WEBGL_lose_context").loseContext()"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that replays ten hours of the small town."""
    model = CityModel(small_town(), townspeople(), rng=5)
    while model.minute < 10 * 60:
        model.step()
    replay = Replay.of(model)
    replay.go_to(9 * 60)
    return save_html_replay(replay, tmp_path_factory.mktemp("map") / "run.html")


@pytest.fixture
def seen(file: Path) -> Iterator[Visit]:
    """Return a browser that shows the replay."""
    with visit(file.as_uri()) as visited:
        visited.page.locator(".mlc-head", has_text="09:00").wait_for()
        yield visited


def _press(seen: Visit, name: str) -> None:
    seen.page.locator(".mlc-bar").get_by_role("button", name=name, exact=True).click()


def _wait_until_inked(seen: Visit, canvas: str, *, is_inked: bool = True) -> None:
    """Wait until something, or nothing, is drawn on a canvas."""
    what = f"the canvas {canvas} is {'not ' * is_inked}empty"
    seen.until(lambda: seen.page.evaluate(_INKED, canvas) is is_inked, what)


@pytest.mark.parametrize(
    ("layer", "canvas"), [("Heat", "flows"), ("Trips", "trips"), ("Flows", "flows")]
)
def test_a_layer_is_drawn_and_taken_off_again(seen: Visit, layer: str, canvas: str) -> None:
    for is_drawn in (True, False):
        _press(seen, layer)
        _wait_until_inked(seen, canvas, is_inked=is_drawn)


def test_zones_take_the_colours_of_a_measure_which_the_legend_tells(seen: Visit) -> None:
    seen.page.select_option(".mlc-measure", "residents")
    _wait_until_inked(seen, "flows")
    part = seen.page.locator(".mlc-layer[data-layer=zones]")
    playwright.expect(part.locator("summary")).to_have_text("residents")
    part.locator("summary").click()
    playwright.expect(part.locator(".mlc-ramp")).to_be_hidden()
    seen.page.select_option(".mlc-measure", "")
    _wait_until_inked(seen, "flows", is_inked=False)
    playwright.expect(part).to_have_count(0)


def test_the_legend_of_flows_chooses_their_time(seen: Visit) -> None:
    _press(seen, "Flows")
    part = seen.page.locator(".mlc-layer[data-layer=flows]")
    day = part.get_by_role("button", name="since midnight")
    day.click()
    playwright.expect(day).to_have_attribute("aria-pressed", "true")
    playwright.expect(part.locator(".mlc-item").first).to_contain_text("trip")


def test_the_tables_count_everybody_and_close_by_escape(seen: Visit) -> None:
    _press(seen, "Table")
    tables = seen.page.locator(".mlc-table table")
    playwright.expect(tables).to_have_count(2)
    for table in tables.all():
        cells = table.locator("tbody td:nth-child(2)").all_inner_texts()
        assert sum(int(cell) for cell in cells) == len(townspeople())
    seen.page.keyboard.press("Escape")
    playwright.expect(tables.first).to_be_hidden()


def test_the_tables_leave_the_bar_free(seen: Visit) -> None:
    _press(seen, "Table")
    bar = seen.page.locator(".mlc-bar").bounding_box()
    table = seen.page.locator(".mlc-table").bounding_box()
    assert bar is not None
    assert table is not None
    assert table["y"] >= bar["y"] + bar["height"]


def test_colours_by_mode_explain_those_who_are_not_under_way(seen: Visit) -> None:
    seen.page.get_by_label("Colour by").select_option("mode")
    legend = seen.page.locator(".mlc-legend")
    playwright.expect(legend.locator("summary")).to_have_text("mode")
    playwright.expect(legend).to_contain_text("not under way")


def test_a_picture_is_saved(seen: Visit, tmp_path: Path) -> None:
    with seen.page.expect_download() as download:
        _press(seen, "PNG")
    picture = tmp_path / "city.png"
    download.value.save_as(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_people_are_drawn_by_pixels_where_a_program_stands_in_for_a_graphics_card(
    seen: Visit,
) -> None:
    playwright.expect(seen.page.locator(".mlc")).to_have_attribute("data-renderer", "2d")
    _wait_until_inked(seen, "people")


def test_people_are_still_drawn_after_webgl_is_lost(file: Path, tmp_path: Path) -> None:
    before, text, after = file.read_text("utf-8").partition('"renderer": "auto"')
    assert text
    other = tmp_path / "run.html"
    other.write_text(f'{before}"renderer": "webgl2"{after}', "utf-8")
    with visit(other.as_uri()) as seen:
        root = seen.page.locator(".mlc")
        playwright.expect(root).to_have_attribute("data-renderer", "webgl2")
        seen.page.evaluate(_LOSE)
        playwright.expect(root).to_have_attribute("data-renderer", "2d")
        _wait_until_inked(seen, "people")


def test_a_person_is_described_in_words(seen: Visit) -> None:
    stage = seen.page.locator(".mlc-stage")
    playwright.expect(stage).to_have_attribute("aria-label", re.compile(r"09:00: \d+ people; "))
    stage.focus()
    seen.page.keyboard.press("n")
    playwright.expect(seen.page.locator(".mlc-tip b")).to_have_text(re.compile(r"\w+ \w+"))
