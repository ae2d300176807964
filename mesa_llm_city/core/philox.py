"""The random function Philox4x64-10 on NumPy columns, with the numbers of `numpy.random.Philox`.

Philox turns a key and a counter into 256 random bits, without a state. So the numbers of
many keys are computed at once, where `numpy.random` needs one generator a key.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.wide_product import high_product

__all__ = ["Words", "fill_words", "philox_block", "philox_words"]

Words: TypeAlias = NDArray[np.uint64]
"""Unsigned numbers of 64 bits."""

# Table 2 of Salmon, Moraes, Dror and Shaw (2011), https://doi.org/10.1145/2063384.2063405
_ROUNDS = 10
_MULTIPLIER_0, _MULTIPLIER_1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_KEY_STEP_0, _KEY_STEP_1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_BLOCK = 4  # words of one counter
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


def philox_words(
    key: tuple[Words, Words], counter: tuple[Words, Words, Words, Words]
) -> tuple[Words, Words, Words, Words]:
    """Return the four random words of each pair of a key and a counter.

    Parameters
    ----------
    key : tuple of 2 ndarray of uint64
        Any shapes that broadcast, none of them 0-dimensional.
    counter : tuple of 4 ndarray of uint64
        Likewise, the word that counts fastest first.

    Returns
    -------
    tuple of 4 ndarray of uint64
        In the order in which `numpy.random.Philox` gives them out.

    References
    ----------
    Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3. SC '11.

    Examples
    --------
    >>> zero = np.zeros(1, dtype=np.uint64)
    >>> [hex(word[0]) for word in philox_words((zero, zero), (zero,) * 4)][:2]
    ['0x16554d9eca36314c', '0xdb20fe9d672d0fdc']
    """
    key_0, key_1 = key
    word_0, word_1, word_2, word_3 = counter
    for _ in range(_ROUNDS):
        high_0, low_0 = _product(_MULTIPLIER_0, word_0)
        high_1, low_1 = _product(_MULTIPLIER_1, word_2)
        word_0, word_1 = high_1 ^ word_1 ^ key_0, low_1
        word_2, word_3 = high_0 ^ word_3 ^ key_1, low_0
        key_0, key_1 = key_0 + _KEY_STEP_0, key_1 + _KEY_STEP_1
    return word_0, word_1, word_2, word_3


def _product(multiplier: np.uint64, word: Words) -> tuple[Words, Words]:
    """Return the high and the low 64 bits of a product of 128 bits, by schoolbook halves."""
    a, b = multiplier >> _HALF, multiplier & _LOW
    c, d = word >> _HALF, word & _LOW
    middle = a * d + (b * d >> _HALF)
    other = b * c + (middle & _LOW)
    return a * c + (middle >> _HALF) + (other >> _HALF), multiplier * word


def philox_block(
    seed: np.uint64, person: np.uint64, step: np.uint64, word: np.uint64, block: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return four random words of one address, in a form that is compiled (see `kernels`).

    It is `philox_words` with the key (seed, person) and the counter (block, 0, step, word).
    """
    key_0, key_1 = seed, person
    word_0, word_1, word_2, word_3 = block, np.uint64(0), step, word
    for _ in range(_ROUNDS):
        high_0, low_0 = high_product(_MULTIPLIER_0, word_0), _MULTIPLIER_0 * word_0
        high_1, low_1 = high_product(_MULTIPLIER_1, word_2), _MULTIPLIER_1 * word_2
        word_0, word_1 = high_1 ^ word_1 ^ key_0, low_1
        word_2, word_3 = high_0 ^ word_3 ^ key_1, low_0
        key_0, key_1 = key_0 + _KEY_STEP_0, key_1 + _KEY_STEP_1
    return word_0, word_1, word_2, word_3


def fill_words(seed: Words, person: Words, step: Words, word: np.uint64, drawn: Words) -> None:
    """Fill rows with the random words of addresses: a loop that is compiled (see `kernels`).

    It is `philox_words` with the key (seed, person) and the counters (k, 0, step, word) for
    k = 1, 2, and so on.

    Parameters
    ----------
    seed, step : ndarray of uint64, shape (1,) or (m,)
        Of all rows, or of each.
    person : ndarray of uint64, shape (m,)
        One of each row.
    word : uint64
        What is drawn.
    drawn : ndarray of uint64, shape (m, n)
        Is filled.
    """
    numbers = drawn.shape[1]
    for row in range(drawn.shape[0]):
        of_run = seed[row if len(seed) > 1 else 0]
        at = step[row if len(step) > 1 else 0]
        column = 0
        while column < numbers:
            block = np.uint64(column // _BLOCK + 1)
            for one in philox_block(of_run, person[row], at, word, block):
                if column < numbers:
                    drawn[row, column] = one
                    column += 1
