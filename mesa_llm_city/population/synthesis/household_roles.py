"""Roles in households, for which people are drawn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.population import HouseholdParameters
from mesa_llm_city.population.categories import Gender, Role
from mesa_llm_city.population.synthesis.households import HOUSEHOLD_KINDS

__all__ = [
    "POSITIONS",
    "RANKS",
    "HouseholdRoles",
    "Position",
    "rank_tables",
    "roles_of_households",
]


class Position(NamedTuple):
    """A role in a household of a size."""

    role: Role
    size: int


POSITIONS = tuple(
    dict.fromkeys(Position(role, kind.size) for kind in HOUSEHOLD_KINDS for role in kind.roles)
)
"""All positions, an axis of the joint distribution."""

RANKS = (0, 1, 2)
"""Ranks within a position: 0 the first and 2 the second of a couple, 1 anybody else."""

_FIRST, _NO_COUPLE, _SECOND = RANKS


class HouseholdRoles(NamedTuple):
    """Roles in households, one for each person to be drawn: arrays of shape (n,).

    Attributes
    ----------
    household : ndarray of int64
        Number of the household.
    position : ndarray of int64
        Index in `POSITIONS`.
    rank : ndarray of int64
        One of `RANKS`.
    """

    household: Int
    position: Int
    rank: Int


def roles_of_households(kinds: Int, n: int) -> HouseholdRoles:
    """Return the first `n` roles of households.

    Parameters
    ----------
    kinds : ndarray of int64, shape (households,)
        Indices in `HOUSEHOLD_KINDS`.
    n : int
        Number of roles; the last household may be cut short.
    """
    sizes = np.array([kind.size for kind in HOUSEHOLD_KINDS])[kinds]
    household = np.repeat(np.arange(len(kinds)), sizes)[:n]
    member = np.arange(len(household)) - (np.cumsum(sizes) - sizes)[household]
    position, rank = (table[kinds[household], member] for table in _tables_of_kinds())
    return HouseholdRoles(household, position, rank)


def _tables_of_kinds() -> tuple[Int, Int]:
    """Return position and rank of each member of each kind, shape (kinds, members)."""
    shape = (len(HOUSEHOLD_KINDS), max(kind.size for kind in HOUSEHOLD_KINDS))
    position, rank = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, kind in enumerate(HOUSEHOLD_KINDS):
        position[row, : kind.size] = [POSITIONS.index(Position(r, kind.size)) for r in kind.roles]
        rank[row, : kind.size] = _ranks(kind.roles)
    return position, rank


def _ranks(roles: tuple[Role, ...]) -> list[int]:
    couple = roles[:2] in {(Role.PARTNER,) * 2, (Role.PARENT,) * 2}
    first = [_FIRST, _SECOND] if couple else [_NO_COUPLE] * min(len(roles), 2)
    return first + [_NO_COUPLE] * (len(roles) - 2)


def rank_tables(table: Float, parameters: HouseholdParameters) -> Float:
    """Split the joint distribution by rank within a position.

    Couples are a woman and a man as far as the numbers of women and men allow.

    Parameters
    ----------
    table : ndarray of float64
        Joint distribution (see `fit_joint_distribution`).
    parameters : HouseholdParameters
        Share of each kind among households of its size.

    Returns
    -------
    ndarray of float64, shape (positions, ranks, ages, genders, occupations, levels)
        Adds up to `table` over the ranks.
    """
    ranks = np.zeros((len(POSITIONS), len(RANKS), *table.shape[1:]))
    women_first = [Gender.FEMALE, Gender.OTHER, Gender.MALE]
    order = [list(Gender).index(gender) for gender in women_first]
    for index, position in enumerate(POSITIONS):
        people = table[index]
        total = float(people.sum())
        paired = _paired_share(position, parameters)
        cuts = np.array([0.0, paired / 2, 1.0 - paired / 2, 1.0]) * total
        ends = np.cumsum(people.sum(axis=(0, 2, 3))[order])
        for row, gender in enumerate(order):
            low, high = ends[row - 1] if row else 0.0, ends[row]
            overlap = np.minimum(cuts[1:], high) - np.maximum(cuts[:-1], low)
            share = np.maximum(overlap, 0.0) / max(high - low, np.finfo(np.float64).tiny)
            ranks[index, :, :, gender] = share[:, None, None, None] * people[None, :, gender]
    return ranks


def _paired_share(position: Position, parameters: HouseholdParameters) -> float:
    """Return the share of the people in a position who live there with a partner."""
    of_size = [kind for kind in HOUSEHOLD_KINDS if kind.size == position.size]
    shares = [parameters.share_of_size[kind.name] for kind in of_size]
    counts = [kind.roles.count(position.role) for kind in of_size]
    people = np.array([share * count for share, count in zip(shares, counts, strict=True)])
    paired = np.array(
        [
            kind.roles[:2] == (position.role,) * 2 and _FIRST in _ranks(kind.roles)
            for kind in of_size
        ]
    )
    return float(people[paired].sum() / people.sum()) if people.any() else 0.0
