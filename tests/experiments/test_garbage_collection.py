"""Garbage collection is eased within the block only."""

from __future__ import annotations

import gc

import pytest

from mesa_llm_city.experiments import settled


@pytest.mark.slow
def test_what_exists_is_left_alone_until_the_end_of_the_block() -> None:
    with settled():
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() == 0


@pytest.mark.slow
def test_it_ends_after_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), settled():
        raise ZeroDivisionError
    assert gc.get_freeze_count() == 0
