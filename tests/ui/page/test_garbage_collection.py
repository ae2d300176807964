"""Keeping the garbage collector away from what stays."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from weakref import ref

import pytest

pytest.importorskip("solara")

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.page.garbage_collection import settle, settle_later
from tests.town import small_town, townspeople


class Knot:
    """Holds itself, so that only a collection can take it away."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.slow
def test_present_objects_are_excluded_from_collections() -> None:
    settle()
    assert gc.get_freeze_count() > 10_000


@pytest.mark.slow
def test_a_model_that_is_gone_holds_nothing_any_more() -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    person = ref(model.citizens[0])
    settle_later(model, wait_s=0.05)
    end_s = time.monotonic() + 20.0
    while person() is not None:
        assert time.monotonic() < end_s, "it is still there"
        time.sleep(0.05)
    assert vars(model) == {}


@pytest.mark.slow
def test_unused_objects_are_collected_the_next_time() -> None:
    knot = Knot()
    settle()
    seen = ref(knot)
    del knot
    gc.collect()
    assert seen() is not None
    settle()
    assert seen() is None
