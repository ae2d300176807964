"""Balance: factors by which places get visits in proportion to their attraction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.places import Places
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, WEEK_DAYS
from mesa_llm_city.core.opening_hours import read_hours, spans_on
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import PurposeSpec
from mesa_llm_city.parameters.city import BalanceParameters

__all__ = ["balance_factors"]

_DAYS = (date(2024, 4, 3), date(2024, 4, 6))
"""A Wednesday and a Saturday, for weekdays and weekends."""

_WEEKDAYS = 5
_DECIMALS = 6
"""Products of matrices differ in their last digits between processors."""


class _Demand(NamedTuple):
    """What people are expected to go out for.

    Attributes
    ----------
    places : ndarray of int64, shape (k,)
        Where it can be done.
    pull : ndarray of float64, shape (o, k)
        Decay with the way from each origin; 0 out of reach.
    open : ndarray of bool, shape (k, t)
        Which places are open when it begins.
    visits : ndarray of float64, shape (o, t)
        Visits a day from each origin at each time.
    """

    places: Int
    pull: Float
    open: NDArray[np.bool_]
    visits: Float


def balance_factors(
    places: Places,
    attraction: Float,
    purposes: Mapping[str, PurposeSpec],
    parameters: BalanceParameters,
) -> Float:
    """Return the factor on the attraction of each place that makes visits follow attraction.

    Without it a place among many others, far from homes or closed for most of the day has
    fewer visitors than its attraction says, and a place for something that few others offer
    has more. How often people go out for a purpose does not depend on its places, so that
    places are balanced purpose by purpose: the visits wanted at a place are its share in the
    attraction of all places for a purpose, times the visits for it, summed over what it offers.
    The factors are shadow prices of a doubly constrained gravity model: visits that are
    expected of the residents and workers of the city are set against those wanted, each
    factor is raised where there are too few, and this is done `rounds` times, damped.

    Parameters
    ----------
    places : Places
        The places of a city.
    attraction : ndarray of float64, shape (n,)
        How strongly each draws people.
    purposes : mapping of str to PurposeSpec
        What people go out for.
    parameters : BalanceParameters
        `city.balance`.

    Returns
    -------
    ndarray of float64, shape (n,)
        Factors; 1 for places that nobody visits in free time.

    References
    ----------
    .. [1] Wilson (1967), A statistical theory of spatial distribution models.
       Transportation Research 1(3), 253-269.
    .. [2] Harris and Wilson (1978), Equilibrium values and dynamics of attractiveness terms
       in production-constrained spatial-interaction models. Environment and Planning A 10.
    """
    factors = np.ones(len(places))
    demands = _demands(places, purposes, parameters) if parameters.rounds else []
    wanted = _wanted_visits(demands, attraction)
    visited = np.flatnonzero(wanted)
    if not len(visited):
        return factors
    wanted = wanted[visited] / np.sum(wanted)
    logs = np.zeros(len(visited))
    span = np.log(parameters.most)
    for _ in range(parameters.rounds):
        visits = _expected_visits(demands, attraction * factors)[visited]
        share = np.maximum(visits / np.sum(visits), wanted / parameters.most)
        logs += parameters.damping * np.log(wanted / share)
        # Only ratios matter; the bounds are about their mean.
        logs = np.clip(logs - np.mean(logs), -span, span)
        factors[visited] = np.exp(logs)
    return np.round(factors, _DECIMALS)


def _wanted_visits(demands: list[_Demand], attraction: Float) -> Float:
    """Return the visits a day that would follow attraction within each purpose, shape (n,).

    Visits are not made where no place is in reach and open, and cannot be wanted then.
    """
    visits = np.zeros(len(attraction))
    for one in demands:
        draws = attraction[one.places]
        is_met = one.pull @ (draws[:, np.newaxis] * one.open) > 0.0
        if is_met.any():
            visits[one.places] += draws / np.sum(draws) * np.sum(one.visits[is_met])
    return visits


def _expected_visits(demands: list[_Demand], weight: Float) -> Float:
    """Return the expected visits a day to each place, shape (n,)."""
    visits = np.zeros(len(weight))
    for one in demands:
        offered = weight[one.places][:, np.newaxis] * one.open
        total = one.pull @ offered
        asked = np.divide(one.visits, total, out=np.zeros_like(total), where=total > 0.0)
        visits[one.places] += np.sum(offered * (one.pull.T @ asked), axis=1)
    return visits


def _demands(
    places: Places, purposes: Mapping[str, PurposeSpec], parameters: BalanceParameters
) -> list[_Demand]:
    """Return what people go out for that can be done somewhere."""
    x, y, people = _origins(places, parameters)
    reach = np.resize(np.array(parameters.reaches_m), len(x))[:, np.newaxis]
    found = []
    for name, spec in purposes.items():
        if spec.at_home or spec.is_duty:
            continue
        ids = places.offering(name)
        times, weight = _times(spec, parameters)
        if not (len(x) and len(ids) and times):
            continue
        is_open = [places.open_during(ids, day, at, at + spec.least_min) for day, at in times]
        per_day = spec.planned_per_day + (spec.free_time_weight if spec.free_time else 0.0)
        visits = (per_day or parameters.other_per_day) * people[:, np.newaxis] * weight
        pull = places.x[ids] - x[:, np.newaxis]
        _to_pull(pull, places.y[ids] - y[:, np.newaxis], reach, parameters.least_m)
        found.append(_Demand(ids, pull, np.array(is_open).T, visits))
    return found


def _to_pull(away_x: Float, away_y: Float, reach: Float, least_m: float) -> None:
    """Turn ways, west to east and south to north, into pull; in place, as there are many."""
    np.hypot(away_x, away_y, out=away_x)
    is_near = away_x <= reach
    np.maximum(away_x, least_m, out=away_x)
    np.divide(is_near, away_x, out=away_x)


def _times(
    spec: PurposeSpec, parameters: BalanceParameters
) -> tuple[list[tuple[date, int]], Float]:
    """Return days and minutes at which something begins, and the share of each."""
    hours = read_hours(spec.hours) if spec.hours else None
    found, weight = [], []
    for day, days in zip(_DAYS, (_WEEKDAYS, WEEK_DAYS - _WEEKDAYS), strict=True):
        spans = ((0, DAY_MIN),) if hours is None else spans_on(hours, day)
        minutes = [hour * HOUR_MIN for hour in parameters.hours]
        begins = [at for at in minutes if any(opens <= at < closes for opens, closes in spans)]
        found += [(day, minute) for minute in begins]
        weight += [days / len(begins) for _ in begins]
    return found, np.array(weight) / WEEK_DAYS


def _origins(places: Places, parameters: BalanceParameters) -> tuple[Float, Float, Float]:
    """Return a systematic sample of where people set out: positions, and shares of people.

    Where there are few homes they are drawn several times, with one reach after the other.
    """
    both = [(places.residents, 1.0 - parameters.from_work), (places.jobs, parameters.from_work)]
    x, y, share = [], [], []
    for number, part in both:
        known = np.flatnonzero(number > 0.0)
        if not len(known) or not part:
            continue
        order = known[np.lexsort((places.x[known], places.y[known]))]
        count = parameters.origins
        upto = np.cumsum(number[order])
        at = (np.arange(count) + 0.5) / count * upto[-1]
        row = order[np.searchsorted(upto, at)]
        x.append(places.x[row])
        y.append(places.y[row])
        share.append(np.full(count, part / count))
    if not x:
        return np.empty(0), np.empty(0), np.empty(0)
    return np.concatenate(x), np.concatenate(y), np.concatenate(share)
