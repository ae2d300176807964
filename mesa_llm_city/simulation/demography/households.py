"""Households that people have joined or left: size, positions and youngest child."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mesa_llm_city.population import Persona
from mesa_llm_city.population.categories import Role

__all__ = ["couple_of", "reshaped"]

_COUPLE = frozenset({Role.PARTNER, Role.PARENT})


def reshaped(
    members: Sequence[Persona], *, outside: int = 0, adult_from: int = 16
) -> list[Persona]:
    """Return the members of a household with size, positions and youngest child as they are now.

    Who has no child there is no parent, who has no partner there no partner, and who has no
    parent there no child, unless some members are not in the model.

    Parameters
    ----------
    members : sequence of Persona
        All members that live in the model.
    outside : int, default 0
        How many further members there are who do not.
    adult_from : int, default 16
        Age in years from which somebody can live alone (``population.ages.feasible``).

    Examples
    --------
    >>> from mesa_llm_city import City, Population
    >>> people = Population.synthesize(60, city=City.synthetic(places=300), rng=1)
    >>> couple = [one for one in people if one.household.role is Role.PARTNER][:2]
    >>> [(str(one.household.role), one.household.size) for one in reshaped(couple[:1])]
    [('single', 1)]
    """
    roles = [one.household.role for one in members]
    if not outside:
        roles = _possible(roles, adults=[one.age >= adult_from for one in members])
    ages = [one.age for one, role in zip(members, roles, strict=True) if role is Role.CHILD]
    if outside:
        ages += [age for one in members if (age := one.household.youngest_child) is not None]
    size, youngest = len(members) + outside, min(ages, default=None)
    return [
        replace(
            one,
            household=replace(one.household, size=size, role=role, youngest_child=youngest),
        )
        for one, role in zip(members, roles, strict=True)
    ]


def couple_of(person: Persona, others: Sequence[Persona]) -> Persona | None:
    """Return the partner of a person among the other members of the household, if any."""
    if person.household.role not in _COUPLE:
        return None
    return next((one for one in others if one.household.role in _COUPLE), None)


def _possible(roles: Sequence[Role], *, adults: Sequence[bool]) -> list[Role]:
    has_child = Role.CHILD in roles
    heads = len([role for role in roles if role in _COUPLE or role is Role.SINGLE])
    return [
        _role(role, adult=adult, alone=len(roles) == 1, heads=heads, has_child=has_child)
        for role, adult in zip(roles, adults, strict=True)
    ]


def _role(role: Role, *, adult: bool, alone: bool, heads: int, has_child: bool) -> Role:
    if alone:
        return Role.SINGLE if adult else role
    if role is Role.CHILD:
        return role if heads or not adult else Role.OTHER
    if role is Role.OTHER:
        return role
    if has_child:
        return Role.PARENT
    return Role.PARTNER if heads > 1 else Role.OTHER
