"""Which person is looked at."""

from __future__ import annotations

import gc
from weakref import ref

import mesa
import pytest

pytest.importorskip("solara")

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.person.selection import NOBODY, selected, share_selection, source_of
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay
from tests.town import small_town, townspeople


def _model() -> CityModel:
    return CityModel(small_town(), townspeople(), rng=5)


def test_nobody_is_selected_at_first() -> None:
    assert selected(_model()).value == NOBODY


def test_a_model_and_its_views_share_one_selection() -> None:
    model = _model()
    selected(model).value = 4
    assert selected(LiveView(model)).value == 4
    assert selected(LiveView(model)) is selected(model)
    assert source_of(LiveView(model)) is model


def test_models_do_not_share_a_selection() -> None:
    one, other = _model(), _model()
    selected(one).value = 4
    assert selected(other).value == NOBODY


def test_a_replay_of_a_model_can_have_the_selection_of_the_model() -> None:
    model = _model()
    selected(model).value = 4
    past = Replay.of(model)
    share_selection(past, model)
    assert selected(past).value == 4
    selected(past).value = 5
    assert selected(model).value == 5


@pytest.mark.slow
def test_a_selection_does_not_keep_a_model_alive() -> None:
    model = _model()
    selected(model).value = 4
    gone = ref(model)
    getattr(mesa.Agent, "_ids", {}).pop(model, None)  # Mesa 3.3 counts agents by model
    del model
    gc.collect()
    assert gone() is None
