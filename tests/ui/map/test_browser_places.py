"""Land, names and places on the map in a browser: hover, click, search, and the card of a place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("solara")

from mesa_llm_city import City
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.export.html_replay import save_html_replay
from mesa_llm_city.ui.views.replay import Replay
from tests.ui.browsing import CHROMIUM, Visit, visit

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"needs a browser at {CHROMIUM}"),
]

_SHADES = """name => {
  const canvas = document.querySelector(`.mlc-${name}`);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const shades = new Set();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 255) shades.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
  }
  return [...shades];
}"""


@pytest.fixture(scope="module")
def replay() -> Replay:
    """Return the replay of a morning in the synthetic town."""
    model = CityModel(City.synthetic(rng=1, places=400), 30, rng=5)
    while model.minute < 10 * 60:
        model.step()
    replay = Replay.of(model)
    replay.go_to(9 * 60 + 30)
    return replay


@pytest.fixture(scope="module")
def workplace(replay: Replay) -> int:
    """Return a place that is no home, where somebody is."""
    crowd, basemap = replay.crowd(), replay.basemap()
    for place in range(len(basemap.names)):
        x, y = basemap.places[place]
        if not basemap.is_home[place] and ((crowd.x == x) & (crowd.y == y)).any():
            return place
    pytest.fail("nobody is away from home at half past nine")


@pytest.fixture
def seen(replay: Replay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """Return a browser that shows the replay."""
    file = save_html_replay(replay, tmp_path_factory.mktemp("places") / "run.html")
    with visit(Path(file).as_uri()) as visited:
        visited.page.locator(".mlc-head", has_text="09:30").wait_for()
        yield visited


def _find(seen: Visit, name: str) -> None:
    field = seen.page.get_by_placeholder("Find a person or place")
    field.fill(name)
    field.press("Enter")


def _middle(seen: Visit) -> tuple[float, float]:
    box = seen.page.locator(".mlc-stage").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_place_that_is_found_opens_a_card_that_leads_to_those_who_are_there(
    seen: Visit, replay: Replay, workplace: int
) -> None:
    page, name = seen.page, replay.basemap().names[workplace]
    _find(seen, name)
    card = page.locator("#person")
    card.get_by_role("heading", name=name).wait_for()
    assert "Here now: " in card.inner_text()
    person = card.locator(".people button").first
    chosen = person.inner_text()
    person.click()
    card.get_by_role("heading", name=chosen).wait_for()
    assert "Here now: " not in card.inner_text()


def test_the_pointer_on_a_place_names_it_a_click_selects_it_and_escape_lets_it_go(
    seen: Visit, replay: Replay
) -> None:
    page = seen.page
    at, is_home = replay.basemap().places, replay.basemap().is_home
    # Far from everybody, so that the click can mean the place only.
    crowd = replay.crowd()
    far = [
        ((crowd.x - x) ** 2 + (crowd.y - y) ** 2).min() if not home else -1.0
        for (x, y), home in zip(at.tolist(), is_home.tolist(), strict=True)
    ]
    alone = max(range(len(far)), key=far.__getitem__)
    name = replay.basemap().names[alone]
    _find(seen, name)
    page.locator(".mlc-stage").press("Escape")
    card = page.locator("#person")
    card.locator(".hint").wait_for()
    page.mouse.move(*_middle(seen))
    playwright.expect(page.locator(".mlc-tip")).to_contain_text(name)
    page.mouse.click(*_middle(seen))
    card.get_by_role("heading", name=name).wait_for()
    assert "Nobody is here now." in card.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_land_is_drawn_in_the_colours_of_the_theme(seen: Visit, scheme: str) -> None:
    from mesa_llm_city.experiments.land_look import AREA_LOOKS

    seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    wanted = {
        int(getattr(AREA_LOOKS[kind], scheme)[1:], 16) for kind in ("water", "park", "residential")
    }
    seen.until(
        lambda: wanted <= set(seen.page.evaluate(_SHADES, "baseMap")),
        f"the map has all of {wanted}",
    )


def test_names_can_be_taken_off_the_map(seen: Visit) -> None:
    page = seen.page
    named = len(page.evaluate(_SHADES, "labels"))
    page.locator(".mlc-bar").get_by_role("button", name="Names", exact=True).click()
    # Stations stay: a box is of two colours.
    seen.until(
        lambda: len(page.evaluate(_SHADES, "labels")) < named / 4, "the names are off the map"
    )
