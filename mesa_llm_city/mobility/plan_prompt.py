"""Plans of days by prompt: what a language model is told, and how its answer is fitted in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock, clock_time
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity, DecisionSource, Purpose, Weather
from mesa_llm_city.mobility.meals import interrupt_duty
from mesa_llm_city.mobility.planner import Planned, mandatory_day
from mesa_llm_city.mobility.prompt_facts import Fact, out_of_ten, weather_fact
from mesa_llm_city.mobility.schedule import Plan, fit, round_to_block
from mesa_llm_city.mobility.wishes import Wish
from mesa_llm_city.parameters import CityParameters, PurposeSpec, default_parameters
from mesa_llm_city.parameters.purposes import PURPOSES
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Reason

__all__ = ["PlanPrompt", "PlanReply", "PlannedBlock", "plan_reply", "unplanned_wishes"]

# The purposes that the rules of the prompt explain.
_TOLD = frozenset(PURPOSES) - {Purpose.CARE_OF_OTHERS}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class PlannedBlock(BaseModel):
    """A block that a language model puts into the plan of a day."""

    purpose: str = Field(max_length=40)
    start: str = Field(max_length=5, description="hh:mm")
    minutes: int = Field(ge=5, le=720)
    out: bool


class PlanReply(BaseModel):
    """The blocks that a language model plans around the mandatory ones."""

    reason: Reason
    blocks: list[PlannedBlock] = Field(min_length=1, max_length=16)


@lru_cache(maxsize=64)
def plan_reply(purposes: tuple[str, ...]) -> type[PlanReply]:
    """Return the form of a reply whose blocks are for some of `purposes`.

    Examples
    --------
    >>> block = {"purpose": "sport", "start": "18:00", "minutes": 60, "out": False}
    >>> plan_reply(("meal", "sport"))(reason="as usual", blocks=[block]).blocks[0].purpose
    'sport'
    """
    one_of: Any = Literal[purposes]
    block: Any = create_model("PlannedBlock", __base__=PlannedBlock, purpose=(one_of, ...))
    several = (list[block], Field(min_length=1, max_length=16))
    return create_model("PlanReply", __base__=PlanReply, blocks=several)


class PlanPrompt:
    """Asks a language model for the plan of a day: the prompt form of `Planner.plan_day`.

    Asked are persons from `mobility.planner.decides_from_age` on, about days of the run; the
    day before it is planned by rule. Mandatory activities are the same as by rule. Blocks of
    the answer whose start is no time of day, or that do not fit within `prompt_slack_min` of
    it, are left out.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `mobility.planner` and the purposes; those that are `plannable` can be answered.
    """

    verb = "plan_day"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self.parameters = default_parameters() if parameters is None else parameters
        self.purposes = self.parameters.plannable

    async def ask(
        self,
        rule: object,  # noqa: ARG002 - the plan does not depend on it
        by_rule: object,
        persona: Persona,
        day: int,
        *,
        clock: Clock,
        streams: RandomStreams,
        commute_min: float,
        weather: Weather | None = None,
        needs: Mapping[str, float] | None = None,
        memories: Sequence[str] = (),
        goals: Sequence[str] = (),
        **_: object,
    ) -> Planned | None:
        """Ask for the plan of a day (see `Planner.plan_day` for the arguments).

        Returns
        -------
        Planned or None
            The day without gap or overlap, with the reason given and how many blocks were
            left out; None if the plan by rule holds, or nothing is free.
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
            # A day of an outsider with nothing left to plan.
            return None
        reply = await ask(
            "plan",
            plan_reply(self.purposes),
            **_person_facts(persona, needs, memories, goals),
            day=_day_name(day, clock),
            weather=None if weather is None else weather_fact(weather),
            settled=[
                _times(one) | {"purpose": str(one.purpose)} for one in mandatory if one.purpose
            ],
            free=[_times(one) | {"minutes": one.minutes} for one in mandatory if not one.purpose],
            others=self._others(),
        )
        plan, reason = self.fitted(reply, mandatory, persona)
        return Planned(plan, DecisionSource.PROMPT, reason, unplanned_wishes(by_rule, plan))

    def _others(self) -> list[Fact]:
        """Return the purposes that the rules of the prompt do not explain."""
        purposes = self.parameters.purposes
        return [
            {"name": name, "description": _explained(name, purposes[name])}
            for name in self.purposes
            if name not in _TOLD
        ]

    def fitted(self, reply: PlanReply, mandatory: Plan, persona: Persona) -> tuple[Plan, str]:
        """Return the day with the blocks of a reply in it, and the reason with how many are out.

        Parameters
        ----------
        reply : PlanReply
            The blocks, in the order in which they are fitted in.
        mandatory : tuple of Activity
            The day with mandatory activities only.
        persona : Persona
            The person.
        """
        plan, dropped = mandatory, 0
        for block in reply.blocks:
            fuller = self._with_block(plan, block, persona)
            dropped += fuller == plan
            plan = fuller
        told = f" ({dropped} of {len(reply.blocks)} blocks left out)" if dropped else ""
        return plan, f"{reply.reason}{told}"

    def _with_block(self, plan: Plan, block: PlannedBlock, persona: Persona) -> Plan:
        start = _minute(block.start, plan[0].start_min)
        if start is None:
            return plan
        purpose, minutes = block.purpose, round_to_block(block.minutes)
        if purpose == Purpose.MEAL:
            interrupted = interrupt_duty(
                plan, start_min=start, minutes=minutes, out=block.out, parameters=self.parameters
            )
            if interrupted is not None:
                return interrupted
        at_home = self.parameters.purposes[purpose].at_home
        if at_home and persona.outsider is not None:
            return plan
        if purpose == Purpose.MEAL:
            at_home = not block.out
        slack = self.parameters.mobility.planner.hours.prompt_slack_min
        return fit(
            plan,
            purpose,
            minutes=minutes,
            near_min=start,
            within=(start - slack, start + minutes + slack),
            place=persona.home_inside if at_home else None,
        )


