"""A row of a crowd becomes a citizen, and the life goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.citizen.state import CitizenState
from mesa_llm_city.core.clock import HOUR_MIN, HOUR_S
from mesa_llm_city.core.shares import decoded_shares
from mesa_llm_city.core.values import Activity, TravelOption, Trip
from mesa_llm_city.crowd.blocks import FREE, NOWHERE, Blocks
from mesa_llm_city.crowd.state import NO_REFUGE, NOT_BEGUN, NOT_TRAVELLING, CrowdState
from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.mind.goals import goals_of_levels
from mesa_llm_city.mind.mood_loops import feeling_of
from mesa_llm_city.mobility.mode_columns import NOT_PARKED, mode_table
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.crowd.known_messages import heard_by, messages_of
from mesa_llm_city.social.tie_slots import NOBODY

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["hand_over", "states_of"]


def hand_over(crowd: CrowdAgent, row: int, agent: CityAgent) -> None:
    """Let a citizen go on with what a row has been doing, and know what it knew.

    Parameters
    ----------
    crowd : CrowdAgent
        The crowd.
    row : int
        The row.
    agent : CityAgent
        The same person as a citizen who has just come.
    """
    citizen, tree = agent.citizen, crowd.model.parameters
    waits, coming = crowd.news.of_row(row)
    citizen.now = _now(crowd.state, row, tree)
    citizen.now.heard = heard_by(crowd.news, row)
    citizen.now.news = tuple(messages_of(crowd.news, waits))
    for at, message in zip(coming.at.tolist(), messages_of(crowd.news, coming), strict=True):
        crowd.model.news.say(message, agent.person, at_min=at)
    crowd.news.forget(row)
    mine = dict(citizen.components)
    for name, state in states_of(crowd, row):
        if name in mine:
            mine[name].restore(state)
    residents = crowd.model.residents
    residents.reschedule(agent)
    if citizen.now.trip is None:
        residents.arrive(agent)
    else:
        residents.leave(agent)


def _now(state: CrowdState, row: int, parameters: CityParameters) -> CitizenState:
    names, doing = tuple(parameters.purposes), state.doing
    activity = None
    if doing.purpose[row] != NOT_BEGUN:
        activity = Activity(
            purpose=names[doing.purpose[row]],
            start_min=int(doing.start[row]),
            end_min=int(doing.end[row]),
            place=int(doing.place[row]),
            fixed=bool(doing.fixed[row]),
        )
    return CitizenState(
        place=int(state.place[row]),
        activity=activity,
        trip=_trip(state, row, parameters),
        plan=tuple(_plan(state, row, names)),
        day=int(state.day[row]),
        wishes=state.wishes.wishes(row, parameters),
        resting=bool(state.resting[row]),
        came_min=float(state.came_min[row]),
        next_due=int(state.due[row]),
        refuge=None if state.refuge[row] == NO_REFUGE else int(state.refuge[row]),
    )


def _trip(state: CrowdState, row: int, parameters: CityParameters) -> Trip | None:
    trip = state.trip
    if trip.destination[row] == NOT_TRAVELLING:
        return None
    option = TravelOption(
        mode=tuple(parameters.modes)[trip.mode[row]],
        distance_m=float(trip.distance_m[row]),
        minutes=float(trip.minutes[row]),
        access_min=float(trip.access_min[row]),
        cost=float(trip.cost[row]),
    )
    return Trip(
        origin=int(state.place[row]),
        destination=int(trip.destination[row]),
        purpose=tuple(parameters.purposes)[trip.purpose[row]],
        option=option,
        start_min=int(trip.start[row]),
        end_min=int(trip.end[row]),
    )


def _plan(state: CrowdState, row: int, names: tuple[str, ...]) -> Iterator[Activity]:
    blocks: Blocks = state.plans.ahead(row)
    for start, end, purpose, place, fixed in zip(
        *(one.tolist() for one in (blocks.start, blocks.end, blocks.purpose, blocks.place)),
        blocks.fixed.tolist(),
        strict=True,
    ):
        yield Activity(
            purpose=None if purpose == FREE else names[purpose],
            start_min=start,
            end_min=end,
            place=None if place == NOWHERE else place,
            fixed=fixed,
        )


def states_of(crowd: CrowdAgent, row: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Iterate over the states of components of a row, by the names of their slots."""
    state, places = crowd.state, crowd.model.city.places
    needs, mood = state.needs, state.mood
    since = float(needs.since[row]) / HOUR_MIN
    yield (
        "needs",
        {
            "levels": decoded_shares(needs.level_code[row]).tolist(),
            "rates_per_h": needs.rates.losses[needs.purpose[row]].tolist(),
            "since_h": since,
            "counted_h": float(needs.counted[row]) / HOUR_MIN,
            "unmet_h": float(needs.unmet[row]) / HOUR_S,
        },
    )
    yield (
        "mood",
        {
            "level": [feeling_of(mood.level_code[row]), 0.0],
            "rest": [feeling_of(mood.rest_code[row]), 0.0],
            "minute": int(mood.minute[row]),
            "thought": "",
            "thought_min": 0,
        },
    )
    names = mode_table(crowd.model.parameters).vehicles
    parked = dict(zip(names, state.parked[row].tolist(), strict=True))
    yield "vehicles", {"parked": {one: at for one, at in parked.items() if at != NOT_PARKED}}
    slots = state.beliefs.take(np.array([row]))
    known = int(np.count_nonzero(slots.visits))
    place, visits, minute = (one[0, :known] for one in (slots.place, slots.visits, slots.minute))
    yield (
        "familiarity",
        {
            "places": place.tolist(),
            "visits": visits.tolist(),
            "last": (np.argsort(np.argsort(minute, kind="stable")) + 1).tolist(),
            "different": int(slots.different[0]),
        },
    )
    overall = slots.overall[0, :known]
    yield (
        "beliefs",
        {
            "place": place.tolist(),
            "category": places.category[place].tolist(),
            "minute": minute.tolist(),
            "visits": visits.tolist(),
            "mean": np.repeat(overall[:, np.newaxis], len(ASPECTS), axis=1).tolist(),
            "overall": overall.tolist(),
            "variance": slots.variance(crowd.model.parameters.mind.beliefs)[0, :known].tolist(),
            "different": int(slots.different[0]),
        },
    )
    goals, tree = state.goals, crowd.model.parameters
    yield "goals", goals_of_levels(int(goals.unmet[row]), int(goals.revised[row]), tree)
    if crowd.meetings is not None:
        ties = crowd.meetings.known.ties
        count = int(np.count_nonzero(ties.other[row] != NOBODY))
        yield (
            "ties",
            {
                "other": ties.other[row, :count].tolist(),
                "met_min": ties.met_min[row, :count].tolist(),
                "relation": ties.relation[row, :count].tolist(),
                "tie": decoded_shares(ties.level_codes[row, :count]).tolist(),
                "talked_min": [int(ties.talked_min[row])],
            },
        )
