"""Interruption: how a need or a message changes what was planned."""

from __future__ import annotations

from typing import Any

import numpy as np

from mesa_llm_city.citizen.moments import moment_facts
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Activity, DecisionSource, Purpose, Reaction, ReactionKind
from mesa_llm_city.mind import Perception
from mesa_llm_city.mind.perception import CALM
from mesa_llm_city.parameters import PurposeSpec

__all__ = ["answer_message", "heed_needs", "interrupt", "react"]

_UNKNOWN = PurposeSpec()


async def react(person: Person, activity: Activity, situation: Situation) -> Reaction:
    """Return what the person makes of the need that presses, if any (a thought)."""
    needs, perception = person.components.needs, person.components.perception
    if needs is None or perception is None:
        return Reaction(ReactionKind.CONTINUE, None, "nothing is perceived")
    need = needs.dominant(at=situation.minute / HOUR_MIN)
    is_asked_by_rule = _reacts_by_rule(perception)
    if need is None and is_asked_by_rule:
        return CALM
    told = {} if is_asked_by_rule else _told(person, situation)
    reaction = await perception.react(
        situation.seen,
        need=need,
        activity=activity,
        ahead=tuple(situation.draft.plan),
        **told,
        **moment_facts(person, perception, "react", situation),
    )
    by_rule = reaction.source is DecisionSource.RULE
    if by_rule and _is_for_good(reaction) and _holds_on(person, activity, situation):
        what = activity.purpose or Purpose.LEISURE
        return Reaction(ReactionKind.CONTINUE, None, f"{need} is low, but {what} was meant to be")
    if reaction.kind is not ReactionKind.CONTINUE or not by_rule:
        situation.draft.note("perception", str(reaction.kind), reaction.reason, reaction.source)
    return reaction


def _reacts_by_rule(perception: object) -> bool:
    """Tell whether a component reacts by our rule, which reads nothing but need and plan."""
    return getattr(type(perception), "react", None) is Perception.react


def _told(person: Person, situation: Situation) -> dict[str, Any]:
    """Return what else a reaction may depend on: who the person is, and how the person feels."""
    return {
        "persona": person.persona,
        "needs": situation.needs_of(person),
        "mood": situation.mood_of(person),
        "rng": person.streams.at("react", step=situation.minute),
    }


async def answer_message(person: Person, sender: str, *, at_min: int) -> Reaction:
    """Return whether the person answers somebody who writes or calls (a thought)."""
    perception, activity = person.components.perception, person.now.activity
    if perception is None or activity is None:
        return Reaction(ReactionKind.REPLY, None, "awake")
    return await perception.answer(
        at_min,
        sender,
        activity=activity,
        ahead=person.now.plan,
        persona=person.persona,
        needs=person.needs_at(at_min),
        mood=person.mood_at(at_min),
        rng=person.streams.at("answer", step=at_min),
    )


def interrupt(person: Person, reaction: Reaction, situation: Situation) -> None:
    """Make room in the plan for a reaction in the middle of an activity."""
    current, draft, minute = person.now.activity, situation.draft, situation.minute
    if current is None:
        return
    if reaction.kind is ReactionKind.REPLAN:
        draft.free()
    elif _is_for_good(reaction):
        draft.resting = True
        draft.put_back(_freed(current), minute)
    else:
        pause = _pause(person, reaction, situation)
        least_min = person.parameters.mind.perception.least_resumed_min
        if current.end_min - pause.end_min >= least_min:
            draft.put_back(current, pause.end_min)
        draft.plan.insert(0, pause)


async def heed_needs(person: Person, block: Activity, situation: Situation) -> Activity:
    """Return the block that begins now, or what a need puts before it (a thought)."""
    reaction, draft = await react(person, block, situation), situation.draft
    if reaction.kind is ReactionKind.CONTINUE:
        return block
    if reaction.kind is ReactionKind.REPLAN:
        draft.free()
        return _freed(block)
    if _is_for_good(reaction):
        draft.resting = True
        return block
    pause = _pause(person, reaction, situation)
    draft.put_back(block, pause.end_min)
    return pause


def _is_for_good(reaction: Reaction) -> bool:
    """Tell whether somebody rests until the night."""
    return reaction.kind is ReactionKind.REST and reaction.minutes is None


def _holds_on(person: Person, activity: Activity, situation: Situation) -> bool:
    """Tell whether a person is out for what a day drawn from a table is meant to hold."""
    if person.parameters.mobility.free_time.tired_gives_up or situation.draft.wishes is None:
        return False
    now = person.now.activity
    return activity is now and person.place != person.persona.home


def _freed(block: Activity) -> Activity:
    """Return the time of a block, with nothing in it."""
    return Activity(purpose=None, start_min=block.start_min, end_min=block.end_min)


def _pause(person: Person, reaction: Reaction, situation: Situation) -> Activity:
    """Return a meal, a rest or another pause that begins now, and ends before the next duty.

    If the same is planned within the next hours, it is brought forward instead of done twice.
    """
    minute, purpose = situation.minute, reaction.purpose or Purpose.MEAL
    longest_min = person.parameters.mind.perception.brought_forward_min
    planned = situation.draft.give_up(purpose, before_min=minute + longest_min)
    meal_min = round(_spec(person, Purpose.MEAL).usual_min or 0.0)
    by_diary = situation.draft.wishes is not None and reaction.minutes is None
    if purpose == Purpose.MEAL and not planned and by_diary:
        return _snack(person, situation)
    duties = [one.start_min for one in situation.draft.plan if one.fixed]
    longest = max(min(duties, default=minute + DAY_MIN) - minute, meal_min)
    usual = round(_spec(person, purpose).usual_min or meal_min)
    return Activity(
        purpose=purpose,
        start_min=minute,
        end_min=minute + min(reaction.minutes or planned or usual, longest),
        place=_place_of_pause(person, purpose, minute),
    )


def _snack(person: Person, situation: Situation) -> Activity:
    """Return a short meal where the person is, or at home if it closes there."""
    minute, place = situation.minute, person.place
    end = minute + person.parameters.mind.perception.snack_min
    inside = place in {person.persona.home, person.persona.work}
    if not inside and not situation.world.is_open(np.array([place]), minute, end)[0]:
        place = person.persona.home
    return Activity(purpose=Purpose.MEAL, start_min=minute, end_min=end, place=place)


def _place_of_pause(person: Person, purpose: str, minute: int) -> int | None:
    """Return where a pause is spent; None if a place has to be chosen."""
    if _spec(person, purpose).at_home:
        return person.persona.home_inside
    return _table(person, minute) if purpose == Purpose.MEAL else None


def _spec(person: Person, purpose: str) -> PurposeSpec:
    return person.parameters.purposes.get(purpose, _UNKNOWN)


def _table(person: Person, minute: int) -> int | None:
    """Return where a meal is eaten: at home, brought along to work, or (None) out."""
    persona = person.persona
    out = person.streams.uniform("snack", step=minute) < persona.habits.eats_out
    stays = person.place == persona.home or (person.place == persona.work and not out)
    return person.place if stays else None
