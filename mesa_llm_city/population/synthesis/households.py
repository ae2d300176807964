"""Households: their kinds, how many of each, and who lives with whom."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from mesa_llm_city.core.values import Float
from mesa_llm_city.population.categories import Role
from mesa_llm_city.population.synthesis.fitting import systematic_sample
from mesa_llm_city.population.synthesis.marginals import Shares

__all__ = ["HOUSEHOLD_TYPES", "HouseholdType", "draw_households", "household_type_shares"]


class HouseholdType(NamedTuple):
    """A kind of household: its share among those of its size, and its members."""

    name: str
    share_of_size: float
    roles: tuple[Role, ...]


_COUPLE, _PARENTS = (Role.PARTNER,) * 2, (Role.PARENT,) * 2
_LONE, _CHILD, _OTHER = (Role.PARENT,), (Role.CHILD,), (Role.OTHER,)

HOUSEHOLD_TYPES = (
    HouseholdType("single", 1.0, (Role.SINGLE,)),
    HouseholdType("couple", 0.71, _COUPLE),
    HouseholdType("lone parent, 1 child", 0.20, _LONE + _CHILD),
    HouseholdType("2 others", 0.09, _OTHER * 2),
    HouseholdType("couple, 1 child", 0.69, _PARENTS + _CHILD),
    HouseholdType("lone parent, 2 children", 0.17, _LONE + _CHILD * 2),
    HouseholdType("couple, 1 other", 0.14, _COUPLE + _OTHER),
    HouseholdType("couple, 2 children", 0.84, _PARENTS + _CHILD * 2),
    HouseholdType("lone parent, 3 children", 0.06, _LONE + _CHILD * 3),
    HouseholdType("couple, 1 child, 1 other", 0.10, _PARENTS + _CHILD + _OTHER),
    HouseholdType("couple, 3 children", 0.55, _PARENTS + _CHILD * 3),
    HouseholdType("couple, 2 children, 1 other", 0.45, _PARENTS + _CHILD * 2 + _OTHER),
)
"""Kinds of household. With the sizes of the Population Census of Japan 2020 they
add up to its family types (single 38 %, couple 20 %, couple with children 25 %,
lone parent 9 %, other 8 %); how a size splits into kinds is an assumption."""


def household_type_shares(sizes: Shares) -> Float:
    """Return the share of each of `HOUSEHOLD_TYPES` among households of the given sizes.

    Parameters
    ----------
    sizes : mapping
        Share of households with ``"1"`` to ``"5"`` members.

    Returns
    -------
    ndarray of float64, shape (number of types,)
        Adds up to 1.
    """
    return np.array(
        [kind.share_of_size * sizes.get(str(len(kind.roles)), 0.0) for kind in HOUSEHOLD_TYPES]
    )


def draw_households(n: int, sizes: Shares, rng: Generator) -> list[int]:
    """Draw households that hold `n` people.

    Parameters
    ----------
    n : int
        Number of people.
    sizes : mapping
        Share of households with ``"1"`` to ``"5"`` members.
    rng : numpy.random.Generator
        The luck.

    Returns
    -------
    list of int
        Indices in `HOUSEHOLD_TYPES`, in random order. The last household may
        be larger than what is left of the `n` people.
    """
    shares = household_type_shares(sizes)
    members = np.array([len(kind.roles) for kind in HOUSEHOLD_TYPES])
    count = round(n / float(shares @ members))
    kinds = [int(k) for k in rng.permutation(systematic_sample(shares, count, rng))]
    missing = n - int(members[kinds].sum())
    while missing < 0:
        missing += int(members[kinds.pop()])
    while missing > 0:
        fitting = np.where(members <= missing, shares, 0.0)
        weights = fitting if fitting.any() else shares
        kinds.append(int(systematic_sample(weights, 1, rng)[0]))
        missing -= int(members[kinds[-1]])
    return kinds
