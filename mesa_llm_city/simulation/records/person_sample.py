"""A sample of persons: who is in it follows from the seed and the id alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mesa_llm_city.core.values import Bool, Int

__all__ = ["PersonSample"]

# Constants of SplitMix64.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FACTOR_1, _FACTOR_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SHIFT_1, _SHIFT_2, _SHIFT_3 = np.uint64(30), np.uint64(27), np.uint64(31)
_WORD = 2**64


@dataclass(frozen=True, slots=True)
class PersonSample:
    """Persons whose rows are kept.

    Each person is in the sample with probability `share`, whoever else lives there and however
    many: the id is hashed with the seed by SplitMix64 [1]_, and compared with the share.

    Parameters
    ----------
    share : float
        Probability, in (0, 1).
    seed : int
        Seed, in [0, 2**64).

    References
    ----------
    .. [1] Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators.
       OOPSLA '14. https://doi.org/10.1145/2660193.2660195

    Examples
    --------
    >>> sample = PersonSample(0.25, seed=7)
    >>> round(float(sample.keeps(np.arange(100_000)).mean()), 2)
    0.25
    """

    share: float
    seed: int

    def keeps(self, persons: Int) -> Bool:
        """Tell of each person whether its rows are kept, shape (n,)."""
        seed = _hashed(np.array([self.seed % _WORD], dtype=np.uint64))
        limit = np.uint64(min(int(self.share * _WORD), _WORD - 1))
        return _hashed(np.asarray(persons).astype(np.uint64) ^ seed) < limit

    def to_json(self) -> dict[str, Any]:
        """Return share and seed."""
        return {"share": self.share, "seed": self.seed}


def _hashed(words: np.ndarray[Any, np.dtype[np.uint64]]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    mixed = words + _STEP
    mixed = (mixed ^ (mixed >> _SHIFT_1)) * _FACTOR_1
    mixed = (mixed ^ (mixed >> _SHIFT_2)) * _FACTOR_2
    return mixed ^ (mixed >> _SHIFT_3)
