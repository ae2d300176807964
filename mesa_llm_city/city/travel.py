"""Times, distances and costs of trips: one function per formula, for floats and arrays alike.

Speeds, waits and costs are those of `TravelConfig`. All distances are metres
along the way, all times minutes, all costs multiples of a train fare.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float

__all__ = [
    "TravelConfig",
    "bicycle_min",
    "bus_min",
    "car_cost",
    "car_min",
    "circuity",
    "moving_min",
    "rail_m",
    "train_access_min",
    "train_min",
]

Metres = TypeVar("Metres", float, Float)


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelConfig:
    """Speeds, waits and costs of the five modes.

    Parameters
    ----------
    walk_km_h : float, default 4.8
        Comfortable walking of adults, 1.3 m/s; the middle of the range of age
        groups reviewed by Bohannon and Williams Andrews [1]_.
    bicycle_km_h : float, default 13
        Between the mean of 10 km/h and the peak of 14.5 km/h of Lyon's shared bicycles [4]_.
    car_km_h, bus_km_h, train_km_h : float, default 25, 15, 40
        Mean speeds in a city, stops included (assumptions).
    bicycle_access_min : float, default 2
        Unlocking and parking a bicycle (assumption).
    car_access_m : float, default 150
        Walk to and from the parked car, both ends together (assumption).
    parking_min : float, default 4
        Search for a parking place (assumption).
    bus_access_m : float, default 250
        Walk at each end of a bus ride (assumption; half of a usual stop spacing).
    bus_wait_min, train_wait_min : float, default 6, 4
        Mean waits: half of headways of 12 and 8 minutes (assumption).
    max_access_m : float, default 1500
        Longest walk to a station for which the train is thought of (assumption).
    rail_detour : float, default 1.2
        Length of rail over the straight line between stations (assumption).
    detour : float, default 1.3
        Length of streets over the straight line, where no street network is
        given. Country means of 1.2 to 1.5 are usual [2]_ [3]_.
    train_fare, bus_fare : float, default 1, 1
        Fares; the train fare is the unit of all costs (bus: assumption).
    car_cost_per_km, parking_cost : float, default 0.1, 0.5
        Running cost and mean parking fee (assumptions).

    Raises
    ------
    ConfigError
        If a speed is not positive, a detour lies below 1, or anything is negative.

    References
    ----------
    .. [1] Bohannon and Williams Andrews (2011), Normal walking speed: a descriptive
       meta-analysis. Physiotherapy 97(3). https://doi.org/10.1016/j.physio.2010.12.004
    .. [2] Ballou, Rahardja and Sakai (2002), Selected country circuity factors for road
       travel distance estimation. Transportation Research A 36(9).
       https://doi.org/10.1016/S0965-8564(01)00044-1
    .. [3] Boscoe, Henry and Zdeb (2012), A nationwide comparison of driving distance versus
       straight-line distance to hospitals. The Professional Geographer 64(2).
       https://doi.org/10.1080/00330124.2011.583586
    .. [4] Jensen, Rouquier, Ovtracht and Robardet (2010), Characterizing the speed and paths
       of shared bicycle use in Lyon. Transportation Research D 15(8).

    Examples
    --------
    >>> round(moving_min(1200.0, TravelConfig().walk_km_h), 3)
    15.0
    """

    walk_km_h: float = 4.8
    bicycle_km_h: float = 13.0
    car_km_h: float = 25.0
    bus_km_h: float = 15.0
    train_km_h: float = 40.0
    bicycle_access_min: float = 2.0
    car_access_m: float = 150.0
    parking_min: float = 4.0
    bus_access_m: float = 250.0
    bus_wait_min: float = 6.0
    train_wait_min: float = 4.0
    max_access_m: float = 1500.0
    rail_detour: float = 1.2
    detour: float = 1.3
    train_fare: float = 1.0
    bus_fare: float = 1.0
    car_cost_per_km: float = 0.1
    parking_cost: float = 0.5

    def __post_init__(self) -> None:
        """Check every figure, and name all that are impossible."""
        wrong = [told for told in map(self._defect, (f.name for f in fields(self))) if told]
        if wrong:
            raise ConfigError("; ".join(wrong))

    def _defect(self, name: str) -> str:
        """Say what is wrong with one figure, if anything."""
        value = getattr(self, name)
        if name.endswith("_km_h"):
            return "" if value > 0 else f"{name} must be above 0 km/h, got {value}"
        if name.endswith("detour"):
            return "" if value >= 1 else f"{name} must be at least 1, got {value}"
        return "" if value >= 0 else f"{name} must not be negative, got {value}"


def moving_min(way_m: Metres, speed_km_h: float) -> Metres:
    """Return the minutes to cover a way at a speed.

    Examples
    --------
    >>> moving_min(1000.0, 15.0)
    4.0
    """
    return way_m * 60.0 / (speed_km_h * 1000.0)


def bicycle_min(way_m: Metres, config: TravelConfig) -> Metres:
    """Return door-to-door minutes by bicycle: access + way / speed."""
    return moving_min(way_m, config.bicycle_km_h) + config.bicycle_access_min


def car_min(way_m: Metres, pace: Metres, config: TravelConfig) -> Metres:
    """Return door-to-door minutes by car: walk + pace x way / speed + parking.

    `pace` is the slowness of the streets between two zones over the mean of the
    city, 1 where nothing is known.
    """
    walk = moving_min(config.car_access_m, config.walk_km_h)
    return moving_min(way_m, config.car_km_h) * pace + (walk + config.parking_min)


def car_cost(way_m: Metres, config: TravelConfig) -> Metres:
    """Return the cost of a car trip: way x running cost + parking fee."""
    return way_m * (config.car_cost_per_km / 1000.0) + config.parking_cost


def bus_min(way_m: Metres, config: TravelConfig) -> Metres:
    """Return door-to-door minutes by bus: walks + wait + way / speed."""
    walk = moving_min(2.0 * config.bus_access_m, config.walk_km_h)
    return moving_min(way_m, config.bus_km_h) + (walk + config.bus_wait_min)


def rail_m(straight_m: Metres, config: TravelConfig) -> Metres:
    """Return the length of rail between stations: straight line x rail detour."""
    return straight_m * config.rail_detour


def train_access_min(walk_m: Metres, config: TravelConfig) -> Metres:
    """Return the minutes of a train trip outside the train: walks + wait.

    `walk_m` is the walk to the first and from the last station together.
    """
    return moving_min(walk_m, config.walk_km_h) + config.train_wait_min


def train_min(walk_m: Metres, ride_m: Metres, config: TravelConfig) -> Metres:
    """Return door-to-door minutes by train: walks + wait + rail length / speed."""
    return train_access_min(walk_m, config) + moving_min(ride_m, config.train_km_h)


def circuity(way_m: Float, straight_m: Float) -> Float:
    """Return the detour of ways: length over straight line, kept within [1, 3].

    Where the straight line is 0 the detour is 1.

    Examples
    --------
    >>> circuity(np.array([130.0, 900.0]), np.array([100.0, 100.0]))
    array([1.3, 3. ])
    """
    ratio = np.divide(way_m, straight_m, out=np.ones_like(way_m), where=straight_m > 0)
    return np.clip(ratio, 1.0, 3.0)
