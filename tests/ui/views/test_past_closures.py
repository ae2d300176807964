"""What a replay knows of closures: the same as the map of the model had, from a folder too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city import CityModel
from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.ui.map.canvas import Frame
from mesa_llm_city.ui.map.closed import closed_now, closed_traits
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay
from tests.town import small_town, townspeople

_EIGHT, _NINE, _TEN, _ELEVEN = 8 * 60, 9 * 60, 10 * 60, 11 * 60
_CLOSED = (
    {"kind": "close", "zone": 3, "start": _EIGHT, "end": _TEN},
    {"kind": "close", "place_kind": "amenity=school", "start": _EIGHT},
    {"kind": "open", "place_kind": "amenity=school", "at": _NINE},
    {"kind": "close", "mode": "bus", "start": _EIGHT},
)


def _drawn(view: CityView) -> tuple[object, ...]:
    """Return what the map draws as closed."""
    basemap = view.basemap()
    return tuple(closed_traits(Frame.of(basemap.bounds, basemap.focus), view).values())


@pytest.fixture(scope="module")
def lived() -> tuple[CityModel, dict[int, tuple[object, ...]]]:
    """Return a model with closures until eleven, and what its map drew on the way."""
    model, drawn = CityModel(small_town(), townspeople(12), rng=7, interventions=_CLOSED), {}
    while model.minute < _ELEVEN:
        model.step()
        if model.minute in {_EIGHT - 60, _EIGHT + 30, _NINE + 30, _TEN + 30}:
            drawn[model.minute] = _drawn(LiveView(model))
    return model, drawn


def test_a_replay_draws_closed_what_the_map_of_the_model_drew(
    lived: tuple[CityModel, dict[int, tuple[object, ...]]],
) -> None:
    model, drawn = lived
    replay = Replay.of(model)
    for minute, expected in drawn.items():
        replay.go_to(minute)
        assert _drawn(replay) == expected, minute
    # An area and schools; the area alone; nothing.
    sizes = [(len(one[1]), len(one[2]) > 0) for one in drawn.values()]  # type: ignore[arg-type]
    assert [bool(areas) for areas, _ in sizes] == [False, True, True, False]
    assert [places for _, places in sizes] == [False, True, False, False]


def test_the_map_is_drawn_anew_when_something_closes_or_opens(
    lived: tuple[CityModel, dict[int, tuple[object, ...]]],
) -> None:
    replay = Replay.of(lived[0])
    seen = []
    for minute in (_EIGHT - 1, _EIGHT, _NINE, _TEN):
        replay.go_to(minute)
        seen.append(closed_now(replay))
    assert seen[0] == seen[3] == ()
    assert len(set(seen)) == 3


def test_a_folder_knows_what_was_closed(tmp_path: Path) -> None:
    out = run(RunOptions(citizens=8, seed=3, out=tmp_path / "run", interventions=list(_CLOSED)))
    replay = Replay.read(out)
    replay.go_to(_EIGHT + 30)
    basemap = replay.basemap()
    closed = [one for one in replay.history.closures if one.begin == _EIGHT]
    inside = np.flatnonzero(basemap.areas.of_place == 3).tolist()
    assert [one.places for one in closed if one.areas] == [tuple(inside)]
    assert _drawn(replay)[1] != []
    replay.go_to(_ELEVEN)
    assert _drawn(replay)[1] == []


def test_a_run_without_closures_has_none() -> None:
    model = CityModel(small_town(), townspeople(4), rng=7)
    assert Replay.of(model).history.closures == ()


def test_areas_of_the_same_words_are_told_apart_by_their_time() -> None:
    places = small_town().places
    spots = [(float(places.x[row]), float(places.y[row])) for row in (5, 9)]
    areas = [[(x - 1, y - 1), (x + 1, y - 1), (x + 1, y + 1), (x - 1, y + 1)] for x, y in spots]
    closed = [
        {"kind": "close", "polygon": area, "start": start, "minutes": 30}
        for area, start in zip(areas, (20, 80), strict=True)
    ]
    model = CityModel(small_town(), townspeople(2), rng=7, interventions=closed)
    while model.minute < 120:
        model.step()
    found = Replay.of(model).history.closures
    assert [(one.begin, one.end) for one in found] == [(20, 50), (80, 110)]
    for one, spot in zip(found, spots, strict=True):
        np.testing.assert_allclose(one.areas[0].min(axis=0) + 1, spot)
