"""Reach: how far people go for an activity in the time there is."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import CityParameters, PurposeSpec

__all__ = [
    "Reaching",
    "least_stay_min",
    "least_stays_min",
    "radii_m",
    "radius_m",
    "reach_code",
    "reaching_by",
]

_UNKNOWN_PURPOSE = PurposeSpec()


class _OfPurposes(NamedTuple):
    """Numbers of each purpose in the order of the parameters; the last row is any other purpose."""

    least_min: Int
    most_m: Float
    code: dict[str, int]


class Reaching(NamedTuple):
    """Numbers of reach as compiled loops take them.

    Attributes
    ----------
    least_min : ndarray of int64, shape (p + 1,)
        Shortest stay for each purpose, in minutes; the last row is any other purpose.
    most_m : ndarray of float64, shape (p + 1,)
        Longest reach for each purpose.
    walk_m_per_min, ride_m_per_min, drive_m_per_min, walk_under_min, least_way_min, least_m
        As in `ReachParameters`.
    most_young_old_m, young_up_to, old_from, wet_factor
        Likewise.
    """

    least_min: Int
    most_m: Float
    walk_m_per_min: float
    ride_m_per_min: float
    drive_m_per_min: float
    walk_under_min: float
    least_way_min: float
    least_m: float
    most_young_old_m: float
    young_up_to: int
    old_from: int
    wet_factor: float


def reaching_by(parameters: CityParameters) -> Reaching:
    """Return the numbers of reach of some parameters."""
    specs, reach = _of_purposes(parameters), parameters.mobility.reach
    return Reaching(
        specs.least_min, specs.most_m, *(getattr(reach, name) for name in Reaching._fields[2:])
    )


def least_stay_min(purpose: str, parameters: CityParameters) -> int:
    """Return the shortest stay that is worth the way, in minutes."""
    return parameters.purposes.get(purpose, _UNKNOWN_PURPOSE).least_min


def least_stays_min(purpose: NDArray[np.integer], parameters: CityParameters) -> Int:
    """Return the shortest stay that is worth the way for purposes by code, in minutes, shape (m,).

    Parameters
    ----------
    purpose : ndarray of int, shape (m,)
        Positions in ``tuple(parameters.purposes)``; -1 is a purpose that they do not name.
    parameters : CityParameters
        Reads the purposes.
    """
    least: Int = _of_purposes(parameters).least_min[purpose]
    return least


def radius_m(
    purpose: str,
    available_min: float,
    *,
    age: int,
    has_car: bool,
    wet: bool = False,
    parameters: CityParameters,
) -> float:
    """Return how far away a place may lie for one person, in metres (see `radii_m`).

    Parameters
    ----------
    purpose : str
        What for.
    available_min : float
        Time for the way there, the stay and the way back, in minutes.
    age : int
        In years.
    has_car : bool
        Whether a car is at hand.
    wet : bool, default False
        Whether it rains.
    parameters : CityParameters
        Reads `mobility.reach` and the purposes.

    Examples
    --------
    >>> radius_m("meal", 45.0, age=30, has_car=False, parameters=CityParameters())
    937.5
    """
    code = np.array([reach_code(purpose, parameters)])
    one = radii_m(code, available_min, age=age, has_car=has_car, wet=wet, parameters=parameters)
    return float(one[0])


def reach_code(purpose: str, parameters: CityParameters) -> int:
    """Return the position of a purpose, as `radii_m` takes it; -1 if it has none."""
    return _of_purposes(parameters).code.get(purpose, -1)


def radii_m(
    purpose: NDArray[np.integer],
    available_min: ArrayLike,
    *,
    age: ArrayLike,
    has_car: ArrayLike,
    wet: ArrayLike = False,
    parameters: CityParameters,
) -> Float:
    """Return how far away a place may lie for each of m persons, in metres, shape (m,).

    The time that remains beside the shortest stay is spent on the way there and back, on foot
    if it is short, else at the door-to-door speed of a vehicle; people go less far in rain
    (CitySim, sec. 3.2.2, "adjust feasible ranges"; the paper names no numbers).

    Parameters
    ----------
    purpose : ndarray of int, shape (m,)
        What for: positions in ``tuple(parameters.purposes)``, -1 for a purpose that they do
        not name. Its `reach_m`, if there is one, is the longest reach.
    available_min : array_like, shape (m,)
        Time for the way there, the stay and the way back, in minutes.
    age : array_like of int, shape (m,)
        In years; children and the old stay close.
    has_car : array_like of bool, shape (m,)
        Whether a car is at hand.
    wet : array_like of bool, shape () or (m,), default False
        Whether it rains.
    parameters : CityParameters
        Reads `mobility.reach` and the purposes.

    Examples
    --------
    >>> tree = CityParameters()
    >>> meal = np.full(2, list(tree.purposes).index("meal"))
    >>> radii_m(meal, [45.0, 300.0], age=[30, 9], has_car=[False, True], parameters=tree)
    array([ 937.5, 1500. ])
    """
    reach, specs = parameters.mobility.reach, _of_purposes(parameters)
    spare = np.asarray(available_min, dtype=np.float64) - specs.least_min[purpose]
    one_way = np.maximum(spare, reach.least_way_min) / 2.0
    vehicle = np.where(has_car, reach.drive_m_per_min, reach.ride_m_per_min)
    speed = np.where(one_way < reach.walk_under_min, reach.walk_m_per_min, vehicle)
    years = np.asarray(age)
    stays_close = (years <= reach.young_up_to) | (years >= reach.old_from)
    most = specs.most_m[purpose]
    most = np.where(stays_close, np.minimum(most, reach.most_young_old_m), most)
    metres = np.minimum(one_way * speed, most) * np.where(wet, reach.wet_factor, 1.0)
    radii: Float = np.maximum(metres, np.minimum(reach.least_m, most))
    return radii


@lru_cache(maxsize=32)
def _of_purposes(parameters: CityParameters) -> _OfPurposes:
    longest = parameters.mobility.reach.most_m
    specs = [*parameters.purposes.values(), _UNKNOWN_PURPOSE]
    return _OfPurposes(
        np.array([one.least_min for one in specs], dtype=np.int64),
        np.array([longest if one.reach_m is None else one.reach_m for one in specs]),
        {name: code for code, name in enumerate(parameters.purposes)},
    )
