"""Comparing in a browser: a run and its fork, and two finished runs, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mesa_llm_city.experiments import RunOptions, run
from tests.ui.browsing import AXE, CHROMIUM, Visit, served, visit

pytest.importorskip("solara")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"needs a browser at {CHROMIUM}"),
]

_LONG_MS = 60_000
_LEAST_PX = 220
_CLOSING = {"kind": "close", "zone": "Old Town", "start": "day 1 07:00", "end": "day 1 20:00"}

_LIE = """isWide => {
  const boxes = [...document.querySelectorAll(".city-map-box")];
  const [one, other] = boxes.map((box) => box.getBoundingClientRect());
  return isWide ? one.top === other.top : one.bottom <= other.top;
}"""
"""Whether the maps lie side by side, or one above the other."""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, empty_pictures: None) -> tuple[Path, Path]:
    """Return the folders of a run, and of the same one with a zone closed."""
    del empty_pictures
    home = tmp_path_factory.mktemp("runs")
    plain = run(RunOptions(citizens=40, out=home / "plain"))
    closed = run(RunOptions(citizens=40, out=home / "closed", interventions=(_CLOSING,)))
    return plain, closed


@pytest.fixture(scope="module")
def finished(folders: tuple[Path, Path]) -> Iterator[str]:
    """Return the address of both runs, compared."""
    plain, closed = folders
    with served("replay", str(plain), str(closed), "--name-b", "zone closed") as url:
        yield url


def _press(seen: Visit, name: str) -> None:
    seen.page.get_by_role("button", name=name, exact=True).first.click()


def _open(seen: Visit, tab: str) -> None:
    seen.page.locator(".city-sections").get_by_text(tab, exact=True).click()


def _expect_both_at(seen: Visit, when: str) -> None:
    """Wait until both runs are at a minute, as the section and the map heads have it."""
    times = seen.page.locator(".city-compare .city-rows").first.locator("td:nth-child(2)")
    playwright.expect(times).to_have_text([re.compile(f"{when}$")] * 2, timeout=_LONG_MS)
    playwright.expect(seen.page.locator(".city-map-lag")).to_have_count(0, timeout=_LONG_MS)


def _heights(seen: Visit) -> list[float]:
    boxes = [one.bounding_box() for one in seen.page.locator(".city-map-box .mlc").all()]
    return [box["height"] for box in boxes if box is not None]


def _choose(seen: Visit, field: str, value: str) -> None:
    seen.page.get_by_label(field).select_option(value)


def _fork_and_tell(seen: Visit) -> None:
    """Fork the run, and tell the people of the first run something."""
    _open(seen, "Act")
    acts = seen.page.locator(".city-acts")
    acts.get_by_text("Fork", exact=True).click()
    _press(seen, "Fork here")
    _says(seen, ".city-outcome", "fork 1 goes on from here.")
    acts.get_by_text("Tell", exact=True).click()
    seen.page.get_by_label("What they hear").fill("The bridge is closed today")
    _press(seen, "Tell them")
    _says(seen, ".city-outcome", "Is told at the next step.")


def _says(seen: Visit, selector: str, text: str) -> None:
    playwright.expect(seen.page.locator(selector).first).to_contain_text(text, timeout=_LONG_MS)


def _has_maps(seen: Visit, count: int) -> None:
    playwright.expect(seen.page.locator(".city-map-area .mlc-stage")).to_have_count(
        count, timeout=_LONG_MS
    )


def test_a_fork_is_compared_with_its_run_and_follows_it() -> None:
    with served("serve", "town_day", "--citizens", "40") as live, visit(live) as seen:
        _has_maps(seen, 1)
        _fork_and_tell(seen)
        _open(seen, "Compare")
        _choose(seen, "Compare first run with", "fork 1")
        _has_maps(seen, 2)
        _press(seen, "Step")
        _expect_both_at(seen, "00:05")
        _says(seen, ".city-compare .city-rows", "The bridge is closed today")
        seen.page.keyboard.press("m")
        _expect_both_at(seen, "06:30")
        _press(seen, "Swap")
        chosen = seen.page.get_by_label("Compare fork 1 with")
        playwright.expect(chosen).to_have_value("first run", timeout=_LONG_MS)
        _expect_both_at(seen, "06:30")
        _press(seen, "Reset")
        _says(seen, ".city-question-before", "and the other runs of this page (first run)")
        _press(seen, "Keep this run")
        _press(seen, "End comparison")
        _has_maps(seen, 1)


class TestFinished:
    def test_two_runs_are_at_one_minute_and_have_one_person(self, finished: str) -> None:
        with visit(finished) as seen:
            _has_maps(seen, 2)
            _open(seen, "Compare")
            _expect_both_at(seen, "00:00")
            _says(seen, ".city-compare .city-rows", "Day 1, 07:00: close")
            _press(seen, "Step")
            _expect_both_at(seen, "00:05")
            # Whoever is found on the map of the other run is selected in both.
            seen.page.get_by_placeholder("Find a person").nth(1).fill("a")
            seen.page.locator(".city-other-map .mlc-found [role=option]").first.click()
            seen.page.locator(".city-name").wait_for()

    def test_maps_lie_side_by_side_or_one_above_the_other(self, finished: str) -> None:
        with visit(finished) as seen:
            _has_maps(seen, 2)
            for width, is_wide in ((1400, True), (768, False), (390, False)):
                seen.page.set_viewport_size({"width": width, "height": 844})
                seen.page.wait_for_function(_LIE, arg=is_wide)
                assert min(_heights(seen)) >= _LEAST_PX

    @pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core: npm ci in javascript")
    def test_nothing_hinders_readers(self, finished: str) -> None:
        with visit(finished) as seen:
            _has_maps(seen, 2)
            _open(seen, "Compare")
            _expect_both_at(seen, "00:00")
            seen.page.evaluate(AXE.read_text(encoding="utf-8"))
            found = seen.page.evaluate("axe.run().then((told) => told.violations)")
            serious = [one for one in found if one["impact"] in {"serious", "critical"}]
            assert [(one["id"], one["nodes"][0]["html"]) for one in serious] == []
