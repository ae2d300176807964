"""What is fitted into days drawn from a table of time use: meals, care, housework and errands.

The order is that of what can be moved least: the way home after work, errands on it, meals,
care, then what is done at home.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import Bool, Float, Int, Purpose
from mesa_llm_city.mobility.day_addresses import FILLING_DRAWS
from mesa_llm_city.mobility.day_facts import DayFacts
from mesa_llm_city.mobility.drawn_day import DrawnDays
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.habits import with_habits
from mesa_llm_city.mobility.mandatory import MandatoryDays
from mesa_llm_city.mobility.meals import with_lunch, with_meal
from mesa_llm_city.mobility.open_days import AT_HOME, SOMEWHERE, block_code, to_blocks
from mesa_llm_city.mobility.outings import with_outings
from mesa_llm_city.mobility.purpose_hours import span_of_day
from mesa_llm_city.mobility.schedule import BLOCK_MIN, round_to_block
from mesa_llm_city.mobility.wish_columns import WishColumns
from mesa_llm_city.parameters import CityParameters

__all__ = ["AT_HOME_BY_TABLE", "fill_days", "own_errands"]

_BY_TABLE = frozenset({Purpose.SHOPPING, Purpose.ERRAND, Purpose.HEALTH})
AT_HOME_BY_TABLE = (
    ("education", Purpose.SCHOOL),
    ("care_of_household", Purpose.CARE_OF_OTHERS),
    ("care_of_others", Purpose.CARE_OF_OTHERS),
    ("housework", Purpose.HOUSEWORK),
)
"""What is done at home in parts: activities of the table of time use, and their purposes."""
# Columns of the numbers of a day.
_AFTER, _SERVICE, _MEAL_TIMES, _MEALS_OUT = 0, 2, 3, 5


def fill_days(plan: MandatoryDays, facts: DayFacts, drawn: DrawnDays) -> WishColumns:
    """Fit meals, care, errands, care of others and housework around sleep and duty.

    Parameters
    ----------
    plan : MandatoryDays
        The days with sleep and duty, which are changed.
    facts : DayFacts
        The persons and the day.
    drawn : DrawnDays
        What the days hold by the table of time use.

    Returns
    -------
    WishColumns
        Outings for which free time is left, in minutes of the run.
    """
    filling = _Filling(plan, facts, drawn)
    filling.errands()
    filling.own_errands()
    filling.ways_home()
    filling.care()
    filling.meals()
    with_habits(plan.days, facts)
    wishes = with_outings(facts, plan.days, drawn)
    filling.household()
    return wishes


@lru_cache(maxsize=16)
def own_errands(parameters: CityParameters) -> tuple[str, ...]:
    """Return purposes of the user's own that are planned on some days."""
    purposes = parameters.purposes
    return tuple(
        name for name, spec in purposes.items() if spec.planned_per_day and name not in _BY_TABLE
    )


