"""Who can be reached at an opportunity to talk, face to face and online."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.social import ContactParameters
from mesa_llm_city.social.contact_columns import may_talk_again, seeks_online
from mesa_llm_city.social.contact_opportunity import Channel, ContactOpportunity
from mesa_llm_city.social.ties import Ties

__all__ = ["Reach", "minutes_since_contact", "reach_by_channel"]


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
    if last is None or may_talk_again(last, minute, parameters):
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
        known = opportunity.online
        if known is None:
            known = np.setdiff1d(ties.others, opportunity.here)
        yield Channel.ONLINE, known
