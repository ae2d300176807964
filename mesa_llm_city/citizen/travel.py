"""Where to and how: from a block of the day to an activity with its place, and the trip there."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.citizen.intention import Scene
from mesa_llm_city.citizen.slots import as_decision
from mesa_llm_city.core.values import Activity, Purpose, TravelOption, Trip
from mesa_llm_city.mobility import BLOCK_MIN, ModeChosen, PlaceChosen, least_stay_min, radius_m

if TYPE_CHECKING:
    from mesa_llm_city.citizen.citizen import Citizen

__all__ = ["settle"]


async def settle(citizen: Citizen, block: Activity, scene: Scene) -> tuple[Activity, Trip | None]:
    """Settle where and how; who finds nothing stays in (a thought: changes nothing).

    Parameters
    ----------
    citizen : Citizen
        Who.
    block : Activity
        What, from when to when.
    scene : Scene
        What can be seen now, the city, and the draft on which decisions are noted.

    Returns
    -------
    Activity
        The block with its place and, if there is a way to go, the time of arrival.
    Trip or None
        That way.
    """
    if block.place is None:
        outing = await _go_out(citizen, block, scene)
        if outing is not None:
            return outing
        block = _stay_in(citizen, block)
    return await _go_to(citizen, block, block.place or 0, scene)


async def _go_out(
    citizen: Citizen, block: Activity, scene: Scene
) -> tuple[Activity, Trip | None] | None:
    purpose = block.purpose or Purpose.LEISURE
    radius = radius_m(
        purpose,
        block.minutes,
        age=citizen.persona.age,
        has_car=citizen.persona.has_car and citizen.persona.has_licence,
        wet=scene.seen.weather.is_wet,
        parameters=citizen.parameters,
    )
    places = scene.world.places_for(
        block,
        citizen.place,
        radius_m=radius,
        stay_min=least_stay_min(purpose, citizen.parameters),
        most=citizen.parameters.mobility.gravity.most_places,
    )
    if not len(places):
        scene.draft.note("place_choice", "none", f"no open place within {radius / 1000.0:.1f} km")
        return None
    beliefs = citizen.components.beliefs
    decided = await citizen.components.place_choice.choose(
        places,
        beliefs.as_of(scene.minute, scene.world.city.kind_likeness)
        if beliefs is not None
        else None,
        persona=citizen.persona,
        purpose=purpose,
        when=scene.when,
        mood=citizen.mood_at(scene.minute),
        area_names=scene.world.city.areas.names,
        rng=citizen.streams.at("place_choice", step=scene.minute),
    )
    # A component that returns a pair tells no probabilities.
    chosen = as_decision(decided, PlaceChosen, probabilities=np.empty(0))
    scene.draft.note("place_choice", str(chosen.place), chosen.reason, chosen.source)
    activity, trip = await _go_to(citizen, block, chosen.place, scene)
    if not scene.world.is_open(np.array([chosen.place]), activity.start_min, activity.end_min)[0]:
        scene.draft.note("place_choice", "none", "it would close too early")
        return None
    return activity, trip


def _stay_in(citizen: Citizen, block: Activity) -> Activity:
    here = citizen.place if citizen.place == citizen.persona.work else citizen.persona.home
    if block.purpose == Purpose.MEAL:
        return replace(block, place=here)
    return replace(block, purpose=Purpose.REST, place=citizen.persona.home)


async def _go_to(
    citizen: Citizen, block: Activity, place: int, scene: Scene
) -> tuple[Activity, Trip | None]:
    if place == citizen.place:
        return replace(block, place=place), None
    option = await _choose_way(citizen, block, place, scene)
    arrival = scene.minute + max(1, math.ceil(option.minutes))
    trip = Trip(
        origin=citizen.place,
        destination=place,
        purpose=block.purpose or Purpose.LEISURE,
        option=option,
        start_min=scene.minute,
        end_min=arrival,
    )
    stay = BLOCK_MIN if block.fixed else least_stay_min(trip.purpose, citizen.parameters)
    end = max(block.end_min, arrival + stay)
    return replace(block, place=place, start_min=arrival, end_min=end), trip


async def _choose_way(citizen: Citizen, block: Activity, place: int, scene: Scene) -> TravelOption:
    returns = bool(scene.draft.plan) and scene.draft.plan[0].place == citizen.place
    usable = citizen.components.vehicles.usable(
        scene.world.ways(citizen.place, place), place=citizen.place, returns=returns
    )
    stay = least_stay_min(block.purpose or Purpose.LEISURE, citizen.parameters)
    limit = block.minutes - stay
    in_time = [way for way in usable if way.minutes <= limit]
    decided = await citizen.components.mode_choice.choose(
        in_time or [min(usable, key=lambda way: way.minutes)],
        income=citizen.persona.income,
        weather=scene.seen.weather,
        persona=citizen.persona,
        purpose=block.purpose,
        when=scene.when,
        rng=citizen.streams.at("mode_choice", step=scene.minute),
    )
    chosen = as_decision(decided, ModeChosen, probabilities=np.empty(0))
    scene.draft.note("mode_choice", str(chosen.option.mode), chosen.reason, chosen.source)
    return chosen.option
