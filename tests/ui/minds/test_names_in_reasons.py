"""Reasons on the page call places by the names that the map has for them."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode

import numpy as np
import pytest

from mesa_llm_city.simulation.interventions import close
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.records import RecordOptions
from mesa_llm_city.ui.acting.log import particulars_of
from mesa_llm_city.ui.export.html_minds import minds_payload
from mesa_llm_city.ui.minds.day import day_data
from mesa_llm_city.ui.minds.feed_rows import FeedFilter, latest
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay
from tests.town import small_town, townspeople

_MANY = 100_000
_CLOSED = re.compile(r"(.+) is closed or in danger; ")
_NUMBERED = re.compile(r"\b(place|zone) \d|^\d+ is closed")


@pytest.fixture(scope="module")
def model() -> CityModel:
    """Return a model after a day on which most shops and places to eat are closed from ten."""
    city = small_town()
    wanted = np.concatenate([city.places.offering(one) for one in ("meal", "shopping", "leisure")])
    shut = close(place=np.unique(wanted)[::2].tolist(), start="day 1 10:00")
    model = CityModel(
        city, townspeople(60), rng=7, records=RecordOptions(minds=100), interventions=[shut]
    )
    model.run_days(1)
    return model


def _named(text: str, view: CityView) -> bool:
    """Tell whether a closed place in a text is called as on the map; False without one."""
    found = _CLOSED.search(text)
    return found is not None and found[1].split(": ")[-1] in view.basemap().names


def test_the_feed_names_closed_places(view: CityView) -> None:
    texts = [row.text for row in latest(view, FeedFilter(), _MANY)]
    closed = [text for text in texts if _CLOSED.search(text)]
    assert closed
    assert all(_named(text, view) for text in closed)
    assert not [text for text in texts if _NUMBERED.search(text)]


def test_the_day_of_a_person_names_closed_places(view: CityView, model: CityModel) -> None:
    decisions = model.decisions()
    turned = decisions[decisions["reason"].str.contains("closed or in danger")]
    data = day_data(view, view.person(int(turned["person"].iloc[0])))
    notes = [one["text"] for entry in data["entries"] for one in entry["notes"]]
    assert any(_named(text, view) for text in notes)
    assert not [text for text in notes if _NUMBERED.search(text)]


def test_the_html_file_names_closed_places(model: CityModel) -> None:
    replay = Replay.of(model)
    replay.go_to(replay.end)
    payload = minds_payload(replay)
    assert payload is not None
    texts = json.loads(zlib.decompress(b64decode(payload["texts"])))
    closed = [text for text in texts if _CLOSED.search(text)]
    assert closed
    assert all(_named(text, replay) for text in closed)


def test_the_log_of_acts_names_places_and_zones(model: CityModel) -> None:
    act = {"kind": "close", "start": "day 1 08:00", "place": [280, 281], "zone": 1, "minutes": 60}
    names, zones = LiveView(model).basemap().names, model.city.zones.names
    told = particulars_of(act, model.city)
    assert told == f"place {names[280]}; {names[281]}, zone {zones[1]}, minutes 60"
