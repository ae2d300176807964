"""RandomStreams with an address: one random stream per seed, person, purpose and step.

A draw depends on nothing but its address, so it stays the same whatever the
order of answers, the batch size, the number of processes, or whether another
person has been added to the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.random import Generator, Philox

from mesa_llm_city.core.errors import ConfigError

__all__ = ["RandomStreams", "rng"]

_WORD = 2**64


def rng(seed: int, person: int, purpose: str, step: int) -> Generator:
    """Return the random stream that lives at an address.

    The address is written into the key (seed, person) and the counter (step,
    purpose) of a Philox generator [1]_, so different addresses never share a
    number and no stream has to be stored.

    Parameters
    ----------
    seed : int
        Seed of the run, in [0, 2**64).
    person : int
        Id of the person, in [0, 2**64).
    purpose : str
        What the luck is for, such as ``"place_choice"``.
    step : int
        When, in [0, 2**64); by custom the minute since the start of the run.

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
    for name, value in (("seed", seed), ("person", person), ("step", step)):
        if not 0 <= value < _WORD:
            message = f"{name} must be in [0, 2**64), got {value}; use a non-negative integer"
            raise ConfigError(message)
    # The low two counter words stay zero: Philox counts them up within the stream.
    key = np.array([seed, person], dtype=np.uint64)
    counter = np.array([0, 0, step, _word(purpose)], dtype=np.uint64)
    return Generator(Philox(key=key, counter=counter))


@lru_cache(maxsize=4096)
def _word(purpose: str) -> int:
    # blake2b rather than hash(): the latter differs between processes.
    return int.from_bytes(blake2b(purpose.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class RandomStreams:
    """All streams of one person in one run.

    Parameters
    ----------
    seed : int
        Seed of the run.
    person : int
        Id of the person.

    Examples
    --------
    >>> streams = RandomStreams(seed=7, person=3)
    >>> 0.0 <= streams.at("mode", step=40).random() < 1.0
    True
    """

    seed: int
    person: int

    def at(self, purpose: str, *, step: int) -> Generator:
        """Return the stream for `purpose` at `step` (see `rng`)."""
        return rng(self.seed, self.person, purpose, step)
