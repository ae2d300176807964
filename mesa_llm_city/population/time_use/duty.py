"""Work and school of one day: whether, from when, for how long, and where."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.population import DutyParameters, UsualDutyParameters
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.population.persona import Persona
from mesa_llm_city.population.time_use.dimensions import ACTIVITIES, DAY_TYPES, EMPLOYMENT
from mesa_llm_city.population.time_use.row import DayRow

__all__ = ["DRAWS", "LEARNERS", "Duty", "WorkTargets", "draw_duty", "work_targets"]

DRAWS = 4
"""Standard normal numbers for one day: whether, begin, length, and where."""

_WORK, _EDUCATION = ACTIVITIES.index("work"), ACTIVITIES.index("education")
LEARNERS = frozenset({Occupation.PUPIL, Occupation.STUDENT})
"""Occupations whose duty is school."""


class Duty(NamedTuple):
    """Work or school on one day.

    Attributes
    ----------
    is_school : bool
        Whether it is school.
    start_min : float
        When it begins, in minutes from midnight of the day.
    minutes : float
        How long it takes, without the break for a meal.
    at_home : bool
        Whether it is done at home.
    is_usual : bool
        Whether the day is one of the person's usual days of work or school.
    """

    is_school: bool
    start_min: float
    minutes: float
    at_home: bool
    is_usual: bool


class WorkTargets(NamedTuple):
    """How often and how long people work, by whether the day is a usual one.

    Attributes
    ----------
    usual, day_off : float
        Chance to work on a usual day, and on a day off.
    usual_min : float
        Mean minutes of work on a usual day.
    """

    usual: float
    day_off: float
    usual_min: float


def work_targets(
    share: float,
    doers_min: float,
    *,
    usual_share: float,
    most_attendance: float,
    day_off_min: float,
) -> WorkTargets:
    """Return with what chances a share of people works of whom a share has the day as usual.

    Parameters
    ----------
    share, doers_min : float
        Share of people who work on such a day, and their mean minutes.
    usual_share : float
        Share of people for whom it is a usual day.
    most_attendance : float
        Greatest chance to work on a usual day.
    day_off_min : float
        Mean minutes of those who work on a day off.

    Notes
    -----
    With the share u of usual days, the chances a on them and b on days off, and the minutes
    m and o, the share is ``u a + (1 - u) b`` and the minutes are those told:
    ``(u a m + (1 - u) b o) / share``. As many as possible work on usual days.

    Examples
    --------
    >>> work_targets(0.5, 400, usual_share=0.4, most_attendance=1.0, day_off_min=200.0)
    WorkTargets(usual=1.0, day_off=0.16666666666666663, usual_min=450.0)
    """
    usual = min(most_attendance, share / usual_share)
    of_usual = usual_share * usual
    beyond = max(share - of_usual, 0.0)
    day_off = min(beyond / (1.0 - usual_share), most_attendance) if usual_share < 1.0 else 0.0
    minutes = (share * doers_min - beyond * day_off_min) / of_usual if of_usual else doers_min
    return WorkTargets(usual, day_off, minutes)


def draw_duty(
    persona: Persona,
    row: DayRow,
    draws: Float,
    *,
    day_type: int,
    employment: int,
    is_usual_day: bool,
    parameters: DutyParameters,
) -> Duty | None:
    """Draw work or school of one day.

    Parameters
    ----------
    persona : Persona
        The person; habits say on which days, from when and how long they work as a rule.
    row : DayRow
        Time use of such people on such days.
    draws : ndarray of float64, shape (DRAWS,)
        Standard normal numbers.
    day_type, employment : int
        Indices in `DAY_TYPES` and `EMPLOYMENT`.
    is_usual_day : bool
        Whether the person works or learns on this day of the week, and it is no holiday.
    parameters : DutyParameters
        How duties vary.

    Returns
    -------
    Duty or None
        None on a day without.
    """
    learns = persona.occupation in LEARNERS
    if learns and is_usual_day and persona.work is not None:
        duty = _school(persona, row, draws, parameters)
        if duty is not None:
            return duty
    if learns and persona.work is not None and EMPLOYMENT[employment] == "part":
        return _learner_job(row, draws, parameters, is_school_day=is_usual_day)
    if persona.is_employed and persona.work is not None:
        numbers = parameters.full if EMPLOYMENT[employment] == "full" else parameters.part
        return _work(
            persona,
            _targets(row, numbers, DAY_TYPES[day_type], parameters),
            draws,
            span_min=numbers.span_min,
            is_usual=is_usual_day,
            parameters=parameters,
        )
    return None


def _chance(draw: float) -> float:
    """Return the rank in [0, 1] of a standard normal number."""
    from scipy.special import ndtr

    return float(ndtr(draw))


def _start(persona: Persona, draw: float, parameters: DutyParameters) -> float:
    flexible = persona.occupation in parameters.flexible_jobs
    spread = parameters.flexible_start_sd_min if flexible else parameters.start_sd_min
    return persona.habits.work_start_min + spread * draw


def _school(persona: Persona, row: DayRow, draws: Float, parameters: DutyParameters) -> Duty | None:
    learners = float(np.interp(persona.age, *parameters.learners.knots))
    attends = min(float(row.share[_EDUCATION]) / learners, parameters.most_attendance)
    if _chance(draws[0]) >= attends:
        return None
    # School begins at the same time every day; a lesson is later or earlier for students.
    start = persona.habits.work_start_min
    if persona.occupation in parameters.flexible_jobs:
        start = round(_start(persona, draws[1], parameters))
    return Duty(
        is_school=True,
        start_min=start,
        minutes=persona.habits.work_minutes,
        at_home=False,
        is_usual=True,
    )


def _learner_job(
    row: DayRow, draws: Float, parameters: DutyParameters, *, is_school_day: bool
) -> Duty | None:
    if _chance(draws[0]) < 1.0 - row.share[_WORK]:
        return None
    start = parameters.learner_job_start_min if is_school_day else parameters.day_off_start_min
    start += parameters.learner_job_start_sd_min * draws[1]
    minutes = float(row.doers_min[_WORK]) + parameters.length_sd_min * draws[2]
    longest = parameters.learner_job_until_min - start
    return Duty(
        is_school=False,
        start_min=start,
        minutes=min(max(minutes, parameters.shortest_min), longest),
        at_home=False,
        is_usual=False,
    )


def _targets(
    row: DayRow, usual: UsualDutyParameters, day: str, parameters: DutyParameters
) -> WorkTargets:
    return work_targets(
        float(row.share[_WORK]),
        float(row.doers_min[_WORK]),
        usual_share=getattr(usual, day),
        most_attendance=parameters.most_attendance,
        day_off_min=parameters.day_off_min,
    )


def _work(
    persona: Persona,
    targets: WorkTargets,
    draws: Float,
    *,
    span_min: float,
    is_usual: bool,
    parameters: DutyParameters,
) -> Duty | None:
    if _chance(draws[0]) >= (targets.usual if is_usual else targets.day_off):
        return None
    if is_usual:
        flexible = persona.occupation in parameters.flexible_jobs
        start = _start(persona, draws[1], parameters)
        minutes = targets.usual_min + persona.habits.work_minutes - span_min
        minutes += parameters.length_sd_min * draws[2]
        at_home = flexible and _chance(draws[3]) < parameters.at_home
    else:
        start = parameters.day_off_start_min + parameters.day_off_start_sd_min * draws[1]
        minutes = parameters.day_off_min + parameters.day_off_length_sd_min * draws[2]
        at_home = _chance(draws[3]) < parameters.day_off_at_home
    return Duty(
        is_school=False,
        start_min=max(float(start), 0.0),
        minutes=min(max(float(minutes), parameters.shortest_min), parameters.longest_min),
        at_home=at_home,
        is_usual=is_usual,
    )