def _person_facts(
    persona: Persona,
    needs: Mapping[str, float] | None,
    memories: Sequence[str],
    goals: Sequence[str],
) -> dict[str, object]:
    return {
        "person": persona.describe(),
        "memories": list(memories),
        "goals": list(goals),
        "needs": {name: out_of_ten(level) for name, level in (needs or {}).items()},
        "usual_meals": {
            "lunch": clock_time(persona.habits.lunch_min),
            "dinner": clock_time(persona.habits.dinner_min),
        },
    }


def unplanned_wishes(by_rule: object, plan: Plan) -> tuple[Wish, ...] | None:
    """Return the outings of the day by rule that the plan does not hold; None without wishes."""
    wishes: tuple[Wish, ...] | None = getattr(by_rule, "wishes", None)
    if wishes is None:
        return None
    planned = {one.purpose for one in plan}
    return tuple(one for one in wishes if one.purpose not in planned)


def _explained(name: str, spec: PurposeSpec) -> str:
    """Return what a purpose is, where it is done and at what hours, in words."""
    where = "at home" if spec.at_home else "away from home"
    return "; ".join(filter(None, (spec.description or spec.label or name, where, spec.hours)))


def _day_name(day: int, clock: Clock) -> str:
    minute = day * DAY_MIN
    holiday = ", a holiday" if clock.is_holiday(minute) else ""
    return f"{_DAYS[clock.weekday(minute)]}, {clock.date_of(day)}{holiday}"


def _times(block: Activity) -> Fact:
    return {"start": clock_time(block.start_min), "end": clock_time(block.end_min)}


def _minute(told: str, wake: int) -> int | None:
    """Return the first minute from getting up on at which a clock shows the time told."""
    hours, colon, minutes = told.strip().partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal()):
        return None
    if int(hours) > 23 or int(minutes) > 59:
        return None
    minute = round_to_block(int(hours) * HOUR_MIN + int(minutes))
    return wake + (minute - wake) % DAY_MIN
