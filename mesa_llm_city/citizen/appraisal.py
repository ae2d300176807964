"""Coming away: how a place was, and how well needs are met after what was done there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa_llm_city.citizen.intention import Scene
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Activity, DecisionSource, Purpose
from mesa_llm_city.mind import Ratings, Visit
from mesa_llm_city.prompts import Prompted

if TYPE_CHECKING:
    from mesa_llm_city.citizen.citizen import Citizen

__all__ = ["appraise", "feel", "feel_after"]


async def appraise(citizen: Citizen, scene: Scene) -> Ratings | None:
    """Say how the place was that is left, if it was a visit (a thought)."""
    stay, beliefs, minute = citizen.activity, citizen.components.beliefs, scene.minute
    if stay is None or stay.place is None or beliefs is None or not citizen.is_visit(stay):
        return None
    ratings = await beliefs.appraise(
        _visit(citizen, stay, stay.place, scene),
        persona=citizen.persona,
        rng=citizen.streams.at("appraisal", step=minute),
    )
    if isinstance(beliefs, Prompted) or ratings.source is not DecisionSource.RULE:
        told = f"satisfaction {ratings.satisfaction:.1f}"
        scene.draft.note("beliefs", told, ratings.reason, ratings.source)
    return ratings


def _visit(citizen: Citizen, stay: Activity, place: int, scene: Scene) -> Visit:
    minute, places = scene.minute, scene.world.city.places
    return Visit(
        place=place,
        category=int(places.category[place]),
        price=float(places.price[place]),
        rating=float(places.rating[place]),
        travel_min=citizen.came_min,
        income=citizen.persona.income,
        taste=float(citizen.streams.at("taste", step=place).standard_normal()),
        minute=minute,
        mood=citizen.mood_at(minute),
        stayed_min=minute - stay.start_min,
        activity=str(stay.purpose),
        described=scene.world.described(place),
    )


async def feel_after(citizen: Citizen, scene: Scene) -> None:
    """Say how well needs are met after a meal, or after a visit somewhere (a thought)."""
    stay = citizen.activity
    if stay is None or stay.place is None:
        return
    if stay.purpose == Purpose.MEAL or citizen.is_visit(stay):
        minutes = scene.minute - stay.start_min
        at = "home" if stay.place == citizen.persona.home else scene.world.described(stay.place)
        await feel(citizen, scene, f"{stay.purpose}, {minutes} minutes, at {at}")


async def feel(citizen: Citizen, scene: Scene, after: str = "") -> None:
    """Say how well needs are met after the night, or `after` something else (a thought)."""
    draft, needs = scene.draft, citizen.components.needs
    assess = getattr(needs, "assess", None)
    if assess is None or draft.needs is not None:
        return
    judged = await assess(
        at=scene.minute / HOUR_MIN, persona=citizen.persona, when=scene.when, after=after
    )
    if not judged.reason:
        return  # by rule nothing is judged
    draft.needs = judged
    levels = judged.levels or citizen.needs_at(scene.minute)
    told = ", ".join(f"{name} {level:.1f}" for name, level in levels.items())
    draft.note("needs", told, judged.reason, judged.source)
