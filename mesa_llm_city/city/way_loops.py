"""Ways of one trip at a time, in a form that is compiled (see `kernels`).

They are those of `Router.columns`, to the last bit.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.travel import moving_min
from mesa_llm_city.core.prefetch import prefetch
from mesa_llm_city.core.values import Bool, Float, Int

__all__ = ["Roads", "Ways", "ask_for_place", "find_ways"]


class Roads(NamedTuple):
    """What a router knows of places, streets, stations and the k modes of the parameters.

    Attributes
    ----------
    x, y : ndarray of float64, shape (n,)
        Positions of places.
    zone : ndarray of int, shape (n,)
        Their zones.
    detour, pace : ndarray of float64, shape (z, z)
        As in `Skims`.
    station : ndarray of int64, shape (n,)
        The nearest station of each place.
    walk_m : ndarray of float64, shape (n,)
        The walk to it in metres, infinite without any station.
    station_x, station_y : ndarray of float64, shape (s,)
        Positions of stations.
    enabled, between_stations, in_traffic : ndarray of bool, shape (k,)
        As in `ModeSpec`.
    km_h : ndarray of float64, shape (k,)
        Speeds.
    walk_km_h : float
        Walking speed to vehicles and stations.
    waits_min : ndarray of float64, shape (k,)
        Access and wait, without walks.
    on_foot_min, on_foot_m : ndarray of float64, shape (k,)
        Access, wait and walk to the vehicle of modes on the streets, and that walk.
    longest_walk_m, line_detour : ndarray of float64, shape (k,)
        Longest walk to a station, and detour of the line between two.
    cost_per_m, cost_per_trip : ndarray of float64, shape (k,)
        In train fares.
    """

    x: Float
    y: Float
    zone: NDArray[np.integer]
    detour: Float
    pace: Float
    station: Int
    walk_m: Float
    station_x: Float
    station_y: Float
    enabled: Bool
    between_stations: Bool
    in_traffic: Bool
    km_h: Float
    walk_km_h: float
    waits_min: Float
    on_foot_min: Float
    on_foot_m: Float
    longest_walk_m: Float
    line_detour: Float
    cost_per_m: Float
    cost_per_trip: Float


class Ways(NamedTuple):
    """The ways of one trip by k modes: the columns of `WayColumns`, each of shape (k,)."""

    offered: Bool
    distance_m: Float
    minutes: Float
    access_min: Float
    cost: Float


def find_ways(origin: int, destination: int, roads: Roads, ways: Ways) -> bool:
    """Fill the ways between two places that differ, by the modes that are asked for.

    Parameters
    ----------
    origin, destination : int
        Place ids.
    roads : Roads
        Places, streets, stations and modes.
    ways : Ways
        Is filled. `offered` says which modes are asked for; those stay that lead there. Numbers
        of other modes are without meaning.

    Returns
    -------
    bool
        Whether any of these modes leads there.
    """
    east = roads.x[destination] - roads.x[origin]
    north = roads.y[destination] - roads.y[origin]
    here, there = roads.zone[origin], roads.zone[destination]
    way = math.sqrt(east * east + north * north) * roads.detour[here, there]
    pace = roads.pace[here, there]
    walk_m, line_m, longest_m = 0.0, 0.0, math.inf
    if _asks_for_rail(roads, ways):
        board, alight = roads.station[origin], roads.station[destination]
        if board != alight:
            access, egress = roads.walk_m[origin], roads.walk_m[destination]
            east = roads.station_x[alight] - roads.station_x[board]
            north = roads.station_y[alight] - roads.station_y[board]
            walk_m, line_m = access + egress, math.sqrt(east * east + north * north)
            longest_m = max(access, egress)
    any_offered = False
    for mode in range(len(roads.enabled)):
        by_rail = roads.between_stations[mode]
        reached = not by_rail or longest_m <= roads.longest_walk_m[mode]
        ways.offered[mode] = ways.offered[mode] and roads.enabled[mode] and reached
        if not ways.offered[mode]:
            continue
        any_offered = True
        ride = line_m * roads.line_detour[mode] if by_rail else way
        riding = moving_min(ride, roads.km_h[mode])
        if roads.in_traffic[mode] and not by_rail:
            riding *= pace
        waits = roads.on_foot_min[mode]
        if by_rail:
            waits = moving_min(walk_m, roads.walk_km_h) + roads.waits_min[mode]
        ways.access_min[mode] = waits
        ways.distance_m[mode] = (walk_m if by_rail else roads.on_foot_m[mode]) + ride
        ways.minutes[mode] = riding + waits
        ways.cost[mode] = ride * roads.cost_per_m[mode] + roads.cost_per_trip[mode]
    return any_offered


def _asks_for_rail(roads: Roads, ways: Ways) -> bool:
    """Tell whether a mode between stations is asked for."""
    for mode in range(len(roads.enabled)):
        if ways.offered[mode] and roads.between_stations[mode]:
            return True
    return False


def ask_for_place(roads: Roads, place: int) -> None:
    """Ask for where a place is, before ways are found (see `prefetch`)."""
    prefetch(roads.x, place)
    prefetch(roads.y, place)
    prefetch(roads.zone, place)
    prefetch(roads.station, place)
    prefetch(roads.walk_m, place)
