"""Sharing by policy: what a language model does with a message in such a cell."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mesa_llm_city.core.values import Bool, DecisionSource
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social.post import Post, PostKind
from mesa_llm_city.social.sharing import ANY_READER, Reader, Shared, Sharing

__all__ = ["SharingPolicy"]

_NOTHING = "nothing"
_FARTHEST = 2.0  # between stances of -1 and 1


class SharingPolicy:
    """The policy form of `Sharing.decide`.

    An answer is ``"forward"``, ``"reply"``, ``"post"`` or ``"nothing"``. What is said in a reply
    or a post is worded by rule.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `social.sharing`.
    """

    __slots__ = ("parameters",)

    prompt = "share"
    verb = "decide"
    columns = frozenset({"emotion", "belief", "disagreement"})

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self.parameters = default_parameters() if parameters is None else parameters

    def case(
        self,
        rule: Sharing,
        by_rule: Shared,
        post: Post,
        *,
        reader: Reader = ANY_READER,
        persona: Persona | None = None,
        **_: object,
    ) -> _ShareCase | None:
        """Return the case of a post (see `Sharing.decide`); None where sharing is too unlikely."""
        if by_rule.probability < self.parameters.social.sharing.ask_above:
            return None
        return _ShareCase(rule, by_rule, post, reader, persona)

    def outcome(self, answer: str) -> str:
        """Return what is done with the message."""
        return answer


class _ShareCase:
    """A message, and a person who reads it."""

    __slots__ = ("_by_rule", "_post", "_reader", "_rule", "persona")

    def __init__(
        self, rule: Sharing, by_rule: Shared, post: Post, reader: Reader, persona: Persona | None
    ) -> None:
        self._rule, self._by_rule, self._post, self._reader = rule, by_rule, post, reader
        self.persona = persona

    @property
    def values(self) -> Mapping[str, float]:
        """Emotion and belief, and how far the message is from the reader's stance, in [0, 1]."""
        reader = self._reader
        apart = abs(reader.stance - self._post.stance) / _FARTHEST
        return {"emotion": reader.emotion, "belief": reader.belief, "disagreement": apart}

    def possible(self, answers: tuple[str, ...]) -> Bool:
        """Return that anything can be done with a message."""
        return np.ones(len(answers), dtype=np.bool_)

    def answer_of(self, decision: Shared) -> str:
        """Return what is done with it."""
        return _NOTHING if decision.kind is None else str(decision.kind)

    def decision(self, answer: str, reason: str) -> Shared:
        """Return what is shared for an answer, its content by rule."""
        kind = None if answer == _NOTHING else PostKind(answer)
        shared = self._by_rule._replace(kind=kind, reason=reason, source=DecisionSource.POLICY)
        return self._rule.content(shared, self._post, self._reader)
