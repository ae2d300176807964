"""The pair phase: who talks to whom, once everybody has said whom she wishes to talk to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.social.encounter import GAP_MIN, Channel

__all__ = ["Pair", "Wish", "pair"]


class Wish(NamedTuple):
    """Whom a person wishes to talk to.

    Attributes
    ----------
    person, other : int
        Ids.
    channel : Channel
        How.
    luck : float
        A number that the person has drawn; the lowest goes first.
    """

    person: int
    other: int
    channel: Channel
    luck: float = 0.0


class Pair(NamedTuple):
    """Two people who talk; the first has begun."""

    first: int
    second: int
    channel: Channel


_NEVER: Mapping[int, int] = MappingProxyType({})


def pair(
    wishes: Iterable[Wish],
    *,
    minute: int,
    last_min: Mapping[int, int] = _NEVER,
    away: Collection[int] = (),
    gap_min: int = GAP_MIN,
) -> list[Pair]:
    """Make pairs of which nobody belongs to two.

    Mutual wishes come first, then the others; among either, the lowest luck
    (of a mutual wish, of its luckier side) and then the lowest ids. Of a mutual
    wish the luckier begins, in the way she wishes. Who is wished for is not asked
    again: how welcome a talk was shows in its outcome.

    Parameters
    ----------
    wishes : iterable of Wish
        In any order; it does not matter to the result.
    minute : int
        Now.
    last_min : mapping of int to int, optional
        When each person last talked, in minutes; who is missing never has.
    away : collection of int, optional
        Those who cannot be talked to now, such as sleepers.
    gap_min : int, default 30
        Least time from one contact to the next (CitySim, appendix A).

    Returns
    -------
    list of Pair
        In the order in which they were made.

    Raises
    ------
    ConfigError
        If somebody wishes to talk to herself.

    Examples
    --------
    >>> wishes = [Wish(1, 2, Channel.FACE), Wish(2, 3, Channel.FACE), Wish(3, 2, Channel.FACE)]
    >>> [(one.first, one.second) for one in pair(wishes, minute=600)]
    [(2, 3)]
    """
    taken = {one for one in last_min if minute < last_min[one] + gap_min} | set(away)
    made = []
    for wish in _ranked(wishes):
        if wish.person == wish.other:
            message = f"person {wish.person} wishes to talk to herself; name somebody else"
            raise ConfigError(message, person=wish.person, minute=minute)
        if wish.person in taken or wish.other in taken:
            continue
        taken |= {wish.person, wish.other}
        made.append(Pair(wish.person, wish.other, wish.channel))
    return made


def _ranked(wishes: Iterable[Wish]) -> list[Wish]:
    """Sort wishes into an order in which their order of arrival has no part."""
    told = sorted(wishes)
    luck = {(wish.person, wish.other): wish.luck for wish in reversed(told)}

    def rank(wish: Wish) -> tuple[bool, float, float]:
        answer = luck.get((wish.other, wish.person))
        best = wish.luck if answer is None else min(wish.luck, answer)
        return answer is None, best, wish.luck

    return sorted(told, key=rank)
