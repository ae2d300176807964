"""Reach: how far people go for an activity in the time there is."""

from __future__ import annotations

from mesa_llm_city.parameters import CityParameters, PurposeSpec

__all__ = ["least_stay_min", "radius_m"]

_UNKNOWN_PURPOSE = PurposeSpec()


def least_stay_min(purpose: str, parameters: CityParameters) -> int:
    """Return the shortest stay that is worth the way, in minutes."""
    return parameters.purposes.get(purpose, _UNKNOWN_PURPOSE).least_min


def radius_m(
    purpose: str,
    available_min: float,
    *,
    age: int,
    has_car: bool,
    wet: bool = False,
    parameters: CityParameters,
) -> float:
    """Return how far away a place may lie, in metres.

    The time that remains beside the shortest stay is spent on the way there and back, on foot
    if it is short, else at the door-to-door speed of a vehicle; people go less far in rain
    (CitySim, sec. 3.2.2, "adjust feasible ranges"; the paper names no numbers).

    Parameters
    ----------
    purpose : str
        What for; its `reach_m`, if there is one, is the longest reach.
    available_min : float
        Time for the way there, the stay and the way back, in minutes.
    age : int
        In years; children and the old stay close.
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
    reach = parameters.mobility.reach
    spec = parameters.purposes.get(purpose, _UNKNOWN_PURPOSE)
    one_way = max(available_min - spec.least_min, reach.least_way_min) / 2.0
    vehicle = reach.drive_m_per_min if has_car else reach.ride_m_per_min
    metres = one_way * (reach.walk_m_per_min if one_way < reach.walk_under_min else vehicle)
    most = reach.most_m if spec.reach_m is None else spec.reach_m
    if age <= reach.young_up_to or age >= reach.old_from:
        most = min(most, reach.most_young_old_m)
    return max(min(metres, most) * (reach.wet_factor if wet else 1.0), min(reach.least_m, most))
