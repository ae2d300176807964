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


def test_what_is_there_is_left_out_of_collections() -> None:
    settle()
    assert gc.get_freeze_count() > 10_000


def test_what_is_of_no_use_any_more_goes_the_next_time() -> None:
    knot = Knot()
    settle()
    seen = ref(knot)
    del knot
    gc.collect()
    assert seen() is not None
    settle()
    assert seen() is None
