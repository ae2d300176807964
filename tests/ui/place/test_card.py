"""The card of the selected place, beside the map and in place of the person."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("solara")

from mesa_llm_city import CityModel
from mesa_llm_city.ui.map.city_map import CityMap
from mesa_llm_city.ui.page.person import Person
from mesa_llm_city.ui.person.selection import (
    NOBODY,
    NOWHERE,
    selected,
    selected_place,
    share_selection,
)
from mesa_llm_city.ui.place.card import CHOOSE_PLACE, PlaceCard
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay
from tests.ui.shown import Shown, lived, show


@pytest.fixture(scope="module")
def model() -> CityModel:
    return lived(220)


@pytest.fixture(autouse=True)
def _nothing_selected(model: CityModel) -> None:
    selected(model).value = NOBODY
    selected_place(model).value = NOWHERE


def _person(model: object) -> object:
    return Person(model, LiveView(model).minute)  # type: ignore[arg-type]


def _names(page: Shown) -> list[str]:
    return [one.children[0] for one in page.widgets() if type(one).__name__ == "Btn"]


def _crowded(model: CityModel) -> int:
    """Return the place where most people are."""
    stays = [one.citizen.so_far(model.minute) for one in model.citizens]
    places = [stay[3] for stay in stays if stay is not None and stay[3] is not None]
    return int(np.bincount(places).argmax())


def test_without_a_place_the_card_says_what_to_do(model: CityModel) -> None:
    assert CHOOSE_PLACE in show(model, PlaceCard).texts()


def test_the_card_tells_of_the_place_and_those_who_are_there(model: CityModel) -> None:
    place = _crowded(model)
    selected_place(model).value = place
    page = show(model, PlaceCard)
    texts = page.texts()
    assert LiveView(model).basemap().names[place] in texts
    assert "Here now: " in texts
    assert "Arrivals by hour of the day" in texts
    bars = [one for one in page.tagged("div") if getattr(one, "class_", "") == "city-place-hours"]
    assert len(bars[0].children) == 24
    assert "in all, most from" in bars[0].attributes["aria-label"]


def test_a_click_on_a_name_opens_the_person_and_closes_the_place(model: CityModel) -> None:
    selected_place(model).value = _crowded(model)
    page = show(model, _person)
    assert "Here now" in page.texts()
    name = _names(page)[-1]
    page.click(name)
    assert model.world.names[selected(model).value] == name
    assert selected_place(model).value == NOWHERE
    assert "Here now" not in page.texts()


def test_a_place_of_which_nobody_thinks_anything_has_hints() -> None:
    model = lived(0)
    view = LiveView(model)
    selected_place(model).value = int(np.flatnonzero(~view.basemap().is_home)[0])
    texts = show(model, PlaceCard).texts()
    assert "opinions come from visits" in texts
    assert "Nobody has come here yet." in texts


def test_a_replay_shows_ratings_of_visits(model: CityModel) -> None:
    replay = Replay(Replay.of(model).history, model.minute)
    selected_place(replay).value = int(model.visits()["place"].value_counts().index[0])
    assert "ratings of " in show(replay, PlaceCard).texts()


def test_the_map_tells_places_by_their_ids(model: CityModel) -> None:
    homes = LiveView(model).basemap().is_home
    (canvas,) = [
        one for one in show(model, CityMap).widgets() if type(one).__name__ == "CityCanvas"
    ]
    assert canvas.place == NOWHERE
    canvas.place = 2
    assert selected_place(model).value == np.flatnonzero(~homes)[2]
    canvas.place = NOWHERE
    assert selected_place(model).value == NOWHERE
    # A home is not among the places of the map.
    selected_place(model).value = int(np.flatnonzero(homes)[0])
    assert canvas.place == NOWHERE


def test_a_replay_of_a_model_shares_its_place(model: CityModel) -> None:
    replay = Replay.of(model)
    share_selection(replay, model)
    selected_place(model).value = 5
    assert selected_place(replay).value == 5
