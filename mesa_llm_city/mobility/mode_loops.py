"""Mode choice of one trip at a time, in a form that is compiled (see `kernels`).

The functions give the numbers of `mode_columns`, to the last bit.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Bool, Float, Int, Whole

__all__ = [
    "NO_CHOICE",
    "ModeRules",
    "draw_mode",
    "find_usable",
    "keep_in_time",
    "only_one",
    "weigh",
]

NO_CHOICE = -1
"""Stands for the only mode that is open where it is not the only one."""


class ModeRules(NamedTuple):
    """Who may use the k modes of a tree of parameters, and how they are liked in some weather.

    Attributes
    ----------
    enabled, needs_licence : ndarray of bool, shape (k,)
        Whether anybody can travel by it, and whether it takes a driving licence.
    least_age, vehicle : ndarray of int64, shape (k,)
        Age from which it can be used, and position of the vehicle that it takes, -1 for none.
    runs : ndarray of bool, shape (k,)
        Whether it runs in the wind there is.
    constant, time_weight, weather : ndarray of float64, shape (k,)
        Utility as such, weight of a minute on the way, and utility of the weather.
    time_per_min, access_weight, cost, least_income : float
        As in `mobility.mode_choice`.
    """

    enabled: Bool
    needs_licence: Bool
    least_age: Int
    vehicle: Int
    runs: Bool
    constant: Float
    time_weight: Float
    weather: Float
    time_per_min: float
    access_weight: float
    cost: float
    least_income: float


def find_usable(  # noqa: PLR0917 - compiled loops take no keywords
    age: int,
    has_licence: bool,  # noqa: FBT001 - likewise
    parked: Whole,
    place: int,
    stays_near: bool,  # noqa: FBT001 - likewise
    rules: ModeRules,
    usable: Bool,
) -> None:
    """Fill which modes a person can use for a trip, if they lead there (see `modes_open`).

    Parameters
    ----------
    age : int
        In years.
    has_licence : bool
        Whether the person may drive.
    parked : ndarray of int, shape (v,)
        Where the vehicles stand.
    place : int
        Where the trip begins.
    stays_near : bool
        Whether that is home or the person will come back there next.
    rules : ModeRules
        The modes.
    usable : ndarray of bool, shape (k,)
        Is filled.
    """
    takes = False
    for mode in range(len(usable)):
        may = rules.enabled[mode] and age >= rules.least_age[mode]
        may = may and (has_licence or not rules.needs_licence[mode])
        vehicle = rules.vehicle[mode]
        if vehicle >= 0:
            may = may and parked[vehicle] == place
            takes = takes or may
        usable[mode] = may
    if takes and not stays_near:
        for mode in range(len(usable)):
            usable[mode] = usable[mode] and rules.vehicle[mode] >= 0


def keep_in_time(minutes: Float, limit_min: float, rules: ModeRules, is_open: Bool) -> None:
    """Leave open what runs and is there in time; the fastest if nothing is (`choose_modes`).

    Parameters
    ----------
    minutes : ndarray of float64, shape (k,)
        Door-to-door time by each mode.
    limit_min : float
        Longest way that leaves the time for which the trip is made, in minutes.
    rules : ModeRules
        The modes.
    is_open : ndarray of bool, shape (k,)
        Which modes can be used, at least one of them; changed.
    """
    any_runs = False
    for mode in range(len(is_open)):
        any_runs = any_runs or (is_open[mode] and rules.runs[mode])
    fastest, any_in_time = -1, False
    for mode in range(len(is_open)):
        if any_runs and not rules.runs[mode]:
            is_open[mode] = False
        if is_open[mode]:
            if fastest < 0 or minutes[mode] < minutes[fastest]:
                fastest = mode
            any_in_time = any_in_time or minutes[mode] <= limit_min
    for mode in range(len(is_open)):
        in_time = minutes[mode] <= limit_min if any_in_time else mode == fastest
        is_open[mode] = is_open[mode] and in_time


def only_one(is_open: Bool) -> int:
    """Return the mode if a single one is open, `NO_CHOICE` if there are several, or none."""
    found = NO_CHOICE
    for mode in range(len(is_open)):
        if is_open[mode]:
            if found != NO_CHOICE:
                return NO_CHOICE
            found = mode
    return found


def weigh(  # noqa: PLR0917 - compiled loops take no keywords
    minutes: Float,
    access_min: Float,
    cost: Float,
    income: float,
    rules: ModeRules,
    is_open: Bool,
    likely: Float,
) -> None:
    """Fill the probabilities of modes, 0 for those that are not open (`logit_probabilities`).

    Parameters
    ----------
    minutes, access_min, cost : ndarray of float64, shape (k,)
        The ways by each mode (see `mode_utility`).
    income : float
        Income of the traveller, 1 being the median.
    rules : ModeRules
        The modes.
    is_open : ndarray of bool, shape (k,)
        Which can be chosen, at least one of them.
    likely : ndarray of float64, shape (k,)
        Is filled.
    """
    scale, best = math.sqrt(max(income, rules.least_income)), -np.inf
    for mode in range(len(is_open)):
        if is_open[mode]:
            access = access_min[mode]
            riding = rules.time_weight[mode] * (minutes[mode] - access)
            likely[mode] = (
                rules.constant[mode]
                + rules.time_per_min * (riding + rules.access_weight * access)
                + rules.cost * cost[mode] / scale
                + rules.weather[mode]
            )
            best = max(best, likely[mode])
    total = 0.0
    for mode in range(len(is_open)):
        likely[mode] = math.exp(likely[mode] - best) if is_open[mode] else 0.0
        total += likely[mode]
    for mode in range(len(is_open)):
        likely[mode] /= total


def draw_mode(likely: Float, uniform: float) -> int:
    """Return the mode that a uniform number picks, as `draw` does."""
    total = 0.0
    for one in likely:
        total += one
    target, upper, passed = uniform * total, 0.0, 0
    for one in likely:
        upper += one
        if upper <= target:
            passed += 1
    return min(passed, len(likely) - 1)
