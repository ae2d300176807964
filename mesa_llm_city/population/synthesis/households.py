"""Kinds of household, and how many of each there are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.population import HouseholdParameters
from mesa_llm_city.population.categories import Role
from mesa_llm_city.population.synthesis.fitting import systematic_sample
from mesa_llm_city.population.synthesis.marginals import Shares

__all__ = ["HOUSEHOLD_KINDS", "HouseholdKind", "draw_households", "household_kind_shares"]


class HouseholdKind(NamedTuple):
    """A kind of household.

    Attributes
    ----------
    name : str
        Its name in ``population.households.share_of_size``.
    roles : tuple of Role
        Roles of its members, the couple first.
    """

    name: str
    roles: tuple[Role, ...]

    @property
    def size(self) -> int:
        """Number of members."""
        return len(self.roles)


_COUPLE, _PARENTS = (Role.PARTNER,) * 2, (Role.PARENT,) * 2
_LONE_PARENT, _CHILD, _OTHER = (Role.PARENT,), (Role.CHILD,), (Role.OTHER,)

HOUSEHOLD_KINDS = (
    HouseholdKind("single", (Role.SINGLE,)),
    HouseholdKind("couple", _COUPLE),
    HouseholdKind("lone_parent_1_child", _LONE_PARENT + _CHILD),
    HouseholdKind("2_others", _OTHER * 2),
    HouseholdKind("couple_1_child", _PARENTS + _CHILD),
    HouseholdKind("lone_parent_2_children", _LONE_PARENT + _CHILD * 2),
    HouseholdKind("couple_1_other", _COUPLE + _OTHER),
    HouseholdKind("couple_2_children", _PARENTS + _CHILD * 2),
    HouseholdKind("lone_parent_3_children", _LONE_PARENT + _CHILD * 3),
    HouseholdKind("couple_1_child_1_other", _PARENTS + _CHILD + _OTHER),
    HouseholdKind("couple_3_children", _PARENTS + _CHILD * 3),
    HouseholdKind("couple_2_children_1_other", _PARENTS + _CHILD * 2 + _OTHER),
)
"""All kinds of household. With their default shares and the household sizes of the
Population Census of Japan 2020 they add up to its family types: single 38 %, couple 20 %,
couple with children 25 %, lone parent 9 %, other 8 %."""


def household_kind_shares(sizes: Shares, parameters: HouseholdParameters) -> Float:
    """Return the share of each kind among households of the given sizes.

    Parameters
    ----------
    sizes : mapping
        Share of households with ``"1"`` to ``"5"`` members.
    parameters : HouseholdParameters
        Share of each kind among households of its size.

    Returns
    -------
    ndarray of float64, shape (kinds,)
        Along `HOUSEHOLD_KINDS`; adds up to 1.
    """
    of_size = parameters.share_of_size
    return np.array(
        [of_size[kind.name] * sizes.get(str(kind.size), 0.0) for kind in HOUSEHOLD_KINDS]
    )


def draw_households(n: int, sizes: Shares, rng: Generator, parameters: HouseholdParameters) -> Int:
    """Draw households that hold `n` people.

    Parameters
    ----------
    n : int
        Number of people.
    sizes : mapping
        Share of households with ``"1"`` to ``"5"`` members.
    rng : numpy.random.Generator
        Random numbers.
    parameters : HouseholdParameters
        Share of each kind among households of its size.

    Returns
    -------
    ndarray of int64, shape (households,)
        Indices in `HOUSEHOLD_KINDS`, in random order. The last household may
        be larger than what is left of the `n` people.
    """
    shares = household_kind_shares(sizes, parameters)
    members = np.array([kind.size for kind in HOUSEHOLD_KINDS])
    count = round(n / float(shares @ members))
    kinds = rng.permutation(systematic_sample(shares, count, rng))
    missing = n - int(members[kinds].sum())
    while missing < 0:
        missing += int(members[kinds[-1]])
        kinds = kinds[:-1]
    added: list[int] = []
    while missing > 0:
        fitting = np.where(members <= missing, shares, 0.0)
        weights = fitting if fitting.any() else shares
        added.append(int(systematic_sample(weights, 1, rng)[0]))
        missing -= int(members[added[-1]])
    return np.concatenate([kinds, np.array(added, dtype=np.int64)])
