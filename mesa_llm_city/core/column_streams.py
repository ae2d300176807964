"""The random streams of many persons, as columns of uniform numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.philox import Words, fill_words
from mesa_llm_city.core.streams import (
    Address,
    RandomStreams,
    Reseeding,
    uniforms,
    uniforms_of_all,
)
from mesa_llm_city.core.values import Bool, Float, Int

__all__ = ["Ahead", "ColumnStreams"]

_FEW = 250  # fewer draws take no longer one by one; the numbers are the same


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """Numbers of some persons that were drawn before they are asked for.

    Parameters
    ----------
    numbers : mapping of Address to ndarray of float64, shape (n, count)
        Those of n persons.
    rows : ndarray of int64, shape (m,), optional
        Which of the n are meant; all by default.
    """

    numbers: Mapping[Address, Float]
    rows: Int | None = None

    def take(self, rows: Int | Bool | slice) -> Ahead:
        """Return the numbers of some of the persons."""
        every = (
            np.arange(len(next(iter(self.numbers.values())))) if self.rows is None else self.rows
        )
        return Ahead(self.numbers, every[rows])

    def numbers_of(self, address: Address) -> Float | None:
        """Return the numbers of an address, shape (m, count), or None if they were not drawn."""
        found = self.numbers.get(address)
        return found if found is None or self.rows is None else found.take(self.rows, axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class ColumnStreams:
    """The random streams of m persons of one run, with the addresses of `RandomStreams`.

    Row i of each draw equals ``RandomStreams(seed, persons[i], later)`` asked for the same
    address, to the last bit; so a rule that takes columns decides the same for a person alone.

    Parameters
    ----------
    seed : int
        Seed of the run.
    persons : ndarray of int64, shape (m,)
        Ids of the persons.
    later : tuple of Reseeding, default ()
        Other seeds from some minutes on, in order of time.
    ahead : Ahead, optional
        Numbers that were drawn ahead (see `drawn_ahead`).

    Examples
    --------
    >>> streams = ColumnStreams(7, np.array([3, 5]))
    >>> one = RandomStreams(7, 5).at("mode", step=40).random(2)
    >>> streams.at("mode", step=40, n=2)[1].tolist() == one.tolist()
    True
    """

    seed: int
    persons: Int
    later: tuple[Reseeding, ...] = ()
    ahead: Ahead | None = None

    @classmethod
    def of(cls, streams: RandomStreams) -> ColumnStreams:
        """Return the streams of one person as columns of one row."""
        return cls(streams.seed, np.array([streams.person]), streams.later)

    def take(self, rows: Int | Bool | slice) -> ColumnStreams:
        """Return the streams of some of the persons."""
        ahead = None if self.ahead is None else self.ahead.take(rows)
        return ColumnStreams(self.seed, self.persons[rows], self.later, ahead)

    def drawn_ahead(self, addresses: Sequence[Address]) -> ColumnStreams:
        """Return the same streams, which draw the numbers of some addresses at once.

        The numbers are the same; it is for many draws of few persons, which take less time so.

        Parameters
        ----------
        addresses : sequence of Address
            What `on` and `trait` will be asked for.
        """
        if len(self.persons) * len(addresses) <= _FEW or compiled(fill_words) is not None:
            return self
        numbers = uniforms_of_all(self.persons, addresses)
        ahead = Ahead(dict(zip(addresses, numbers, strict=True)))
        return ColumnStreams(self.seed, self.persons, self.later, ahead)

    def at(self, purpose: str, *, step: ArrayLike, n: int) -> Float:
        """Return `n` numbers each for `purpose` at a minute, or at each row's own; (m, n)."""
        return uniforms(self._seed_at(step), self.persons, purpose, step, n)

    def seeds_at(self, step: ArrayLike) -> Words:
        """Return the seed of what is drawn at a minute: of all, shape (1,), or of each, (m,)."""
        if not self.later:
            return _word(self.seed)
        seeds = np.atleast_1d(np.asarray(self._seed_at(step), dtype=np.uint64))
        # The same object as before, by which what is kept for these seeds is known again.
        is_one = len(seeds) and (seeds == seeds[0]).all()
        return _word(int(seeds[0])) if is_one else seeds

    def on(self, purpose: str, *, day: int, n: int, known_from: int | None = None) -> Float:
        """Return `n` numbers each for `purpose` on a day (see `RandomStreams.on`); (m, n)."""
        seed = self.seed_on(day if known_from is None else known_from)
        return self._drawn(Address(seed, purpose, day + 1, n))

    def seed_on(self, day: int) -> int:
        """Return the seed of what is drawn with the plan of a day."""
        seed = self.seed
        for one in self.later:
            if day > one.day:
                seed = one.seed
        return seed

    def lasting(self, purpose: str, *, since: ArrayLike, n: int) -> Float:
        """Return `n` numbers each that hold from a minute on (`RandomStreams.lasting`); (m, n)."""
        return uniforms(self._seed_at(since), self.persons, purpose, 0, n)

    def trait(self, purpose: str, *, n: int, key: ArrayLike = 0) -> Float:
        """Return `n` numbers each for what a person is like, about `key`; (m, n)."""
        if isinstance(key, int):
            return self._drawn(Address(self.seed, purpose, key, n))
        return uniforms(self.seed, self.persons, purpose, key, n)

    def _drawn(self, address: Address) -> Float:
        found = None if self.ahead is None else self.ahead.numbers_of(address)
        if found is not None:
            return found
        seed, purpose, step, count = address
        return uniforms(seed, self.persons, purpose, step, count)

    def _seed_at(self, step: ArrayLike) -> ArrayLike:
        if not self.later:
            return self.seed
        # Unsigned, since a seed may have 64 bits.
        seed = np.full(np.shape(step), self.seed, dtype=np.uint64)
        for one in self.later:
            seed[np.asarray(step) >= one.minute] = one.seed
        return seed


@lru_cache(maxsize=16)
def _word(seed: int) -> Words:
    """Return a seed as an array, which nobody changes."""
    return np.array([seed], dtype=np.uint64)
