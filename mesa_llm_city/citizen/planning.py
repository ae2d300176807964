"""Planning: which block of the day begins now, and what an empty one is filled with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from mesa_llm_city.citizen.feeds import feed_session
from mesa_llm_city.citizen.moments import moment_facts
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.reflection import (
    goals_of,
    leanings_of,
    think_back,
    usual_times_of,
)
from mesa_llm_city.citizen.remembering import LazyLines, memories_of
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.citizen.slots import as_decision
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.clock import HOUR_MIN, clock_time
from mesa_llm_city.core.values import UNAWARE, Activity, DecisionSource, Purpose
from mesa_llm_city.mobility import (
    NO_RELIEF,
    FreeTimeChosen,
    Planned,
    enters_on,
    is_habit_day,
    postponed,
)

__all__ = ["fill_block", "planned_block"]


async def planned_block(person: Person, situation: Situation) -> Activity:
    """Return the block of the plan that begins now; at its end the next day is planned.

    A thought: plan and notes go to the draft.
    """
    draft, minute = situation.draft, situation.minute
    while (block := draft.take(minute)) is None:
        draft.day += 1
        if enters_on(
            person.persona,
            draft.day,
            clock=situation.world.clock,
            seed=person.streams.group_seed_on(draft.day),
        ):
            await think_back(person, situation)
        planned = as_decision(
            await person.components.planner.plan_day(
                person.persona,
                draft.day,
                clock=situation.world.clock,
                streams=person.streams,
                commute_min=_commute_min(person, situation.world),
                weather=situation.world.weather(minute),
                needs=situation.needs_of(person),
                memories=_told(person, situation),
                goals=LazyLines(partial(goals_of, person, situation)),
                leanings=leanings_of(person, situation.draft.revision),
                usual=usual_times_of(person),
                relief=_relief(person, minute),
                **moment_facts(person, person.components.planner, "plan", situation, day=draft.day),
            ),
            Planned,
        )
        draft.plan, draft.wishes = list(planned.plan), getattr(planned, "wishes", None)
        draft.note("planner", f"{len(planned.plan)} blocks", planned.reason, planned.source)
        _go_on_till_the_plan(person, situation)
    return block


def _go_on_till_the_plan(person: Person, situation: Situation) -> None:
    """Let a person sleep on, or stay outside, if a reseeded day begins later than expected.

    The night before has ended when the day was expected to begin by the seed of before.
    """
    now, draft, streams = person.now.activity, situation.draft, person.streams
    if streams.seed_on(draft.day) == streams.seed_on(draft.day - 1) or not draft.plan:
        return
    if now is not None and now.purpose in UNAWARE and draft.plan[0].start_min > situation.minute:
        begin = draft.plan[0].start_min
        draft.plan.insert(0, replace(now, start_min=situation.minute, end_min=begin))


async def fill_block(person: Person, block: Activity, situation: Situation) -> Activity:
    """Return what an empty block is filled with; what is left of it goes back to the plan."""
    draft = situation.draft
    if draft.resting and not _goes_out_still(person, situation):
        draft.note("planner", "rest", "resting until the next night")
        if person.persona.outsider is not None:
            return draft.left_for_today(block, person.persona.home)
        return replace(block, purpose=Purpose.REST, place=person.persona.home)
    if (reading := feed_session(person, block, situation.minute)) is not None:
        draft.put_back(block, reading.activity.end_min)
        draft.note("planner", str(reading.activity.purpose), reading.reason)
        return reading.activity
    chosen = await _chosen(person, block, situation, "fill")
    habit_min = _habit_min(person, chosen, situation)
    if habit_min is not None:
        later = postponed(
            chosen.activity, block, draft.plan, habit_min, parameters=person.parameters
        )
        if later is not None:
            what = str(chosen.activity.purpose)
            draft.note("planner", f"{what} later", f"usual at {clock_time(habit_min)}")
            block, draft.plan = later[0], list(later[1:])
            chosen = await _until_then(person, block, what, situation)
    draft.put_back(block, chosen.activity.end_min)
    draft.fulfil(chosen.activity.purpose)
    draft.note("planner", str(chosen.activity.purpose), chosen.reason, chosen.source)
    return chosen.activity


def _goes_out_still(person: Person, situation: Situation) -> bool:
    """Tell whether a tired person has outings before them that the day is meant to hold."""
    return bool(situation.draft.wishes) and not person.parameters.mobility.free_time.tired_gives_up


def _habit_min(person: Person, chosen: FreeTimeChosen, situation: Situation) -> int | None:
    """Return the usual minute of the day of what a rule chose, if it follows habit today."""
    purpose = str(chosen.activity.purpose)
    # Outings that the day is meant to hold have their hours from habit already.
    if situation.draft.wishes is not None or chosen.source is not DecisionSource.RULE:
        return None
    if not is_habit_day(
        purpose, situation.draft.day, streams=person.streams, parameters=person.parameters
    ):
        return None
    return usual_times_of(person).get(purpose)


async def _until_then(
    person: Person, block: Activity, later: str, situation: Situation
) -> FreeTimeChosen:
    """Return what the time is spent on until what comes `later`, which is not done twice."""
    chosen = await _chosen(person, block, situation, "fill until a habit")
    if chosen.activity.purpose != later:
        return chosen
    home = replace(block, purpose=Purpose.REST, place=person.persona.home_inside)
    return chosen._replace(activity=home, reason=f"until {later}")


async def _chosen(
    person: Person, block: Activity, situation: Situation, stream: str
) -> FreeTimeChosen:
    minute = situation.minute
    return as_decision(
        await person.components.free_time.choose(
            block,
            person.persona,
            relief=_relief(person, minute),
            weather=situation.seen.weather,
            rng=person.streams.at(stream, step=minute),
            clock=situation.world.clock,
            leanings=leanings_of(person, situation.draft.revision),
            wishes=situation.draft.wishes,
            **moment_facts(person, person.components.free_time, "leisure", situation, about=stream),
        ),
        FreeTimeChosen,
    )


def _told(person: Person, situation: Situation) -> Sequence[str]:
    """Return what the person remembers, after what is closed."""
    world, minute = situation.world, situation.minute
    memories = memories_of(person, world, minute)
    if not world.closures.active:
        return memories
    closed = world.closures.told(minute, world.clock)
    return (*(f"{clock_time(minute)} {one}" for one in closed), *memories)


def _relief(person: Person, minute: int) -> Mapping[str, float]:
    """Return how much of what a person lacks an hour of what is done in free time gives back."""
    needs = person.components.needs
    return needs.relief(person.parameters.free_time, at=minute / HOUR_MIN) if needs else NO_RELIEF


def _commute_min(person: Person, world: World) -> float:
    """Return the expected length of the trip to work or school, in minutes."""
    persona, components = person.persona, person.components
    if persona.work in {None, persona.home}:
        return 0.0
    options = world.ways(persona.home, persona.work or 0)
    usable = components.vehicles.usable(options, place=persona.home, returns=False)
    expected = getattr(components.mode_choice, "expected_min", None)
    if expected is None:
        return min(option.minutes for option in usable)
    return float(expected(usable, income=persona.income))
