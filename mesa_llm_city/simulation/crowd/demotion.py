"""A citizen becomes a row of a crowd, and the life goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.core.clock import HOUR_MIN, HOUR_S
from mesa_llm_city.core.shares import coded_shares
from mesa_llm_city.core.values import Activity, Trip
from mesa_llm_city.crowd.acquainted import Acquainted
from mesa_llm_city.crowd.blocks import NOWHERE
from mesa_llm_city.crowd.state import NO_REFUGE, CrowdState
from mesa_llm_city.mind.belief_slots import coded_deviations, seen_by
from mesa_llm_city.mind.goals import levels_of_goals
from mesa_llm_city.mind.mood_loops import feeling_code
from mesa_llm_city.mobility.mode_columns import NOT_PARKED, mode_table
from mesa_llm_city.mobility.plan_blocks import PlanBlocks
from mesa_llm_city.mobility.wish_columns import WishColumns
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.crowd.known_messages import take_messages

if TYPE_CHECKING:
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["take_mind", "take_over", "take_ties"]


def take_over(crowd: CrowdAgent, row: int, citizen: Citizen, minute: int) -> None:
    """Let a row go on with what a citizen has been doing, and know what it knew.

    Parameters
    ----------
    crowd : CrowdAgent
        The crowd.
    row : int
        The row of the person.
    citizen : Citizen
        The person as a citizen.
    minute : int
        Now; what has been done until then is written down already.
    """
    tree, state = crowd.model.parameters, crowd.state
    _take_doing(state, row, citizen, minute, tree)
    states = {name: one.state() for name, one in citizen.components if hasattr(one, "state")}
    take_mind(state, row, states, tree)
    take_messages(crowd.news, row, citizen.now)
    if crowd.meetings is not None and "ties" in states:
        take_ties(crowd.meetings.known, row, states["ties"])


def _take_doing(
    state: CrowdState, row: int, citizen: Citizen, minute: int, parameters: CityParameters
) -> None:
    now, rows = citizen.now, np.array([row])
    state.place[row], state.day[row] = now.place, now.day
    state.resting[row], state.came_min[row] = now.resting, now.came_min
    state.due[row] = now.next_due
    state.refuge[row] = NO_REFUGE if now.refuge is None else now.refuge
    if now.activity is not None:
        _put_activity(state, row, now.activity, minute, parameters)
    if now.trip is not None:
        _put_trip(state, row, now.trip, parameters)
    state.plans.replace(rows, PlanBlocks.of([now.plan], parameters))
    state.wishes.put(rows, WishColumns.of([now.wishes], parameters))


def _put_activity(
    state: CrowdState, row: int, activity: Activity, minute: int, parameters: CityParameters
) -> None:
    doing = state.doing
    doing.purpose[row] = tuple(parameters.purposes).index(activity.purpose or "rest")
    doing.place[row] = NOWHERE if activity.place is None else activity.place
    doing.start[row] = max(activity.start_min, minute)
    doing.end[row], doing.fixed[row] = activity.end_min, activity.fixed


def _put_trip(state: CrowdState, row: int, trip: Trip, parameters: CityParameters) -> None:
    under, option = state.trip, trip.option
    under.destination[row] = trip.destination
    under.purpose[row] = tuple(parameters.purposes).index(trip.purpose)
    under.mode[row] = tuple(parameters.modes).index(option.mode)
    under.start[row], under.end[row] = trip.start_min, trip.end_min
    under.minutes[row], under.distance_m[row] = option.minutes, option.distance_m
    under.access_min[row], under.cost[row] = option.access_min, option.cost


def take_mind(
    state: CrowdState, row: int, states: dict[str, Any], parameters: CityParameters
) -> None:
    """Let a row feel and know what the components of a citizen say, by their states."""
    if "needs" in states:
        needs, own = state.needs, states["needs"]
        needs.level_code[row] = coded_shares(own["levels"])
        needs.since[row] = round(own["since_h"] * HOUR_MIN)
        needs.counted[row] = round(own["counted_h"] * HOUR_MIN)
        needs.unmet[row] = round(own["unmet_h"] * HOUR_S)
        same = (needs.rates.losses == np.array(own["rates_per_h"])).all(axis=1)
        # The last of these is that of nothing in particular, which has position -1.
        needs.purpose[row] = int(same.argmax()) if same[:-1].any() else -1
    if "mood" in states:
        state.mood.level_code[row] = feeling_code(states["mood"]["level"][0])
        state.mood.minute[row] = states["mood"]["minute"]
    parked = states["vehicles"]["parked"]
    for column, name in enumerate(mode_table(parameters).vehicles):
        state.parked[row, column] = parked.get(name, NOT_PARKED)
    if "beliefs" in states:
        slots, own = state.beliefs, states["beliefs"]
        kept = min(len(own["place"]), slots.place.shape[1])
        slots.place[row, :kept] = own["place"][:kept]
        slots.seen[row, :kept] = seen_by(own["minute"][:kept], own["visits"][:kept])
        slots.overall_code[row, :kept] = coded_shares(own["overall"][:kept])
        if slots.deviation_code.shape[1]:
            slots.deviation_code[row, :kept] = coded_deviations(own["variance"][:kept])
        slots.different[row] = own["different"]
    if "goals" in states:
        kept, goals = levels_of_goals(states["goals"], parameters), state.goals
        goals.unmet[row], goals.revised[row] = kept


def take_ties(known: Acquainted, row: int, own: dict[str, Any]) -> None:
    """Let a row know whom a citizen knows, by the state of its ties.

    Where the citizen knows more people than a row has slots, those of the closest relations are
    kept, and of the same relation those met last.
    """
    ties = known.ties
    relation, met = np.array(own["relation"]), np.array(own["met_min"])
    closest = np.lexsort((-met, relation))[: ties.other.shape[1]]
    kept = np.sort(closest)  # in the order of the slots, as the citizen has them
    used = slice(len(kept))
    ties.other[row, used], ties.met_min[row, used] = np.array(own["other"])[kept], met[kept]
    ties.relation[row, used] = relation[kept]
    levels = np.reshape(own["tie"], (-1, ties.level_codes.shape[2]))
    ties.level_codes[row, used] = coded_shares(levels[kept])
    ties.talked_min[row] = own["talked_min"][0]
