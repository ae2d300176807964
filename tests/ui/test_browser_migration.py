"""The page of migration in a browser: years play, arcs and dots can be chosen, nothing gets out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("solara")
pytest.importorskip("playwright.sync_api")

from tests.ui.browsing import CHROMIUM, served, visit

pytestmark = [
    pytest.mark.slow,
    pytest.mark.each_line,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"needs a browser at {CHROMIUM}"),
]

_OPTIONS = ("--citizens", "80", "--set", "years=2", "--set", "rural_subsidy=20000")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Return the address of a page of migration."""
    with served("serve", "return_migration", *_OPTIONS) as address:
        yield address


@pytest.mark.parametrize("width", [390, 1400])
def test_years_play_and_a_household_shows_what_drove_it(url: str, width: int) -> None:
    with visit(url, width=width) as seen:
        page = seen.page
        page.wait_for_selector(".migration-map")
        page.get_by_role("button", name="Play").click()
        page.wait_for_selector("text=All 2 years are simulated")
        page.locator(".migration-dot").first.dispatch_event("click")
        page.wait_for_selector(".migration-waterfall")
        region = page.locator(".migration-region").first
        region.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".migration-region[aria-pressed='true']")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reload_shows_the_same_run(url: str) -> None:
    with visit(url) as seen:
        page = seen.page
        page.wait_for_selector(".migration-map")
        page.get_by_role("button", name="One year").click()
        page.get_by_text("Year 1 of 2").first.wait_for()
        page.reload()
        page.get_by_text("Year 1 of 2").first.wait_for()
