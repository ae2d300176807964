"""The HTML file has what was closed, from the minute at which it closed until it opened."""

from __future__ import annotations

import zlib
from base64 import b64decode

import numpy as np
import pytest

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.export import replay_closed as exported
from mesa_llm_city.ui.map.canvas import Frame, Packed
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay
from tests.town import small_town, townspeople


@pytest.fixture(scope="module")
def replay() -> Replay:
    """Return the replay of two hours, at its beginning."""
    model = CityModel(small_town(), townspeople(), rng=7)
    while model.minute < 120:
        model.step()
    return Replay.of(model)


def test_what_is_closed_is_kept_each_time_that_it_changes(
    replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def now(view: CityView) -> tuple[tuple[int, int], ...]:
        return ((0, 2),) if 30 <= view.minute < 90 else ()

    def traits(frame: Frame, view: CityView) -> Packed:
        del frame
        ring = [[1, 1], [9, 1], [1, 9], [1, 1]] if now(view) else []
        points = np.array(ring, dtype=np.uint16).tobytes()
        return {"closed": points, "closed_sizes": [4] if ring else [], "closed_places": b""}

    monkeypatch.setattr(exported, "closed_now", now)
    monkeypatch.setattr(exported, "closed_traits", traits)
    frame = Frame.of(replay.basemap().bounds, replay.basemap().focus)
    changes = exported.replay_closed(replay, frame)
    assert [(one["minute"], one["sizes"]) for one in changes] == [(30, [4]), (90, [])]
    rings = zlib.decompress(b64decode(changes[0]["rings"]["data"]))
    assert np.frombuffer(rings, dtype=np.uint16).tolist() == [1, 1, 9, 1, 1, 9, 1, 1]
    assert replay.minute == replay.end


def test_a_run_in_which_nothing_was_closed_has_nothing(replay: Replay) -> None:
    frame = Frame.of(replay.basemap().bounds, replay.basemap().focus)
    assert exported.replay_closed(replay, frame) == []
