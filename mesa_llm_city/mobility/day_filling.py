"""What is fitted into a day drawn from a table of time use: meals, care, housework and errands.

The order is that of what can be moved least: the way home after work, errands on it, meals,
care, then what is done at home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity, Purpose
from mesa_llm_city.mobility.drawn_day import DrawnDay
from mesa_llm_city.mobility.habits import with_habits
from mesa_llm_city.mobility.leaning import leaning_liking
from mesa_llm_city.mobility.meals import interrupt_duty
from mesa_llm_city.mobility.purpose_hours import span_of_day
from mesa_llm_city.mobility.schedule import (
    BLOCK_MIN,
    Plan,
    fit,
    fit_parts,
    merged,
    overlay,
    round_to_block,
)
from mesa_llm_city.mobility.wishes import Wish, draw_wishes
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona

__all__ = ["filled_day"]


class _Filling:
    """A day being filled: the plan, and what fits into it."""

    def __init__(
        self,
        plan: Plan,
        persona: Persona,
        day: int,
        drawn: DrawnDay,
        *,
        clock: Clock,
        streams: RandomStreams,
        leanings: Mapping[str, float],
        commute_min: float,
        parameters: CityParameters,
    ) -> None:
        self.plan, self.persona, self.drawn = plan, persona, drawn
        self.midnight, self.clock = day * DAY_MIN, clock
        self.leanings, self.parameters = leanings, parameters
        self.rng = streams.on("day_filling", day=day)
        self.commute_min = commute_min
        self.wake, self.bed = plan[0].start_min, plan[-1].start_min
        self.minutes = drawn.draw.minutes

    def errands(self) -> None:
        """Fit in shopping and services, on working days after work."""
        chores = self.parameters.mobility.planner.chores
        after = self.rng.uniform(chores.after_wake_from_min, chores.after_wake_to_min, 2).tolist()
        kind = self.rng.random()
        if self.persona.age < chores.errands_from_age:
            return
        for purpose, activity, wait in (
            (Purpose.SHOPPING, "shopping", after[0]),
            (self._service(kind), "services", after[1]),
        ):
            leaning = self.leanings.get(purpose, 0.0)
            factor = self.parameters.mobility.planner.leaning_factor**leaning
            self._errand(purpose, self.drawn.draw.away_min(activity, factor), wait)

    def _service(self, draw: float) -> str:
        purposes = self.parameters.purposes
        health, errand = (purposes[one].planned_per_day for one in (Purpose.HEALTH, Purpose.ERRAND))
        return Purpose.HEALTH if draw * (health + errand) < health else Purpose.ERRAND

    def _errand(self, purpose: str, minutes: float, after_wake: float) -> None:
        if minutes <= 0.0:
            return
        planner, spec = self.parameters.mobility.planner, self.parameters.purposes[purpose]
        lasts = round_to_block(max(minutes, spec.least_min) + planner.way_min)
        near = self.wake + round_to_block(after_wake)
        if self.drawn.duty_end_min > self.drawn.duty_start_min:
            near = self.drawn.duty_end_min
        chores = planner.chores
        within = self.midnight + chores.earliest_min, self.midnight + chores.latest_min
        place = self.persona.home if spec.at_home else None
        self.plan = fit(
            self.plan, purpose, minutes=lasts, near_min=near, within=within, place=place
        )

    def ways_home(self) -> None:
        """Keep time free for the way home after what is done away from home."""
        planner, home = self.parameters.mobility.planner, self.persona.home
        for one, after in zip(self.plan[:-1], self.plan[1:], strict=True):
            if one.purpose is None or one.place == home or after.purpose is not None:
                continue
            way = self.commute_min if one.place == self.persona.work else planner.way_min
            end = min(one.end_min + max(round_to_block(way), BLOCK_MIN), after.end_min)
            kept = Activity(purpose=Purpose.TRAVEL, start_min=one.end_min, end_min=end)
            self.plan = overlay(self.plan, kept)

    def wishes(
        self,
        day: int,
        streams: RandomStreams,
        usual: Mapping[str, int],
        relief: Mapping[str, float],
    ) -> tuple[Wish, ...]:
        """Return the outings that the day is meant to hold, and keep time free for them."""
        home, planner = self.persona.home, self.parameters.mobility.planner
        wishes = draw_wishes(
            self.persona,
            day,
            self.drawn,
            planned_away=any(one.purpose and one.place != home for one in self.plan),
            clock=self.clock,
            streams=streams,
            leanings=self.leanings,
            usual=usual,
            relief=relief,
            parameters=self.parameters,
        )
        return tuple(
            sorted(
                (self._kept(one, round_to_block(planner.way_min)) for one in wishes),
                key=lambda one: one.from_min,
            )
        )

    def _kept(self, wish: Wish, way_home: int) -> Wish:
        found = fit(
            self.plan,
            Purpose.TRAVEL,
            minutes=wish.minutes + way_home,
            near_min=wish.from_min,
            within=(self._earliest_outing(), wish.until_min + wish.minutes + way_home),
        )
        kept = [one for one in found if one.purpose == Purpose.TRAVEL and one not in self.plan]
        self.plan = found
        if not kept:
            return wish
        lasts = max(kept[0].minutes - way_home, BLOCK_MIN)
        return wish._replace(minutes=lasts, from_min=kept[0].start_min)

    def _earliest_outing(self) -> int:
        breakfast = self.parameters.mobility.planner.hours.breakfast_within_min
        return max(self.wake + breakfast, self.drawn.duty_end_min)

    def without_ways(self) -> None:
        """Free the time that was kept for ways home and for outings."""
        free = [
            replace(one, purpose=None) if one.purpose == Purpose.TRAVEL else one
            for one in self.plan
        ]
        self.plan = merged(free)

    def meals(self) -> None:
        """Fit in breakfast, lunch and dinner, some of them out."""
        planner, hours = self.parameters.mobility.planner, self.parameters.mobility.planner.hours
        habits, (breakfast, lunch, dinner) = self.persona.habits, self.drawn.meals
        shifts = self.rng.standard_normal(2).tolist()
        lunch_out, dinner_out = (self.rng.random(2) < habits.eats_out).tolist()
        goes = self.drawn.draw.leaves_home
        way = round_to_block(planner.way_min)
        lunch += way * bool(lunch and goes and lunch_out)
        dinner += way * bool(dinner and goes and dinner_out)
        care = self._care_parts()[0]
        within = self.wake, self.wake + hours.breakfast_within_min
        self._meal(breakfast, self.wake + care, within, out=False)
        near = self._usual(habits.lunch_min, planner.lunch_sd_min * shifts[0])
        broken = (
            interrupt_duty(
                self.plan,
                start_min=near,
                minutes=lunch,
                out=goes and lunch_out,
                parameters=self.parameters,
            )
            if lunch
            else None
        )
        if broken is not None:
            self.plan = broken
        else:
            within = near - hours.lunch_earlier_min, near + hours.lunch_later_min
            self._meal(lunch, near, within, out=goes and lunch_out)
        near = self._usual(habits.dinner_min, planner.dinner_sd_min * shifts[1])
        within = near - hours.dinner_earlier_min, near + hours.dinner_later_min
        self._meal(dinner, near, within, out=goes and dinner_out)

    def _usual(self, minute: int, shift: float) -> int:
        return self.midnight + round_to_block(minute + shift)

    def _meal(self, minutes: int, near: int, within: tuple[int, int], *, out: bool) -> None:
        if minutes:
            self.plan = fit(
                self.plan,
                Purpose.MEAL,
                minutes=minutes,
                near_min=near,
                within=within,
                place=None if out else self.persona.home,
            )

    def _care_parts(self) -> tuple[int, int]:
        """Return the minutes of care after getting up and before going to bed."""
        total = round_to_block(self.minutes["grooming"])
        morning = round_to_block(total * self.parameters.mobility.planner.morning_care_share)
        return morning, total - morning

    def care(self) -> None:
        """Fit in care after getting up and before going to bed."""
        morning, evening = self._care_parts()
        self._at_home(Purpose.CARE, morning, [self.wake], longest=morning)
        self._at_home(Purpose.CARE, evening, [self.bed - evening], longest=evening)

    def household(self) -> None:
        """Fit in care of others and housework, in parts, at hours that differ."""
        chores = self.parameters.mobility.planner.chores
        earliest, latest = self.wake + chores.housework_after_wake_min, self.bed
        for activity, purpose in (
            ("education", Purpose.SCHOOL),
            ("care_of_household", Purpose.CARE_OF_OTHERS),
            ("care_of_others", Purpose.CARE_OF_OTHERS),
            ("housework", Purpose.HOUSEWORK),
        ):
            total = round_to_block(self.minutes[activity])
            last = max(latest - chores.housework_before_bed_min, earliest + 1)
            starts = self.rng.uniform(earliest, last, chores.housework_starts)
            near = [round_to_block(one) for one in starts.tolist()]
            self._at_home(purpose, total, near, longest=chores.longest_part_min)

    def _at_home(self, purpose: str, total: int, near: list[int], *, longest: int) -> None:
        self.plan = fit_parts(
            self.plan,
            purpose,
            minutes=total,
            longest_min=max(longest, BLOCK_MIN),
            near_min=near,
            within=(self.wake, self.bed),
            place=self.persona.home,
        )

    def own_errands(self, day: int, streams: RandomStreams) -> None:
        """Fit in purposes of the user's own that are planned on some days."""
        planner = self.parameters.mobility.planner
        for name, spec in self.parameters.purposes.items():
            if not spec.planned_per_day or name in _BY_TABLE:
                continue
            # A stream of its own, so that a purpose more changes none of the other draws.
            own = streams.on(f"errand {name}", day=day)
            draw, after = own.random(), own.uniform(0.0, 1.0)
            chance = leaning_liking(
                spec.planned_per_day, self.leanings.get(name, 0.0), planner.leaning_factor
            )
            if draw < float(chance):
                self._own_errand(name, after)

    def _own_errand(self, name: str, after: float) -> None:
        spec, chores = self.parameters.purposes[name], self.parameters.mobility.planner.chores
        within = span_of_day(spec, self.midnight, clock=self.clock)
        if within is None:
            return
        if not spec.hours:
            within = self.midnight + chores.earliest_min, self.midnight + chores.latest_min
        near = round_to_block(within[0] + after * (within[1] - within[0]))
        minutes = round_to_block(spec.planned_min or spec.usual_min or 0.0)
        place = self.persona.home if spec.at_home else None
        self.plan = fit(self.plan, name, minutes=minutes, near_min=near, within=within, place=place)


