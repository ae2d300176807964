"""The random function Philox4x64-10 on NumPy columns, with the numbers of `numpy.random.Philox`.

Philox turns a key and a counter into 256 random bits, without a state. So the numbers of
many keys are computed at once, where `numpy.random` needs one generator a key.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Words", "fill_words", "high_product", "philox_block", "philox_words"]

Words: TypeAlias = NDArray[np.uint64]
"""Unsigned numbers of 64 bits."""

# Table 2 of Salmon, Moraes, Dror and Shaw (2011), https://doi.org/10.1145/2063384.2063405
_ROUNDS = 10
_MULTIPLIER_0, _MULTIPLIER_1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_KEY_STEP_0, _KEY_STEP_1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_BLOCK = 4  # words of one counter
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_FIRST_ROUNDS = 2  # of which much is alike for all persons of one address
_MULTIPLIERS = np.array([_MULTIPLIER_0, _MULTIPLIER_1])
_FACTORS = np.stack([_MULTIPLIERS, _MULTIPLIERS >> _HALF, _MULTIPLIERS & _LOW])
# Calls of NumPy take half as long with arrays of no dimension as with scalars.
_BITS, _MASK = np.array(_HALF), np.array(_LOW)
_FACTORS_0, _FACTORS_1 = ([np.array(one) for one in column] for column in _FACTORS.T)
_STEP_0, _STEP_1 = np.array(_KEY_STEP_0), np.array(_KEY_STEP_1)


def philox_words(
    key: tuple[Words, Words], counter: tuple[Words, Words, Words, Words], *, count: int = _BLOCK
) -> tuple[Words, ...]:
    """Return the first random words of each pair of a key and a counter.

    Parameters
    ----------
    key : tuple of 2 ndarray of uint64
        Any shapes that broadcast, none of them 0-dimensional.
    counter : tuple of 4 ndarray of uint64
        Likewise, the word that counts fastest first.
    count : int, default 4
        How many of the four words, at least 1; two take a little less time than four.

    Returns
    -------
    tuple of `count` ndarray of uint64
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
    # Most keys and counters are alike in some words, so that little is to do at first.
    for _ in range(_FIRST_ROUNDS):
        high_0, low_0 = _product(_FACTORS_0, word_0)
        high_1, low_1 = _product(_FACTORS_1, word_2)
        word_0, word_1 = high_1 ^ word_1 ^ key_0, low_1
        word_2, word_3 = high_0 ^ word_3 ^ key_1, low_0
        key_0, key_1 = key_0 + _STEP_0, key_1 + _STEP_1
    shape = np.broadcast(word_0, word_1, word_2, word_3, key_0, key_1).shape
    # Then both products are made at once: of the even words, to be joined with the odd ones.
    even, odd, high, low, *room = np.empty((7, 2, *shape), dtype=np.uint64)
    even[0], even[1], odd[0], odd[1] = word_0, word_2, word_3, word_1
    factors = np.empty((3, 2, *shape), dtype=np.uint64)
    factors.T[:] = _FACTORS.T
    for _ in range(_ROUNDS - _FIRST_ROUNDS - 1):
        _multiply(even, factors, high, low, room)
        np.bitwise_xor(high[1], odd[1], out=even[0])
        np.bitwise_xor(high[0], odd[0], out=even[1])
        even[0] ^= key_0
        even[1] ^= key_1
        odd, low = low, odd
        key_0, key_1 = key_0 + _STEP_0, key_1 + _STEP_1
    # Of the last products one makes the first two words.
    used = slice(1 if count <= _BLOCK // 2 else 0, 2)
    _multiply(even[used], factors[:, used], high[used], low[used], [one[used] for one in room])
    high[1] ^= odd[1]
    high[1] ^= key_0
    if used.start:
        return (high[1], low[1])[:count]
    high[0] ^= odd[0]
    high[0] ^= key_1
    return (high[1], low[1], high[0], low[0])[:count]


def _multiply(word: Words, factors: Words, high: Words, low: Words, room: list[Words]) -> None:
    """Fill the high and the low 64 bits of products, as `_product` makes them.

    Everything has one shape, and `factors` has the multiplier and its halves: arrays that lie
    in memory alike are by far the fastest where there are few numbers.
    """
    multiplier, a, b = factors
    middle, other, part = room
    np.right_shift(word, _BITS, out=other)
    np.bitwise_and(word, _MASK, out=middle)
    np.multiply(a, other, out=high)
    np.multiply(multiplier, word, out=low)
    np.multiply(b, middle, out=part)
    np.multiply(a, middle, out=middle)
    np.right_shift(part, _BITS, out=part)
    np.add(middle, part, out=middle)
    np.bitwise_and(middle, _MASK, out=part)
    np.multiply(b, other, out=other)
    np.add(other, part, out=other)
    for one in (middle, other):
        np.right_shift(one, _BITS, out=one)
        np.add(high, one, out=high)


def _product(factors: list[Words], word: Words) -> tuple[Words, Words]:
    """Return the high and the low 64 bits of a product of 128 bits, by schoolbook halves.

    The factors are the multiplier and its halves.
    """
    multiplier, a, b = factors
    c, d = word >> _BITS, word & _MASK
    middle = a * d + (b * d >> _BITS)
    other = b * c + (middle & _MASK)
    return a * c + (middle >> _BITS) + (other >> _BITS), multiplier * word


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


def high_product(one: np.uint64, other: np.uint64) -> np.uint64:
    """Return the high 64 bits of a product of 128 bits; compiled code has an instruction for it."""
    a, b = one >> _HALF, one & _LOW
    c, d = other >> _HALF, other & _LOW
    middle = a * d + (b * d >> _HALF)
    return a * c + (middle >> _HALF) + (b * c + (middle & _LOW) >> _HALF)


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
