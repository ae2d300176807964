"""Philox on columns, against the published answers and against NumPy's generator."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Philox

from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.philox import Words, high_product, philox_words
from tests.loops import FORMS, loops

LAST = 2**64 - 1
WORDS = st.integers(0, LAST)

# Known answers of Random123 (D. E. Shaw Research), file kat_vectors, philox4x64 with 10 rounds:
# counter, key, words.
KNOWN = (
    (
        (0, 0, 0, 0),
        (0, 0),
        (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B),
    ),
    (
        (LAST, LAST, LAST, LAST),
        (LAST, LAST),
        (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0),
    ),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0x452821E638D01377, 0xBE5466CF34E90C6C),
        (0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6),
    ),
)


def _word(value: int) -> Words:
    return np.array([value], dtype=np.uint64)


def _words(key: tuple[int, int], counter: tuple[int, int, int, int]) -> list[int]:
    first, second = key
    a, b, c, d = counter
    made = philox_words((_word(first), _word(second)), (_word(a), _word(b), _word(c), _word(d)))
    return [int(word[0]) for word in made]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_published_answers_are_met(
    counter: tuple[int, int, int, int], key: tuple[int, int], words: tuple[int, ...]
) -> None:
    assert _words(key, counter) == list(words)


@given(
    key=st.tuples(WORDS, WORDS), counter=st.tuples(st.integers(0, LAST - 1), WORDS, WORDS, WORDS)
)
def test_words_are_those_of_numpy(key: tuple[int, int], counter: tuple[int, int, int, int]) -> None:
    # NumPy counts up before it makes its first words.
    first, second, third, fourth = counter
    numpy_s = Philox(key=np.array(key, dtype=np.uint64), counter=np.array(counter, dtype=np.uint64))
    assert _words(key, (first + 1, second, third, fourth)) == numpy_s.random_raw(4).tolist()


def test_keys_and_counters_of_many_shapes_broadcast() -> None:
    keys = np.arange(3, dtype=np.uint64)[:, np.newaxis]
    blocks = np.arange(2, dtype=np.uint64)[np.newaxis]
    zero = np.zeros((1, 1), dtype=np.uint64)
    made = philox_words((zero, keys), (blocks, zero, zero, zero))
    assert all(word.shape == (3, 2) for word in made)
    assert [int(word[2, 1]) for word in made] == _words((0, 2), (1, 0, 0, 0))


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_fewer_words_are_the_first_ones(count: int) -> None:
    key, zero = np.arange(300, dtype=np.uint64), np.zeros(1, dtype=np.uint64)
    counter = np.arange(1, 301, dtype=np.uint64), zero, zero, zero
    every = philox_words((zero, key), counter)
    some = philox_words((zero, key), counter, count=count)
    assert [one.tolist() for one in some] == [one.tolist() for one in every[:count]]


@pytest.mark.parametrize("compiles", FORMS)
def test_the_high_half_of_a_product_is_that_of_whole_numbers(*, compiles: bool) -> None:
    drawn = np.random.default_rng(4).integers(0, LAST, (300, 2), dtype=np.uint64, endpoint=True)
    factors = [*drawn, *np.array([(LAST, LAST), (0, LAST), (1, LAST)], dtype=np.uint64)]
    with loops(compiles=compiles):
        high = compiled(high_product)
        assert high is not None
        for one, other in factors:
            assert high(one, other) == int(one) * int(other) >> 64
