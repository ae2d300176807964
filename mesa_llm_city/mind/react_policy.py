"""Perception by policy: what a language model does about a need in such a cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import (
    UNAWARE,
    Activity,
    Bool,
    DecisionSource,
    Reaction,
    ReactionKind,
)
from mesa_llm_city.mind.perception_prompt import ReactPrompt
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.policies import nearest_length
from mesa_llm_city.population import Persona

__all__ = ["ReactPolicy"]

_NOTHING = "-"


class _Answer(NamedTuple):
    """A reaction in canonical form: its kind, what is done, and for how many minutes."""

    kind: ReactionKind
    purpose: str | None
    minutes: int | None

    def __str__(self) -> str:
        """Return the answer as a policy writes it."""
        return f"{self.kind} {self.purpose or _NOTHING} {self.minutes or _NOTHING}"

    @classmethod
    def read(cls, text: str) -> _Answer:
        kind, purpose, minutes = text.split(" ")
        return cls(
            ReactionKind(kind),
            None if purpose == _NOTHING else purpose,
            None if minutes == _NOTHING else int(minutes),
        )


class ReactPolicy:
    """The policy form of `Perception.react`.

    An answer is a kind of reaction, what is done and for how many minutes, such as
    ``"satisfy meal 30"`` or ``"continue - -"``.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `needs`, `purposes` and `policies.answer_min`.
    """

    __slots__ = ("_activities", "_prompt", "parameters")

    prompt = "react"
    verb = "react"
    columns = frozenset({"activity", "is_fixed"})

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self.parameters = default_parameters() if parameters is None else parameters
        self._prompt = ReactPrompt(self.parameters)
        self._activities = {name: code for code, name in enumerate(self.parameters.purposes)}

    def case(
        self,
        rule: object,  # noqa: ARG002 - its decision is enough
        by_rule: Reaction,
        observation: object,  # noqa: ARG002 - the case does not depend on it
        *,
        need: str | None,
        activity: Activity,
        persona: Persona | None = None,
        **_: object,
    ) -> _ReactCase | None:
        """Return the case of a need (see `Perception.react`); None where the rule goes on."""
        is_planned = activity.purpose not in {None, *UNAWARE}
        if need is None or not is_planned or by_rule.kind is ReactionKind.CONTINUE:
            return None
        values = {"is_fixed": float(activity.fixed)}
        if activity.purpose in self._activities:
            values["activity"] = self._activities[activity.purpose]
        open_now = frozenset(self._prompt.kinds(need, activity))
        return _ReactCase(open_now, persona, values, self.parameters.policies.answer_min)

    def outcome(self, answer: str) -> str:
        """Return the kind of reaction."""
        return answer.partition(" ")[0]


class _ReactCase:
    """A need that presses, and what could be done about it."""

    __slots__ = ("_lengths", "_open", "persona", "values")

    def __init__(
        self,
        open_now: frozenset[tuple[ReactionKind, str | None]],
        persona: Persona | None,
        values: Mapping[str, float],
        lengths: tuple[int, ...],
    ) -> None:
        self._open, self.persona, self.values, self._lengths = open_now, persona, values, lengths

    def possible(self, answers: tuple[str, ...]) -> Bool:
        """Return which reactions are open to the person."""
        return np.array([_Answer.read(one)[:2] in self._open for one in answers], dtype=np.bool_)

    def answer_of(self, decision: Reaction) -> str:
        """Return a reaction in canonical form, its length rounded."""
        minutes = decision.minutes
        length = None if minutes is None else nearest_length(minutes, self._lengths)
        return str(_Answer(decision.kind, decision.purpose, length))

    def decision(self, answer: str, reason: str) -> Reaction:
        """Return the reaction for an answer."""
        kind, purpose, minutes = _Answer.read(answer)
        return Reaction(kind, purpose, reason, DecisionSource.POLICY, minutes)
