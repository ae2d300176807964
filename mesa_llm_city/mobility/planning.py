"""Planning: the day's blocks in the morning, free time when it comes.

A plan runs from getting up to getting up again. Duties come first (sleep, work,
school), then meals, hygiene, housework and errands are fitted around them; what
stays empty is filled when its time comes (CitySim, sec. 3.2.1, appendix A.1.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mesa_llm_city.clock import DAY_MIN, Clock
from mesa_llm_city.component import Stateless
from mesa_llm_city.errors import ConfigError
from mesa_llm_city.mobility.schedule import Plan, fit, overlay, round_to_block, split
from mesa_llm_city.persona import Occupation, Persona
from mesa_llm_city.streams import Luck
from mesa_llm_city.values import Activity, Mind, Purpose, Weather

__all__ = ["FREE_TIME", "Filled", "Planner", "PlannerConfig"]

FREE_TIME = (Purpose.REST, Purpose.LEISURE, Purpose.SOCIAL, Purpose.SPORT, Purpose.SHOPPING)
"""What free time can be used for; all but rest is done away from home."""

# Between which minutes of the day each is thinkable away from home.
_HOURS: Mapping[Purpose, tuple[int, int]] = {
    Purpose.LEISURE: (540, 1380),
    Purpose.SOCIAL: (660, 1410),
    Purpose.SPORT: (360, 1320),
    Purpose.SHOPPING: (570, 1260),
}


class Filled(NamedTuple):
    """What an empty block was filled with.

    Attributes
    ----------
    activity : Activity
        From the start of the block; it may end before the block does.
    mind : Mind
        Who decided.
    reason : str
        The candidates and their values, best first.
    """

    activity: Activity
    mind: Mind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerConfig:
    """Durations and frequencies of a day; assumptions unless a source is named.

    Parameters
    ----------
    candidates : int, default 3
        Number of activities imagined for a free block (CitySim, appendix A: N = 3).
    lie_in_min : int, default 75
        How much later one gets up on a day off.
    jitter_min : float, default 12.0
        Standard deviation of getting up and going to bed, from day to day.
    care_min, breakfast_min, lunch_min, dinner_min : int
        Length of washing and dressing, and of the meals.
    shopping_per_day, errand_per_day, health_per_day : float
        Chance that a day off, of an adult, holds one; on working days it is halved.
    outing_min : int, default 45
        Free time shorter than this is spent at home.
    outing_cost : float, default 0.25
        Value of an outing that the way there takes off; twice that in rain.
    relief_weight : float, default 0.5
        Value of meeting a need that is wholly unmet, per unit of gain in an hour.
    whim : float, default 0.1
        Scale of what decides beyond preference and need (Gumbel noise, so that
        the choice among the imagined is a logit).

    Raises
    ------
    ConfigError
        If a number is negative, or no candidate is imagined.
    """

    candidates: int = 3
    lie_in_min: int = 75
    jitter_min: float = 12.0
    care_min: int = 30
    breakfast_min: int = 20
    lunch_min: int = 45
    dinner_min: int = 45
    shopping_per_day: float = 0.6
    errand_per_day: float = 0.2
    health_per_day: float = 0.04
    outing_min: int = 45
    outing_cost: float = 0.25
    relief_weight: float = 0.5
    whim: float = 0.1

    def __post_init__(self) -> None:
        """Check ranges."""
        for name in self.__slots__:
            if getattr(self, name) < 0:
                message = f"{name} must be at least 0, got {getattr(self, name)}"
                raise ConfigError(message)
        if self.candidates < 1:
            message = f"candidates must be at least 1, got {self.candidates}; the paper uses 3"
            raise ConfigError(message)


class Planner(Stateless):
    """Plans days by rule, from habits and duties.

    Parameters
    ----------
    config : PlannerConfig, optional
        Durations and frequencies.
    """

    __slots__ = ("config",)

    def __init__(self, config: PlannerConfig | None = None) -> None:
        self.config = config or _DEFAULT

    def wakes_at(self, persona: Persona, day: int, *, clock: Clock, luck: Luck) -> int:
        """Return the minute at which the person gets up on `day` (-1 is the eve of the run)."""
        habits = persona.habits
        shift = self.config.jitter_min * luck.at("wake", step=day + 1).standard_normal()
        if habits.work_days and not _works(persona, day, clock):
            shift += self.config.lie_in_min
        usual = day * DAY_MIN + habits.wake_min
        # One day must end before the next begins, however late the person is up.
        return round_to_block(usual + min(max(shift, -60.0), 180.0))

    async def plan_day(
        self, persona: Persona, day: int, *, clock: Clock, luck: Luck, commute_min: float
    ) -> Plan:
        """Plan the time from getting up on `day` to getting up on the next.

        Parameters
        ----------
        persona : Persona
            Whose day.
        day : int
            Index of the day; -1 is the day before the run.
        clock : Clock
            The calendar.
        luck : Luck
            The person's luck.
        commute_min : float
            Expected way from home to work or school, in minutes.

        Returns
        -------
        tuple of Activity
            Blocks without gap or overlap.
        """
        wake = self.wakes_at(persona, day, clock=clock, luck=luck)
        end = self.wakes_at(persona, day + 1, clock=clock, luck=luck)
        rng = luck.at("plan", step=day + 1)
        plan: Plan = (Activity(purpose=None, start_min=wake, end_min=end),)
        plan = self._with_sleep(plan, persona, day, rng)
        works = _works(persona, day, clock) and persona.work is not None
        if works:
            plan = self._with_duty(plan, persona, day, commute_min)
        plan = self._with_meals(plan, persona, day, rng)
        return self._with_chores(plan, persona, rng, works=works)

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
        bed = next(one.start_min for one in plan if one.purpose is Purpose.SLEEP)
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
        for row, block in enumerate(plan):
            inside = block.start_min + 90 <= lunch <= block.end_min - minutes - 60
            if block.purpose in {Purpose.WORK, Purpose.SCHOOL} and inside:
                # Those who work at home, and pupils, eat where they are.
                goes_out = out and block.purpose is Purpose.WORK
                meal = Activity(
                    purpose=Purpose.MEAL,
                    start_min=lunch,
                    end_min=lunch + minutes,
                    place=None if goes_out else block.place,
                )
                return (*plan[:row], *split(block, meal), *plan[row + 1 :])
        return fit(
            plan,
            Purpose.MEAL,
            minutes=minutes,
            near_min=lunch,
            within=(lunch - 60, lunch + 120),
            place=None if out else persona.home,
        )

    def _with_chores(
        self, plan: Plan, persona: Persona, rng: np.random.Generator, *, works: bool
    ) -> Plan:
        config, wake = self.config, plan[0].start_min
        share = 0.5 if works else 1.0
        chances = (config.shopping_per_day, config.errand_per_day, config.health_per_day)
        wanted = rng.random(3) < np.multiply(chances, share)
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

    async def fill_block(
        self,
        block: Activity,
        persona: Persona,
        *,
        relief: Mapping[Purpose, float],
        weather: Weather,
        rng: np.random.Generator,
    ) -> Filled:
        """Decide what to do with free time (CitySim, appendix A.1.1, value-driven planning).

        Of the thinkable activities N are imagined, drawn by preference, and the
        one of highest value is done: preference plus the relief it promises,
        less the trouble of going out, give or take a whim.

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
            Luck.
        """
        liking = {one: persona.preferences.of(one) for one in self._thinkable(block, persona)}
        imagined = _imagine(liking, self.config.candidates, rng)
        whims = self.config.whim * rng.gumbel(size=len(imagined))
        value = {
            one: liking[one] + self._use(one, relief, weather) + whim
            for one, whim in zip(imagined, whims.tolist(), strict=True)
        }
        ranked = sorted(imagined, key=lambda one: -value[one])
        minutes = _free_minutes(ranked[0], block.minutes, rng)
        activity = Activity(
            purpose=ranked[0],
            start_min=block.start_min,
            end_min=block.start_min + minutes,
            place=persona.home if ranked[0] is Purpose.REST else None,
        )
        reason = " > ".join(f"{one} {value[one]:.2f}" for one in ranked)
        return Filled(activity, Mind.RULE, reason)

    def _thinkable(self, block: Activity, persona: Persona) -> tuple[Purpose, ...]:
        if block.minutes < self.config.outing_min or persona.age < 7:
            return (Purpose.REST,)
        begin = block.start_min % DAY_MIN
        return tuple(
            one
            for one in FREE_TIME
            if one is Purpose.REST or _HOURS[one][0] <= begin <= _HOURS[one][1] - 60
        )

    def _use(self, purpose: Purpose, relief: Mapping[Purpose, float], weather: Weather) -> float:
        config = self.config
        use = config.relief_weight * relief.get(purpose, 0.0)
        if purpose is Purpose.REST:
            return use
        return use - config.outing_cost * (2.0 if weather.is_wet else 1.0)


_DEFAULT = PlannerConfig()
_ERRANDS = (Purpose.SHOPPING, Purpose.ERRAND, Purpose.HEALTH)


def _works(persona: Persona, day: int, clock: Clock) -> bool:
    minute = day * DAY_MIN
    return persona.habits.works_on(clock.weekday(minute)) and not clock.is_holiday(minute)


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


def _imagine(
    liking: Mapping[Purpose, float], count: int, rng: np.random.Generator
) -> list[Purpose]:
    purposes = list(liking)
    weight = np.fromiter(liking.values(), dtype=np.float64) + 1e-6
    # The largest of log-weight plus Gumbel noise are a weighted sample without replacement.
    order = np.argsort(-(np.log(weight) + rng.gumbel(size=len(weight))), kind="stable")
    return [purposes[row] for row in order[:count].tolist()]


_USUAL_MIN: Mapping[Purpose, float] = {
    Purpose.REST: 90.0,
    Purpose.LEISURE: 110.0,
    Purpose.SOCIAL: 120.0,
    Purpose.SPORT: 85.0,
    Purpose.SHOPPING: 70.0,
}


def _free_minutes(purpose: Purpose, available: int, rng: np.random.Generator) -> int:
    wished = round_to_block(_USUAL_MIN[purpose] * float(np.exp(0.35 * rng.standard_normal())))
    # What would be too short to use is added to the activity.
    return available if available - wished < 20 else max(wished, 15)
