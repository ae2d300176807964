"""Compiled loops: they give the numbers of their forms in NumPy, and can be switched off."""

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.philox import fill_words, philox_words
from mesa_llm_city.core.streams import uniforms

SEEDS = (7, 2**64 - 1)
IDS = np.arange(0, 90_000, 1000)


def _needs_numba() -> None:
    pytest.importorskip(
        "numba", reason="numba is not installed (extra crowd)", exc_type=ImportError
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_loop_of_random_words_gives_those_of_the_function_on_columns(seed: int) -> None:
    ids, steps = IDS[:3].astype(np.uint64), np.array([0, 40, 2**63], dtype=np.uint64)
    drawn = np.empty((3, 6), dtype=np.uint64)
    word = np.uint64(2**64 - 5)
    with np.errstate(over="ignore"):
        fill_words(np.array([seed], dtype=np.uint64), ids, steps, word, drawn)
    key = np.full((1, 1), seed, dtype=np.uint64), ids[:, np.newaxis]
    block = np.array([[1, 2]], dtype=np.uint64)
    none = np.zeros((1, 1), dtype=np.uint64)
    words = philox_words(key, (block, none, steps[:, np.newaxis], np.full((1, 1), word)))
    assert (np.stack(words, axis=-1).reshape(3, 8)[:, :6] == drawn).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_compiled_draws_equal_those_in_numpy(seed: int) -> None:
    _needs_numba()
    for ids in (IDS[:0], IDS[:1], IDS):
        for step in (12, 5 * np.arange(len(ids))):
            with kernels.use(wanted=False):
                expected = uniforms(seed, ids, "mode", step, 5)
            with kernels.use(wanted=True):
                assert (uniforms(seed, ids, "mode", step, 5) == expected).all()


def test_loops_are_used_again_after_they_were_switched_off() -> None:
    before = kernels.in_use()
    with kernels.use(wanted=False):
        assert not kernels.in_use()
        assert kernels.compiled(fill_words) is None
    assert kernels.in_use() == before == kernels.is_installed()
