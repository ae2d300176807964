"""Ragged rows: tables whose rows differ in length, as one flat column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.narrow import positions_of
from mesa_llm_city.core.values import Float, Int

__all__ = ["Ragged"]

_KEY_BITS = 63


@dataclass(frozen=True, slots=True, eq=False)
class Ragged:
    """Where the rows of a flat column begin; none of them is empty.

    What it works out for a row does not depend on the other rows, to the last digit.

    Parameters
    ----------
    rows : ndarray of int64, shape (p,)
        Numbers of the rows that are there, in rising order.
    begins : ndarray of int64, shape (p,)
        Where each begins.
    number : ndarray of int64, shape (n,)
        Position in `rows` of each of the n entries.

    Examples
    --------
    >>> two = Ragged.of(np.array([4, 4, 7]))
    >>> two.rows, two.sums(np.array([1.0, 2.0, 5.0]))
    (array([4, 7]), array([3., 5.]))
    """

    rows: Int
    begins: Int
    number: Int

    @classmethod
    def of(cls, row: Int) -> Self:
        """Return it for the row of each entry, shape (n,), in rising order and at least one."""
        first = np.ones(len(row), dtype=np.bool_)
        first[1:] = row[1:] != row[:-1]
        begins = positions_of(first)
        return cls(row[begins], begins, np.cumsum(first) - 1)

    @classmethod
    def one(cls, entries: int) -> Self:
        """Return it for one row of some entries."""
        return cls(_FIRST, _FIRST, np.zeros(entries, dtype=np.int64))

    def sums(self, values: Float) -> Float:
        """Return the sum of each row, added from the first entry on, shape (p,)."""
        total = np.bincount(self.number, weights=values, minlength=len(self.begins))
        return total.astype(np.float64, copy=False)

    def counts(self, found: NDArray[np.bool_]) -> Int:
        """Return how many entries of each row are true, shape (p,)."""
        number: Int = np.add.reduceat(found, self.begins, dtype=np.int64)
        return number

    def greatest(self, values: Float) -> Float:
        """Return the greatest value of each row, shape (p,)."""
        best: Float = np.maximum.reduceat(values, self.begins)
        return best

    def padded(self, values: Float) -> Float:
        """Return the rows as a table, shape (p, longest), that ends in zeros."""
        ends = np.append(self.begins[1:], len(values))
        table = np.zeros((len(self.begins), int((ends - self.begins).max())))
        offset = np.arange(len(self.begins)) * table.shape[1] - self.begins
        table.ravel()[np.arange(len(values)) + offset[self.number]] = values
        return table

    def order(self, code: Int) -> Int:
        """Return the entries in the order of row, code and position, shape (n,).

        Parameters
        ----------
        code : ndarray of int64, shape (n,)
            Whole numbers, at least 0.
        """
        place_bits, code_bits = len(code).bit_length(), int(code.max()).bit_length()
        if len(self.begins).bit_length() + code_bits + place_bits > _KEY_BITS:
            return np.lexsort((code, self.number))
        # Numbers of which none are equal are sorted faster than pairs of them.
        keys = ((self.number << code_bits) | code) << place_bits
        keys |= np.arange(len(code))
        keys.sort()
        return keys & ((1 << place_bits) - 1)


_FIRST = np.zeros(1, dtype=np.int64)
