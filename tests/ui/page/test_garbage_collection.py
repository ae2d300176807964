"""Keeping the garbage collector away from what stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

pytest.importorskip("solara")

from mesa_llm_city.ui.page.garbage_collection import settle


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
def test_unused_objects_are_collected_the_next_time() -> None:
    knot = Knot()
    settle()
    seen = ref(knot)
    del knot
    gc.collect()
    assert seen() is not None
    settle()
    assert seen() is None
