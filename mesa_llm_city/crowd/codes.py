"""Positions of purposes and their properties, as a crowd reads them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.values import UNAWARE, Bool, Int, Purpose
from mesa_llm_city.parameters import CityParameters

__all__ = ["Codes", "codes_of"]


class Codes(NamedTuple):
    """Positions of purposes in a tree of parameters, p of them.

    Attributes
    ----------
    names : tuple of str, length p
        Names of the purposes.
    sleep, rest, meal, leisure, travel : int
        Positions of those that the rules of a day name.
    unaware : ndarray of bool, shape (p,)
        During which nothing is noticed.
    at_home : ndarray of bool, shape (p,)
        Which are done at home.
    least_min : ndarray of int64, shape (p,)
        Shortest stay, in minutes.
    usual_min : ndarray of int64, shape (p,)
        Usual length, rounded; 0 if none is given.
    free_time : tuple of int
        Positions of what free time can be spent on.
    """

    names: tuple[str, ...]
    sleep: int
    rest: int
    meal: int
    leisure: int
    travel: int
    unaware: Bool
    at_home: Bool
    least_min: Int
    usual_min: Int
    free_time: tuple[int, ...]


@keeps_latest
@lru_cache(maxsize=8)
def codes_of(parameters: CityParameters) -> Codes:
    """Return the positions of the purposes of a tree of parameters."""
    names, specs = tuple(parameters.purposes), tuple(parameters.purposes.values())
    of = names.index
    return Codes(
        names,
        of(Purpose.SLEEP),
        of(Purpose.REST),
        of(Purpose.MEAL),
        of(Purpose.LEISURE),
        of(Purpose.TRAVEL),
        np.array([one in UNAWARE for one in names]),
        np.array([one.at_home for one in specs]),
        np.array([one.least_min for one in specs], dtype=np.int64),
        np.array([round(one.usual_min or 0.0) for one in specs], dtype=np.int64),
        tuple(of(one) for one in parameters.free_time),
    )
