"""The members of a community: its personas, and others drawn by their roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population.names import full_names
from mesa_llm_city.social.community.design import CommunityDesign, MemberRole
from mesa_llm_city.social.sharing_formulas import activity_of

__all__ = ["Member", "members_of"]

_GENDERS = 2  # female and male, the first two of `Gender`


class Member(NamedTuple):
    """A member of a community.

    Attributes
    ----------
    id : int
        Number of the member, from 0.
    name : str
        Name.
    role : MemberRole
        Role.
    about : str
        What the member is like, in words.
    interest : str
        The topic that the member cares about most.
    activity : float
        How active the member is, as a multiple of the mean of the role.
    """

    id: int
    name: str
    role: MemberRole
    about: str
    interest: str
    activity: float

    def describe(self) -> str:
        """Return the member in a sentence."""
        return f"{self.name}, {self.role.name}: {self.about}. Cares most about {self.interest}."


def members_of(
    design: CommunityDesign, *, seed: int, parameters: CityParameters | None = None
) -> list[Member]:
    """Return the members of a community: the personas first, then others by the shares of roles.

    How active members are is a Pareto distribution (``social.sharing.activity_shape``), since few
    write most (Nielsen 2006, The 90-9-1 rule for participation inequality).

    Parameters
    ----------
    design : CommunityDesign
        The design.
    seed : int
        Seed of names, interests and activity.
    parameters : CityParameters, optional
        Numbers.

    Examples
    --------
    >>> design = CommunityDesign.from_dict({
    ...     "name": "Trains", "goal": "Help commuters", "topics": ["delays"], "members": 4,
    ...     "roles": [{"name": "rider", "about": "rides daily", "share": 3},
    ...               {"name": "guard", "about": "keeps order", "share": 1}]})
    >>> [member.role.name for member in members_of(design, seed=1)]
    ['rider', 'rider', 'rider', 'guard']
    """
    tree = default_parameters() if parameters is None else parameters
    draws = uniforms(seed, np.arange(design.members), "member", 0, 5)
    gender = (draws[:, 0] * _GENDERS).astype(np.int64)
    names = full_names(gender, draws[:, 1], draws[:, 2])
    activity = activity_of(draws[:, 3], tree.social.sharing)
    topics = [design.topics[int(one * len(design.topics))] for one in draws[:, 4]]
    known = [(one.name, design.role(one.role), one.about) for one in design.personas]
    count = design.members - len(known)
    drawn = _roles(design.roles, count)
    known += [
        (name, role, role.about) for name, role in zip(names[len(known) :], drawn, strict=True)
    ]
    return [
        Member(row, name, role, about, topics[row], float(activity[row]))
        for row, (name, role, about) in enumerate(known)
    ]


def _roles(roles: Sequence[MemberRole], count: int) -> list[MemberRole]:
    """Return as many roles as members, by largest remainders of their shares."""
    shares = np.array([role.share for role in roles])
    exact = count * shares / shares.sum()
    numbers = np.floor(exact).astype(np.int64)
    rest = np.argsort(-(exact - numbers), kind="stable")[: count - int(numbers.sum())]
    numbers[rest] += 1
    return [
        role for role, number in zip(roles, numbers.tolist(), strict=True) for _ in range(number)
    ]
