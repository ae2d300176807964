"""A table of time use ready to be drawn from: one row for each kind of person and of day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.population import TimeUseParameters
from mesa_llm_city.population.time_use.dimensions import (
    ACTIVITIES,
    DAY_TYPES,
    EMPLOYMENT,
    YOUNGEST_CHILD,
)
from mesa_llm_city.population.time_use.table import TimeUseTable
from mesa_llm_city.population.time_use.work_targets import work_targets

__all__ = [
    "AWAY",
    "DRAWN",
    "KindRow",
    "LoopRows",
    "TableRows",
    "kind_row",
    "log_normal",
    "loop_rows_of",
    "mean_after_cut",
    "most_minutes",
    "rows_of",
]

AWAY = ("shopping", "services", "sport", "civic")
"""Activities that people leave home for."""

DRAWN = (
    "grooming",
    "housework",
    "care_of_household",
    "care_of_others",
    "education",
    "eating",
    *AWAY,
)
"""Activities that are drawn by whether and how long; those away from home come last."""

_DRAWN = [ACTIVITIES.index(name) for name in DRAWN]
_AWAY = [ACTIVITIES.index(name) for name in AWAY]
_SLEEP, _TRAVEL = ACTIVITIES.index("sleep"), ACTIVITIES.index("travel")
_WORK, _EDUCATION = ACTIVITIES.index("work"), ACTIVITIES.index("education")
# Beyond this a share of doing or not doing has no finite quantile.
_CERTAIN = 1.0 - 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class TableRows:
    """Values of n kinds of persons and days; row ``cell * 3 + day`` of a cell of `cells_of`.

    Attributes
    ----------
    share_work, share_education : ndarray of float64, shape (n,)
        Share of person-days with work, and with education.
    work_min : ndarray of float64, shape (n,)
        Mean minutes of those who work.
    usual, day_off, usual_min : ndarray of float64, shape (n,)
        Chances to work on usual days and on days off, and minutes on usual ones (see
        `WorkTargets`).
    leaves_home : ndarray of float64, shape (n,)
        Share of person-days away from home at some time.
    duty_min, duty_sd_min : ndarray of float64, shape (n,)
        Mean and standard deviation of the minutes of work and school of a day.
    quantile : ndarray of float64, shape (n, activities of `DRAWN`)
        Standard normal number above which each is done; for what people leave home for, on
        days on which they do.
    share_away : ndarray of float64, shape (n, activities of `AWAY`)
        Share of such days on which it is done.
    log_mean : ndarray of float64, shape (2 n, activities of `DRAWN`)
        Mean of the logarithm of the minutes; row 2 i is that of row i, and the next one is
        that of days with a long duty.
    log_sd : ndarray of float64, shape (n, activities of `DRAWN`)
        Standard deviation of these logarithms.
    sleep_mean : ndarray of float64, shape (2 n,)
        As `log_mean`, of sleep.
    sleep_sd : ndarray of float64, shape (n,)
        As `log_sd`, of sleep.
    """

    share_work: Float
    share_education: Float
    work_min: Float
    usual: Float
    day_off: Float
    usual_min: Float
    leaves_home: Float
    duty_min: Float
    duty_sd_min: Float
    quantile: Float
    share_away: Float
    log_mean: Float
    log_sd: Float
    sleep_mean: Float
    sleep_sd: Float


class KindRow(NamedTuple):
    """What a loop reads of one row of `TableRows`, as numbers."""

    share_work: float
    share_education: float
    work_min: float
    usual: float
    day_off: float
    usual_min: float
    leaves_home: float
    duty_min: float
    duty_sd_min: float
    sleep_sd: float
    sleep_mean: float
    sleep_mean_long: float


def kind_row(numbers: Float) -> KindRow:
    """Return one row of `LoopRows.of_kind` by name, in a form that is compiled."""
    return KindRow(
        numbers[0],
        numbers[1],
        numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        numbers[6],
        numbers[7],
        numbers[8],
        numbers[9],
        numbers[10],
        numbers[11],
    )


class LoopRows(NamedTuple):
    """The values of `TableRows` in as few arrays as loops are called fast with.

    Attributes
    ----------
    of_kind : ndarray of float64, shape (n, 12)
        Fields of `KindRow`.
    of_activity : ndarray of float64, shape (n, activities of `DRAWN`, 4)
        Quantile, standard deviation and both means of logarithms, without and with a long duty.
    share_away : ndarray of float64, shape (n, activities of `AWAY`)
        As in `TableRows`.
    """

    of_kind: Float
    of_activity: Float
    share_away: Float


@lru_cache(maxsize=16)
def loop_rows_of(table: TimeUseTable, parameters: TimeUseParameters) -> LoopRows:
    """Return a table as loops read it (see `rows_of`)."""
    rows = rows_of(table, parameters)
    sleep = rows.sleep_mean[::2], rows.sleep_mean[1::2]
    of_kind = [getattr(rows, name) for name in KindRow._fields[: -len(sleep)]]
    of_activity = rows.quantile, rows.log_sd, rows.log_mean[::2], rows.log_mean[1::2]
    return LoopRows(
        np.stack([*of_kind, *sleep], axis=1), np.stack(of_activity, axis=2), rows.share_away.copy()
    )


@lru_cache(maxsize=16)
def rows_of(table: TimeUseTable, parameters: TimeUseParameters) -> TableRows:
    """Return a table as rows that are drawn from.

    Parameters
    ----------
    table : TimeUseTable
        The table.
    parameters : TimeUseParameters
        Longest times, and how often people work. Those above a longest time are cut, and the
        others are as much longer as keeps the mean.
    """
    from scipy.special import ndtr, ndtri

    share, minutes, spread = (
        _flat(one) for one in (table.share_doing, table.doers_min, table.doers_sd_min)
    )
    leaves = share[:, _TRAVEL]
    asked = share.copy()
    asked[:, _AWAY] = share[:, _AWAY] / np.maximum(leaves, 1e-9)[:, np.newaxis]
    quantile = -ndtri(np.clip(asked, 1.0 - _CERTAIN, _CERTAIN))
    duty_min, duty_sd_min = _duties(share, minutes, spread)
    log_mean, log_sd = log_normal(minutes, spread)
    cut = _cut(log_mean, log_sd, parameters)
    usual, day_off, usual_min = _targets(share[:, _WORK], minutes[:, _WORK], parameters)
    return TableRows(
        share_work=share[:, _WORK],
        share_education=share[:, _EDUCATION],
        work_min=minutes[:, _WORK],
        usual=usual,
        day_off=day_off,
        usual_min=usual_min,
        leaves_home=leaves,
        duty_min=duty_min,
        duty_sd_min=duty_sd_min,
        quantile=quantile[:, _DRAWN],
        share_away=ndtr(-quantile[:, _AWAY]),
        log_mean=cut[:, _DRAWN],
        log_sd=log_sd[:, _DRAWN],
        sleep_mean=cut[:, _SLEEP],
        sleep_sd=log_sd[:, _SLEEP],
    )


def _flat(values: Float) -> Float:
    """Return values with one row for each kind of person and day, either sex included."""
    either = (values[0] + values[1]) / 2.0
    return np.concatenate([values, either[np.newaxis]]).reshape(-1, len(ACTIVITIES))


def _kinds(count: int) -> tuple[list[int], list[int]]:
    """Return the indices of employment and day of each row."""
    shape = (-1, len(EMPLOYMENT), len(YOUNGEST_CHILD), len(DAY_TYPES))
    at = np.arange(count).reshape(shape)
    employment = np.broadcast_to(np.arange(len(EMPLOYMENT))[:, np.newaxis, np.newaxis], at.shape)
    day = np.broadcast_to(np.arange(len(DAY_TYPES)), at.shape)
    return employment.ravel().tolist(), day.ravel().tolist()


def _duties(share: Float, minutes: Float, spread: Float) -> tuple[Float, Float]:
    """Return mean and standard deviation of the minutes of work and school of a day."""
    employment, _ = _kinds(len(share))
    works = np.array(employment) < EMPLOYMENT.index("none")
    mean = share * minutes
    square = np.maximum(share * (spread**2 + minutes**2) - mean**2, 0.0)
    return (
        works * mean[:, _WORK] + mean[:, _EDUCATION],
        np.sqrt(works * square[:, _WORK] + square[:, _EDUCATION]),
    )


def _cut(log_mean: Float, log_sd: Float, parameters: TimeUseParameters) -> Float:
    """Return mean logarithms after the cut: rows for days without and with a long duty in turn."""
    both = [
        mean_after_cut(
            log_mean, log_sd, most_minutes(parameters, ACTIVITIES)[long], parameters.most_lengthened
        )
        for long in (0, 1)
    ]
    return np.stack(both, axis=1).reshape(-1, len(ACTIVITIES))


@lru_cache(maxsize=32)
def most_minutes(parameters: TimeUseParameters, activities: tuple[str, ...]) -> Float:
    """Return the longest times of activities, in minutes, without and with a long duty; (2, k)."""
    longest = dict(parameters.most_min)
    on_duty = longest | dict(parameters.most_on_duty_min)
    return np.array(
        [[float(one.get(name, DAY_MIN)) for name in activities] for one in (longest, on_duty)]
    )


def _targets(share: Float, minutes: Float, parameters: TimeUseParameters) -> Float:
    """Return the numbers of `WorkTargets` of each row, 0 of who has no job; shape (3, n)."""
    duties = parameters.duties
    numbers = (duties.full, duties.part)
    found = np.zeros((3, len(share)))
    kinds = zip(*_kinds(len(share)), share.tolist(), minutes.tolist(), strict=True)
    for row, (employment, day, doing, lasts) in enumerate(kinds):
        if employment < len(numbers):
            found[:, row] = work_targets(
                doing,
                lasts,
                usual_share=getattr(numbers[employment], DAY_TYPES[day]),
                most_attendance=duties.most_attendance,
                day_off_min=duties.day_off_min,
            )
    return found


def mean_after_cut(log_mean: Float, log_sd: Float, most: Float, most_lengthened: float) -> Float:
    """Return the mean logarithm of numbers that have the same mean once they are cut.

    Parameters
    ----------
    log_mean, log_sd : ndarray of float64
        Mean and standard deviation of the logarithm of log-normal numbers.
    most : ndarray of float64
        Where they are cut.
    most_lengthened : float
        Greatest factor on the numbers.

    Returns
    -------
    ndarray of float64
        ``E min(X, c) = m F((ln c - mu - s^2) / s) + c (1 - F((ln c - mu) / s))`` with the
        normal distribution function F is solved for the logarithmic mean mu by four steps of
        a fixed point.

    Examples
    --------
    >>> at, spread = np.array([4.0]), np.array([1.0])
    >>> bool(mean_after_cut(at, spread, np.array([1e9]), 1.5)[0] == 4.0)
    True
    """
    from scipy.special import ndtr

    spread = np.maximum(log_sd, 1e-6)
    wanted, shifted = np.exp(log_mean + spread**2 / 2.0), log_mean
    for _ in range(4):
        mean = np.exp(shifted + spread**2 / 2.0)
        gap = np.log(most) - shifted
        cut = mean * ndtr(gap / spread - spread) + most * (1.0 - ndtr(gap / spread))
        shifted = np.clip(
            shifted + np.log(wanted / cut), log_mean, log_mean + math.log(most_lengthened)
        )
    return shifted


def log_normal(mean: Float, sd: Float) -> tuple[Float, Float]:
    """Return mean and standard deviation of the logarithm of log-normal numbers.

    Parameters
    ----------
    mean, sd : ndarray of float64
        Mean and standard deviation of the numbers themselves; means are positive.

    Examples
    --------
    >>> log_mean, log_sd = log_normal(np.array([100.0]), np.array([50.0]))
    >>> round(float(np.exp(log_mean + log_sd**2 / 2)[0]))
    100
    """
    variance = np.log1p((sd / mean) ** 2)
    return np.log(mean) - variance / 2.0, np.sqrt(variance)
