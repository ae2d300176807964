"""Moods and beliefs of a replay are those that the model had, as far as the run kept them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.records import RecordOptions
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.replay_feelings import FEELINGS, Feelings
from tests.town import small_town, townspeople

_LOOKED_AT = (5, 360, 725, 1440, 1900)


@pytest.fixture(scope="module")
def lived() -> tuple[CityModel, dict[tuple[int, str], list[float]]]:
    """Return a model after two days, and what its people felt at some minutes."""
    model = CityModel(small_town(), townspeople(), rng=7, records=RecordOptions(minds=100))
    view = LiveView(model)
    felt: dict[tuple[int, str], list[float]] = {}
    while model.minute < _LOOKED_AT[-1]:
        model.step()
        if model.minute in _LOOKED_AT:
            felt |= {(model.minute, by): view.values(by).tolist() for by in FEELINGS}
    return model, felt


@pytest.mark.parametrize("by", FEELINGS)
def test_they_are_those_of_the_model(
    lived: tuple[CityModel, dict[tuple[int, str], list[float]]], by: str
) -> None:
    model, felt = lived
    replay = Replay.of(model)
    for minute in _LOOKED_AT:
        replay.go_to(minute)
        np.testing.assert_allclose(replay.values(by), felt[minute, by], atol=1e-4)
    assert np.isfinite(felt[_LOOKED_AT[-1], by]).any()


def test_nothing_is_known_of_people_outside_the_sample() -> None:
    model = CityModel(small_town(), townspeople(), rng=7, records=RecordOptions(minds=8))
    model.run_days(1)
    replay = Replay.of(model)
    replay.go_to(1000)
    kept = set(replay.history.tables["mind_moods"]["person"])
    moods = replay.values("mood")
    assert 0 < len(kept) < len(moods)
    assert {one for one, mood in enumerate(moods.tolist()) if np.isfinite(mood)} == kept


def test_a_run_that_kept_none_has_no_such_colours() -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    model.step()
    assert not set(FEELINGS) & set(Replay.of(model).colours())


def test_a_belief_fades_and_is_forgotten(
    lived: tuple[CityModel, dict[tuple[int, str], list[float]]],
) -> None:
    history = Replay.of(lived[0]).history
    numbers = history.parameters.mind.beliefs
    start = np.datetime64(history.clock.at(0), "s")
    # One person visits a place at 10:00 and another at 11:00, which is forgotten after two days.
    minutes, shares = (600, 660, 660 + 2880), (0.9, 0.5, 0.5)
    frame = pd.DataFrame(
        {
            "person": 3,
            "time": [start + np.timedelta64(one, "m") for one in minutes],
            "place": [0, 1, 1],
            "visits": [1, 1, 0],
            **dict.fromkeys(("price", "atmosphere", "satisfaction", "convenience"), shares),
        }
    )
    tables = {"mind_beliefs": frame}
    known = Feelings(tables, history.ids, clock=history.clock, parameters=history.parameters)
    assert known.known == ("belief",)
    assert np.isnan(known.values("belief", 600)).all()
    assert known.values("belief", 601)[3] == pytest.approx(0.9)
    assert known.values("belief", 661)[3] == pytest.approx(0.7)
    left = 1.0 - numbers.decay_per_day
    faded = left * 0.9 + (1.0 - left) * numbers.neutral
    # A day after the first visit it alone has faded.
    assert known.values("belief", 2040)[3] == pytest.approx((faded + 0.5) / 2)
    two_days = left**2 * 0.9 + (1.0 - left**2) * numbers.neutral
    assert known.values("belief", 3541)[3] == pytest.approx(two_days)
