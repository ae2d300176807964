"""Maps of two runs and of their differences in a browser: they move together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.ui.browsing import CHROMIUM, Visit, solara_app, visit

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytest.importorskip("solara")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"needs a browser at {CHROMIUM}"),
]

_APP = """
import solara
from mesa_llm_city import City, CityModel, Population
from mesa_llm_city.simulation.saving import restored, snapshot
from mesa_llm_city.ui import CityMap
from mesa_llm_city.ui.comparing.difference_map import DifferenceMap
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.map.sharing import SharedLook
from mesa_llm_city.ui.views.live import LiveView

city = City.synthetic(rng=1, places=400)
model = CityModel(city, Population.synthesize(40, city=city, rng=3), rng=5)
while model.minute < 7 * 60:
    model.step()
other = restored(snapshot(model))
other.act({"kind": "close", "zone": city.zones.names[0]}, who="test")
while model.minute < 10 * 60:
    model.step()
    other.step()
shown, closed = LiveView(model), LiveView(other)
pair = Pair(shown=shown, other=closed, names=("as it was", "closed"), parted=420)
look = SharedLook()
is_open = solara.reactive(False)


@solara.component
def Page():
    with solara.Columns([1, 1]):
        with solara.Div(style={"height": "400px"}):
            CityMap(shown, shared=look, other=closed)
        with solara.Div(style={"height": "400px"}):
            CityMap(closed, shared=look, other=shown)
    solara.Checkbox(label="Differences", value=is_open)
    if is_open.value:
        DifferenceMap(pair, shared=look, height=400)
"""

_DRAW_THE_SAME = """() => {
  const [one, other] = [...document.querySelectorAll(".mlc-baseMap")];
  // While a map moves, its last drawing is moved along.
  if (one.style.transform || other.style.transform) return false;
  const pixels = ({ width, height }, canvas) =>
    canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const [some, others] = [pixels(one, one), pixels(one, other)];
  // Edges may be rounded to another shade.
  let unlike = 0;
  for (let at = 0; at < some.length; at++) unlike += Math.abs(some[at] - others[at]) > 16;
  return unlike < some.length / 1000;
}"""
_LONG_MS = 60_000
_ARE_NAMED = """() => [...document.querySelectorAll(".mlc-labels")].every((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, at) => at % 4 === 3 && value > 0);
})"""
_DRAWN = "() => document.querySelector('.mlc-baseMap').toDataURL()"
_OTHER_THAN = "before => document.querySelector('.mlc-baseMap').toDataURL() !== before"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a page with the maps of two runs."""
    file = tmp_path_factory.mktemp("compare") / "app.py"
    file.write_text(_APP, encoding="utf-8")
    with solara_app(file) as address:
        yield address


@pytest.fixture
def seen(url: str) -> Iterator[Visit]:
    """Return a browser that shows both maps."""
    with visit(url) as visited:
        _count(visited.page.locator(".mlc-head", has_text="10:00"), 2)
        visited.page.wait_for_function(_ARE_NAMED)
        yield visited


def _count(locator: Locator, count: int) -> None:
    playwright.expect(locator).to_have_count(count, timeout=_LONG_MS)


def _shows(locator: Locator, text: str) -> None:
    playwright.expect(locator).to_contain_text(text, timeout=_LONG_MS)


def _scales(seen: Visit) -> Locator:
    return seen.page.locator(".mlc-scale")


def _wait_until_both_draw_the_same(seen: Visit, before: str) -> None:
    """Wait until the maps show the same part of the city, another one than before."""
    seen.page.wait_for_function(_OTHER_THAN, arg=before)
    seen.page.wait_for_function(_DRAW_THE_SAME)


def _point_until_told(seen: Visit, stage: Locator, tip: Locator) -> None:
    """Point at the middle of a map until it tells what is there: it may be drawn a little later."""
    box = stage.bounding_box()
    assert box is not None
    for attempt in range(200):
        shift = attempt % 2
        seen.page.mouse.move(
            box["x"] + 0.55 * box["width"] + shift, box["y"] + 0.55 * box["height"]
        )
        if tip.count():
            return
        seen.page.wait_for_timeout(50)
    pytest.fail("the map tells of no zone")


def test_maps_of_two_runs_move_together_whichever_is_moved(seen: Visit) -> None:
    stages = seen.page.locator(".mlc-stage")
    for at, keys in ((0, ("+", "+", "ArrowLeft")), (1, ("ArrowUp", "-")), (1, ("0",))):
        before = seen.page.evaluate(_DRAWN)
        stages.nth(at).focus()
        for key in keys:
            seen.page.keyboard.press(key)
        _wait_until_both_draw_the_same(seen, before)


def test_a_map_that_comes_later_looks_where_the_others_do(seen: Visit) -> None:
    first = _scales(seen).first
    playwright.expect(first).not_to_be_empty(timeout=_LONG_MS)
    whole = first.inner_text()
    seen.page.locator(".mlc-stage").first.focus()
    for _ in range(4):
        seen.page.keyboard.press("+")
    playwright.expect(first).not_to_have_text(whole, timeout=_LONG_MS)
    seen.page.wait_for_function(_DRAW_THE_SAME)
    near = first.inner_text()
    _shows(_scales(seen).nth(1), near)
    seen.page.get_by_text("Differences", exact=True).click()
    _count(_scales(seen), 3)
    _shows(_scales(seen).nth(2), near)
    seen.page.locator(".mlc-stage").nth(2).focus()
    seen.page.keyboard.press("0")
    _shows(first, whole)


def test_the_map_of_differences_tells_of_zones_and_offers_no_more_than_it_shows(
    seen: Visit,
) -> None:
    seen.page.get_by_text("Differences", exact=True).click()
    part = seen.page.locator(".mlc-layer[data-layer=zones]")
    _shows(part, "closed minus as it was")
    _shows(part, "fewer")
    tip = seen.page.locator(".mlc-tip:visible", has_text="in closed")
    _point_until_told(seen, seen.page.locator(".mlc-stage").nth(2), tip)
    seen.page.locator(".mlc-measure").nth(2).select_option("residents")
    _shows(part, "residents")
    _shows(seen.page.locator(".city-difference-note"), "No zone differs by residents.")
    for name in ("Heat", "Trips", "Flows", "Follow", "Table"):
        _count(seen.page.get_by_role("button", name=name, exact=True), 2)
    _count(seen.page.get_by_role("button", name="People", exact=True), 3)
    _count(seen.page.locator(".mlc-empty:visible"), 0)