class _Filling:
    """Days being filled."""

    def __init__(self, plan: MandatoryDays, facts: DayFacts, drawn: DrawnDays) -> None:
        self.days, self.facts, self.drawn = plan.days, facts, drawn
        self.wake, self.bed, self.people = plan.days.start, plan.bed_min, facts.people
        self.bed = np.where(self.bed < self.days.end, self.bed, self.wake)
        self.planner = facts.parameters.mobility.planner
        self.draws = facts.streams.on("day_filling", day=facts.day, n=FILLING_DRAWS)

    def errands(self) -> None:
        """Fit in shopping and services, on working days after work."""
        chores, draws = self.planner.chores, self.draws
        low, high = chores.after_wake_from_min, chores.after_wake_to_min
        after = to_blocks(low + (high - low) * draws[:, _AFTER : _AFTER + 2])
        near = self.wake[:, np.newaxis] + after
        has_duty = self.drawn.has_duty[:, np.newaxis]
        near = np.where(has_duty, self.drawn.duty_end_min[:, np.newaxis], near)
        purposes = self.facts.parameters.purposes
        health, errand = (purposes[one].planned_per_day for one in (Purpose.HEALTH, Purpose.ERRAND))
        is_health = draws[:, _SERVICE] * (health + errand) < health
        everybody = np.ones(len(self.days), dtype=bool)
        for name, activity, wait, whose in (
            (Purpose.SHOPPING, "shopping", near[:, 0], everybody),
            (Purpose.HEALTH, "services", near[:, 1], is_health),
            (Purpose.ERRAND, "services", near[:, 1], ~is_health),
        ):
            self._errand(name, activity, wait, whose)

    def _errand(self, name: str, activity: str, near: Minutes, whose: Bool) -> None:
        facts, chores = self.facts, self.planner.chores
        minutes = self.drawn.draws.away_min(activity, facts.factor(name))
        is_wanted = whose & (minutes > 0.0) & (self.people.age >= chores.errands_from_age)
        rows, spec = np.flatnonzero(is_wanted), facts.parameters.purposes[name]
        if not len(rows):
            return
        self.days.fit(
            rows,
            block_code(facts.code(name), AT_HOME if spec.at_home else SOMEWHERE),
            minutes=to_blocks(np.maximum(minutes[rows], spec.least_min) + self.planner.way_min),
            near_min=near[rows],
            low_min=np.int32(chores.earliest_min),
            high_min=np.int32(chores.latest_min),
        )

    def own_errands(self) -> None:
        """Fit in purposes of the user's own that are planned on some days."""
        facts = self.facts
        for name in own_errands(facts.parameters):
            # A stream of its own, so that a purpose more changes none of the other draws.
            draws = facts.streams.on(f"errand {name}", day=facts.day, n=2)
            chance = facts.parameters.purposes[name].planned_per_day * facts.factor(name)
            rows = np.flatnonzero(draws[:, 0] < chance)
            if len(rows):
                self._own_errand(name, rows, draws[rows, 1])

    def _own_errand(self, name: str, rows: Int, after: Float) -> None:
        facts, chores = self.facts, self.planner.chores
        spec, midnight = facts.parameters.purposes[name], facts.day * DAY_MIN
        span = span_of_day(spec, midnight, clock=facts.clock)
        if span is None:
            return
        low, high = span[0] - midnight, span[1] - midnight
        if not spec.hours:
            low, high = chores.earliest_min, chores.latest_min
        minutes = round_to_block(spec.planned_min or spec.usual_min or 0.0)
        self.days.fit(
            rows,
            block_code(facts.code(name), AT_HOME if spec.at_home else SOMEWHERE),
            minutes=np.full(len(rows), minutes, dtype=np.int32),
            near_min=to_blocks(low + after * (high - low)),
            low_min=np.int32(low),
            high_min=np.int32(high),
        )

    def ways_home(self) -> None:
        """Keep time free for the way home after what is done away from home."""
        way = max(round_to_block(self.planner.way_min), BLOCK_MIN)
        from_work = np.maximum(to_blocks(self.facts.commute_min), BLOCK_MIN)
        self.days.keep_ways(np.int32(way), from_work)

    def _care_parts(self) -> tuple[Minutes, Minutes]:
        """Return the minutes of care after getting up and before going to bed."""
        total = to_blocks(self.drawn.draws.of("grooming"))
        morning = to_blocks(total * self.planner.morning_care_share)
        return morning, total - morning

    def care(self) -> None:
        """Fit in care after getting up and before going to bed."""
        morning, evening = self._care_parts()
        for minutes, near in ((morning, self.wake), (evening, self.bed - evening)):
            rows = np.flatnonzero(minutes)
            self._at_home(Purpose.CARE, rows, minutes[rows], near[np.newaxis, rows])

    def meals(self) -> None:
        """Fit in breakfast, lunch and dinner, some of them out."""
        planner, hours, people = self.planner, self.planner.hours, self.people
        parameters, (breakfast, lunch, dinner) = self.facts.parameters, self.drawn.meals
        shifts = normal_of(self.draws[:, _MEAL_TIMES : _MEAL_TIMES + 2])
        out = self.draws[:, _MEALS_OUT : _MEALS_OUT + 2] < people.eats_out[:, np.newaxis]
        out &= self.drawn.draws.leaves_home[:, np.newaxis]
        way = round_to_block(planner.way_min)
        lunch = lunch + way * (out[:, 0] & (lunch > 0)).astype(np.int32)
        dinner = dinner + way * (out[:, 1] & (dinner > 0)).astype(np.int32)
        near = self.wake + self._care_parts()[0]
        within = self.wake, self.wake + hours.breakfast_within_min
        nobody = np.zeros(len(near), dtype=bool)
        with_meal(self.days, breakfast, near, within, out=nobody, parameters=parameters)
        near = to_blocks(people.lunch_min + planner.lunch_sd_min * shifts[:, 0])
        with_lunch(self.days, lunch, near, out[:, 0], parameters)
        near = to_blocks(people.dinner_min + planner.dinner_sd_min * shifts[:, 1])
        within = near - hours.dinner_earlier_min, near + hours.dinner_later_min
        with_meal(self.days, dinner, near, within, out=out[:, 1], parameters=parameters)

    def household(self) -> None:
        """Fit in care of others and housework, in parts, at hours that differ."""
        facts, chores = self.facts, self.planner.chores
        for activity, purpose in AT_HOME_BY_TABLE:
            total = to_blocks(self.drawn.draws.of(activity))
            rows = np.flatnonzero(total)
            if not len(rows):
                continue
            draws = facts.streams.take(rows).on(
                f"day_filling {activity}", day=facts.day, n=chores.housework_starts
            )
            earliest = self.wake[rows] + chores.housework_after_wake_min
            last = np.maximum(self.bed[rows] - chores.housework_before_bed_min, earliest + 1)
            near = to_blocks(earliest + draws.T * (last - earliest))
            self._at_home(purpose, rows, total[rows], near, longest_min=chores.longest_part_min)

    def _at_home(
        self,
        purpose: str,
        rows: Int,
        minutes: Minutes,
        near: Minutes,
        *,
        longest_min: int | None = None,
    ) -> None:
        """Fit something at home into some of the days, in one part if no longest one is told."""
        longest = minutes if longest_min is None else np.full_like(minutes, longest_min)
        self.days.fit_parts(
            rows,
            block_code(self.facts.code(purpose), AT_HOME),
            minutes=minutes,
            longest_min=longest,
            near_min=near,
            low_min=self.wake[rows],
            high_min=self.bed[rows],
        )
