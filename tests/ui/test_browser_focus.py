"""In a browser: marked hours and groups are followed; replays have moods, talks and dark days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.ui.export.html_replay import save_html_replay
from mesa_llm_city.ui.views.replay import Replay
from tests.ui.browsing import CHROMIUM, Visit, served, solara_app, visit

pytest.importorskip("solara")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"needs a browser at {CHROMIUM}"),
]

_APP = """
import solara
from mesa.visualization import SolaraViz
from mesa_llm_city.models.town_day.model import TownDay
from mesa_llm_city.ui import (
    CityMap, DayTimeline, Emphasis, Feed, Network, TimeRange, emphasis, selected, time_range
)

model = TownDay(citizens=60, places=600, rng=7)
while model.minute < 600:
    model.step()


@solara.component
def Marks(model):
    homes = Emphasis(purposes=frozenset(model.parameters.purposes) - {"work"})
    solara.Button("Mark hours", on_click=lambda: time_range(model).set(TimeRange(420, 540)))
    solara.Button("Mark people", on_click=lambda: emphasis(model).set(homes))
    solara.Button("Select a person", on_click=lambda: selected(model).set(3))


page = SolaraViz(model, components=[Marks, CityMap, Feed, Network, DayTimeline], name="Town")
"""
_TIMEOUT_MS = 60_000
_HOURS = "07:00-09:00, day 1"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of Mesa's page with a town at ten in the morning."""
    file = tmp_path_factory.mktemp("focus") / "app.py"
    file.write_text(_APP, encoding="utf-8")
    with solara_app(file) as url:
        yield url


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, empty_pictures: None) -> Path:
    """Return the folder of a run."""
    del empty_pictures
    return run(RunOptions(citizens=40, out=tmp_path_factory.mktemp("runs") / "town"))


def _press(seen: Visit, name: str) -> None:
    seen.page.get_by_role("button", name=name, exact=True).first.click()


def _shows(seen: Visit, part: str, text: str | re.Pattern[str]) -> None:
    playwright.expect(seen.page.locator(part).first).to_have_text(text, timeout=_TIMEOUT_MS)


def _hidden(seen: Visit, part: str) -> None:
    playwright.expect(seen.page.locator(part)).to_be_hidden(timeout=_TIMEOUT_MS)


def test_map_and_feed_follow_the_marked_hours_until_the_mark_is_taken_away(app: str) -> None:
    with visit(app) as seen:
        seen.page.locator(".mlm-item").first.wait_for()
        note, chip = ".mlc-hours span", ".mlm-hours-chip"
        _press(seen, "Mark hours")
        _shows(seen, chip, re.compile(f"^{_HOURS} .$"))
        _shows(seen, ".mlm-item .mlm-when", re.compile(r"0[78]:\d\d$"))
        # Nothing on the map is of some hours yet.
        _hidden(seen, ".mlc-hours")
        _press(seen, "Options")
        seen.page.locator(".mlc-bar button", has_text="Trips").click()
        _shows(seen, note, re.compile(f"^{_HOURS}: [1-9][0-9]* trips?$"))
        seen.page.locator(".mlc-measure").select_option("visits")
        _shows(seen, note, re.compile("visits$"))
        seen.page.locator(".mlc-hours button").click()
        _hidden(seen, ".mlc-hours")
        _hidden(seen, chip)


def test_a_network_is_shown_among_a_group(app: str) -> None:
    with visit(app) as seen:
        among = seen.page.get_by_label("Among whom")
        among.wait_for()
        _press(seen, "Select a person")
        household = among.locator("option", has_text="the household of")
        household.wait_for(state="attached")
        among.select_option("household")
        status = seen.page.locator(".mlm-status").last
        playwright.expect(status).to_contain_text(re.compile(r"^[1-9]\d* (person|people): lines"))
        _press(seen, "Mark people")
        among.locator("option[value=marked]").wait_for(state="attached")
        before = status.inner_text()
        among.select_option("marked")
        playwright.expect(status).not_to_have_text(before)
        seen.page.locator(".mlm-node").first.wait_for()


def test_a_replay_is_coloured_by_mood(folder: Path) -> None:
    with served("replay", str(folder)) as url, visit(url) as seen:
        seen.page.locator(".mlc-by").select_option("mood")
        _shows(seen, ".mlc-legend > summary", "mood")
        _shows(seen, ".mlc-legend > .mlc-ends", "badgood")
        playwright.expect(seen.page.locator(".mlc-measure option[value=mood]")).to_be_attached()


def test_the_exported_file_has_moods_talks_and_dark_days(folder: Path, tmp_path: Path) -> None:
    file = save_html_replay(Replay.read(folder), tmp_path / "run.html")
    with visit(file.as_uri(), scheme="dark") as seen:
        seen.page.get_by_label("time of the run").fill("1200")
        _shows(seen, "#time", "20:00")
        seen.page.locator(".mlc-by").select_option("mood")
        _shows(seen, ".mlc-legend > summary", "mood")
        below = seen.page.locator("#sections")
        below.get_by_role("tab", name="Network").click()
        below.get_by_label("Network").select_option("talks")
        below.locator(".mlm-node").first.wait_for()
        below.locator(".mlm-node circle").first.click()
        seen.page.locator("#person .mlm-strip rect").first.wait_for()
        colour = seen.page.evaluate(
            "getComputedStyle(document.querySelector('#person .mlm-strip rect')).fill"
        )
        sleep = default_parameters().purposes["sleep"].colour_dark
        channels = [int(sleep[at : at + 2], 16) for at in (1, 3, 5)]
        assert [int(one) for one in re.findall(r"\d+", colour)] == channels
        # What is clicked in the card of a person stays while time passes.
        tab = seen.page.locator("#person").get_by_role("tab", name="Ties")
        tab.click()
        held = [tab.element_handle(), seen.page.locator("#person h2").element_handle()]
        seen.page.get_by_label("time of the run").fill("1205")
        _shows(seen, "#time", "20:05")
        assert [one.evaluate("node => node.isConnected") for one in held] == [True, True]
