"""Times, distances and costs of trips: one function per formula, for floats and arrays alike.

All distances are metres along the way, all times minutes, all costs multiples of a train
fare. Speeds, waits and costs are those of the modes (`ModeSpec`, ``parameters.modes``).
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import ModeSpec

__all__ = ["access_min", "circuity", "moving_min", "rail_m", "ride_min", "trip_cost"]

Metres = TypeVar("Metres", float, Float)


def moving_min(way_m: Metres, speed_km_h: float) -> Metres:
    """Return the minutes to cover a way at a speed.

    Examples
    --------
    >>> moving_min(1000.0, 15.0)
    4.0
    """
    return way_m * 60.0 / (speed_km_h * 1000.0)


def access_min(walk_m: Metres, mode: ModeSpec, walk_km_h: float) -> Metres:
    """Return the minutes of a trip outside the vehicle: walk, access and wait.

    Parameters
    ----------
    walk_m : float or ndarray of float64
        Walk to and from the vehicle, stop or station, both ends together, in metres.
    mode : ModeSpec
        The mode, of which `access_min` and `wait_min` count.
    walk_km_h : float
        Walking speed in km/h.

    Examples
    --------
    >>> access_min(800.0, ModeSpec(access_min=1.0, wait_min=4.0), 4.8)
    15.0
    """
    return moving_min(walk_m, walk_km_h) + (mode.access_min + mode.wait_min)


def ride_min(way_m: Metres, mode: ModeSpec, pace: Metres | float = 1.0) -> Metres:
    """Return the minutes in or on the vehicle: way / speed, times the pace in traffic.

    Parameters
    ----------
    way_m : float or ndarray of float64
        Length of the ride in metres.
    mode : ModeSpec
        The mode; the pace counts only if it is `in_traffic`.
    pace : float or ndarray of float64, default 1
        Slowness of the streets between two zones over the mean of the city.

    Examples
    --------
    >>> ride_min(5000.0, ModeSpec(speed_km_h=25.0, in_traffic=True), 1.5)
    18.0
    """
    minutes = moving_min(way_m, mode.speed_km_h)
    return minutes * pace if mode.in_traffic else minutes


def trip_cost(way_m: Metres, mode: ModeSpec) -> Metres:
    """Return the cost of a trip in train fares: way x cost per kilometre + cost per trip.

    Examples
    --------
    >>> trip_cost(5000.0, ModeSpec(cost_per_km=0.1, cost_per_trip=0.5))
    1.0
    """
    return way_m * (mode.cost_per_km / 1000.0) + mode.cost_per_trip


def rail_m(straight_m: Metres, mode: ModeSpec) -> Metres:
    """Return the length of the line between stations: straight line x detour of the mode."""
    return straight_m * mode.detour


def circuity(way_m: Float, straight_m: Float, longest: float) -> Float:
    """Return the detour of ways: length over straight line, kept within [1, longest].

    Where the straight line is 0 the detour is 1.

    Examples
    --------
    >>> circuity(np.array([130.0, 900.0]), np.array([100.0, 100.0]), 3.0)
    array([1.3, 3. ])
    """
    ratio = np.divide(way_m, straight_m, out=np.ones_like(way_m), where=straight_m > 0)
    return np.clip(ratio, 1.0, longest)
