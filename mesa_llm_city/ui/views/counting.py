"""Counting by time of day and by place, over arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.hourly import departures, occupancy

__all__ = [
    "SLOT_MIN",
    "DailyProfile",
    "HourOfNeeds",
    "NeedsSeries",
    "Popularity",
    "needs_series_of",
    "popularity",
    "shares_of_counts",
    "shares_of_stays",
    "trips_by_hour",
]

SLOT_MIN = 10
"""Length of a slot of time use, in minutes."""

_SLOTS = DAY_MIN // SLOT_MIN


class DailyProfile(NamedTuple):
    """Shares or rates by time of day: of the present day so far, and the mean of earlier days.

    Attributes
    ----------
    today, before : ndarray of float64, shape (k, slots)
        One row per kind; NaN for times without data.
    """

    today: Float
    before: Float

    @property
    def latest(self) -> Float | None:
        """What is known last of the present day, shape (k,); None where nothing is."""
        known = np.flatnonzero(~np.isnan(self.today[0]))
        return self.today[:, known[-1]] if len(known) else None


class NeedsSeries(NamedTuple):
    """Needs over the last 24 hours.

    Attributes
    ----------
    minute : ndarray of int64, shape (h,)
        Full hours, in minutes since the start of the run.
    mean, own : ndarray of float64, shape (h, needs)
        Means over all people, and the needs of one; NaN where unknown.
    """

    minute: Int
    mean: Float
    own: Float


class HourOfNeeds(NamedTuple):
    """The needs of everybody at a full hour.

    Attributes
    ----------
    minute : int
        Time, in minutes since the start of the run.
    persons : ndarray of int64, shape (n,)
        Ids of the people.
    levels : ndarray of float64, shape (n, needs)
        In the order of ``parameters.needs``.
    """

    minute: int
    persons: Int
    levels: Float


class Popularity(NamedTuple):
    """Places by how often they were visited, the most visited first.

    Attributes
    ----------
    place, visits : ndarray of int64, shape (p,)
        Ids, and numbers of visits.
    satisfaction : ndarray of float64, shape (p,)
        Mean rating in [0, 1]; NaN where nobody rated.
    """

    place: Int
    visits: Int
    satisfaction: Float


def trips_by_hour(
    start_min: Int, mode: Int, *, minute: int, people: int, modes: int
) -> DailyProfile:
    """Return departures by mode and hour of the day, per 100 people, as they are known now.

    Parameters
    ----------
    start_min, mode : ndarray of int64, shape (n,)
        Departures in minutes since the start, and numbers of the modes from 0 to `modes` - 1.
    minute, people, modes : int
        Present minute of the run, number of people, and number of modes.

    Examples
    --------
    >>> start_min, mode = np.array([485, 1445]), np.array([0, 0])
    >>> profile = trips_by_hour(start_min, mode, minute=1500, people=50, modes=5)
    >>> profile.before[0, 8].item(), profile.today[0, :3].tolist()
    (2.0, [2.0, nan, nan])
    """
    day, now_min = divmod(max(minute - 1, 0), DAY_MIN)
    earlier = start_min < day * DAY_MIN
    rate = 100.0 / max(people, 1)
    today = rate * departures(start_min[~earlier], mode[~earlier], kinds=modes)
    before = rate * departures(start_min[earlier], mode[earlier], kinds=modes)
    today[:, now_min // HOUR_MIN + 1 :] = np.nan
    return DailyProfile(today, before / day if day else np.full_like(before, np.nan))


def popularity(place: Int, satisfaction: Float) -> Popularity:
    """Count visits by place.

    Examples
    --------
    >>> counted = popularity(np.array([4, 9, 9]), np.array([np.nan, 0.4, 0.8]))
    >>> counted.place.tolist(), counted.visits.tolist(), counted.satisfaction.round(2).tolist()
    ([9, 4], [2, 1], [0.6, nan])
    """
    visits = np.bincount(place)
    rated = ~np.isnan(satisfaction)
    number = np.bincount(place[rated], minlength=len(visits))
    total = np.bincount(place[rated], weights=satisfaction[rated], minlength=len(visits))
    ids = np.flatnonzero(visits)
    ids = ids[np.argsort(-visits[ids], kind="stable")]
    nothing = np.full(len(ids), np.nan)
    mean = np.divide(total[ids], number[ids], out=nothing, where=number[ids] > 0)
    return Popularity(ids.astype(np.int64), visits[ids].astype(np.int64), mean)


def shares_of_counts(minute: Int, counts: Float) -> DailyProfile:
    """Return shares by time of day from counts at the ends of steps.

    Parameters
    ----------
    minute : ndarray of int64, shape (t,)
        Ends of steps, in minutes since the start; at least one.
    counts : ndarray, shape (k, t)
        Number of people in each group.
    """
    day, slot = (minute - 1) // DAY_MIN, (minute - 1) % DAY_MIN // SLOT_MIN
    now = day == day[-1]
    today = _mean_by_slot(slot[now], counts[:, now])
    return DailyProfile(today, _mean_by_slot(slot[~now], counts[:, ~now]))


def _mean_by_slot(slot: Int, counts: Float) -> Float:
    """Return shares by slot, NaN where there is no step; long steps fill the slots they span."""
    total = np.zeros((len(counts), _SLOTS))
    np.add.at(total.T, slot, counts.T)
    shares = _as_shares(total)
    known = np.flatnonzero(~np.isnan(shares[0]))
    if len(known) < 2:
        return shares
    step = int(np.diff(known).max())
    for row in range(known[0], known[-1]) if step > 1 else ():
        if np.isnan(shares[0, row]):
            shares[:, row] = shares[:, known[np.searchsorted(known, row)]]
    return shares


def shares_of_stays(start: Int, end: Int, kind: Int, *, days: int, kinds: int) -> Float:
    """Return shares by group and time of day, NaN where nobody did anything.

    Parameters
    ----------
    start, end : ndarray of int64, shape (n,)
        In minutes since a midnight; what ended before it does not count.
    kind : ndarray of int64, shape (n,)
        Numbers of the groups of purposes, from 0 to `kinds` - 1.
    days, kinds : int
        Number of days to take the mean over, and number of groups.
    """
    begin = np.maximum(start, 0)
    some = begin < end
    if not days or not some.any():
        return np.full((kinds, _SLOTS), np.nan)
    shares = occupancy(
        begin[some], end[some], kind[some], kinds=kinds, days=days, slot_min=SLOT_MIN
    )
    return _as_shares(shares)


def _as_shares(counts: Float) -> Float:
    total = counts.sum(axis=0)
    nothing = np.full_like(counts, np.nan)
    shares: Float = np.divide(counts, total, out=nothing, where=total > 0.0)
    return shares


def needs_series_of(hours: Sequence[HourOfNeeds], person: int, *, needs: int) -> NeedsSeries:
    """Return means over all people, and the needs of one person, hour by hour.

    Parameters
    ----------
    hours : sequence of HourOfNeeds
        The levels of everybody.
    person : int
        Id of the one person.
    needs : int
        Number of needs.
    """
    own = np.full((len(hours), needs), np.nan)
    for row, hour in enumerate(hours):
        (found,) = np.nonzero(hour.persons == person)
        if len(found):
            own[row] = hour.levels[found[0]]
    mean = np.array([hour.levels.mean(axis=0) for hour in hours]).reshape(-1, needs)
    return NeedsSeries(np.array([hour.minute for hour in hours], dtype=np.int64), mean, own)
