"""The HTML file knows the zone of each place, and which rows of its people are visits."""

from __future__ import annotations

from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.export.replay_zones import replay_zones
from mesa_llm_city.ui.map.canvas import Frame
from mesa_llm_city.ui.views.replay import Replay
from tests.town import small_town, townspeople


def test_visits_are_the_rows_of_the_track_at_which_they_began() -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    model.run_days(1)
    replay = Replay.of(model)
    base, history = replay.basemap(), replay.history
    plain, columns = replay_zones(replay, Frame.of(base.bounds, base.focus))
    rows, visits = columns["visits"], history.tables["visits"]
    assert len(rows) > 0
    places = history.tables["activities"]["place"].iloc[rows]
    assert places.tolist() == visits["place"].tolist()
    assert history.track.start[rows].tolist() == minutes_of(visits["start"], model.clock).tolist()
    assert history.ids[history.track.owner[rows]].tolist() == visits["person"].tolist()
    assert plain["zone_names"] == list(base.area_names)
    assert columns["place_zone"].tolist() == base.areas.of_place.tolist()
