"""Contact: whether to talk to somebody, to whom and how, in one decision.

Here stands the rule; `contact_prompt` asks a language model instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.errors import LLMError
from mesa_llm_city.core.values import DecisionSource, Float, Int
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import rules_after
from mesa_llm_city.social.contact_config import ContactConfig, contact_probability
from mesa_llm_city.social.contact_prompt import Reachable, contact_by_prompt
from mesa_llm_city.social.encounter import Channel, ContactChance
from mesa_llm_city.social.tie_formulas import partner_probabilities
from mesa_llm_city.social.ties import Ties

__all__ = ["Contact", "ContactChoice"]

_MEDIUM = 2


class Contact(NamedTuple):
    """Whether, whom and how.

    Attributes
    ----------
    other : int or None
        Id of the one to talk to; None for nobody.
    channel : Channel or None
        How; None for not at all.
    source : DecisionSource
        Who decided.
    reason : str
        The terms that decided, or the language model's own reason.
    """

    other: int | None
    channel: Channel | None
    source: DecisionSource
    reason: str


class _Way(NamedTuple):
    """The people to be reached in one way, and the scores of the ties to them."""

    channel: Channel
    people: Int
    belief: Float


class _Drawn(NamedTuple):
    """The one drawn of a way, how likely they talk, and whether they do."""

    other: int
    channel: Channel
    belief: float
    likely: float
    talks: bool


class ContactChoice(Stateless):
    """Decides whether to talk to somebody, to whom and how, or asks a language model.

    Parameters
    ----------
    config : ContactConfig, optional
        When people talk.
    source : DecisionSource, default DecisionSource.RULE
        Who decides where a contact is likely enough (`ContactConfig.ask_above`).

    Examples
    --------
    >>> from mesa_llm_city.social import Relation
    >>> from mesa_llm_city.core.asking import run
    >>> ties = Ties()
    >>> ties.relate([4], Relation.FRIEND)
    >>> lunch = ContactChance(minute=740, social=0.3, free_min=40, here=np.array([4]))
    >>> contact = run(ContactChoice().decide(lunch, ties, rng=np.random.default_rng(3)))
    >>> contact.other, contact.reason
    (4, 'face to face: social need met 0.30, belief 0.70, 40 min free: p 0.71')
    """

    __slots__ = ("config", "source")

    def __init__(
        self, config: ContactConfig | None = None, *, source: DecisionSource = DecisionSource.RULE
    ) -> None:
        self.config = config or _DEFAULT
        self.source = source

    async def decide(
        self,
        chance: ContactChance,
        ties: Ties,
        *,
        persona: Persona | None = None,
        names: Mapping[int, str] | None = None,
        rng: np.random.Generator,
    ) -> Contact:
        """Decide at a chance to talk.

        By rule one of the people here is drawn by belief (`partner_probabilities`)
        and talked to with `contact_probability`. If not, and if the social need
        presses in free time, the same goes for those far away.

        Parameters
        ----------
        chance : ContactChance
            Who is in reach, and how the person is.
        ties : Ties
            What the person believes about them, and when she last talked.
        persona : Persona, optional
            Who decides; of medium extraversion by default.
        names : mapping of int to str, optional
            Names by id, told to a language model.
        rng : numpy.random.Generator
            RandomStreams.

        Raises
        ------
        LLMError
            If there is no reply, and the run is not configured to use rules then.
        """
        last = ties.last_min
        if last is not None and chance.minute < last + self.config.gap_min:
            return _nobody(f"talked {chance.minute - last} min ago")
        ways = list(self._ways(chance, ties))
        if not ways:
            return _nobody("nobody is in reach")
        drawn = [self._draw(way, chance, persona, rng) for way in ways]
        by_rule = _settled(drawn, chance)
        likeliest = max(one.likely for one in drawn)
        if self.source is DecisionSource.RULE or likeliest < self.config.ask_above:
            return by_rule
        people = self._shortlist(ways, chance, ties, names or {}, rng=rng)
        try:
            chosen, reason = await contact_by_prompt(people, chance, persona=persona, rng=rng)
        except LLMError as error:
            return by_rule._replace(reason=rules_after(error))
        if chosen is None:
            return Contact(None, None, DecisionSource.PROMPT, reason)
        return Contact(chosen.person, chosen.channel, DecisionSource.PROMPT, reason)

    def _ways(self, chance: ContactChance, ties: Ties) -> Iterator[_Way]:
        reach = [(Channel.FACE, chance.here)]
        lonely = chance.social <= self.config.online_below
        if lonely and chance.free_min >= self.config.online_free_min:
            known = np.setdiff1d(ties.others, chance.here)
            reach.append((Channel.ONLINE, known if chance.afar is None else chance.afar))
        for channel, people in reach:
            belief = ties.belief(people, at_min=chance.minute)
            if belief.any():
                yield _Way(channel, people, belief)

    def _draw(
        self, way: _Way, chance: ContactChance, persona: Persona | None, rng: np.random.Generator
    ) -> _Drawn:
        upper = np.cumsum(partner_probabilities(way.belief))
        # Rounding may leave the last bound below 1, so it is the scale.
        row = int(np.searchsorted(upper, rng.random() * upper[-1], side="right"))
        likely = contact_probability(
            chance.social,
            _MEDIUM if persona is None else persona.big_five.extraversion,
            way.belief[row],
            chance.free_min,
            chance.mood,
            config=self.config,
        )
        talks = bool(rng.random() < likely)
        return _Drawn(
            int(way.people[row]), way.channel, float(way.belief[row]), float(likely), talks
        )

    def _shortlist(
        self,
        ways: Sequence[_Way],
        chance: ContactChance,
        ties: Ties,
        names: Mapping[int, str],
        *,
        rng: np.random.Generator,
    ) -> list[Reachable]:
        """Draw the people whom a language model is told; half of them may be far away."""
        share = self.config.told // len(ways)
        counts = [self.config.told - share * (len(ways) - 1), *[share] * (len(ways) - 1)]
        told = [
            (int(way.people[row]), way.channel)
            for way, count in zip(ways, counts, strict=True)
            for row in _by_belief(way, count, rng)
        ]
        return [
            Reachable(
                person, names.get(person, f"{person}"), how, ties.tie(person, at_min=chance.minute)
            )
            for person, how in told
        ]


def _by_belief(way: _Way, count: int, rng: np.random.Generator) -> list[int]:
    """Draw up to `count` different rows of a way, with probability in proportion to belief."""
    likely = partner_probabilities(way.belief)
    size = min(count, int(np.count_nonzero(likely)))
    rows: list[int] = rng.choice(len(likely), size=size, replace=False, p=likely).tolist()
    return rows


def _settled(drawn: Sequence[_Drawn], chance: ContactChance) -> Contact:
    """Take the first way in which the person would talk, or none."""
    one = next((one for one in drawn if one.talks), drawn[0])
    reason = (
        f"{one.channel}: social need met {chance.social:.2f}, belief {one.belief:.2f}, "
        f"{chance.free_min} min free: p {one.likely:.2f}"
    )
    return (
        Contact(one.other, one.channel, DecisionSource.RULE, reason)
        if one.talks
        else _nobody(reason)
    )


def _nobody(reason: str) -> Contact:
    return Contact(None, None, DecisionSource.RULE, reason)


_DEFAULT = ContactConfig()
