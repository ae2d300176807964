"""What moderators make of a post, by rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.society import CommunityParameters
from mesa_llm_city.social.community.design import CommunityDesign, CommunityRule
from mesa_llm_city.social.post import Post

__all__ = ["Judgement", "Moderator"]


class Judgement(NamedTuple):
    """Which rule a post breaks.

    Attributes
    ----------
    rule : CommunityRule or None
        The rule; None if it breaks none.
    reason : str
        What was found, or the reason that the language model gave.
    source : DecisionSource
        Whether a rule or a prompt decided.
    """

    rule: CommunityRule | None
    reason: str
    source: DecisionSource = DecisionSource.RULE


class Moderator(Stateless):
    """Judges posts; the same for all moderators.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``social.community``.
    """

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: CommunityParameters = tree.social.community

    async def judge(
        self,
        post: Post,
        design: CommunityDesign,
        *,
        author: str = "",  # noqa: ARG002 - for the prompt form
        answers: str = "",  # noqa: ARG002 - for the prompt form
        rng: np.random.Generator,
    ) -> Judgement:
        """Return which rule a post breaks (a thought).

        A breach is seen with the probability ``found``, and one is seen where there is none with
        the probability ``mistaken``.

        Parameters
        ----------
        post : Post
            The post; its category is what it breaches.
        design : CommunityDesign
            The community with its rules.
        author : str
            Who wrote it.
        answers : str
            What it answers, in words.
        rng : numpy.random.Generator
            Random numbers of this post.
        """
        seen, which = rng.random(2).tolist()
        broken = _rule_against(design.rules, post.category)
        if broken is not None:
            is_found = seen < self.parameters.found
            reason = f"{post.category}, which was {'found' if is_found else 'overlooked'}"
            return Judgement(broken if is_found else None, reason)
        if design.rules and seen < self.parameters.mistaken:
            rule = design.rules[int(which * len(design.rules))]
            return Judgement(rule, "seen by mistake")
        return Judgement(None, "breaks no rule")


def _rule_against(rules: Sequence[CommunityRule], breach: str) -> CommunityRule | None:
    return next((rule for rule in rules if rule.forbids == breach), None)
