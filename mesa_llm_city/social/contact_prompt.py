"""Contact by prompt: a language model names one of the people in reach by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import UNKNOWN_PERSON, Reason
from mesa_llm_city.social.contact import Contact
from mesa_llm_city.social.contact_opportunity import Channel, ContactOpportunity
from mesa_llm_city.social.contact_reach import Reach, minutes_since_contact, reach_by_channel
from mesa_llm_city.social.prompt_facts import activity_text, mood_fact, thought_fact, tie_fact
from mesa_llm_city.social.tie import Tie
from mesa_llm_city.social.tie_formulas import partner_probabilities
from mesa_llm_city.social.ties import Ties

__all__ = ["ContactPrompt", "ContactReply", "contact_reply"]


class ContactReply(BaseModel):
    """The person whom a language model would talk to, by number; 0 for nobody."""

    reason: Reason
    choice: int = Field(ge=0)


@lru_cache(maxsize=64)
def contact_reply(people: int) -> type[ContactReply]:
    """Return the form of a reply that accepts the numbers 0 to `people` only.

    Examples
    --------
    >>> contact_reply(3)(reason="in a hurry", choice=0).choice
    0
    """
    return create_model("ContactReply", __base__=ContactReply, choice=(int, Field(ge=0, le=people)))


class _Listed(NamedTuple):
    """A person named in the prompt."""

    person: int
    name: str
    channel: Channel
    tie: Tie


class ContactPrompt:
    """Asks a language model whether to talk, to whom and how.

    The prompt form of `ContactChoice.decide`. It asks only where the rule finds a contact
    likely enough (`ContactParameters.ask_above`); a rule whose decision has no
    ``probability`` is always asked about.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``social.contact`` and the labels of ``purposes``.
    """

    __slots__ = ("parameters", "purposes")

    verb = "decide"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters, self.purposes = tree.social.contact, tree.purposes

    async def ask(
        self,
        rule: object,  # noqa: ARG002 - the question does not depend on it
        by_rule: object,
        opportunity: ContactOpportunity,
        ties: Ties,
        *,
        persona: Persona | None = None,
        names: Mapping[int, str] | None = None,
        rng: np.random.Generator,
    ) -> Contact | None:
        """Ask about an opportunity to talk (see `ContactChoice.decide` for the arguments).

        Returns
        -------
        Contact or None
            The decision; None if nobody can be talked to, or a contact is unlikely.
        """
        if minutes_since_contact(opportunity.minute, ties, self.parameters) is not None:
            return None
        reaches = reach_by_channel(opportunity, ties, self.parameters)
        probability = getattr(by_rule, "probability", None)
        if not reaches or (probability is not None and probability < self.parameters.ask_above):
            return None
        listed = self._listed(reaches, opportunity, ties, names or {}, rng=rng)
        # In random order, since language models prefer what comes first.
        listed = [listed[row] for row in rng.permutation(len(listed)).tolist()]
        reply = await self._reply(listed, opportunity, persona)
        if not reply.choice:
            return Contact(None, None, DecisionSource.PROMPT, reply.reason)
        chosen = listed[reply.choice - 1]
        return Contact(chosen.person, chosen.channel, DecisionSource.PROMPT, reply.reason)

    def _listed(
        self,
        reaches: Sequence[Reach],
        opportunity: ContactOpportunity,
        ties: Ties,
        names: Mapping[int, str],
        *,
        rng: np.random.Generator,
    ) -> list[_Listed]:
        """Draw the people named in the prompt; up to half of them are elsewhere."""
        share = self.parameters.prompt_people // len(reaches)
        counts = [share] * len(reaches)
        counts[0] = self.parameters.prompt_people - share * (len(reaches) - 1)
        drawn = [
            (int(reach.people[row]), reach.channel)
            for reach, count in zip(reaches, counts, strict=True)
            for row in _drawn_by_belief(reach, count, rng)
        ]
        return [
            _Listed(
                person,
                names.get(person, f"{person}"),
                channel,
                ties.tie(person, at_min=opportunity.minute),
            )
            for person, channel in drawn
        ]

    async def _reply(
        self, listed: Sequence[_Listed], opportunity: ContactOpportunity, persona: Persona | None
    ) -> ContactReply:
        return await ask(
            "meet",
            contact_reply(len(listed)),
            person=UNKNOWN_PERSON if persona is None else persona.describe(),
            time=clock_time(opportunity.minute),
            activity=activity_text(opportunity.activity, self.purposes) or "not known",
            minutes=opportunity.free_min,
            social=round(10.0 * opportunity.social),
            mood=mood_fact(opportunity.mood),
            thought=thought_fact(opportunity.thought),
            people=[tie_fact(one.name, one.tie) | {"how": str(one.channel)} for one in listed],
        )


def _drawn_by_belief(reach: Reach, count: int, rng: np.random.Generator) -> list[int]:
    """Draw up to `count` different rows, with probability in proportion to belief."""
    probability = partner_probabilities(reach.belief)
    size = min(count, int(np.count_nonzero(probability)))
    rows: list[int] = rng.choice(len(probability), size, replace=False, p=probability).tolist()
    return rows
