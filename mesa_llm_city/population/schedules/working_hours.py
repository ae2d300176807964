"""Days and hours of work and school, from who a person is and a little luck.

Where no source is named the number is an assumption about Japanese city life.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.population.categories import Occupation

__all__ = ["NIGHT_START_MIN", "Duty", "draw_duty"]

_JOBS = tuple(Occupation)


class Duty(NamedTuple):
    """Days and hours of work or school: arrays of shape (n,)."""

    days: Int
    start_min: Int
    minutes: Int


def _mask(*days: int) -> int:
    return sum(1 << day for day in days)


_WEEK = _mask(0, 1, 2, 3, 4)
_SIX = _mask(0, 1, 2, 3, 4, 5)
_ALL = _mask(0, 1, 2, 3, 4, 5, 6)
_TWO_OFF = tuple(_ALL - _mask(day, (day + 1) % 7) for day in range(7))

# Equally likely values; who is in none of the tables has no duty.
_DAYS: Mapping[Occupation, tuple[int, ...]] = {
    Occupation.PUPIL: (_WEEK,),
    Occupation.STUDENT: (_WEEK, _WEEK, _mask(0, 1, 2, 3), _mask(1, 2, 3, 4), _mask(0, 2, 4)),
    Occupation.OFFICE_WORKER: (_WEEK,) * 12 + (_SIX,),
    Occupation.SERVICE_WORKER: (*_TWO_OFF[:5], _ALL - _mask(0, 3), _ALL - _mask(2, 6), _WEEK),
    Occupation.SHIFT_WORKER: _TWO_OFF,
    Occupation.SELF_EMPLOYED: (_WEEK, _WEEK, _SIX, _SIX, _ALL - _mask(0), _ALL - _mask(2)),
}
_STARTS: Mapping[Occupation, tuple[int, ...]] = {
    Occupation.PUPIL: (510,),
    Occupation.STUDENT: (540, 540, 640, 640, 780),
    Occupation.OFFICE_WORKER: (480, 510, 510, 510, 540, 540, 540, 540, 540, 570, 600),
    Occupation.SERVICE_WORKER: (480, 540, 540, 570, 600, 600, 660, 720, 780),
    Occupation.SHIFT_WORKER: (360, 360, 840, 840, 1320),
    Occupation.SELF_EMPLOYED: (480, 510, 540, 540, 570, 600, 600, 660),
}
_LENGTHS: Mapping[Occupation, tuple[int, ...]] = {
    Occupation.PUPIL: (420,),
    Occupation.STUDENT: (180, 270, 360, 420),
    Occupation.OFFICE_WORKER: (510, 540, 540, 540, 570, 600, 660),
    Occupation.SERVICE_WORKER: (480, 510, 540, 540, 540, 600),
    Occupation.SHIFT_WORKER: (480,),
    Occupation.SELF_EMPLOYED: (420, 480, 540, 540, 600, 660),
}
_PART_TIME_JOBS = (Occupation.OFFICE_WORKER, Occupation.SERVICE_WORKER)
_PART_TIME_MIN = 300
NIGHT_START_MIN = 1320


def draw_duty(age: Int, female: Float, occupation: Int, luck: Float) -> Duty:
    """Draw days and hours of work or school.

    Parameters
    ----------
    age : ndarray of int64, shape (n,)
        In years.
    female : ndarray of float64, shape (n,)
        1 for women, 0 for men, 0.5 for others.
    occupation : ndarray of int64, shape (n,)
        Index in `Occupation`.
    luck : ndarray of float64, shape (n, 5)
        Uniform numbers in [0, 1).

    Returns
    -------
    Duty
        All zero for those without duty. Breaks count into the minutes.

    Notes
    -----
    Pupils are at school from 08:30 on weekdays, to 15:00 below the age of 12
    and to 15:30 above; students come later and on fewer days. Office hours
    begin between 08:00 and 10:00, most at 09:00; service workers also work at
    weekends; shifts are 06:00-14:00, 14:00-22:00 and 22:00-06:00. Part-timers
    (five hours a day) are more frequent among women, as in the Labour Force
    Survey 2020 of Japan, where 54 % of employed women and 22 % of the men held
    non-regular jobs; that about two thirds of these are part-time is assumed.
    """
    days = _pick(_DAYS, occupation, luck[:, 0])
    start = _pick(_STARTS, occupation, luck[:, 1])
    minutes = _pick(_LENGTHS, occupation, luck[:, 2])
    minutes = np.where((occupation == _JOBS.index(Occupation.PUPIL)) & (age < 12), 390, minutes)
    chance = np.where(age >= 65, 0.6, 0.14 + 0.22 * female)
    part_time = _are(occupation, _PART_TIME_JOBS) & (luck[:, 3] < chance)
    start = start + np.where(part_time & (luck[:, 4] < 0.4), 240, 0)
    return Duty(days, start, np.where(part_time, _PART_TIME_MIN, minutes))


def _pick(table: Mapping[Occupation, tuple[int, ...]], occupation: Int, luck: Float) -> Int:
    picked = np.zeros(len(occupation), dtype=np.int64)
    for job, values in table.items():
        here = occupation == _JOBS.index(job)
        picked[here] = np.array(values)[np.floor(luck[here] * len(values)).astype(np.int64)]
    return picked


def _are(occupation: Int, jobs: tuple[Occupation, ...]) -> NDArray[np.bool_]:
    return np.isin(occupation, [_JOBS.index(job) for job in jobs])
