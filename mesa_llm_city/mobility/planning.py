"""Planning: the day's blocks in the morning, free time when it comes.

A plan runs from getting up to getting up again. Duties come first (sleep, work,
school), then meals, hygiene, housework and errands are fitted around them; what
stays empty is filled when its time comes (CitySim, sec. 3.2.1, appendix A.1.1).
Here stand the rules; `planning_prompt` asks a language model instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.errors import LLMError
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity, DecisionSource, Purpose, Weather
from mesa_llm_city.mobility.free_time import (
    NO_LEANINGS,
    SCHOOL_AGE,
    Filled,
    filled_by_rule,
    leant,
    thinkable,
)
from mesa_llm_city.mobility.planner_config import PlannerConfig
from mesa_llm_city.mobility.planning_prompt import imagined_by_prompt, planned_by_prompt
from mesa_llm_city.mobility.schedule import (
    Plan,
    fit,
    outline,
    overlay,
    round_to_block,
    take_break,
)
from mesa_llm_city.population import Occupation, Persona
from mesa_llm_city.prompts import rules_after

__all__ = ["Planned", "Planner"]


NO_USUAL: Mapping[Purpose, int] = MappingProxyType({})
"""Of one without habits."""


class Planned(NamedTuple):
    """A planned day.

    Attributes
    ----------
    plan : tuple of Activity
        Blocks without gap or overlap.
    source : DecisionSource
        Who planned what is not settled by duties.
    reason : str
        The blocks in a line, by rule; the model's own reason, and how many of
        its blocks did not fit, by prompt.
    """

    plan: Plan
    source: DecisionSource
    reason: str


class Planner(Stateless):
    """Plans days and fills free time, by rule or by asking a language model.

    Asked are those who are at school age, about days of the run; small
    children, and the day before the run, are planned by rule.

    Parameters
    ----------
    config : PlannerConfig, optional
        Durations and frequencies.
    source : DecisionSource, default DecisionSource.RULE
        Who plans days. Sleep, work and school follow from habits in either case.
    leisure_source : DecisionSource, optional
        Who fills free time; by default who plans days.
    """

    __slots__ = ("config", "leisure_source", "source")

    def __init__(
        self,
        config: PlannerConfig | None = None,
        *,
        source: DecisionSource = DecisionSource.RULE,
        leisure_source: DecisionSource | None = None,
    ) -> None:
        self.config = config or _DEFAULT
        self.source = source
        self.leisure_source = leisure_source or source

    def wakes_at(self, persona: Persona, day: int, *, clock: Clock, streams: RandomStreams) -> int:
        """Return the minute at which the person gets up on `day` (-1 is the eve of the run)."""
        habits = persona.habits
        shift = self.config.jitter_min * streams.at("wake", step=day + 1).standard_normal()
        if habits.work_days and not _works(persona, day, clock):
            shift += self.config.lie_in_min
        usual = day * DAY_MIN + habits.wake_min
        # One day must end before the next begins, however late the person is up.
        return round_to_block(usual + min(max(shift, -60.0), 180.0))

    async def plan_day(
        self,
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
        leanings: Mapping[Purpose, float] = NO_LEANINGS,
        usual: Mapping[Purpose, int] = NO_USUAL,
    ) -> Planned:
        """Plan the time from getting up on `day` to getting up on the next.

        Parameters
        ----------
        persona : Persona
            Whose day.
        day : int
            Index of the day; -1 is the day before the run.
        clock : Clock
            The calendar.
        streams : RandomStreams
            The person's luck.
        commute_min : float
            Expected way from home to work or school, in minutes.
        weather : Weather, optional
            Outside; told to a language model.
        needs : mapping of str to float, optional
            Levels in [0, 1] by name; told to a language model.
        memories : sequence of str, optional
            What the person remembers, the latest first; told to a language model.
        goals : sequence of str, optional
            What the person is after; told to a language model.
        leanings : mapping of Purpose to float, optional
            How much goals and insights speak for activities, from -1 to 1.
        usual : mapping of Purpose to int, optional
            Minute of the day at which the person has a habit of doing something.

        Raises
        ------
        LLMError
            If there is no reply, and the run is not configured to use rules then.
        """
        settled, rng = self._settled(
            persona, day, clock=clock, streams=streams, commute_min=commute_min
        )
        plan = settled
        if self.config.recursive:
            works = _on_duty(persona, day, clock)
            plan = self._with_meals(plan, persona, day, rng)
            plan = self._with_chores(plan, persona, rng, works=works, leanings=leanings)
            plan = self._with_habits(plan, day, usual, streams)
        by_rule = Planned(plan, DecisionSource.RULE, outline(plan))
        if self.source is DecisionSource.RULE or day < 0 or persona.age < SCHOOL_AGE:
            return by_rule
        try:
            plan, reason = await planned_by_prompt(
                settled,
                persona,
                day,
                clock=clock,
                weather=weather,
                needs=needs,
                memories=memories,
                goals=goals,
            )
        except LLMError as error:
            return by_rule._replace(reason=rules_after(error))
        return Planned(plan, DecisionSource.PROMPT, reason)

    def _settled(
        self,
        persona: Persona,
        day: int,
        *,
        clock: Clock,
        streams: RandomStreams,
        commute_min: float,
    ) -> tuple[Plan, np.random.Generator]:
        """Return a day with its duties only, and the luck for the rest of it."""
        wake = self.wakes_at(persona, day, clock=clock, streams=streams)
        end = self.wakes_at(persona, day + 1, clock=clock, streams=streams)
        rng = streams.at("plan", step=day + 1)
        plan: Plan = (Activity(purpose=None, start_min=wake, end_min=end),)
        plan = self._with_sleep(plan, persona, day, rng)
        if _on_duty(persona, day, clock):
            plan = self._with_duty(plan, persona, day, commute_min)
        return plan, rng

    def _with_sleep(self, plan: Plan, persona: Persona, day: int, rng: np.random.Generator) -> Plan:
        (whole,) = plan
        shift = self.config.jitter_min * rng.standard_normal()
        bed = round_to_block(day * DAY_MIN + persona.habits.bed_min + shift)
        bed = min(max(bed, whole.start_min + DAY_MIN // 4), whole.end_min - DAY_MIN // 8)
        sleep = Activity(
            purpose=Purpose.SLEEP,
            start_min=bed,
            end_min=whole.end_min,
            place=persona.home,
            fixed=True,
        )
        return overlay(plan, sleep)

    def _with_duty(self, plan: Plan, persona: Persona, day: int, commute_min: float) -> Plan:
        habits, free = persona.habits, plan[0]
        begin = day * DAY_MIN + round_to_block(habits.work_start_min)
        ready = free.start_min + self.config.care_min
        leave = max(begin - _up_to_block(commute_min), ready)
        end = min(begin + round_to_block(habits.work_minutes), free.end_min - self.config.care_min)
        if end <= max(leave, begin):
            return plan
        learns = persona.occupation in {Occupation.PUPIL, Occupation.STUDENT}
        duty = Activity(
            purpose=Purpose.SCHOOL if learns else Purpose.WORK,
            start_min=leave,
            end_min=end,
            place=persona.work,
            fixed=True,
        )
        return overlay(plan, duty)

    def _with_meals(self, plan: Plan, persona: Persona, day: int, rng: np.random.Generator) -> Plan:
        config, habits, midnight = self.config, persona.habits, day * DAY_MIN
        wake, end = plan[0].start_min, plan[-1].end_min
        hours = (wake, end)
        home = persona.home
        plan = fit(
            plan, Purpose.CARE, minutes=config.care_min, near_min=wake, within=hours, place=home
        )
        plan = fit(
            plan,
            Purpose.MEAL,
            minutes=config.breakfast_min,
            near_min=wake + config.care_min,
            within=(wake, wake + 150),
            place=home,
        )
        out = rng.random(2) < habits.eats_out
        lunch = midnight + round_to_block(habits.lunch_min)
        plan = self._with_lunch(plan, persona, lunch, out=bool(out[0]))
        dinner = midnight + round_to_block(habits.dinner_min)
        plan = fit(
            plan,
            Purpose.MEAL,
            minutes=config.dinner_min,
            near_min=dinner,
            within=(dinner - 120, dinner + 240),
            place=None if out[1] else home,
        )
        bed = next(one.start_min for one in plan if one.purpose == Purpose.SLEEP)
        return fit(
            plan,
            Purpose.CARE,
            minutes=config.care_min,
            near_min=bed - config.care_min,
            within=(bed - 60, bed),
            place=home,
        )

    def _with_lunch(self, plan: Plan, persona: Persona, lunch: int, *, out: bool) -> Plan:
        minutes = self.config.lunch_min
        broken = take_break(plan, start_min=lunch, minutes=minutes, out=out)
        if broken is not None:
            return broken
        return fit(
            plan,
            Purpose.MEAL,
            minutes=minutes,
            near_min=lunch,
            within=(lunch - 60, lunch + 120),
            place=None if out else persona.home,
        )

    def _with_chores(
        self,
        plan: Plan,
        persona: Persona,
        rng: np.random.Generator,
        *,
        works: bool,
        leanings: Mapping[Purpose, float],
    ) -> Plan:
        config, wake = self.config, plan[0].start_min
        share = 0.5 if works else 1.0
        chances = (config.shopping_per_day, config.errand_per_day, config.health_per_day)
        leaning = [leanings.get(purpose, 0.0) for purpose in _ERRANDS]
        wanted = rng.random(3) < leant(np.multiply(chances, share), leaning)
        hour = rng.uniform(150.0, 600.0, 3)
        if persona.age >= 16:
            for purpose, wants, after in zip(_ERRANDS, wanted, hour, strict=True):
                if wants:
                    plan = _errand(plan, purpose, wake, after, works=works)
        minutes = round_to_block(_housework_min(persona, works=works) * rng.uniform(0.6, 1.4))
        if minutes < 10:
            return plan
        within = (wake + 30, plan[-1].start_min)
        near = within[0] + round_to_block(hour[0])
        return fit(
            plan,
            Purpose.HOUSEWORK,
            minutes=minutes,
            near_min=near,
            within=within,
            place=persona.home,
        )

    def _with_habits(
        self, plan: Plan, day: int, usual: Mapping[Purpose, int], streams: RandomStreams
    ) -> Plan:
        """Fit in what the person has a habit of doing, on some of the days."""
        for purpose, minute in usual.items():
            if purpose not in _HABITUAL:
                continue
            rng = streams.at(f"habit {purpose}", step=day + 1)
            if rng.random() < self.config.habit_share:
                near = day * DAY_MIN + minute
                within = (near - 60, near + 150)
                plan = fit(plan, purpose, minutes=75, near_min=near, within=within)
        return plan

    async def fill_block(
        self,
        block: Activity,
        persona: Persona,
        *,
        relief: Mapping[Purpose, float],
        weather: Weather,
        rng: np.random.Generator,
        leanings: Mapping[Purpose, float] = NO_LEANINGS,
    ) -> Filled:
        """Decide what to do with free time (CitySim, appendix A.1.1, value-driven planning).

        By rule, N of the thinkable activities are imagined, drawn by preference,
        and the one of highest value is done: preference plus the relief it
        promises, less the trouble of going out, give or take a whim. By prompt a
        language model imagines and scores N of them in one answer. It is not
        asked where only staying at home is thinkable.

        Parameters
        ----------
        block : Activity
            The free time.
        persona : Persona
            Whose.
        relief : mapping of Purpose to float
            How much of her needs an hour of each would meet.
        weather : Weather
            Outside.
        rng : numpy.random.Generator
            RandomStreams.
        leanings : mapping of Purpose to float, optional
            How much goals and insights speak for activities, from -1 to 1.

        Raises
        ------
        LLMError
            If there is no reply, and the run is not configured to use rules then.
        """
        config, purposes = self.config, thinkable(block, persona, self.config)
        by_rule = filled_by_rule(
            block,
            persona,
            purposes,
            relief=relief,
            weather=weather,
            config=config,
            rng=rng,
            leanings=leanings,
        )
        if self.leisure_source is DecisionSource.RULE or len(purposes) == 1:
            return by_rule
        try:
            activity, reason = await imagined_by_prompt(
                block,
                persona,
                purposes,
                relief=relief,
                weather=weather,
                candidates=config.candidates,
                rng=rng,
                leanings=leanings,
            )
        except LLMError as error:
            return by_rule._replace(reason=rules_after(error))
        return Filled(activity, DecisionSource.PROMPT, reason)


_DEFAULT = PlannerConfig()
_HABITUAL = frozenset({Purpose.SPORT, Purpose.LEISURE, Purpose.SOCIAL, Purpose.SHOPPING})
_ERRANDS = (Purpose.SHOPPING, Purpose.ERRAND, Purpose.HEALTH)


def _works(persona: Persona, day: int, clock: Clock) -> bool:
    minute = day * DAY_MIN
    return persona.habits.works_on(clock.weekday(minute)) and not clock.is_holiday(minute)


def _on_duty(persona: Persona, day: int, clock: Clock) -> bool:
    return _works(persona, day, clock) and persona.work is not None


def _up_to_block(minutes: float) -> int:
    return -round_to_block(-minutes - 2.4)


def _errand(plan: Plan, purpose: Purpose, wake: int, after: float, *, works: bool) -> Plan:
    midnight = wake // DAY_MIN * DAY_MIN
    # On working days errands wait for the way home.
    near = midnight + 1080 if works else wake + round_to_block(after)
    return fit(plan, purpose, minutes=50, near_min=near, within=(midnight + 540, midnight + 1230))


def _housework_min(persona: Persona, *, works: bool) -> float:
    if persona.age < 13:
        return 0.0
    if persona.age < 18:
        return 15.0
    if persona.occupation is Occupation.HOMEMAKER:
        return 200.0
    return 45.0 if works else 105.0
