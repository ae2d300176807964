"""Acting in a browser: an area is sketched and closed, people are asked, the run is forked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mesa_llm_city.simulation.interventions import read_intervention_file
from tests.ui.browsing import AXE, CHROMIUM, Visit, visit

pytest.importorskip("solara")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.each_line,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"needs a browser at {CHROMIUM}"),
]


def _press(seen: Visit, name: str | re.Pattern[str]) -> None:
    seen.page.get_by_role("button", name=name, exact=True).first.click()


def _open(seen: Visit, tab: str) -> None:
    seen.page.locator(".city-acts").get_by_text(tab, exact=True).click()


def _told(seen: Visit, selector: str, text: str) -> None:
    playwright.expect(seen.page.locator(selector).first).to_contain_text(text)


def _sketch_a_triangle(seen: Visit) -> None:
    """Sketch corners by keys and by clicks."""
    _press(seen, "Choose on the map")
    bar = seen.page.locator(".mlc-sketch")
    playwright.expect(bar).to_be_visible()
    stage = seen.page.locator(".mlc-stage")
    stage.focus()
    seen.page.keyboard.press("Space")
    box = stage.bounding_box()
    assert box is not None
    for right, down in ((0.7, 0.35), (0.7, 0.75)):
        seen.page.mouse.click(box["x"] + right * box["width"], box["y"] + down * box["height"])
    playwright.expect(bar).to_contain_text("Area of 3 corners")
    _press(seen, "Done")
    playwright.expect(bar).to_be_hidden()


def test_a_city_is_acted_upon_from_its_page(live: str, tmp_path: Path) -> None:
    with visit(live) as seen:
        seen.page.locator(".city-sections").get_by_text("Act", exact=True).click()
        _sketch_a_triangle(seen)
        _told(seen, ".city-target", "an area with")
        _press(seen, "Close it")
        _told(seen, ".city-outcome", "Closes at the next step.")
        _press(seen, "Step")
        _told(seen, ".city-closed", "Closed: an area with")
        _open(seen, "Survey")
        _press(seen, "Ask them")
        _told(seen, ".city-answers", "60 answers, mean")
        _open(seen, "Fork")
        _press(seen, "Fork here")
        _told(seen, ".city-outcome", "fork 1 goes on from here.")
        fork = seen.page.locator("option", has_text="fork 1")
        seen.page.locator("select").filter(has=fork).select_option("fork 1")
        playwright.expect(seen.page.locator(".city-run-name").nth(1)).to_have_count(0)
        seen.page.locator(".city-sections").get_by_text("Act", exact=True).click()
        _open(seen, "Log")
        with seen.page.expect_download() as saved:
            _press(seen, "Export as TOML")
        file = tmp_path / "acts.toml"
        saved.value.save_as(file)
        (closing,) = read_intervention_file(file)
        assert (closing["kind"], closing["start"]) == ("close", "day 1 00:00")
        assert len(closing["polygon"]) == 3


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core: npm ci in javascript")
def test_the_forms_hinder_nobody(live: str) -> None:
    bad: list[str] = []
    with visit(live) as seen:
        seen.page.locator(".city-sections").get_by_text("Act", exact=True).click()
        for tab in ("Close", "Tell", "Parameters", "Add people", "Survey", "Fork", "Log"):
            _open(seen, tab)
            playwright.expect(seen.page.locator(".city-act")).to_be_visible()
            seen.page.evaluate(AXE.read_text(encoding="utf-8"))
            found = seen.page.evaluate("async () => (await axe.run('.city-section')).violations")
            bad += [
                f"{tab}: {one['id']} {node['html']}"
                for one in found
                if one["impact"] in {"critical", "serious"}
                for node in one["nodes"]
            ]
        assert not bad, "\n".join(bad)
