"""Leaving the plan: what a need that presses makes of the rest of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa_llm_city.clock import HOUR_MIN
from mesa_llm_city.intention import Scene
from mesa_llm_city.values import Activity, Mind, Purpose, Reaction, ReactionKind

if TYPE_CHECKING:
    from mesa_llm_city.citizen import Citizen

__all__ = ["break_off", "heed_needs", "react"]

_SNACK_MIN = 35
_LEAST_RESUMED_MIN = 15


async def react(citizen: Citizen, activity: Activity, scene: Scene) -> Reaction:
    """Return what the person makes of the need that presses, if any (a thought)."""
    needs, perception = citizen.parts.needs, citizen.parts.perception
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
    )
    if reaction.kind is not ReactionKind.CONTINUE or reaction.mind is Mind.PROMPT:
        scene.draft.note("perception", str(reaction.kind), reaction.reason, reaction.mind)
    return reaction


def break_off(citizen: Citizen, reaction: Reaction, scene: Scene) -> None:
    """Make room in the plan for a reaction in the middle of an activity."""
    current = citizen.activity
    if current is None:
        return
    if reaction.kind is ReactionKind.REST:
        scene.draft.resting = True
        free = Activity(purpose=None, start_min=scene.minute, end_min=current.end_min)
        scene.draft.put_back(free, scene.minute)
        return
    meal = _meal(citizen, scene.minute)
    if current.end_min - meal.end_min >= _LEAST_RESUMED_MIN:
        scene.draft.put_back(current, meal.end_min)
    scene.draft.plan.insert(0, meal)


async def heed_needs(citizen: Citizen, block: Activity, scene: Scene) -> Activity:
    """Return the block that begins now, or what a need puts before it (a thought)."""
    reaction = await react(citizen, block, scene)
    if reaction.kind is ReactionKind.REST:
        scene.draft.resting = True
    if reaction.kind is not ReactionKind.SATISFY:
        return block
    meal = _meal(citizen, scene.minute)
    scene.draft.put_back(block, meal.end_min)
    return meal


def _meal(citizen: Citizen, minute: int) -> Activity:
    """Return a meal that begins now: at home, brought along to work, or out."""
    persona = citizen.persona
    out = citizen.luck.at("snack", step=minute).random() < persona.habits.eats_out
    stays = citizen.place == persona.home or (citizen.place == persona.work and not out)
    return Activity(
        purpose=Purpose.MEAL,
        start_min=minute,
        end_min=minute + _SNACK_MIN,
        place=citizen.place if stays else None,
    )