_BY_TABLE = frozenset({Purpose.SHOPPING, Purpose.ERRAND, Purpose.HEALTH})


def filled_day(
    plan: Plan,
    persona: Persona,
    day: int,
    drawn: DrawnDay,
    *,
    clock: Clock,
    streams: RandomStreams,
    leanings: Mapping[str, float],
    usual: Mapping[str, int],
    relief: Mapping[str, float],
    commute_min: float,
    parameters: CityParameters,
) -> tuple[Plan, tuple[Wish, ...]]:
    """Fit meals, care, errands, care of others and housework around sleep and duty.

    Parameters
    ----------
    plan : tuple of Activity
        The day with sleep and duty.
    persona : Persona
        The person; habits say about when they eat, and how often out.
    day : int
        Index of the day.
    drawn : DrawnDay
        What the day holds by the table of time use.
    clock : Clock
        The calendar.
    streams : RandomStreams
        Random streams of the person.
    leanings : mapping of str to float
        How much goals and insights speak for activities, from -1 to 1.
    usual : mapping of str to int
        Minute of the day at which the person is used to beginning activities.
    relief : mapping of str to float
        How much of what the person lacks an hour of each purpose would give back.
    commute_min : float
        Expected way from work or school to home, in minutes.
    parameters : CityParameters
        Reads `mobility.planner` and the purposes.

    Returns
    -------
    tuple of Activity
        The day.
    tuple of Wish
        Outings for which free time is left.
    """
    filling = _Filling(
        plan,
        persona,
        day,
        drawn,
        clock=clock,
        streams=streams,
        leanings=leanings,
        commute_min=commute_min,
        parameters=parameters,
    )
    filling.errands()
    filling.own_errands(day, streams)
    filling.ways_home()
    filling.care()
    filling.meals()
    filling.plan = with_habits(
        filling.plan, day, clock=clock, usual=usual, streams=streams, parameters=parameters
    )
    wishes = filling.wishes(day, streams, usual, relief)
    filling.household()
    filling.without_ways()
    return filling.plan, wishes
