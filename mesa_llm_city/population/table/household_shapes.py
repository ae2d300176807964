"""Who is parent and who is child in households of a table, and what can hardly be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Int
from mesa_llm_city.parameters.population import AgeParameters
from mesa_llm_city.population.categories import Role, feasible_ages
from mesa_llm_city.population.synthesis.household_draw import Demography
from mesa_llm_city.population.synthesis.household_repair import children_too_old

__all__ = ["doubtful_households", "likely_roles", "possible_roles", "rows_by_household"]


def rows_by_household(household: Int) -> dict[int, list[int]]:
    """Return the rows of each household, in the order of the table.

    Examples
    --------
    >>> rows_by_household(np.array([4, 2, 4]))
    {4: [0, 2], 2: [1]}
    """
    rows: dict[int, list[int]] = defaultdict(list)
    for row, one in enumerate(household.tolist()):
        rows[one].append(row)
    return dict(rows)


def likely_roles(age: Sequence[int], gender: Sequence[int], ages: AgeParameters) -> list[Role]:
    """Return the roles of the members of a household, from their ages.

    The parents are the youngest member who is old enough to be a parent of the oldest minor
    (or, without minors, of the youngest member), and whoever of about the same age. Those who
    are young enough to be their children are. Without such parents two adults of different
    gender are partners, and everybody else is another member.

    Parameters
    ----------
    age, gender : sequence of int
        Years, and indices in `Gender`; of at least two members, who are the whole household.
    ages : AgeParameters
        Least difference between parents and children, and when one can be what.

    Examples
    --------
    >>> [str(one) for one in likely_roles([38, 41, 9, 70], [0, 1, 0, 0], AgeParameters())]
    ['parent', 'parent', 'child', 'other']
    >>> [str(one) for one in likely_roles([31, 35], [0, 1], AgeParameters())]
    ['partner', 'partner']
    """
    gap = ages.youngest_parent
    adult_from, oldest_child = (
        feasible_ages(Role.PARENT, ages)[0],
        feasible_ages(Role.CHILD, ages)[1],
    )
    minors = [years for years in age if years < adult_from]
    child_age = max(minors, default=min(age))
    able = [row for row in _by_age(age) if age[row] >= max(child_age + gap, adult_from)]
    if not able or child_age > oldest_child:
        return _without_children(age, gender, adult_from)
    parents = _couple(able, age, gender, gap)
    limit = min(age[row] for row in parents) - gap
    return [
        Role.PARENT if row in parents else _child_or_other(years, min(limit, oldest_child))
        for row, years in enumerate(age)
    ]


def _by_age(age: Sequence[int]) -> list[int]:
    return sorted(range(len(age)), key=lambda row: (age[row], row))


def _couple(able: Sequence[int], age: Sequence[int], gender: Sequence[int], gap: int) -> set[int]:
    """Return the youngest who can be a parent, and a partner of about the same age."""
    first, *others = able
    near = [row for row in others if age[row] - age[first] < gap]
    apart = [row for row in near if gender[row] != gender[first]]
    return {first, *(apart or near)[:1]}


def _child_or_other(years: int, limit: int) -> Role:
    return Role.CHILD if years <= limit else Role.OTHER


def _without_children(age: Sequence[int], gender: Sequence[int], adult_from: int) -> list[Role]:
    adults = [row for row in _by_age(age) if age[row] >= adult_from]
    first, second = (adults[0], adults[-1]) if adults else (0, 0)
    pair = adults == [first, second] and gender[first] != gender[second]
    return [Role.PARTNER if pair and row in adults else Role.OTHER for row in range(len(age))]


def possible_roles(people: Demography, is_open: NDArray[np.bool_], gap: int) -> Int:
    """Return the roles, with other members where drawn ones would make impossible families.

    Parameters
    ----------
    people : Demography
        People with roles.
    is_open : ndarray of bool, shape (n,)
        Whose role was not given.
    gap : int
        Least difference between the ages of a parent and a child, in years.

    Returns
    -------
    ndarray of int64, shape (n,)
        Indices in `Role`.
    """
    other, parent = list(Role).index(Role.OTHER), list(Role).index(Role.PARENT)
    role = people.role.copy()
    too_old = children_too_old(people.household, role, people.age, gap)
    role[too_old & is_open] = other
    # What is left concerns children whose role was given.
    beside = np.isin(people.household, people.household[too_old & ~is_open])
    role[beside & is_open & (role == parent)] = other
    return role


def doubtful_households(
    household: Int, role: Int, size: Int, age: Int, ages: AgeParameters
) -> Iterator[str]:
    """Yield what can hardly be in households of a table, with a count and an example.

    Parameters
    ----------
    household, role, size, age : ndarray of int64, shape (n,)
        Household, index in `Role`, number of members and years.
    ages : AgeParameters
        Least difference between parents and children, and when people live alone.
    """
    gap, alone_from = ages.youngest_parent, feasible_ages(Role.SINGLE, ages)[0]
    if found := _distinct(household[children_too_old(household, role, age, gap)]):
        parents = f"{len(found)} households have parents less than {gap} years older than a child"
        yield f"{parents}, such as household {found[0]}; they are kept as given"
    young = {
        one: len(rows) < size[rows[0]]
        for one, rows in rows_by_household(household).items()
        if age[rows].max() < alone_from
    }
    for have_others, what, done in (
        (False, f"are children under {alone_from} alone", "they are kept as given"),
        (
            True,
            f"hold only children under {alone_from}",
            "the others of such a household are taken to be adults who are not in the table",
        ),
    ):
        if found := [one for one, larger in young.items() if larger == have_others]:
            yield f"{len(found)} households {what}, such as household {found[0]}; {done}"


def _distinct(household: Int) -> list[int]:
    return list(dict.fromkeys(household.tolist()))
