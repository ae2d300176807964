"""Leaving the plan: what a need or a message makes of the rest of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa_llm_city.citizen.intention import Scene
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Activity, DecisionSource, Purpose, Reaction, ReactionKind
from mesa_llm_city.parameters import PurposeSpec

if TYPE_CHECKING:
    from mesa_llm_city.citizen.citizen import Citizen

__all__ = ["answer", "break_off", "heed_needs", "react"]

_UNKNOWN = PurposeSpec()


async def react(citizen: Citizen, activity: Activity, scene: Scene) -> Reaction:
    """Return what the person makes of the need that presses, if any (a thought)."""
    needs, perception = citizen.components.needs, citizen.components.perception
    if needs is None or perception is None:
        return Reaction(ReactionKind.CONTINUE, None, "nothing is perceived")
    need = needs.dominant(at=scene.minute / HOUR_MIN)
    reaction = await perception.react(
        scene.seen,
        need=need,
        activity=activity,
        ahead=tuple(scene.draft.plan),
        persona=citizen.persona,
        needs=citizen.needs_at(scene.minute),
        mood=citizen.mood_at(scene.minute),
        rng=citizen.streams.at("react", step=scene.minute),
    )
    if reaction.kind is not ReactionKind.CONTINUE or reaction.source is DecisionSource.PROMPT:
        scene.draft.note("perception", str(reaction.kind), reaction.reason, reaction.source)
    return reaction


async def answer(citizen: Citizen, sender: str, *, at_min: int) -> Reaction:
    """Return whether the person answers somebody who writes or calls (a thought)."""
    perception, activity = citizen.components.perception, citizen.activity
    if perception is None or activity is None:
        return Reaction(ReactionKind.REPLY, None, "awake")
    return await perception.answer(
        at_min,
        sender,
        activity=activity,
        ahead=citizen.plan,
        persona=citizen.persona,
        needs=citizen.needs_at(at_min),
        mood=citizen.mood_at(at_min),
        rng=citizen.streams.at("answer", step=at_min),
    )


def break_off(citizen: Citizen, reaction: Reaction, scene: Scene) -> None:
    """Make room in the plan for a reaction in the middle of an activity."""
    current, draft, minute = citizen.activity, scene.draft, scene.minute
    if current is None:
        return
    if reaction.kind is ReactionKind.REPLAN:
        draft.free()
    elif _is_for_good(reaction):
        draft.resting = True
        draft.put_back(_freed(current), minute)
    else:
        pause = _pause(citizen, reaction, scene)
        least_min = citizen.parameters.mind.perception.least_resumed_min
        if current.end_min - pause.end_min >= least_min:
            draft.put_back(current, pause.end_min)
        draft.plan.insert(0, pause)


async def heed_needs(citizen: Citizen, block: Activity, scene: Scene) -> Activity:
    """Return the block that begins now, or what a need puts before it (a thought)."""
    reaction, draft = await react(citizen, block, scene), scene.draft
    if reaction.kind is ReactionKind.CONTINUE:
        return block
    if reaction.kind is ReactionKind.REPLAN:
        draft.free()
        return _freed(block)
    if _is_for_good(reaction):
        draft.resting = True
        return block
    pause = _pause(citizen, reaction, scene)
    draft.put_back(block, pause.end_min)
    return pause


def _is_for_good(reaction: Reaction) -> bool:
    """Tell whether somebody rests until the night."""
    return reaction.kind is ReactionKind.REST and reaction.minutes is None


def _freed(block: Activity) -> Activity:
    """Return the time of a block, with nothing in it."""
    return Activity(purpose=None, start_min=block.start_min, end_min=block.end_min)


def _pause(citizen: Citizen, reaction: Reaction, scene: Scene) -> Activity:
    """Return a meal, a rest or another pause that begins now, and ends before the next duty."""
    minute, purpose = scene.minute, reaction.purpose or Purpose.MEAL
    meal_min = round(_spec(citizen, Purpose.MEAL).usual_min or 0.0)
    duties = [one.start_min for one in scene.draft.plan if one.fixed]
    longest = max(min(duties, default=minute + DAY_MIN) - minute, meal_min)
    usual = round(_spec(citizen, purpose).usual_min or meal_min)
    return Activity(
        purpose=purpose,
        start_min=minute,
        end_min=minute + min(reaction.minutes or usual, longest),
        place=_place_of_pause(citizen, purpose, minute),
    )


def _place_of_pause(citizen: Citizen, purpose: str, minute: int) -> int | None:
    """Return where a pause is spent; None if a place has to be chosen."""
    if _spec(citizen, purpose).at_home:
        return citizen.persona.home
    return _table(citizen, minute) if purpose == Purpose.MEAL else None


def _spec(citizen: Citizen, purpose: str) -> PurposeSpec:
    return citizen.parameters.purposes.get(purpose, _UNKNOWN)


def _table(citizen: Citizen, minute: int) -> int | None:
    """Return where a meal is eaten: at home, brought along to work, or (None) out."""
    persona = citizen.persona
    out = citizen.streams.at("snack", step=minute).random() < persona.habits.eats_out
    stays = citizen.place == persona.home or (citizen.place == persona.work and not out)
    return citizen.place if stays else None
