"""Work and school of one day: whether, from when, for how long, and where."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters.population import DutyParameters
from mesa_llm_city.population.categories import EMPLOYED, MAX_AGE, Occupation
from mesa_llm_city.population.people_columns import NOBODY, PeopleColumns
from mesa_llm_city.population.time_use.cells import among, is_in
from mesa_llm_city.population.time_use.dimensions import EMPLOYMENT
from mesa_llm_city.population.time_use.duty_loops import DutyNumbers
from mesa_llm_city.population.time_use.row import TableRows

__all__ = ["DRAWS", "LEARNERS", "Duties", "draw_duties", "duty_groups", "duty_numbers"]

DRAWS = 3
"""Uniform numbers for one day: whether and where, begin, and length."""

LEARNERS = frozenset({Occupation.PUPIL, Occupation.STUDENT})
"""Occupations whose duty is school."""

_LEARN = tuple(LEARNERS)
_FULL, _PART = EMPLOYMENT.index("full"), EMPLOYMENT.index("part")


class Duties(NamedTuple):
    """Work and school of m persons on one day; arrays of shape (m,).

    Attributes
    ----------
    has : ndarray of bool
        Whether there is any; the rest is 0 where there is none.
    is_school : ndarray of bool
        Whether it is school.
    start_min : ndarray of float64
        When it begins, in minutes from midnight of the day.
    minutes : ndarray of float64
        How long it takes, without the break for a meal.
    at_home : ndarray of bool
        Whether it is done at home.
    is_usual : ndarray of bool
        Whether the day is one of the person's usual days of work or school.
    """

    has: Bool
    is_school: Bool
    start_min: Float
    minutes: Float
    at_home: Bool
    is_usual: Bool

    @classmethod
    def none(cls, count: int) -> Duties:
        """Return a day without duty for some persons."""
        flags = (np.zeros(count, dtype=bool) for _ in range(4))
        has, is_school, at_home, is_usual = flags
        return cls(has, is_school, np.zeros(count), np.zeros(count), at_home, is_usual)

    def take(self, rows: Int | slice) -> Duties:
        """Return some of the rows."""
        return Duties(
            self.has[rows],
            self.is_school[rows],
            self.start_min[rows],
            self.minutes[rows],
            self.at_home[rows],
            self.is_usual[rows],
        )


def draw_duties(
    people: PeopleColumns,
    table: TableRows,
    kind: Int,
    uniforms: Float,
    *,
    employment: NDArray[np.integer[Any]],
    is_usual_day: Bool,
    parameters: DutyParameters,
) -> Duties:
    """Draw work or school of one day.

    Parameters
    ----------
    people : PeopleColumns
        The persons; habits say on which days, from when and how long they work as a rule.
    table : TableRows
        Time use by kind of person and day.
    kind : ndarray of int64, shape (m,)
        Rows of the table.
    uniforms : ndarray of float64, shape (m, DRAWS)
        Uniform numbers in [0, 1).
    employment : ndarray of int, shape (m,)
        Indices in `EMPLOYMENT`.
    is_usual_day : ndarray of bool, shape (m,)
        Whether the person works or learns on this day of the week, and it is no holiday.
    parameters : DutyParameters
        How duties vary.
    """
    duties = Duties.none(len(people))
    bound = people.work != NOBODY
    learns = is_in(people, _LEARN) & bound
    draw = _Draw(people, table, kind, uniforms, parameters)
    if learns.any():
        draw.school(duties, np.flatnonzero(learns & is_usual_day))
        job = learns & ~duties.has & (employment == _PART)
        draw.learner_jobs(duties, np.flatnonzero(job), is_usual_day)
    works = is_in(people, EMPLOYED) & bound
    draw.usual_work(duties, np.flatnonzero(works & is_usual_day), employment)
    draw.work_on_days_off(duties, np.flatnonzero(works & ~is_usual_day))
    return duties


@lru_cache(maxsize=8)
def duty_numbers(parameters: DutyParameters) -> DutyNumbers:
    """Return what loops over persons read of the parameters."""
    scalars = (
        parameters.full.span_min,
        parameters.part.span_min,
        parameters.most_attendance,
        parameters.start_sd_min,
        parameters.flexible_start_sd_min,
        parameters.length_sd_min,
        parameters.at_home,
        parameters.day_off_at_home,
        parameters.shortest_min,
        parameters.longest_min,
        parameters.day_off_min,
        parameters.day_off_length_sd_min,
        parameters.day_off_start_min,
        parameters.day_off_start_sd_min,
        parameters.learner_job_start_min,
        parameters.learner_job_start_sd_min,
        parameters.learner_job_until_min,
        parameters.studies_from_age,
    )
    return DutyNumbers(*(float(one) for one in scalars))


@lru_cache(maxsize=8)
def duty_groups(parameters: DutyParameters) -> tuple[Bool, Float]:
    """Return who has which duties, as loops read it.

    Returns
    -------
    ndarray of bool, shape (3, occupations)
        Whether hours are flexible, and whether the duty is work or school.
    ndarray of float64, shape (ages,)
        Share of people who learn by age.
    """
    kinds = (parameters.flexible_jobs, EMPLOYED, _LEARN)
    ages = np.arange(MAX_AGE + 1)
    return np.stack([among(one) for one in kinds]), np.interp(ages, *parameters.learners.knots)


class _Draw:
    """Persons on a day, and the numbers from which their duties are drawn."""

    def __init__(
        self,
        people: PeopleColumns,
        table: TableRows,
        kind: Int,
        uniforms: Float,
        parameters: DutyParameters,
    ) -> None:
        self.people, self.table, self.kind = people, table, kind
        self.uniforms, self.parameters = uniforms, parameters
        self.flexible = is_in(people, parameters.flexible_jobs)

    def school(self, duties: Duties, rows: Int) -> None:
        """Let learners go to school on usual days."""
        people, parameters = self.people, self.parameters
        learners = np.interp(people.age[rows], *parameters.learners.knots)
        share = self.table.share_education[self.kind[rows]] / learners
        rows, _ = self._with_chance(rows, np.minimum(share, parameters.most_attendance))
        if not len(rows):
            return
        # School begins at the same time every day; a lesson is later or earlier for students.
        start = people.work_start_min[rows]
        moved = np.rint(start + parameters.flexible_start_sd_min * self._normal(rows, 1))
        duties.has[rows] = duties.is_school[rows] = duties.is_usual[rows] = True
        duties.start_min[rows] = np.where(self.flexible[rows], moved, start)
        duties.minutes[rows] = people.work_minutes[rows]

    def learner_jobs(self, duties: Duties, rows: Int, is_school_day: Bool) -> None:
        """Let learners with a job work."""
        parameters, kind = self.parameters, self.kind
        rows, _ = self._with_chance(rows, self.table.share_work[kind[rows]])
        if not len(rows):
            return
        start = np.where(
            is_school_day[rows], parameters.learner_job_start_min, parameters.day_off_start_min
        )
        start = start + parameters.learner_job_start_sd_min * self._normal(rows, 1)
        minutes = self.table.work_min[kind[rows]]
        minutes = minutes + parameters.length_sd_min * self._normal(rows, 2)
        longest = parameters.learner_job_until_min - start
        duties.has[rows], duties.start_min[rows] = True, start
        duties.minutes[rows] = np.minimum(np.maximum(minutes, parameters.shortest_min), longest)

    def usual_work(self, duties: Duties, rows: Int, employment: NDArray[np.integer[Any]]) -> None:
        """Let people work on usual days."""
        people, parameters, table = self.people, self.parameters, self.table
        rows, where = self._with_chance(rows, table.usual[self.kind[rows]])
        if not len(rows):
            return
        flexible = self.flexible[rows]
        spread = np.where(flexible, parameters.flexible_start_sd_min, parameters.start_sd_min)
        start = people.work_start_min[rows] + spread * self._normal(rows, 1)
        is_full = employment[rows] == _FULL
        span = np.where(is_full, parameters.full.span_min, parameters.part.span_min)
        minutes = table.usual_min[self.kind[rows]] + people.work_minutes[rows] - span
        minutes += parameters.length_sd_min * self._normal(rows, 2)
        at_home = flexible & (where < parameters.at_home)
        duties.is_usual[rows] = True
        self._work(duties, rows, start, minutes, at_home)

    def work_on_days_off(self, duties: Duties, rows: Int) -> None:
        """Let people work on days on which they usually do not."""
        parameters = self.parameters
        rows, where = self._with_chance(rows, self.table.day_off[self.kind[rows]])
        if not len(rows):
            return
        start = parameters.day_off_start_min + (
            parameters.day_off_start_sd_min * self._normal(rows, 1)
        )
        minutes = parameters.day_off_min + (
            parameters.day_off_length_sd_min * self._normal(rows, 2)
        )
        at_home = where < parameters.day_off_at_home
        self._work(duties, rows, start, minutes, at_home)

    def _work(self, duties: Duties, rows: Int, start: Float, minutes: Float, at_home: Bool) -> None:
        parameters = self.parameters
        lasts = np.minimum(np.maximum(minutes, parameters.shortest_min), parameters.longest_min)
        duties.has[rows], duties.at_home[rows] = True, at_home
        duties.start_min[rows], duties.minutes[rows] = np.maximum(start, 0.0), lasts

    def _with_chance(self, rows: Int, chance: Float) -> tuple[Int, Float]:
        """Return the rows whose number is below their chance, and a further number of each.

        Below a chance, a uniform number over the chance is uniform again.
        """
        is_done = self.uniforms[rows, 0] < chance
        some = rows[is_done]
        return some, self.uniforms[some, 0] / chance[is_done]

    def _normal(self, rows: Int, column: int) -> Float:
        return normal_of(self.uniforms[rows, column])
