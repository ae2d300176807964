"""Reach: how far one can go for an activity in the time there is."""

from __future__ import annotations

from collections.abc import Mapping

from mesa_llm_city.core.values import Purpose

__all__ = ["least_stay_min", "radius_m"]

# Shortest stay that is worth the way, in minutes; assumptions.
_LEAST_STAY_MIN: Mapping[Purpose, int] = {
    Purpose.MEAL: 20,
    Purpose.SHOPPING: 15,
    Purpose.ERRAND: 10,
    Purpose.HEALTH: 20,
    Purpose.LEISURE: 30,
    Purpose.SPORT: 30,
    Purpose.SOCIAL: 30,
}

_WALK_M_PER_MIN = 75.0
_RIDE_M_PER_MIN = 180.0
_DRIVE_M_PER_MIN = 260.0


def least_stay_min(purpose: Purpose) -> int:
    """Return the shortest stay that is worth the way, in minutes."""
    return _LEAST_STAY_MIN.get(purpose, 5)


def radius_m(
    purpose: Purpose, available_min: float, *, age: int, has_car: bool, wet: bool = False
) -> float:
    """Return how far away a place may lie, in metres.

    The time that remains beside the shortest stay is spent on the way there and
    back, on foot if it is short, else at the door-to-door speed of a vehicle;
    rain takes a third off (CitySim, sec. 3.2.2, "adjust feasible ranges"; the
    speeds are assumptions).

    Parameters
    ----------
    purpose : Purpose
        What for.
    available_min : float
        Time for the way there, the stay and the way back, in minutes.
    age : int
        In years; children up to 12 and persons from 80 on stay close.
    has_car : bool
        Whether a car is at hand.
    wet : bool, default False
        Whether it rains.

    Examples
    --------
    >>> radius_m(Purpose.MEAL, 45.0, age=30, has_car=False)
    937.5
    """
    one_way = max(available_min - least_stay_min(purpose), 5.0) / 2.0
    ride = _DRIVE_M_PER_MIN if has_car else _RIDE_M_PER_MIN
    metres = one_way * (_WALK_M_PER_MIN if one_way < 15.0 else ride)
    limit = 1500.0 if age <= 12 or age >= 80 else 8000.0
    return max(min(metres, limit) * (0.67 if wet else 1.0), 300.0)
