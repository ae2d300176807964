"""Commit: an intention becomes true, and the person learns from what has ended."""

from __future__ import annotations

import math
from dataclasses import replace

from mesa_llm_city.citizen.closing import is_shut_out
from mesa_llm_city.citizen.danger import is_home_in_danger
from mesa_llm_city.citizen.hearing import apply_heard
from mesa_llm_city.citizen.intention import Completed, Intention, Step
from mesa_llm_city.citizen.opinions import apply_opinions
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.reflection import justify
from mesa_llm_city.citizen.remembering import remembered_stay
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import OUTSIDE, UNAWARE, Activity, Purpose, Trip

__all__ = ["commit", "next_due"]

_GOES_ON = frozenset({Step.STAY, Step.EXTEND})
_ARRIVES = frozenset({Step.ARRIVE, Step.TURN})
_DEPARTS = frozenset({Step.GO, Step.EXTEND, Step.TURN})
_BEGINS = frozenset({Step.GO, Step.ARRIVE, Step.TURN})


def commit(person: Person, intention: Intention, world: World) -> Completed:
    """Make an intention true.

    Parameters
    ----------
    person : Person
        The person, whose state and components change.
    intention : Intention
        What the person means to do.
    world : World
        The city.

    Returns
    -------
    Completed
        The stay or trip that ended by it.
    """
    if intention.revision is not None and person.components.needs is not None:
        # The new goals rest on what has been felt up to the latest act, before this one.
        person.components.needs.recount()
    completed = _finish(person, intention, world)
    _apply_insights(person, intention)
    if intention.step in _DEPARTS:
        _depart(person, intention)
    if intention.step in _BEGINS and person.now.trip is None:
        _engage(person, intention.minute)
    apply_heard(person, intention.heard, world, at_min=intention.minute)
    if intention.opinions or intention.consolidated is not None:
        opinions, consolidated = intention.opinions, intention.consolidated
        apply_opinions(person, opinions, consolidated, at_min=intention.minute)
    person.now.next_due = next_due(person, intention.minute)
    if world.closures.active:
        _heed_closures(person, world, intention.minute)
    elif person.now.refuge is not None:
        _leave_refuge(person, world, intention.minute)
    return completed


def _finish(person: Person, intention: Intention, world: World) -> Completed:
    """End the stay or the trip that the intention brings to its end."""
    if intention.step in _GOES_ON or person.now.activity is None:
        return Completed()
    if intention.step in _ARRIVES:
        return Completed(trip=_arrive(person, world))
    stay = person.now.activity
    if stay.end_min != intention.minute:
        stay = replace(stay, end_min=intention.minute)
    _learn(person, stay, intention, world)
    return Completed(activity=stay, ratings=intention.ratings)


def _arrive(person: Person, world: World) -> Trip | None:
    trip, person.now.trip = person.now.trip, None
    if trip is not None:
        person.now.place = trip.destination
        person.now.came_min = trip.option.minutes
        person.components.vehicles.move(trip.option.mode, trip.destination)
        _feel_storm(person, trip, world)
    return trip


def _feel_storm(person: Person, trip: Trip, world: World) -> None:
    """Let strong wind on the way lower the need for safety."""
    needs, numbers = person.components.needs, person.parameters.mind.warnings
    if needs is None or "safety" not in person.parameters.needs:
        return
    if world.weather(trip.end_min).wind_km_h >= numbers.strong_wind_km_h:
        lost = numbers.storm_safety_per_h * (trip.end_min - trip.start_min) / HOUR_MIN
        needs.satisfy("safety", -lost, at=trip.end_min / HOUR_MIN)


def _apply_insights(person: Person, intention: Intention) -> None:
    """Keep new insights and goals, and why the person travels as it does."""
    components, at_h = person.components, intention.minute / HOUR_MIN
    if components.needs is not None and intention.needs is not None:
        components.needs.adopt(intention.needs, at=at_h)
    if components.goals is not None and intention.revision is not None:
        components.goals.adopt(intention.revision, at_min=intention.minute)
    if components.insights is not None:
        components.insights.keep(intention.insights)
        if intention.trip is not None:
            justify(components.insights, intention, intention.trip.option.mode)


def _learn(person: Person, stay: Activity, intention: Intention, world: World) -> None:
    """Remember a stay, and learn from its ratings if it was a visit."""
    if stay.purpose == OUTSIDE:
        return
    components, place, ratings = person.components, stay.place or 0, intention.ratings
    if components.familiarity is not None and person.is_visit(stay):
        components.familiarity.visited(place)
    if ratings is not None and components.beliefs is not None:
        kind = int(world.city.places.category[place])
        components.beliefs.update(place, ratings[:4], category=kind, at_min=stay.end_min)
    if components.memory is not None:
        components.memory.add(remembered_stay(person, stay, ratings, intention.people, world))
    if ratings is not None and components.mood is not None:
        components.mood.feel(ratings.mood, at_min=stay.end_min)


def _depart(person: Person, intention: Intention) -> None:
    now = person.now
    now.activity, now.trip = intention.activity, intention.trip
    now.plan, now.day, now.resting = intention.plan, intention.day, intention.resting
    now.wishes = intention.wishes
    if now.trip is None and now.activity is not None:
        now.place = now.activity.place or 0
    elif person.components.needs is not None:
        person.components.needs.engage(Purpose.TRAVEL, at=intention.minute / HOUR_MIN)


def _engage(person: Person, minute: int) -> None:
    needs, activity = person.components.needs, person.now.activity
    if needs is not None and activity is not None:
        needs.engage(activity.purpose or Purpose.REST, at=minute / HOUR_MIN)


def _leave_refuge(person: Person, world: World, minute: int) -> None:
    """Forget the refuge of who is at home again, unless it is in danger still, or may be."""
    if person.now.news or person.now.place != person.persona.home:
        return
    if not is_home_in_danger(person, world, minute):
        person.now.refuge = None


def _heed_closures(person: Person, world: World, minute: int) -> None:
    """Have a person leave a closed place in the next minute."""
    now = person.now
    if now.trip is None and is_shut_out(person, now.place, world, minute + 1):
        now.next_due = min(now.next_due, minute + 1)


def next_due(person: Person, minute: int) -> int:
    """Return the minute at which the person has to think again."""
    now, needs = person.now, person.components.needs
    if now.trip is not None:
        return now.trip.end_min
    if now.activity is None:
        return minute + 1
    if now.news and now.activity.purpose not in UNAWARE:
        return minute + 1
    due = now.activity.end_min
    if needs is None or now.activity.purpose in UNAWARE:
        return due
    crossing = needs.next_crossing(at=minute / HOUR_MIN)
    # Rounding must not make a need due again in the same minute.
    noticed = math.ceil(crossing.at * HOUR_MIN) if crossing else due
    return min(due, max(noticed, minute + 1))
