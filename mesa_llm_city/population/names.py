"""Names of people, drawn at random; they carry no meaning."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.population.categories import Gender

__all__ = ["full_names"]


@lru_cache(maxsize=1)
def _names() -> dict[str, list[str]]:
    with Path(__file__).with_name("names.toml").open("rb") as file:
        return tomllib.load(file)


def full_names(gender: Int, given_draws: Float, family_draws: Float) -> list[str]:
    """Return a given name and a surname for each person.

    Parameters
    ----------
    gender : ndarray of int64, shape (n,)
        Index in `Gender`.
    given_draws, family_draws : ndarray of float64, shape (n,)
        Uniform numbers in [0, 1); equal family draws give equal surnames.

    Returns
    -------
    list of str
        Names; there are some four thousand different ones per gender.

    Examples
    --------
    >>> import numpy as np
    >>> full_names(np.array([0]), np.array([0.1]), np.array([0.5]))
    ['Anna Lima']
    """
    given_names = [_names()[category] for category in Gender]
    surnames = _names()["surnames"]
    rows = zip(gender.tolist(), given_draws.tolist(), family_draws.tolist(), strict=True)
    return [
        f"{_pick(given_names[code], given)} {_pick(surnames, family)}"
        for code, given, family in rows
    ]


def _pick(names: list[str], draw: float) -> str:
    return names[int(draw * len(names))]
