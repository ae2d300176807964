"""Plans of days by policy: the blocks that a language model plans around the mandatory ones."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock, clock_time
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity, Bool, DecisionSource, Purpose
from mesa_llm_city.mobility.plan_prompt import (
    PlannedBlock,
    PlanPrompt,
    PlanReply,
    unplanned_wishes,
)
from mesa_llm_city.mobility.planner import Planned, mandatory_day
from mesa_llm_city.mobility.schedule import Plan
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.policies import nearest_length
from mesa_llm_city.population import Persona

__all__ = ["PlanPolicy", "blocks_of_answer"]

_NOTHING, _OUT = "nothing", "out"
_SEPARATOR = "; "


class _Block(NamedTuple):
    """A planned block: start as a time of day, purpose, minutes, and whether a meal is out."""

    start: str
    purpose: str
    minutes: int
    out: bool


@lru_cache(maxsize=65536)
def blocks_of_answer(answer: str) -> tuple[_Block, ...]:
    """Return the blocks of an answer in canonical form.

    Examples
    --------
    >>> blocks_of_answer("12:00 meal 30 out; 18:00 sport 90")[1].minutes
    90
    """
    if answer == _NOTHING:
        return ()
    parts = [one.split(" ") for one in answer.split(_SEPARATOR)]
    return tuple(_Block(one[0], one[1], int(one[2]), one[-1] == _OUT) for one in parts)


class PlanPolicy:
    """The policy form of `Planner.plan_day`.

    An answer is the list of the blocks that are planned around sleep and duty, such as ``"12:00
    meal 30 out; 18:00 sport 90"``: starts rounded to `start_step_min`, lengths to
    `answer_min`. Blocks are fitted in as those of the prompt are, so that what does not fit into
    another person's day is left out.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `mobility.planner`, the purposes and `policies`.
    """

    __slots__ = ("_prompt", "parameters")

    prompt = "plan"
    verb = "plan_day"
    columns = frozenset[str]()

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self._prompt = PlanPrompt(parameters)
        self.parameters = self._prompt.parameters

    def case(
        self,
        rule: object,  # noqa: ARG002 - the case does not depend on it
        by_rule: object,
        persona: Persona,
        day: int,
        *,
        clock: Clock,
        streams: RandomStreams,
        commute_min: float,
        **_: object,
    ) -> _PlanCase | None:
        """Return the case of a day (see `Planner.plan_day`).

        None for the day before the run, people who do not decide yet, and days without free time.
        """
        if day < 0 or persona.age < self.parameters.mobility.planner.decides_from_age:
            return None
        mandatory = mandatory_day(
            persona,
            day,
            clock=clock,
            streams=streams,
            commute_min=commute_min,
            parameters=self.parameters,
        )
        if all(one.purpose for one in mandatory):
            return None
        return _PlanCase(by_rule, persona, mandatory, self._prompt)

    def outcome(self, answer: str) -> str:
        """Return what is planned away from home, in the order of names."""
        purposes = self.parameters.purposes
        outings = {
            one.purpose
            for one in blocks_of_answer(answer)
            if one.out or not (one.purpose == Purpose.MEAL or purposes[one.purpose].at_home)
        }
        return " and ".join(sorted(outings)) or _NOTHING


class _PlanCase:
    """A day with what is mandatory, and a person who plans the rest."""

    __slots__ = ("_by_rule", "_mandatory", "_prompt", "persona")

    def __init__(
        self, by_rule: object, persona: Persona, mandatory: Plan, prompt: PlanPrompt
    ) -> None:
        self._by_rule, self._mandatory, self._prompt = by_rule, mandatory, prompt
        self.persona = persona

    @property
    def values(self) -> Mapping[str, float]:
        """Nothing beside person and moment."""
        return {}

    def possible(self, answers: tuple[str, ...]) -> Bool:
        """Return which answers hold only what can be planned."""
        return _plannable(answers, self._prompt.purposes)

    def answer_of(self, decision: Planned) -> str:
        """Return the blocks of a plan that are not mandatory."""
        settled = set(self._mandatory)
        blocks = [one for one in decision.plan if not (one.fixed or one in settled)]
        told = [self._told(one) for one in blocks if one.purpose is not None]
        return _SEPARATOR.join(told) or _NOTHING

    def decision(self, answer: str, reason: str) -> Planned:
        """Return the day with the blocks of an answer in it."""
        blocks = [
            PlannedBlock(purpose=one.purpose, start=one.start, minutes=one.minutes, out=one.out)
            for one in blocks_of_answer(answer)
        ]
        reply = PlanReply.model_construct(reason=reason, blocks=blocks)
        plan, told = self._prompt.fitted(reply, self._mandatory, self.persona)
        wishes = unplanned_wishes(self._by_rule, plan)
        return Planned(plan, DecisionSource.POLICY, told, wishes)

    def _told(self, block: Activity) -> str:
        policies = self._prompt.parameters.policies
        step = policies.start_step_min
        start = step * round(block.start_min / step) % DAY_MIN
        minutes = nearest_length(block.minutes, policies.answer_min)
        is_out = block.purpose == Purpose.MEAL and block.place is None
        return f"{clock_time(start)} {block.purpose} {minutes}{f' {_OUT}' if is_out else ''}"


@lru_cache(maxsize=64)
def _plannable(answers: tuple[str, ...], purposes: tuple[str, ...]) -> Bool:
    able = [{block.purpose for block in blocks_of_answer(one)} <= set(purposes) for one in answers]
    return np.array(able, dtype=np.bool_)
