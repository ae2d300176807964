"""Work and school of one person on one day, in a form that is compiled (see `kernels`).

It does what `draw_duties` does for columns. Functions take numbers rather than columns, since
each array that is handed over is counted by whom it is used.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.draw_loops import normal_at
from mesa_llm_city.core.values import Float
from mesa_llm_city.population.time_use.dimensions import EMPLOYMENT
from mesa_llm_city.population.time_use.row import KindRow

__all__ = ["DutyNumbers", "OneDuty", "OnePerson", "draw_duty"]

_FULL, _PART = EMPLOYMENT.index("full"), EMPLOYMENT.index("part")


class DutyNumbers(NamedTuple):
    """Numbers of `DutyParameters`: lengths of usual days of work, and fields of the parameters."""

    full_span_min: float
    part_span_min: float
    most_attendance: float
    start_sd_min: float
    flexible_start_sd_min: float
    length_sd_min: float
    at_home: float
    day_off_at_home: float
    shortest_min: float
    longest_min: float
    day_off_min: float
    day_off_length_sd_min: float
    day_off_start_min: float
    day_off_start_sd_min: float
    learner_job_start_min: float
    learner_job_start_sd_min: float
    learner_job_until_min: float
    studies_from_age: float


class OnePerson(NamedTuple):
    """What the days of one person depend on.

    Attributes
    ----------
    age : int
        In years.
    learners : float
        Share of people of this age who learn.
    is_flexible, is_employed, learns : bool
        Whether the occupation has flexible hours, and whether its duty is work or school.
    has_place, is_at_work : bool
        Whether there is a place of work or school, and whether it is the residence.
    employment : int
        Position in `EMPLOYMENT`.
    need : float32
        How much the person sleeps compared with others, in standard deviations.
    wake_min, bed_min, work_days, work_start_min, work_minutes : int
        Habits of sleep and duty.
    """

    age: int
    learners: float
    is_flexible: bool
    is_employed: bool
    learns: bool
    has_place: bool
    is_at_work: bool
    employment: int
    need: np.float32
    wake_min: int
    bed_min: int
    work_days: int
    work_start_min: int
    work_minutes: int


class OneDuty(NamedTuple):
    """Work or school of one person on one day (see `Duties`)."""

    has: bool
    is_school: bool
    start_min: float
    minutes: float
    at_home: bool
    is_usual: bool


def draw_duty(
    person: OnePerson,
    table: KindRow,
    uniforms: Float,
    is_usual_day: bool,  # noqa: FBT001 - compiled loops take no keywords
    numbers: DutyNumbers,
) -> OneDuty:
    """Draw work or school of one day.

    Parameters
    ----------
    person : OnePerson
        The person.
    table : KindRow
        Time use of this kind of person and day.
    uniforms : ndarray of float64, shape (n,)
        Uniform numbers in [0, 1), of which the first `DRAWS` are taken.
    is_usual_day : bool
        Whether the person works or learns on this day of the week, and it is no holiday.
    numbers : DutyNumbers
        The parameters.
    """
    duty = _none()
    if not person.has_place:
        return duty
    first, second, third = uniforms[0], uniforms[1], uniforms[2]
    if person.learns:
        if is_usual_day:
            duty = _school(person, table, first, second, numbers)
        if not duty.has and person.employment == _PART and first < table.share_work:
            duty = _learner_job(table, second, third, is_usual_day, numbers)
    elif person.is_employed:
        if is_usual_day and first < table.usual:
            duty = _usual_work(person, table, first, second, third, numbers)
        elif not is_usual_day and first < table.day_off:
            duty = _work_on_day_off(table, first, second, third, numbers)
    return duty


def _school(
    person: OnePerson, table: KindRow, first: float, second: float, numbers: DutyNumbers
) -> OneDuty:
    """Let a learner go to school on a usual day."""
    share = table.share_education / person.learners
    if not first < min(share, numbers.most_attendance):
        return _none()
    start = float(person.work_start_min)
    if person.is_flexible:
        start = np.rint(start + numbers.flexible_start_sd_min * normal_at(second))
    return OneDuty(
        has=True,
        is_school=True,
        start_min=start,
        minutes=float(person.work_minutes),
        at_home=False,
        is_usual=True,
    )


def _learner_job(
    table: KindRow,
    second: float,
    third: float,
    is_school_day: bool,  # noqa: FBT001 - compiled loops take no keywords
    numbers: DutyNumbers,
) -> OneDuty:
    """Let a learner with a job work."""
    start = numbers.learner_job_start_min if is_school_day else numbers.day_off_start_min
    start = start + numbers.learner_job_start_sd_min * normal_at(second)
    minutes = table.work_min + numbers.length_sd_min * normal_at(third)
    minutes = min(max(minutes, numbers.shortest_min), numbers.learner_job_until_min - start)
    return OneDuty(
        has=True, is_school=False, start_min=start, minutes=minutes, at_home=False, is_usual=False
    )


def _usual_work(  # noqa: PLR0917 - compiled loops take no keywords
    person: OnePerson,
    table: KindRow,
    first: float,
    second: float,
    third: float,
    numbers: DutyNumbers,
) -> OneDuty:
    """Let somebody work on a usual day."""
    spread = numbers.flexible_start_sd_min if person.is_flexible else numbers.start_sd_min
    start = person.work_start_min + spread * normal_at(second)
    is_full = person.employment == _FULL
    span = numbers.full_span_min if is_full else numbers.part_span_min
    minutes = table.usual_min + person.work_minutes - span
    minutes += numbers.length_sd_min * normal_at(third)
    # Below a chance, a uniform number over the chance is uniform again.
    at_home = person.is_flexible and first / table.usual < numbers.at_home
    return _work(start, minutes, at_home, numbers, is_usual=True)


def _work_on_day_off(
    table: KindRow, first: float, second: float, third: float, numbers: DutyNumbers
) -> OneDuty:
    """Let somebody work on a day on which they usually do not."""
    start = numbers.day_off_start_min + numbers.day_off_start_sd_min * normal_at(second)
    minutes = numbers.day_off_min + numbers.day_off_length_sd_min * normal_at(third)
    at_home = first / table.day_off < numbers.day_off_at_home
    return _work(start, minutes, at_home, numbers, is_usual=False)


def _work(
    start: float,
    minutes: float,
    at_home: bool,  # noqa: FBT001 - compiled code takes no keyword-only parameters
    numbers: DutyNumbers,
    is_usual: bool,  # noqa: FBT001 - likewise
) -> OneDuty:
    lasts = min(max(minutes, numbers.shortest_min), numbers.longest_min)
    return OneDuty(
        has=True,
        is_school=False,
        start_min=max(start, 0.0),
        minutes=lasts,
        at_home=at_home,
        is_usual=is_usual,
    )


def _none() -> OneDuty:
    return OneDuty(
        has=False, is_school=False, start_min=0.0, minutes=0.0, at_home=False, is_usual=False
    )
