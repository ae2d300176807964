"""Order of rows and learning rate."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.migration.models.rms.schedule import batches, one_cycle


@given(st.lists(st.integers(1, 60), min_size=1, max_size=300), st.integers(1, 17))
def test_an_epoch_has_every_row_once(lengths: list[int], size: int) -> None:
    found = batches(np.array(lengths), size=size, seed=3, epoch=1)
    assert sorted(np.concatenate(found).tolist()) == list(range(len(lengths)))
    assert all(len(batch) <= size for batch in found)


def test_the_order_depends_on_the_epoch() -> None:
    lengths = np.zeros(100, dtype=np.int64)
    first, again, other = (
        np.concatenate(batches(lengths, size=8, seed=3, epoch=epoch)) for epoch in (0, 0, 1)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_rows_of_similar_length_are_in_one_batch() -> None:
    lengths = np.arange(1000) % 50
    spread = [np.ptp(lengths[batch]) for batch in batches(lengths, size=20, seed=0, epoch=0)]
    assert max(spread) <= 1


@given(st.floats(0, 1))
def test_the_learning_rate_is_between_0_and_its_peak(done: float) -> None:
    assert 0.0 <= one_cycle(done, 1e-3) <= 1e-3
