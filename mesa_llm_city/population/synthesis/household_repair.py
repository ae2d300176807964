"""Repair of households whose parents are hardly older than their children."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Int
from mesa_llm_city.population.categories import Role
from mesa_llm_city.population.synthesis.household_draw import Demography

__all__ = ["children_too_old", "with_possible_parents"]

_CODES = {role: code for code, role in enumerate(Role)}


def children_too_old(household: Int, role: Int, age: Int, least_gap: int) -> NDArray[np.bool_]:
    """Tell which children are too old for the youngest parent in their household.

    Parameters
    ----------
    household, role, age : ndarray of int64, shape (n,)
        Household, index in `Role`, and age in years.
    least_gap : int
        Least difference between the ages of a parent and a child, in years.

    Examples
    --------
    >>> roles = np.array([list(Role).index(one) for one in ("parent", "child", "child")])
    >>> children_too_old(np.zeros(3, int), roles, np.array([70, 40, 60]), 16).tolist()
    [False, False, True]
    """
    _, index = np.unique(household, return_inverse=True)
    # Without a parent no age is too high.
    youngest = np.full(len(household), np.iinfo(np.int64).max)
    parent = role == _CODES[Role.PARENT]
    np.minimum.at(youngest, index[parent], age[parent])
    child = role == _CODES[Role.CHILD]
    too_old: NDArray[np.bool_] = child & (age > youngest[index] - least_gap)
    return too_old


def with_possible_parents(people: Demography, least_gap: int) -> tuple[Demography, int]:
    """Give other roles to children who are too old for their parents.

    They become other members of the household. Parents to whom no child is left become
    partners, or another member if there is but one of them.

    Parameters
    ----------
    people : Demography
        People in whole households.
    least_gap : int
        Least difference between the ages of a parent and a child, in years.

    Returns
    -------
    people : Demography
        With those roles.
    households : int
        How many households were repaired.
    """
    too_old = children_too_old(people.household, people.role, people.age, least_gap)
    if not too_old.any():
        return people, 0
    _, index = np.unique(people.household, return_inverse=True)
    role = np.where(too_old, _CODES[Role.OTHER], people.role)
    parent = role == _CODES[Role.PARENT]
    repaired = np.bincount(index, too_old) > 0
    childless = repaired & (np.bincount(index, role == _CODES[Role.CHILD]) == 0)
    couple = np.bincount(index, parent) > 1
    role[parent & (childless & couple)[index]] = _CODES[Role.PARTNER]
    role[parent & (childless & ~couple)[index]] = _CODES[Role.OTHER]
    return people._replace(role=role), int(np.count_nonzero(repaired))
