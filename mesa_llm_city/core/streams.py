"""Random streams with an address: one stream per seed, person, purpose and step.

A draw depends on nothing but its address. So it stays the same whatever the
order of answers, the batch size or the number of processes, and also when
another person is added to the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from sys import getrefcount
from threading import local
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator, Philox
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import ArrayLike, DTypeLike

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.philox import Words, fill_words, philox_words
from mesa_llm_city.core.values import Float, Int

__all__ = [
    "Address",
    "RandomStreams",
    "Reseeding",
    "normals",
    "rng",
    "uniform",
    "uniforms",
    "uniforms_of_all",
    "word_of",
]

_WORD = 2**64
_BLOCK = 4  # numbers that Philox makes from one counter
_FEW_ROWS = 120  # fewer draw faster one by one; the numbers are the same
_ROWS = 16384  # blocks computed at once: fewer calls, and little memory meanwhile
_LENT = 1024  # generators that are kept for others when nobody holds them any more
# A float holds 53 of 64 random bits.
_DISCARDED, _UNIT = np.array(11, dtype=np.uint64), np.array(2.0**-53)


def rng(seed: int, person: int, purpose: str, step: int) -> Generator:
    """Return the random stream of an address.

    The address is written into the key (seed, person) and the counter (step,
    purpose) of a Philox generator [1]_. So different addresses never share a
    number, and no stream has to be stored.

    Parameters
    ----------
    seed : int
        Seed of the run, in [0, 2**64).
    person : int
        Id of the person, in [0, 2**64).
    purpose : str
        What is drawn, such as ``"place_choice"``.
    step : int
        When it is drawn, in [0, 2**64); usually the minute since the start of the run.

    Returns
    -------
    numpy.random.Generator
        A fresh generator at the beginning of the stream.

    Raises
    ------
    ConfigError
        If a number lies outside its range.

    References
    ----------
    .. [1] Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as
       easy as 1, 2, 3. SC '11. https://doi.org/10.1145/2063384.2063405

    Examples
    --------
    >>> float(rng(7, 3, "mode", 40).random()) == float(rng(7, 3, "mode", 40).random())
    True
    """
    if not (0 <= seed < _WORD and 0 <= person < _WORD and 0 <= step < _WORD):
        _check(seed=seed, person=person, step=step)
    return _SENT.fresh((seed, person), step, word_of(purpose))


class _Key(ISeedSequence):
    """A key, given as a seed sequence.

    `Philox(key=...)` would first gather random bits from the operating system, which takes
    most of its time, and then throw them away.

    Parameters
    ----------
    words : ndarray of uint64, shape (2,)
        The key.
    """

    __slots__ = ("_words",)

    def __init__(self, words: Words) -> None:
        self._words = words

    def generate_state(
        self,
        n_words: int,  # noqa: ARG002 - Philox asks for the two words of its key
        dtype: DTypeLike = np.uint64,  # noqa: ARG002 - likewise
    ) -> Words:
        return self._words


def uniform(seed: int, person: int, purpose: str, step: int) -> float:
    """Return the first uniform number of an address, in [0, 1).

    It is ``rng(seed, person, purpose, step).random()``, for a fifth of the time: one generator
    is sent from address to address. Parameters and errors are those of `rng`.

    Examples
    --------
    >>> uniform(7, 3, "mode", 40) == rng(7, 3, "mode", 40).random()
    True
    """
    if not (0 <= seed < _WORD and 0 <= person < _WORD and 0 <= step < _WORD):
        _check(seed=seed, person=person, step=step)
    sent = _SENT
    sent.send(sent.bits, (seed, person), step, word_of(purpose))
    return sent.generator.random()


class _Sent(local):
    """Generators that are sent from address to address, since it takes long to make one.

    Each thread has its own.
    """

    def __init__(self) -> None:
        self.generator, self.bits = self._made()
        # Nothing of an earlier address is left, since the buffer of the state is empty.
        self._state: Any = self.bits.state
        self._address: Any = self._state["state"]
        self._lent: list[tuple[Generator, Philox]] = []
        self._turn = -1
        # How many references there are to a pair that nobody holds differs between interpreters.
        self._lent.append(self._made())
        self._unheld = self._references(0)

    def send(self, bits: Philox, key: tuple[int, int], step: int, word: int) -> None:
        """Send a generator to the beginning of a stream."""
        # The low two counter words stay zero: Philox counts them up within the stream.
        self._address["key"], self._address["counter"] = key, (0, 0, step, word)
        bits.state = self._state

    def fresh(self, key: tuple[int, int], step: int, word: int) -> Generator:
        """Return a generator at the beginning of a stream that nobody else holds."""
        turn = self._turn = (self._turn + 1) % _LENT
        if turn >= len(self._lent):
            self._lent.append(self._made())
        if self._references(turn) != self._unheld:
            self._lent[turn] = self._made()
        generator, bits = self._lent[turn]
        self.send(bits, key, step, word)
        return generator

    def _references(self, turn: int) -> tuple[int, int]:
        generator, bits = self._lent[turn]
        return getrefcount(generator), getrefcount(bits)

    @staticmethod
    def _made() -> tuple[Generator, Philox]:
        # NumPy takes any ISeedSequence, though its types name SeedSequence only.
        bits = Philox(_Key(np.zeros(2, dtype=np.uint64)))  # type: ignore[arg-type]
        return Generator(bits), bits


def uniforms(seed: ArrayLike, persons: ArrayLike, purpose: str, step: ArrayLike, n: int) -> Float:
    """Return the first `n` uniform numbers of the streams of many persons.

    Parameters
    ----------
    seed : array_like of int, shape () or (m,)
        Seed of the run, or of each person, in [0, 2**64).
    persons : array_like of int, shape (m,)
        Ids, in [0, 2**64). Equal ids have equal rows, if seeds and steps are equal too.
    purpose : str
        What is drawn.
    step : array_like of int, shape () or (m,)
        When it is drawn, for all or for each, in [0, 2**64).
    n : int
        Numbers per person.

    Returns
    -------
    ndarray of float64, shape (m, n)
        Numbers in [0, 1). Row i equals ``rng(seed, persons[i], purpose, step).random(n)``
        to the last bit.

    Raises
    ------
    ConfigError
        If a number lies outside its range.

    Examples
    --------
    >>> draws = uniforms(7, np.array([3, 5]), "mode", 40, 2)
    >>> draws[1].tolist() == rng(7, 5, "mode", 40).random(2).tolist()
    True
    >>> later = uniforms(7, np.array([3, 5]), "mode", np.array([40, 45]), 2)
    >>> later[1].tolist() == rng(7, 5, "mode", 45).random(2).tolist()
    True
    """
    ids = np.asarray(persons)
    drawn = np.empty((len(ids), n))
    loop = compiled(fill_words)
    if loop is not None:
        given = (_column("seed", seed), _column("person", ids), _column("step", step))
        words = np.empty((len(ids), n), dtype=np.uint64)
        loop(*given, np.uint64(word_of(purpose)), words)
        words >>= _DISCARDED
        np.multiply(words, _UNIT, out=drawn)
        return drawn
    if len(ids) < _FEW_ROWS:
        seeds, steps = _each(seed, len(ids)), _each(step, len(ids))
        _fill_one_by_one(drawn, purpose, seeds, ids.tolist(), steps)
        return drawn
    columns = _column("seed", seed), _column("person", ids), _column("step", step)
    word = np.full((1, 1), word_of(purpose), dtype=np.uint64)
    rows = max(_ROWS // -(-n // _BLOCK), 1) if n else len(ids)
    for first in range(0, len(ids), rows):
        some = slice(first, first + rows)
        key, person, counted = (
            one[np.newaxis, some] if len(one) > 1 else one[np.newaxis] for one in columns
        )
        _fill_rows(drawn[some].T, key, person, counted, word)
    return drawn


class Address(NamedTuple):
    """Where numbers of persons are drawn, whoever they are.

    Attributes
    ----------
    seed : int
        Seed of the run.
    purpose : str
        What is drawn.
    step : int
        When it is drawn.
    numbers : int
        How many per person.
    """

    seed: int
    purpose: str
    step: int
    numbers: int


def uniforms_of_all(persons: Int, addresses: Sequence[Address]) -> list[Float]:
    """Return what `uniforms` does for each of some addresses, all drawn at once.

    Of some hundred persons that takes a third of the time.

    Parameters
    ----------
    persons : ndarray of int64, shape (m,)
        Ids, at least 0.
    addresses : sequence of Address
        What is drawn of each person.

    Returns
    -------
    list of ndarray of float64, shape (m, numbers)
        One of each address.
    """
    blocks = [-(-one.numbers // _BLOCK) for one in addresses]
    whole = [(one.seed, one.step, word_of(one.purpose)) for one in addresses]
    each = np.repeat(np.array(whole, dtype=np.uint64), blocks, axis=0)
    seed, step, word = each.T[..., np.newaxis]
    block = np.concatenate([np.arange(1, one + 1, dtype=np.uint64) for one in blocks])
    person, zero = _column("person", persons)[np.newaxis], np.zeros((1, 1), np.uint64)
    drawn = np.empty((len(block), _BLOCK, len(persons)))
    rows = max(_ROWS // len(block), 1)
    for first in range(0, len(persons), rows):
        some = slice(first, first + rows)
        counter = (block[:, np.newaxis], zero, step, word)
        for at, words in enumerate(philox_words((seed, person[:, some]), counter)):
            np.multiply(words >> _DISCARDED, _UNIT, out=drawn[:, at, some])
    ends, numbers = np.cumsum(blocks), drawn.reshape(-1, len(persons))
    return [
        np.ascontiguousarray(numbers[(end - own) * _BLOCK :][: one.numbers].T)
        for end, own, one in zip(ends.tolist(), blocks, addresses, strict=True)
    ]


def _fill_one_by_one(
    drawn: Float, purpose: str, seeds: list[int], persons: list[int], steps: list[int]
) -> None:
    """Fill rows by one generator that is sent from address to address.

    That takes a third of the time of a new generator for each.
    """
    sent, word = _SENT, word_of(purpose)
    for row, seed, person, step in zip(drawn, seeds, persons, steps, strict=True):
        if not (0 <= seed < _WORD and 0 <= person < _WORD and 0 <= step < _WORD):
            _check(seed=seed, person=person, step=step)
        sent.send(sent.bits, (seed, person), step, word)
        sent.generator.random(out=row)


_SENT = _Sent()


def _each(given: ArrayLike, count: int) -> list[int]:
    """Return one number for each person."""
    if isinstance(given, int):
        return [given] * count
    numbers: list[int] = np.broadcast_to(np.asarray(given), (count,)).tolist()
    return numbers


def _column(name: str, given: ArrayLike) -> Words:
    """Return one whole number, or many, as a column of unsigned words, checked."""
    if isinstance(given, int):
        _check(**{name: given})
        return np.array([given], dtype=np.uint64)
    column = np.atleast_1d(np.asarray(given))
    if column.dtype.kind != "u" and len(column):
        _check(**{name: int(column.min())})
    if column.dtype == np.int64 and column.flags.c_contiguous:
        return column.view(np.uint64)
    return np.ascontiguousarray(column, dtype=np.uint64)


def _fill_rows(drawn: Float, seed: Words, person: Words, step: Words, word: Words) -> None:
    """Fill the numbers of persons, shape (n, m); the others have the shapes (1, m) or (1, 1)."""
    count = len(drawn)
    # A generator counts up before it makes its first block.
    block = np.arange(1, -(-count // _BLOCK) + 1, dtype=np.uint64)[:, np.newaxis]
    counter = (block, np.zeros((1, 1), np.uint64), step, word)
    for at, words in enumerate(philox_words((seed, person), counter, count=min(count, _BLOCK))):
        rows = drawn[at::_BLOCK]
        np.multiply(words[: len(rows)] >> _DISCARDED, _UNIT, out=rows)


def normals(seed: ArrayLike, persons: ArrayLike, purpose: str, step: ArrayLike, n: int) -> Float:
    """Return `n` standard-normal numbers for each of many persons.

    They are drawn by inverse distribution from `uniforms`, so that one person and a table of
    people draw the same numbers, and many cost little.

    Parameters
    ----------
    seed, persons, purpose, step, n
        As for `uniforms`.

    Returns
    -------
    ndarray of float64, shape (m, n)
        `normal_of` the rows of `uniforms`, to the last bit.

    Raises
    ------
    ConfigError
        If a number lies outside its range.

    Examples
    --------
    >>> draws = normals(7, np.arange(1000), "height", 0, 2)
    >>> bool(abs(draws.mean()) < 0.1), bool(0.9 < draws.std() < 1.1)
    (True, True)
    """
    from mesa_llm_city.core.inverse_draws import normal_of

    return normal_of(uniforms(seed, persons, purpose, step, n))


def _check(**numbers: int) -> None:
    for name, value in numbers.items():
        if not 0 <= value < _WORD:
            message = f"{name} must be in [0, 2**64), got {value}; use a non-negative integer"
            raise ConfigError(message)


@lru_cache(maxsize=4096)
def word_of(purpose: str) -> int:
    """Return the word of 64 bits that stands for what is drawn, the same in all processes."""
    # blake2b rather than hash(): the latter differs between processes.
    return int.from_bytes(blake2b(purpose.encode(), digest_size=8).digest(), "little")


class Reseeding(NamedTuple):
    """From when on a person draws from another seed.

    Attributes
    ----------
    seed : int
        The seed from then on, in [0, 2**64).
    minute : int
        First minute of it, in minutes since the start of the run.
    day : int
        Last day that is planned by then; later ones are drawn from the new seed.
    """

    seed: int
    minute: int
    day: int


@dataclass(frozen=True, slots=True)
class RandomStreams:
    """The random streams of one person in one run.

    Three kinds of address differ by what happens to them when a living model is reseeded, as
    in another future of the same past: draws of a moment (`at`) and of a day (`on`) come from
    the new seed from then on, what the person is like (`trait`) stays.

    Parameters
    ----------
    seed : int
        Seed of the run.
    person : int
        Id of the person.
    later : tuple of Reseeding, default ()
        Other seeds from some minutes on, in order of time.

    Examples
    --------
    >>> streams = RandomStreams(seed=7, person=3)
    >>> 0.0 <= streams.at("mode", step=40).random() < 1.0
    True
    >>> other = streams.reseeded(8, minute=720, day=0)
    >>> [one.at("mode", step=719).random() == streams.at("mode", step=719).random()
    ...  for one in (other, RandomStreams(8, 3))]
    [True, False]
    >>> other.at("mode", step=720).random() == RandomStreams(8, 3).at("mode", step=720).random()
    True
    """

    seed: int
    person: int
    later: tuple[Reseeding, ...] = ()

    def at(self, purpose: str, *, step: int) -> Generator:
        """Return the stream for `purpose` at the minute `step` (see `rng`)."""
        seed = self._seed_at(step) if self.later else self.seed
        return rng(seed, self.person, purpose, step)

    def uniform(self, purpose: str, *, step: int) -> float:
        """Return the first uniform number of the stream for `purpose` at the minute `step`."""
        seed = self._seed_at(step) if self.later else self.seed
        return uniform(seed, self.person, purpose, step)

    def lasting(self, purpose: str, *, since: int) -> Generator:
        """Return the stream for what is drawn once and holds from a minute on.

        It is the same at all minutes, and another one in a model that was reseeded before.

        Parameters
        ----------
        purpose : str
            What is drawn, such as whether a message is believed.
        since : int
            The minute at which it is needed.
        """
        return rng(self._seed_at(since), self.person, purpose, 0)

    def on(self, purpose: str, *, day: int, known_from: int | None = None) -> Generator:
        """Return the stream for `purpose` on a day; -1 is the day before the run.

        Parameters
        ----------
        purpose : str
            What is drawn.
        day : int
            Index of the day.
        known_from : int, optional
            Day with whose plan the number is drawn; `day` by default. When people get up is
            known from the day before.
        """
        seed = self.seed_on(day if known_from is None else known_from)
        return rng(seed, self.person, purpose, day + 1)

    def uniform_on(self, purpose: str, *, day: int) -> float:
        """Return the first uniform number of the stream for `purpose` on a day (see `on`)."""
        return uniform(self.seed_on(day), self.person, purpose, day + 1)

    def trait(self, purpose: str, *, key: int = 0) -> Generator:
        """Return the stream for what the person is like, which no reseeding changes.

        Parameters
        ----------
        purpose : str
            What is drawn.
        key : int, default 0
            What it is about, such as the id of a place.
        """
        return rng(self.seed, self.person, purpose, key)

    def uniform_trait(self, purpose: str, *, key: int = 0) -> float:
        """Return the first uniform number of the stream of a trait (see `trait`)."""
        return uniform(self.seed, self.person, purpose, key)

    def _seed_at(self, minute: int) -> int:
        seed = self.seed
        for one in self.later:
            if minute >= one.minute:
                seed = one.seed
        return seed

    def seed_on(self, day: int) -> int:
        """Return the seed of what is drawn with the plan of a day."""
        seed = self.seed
        for one in self.later:
            if day > one.day:
                seed = one.seed
        return seed

    def group_seed_on(self, day: int) -> int:
        """Return the seed of what a group draws for a day, which is the same for all members.

        Some may have planned that day and others not, so a day and the next are left as they
        were when a model is reseeded.
        """
        seed = self.seed
        for one in self.later:
            if day > one.minute // DAY_MIN + 1:
                seed = one.seed
        return seed

    def reseeded(self, seed: int, *, minute: int, day: int) -> RandomStreams:
        """Return the same streams with another seed from a minute on (see `Reseeding`)."""
        _check(seed=seed)
        return replace(self, later=(*self.later, Reseeding(seed, minute, day)))
