"""The card of a city in a notebook."""

from __future__ import annotations

from mesa_llm_city import City
from tests.town import small_town


def test_a_city_shows_what_it_holds_and_a_map_of_dots() -> None:
    city = small_town()
    card = city._repr_html_()
    assert f"{len(city.places):,} places" in card
    assert f"{len(city.zones):,} zones" in card
    assert card.count("<path") == 2


def test_its_name_is_text() -> None:
    city = City.synthetic(rng=1, places=200)
    city.name = "<script>alert(1)</script>"
    assert "<script" not in city._repr_html_()
