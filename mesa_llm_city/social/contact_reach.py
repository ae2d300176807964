"""Who can be reached at an opportunity to talk, face to face and online."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.social import ContactParameters
from mesa_llm_city.social.contact_columns import seeks_online
from mesa_llm_city.social.contact_opportunity import Channel, ContactOpportunity
from mesa_llm_city.social.tie_slots import TieSlots, tie_beliefs
from mesa_llm_city.social.ties import Ties

__all__ = [
    "Reach",
    "beliefs_of_all",
    "known_elsewhere",
    "minutes_since_contact",
    "reach_by_channel",
]


class Reach(NamedTuple):
    """The people who can be reached through one channel.

    Attributes
    ----------
    channel : Channel
        How they can be talked to.
    people : ndarray of int64, shape (k,)
        Their ids.
    belief : ndarray of float64, shape (k,)
        Scores of the ties to them, in [0, 1]; at least one is above 0.
    """

    channel: Channel
    people: Int
    belief: Float


def minutes_since_contact(minute: int, ties: Ties, parameters: ContactParameters) -> int | None:
    """Return how long ago the last contact was at a minute, if it is too recent for another one.

    Returns
    -------
    int or None
        Minutes, fewer than `ContactParameters.gap_min`; None if a contact is possible.
    """
    last = ties.last_min
    # As `may_talk_again` tells of columns; for one person it is asked at every moment.
    if last is None or minute - last >= parameters.gap_min:
        return None
    return minute - last


def reach_by_channel(
    opportunity: ContactOpportunity, ties: Ties, parameters: ContactParameters
) -> list[Reach]:
    """Return who can be reached, face to face first.

    People elsewhere can be reached if the social need is low and there is enough free time
    (`ContactParameters.online_below`, `ContactParameters.online_free_min`; CitySim,
    sec. 3.3). A channel without anybody who has a belief score above 0 is left out.
    """
    return [
        Reach(channel, people, belief)
        for channel, people in _channels(opportunity, ties, parameters)
        if len(people) and (belief := ties.belief(people, at_min=opportunity.minute)).any()
    ]


def _channels(
    opportunity: ContactOpportunity, ties: Ties, parameters: ContactParameters
) -> Iterator[tuple[Channel, Int]]:
    yield Channel.FACE, opportunity.here
    if seeks_online(opportunity.social, opportunity.free_min, parameters):
        yield Channel.ONLINE, known_elsewhere(opportunity, ties)


def known_elsewhere(opportunity: ContactOpportunity, ties: Ties) -> Int:
    """Return the ids of those who can be called or written to, if the person seeks anybody."""
    if opportunity.online is not None:
        return opportunity.online
    known, here = ties.others, opportunity.here
    if type(ties) is not Ties:
        return np.setdiff1d(known, here)
    # They are few, rising and distinct, and a set of a few is faster than arrays.
    present = set(here.tolist())
    is_away = [one not in present for one in known.tolist()]
    return known[is_away] if present and not all(is_away) else known


def beliefs_of_all(ties: Sequence[Ties], others: Sequence[Int], at_min: Sequence[int]) -> Float:
    """Return the scores of the ties of several persons, those of the first person first.

    Parameters
    ----------
    ties : sequence of Ties
        The ties of each person.
    others : sequence of ndarray of int64
        The people each of them is asked about.
    at_min : sequence of int
        The time for each of them, in minutes.

    Returns
    -------
    ndarray of float64, shape (n,)
        What `Ties.belief` returns for each person, one behind the other.
    """
    first = ties[0]
    width = first.slots.other.shape[1] if type(first) is Ties else 0
    if len(ties) == 1 or not all(
        type(one) is Ties
        and one.parameters is first.parameters
        and one.slots.other.shape[1] == width
        for one in ties
    ):
        scores = zip(ties, others, at_min, strict=True)
        return np.concatenate([one.belief(some, at_min=minute) for one, some, minute in scores])
    rows = np.repeat(np.arange(len(ties)), [len(some) for some in others])
    return tie_beliefs(
        TieSlots.joined([one.slots for one in ties]),
        rows,
        np.concatenate(others),
        at_min=np.array(at_min)[rows],
        parameters=first.parameters,
    )
