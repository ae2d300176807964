"""A citizen: the parts of one person, and how a day flows through them.

Needs no Mesa. `Citizen.think` is a thought: it asks the parts what comes next
and changes nothing. `Citizen.commit` makes it so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from mesa_llm_city.clock import DAY_MIN, HOUR_MIN, clock_time
from mesa_llm_city.intention import Draft, Intention, Outcome, Step
from mesa_llm_city.mind import NEEDS, Ratings, Remembered, Visit
from mesa_llm_city.mobility import (
    BLOCK_MIN,
    FREE_TIME,
    least_stay_min,
    radius_m,
)
from mesa_llm_city.outing import World
from mesa_llm_city.parts import PartOption, Parts, assemble
from mesa_llm_city.persona import Persona
from mesa_llm_city.streams import Luck
from mesa_llm_city.values import (
    Activity,
    Decision,
    Observation,
    Purpose,
    Reaction,
    ReactionKind,
    TravelOption,
    Trip,
)

__all__ = ["Citizen"]

Plan = tuple[Activity, ...]

_SNACK_MIN = 35
_LEAST_RESUMED_MIN = 15


class Citizen:
    """One person, living.

    Parameters
    ----------
    persona : Persona
        Who.
    seed : int
        Seed of the run.
    parts : mapping of str to PartOption, optional
        Parts that replace the defaults, by name; None leaves one out.

    Attributes
    ----------
    place : int
        Where the person is, or the origin of the trip under way.
    activity : Activity or None
        What the person does, or will do on arrival.
    trip : Trip or None
        The trip under way.
    plan : tuple of Activity
        What is planned next.
    next_due : int
        Minute at which the person has to think again.
    """

    __slots__ = (
        "activity",
        "came_min",
        "day",
        "luck",
        "next_due",
        "parts",
        "persona",
        "place",
        "plan",
        "resting",
        "trip",
    )

    def __init__(
        self, persona: Persona, *, seed: int, parts: Mapping[str, PartOption] | None = None
    ) -> None:
        self.persona = persona
        self.luck = Luck(seed, persona.id)
        self.parts: Parts = assemble(persona, parts)
        self.place = persona.home
        self.activity: Activity | None = None
        self.trip: Trip | None = None
        self.plan: Plan = ()
        self.day = -2
        self.resting = False
        self.came_min = 0.0
        self.next_due = 0

    # Thinking: nothing below changes anything.

    async def think(self, seen: Observation, world: World) -> Intention:
        """Think about what to do at a moment that was due."""
        if self.activity is None:
            return await self._begin(seen, world)
        if self.trip is not None:
            return self._carry_on(Step.ARRIVE, seen.minute)
        draft = Draft(list(self.plan), self.day, self.resting)
        if seen.minute < self.activity.end_min:
            reaction = await self._react(seen, self.activity, draft)
            if reaction.kind is ReactionKind.CONTINUE:
                draft.note("perception", str(reaction.kind), reaction.reason)
                return self._carry_on(Step.STAY, seen.minute, tuple(draft.decisions))
            self._break_off(reaction, seen.minute, draft)
        return await self._go_on(seen, world, draft)

    def _carry_on(self, step: Step, minute: int, decisions: tuple[Decision, ...] = ()) -> Intention:
        return Intention(
            step=step,
            minute=minute,
            activity=self.activity,
            plan=self.plan,
            day=self.day,
            resting=self.resting,
            decisions=decisions,
        )

    async def _begin(self, seen: Observation, world: World) -> Intention:
        # The run begins at midnight, in the middle of the day before.
        draft = Draft([], self.day, resting=False)
        block = await self._planned_block(seen.minute, world, draft)
        if block.purpose is None or block.place is None:
            block = replace(block, purpose=Purpose.REST, place=self.persona.home)
        return self._intend(seen.minute, draft, block, None, None)

    async def _go_on(self, seen: Observation, world: World, draft: Draft) -> Intention:
        ratings = await self._appraise(seen.minute, world)
        block = await self._planned_block(seen.minute, world, draft)
        block = await self._heed_needs(block, seen, draft)
        if block.purpose is None:
            block = await self._fill(block, seen, draft)
        activity, trip = await self._settle(block, seen, world, draft)
        return self._intend(seen.minute, draft, activity, trip, ratings)

    def _intend(
        self,
        minute: int,
        draft: Draft,
        activity: Activity,
        trip: Trip | None,
        ratings: Ratings | None,
    ) -> Intention:
        step, now = Step.GO, self.activity
        if now is not None and (now.purpose, now.place) == (activity.purpose, activity.place):
            step, activity = Step.EXTEND, replace(activity, start_min=now.start_min)
        return Intention(
            step=step,
            minute=minute,
            activity=activity,
            trip=trip,
            plan=tuple(draft.plan),
            day=draft.day,
            resting=draft.resting and activity.purpose is not Purpose.SLEEP,
            ratings=ratings,
            decisions=tuple(draft.decisions),
        )

    async def _planned_block(self, minute: int, world: World, draft: Draft) -> Activity:
        while (block := draft.take(minute)) is None:
            draft.day += 1
            planned = await self.parts.planner.plan_day(
                self.persona,
                draft.day,
                clock=world.clock,
                luck=self.luck,
                commute_min=self._commute_min(world),
                weather=world.weather(minute),
                needs=self._needs_at(minute),
                memories=self._memories_at(minute),
            )
            draft.plan = list(planned.plan)
            draft.note("planner", f"{len(planned.plan)} blocks", planned.reason, planned.mind)
        return block

    def _needs_at(self, minute: int) -> dict[str, float]:
        if self.parts.needs is None:
            return {}
        levels = self.parts.needs.levels_at(minute / HOUR_MIN)
        return dict(zip(NEEDS, levels.tolist(), strict=True))

    def _memories_at(self, minute: int) -> list[str]:
        memory = self.parts.memory
        recalled = () if memory is None else memory.recall(at_min=minute)
        return [f"{clock_time(one.minute)} {one.key}: {one.observation}" for one in recalled]

    def _commute_min(self, world: World) -> float:
        """Return the expected way to work or school, in minutes."""
        if self.persona.work in {None, self.persona.home}:
            return 0.0
        ways = world.ways(self.persona.home, self.persona.work or 0)
        usable = self.parts.vehicles.usable(ways, place=self.persona.home, returns=False)
        return self.parts.mode_choice.expected_min(usable, income=self.persona.income)

    async def _react(self, seen: Observation, activity: Activity, draft: Draft) -> Reaction:
        needs, perception = self.parts.needs, self.parts.perception
        if needs is None or perception is None:
            return Reaction(ReactionKind.CONTINUE, None, "nothing is perceived")
        need = needs.dominant(at=seen.minute / HOUR_MIN)
        reaction = await perception.react(
            seen, need=need, activity=activity, ahead=tuple(draft.plan)
        )
        if reaction.kind is not ReactionKind.CONTINUE:
            draft.note("perception", str(reaction.kind), reaction.reason)
        return reaction

    def _break_off(self, reaction: Reaction, minute: int, draft: Draft) -> None:
        """Make room in the plan for a reaction in the middle of an activity."""
        current = self.activity
        if current is None:
            return
        if reaction.kind is ReactionKind.REST:
            draft.resting = True
            free = Activity(purpose=None, start_min=minute, end_min=current.end_min)
            draft.put_back(free, minute)
            return
        meal = self._meal(minute)
        if current.end_min - meal.end_min >= _LEAST_RESUMED_MIN:
            draft.put_back(current, meal.end_min)
        draft.plan.insert(0, meal)

    async def _heed_needs(self, block: Activity, seen: Observation, draft: Draft) -> Activity:
        reaction = await self._react(seen, block, draft)
        if reaction.kind is ReactionKind.REST:
            draft.resting = True
        if reaction.kind is not ReactionKind.SATISFY:
            return block
        meal = self._meal(seen.minute)
        draft.put_back(block, meal.end_min)
        return meal

    def _meal(self, minute: int) -> Activity:
        """Return a meal that begins now: at home, brought along to work, or out."""
        persona = self.persona
        out = self.luck.at("snack", step=minute).random() < persona.habits.eats_out
        stays = self.place == persona.home or (self.place == persona.work and not out)
        return Activity(
            purpose=Purpose.MEAL,
            start_min=minute,
            end_min=minute + _SNACK_MIN,
            place=self.place if stays else None,
        )

    async def _fill(self, block: Activity, seen: Observation, draft: Draft) -> Activity:
        if draft.resting:
            draft.note("planner", "rest", "resting until the next night")
            return replace(block, purpose=Purpose.REST, place=self.persona.home)
        needs = self.parts.needs
        filled = await self.parts.planner.fill_block(
            block,
            self.persona,
            relief=needs.relief(FREE_TIME, at=seen.minute / HOUR_MIN) if needs else {},
            weather=seen.weather,
            rng=self.luck.at("fill", step=seen.minute),
        )
        draft.put_back(block, filled.activity.end_min)
        draft.note("planner", str(filled.activity.purpose), filled.reason, filled.mind)
        return filled.activity

    async def _settle(
        self, block: Activity, seen: Observation, world: World, draft: Draft
    ) -> tuple[Activity, Trip | None]:
        """Settle where and how; who finds nothing stays in."""
        if block.place is None:
            outing = await self._go_out(block, seen, world, draft)
            if outing is not None:
                return outing
            block = self._stay_in(block)
        return await self._go_to(block, block.place or 0, seen, world, draft)

    async def _go_out(
        self, block: Activity, seen: Observation, world: World, draft: Draft
    ) -> tuple[Activity, Trip | None] | None:
        purpose = block.purpose or Purpose.LEISURE
        radius = radius_m(
            purpose,
            block.minutes,
            age=self.persona.age,
            has_car=self.persona.has_car and self.persona.has_licence,
            wet=seen.weather.is_wet,
        )
        places = world.places_for(block, self.place, radius_m=radius)
        if not len(places):
            draft.note("place_choice", "none", f"no open place within {radius / 1000.0:.1f} km")
            return None
        beliefs = self.parts.beliefs
        chosen = await self.parts.place_choice.choose(
            places,
            beliefs.as_of(seen.minute) if beliefs else None,
            rng=self.luck.at("place_choice", step=seen.minute),
        )
        draft.note("place_choice", str(chosen.place), chosen.reason, chosen.mind)
        activity, trip = await self._go_to(block, chosen.place, seen, world, draft)
        if not world.is_open(np.array([chosen.place]), activity.start_min, activity.end_min)[0]:
            draft.note("place_choice", "none", "it would close too early")
            return None
        return activity, trip

    def _stay_in(self, block: Activity) -> Activity:
        here = self.place if self.place == self.persona.work else self.persona.home
        if block.purpose is Purpose.MEAL:
            return replace(block, place=here)
        return replace(block, purpose=Purpose.REST, place=self.persona.home)

    async def _go_to(
        self, block: Activity, place: int, seen: Observation, world: World, draft: Draft
    ) -> tuple[Activity, Trip | None]:
        if place == self.place:
            return replace(block, place=place), None
        option = await self._choose_way(block, place, seen, world, draft)
        arrival = seen.minute + max(1, math.ceil(option.minutes))
        trip = Trip(
            origin=self.place,
            destination=place,
            purpose=block.purpose or Purpose.LEISURE,
            option=option,
            start_min=seen.minute,
            end_min=arrival,
        )
        stay = BLOCK_MIN if block.fixed else least_stay_min(trip.purpose)
        end = max(block.end_min, arrival + stay)
        return replace(block, place=place, start_min=arrival, end_min=end), trip

    async def _choose_way(
        self, block: Activity, place: int, seen: Observation, world: World, draft: Draft
    ) -> TravelOption:
        returns = bool(draft.plan) and draft.plan[0].place == self.place
        usable = self.parts.vehicles.usable(
            world.ways(self.place, place), place=self.place, returns=returns
        )
        limit = block.minutes - least_stay_min(block.purpose or Purpose.LEISURE)
        in_time = [way for way in usable if way.minutes <= limit]
        chosen = await self.parts.mode_choice.choose(
            in_time or [min(usable, key=lambda way: way.minutes)],
            income=self.persona.income,
            weather=seen.weather,
            persona=self.persona,
            purpose=block.purpose,
            rng=self.luck.at("mode_choice", step=seen.minute),
        )
        draft.note("mode_choice", str(chosen.option.mode), chosen.reason, chosen.mind)
        return chosen.option

    async def _appraise(self, minute: int, world: World) -> Ratings | None:
        stay, beliefs = self.activity, self.parts.beliefs
        if stay is None or stay.place is None or beliefs is None or not self.is_visit(stay):
            return None
        places = world.city.places
        taste = self.luck.at("taste", step=stay.place).standard_normal()
        visit = Visit(
            place=stay.place,
            category=int(places.category[stay.place]),
            price=float(places.price[stay.place]),
            rating=float(places.rating[stay.place]),
            travel_min=self.came_min,
            income=self.persona.income,
            taste=float(taste),
            minute=minute,
        )
        return await beliefs.appraise(visit, rng=self.luck.at("appraisal", step=minute))

    def is_visit(self, activity: Activity) -> bool:
        """Tell whether an activity takes place neither at home nor at work or school."""
        return activity.place not in {self.persona.home, self.persona.work}

    def so_far(self, minute: int) -> tuple[int, int, Purpose, int | None] | None:
        """Return start, end, purpose and place of what has been going on up to `minute`."""
        if self.activity is None:
            return None
        if self.trip is not None:
            return self.trip.start_min, minute, Purpose.TRAVEL, None
        purpose = self.activity.purpose or Purpose.REST
        return self.activity.start_min, minute, purpose, self.activity.place

    # Committing: what has been thought out becomes true.

    def commit(self, intention: Intention, world: World) -> Outcome:
        """Make an intention true and return what came to its end by it."""
        outcome = self._finish(intention, world)
        if intention.step in {Step.GO, Step.EXTEND}:
            self._depart(intention)
        if intention.step in {Step.GO, Step.ARRIVE} and self.trip is None:
            self._engage(intention.minute)
        self.next_due = self._due_after(intention.minute)
        return outcome

    def _finish(self, intention: Intention, world: World) -> Outcome:
        if intention.step in {Step.STAY, Step.EXTEND} or self.activity is None:
            return Outcome()
        if intention.step is Step.ARRIVE:
            return Outcome(trip=self._arrive())
        stay = replace(self.activity, end_min=intention.minute)
        self._learn(stay, intention.ratings, world)
        return Outcome(activity=stay, ratings=intention.ratings)

    def _arrive(self) -> Trip | None:
        trip, self.trip = self.trip, None
        if trip is not None:
            self.place = trip.destination
            self.came_min = trip.option.minutes
            self.parts.vehicles.move(trip.option.mode, trip.destination)
        return trip

    def _learn(self, stay: Activity, ratings: Ratings | None, world: World) -> None:
        beliefs, memory, place = self.parts.beliefs, self.parts.memory, stay.place or 0
        if ratings is not None and beliefs is not None:
            kind = int(world.city.places.category[place])
            beliefs.update(place, ratings[:4], category=kind, at_min=stay.end_min)
        if memory is not None:
            told = _stayed(stay.minutes)
            told = f"{told}; {ratings.reason}" if ratings else told
            memory.add(Remembered(stay.start_min, place, str(stay.purpose), told))

    def _depart(self, intention: Intention) -> None:
        self.activity, self.trip = intention.activity, intention.trip
        self.plan, self.day, self.resting = intention.plan, intention.day, intention.resting
        if self.trip is None and self.activity is not None:
            self.place = self.activity.place or 0
        elif self.parts.needs is not None:
            self.parts.needs.engage(Purpose.TRAVEL, at=intention.minute / HOUR_MIN)

    def _engage(self, minute: int) -> None:
        if self.parts.needs is not None and self.activity is not None:
            self.parts.needs.engage(self.activity.purpose or Purpose.REST, at=minute / HOUR_MIN)

    def _due_after(self, minute: int) -> int:
        if self.trip is not None:
            return self.trip.end_min
        if self.activity is None:
            return minute + 1
        due = self.activity.end_min
        if self.parts.needs is None or self.activity.purpose is Purpose.SLEEP:
            return due
        crossing = self.parts.needs.next_crossing(at=minute / HOUR_MIN)
        # Rounding must not make a need due again in the same minute.
        noticed = math.ceil(crossing.at * HOUR_MIN) if crossing else due
        return min(due, max(noticed, minute + 1))


@lru_cache(maxsize=DAY_MIN)
def _stayed(minutes: int) -> str:
    # Cached, so that a million memories of half an hour are one string.
    return f"stayed {minutes} min"
