"""Free time by policy: the activity and length that a language model gives in such a cell."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.values import Activity, Bool, DecisionSource
from mesa_llm_city.mobility.free_time import (
    DEFAULT_CLOCK,
    FreeTimeChosen,
    feasible_purposes,
    free_activity,
)
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.policies import nearest_length
from mesa_llm_city.population import Persona

__all__ = ["LeisurePolicy"]

_TO_THE_END = "all"


class LeisurePolicy:
    """The policy form of `FreeTimeChoice.choose`.

    An answer is a purpose and a length, such as ``"sport 90"`` (minutes), or ``"rest all"``
    where the whole block is spent on it.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `mobility.free_time`, the purposes, and `policies.answer_min`.
    """

    __slots__ = ("parameters",)

    prompt = "leisure"
    verb = "choose"
    columns = frozenset({"free_min"})

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self.parameters = default_parameters() if parameters is None else parameters

    def case(
        self,
        rule: object,  # noqa: ARG002 - the case does not depend on it
        by_rule: object,  # noqa: ARG002 - the case does not depend on it
        block: Activity,
        persona: Persona,
        *,
        clock: Clock = DEFAULT_CLOCK,
        **_: object,
    ) -> _LeisureCase | None:
        """Return the case of a free block (see `FreeTimeChoice.choose`); None without a choice."""
        feasible = feasible_purposes(block, persona, clock, self.parameters)
        if len(feasible) == 1:
            return None
        return _LeisureCase(block, persona, frozenset(feasible), self.parameters)

    def outcome(self, answer: str) -> str:
        """Return the purpose."""
        return answer.rpartition(" ")[0]


class _LeisureCase:
    """A free block, and what it may be spent on."""

    __slots__ = ("_block", "_feasible", "_parameters", "persona")

    def __init__(
        self,
        block: Activity,
        persona: Persona,
        feasible: frozenset[str],
        parameters: CityParameters,
    ) -> None:
        self._block, self._feasible, self._parameters = block, feasible, parameters
        self.persona = persona

    @property
    def values(self) -> Mapping[str, float]:
        """The length of the block."""
        return {"free_min": self._block.minutes}

    def possible(self, answers: tuple[str, ...]) -> Bool:
        """Return which answers are about something that is feasible now."""
        return np.array([one.rpartition(" ")[0] in self._feasible for one in answers], np.bool_)

    def answer_of(self, decision: FreeTimeChosen) -> str:
        """Return purpose and length of what was chosen."""
        activity = decision.activity
        if activity.end_min >= self._block.end_min:
            return f"{activity.purpose} {_TO_THE_END}"
        length = nearest_length(activity.minutes, self._parameters.policies.answer_min)
        return f"{activity.purpose} {length}"

    def decision(self, answer: str, reason: str) -> FreeTimeChosen:
        """Return the activity for an answer, which ends with the block at the latest."""
        purpose, _, length = answer.rpartition(" ")
        minutes = self._block.minutes if length == _TO_THE_END else int(length)
        activity = free_activity(purpose, self._block, minutes, self.persona, self._parameters)
        return FreeTimeChosen(activity, DecisionSource.POLICY, reason)
