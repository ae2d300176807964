"""The seed of a run, from what a model is given as `rng` or `seed`."""

from __future__ import annotations

import secrets
from numbers import Integral

import numpy as np

from mesa_llm_city.core.errors import ConfigError

__all__ = ["run_seed"]


def run_seed(rng: int | np.random.Generator | None, seed: int | None = None) -> int:
    """Return the seed of a run; drawn at random if none is given.

    Parameters
    ----------
    rng : int or numpy.random.Generator, optional
        A seed, or a generator to draw one from.
    seed : int, optional
        Another name of `rng`, as Mesa has it.

    Raises
    ------
    ConfigError
        If both are given, or what is given is no seed.

    Examples
    --------
    >>> run_seed(7), run_seed(None, 8)
    (7, 8)
    """
    if rng is not None and seed is not None:
        message = f"rng and seed are the same; give one of them, got rng {rng!r} and seed {seed!r}"
        raise ConfigError(message)
    given = seed if rng is None else rng
    if given is None:
        return secrets.randbits(32)
    if isinstance(given, np.random.Generator):
        return int(given.integers(2**32))
    if not isinstance(given, Integral) or isinstance(given, bool) or int(given) < 0:
        message = (
            "rng must be a non-negative whole number, a numpy.random.Generator or None, "
            f"got {given!r}"
        )
        raise ConfigError(message)
    return int(given)
