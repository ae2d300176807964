"""Days and hours of work and school, drawn by occupation, age and gender."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.population import WorkParameters, day_mask
from mesa_llm_city.population.categories import Occupation

__all__ = ["WorkingHours", "draw_working_hours"]

_OCCUPATIONS = tuple(Occupation)


class WorkingHours(NamedTuple):
    """Days and hours of work or school of n persons: arrays of shape (n,).

    Attributes
    ----------
    days : ndarray of int64
        Days of work or school as seven bits, Monday the lowest; 0 for none.
    start_min : ndarray of int64
        When work or school begins, in minutes from midnight.
    minutes : ndarray of int64
        From its begin to its end, breaks included.
    """

    days: Int
    start_min: Int
    minutes: Int


def draw_working_hours(
    age: Int, female: Float, occupation: Int, draws: Float, parameters: WorkParameters
) -> WorkingHours:
    """Draw days and hours of work or school.

    Parameters
    ----------
    age : ndarray of int64, shape (n,)
        In years.
    female : ndarray of float64, shape (n,)
        1 for women, 0 for men, 0.5 for others.
    occupation : ndarray of int64, shape (n,)
        Index in `Occupation`.
    draws : ndarray of float64, shape (n, 5)
        Uniform numbers in [0, 1): for days, begin, length, part time, and the begin of
        part time.
    parameters : WorkParameters
        Days and hours by occupation, and part time.

    Returns
    -------
    WorkingHours
        All zero for those who neither work nor learn.

    Notes
    -----
    By default pupils are at school from 08:30 on weekdays, to 15:00 below the age of
    12 and to 15:30 above; students come later and on fewer days. Office hours begin
    between 08:00 and 10:00, most at 09:00; service workers also work at weekends;
    shifts are 06:00-14:00, 14:00-22:00 and 22:00-06:00. These are assumptions about
    Japanese city life. Part-timers (five hours a day) are more frequent among women,
    as in the Labour Force Survey 2020 of Japan, where 54 % of employed women and 22 %
    of the men held non-regular jobs; that about two thirds of these are part-time is
    assumed.
    """
    masks = {job: [day_mask(one) for one in days] for job, days in parameters.days.items()}
    days = _pick(masks, occupation, draws[:, 0])
    start = _pick(parameters.start_min, occupation, draws[:, 1])
    minutes = _pick(parameters.minutes, occupation, draws[:, 2])
    young = (occupation == _code("pupil")) & (age < parameters.young_pupil_under)
    minutes = np.where(young, parameters.young_pupil_minutes, minutes)
    part_time = np.isin(occupation, [_code(job) for job in parameters.part_time_jobs])
    part_time &= draws[:, 3] < _part_time_share(age, female, parameters)
    late = part_time & (draws[:, 4] < parameters.late_part_time_share)
    return WorkingHours(
        days,
        start + np.where(late, parameters.late_part_time_min, 0),
        np.where(part_time, parameters.part_time_minutes, minutes),
    )


def _part_time_share(age: Int, female: Float, parameters: WorkParameters) -> Float:
    usual = parameters.part_time_men + parameters.part_time_women_more * female
    return np.where(age >= parameters.older_from, parameters.part_time_older, usual)


def _pick(table: Mapping[str, Sequence[int]], occupation: Int, draws: Float) -> Int:
    """Return one of the equally likely values of each person's occupation, 0 without any."""
    picked = np.zeros(len(occupation), dtype=np.int64)
    for job, values in table.items():
        here = occupation == _code(job)
        picked[here] = np.array(values)[np.floor(draws[here] * len(values)).astype(np.int64)]
    return picked


def _code(job: str) -> int:
    return _OCCUPATIONS.index(Occupation(job))
