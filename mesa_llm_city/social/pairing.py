"""Pairing: who talks to whom, once everybody has said whom they wish to talk to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.social.contact_columns import CHANNELS
from mesa_llm_city.social.contact_opportunity import Channel
from mesa_llm_city.social.pairing_columns import pair_wishes

__all__ = ["Pair", "Wish", "pair"]


class Wish(NamedTuple):
    """The wish of one person to talk to another.

    Attributes
    ----------
    person, other : int
        Ids of the two.
    channel : Channel
        How the person wishes to talk.
    draw : float
        A random number drawn by the person; wishes with lower numbers are met first.
    """

    person: int
    other: int
    channel: Channel
    draw: float = 0.0


class Pair(NamedTuple):
    """Two people who talk; the first begins."""

    first: int
    second: int
    channel: Channel


_NEVER: Mapping[int, int] = MappingProxyType({})


def pair(
    wishes: Iterable[Wish],
    *,
    minute: int,
    gap_min: int,
    last_min: Mapping[int, int] = _NEVER,
    away: Collection[int] = (),
) -> list[Pair]:
    """Make pairs such that nobody belongs to two of them.

    Mutual wishes come first, then the others; within each group, the lowest draw (of a
    mutual wish, the lower of the two) and then the lowest ids. Of a mutual wish the person
    with the lower draw begins, through the channel that this person wished for. The other
    person is not asked for consent: a conversation that was not welcome has a bad outcome.

    Parameters
    ----------
    wishes : iterable of Wish
        In any order; the order does not change the result.
    minute : int
        Current time, in minutes.
    gap_min : int
        Least time from one contact of a person to the next, in minutes
        (`ContactParameters.gap_min`).
    last_min : mapping of int to int, optional
        When each person last talked, in minutes; without an entry a person never has.
    away : collection of int, optional
        Ids of people who cannot be talked to now, such as those asleep.

    Returns
    -------
    list of Pair
        In the order in which they were made.

    Raises
    ------
    ConfigError
        If a person wishes to talk to themselves.

    Examples
    --------
    >>> wishes = [Wish(1, 2, Channel.FACE), Wish(2, 3, Channel.FACE), Wish(3, 2, Channel.FACE)]
    >>> [(one.first, one.second) for one in pair(wishes, minute=600, gap_min=30)]
    [(2, 3)]
    """
    busy = {person for person in last_min if minute < last_min[person] + gap_min} | set(away)
    found = []
    for wish in wishes:
        if wish.person == wish.other:
            message = f"person {wish.person} wishes to talk to themselves; name somebody else"
            raise ConfigError(message, person=wish.person, minute=minute)
        if wish.person not in busy and wish.other not in busy:
            found.append(wish)
    met = pair_wishes(
        np.array([one.person for one in found], dtype=np.int64),
        np.array([one.other for one in found], dtype=np.int64),
        np.array([CHANNELS.index(one.channel) for one in found], dtype=np.int8),
        np.array([one.draw for one in found], dtype=np.float64),
    )
    return [Pair(found[row].person, found[row].other, found[row].channel) for row in met.tolist()]
