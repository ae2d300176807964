"""Slots: the places in households that people are drawn for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.population.categories import Gender, Role
from mesa_llm_city.population.synthesis.households import HOUSEHOLD_TYPES
from mesa_llm_city.population.synthesis.joint_distribution import POSITIONS, Position

__all__ = ["Slots", "seat_tables", "slots_of"]


class Slots(NamedTuple):
    """Places in households, to be filled: arrays of shape (n,).

    Attributes
    ----------
    household : ndarray of int64
        Which household.
    position : ndarray of int64
        Index in `POSITIONS`.
    seat : ndarray of int64
        0 for the first of a couple, 2 for the second, 1 for anybody else.
    """

    household: Int
    position: Int
    seat: Int


def slots_of(kinds: list[int], n: int) -> Slots:
    """Return the first `n` slots of households.

    Parameters
    ----------
    kinds : list of int
        Indices in `HOUSEHOLD_TYPES`, one per household.
    n : int
        Number of slots; the last household may be cut short.
    """
    household: list[int] = []
    position: list[int] = []
    seat: list[int] = []
    for number, kind in enumerate(kinds):
        roles = HOUSEHOLD_TYPES[kind].roles
        household += [number] * len(roles)
        position += [POSITIONS.index(Position(role, len(roles))) for role in roles]
        seat += _seats(roles)
    return Slots(np.array(household)[:n], np.array(position)[:n], np.array(seat)[:n])


def _seats(roles: tuple[Role, ...]) -> list[int]:
    paired = roles[:2] in {(Role.PARTNER,) * 2, (Role.PARENT,) * 2}
    return ([0, 2] if paired else [1] * min(len(roles), 2)) + [1] * (len(roles) - 2)


def seat_tables(table: Float) -> Float:
    """Split each position by seat: women first, men last, as far as the numbers go.

    Parameters
    ----------
    table : ndarray of float64
        Joint distribution (see `fit_people`).

    Returns
    -------
    ndarray of float64, shape (positions, 3, ages, genders, occupations, levels)
        Adds up to `table` over the seats.
    """
    seats = np.zeros((len(POSITIONS), 3, *table.shape[1:]))
    women_first = [Gender.FEMALE, Gender.OTHER, Gender.MALE]
    order = [list(Gender).index(gender) for gender in women_first]
    for index, position in enumerate(POSITIONS):
        people = table[index]
        total = float(people.sum())
        paired = _paired_share(position)
        cuts = np.array([0.0, paired / 2, 1.0 - paired / 2, 1.0]) * total
        ends = np.cumsum(people.sum(axis=(0, 2, 3))[order])
        for which, gender in enumerate(order):
            low, high = ends[which - 1] if which else 0.0, ends[which]
            overlap = np.minimum(cuts[1:], high) - np.maximum(cuts[:-1], low)
            share = np.maximum(overlap, 0.0) / max(high - low, np.finfo(np.float64).tiny)
            seats[index, :, :, gender] = share[:, None, None, None] * people[None, :, gender]
    return seats


def _paired_share(position: Position) -> float:
    """Return which share of the people in a position live there with a partner."""
    of_size = [kind for kind in HOUSEHOLD_TYPES if len(kind.roles) == position.size]
    count = np.array([kind.share_of_size * kind.roles.count(position.role) for kind in of_size])
    paired = np.array(
        [kind.roles[:2] == (position.role,) * 2 and 0 in _seats(kind.roles) for kind in of_size]
    )
    return float(count[paired].sum() / count.sum())
