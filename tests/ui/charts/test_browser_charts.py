"""Charts in a browser: hover, click, brush, new numbers, dark pages, and files that are saved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("solara")

import mesa_llm_city.ui.charts as package
from mesa_llm_city.ui.charts.plots.needs import needs_plot
from mesa_llm_city.ui.charts.plots.places import places_plot
from mesa_llm_city.ui.charts.plots.plot import Plot
from mesa_llm_city.ui.charts.plots.time_use import time_use_plot
from mesa_llm_city.ui.charts.plots.trips import trips_plot
from mesa_llm_city.ui.views.live import LiveView
from tests.ui.browsing import CHROMIUM, Visit, visit
from tests.ui.shown import lived

if TYPE_CHECKING:
    from playwright.sync_api import Locator

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"needs a browser at {CHROMIUM}"),
]

_SCRIPTS = Path(package.__file__).parent
# A page as a notebook makes it: the engine comes last, and each chart has a model of its own.
_PAGE = """<!doctype html><meta charset="utf-8"><body class="theme--light">
<div id="charts" style="width:420px"></div>
<script type="module">
  const script = (text) =>
    import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  const [engine, chart] = [await script(ENGINE), await script(CHART)];
  window.sent = [];
  window.models = TRAITS.map((traits) => {
    const listeners = {};
    return {
      get: (name) => traits[name],
      set: (name, value) => { traits[name] = value; window.sent.push([name, value]); },
      save_changes: () => {},
      on: (event, call) => { (listeners[event] ??= []).push(call); },
      off: () => {},
      put: (name, value) => {
        traits[name] = value;
        for (const call of listeners[`change:${name}`] ?? []) call();
      },
    };
  });
  for (const model of window.models) {
    const el = document.createElement("div");
    document.getElementById("charts").append(el);
    chart.default.render({ model, el });
  }
  engine.default.render({});
</script>"""

_BRUSH_PX = """Math.max(0, ...[...document.querySelectorAll(".hours_brush path")]
  .map((one) => one.getBoundingClientRect().width))"""


def _traits(plot: Plot, file: str) -> dict[str, Any]:
    return {
        "spec": json.dumps(plot.spec),
        "data": json.dumps(plot.data),
        "legend": json.dumps([one._asdict() for one in plot.legend]),
        "signals": {**plot.signals, "shown": []},
        "description": plot.description,
        "picked": [],
        "selections": {},
        "file": file,
        "theme": "auto",
        "height": 0,
    }


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a page with all charts of a morning, and one that cannot be drawn."""
    view = LiveView(lived(140))
    plots = {"use": time_use_plot, "trips": trips_plot, "needs": needs_plot, "places": places_plot}
    traits = [_traits(plot(view), name) for name, plot in plots.items()]
    broken = Plot(description="broken", spec={"mark": "no such mark", "data": {"values": []}})
    text = _PAGE.replace("TRAITS", json.dumps([*traits, _traits(broken, "broken")]))
    for name, script in (("ENGINE", "vega_engine.js"), ("CHART", "vega_chart.js")):
        text = text.replace(name, json.dumps((_SCRIPTS / script).read_text(encoding="utf-8")), 1)
    path = tmp_path_factory.mktemp("charts") / "charts.html"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser(file: Path) -> Iterator[Visit]:
    """Return a browser with the page."""
    with visit(file.as_uri(), width=800, height=1400) as visited:
        yield visited


@pytest.fixture
def seen(browser: Visit) -> Visit:
    """Return a browser that shows the charts as they are at first."""
    browser.page.reload()
    browser.page.locator(".mlv-canvas svg").nth(3).wait_for()
    return browser


def _chart(seen: Visit, row: int) -> Locator:
    return seen.page.locator(".mlv").nth(row)


def _point(seen: Visit, row: int, across: float, down: float) -> tuple[float, float]:
    box = _chart(seen, row).locator(".mlv-canvas").bounding_box()
    assert box is not None
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def _sent(seen: Visit) -> list[list[Any]]:
    sent: list[list[Any]] = seen.page.evaluate("window.sent")
    return sent


def test_the_part_under_the_pointer_is_told(seen: Visit) -> None:
    seen.page.mouse.move(*_point(seen, 0, 0.3, 0.5))
    tip = _chart(seen, 0).locator(".mlv-tip")
    playwright.expect(tip).to_have_text(re.compile(r"^doing sleep\s*at 0"))
    seen.page.mouse.move(*_point(seen, 0, 0.9, 0.2))
    tip.wait_for(state="hidden")


