"""Mode choice by policy: the mode that a language model takes in such a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mesa_llm_city.core.values import Bool, DecisionSource, TravelOption
from mesa_llm_city.mobility.mode_choice import ModeChosen, travel_times
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona

__all__ = ["ModePolicy"]


class ModePolicy:
    """The policy form of `LogitModeChoice.choose`; an answer is the name of a mode.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads the purposes.
    """

    __slots__ = ("_purposes", "parameters")

    prompt = "mode"
    verb = "choose"
    columns = frozenset({"purpose", "distance_km"})

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self.parameters = default_parameters() if parameters is None else parameters
        self._purposes = {name: code for code, name in enumerate(self.parameters.purposes)}

    def case(
        self,
        rule: object,  # noqa: ARG002 - the case does not depend on it
        by_rule: object,  # noqa: ARG002 - the case does not depend on it
        options: Sequence[TravelOption],
        *,
        persona: Persona | None = None,
        purpose: str | None = None,
        **_: object,
    ) -> _ModeCase | None:
        """Return the case of a choice (see `LogitModeChoice.choose`); None for one way only."""
        if len(options) == 1:
            return None
        values = {"distance_km": min(one.distance_m for one in options) / 1000.0}
        if purpose in self._purposes:
            values["purpose"] = self._purposes[purpose]
        return _ModeCase(options, persona, values)

    def outcome(self, answer: str) -> str:
        """Return the mode."""
        return answer


class _ModeCase:
    """A choice between ways."""

    __slots__ = ("_options", "persona", "values")

    def __init__(
        self,
        options: Sequence[TravelOption],
        persona: Persona | None,
        values: Mapping[str, float],
    ) -> None:
        self._options, self.persona, self.values = options, persona, values

    def possible(self, answers: tuple[str, ...]) -> Bool:
        """Return which modes are open to the person."""
        open_now = {str(one.mode) for one in self._options}
        return np.array([one in open_now for one in answers], dtype=np.bool_)

    def answer_of(self, decision: ModeChosen) -> str:
        """Return the mode of a choice."""
        return str(decision.option.mode)

    def decision(self, answer: str, reason: str) -> ModeChosen:
        """Return the way with a mode."""
        row = [str(one.mode) for one in self._options].index(answer)
        certain = np.eye(len(self._options))[row]
        told = f"{travel_times(self._options, row)}; {reason}"
        return ModeChosen(self._options[row], certain, DecisionSource.POLICY, told)
