"""Contact: whether to talk to somebody, to whom and how, in one decision by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.values import DecisionSource, Float, Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social.contact_columns import (
    CHANNELS,
    CONTACT_DRAWS,
    ContactRows,
    draw_contacts,
)
from mesa_llm_city.social.contact_opportunity import Channel, ContactOpportunity
from mesa_llm_city.social.contact_reach import Reach, minutes_since_contact, reach_by_channel
from mesa_llm_city.social.ties import Ties

__all__ = ["Contact", "ContactChoice"]

_MEDIUM = 2  # level of extraversion of somebody unknown, of 1 to 3


class Contact(NamedTuple):
    """The decision whether to talk to somebody, to whom and how.

    Attributes
    ----------
    other : int or None
        Id of the partner; None for nobody.
    channel : Channel or None
        How to talk; None for not at all.
    source : DecisionSource
        What made the decision.
    reason : str
        The terms of the rule, or the reason given by the language model.
    probability : float or None
        Probability of talking that the rule found for the partner it drew, the greater one
        if it drew one for each channel; None if nobody could be talked to, or by prompt.
    """

    other: int | None
    channel: Channel | None
    source: DecisionSource
    reason: str
    probability: float | None = None


class ContactChoice(Stateless):
    """Decides by rule whether to talk to somebody, to whom and how.

    `ContactPrompt` is the prompt form.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``social.contact``.

    Examples
    --------
    >>> from mesa_llm_city.social import Relation
    >>> from mesa_llm_city.core.asking import run
    >>> ties = Ties()
    >>> ties.relate([4], Relation.FRIEND)
    >>> lunch = ContactOpportunity(minute=740, social=0.3, free_min=40, here=np.array([4]))
    >>> contact = run(ContactChoice().decide(lunch, ties, rng=np.random.default_rng(3)))
    >>> contact.other, contact.reason
    (4, 'face to face: social need met 0.30, belief 0.70, 40 min free: p 0.71')
    """

    __slots__ = ("parameters",)

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters = tree.social.contact

    async def decide(
        self,
        opportunity: ContactOpportunity,
        ties: Ties,
        *,
        persona: Persona | None = None,
        names: Mapping[int, str] | None = None,  # noqa: ARG002 - for the prompt form
        rng: np.random.Generator,
    ) -> Contact:
        """Decide whether to talk, to whom and how.

        One of the people here is drawn by belief (`partner_probabilities`) and talked to
        with `contact_probability`. If not, and if the social need is low in free time, the
        same goes for people elsewhere.

        Parameters
        ----------
        opportunity : ContactOpportunity
            Who can be reached, and the state of the person.
        ties : Ties
            What the person believes about them, and when the person last talked.
        persona : Persona, optional
            The person who decides; of medium extraversion by default.
        names : mapping of int to str, optional
            Names by id; the prompt form uses them.
        rng : numpy.random.Generator
            Source of random numbers.
        """
        waited = minutes_since_contact(opportunity.minute, ties, self.parameters)
        if waited is not None:
            return _nobody(f"talked {waited} min ago")
        reaches = reach_by_channel(opportunity, ties, self.parameters)
        if not reaches:
            return _nobody("nobody is in reach")
        here, here_belief = _columns(reaches, Channel.FACE)
        online, online_belief = _columns(reaches, Channel.ONLINE)
        rows = draw_contacts(
            here,
            here_belief,
            online,
            online_belief,
            social=opportunity.social,
            extraversion=_MEDIUM if persona is None else persona.big_five.extraversion,
            free_min=opportunity.free_min,
            mood=opportunity.mood,
            draws=rng.random((1, CONTACT_DRAWS)),
            parameters=self.parameters,
        )
        return _decided(rows, opportunity)


def _columns(reaches: Sequence[Reach], channel: Channel) -> tuple[Int, Float]:
    """Return who can be reached through a channel, and the scores of the ties, of shape (1, k)."""
    for one in reaches:
        if one.channel is channel:
            return one.people[np.newaxis], one.belief[np.newaxis]
    return np.empty((1, 0), dtype=np.int64), np.empty((1, 0))


def _decided(rows: ContactRows, opportunity: ContactOpportunity) -> Contact:
    """Return the decision of one row, with the terms that decided."""
    reason = (
        f"{CHANNELS[rows.told[0]]}: social need met {opportunity.social:.2f}, belief "
        f"{rows.belief[0]:.2f}, {opportunity.free_min} min free: p {rows.chance[0]:.2f}"
    )
    probability, channel = float(rows.probability[0]), int(rows.channel[0])
    if channel < 0:
        return _nobody(reason, probability)
    other = int(rows.other[0])
    return Contact(other, CHANNELS[channel], DecisionSource.RULE, reason, probability)


def _nobody(reason: str, probability: float | None = None) -> Contact:
    return Contact(None, None, DecisionSource.RULE, reason, probability)
