"""Leaving a place for good: who is there sets out, who is on the way there goes elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from mesa_llm_city.citizen.intention import Intention, Step
from mesa_llm_city.core.values import Activity, Purpose, TravelOption, Trip
from mesa_llm_city.mobility import BLOCK_MIN
from mesa_llm_city.simulation.agent import CityAgent

__all__ = ["free_up", "vacate"]


def vacate(agent: CityAgent, place: int, to: int, *, takes_along: bool) -> None:
    """Let a citizen have no more business at a place, such as a former home or workplace.

    Call it while the place is still what it was to the person, so that the stay that ends is
    written down as what it was.

    Parameters
    ----------
    agent : CityAgent
        The citizen.
    place : int
        The place that it leaves for good.
    to : int
        Where to go instead.
    takes_along : bool
        Whether what was planned at the place is done at the other, as at a new home; else that
        time is free.
    """
    now, residents = agent.citizen.now, agent.model.residents
    if now.activity is None:
        if now.place == place:
            now.place = to
            residents.arrive(agent)
    elif now.trip is None and now.place == place:
        _set_out(agent, now.activity, to, takes_along=takes_along)
    elif now.trip is not None and now.trip.destination == place:
        _turn_to(agent, now.activity, now.trip, to, takes_along=takes_along)
    now.plan = tuple(_elsewhere(one, place, to, takes_along=takes_along) for one in now.plan)


def free_up(agent: CityAgent, purposes: Iterable[str]) -> None:
    """Free the time that a citizen has planned for some purposes."""
    given_up = set(purposes)
    agent.citizen.now.plan = tuple(
        _free(one) if one.purpose in given_up else one for one in agent.citizen.now.plan
    )


def _elsewhere(block: Activity, place: int, to: int, *, takes_along: bool) -> Activity:
    if block.place != place:
        return block
    return replace(block, place=to) if takes_along else _free(block)


def _free(block: Activity) -> Activity:
    return Activity(purpose=None, start_min=block.start_min, end_min=block.end_min)


def _set_out(agent: CityAgent, activity: Activity, to: int, *, takes_along: bool) -> None:
    """Let a citizen set out at once; with what it was doing, or to rest there."""
    now = agent.citizen.now
    # A stay that has only just begun lasts a minute.
    minute = max(agent.model.residents.now, activity.start_min + 1)
    purpose = (activity.purpose or Purpose.REST) if takes_along else Purpose.REST
    way = _fastest(agent, now.place, to)
    trip = Trip(
        origin=now.place,
        destination=to,
        purpose=purpose,
        option=way,
        start_min=minute,
        end_min=minute + _minutes(way),
    )
    intention = Intention(
        step=Step.GO,
        minute=minute,
        activity=_after(trip, activity, takes_along=takes_along),
        trip=trip,
        plan=now.plan,
        day=now.day,
        wishes=now.wishes,
        resting=now.resting,
        people=agent.model.residents.company_of(agent, now.place),
    )
    # Not what a subclass makes of it: a person who moves house in its own act would do it again.
    CityAgent.act(agent, intention)


def _turn_to(
    agent: CityAgent, activity: Activity, trip: Trip, to: int, *, takes_along: bool
) -> None:
    """Let a citizen who is on the way go to another place, by the same mode if it leads there."""
    now = agent.citizen.now
    if trip.origin == to:
        # Back where it comes from it goes after a short stay.
        now.activity = replace(activity, end_min=trip.end_min + BLOCK_MIN)
        return
    ways = agent.model.world.ways(trip.origin, to)
    same = [one for one in ways if one.mode == trip.option.mode]
    way = same[0] if same else _fastest(agent, trip.origin, to)
    end = max(trip.start_min + _minutes(way), agent.model.residents.now + 1)
    now.trip = replace(trip, destination=to, option=way, end_min=end)
    now.activity = _after(now.trip, activity, takes_along=takes_along)
    now.next_due = end
    agent.model.residents.reschedule(agent)


def _after(trip: Trip, activity: Activity, *, takes_along: bool) -> Activity:
    """Return what is done after a trip, until it was to end or at least for a block of time."""
    end = max(activity.end_min, trip.end_min + BLOCK_MIN)
    there = replace(activity, start_min=trip.end_min, end_min=end, place=trip.destination)
    return there if takes_along else replace(there, purpose=Purpose.REST, fixed=False)


def _fastest(agent: CityAgent, origin: int, to: int) -> TravelOption:
    ways = agent.model.world.ways(origin, to)
    usable = agent.citizen.components.vehicles.usable(ways, place=origin, returns=False)
    return min(usable, key=lambda way: way.minutes)


def _minutes(way: TravelOption) -> int:
    return max(1, math.ceil(way.minutes))
