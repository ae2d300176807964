"""The page of migration in a browser: years play, arcs and dots can be chosen, nothing gets out."""

from __future__ import annotations

import pytest

pytest.importorskip("solara")
pytest.importorskip("playwright.sync_api")

from tests.ui.browsing import served, visit


@pytest.mark.parametrize("width", [390, 1400])
def test_years_play_and_a_household_shows_what_drove_it(width: int) -> None:
    options = ("--citizens", "80", "--set", "years=2", "--set", "rural_subsidy=20000")
    with (
        served("serve", "return_migration", *options) as url,
        visit(url, width=width) as seen,
    ):
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
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
