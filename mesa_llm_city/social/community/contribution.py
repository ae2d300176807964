"""What a member writes on a visit, by rule."""

from __future__ import annotations

from math import fsum
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.society import CommunityParameters
from mesa_llm_city.social.community.breaches import BREACHES, breach_probability
from mesa_llm_city.social.community.visit import SeenPost, Visit
from mesa_llm_city.social.post import PostKind

__all__ = ["Contribution", "Contributor"]

_SAID = {
    "hostility": "What nonsense about {topic}; whoever says so is a fool.",
    "off_topic": "Something else: has anybody seen the news?",
    "promotion": "I sell just the thing for {topic}; write to me.",
    "": "What I know of {topic}: it gets better.",
}


class Contribution(NamedTuple):
    """What a member writes.

    Attributes
    ----------
    kind : PostKind or None
        A post or a reply; None for nothing.
    parent : int or None
        Id of the post that is answered.
    topic : str
        What it is about.
    breach : str
        What a rule may forbid of it: one of `BREACHES`, or empty.
    intensity : float
        How emotional it is, from 0 to 1.
    text : str
        Its words.
    reason : str
        The terms that decided, or the reason that the language model gave.
    source : DecisionSource
        Whether a rule or a prompt decided.
    """

    kind: PostKind | None
    parent: int | None
    topic: str
    breach: str
    intensity: float
    text: str
    reason: str
    source: DecisionSource = DecisionSource.RULE


class Contributor(Stateless):
    """Decides what a member writes; the same for all members.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``social.community``.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> from mesa_llm_city.social.community import CommunityDesign, members_of
    >>> design = CommunityDesign.from_dict({
    ...     "name": "Trains", "goal": "Help commuters", "topics": ["delays"],
    ...     "roles": [{"name": "rider", "about": "rides daily"}]})
    >>> visit = Visit(design, members_of(design, seed=1)[0], (), 0.0, 0, (), 600)
    >>> written = run(Contributor().contribute(visit, rng=np.random.default_rng(1)))
    >>> written.kind, written.topic, written.breach
    (<PostKind.POST: 'post'>, 'delays', '')
    """

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: CommunityParameters = tree.social.community

    async def contribute(self, visit: Visit, *, rng: np.random.Generator) -> Contribution:
        """Return what a member writes who has something to say (a thought).

        Parameters
        ----------
        visit : Visit
            What the member sees and feels.
        rng : numpy.random.Generator
            Random numbers of this member and minute.
        """
        answers, chosen, breaks = rng.random(3).tolist()
        answered = self._answered(visit, chosen) if answers < self.parameters.reply_share else None
        shares = self.breach_shares(visit)
        breach = _drawn(shares, breaks)
        return self.written(
            visit,
            answered,
            breach=breach,
            reason=f"hostile posts {_hostile_share(visit):.0%} of the page, "
            f"upset {visit.upset:.2f}, {visit.removed} own posts removed",
        )

    def breach_shares(self, visit: Visit) -> list[float]:
        """Return the probabilities of each of `BREACHES`, at most 1 together."""
        role, hostile = visit.member.role, _hostile_share(visit)
        shares = [
            float(
                breach_probability(
                    getattr(role, breach),
                    upset=visit.upset if breach == "hostility" else 0.0,
                    hostile_share=hostile if breach == "hostility" else 0.0,
                    ruled=visit.design.forbids(breach),
                    removed=visit.removed,
                    parameters=self.parameters,
                )
            )
            for breach in BREACHES
        ]
        return [share / max(1.0, fsum(shares)) for share in shares]

    def written(
        self, visit: Visit, answered: SeenPost | None, *, breach: str, reason: str
    ) -> Contribution:
        """Return a contribution in the words of the rule.

        Parameters
        ----------
        visit : Visit
            What the member sees.
        answered : SeenPost or None
            What it answers; None for a post that begins a thread.
        breach : str
            One of `BREACHES`, or empty.
        reason : str
            Why.
        """
        numbers = self.parameters
        topic = visit.member.interest if answered is None else answered.post.topic
        topic = numbers.other_topic if breach == "off_topic" else topic
        is_hostile = breach == "hostility"
        return Contribution(
            PostKind.POST if answered is None else PostKind.REPLY,
            None if answered is None else answered.post.id,
            topic,
            breach,
            numbers.hostile_intensity if is_hostile else numbers.usual_intensity,
            _SAID[breach].format(topic=topic),
            reason,
        )

    def _answered(self, visit: Visit, chosen: float) -> SeenPost | None:
        """Return the post that is answered: likelier hostile ones, and those of interest."""
        others = [one for one in visit.page if one.post.author != visit.member.id]
        if not others:
            return None
        weights = np.exp(
            [
                self.parameters.provoke * (one.post.category == "hostility")
                + self.parameters.interest * (one.post.topic == visit.member.interest)
                for one in others
            ]
        )
        edges = np.cumsum(weights) / weights.sum()
        return others[min(int(np.searchsorted(edges, chosen, side="right")), len(others) - 1)]


def _hostile_share(visit: Visit) -> float:
    """Return the share of hostile posts on the page."""
    hostile = [one.post.category == "hostility" for one in visit.page]
    return float(np.mean(hostile)) if hostile else 0.0


def _drawn(shares: list[float], draw: float) -> str:
    """Return the breach that a uniform number draws; empty for none."""
    row = int(np.searchsorted(np.cumsum(shares), draw, side="right"))
    return BREACHES[row] if row < len(BREACHES) else ""