def test_a_click_on_a_bar_or_on_the_legend_tells_its_key(seen: Visit) -> None:
    _chart(seen, 1).get_by_role("button", name="walk").click()
    seen.page.mouse.click(*_point(seen, 3, 0.4, 0.26))
    seen.page.wait_for_function("window.sent.filter(([name]) => name === 'clicked').length > 1")
    clicked = [value["key"] for name, value in _sent(seen) if name == "clicked"]
    assert clicked[0] == "m00"
    assert clicked[1][0] == "p"


def test_hours_are_dragged_over(seen: Visit) -> None:
    seen.page.mouse.move(*_point(seen, 0, 0.3, 0.5))
    seen.page.mouse.down()
    seen.page.mouse.move(*_point(seen, 0, 0.5, 0.5), steps=4)
    seen.page.mouse.up()
    seen.page.wait_for_function("window.sent.some(([name]) => name === 'selections')")
    (low, high) = _sent(seen)[-1][1]["hours"]["hour"]
    assert 3 < low < 8 < high < 13
    assert seen.page.evaluate(_BRUSH_PX) > 20
    seen.page.evaluate("window.models[0].put('selections', {})")
    seen.page.wait_for_function(f"{_BRUSH_PX} < 1")


def test_new_numbers_are_shown_in_the_same_drawing(seen: Visit) -> None:
    svg = _chart(seen, 3).locator(".mlv-canvas svg")
    svg.evaluate("node => { node.dataset.kept = 'yes'; }")
    seen.page.evaluate(
        """window.models[3].put("data", JSON.stringify({ places: {
             row: [0], key: ["p1"], name: ["渋谷駅"], visits: [7], liked: [null] } }))"""
    )
    svg.get_by_text("渋谷駅").wait_for()
    playwright.expect(svg.get_by_text("7", exact=True).first).to_be_visible()
    assert svg.get_attribute("data-kept") == "yes"


def test_what_is_not_picked_is_pale(seen: Visit) -> None:
    pale = "document.querySelectorAll('.mlv')[1].querySelectorAll('path[opacity=\"0.3\"]').length"
    assert seen.page.evaluate(pale) == 0
    seen.page.evaluate(
        """window.models[1].put("signals", {...window.models[1].get("signals"), shown: ["m00"]});
           window.models[1].put("picked", ["m00"]);"""
    )
    seen.page.wait_for_function(f"{pale} > 0")
    walk = _chart(seen, 1).get_by_role("button", name="walk")
    playwright.expect(walk).to_have_attribute("aria-pressed", "true")


def test_a_dark_page_makes_dark_charts(seen: Visit) -> None:
    text = "getComputedStyle(document.querySelector('.mlv svg text')).fill"
    assert seen.page.evaluate(text) == "rgb(31, 41, 51)"
    seen.page.evaluate("document.body.className = 'theme--dark'")
    seen.page.evaluate("document.documentElement.dataset.changed = 'yes'")
    seen.page.wait_for_function(f"{text} === 'rgb(232, 237, 242)'")


def test_it_follows_the_width_of_its_container(seen: Visit) -> None:
    seen.page.evaluate("document.getElementById('charts').style.width = '300px'")
    seen.page.wait_for_function("document.querySelector('.mlv svg').clientWidth <= 300")


@pytest.mark.parametrize(
    ("label", "ending", "begins"),
    [("SVG", "svg", b"<svg"), ("PNG", "png", b"\x89PNG"), ("CSV", "csv", b"hour,m00,")],
)
def test_a_chart_is_saved(seen: Visit, label: str, ending: str, begins: bytes) -> None:
    menu = _chart(seen, 1).locator(".mlv-save")
    menu.locator("summary").click()
    with seen.page.expect_download() as download:
        menu.get_by_role("button", name=label).click()
    saved = download.value
    assert saved.suggested_filename == f"trips.{ending}"
    content = Path(saved.path()).read_bytes()
    assert content.startswith(begins)
    # A saved picture has the legend that the page has as buttons.
    assert label != "SVG" or b">bicycle</text>" in content


def test_a_chart_that_cannot_be_drawn_says_why(seen: Visit) -> None:
    told = _chart(seen, 4).get_by_role("alert").inner_text()
    assert told.startswith("This chart cannot be drawn: ")
