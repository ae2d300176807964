"""Appraisal: ratings of a visit, and how well needs are met after an activity."""

from __future__ import annotations

from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import Activity, DecisionSource, Purpose
from mesa_llm_city.mind import Needs, Ratings, Visit
from mesa_llm_city.prompts import Prompted

__all__ = ["appraise", "assess_needs", "assess_needs_after"]


async def appraise(person: Person, situation: Situation) -> Ratings | None:
    """Return the ratings of the stay that ends, if it was a visit (a thought)."""
    stay, beliefs, minute = person.now.activity, person.components.beliefs, situation.minute
    if stay is None or stay.place is None or beliefs is None or not person.is_visit(stay):
        return None
    ratings = await beliefs.appraise(
        _visit(person, stay, stay.place, situation),
        persona=person.persona,
        rng=person.streams.at("appraisal", step=minute),
    )
    is_asked: object = beliefs  # a component of any class, as far as types can tell
    if isinstance(is_asked, Prompted) or ratings.source is not DecisionSource.RULE:
        choice = f"satisfaction {ratings.satisfaction:.1f}"
        situation.draft.note("beliefs", choice, ratings.reason, ratings.source)
    return ratings


def _visit(person: Person, stay: Activity, place: int, situation: Situation) -> Visit:
    minute, places = situation.minute, situation.world.city.places
    return Visit(
        place=place,
        category=int(places.category[place]),
        price=float(places.price[place]),
        rating=float(places.rating[place]),
        travel_min=person.now.came_min,
        income=person.persona.income,
        taste=float(normal_of(person.streams.uniform_trait("taste", key=place))),
        minute=minute,
        mood=situation.mood_of(person),
        stayed_min=minute - stay.start_min,
        activity=str(stay.purpose),
        described=situation.world.described(place),
    )


async def assess_needs_after(person: Person, situation: Situation) -> None:
    """Ask how well needs are met after a meal or a visit (a thought)."""
    stay, needs = person.now.activity, person.components.needs
    # By our rule nothing is judged, and so nothing needs to be told.
    if stay is None or stay.place is None or type(needs) is Needs:
        return
    if stay.purpose == Purpose.MEAL or person.is_visit(stay):
        minutes = situation.minute - stay.start_min
        at = "home" if stay.place == person.persona.home else situation.world.described(stay.place)
        await assess_needs(person, situation, f"{stay.purpose}, {minutes} minutes, at {at}")


async def assess_needs(person: Person, situation: Situation, after: str = "") -> None:
    """Ask how well needs are met after the night, or `after` something else (a thought)."""
    draft, needs = situation.draft, person.components.needs
    assess = getattr(needs, "assess", None)
    if assess is None or draft.needs is not None:
        return
    judged = await assess(
        at=situation.minute / HOUR_MIN, persona=person.persona, when=situation.when, after=after
    )
    if not judged.reason:
        return  # by rule nothing is judged
    draft.needs = judged
    levels = judged.levels or situation.needs_of(person)
    choice = ", ".join(f"{name} {level:.1f}" for name, level in levels.items())
    draft.note("needs", choice, judged.reason, judged.source)
