"""What differs between two runs in a browser: the list of people, charts, and seeds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.browsing import AXE, CHROMIUM, solara_app, visit

pytest.importorskip("solara")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"needs a browser at {CHROMIUM}"),
]

# A machine that does much else at the same time may be slow.
_SOON_MS = 60_000
# The language and a main landmark come with the page of a city, which this is not.
_RULES = "{rules: {region: {enabled: false}}}"

_APP = """
import solara

from mesa_llm_city import City, CityModel
from mesa_llm_city.simulation.saving import restored, snapshot
from mesa_llm_city.ui.comparing.charts import DifferenceCharts
from mesa_llm_city.ui.comparing.differing import WhoDiffers
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.comparing.seeds import OverSeeds
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.protocols import view_of

first = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
for _ in range(84):
    first.step()
moment = snapshot(first)
closed = restored(moment)
closed.act({"kind": "close", "zone": 3}, who="test")
for _ in range(72):
    first.step()
    closed.step()
pair = Pair(
    shown=view_of(first), other=view_of(closed), names=("first run", "closed"), parted=420
)


@solara.component
def Page():
    solara.Text(f"selected {selected(first).value}", classes=["chosen"])
    WhoDiffers(pair)
    DifferenceCharts(pair)
    OverSeeds(pair, moment, {"first run": first.acts, "closed": closed.acts})
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    file = tmp_path_factory.mktemp("app") / "differing.py"
    file.write_text(_APP, encoding="utf-8")
    with solara_app(file) as address:
        yield address


def test_people_who_live_differently_are_listed_searched_and_selected(url: str) -> None:
    with visit(url) as seen:
        items = seen.page.locator(".mlm-item")
        items.first.wait_for()
        summary = seen.page.locator(".mlm-summary")
        playwright.expect(summary).to_contain_text("differently", timeout=_SOON_MS)
        both = items.first.locator(".mlm-side")
        playwright.expect(both).to_have_count(2, timeout=_SOON_MS)
        playwright.expect(both.first).to_contain_text("first run")
        name = items.last.locator(".mlm-name").inner_text()
        seen.page.get_by_label("Search who lives differently").fill(name)
        playwright.expect(items).to_have_count(1, timeout=_SOON_MS)
        chosen = seen.page.locator(".chosen")
        playwright.expect(chosen).to_have_text("selected -1")
        items.first.locator(".mlm-name").click()
        playwright.expect(chosen).not_to_have_text("selected -1", timeout=_SOON_MS)


def test_charts_of_both_runs_and_over_seeds_are_drawn(url: str) -> None:
    with visit(url) as seen:
        charts = seen.page.locator(".city-difference-charts .mlv-canvas svg")
        playwright.expect(charts).to_have_count(9, timeout=_SOON_MS)
        seen.page.get_by_role("button", name="Over 5 seeds").click()
        caption = seen.page.locator(".city-seeds-caption")
        playwright.expect(caption).to_contain_text("mean of 5 seeds", timeout=3 * _SOON_MS)
        over_seeds = seen.page.locator(".city-over-seeds .mlv-canvas svg")
        playwright.expect(over_seeds).to_have_count(8, timeout=_SOON_MS)


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core (npm ci in javascript)")
@pytest.mark.parametrize("width", [390, 1400])
def test_the_list_has_no_serious_hindrance_for_anybody(url: str, width: int) -> None:
    with visit(url, width=width) as seen:
        seen.page.locator(".mlm-item").first.wait_for()
        seen.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = seen.page.evaluate(
            f"axe.run('.city-who-differs', {_RULES}).then((told) => told.violations)"
        )
        serious = [one["id"] for one in found if one["impact"] in {"serious", "critical"}]
        assert serious == []
