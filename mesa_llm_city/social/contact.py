"""Contact: whether to talk to somebody, to whom and how, in one decision by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.asking import together
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.stages import Stage
from mesa_llm_city.core.values import DecisionSource, Float, Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.social import ContactParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social.contact_columns import (
    CHANNELS,
    CONTACT_DRAWS,
    ContactRows,
    draw_contacts,
    seeks_online,
)
from mesa_llm_city.social.contact_opportunity import Channel, ContactOpportunity
from mesa_llm_city.social.contact_reach import (
    beliefs_of_all,
    known_elsewhere,
    minutes_since_contact,
)
from mesa_llm_city.social.tie_slots import NOBODY
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
        level = _MEDIUM if persona is None else persona.big_five.extraversion
        asked = _Asked(opportunity, ties, level, rng, self.parameters)
        return await together(_decided, asked, stage=Stage.CONTACT)


class _Asked(NamedTuple):
    """A decision that a person waits for."""

    opportunity: ContactOpportunity
    ties: Ties
    extraversion: int
    rng: np.random.Generator
    parameters: ContactParameters


def _decided(asked: Sequence[_Asked]) -> list[Contact]:
    """Return the decisions that persons wait for; none depends on another."""
    groups: dict[ContactParameters, list[int]] = {}
    for row, one in enumerate(asked):
        groups.setdefault(one.parameters, []).append(row)
    contacts: dict[int, Contact] = {}
    for parameters, rows in groups.items():
        contacts |= zip(rows, _by_rule([asked[row] for row in rows], parameters), strict=True)
    return [contacts[row] for row in range(len(asked))]


def _by_rule(asked: Sequence[_Asked], parameters: ContactParameters) -> list[Contact]:
    social = np.array([one.opportunity.social for one in asked])
    free_min = np.array([one.opportunity.free_min for one in asked])
    here = [one.opportunity.here for one in asked]
    online = [np.empty(0, dtype=np.int64)] * len(asked)
    for row in np.flatnonzero(seeks_online(social, free_min, parameters)).tolist():
        online[row] = known_elsewhere(asked[row].opportunity, asked[row].ties)
    rows = draw_contacts(
        *_columns(asked, here),
        *_columns(asked, online),
        social=social,
        extraversion=np.array([one.extraversion for one in asked]),
        free_min=free_min,
        mood=np.array([one.opportunity.mood for one in asked]),
        draws=np.array([one.rng.random(CONTACT_DRAWS) for one in asked]),
        parameters=parameters,
    )
    return _contacts(rows, social.tolist(), free_min.tolist())


def _columns(asked: Sequence[_Asked], people: Sequence[Int]) -> tuple[Int, Float]:
    """Return who can be reached through a channel, and the scores of the ties, of shape (m, k)."""
    sizes = np.array([len(some) for some in people])
    some = np.flatnonzero(sizes).tolist()
    shape = len(asked), int(sizes.max())
    ids, belief = np.full(shape, NOBODY, dtype=np.int64), np.zeros(shape)
    if some:
        is_used = np.arange(shape[1]) < sizes[:, np.newaxis]
        ids[is_used] = np.concatenate(people)
        belief[is_used] = beliefs_of_all(
            [asked[row].ties for row in some],
            [people[row] for row in some],
            [asked[row].opportunity.minute for row in some],
        )
    return ids, belief


def _contacts(rows: ContactRows, social: Sequence[float], free_min: Sequence[int]) -> list[Contact]:
    """Return the decisions of the rows, with the terms that decided."""
    contacts = []
    columns = (one.tolist() for one in rows)
    for (other, channel, probability, told, belief, chance), met, free in zip(
        zip(*columns, strict=True), social, free_min, strict=True
    ):
        if told < 0:
            contacts.append(_nobody("nobody is in reach"))
            continue
        reason = (
            f"{CHANNELS[told]}: social need met {met:.2f}, belief {belief:.2f}, "
            f"{free} min free: p {chance:.2f}"
        )
        if channel < 0:
            contacts.append(_nobody(reason, probability))
        else:
            how = CHANNELS[channel]
            contacts.append(Contact(other, how, DecisionSource.RULE, reason, probability))
    return contacts


def _nobody(reason: str, probability: float | None = None) -> Contact:
    return Contact(None, None, DecisionSource.RULE, reason, probability)
