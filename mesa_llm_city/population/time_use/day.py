"""One day of one person, drawn from a table of time use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.population import DutyParameters, TimeUseParameters
from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.persona import Persona
from mesa_llm_city.population.time_use.cells import cell_of
from mesa_llm_city.population.time_use.dimensions import ACTIVITIES
from mesa_llm_city.population.time_use.duty import DRAWS, LEARNERS, Duty, draw_duty
from mesa_llm_city.population.time_use.row import AWAY, DayRow, day_row
from mesa_llm_city.population.time_use.table import TimeUseTable

__all__ = ["DayDraw", "draw_day"]

_COUNT = len(ACTIVITIES)
_WORK, _EDUCATION = ACTIVITIES.index("work"), ACTIVITIES.index("education")
_SLEEP = ACTIVITIES.index("sleep")
_EVEN_LEVEL = 2
_PER_LEVEL = math.sqrt(1.5)  # levels of three equal groups then have a variance of 1


class DayDraw(NamedTuple):
    """What a person aims to do on one day.

    Attributes
    ----------
    duty : Duty or None
        Work or school.
    minutes : mapping of str to float
        Minutes by activity of the table, 0 for what is not done. Work, leisure and travel are
        not among them, and of education what is learnt at home.
    leaves_home : bool
        Whether the person leaves home at all.
    ranks, shares, lengths : mapping of str to float
        Of what people leave home for: the activity is done if its rank, in [0, 1], is below
        its share on days away from home, and then takes its length in minutes.
    """

    duty: Duty | None
    minutes: Mapping[str, float]
    leaves_home: bool
    ranks: Mapping[str, float]
    shares: Mapping[str, float]
    lengths: Mapping[str, float]

    def away_min(self, activity: str, factor: float = 1.0) -> float:
        """Return the minutes of something away from home if it is more or less likely.

        Parameters
        ----------
        activity : str
            What people leave home for.
        factor : float, default 1
            What its share is multiplied by.
        """
        is_done = self.leaves_home and self.ranks[activity] < self.shares[activity] * factor
        return self.lengths[activity] if is_done else 0.0


def draw_day(
    persona: Persona,
    day: int,
    *,
    clock: Clock,
    streams: RandomStreams,
    table: TimeUseTable,
    parameters: TimeUseParameters,
    sleep_need: float = 0.0,
) -> DayDraw:
    """Draw what a person aims to do on a day.

    Parameters
    ----------
    persona : Persona
        The person.
    day : int
        Index of the day; -1 is the day before the run.
    clock : Clock
        The calendar.
    streams : RandomStreams
        Random streams of the person.
    table : TimeUseTable
        Shares and minutes by kind of person and day.
    parameters : TimeUseParameters
        How days of a person differ.
    sleep_need : float, default 0
        How much the person sleeps compared with others, in standard deviations.

    Notes
    -----
    An activity with the share p is done if a standard normal number z exceeds the quantile of
    1 - p, and takes ``exp(m + s z')`` minutes, which have the mean and standard deviation of
    the table. Each z is ``sqrt(w) person + sqrt(1 - w) day`` with the share w of the person
    in the variance, and is correlated by r with how few of the minutes of work and school of
    the day are taken. The part of the person is correlated with personality as the parameters
    say. So shares and minutes of the table hold over all people and days, while people differ,
    and their days too. Who has no duty away from home leaves it with the chance that gives the
    table's share of people with travel; what people leave home for is then as much more
    frequent.
    """
    has_job = persona.occupation in LEARNERS and _has_job(persona, streams, parameters)
    cell = cell_of(persona, full_time_from_h=parameters.full_time_from_h, has_job=has_job)
    kind = clock.day_type(day)
    longer = parameters.most_lengthened
    row = day_row(table, cell, kind, _most(parameters, is_duty_day=False), longer)
    day_numbers = streams.on("time_use", day=day).standard_normal(2 * _COUNT + DRAWS + 1)
    usual = persona.habits.works_on(clock.weekday(day * DAY_MIN))
    duty = draw_duty(
        persona,
        row,
        day_numbers[-DRAWS:],
        day_type=kind,
        employment=cell.employment,
        is_usual_day=usual and not clock.is_holiday(day * DAY_MIN),
        parameters=parameters.duties,
    )
    person = _person(streams, persona, parameters)
    leaves = _leaves_home(
        persona, row, duty, _mixed(person[-1], day_numbers[2 * _COUNT], parameters), parameters
    )
    is_long = duty is not None and duty.minutes >= parameters.long_duty_min
    most = _most(parameters, is_duty_day=is_long)
    row = day_row(table, cell, kind, most, longer)
    score = _scores(
        person[:-1], day_numbers[: 2 * _COUNT], _free(row, duty, parameters), parameters
    )
    score[1, _SLEEP] += math.sqrt(parameters.person_share) * sleep_need
    minutes = _minutes(row, score, most, parameters, leaves=leaves)
    minutes["education"] = (
        _study_at_home(minutes["education"], duty, is_usual=usual)
        if persona.occupation in LEARNERS
        else _study_of_others(persona, row, score, minutes["education"], parameters.duties)
    )
    return DayDraw(duty, minutes, leaves, **_away(row, score, most, parameters))


def _has_job(persona: Persona, streams: RandomStreams, parameters: TimeUseParameters) -> bool:
    share = np.interp(persona.age, *parameters.duties.learner_jobs.knots)
    return bool(streams.trait("time_use.job").random() < share)


def _person(streams: RandomStreams, persona: Persona, parameters: TimeUseParameters) -> Float:
    """Return the part of the person in each number; sleep has a need of its own instead."""
    numbers = streams.trait("time_use.person").standard_normal(2 * _COUNT + 1)
    by_trait, rest = _personality(parameters)
    level = (np.array(persona.big_five) - _EVEN_LEVEL) * _PER_LEVEL
    own = rest * numbers[:-1].reshape(2, _COUNT) + by_trait @ level
    numbers[:-1] = own.ravel()
    numbers[_COUNT + _SLEEP] = 0.0
    return numbers


@lru_cache(maxsize=8)
def _personality(parameters: TimeUseParameters) -> tuple[Float, Float]:
    """Return correlations by activity and trait, and what is left for all else by activity."""
    found = np.array(
        [
            [getattr(parameters.personality, trait).get(name, 0.0) for trait in BigFive._fields]
            for name in ACTIVITIES
        ]
    )
    return found, np.sqrt(np.maximum(1.0 - (found**2).sum(axis=1), 0.0))


def _mixed(person: float, day: float, parameters: TimeUseParameters) -> float:
    share = parameters.person_share
    return math.sqrt(share) * person + math.sqrt(1.0 - share) * day


def _free(row: DayRow, duty: Duty | None, parameters: TimeUseParameters) -> float:
    """Return how few of the minutes of work and school the day takes, as a standard score."""
    if row.duty_sd_min < parameters.least_duty_sd_min:
        return 0.0
    minutes = 0.0 if duty is None else duty.minutes
    score = (row.duty_min - minutes) / row.duty_sd_min
    return min(max(score, -parameters.most_sd), parameters.most_sd)


def _scores(person: Float, day: Float, free: float, parameters: TimeUseParameters) -> Float:
    """Return the numbers that decide what is done and for how long, shape (2, activities)."""
    share = parameters.person_share
    own = math.sqrt(share) * person + math.sqrt(1.0 - share) * day
    r, rest = _correlations(parameters)
    scores: Float = rest * own.reshape(2, _COUNT) + r * free
    return scores


@lru_cache(maxsize=8)
def _correlations(parameters: TimeUseParameters) -> tuple[Float, Float]:
    r = np.array([parameters.if_free.get(name, 0.0) for name in ACTIVITIES])
    return r, np.sqrt(1.0 - r**2)


def _leaves_home(
    persona: Persona, row: DayRow, duty: Duty | None, score: float, parameters: TimeUseParameters
) -> bool:
    if duty is not None and not duty.at_home and persona.work != persona.home:
        return True
    from scipy.special import ndtr

    flexible = persona.occupation in parameters.duties.flexible_jobs
    at_home = parameters.duties.at_home if flexible else 0.0
    if persona.work == persona.home:
        at_home = 1.0
    work = row.share[_WORK] * (1.0 - at_home) if persona.is_employed else 0.0
    learns = persona.occupation in LEARNERS
    away = work + (row.share[_EDUCATION] if learns else 0.0)
    chance = (row.leaves_home - away) / max(1.0 - away, parameters.least_unbound)
    return bool(ndtr(score) < chance)


def _minutes(
    row: DayRow,
    score: Float,
    most: tuple[float, ...],
    parameters: TimeUseParameters,
    *,
    leaves: bool,
) -> dict[str, float]:
    done = score[0] > row.quantile
    if not leaves:
        done[_AWAY] = False
    minutes = np.where(done, _lengths(row, score, most, parameters.most_sd), 0.0)
    minutes[minutes < parameters.least_min] = 0.0
    named = zip(ACTIVITIES, minutes.tolist(), strict=True)
    return {name: one for name, one in named if name not in _ELSEWHERE}


def _study_at_home(minutes: float, duty: Duty | None, *, is_usual: bool) -> float:
    """Return what learners study beyond their hours at school."""
    if duty is not None and duty.is_school:
        return max(minutes - duty.minutes, 0.0)
    # A school day without school is one of holidays.
    return 0.0 if is_usual else minutes


def _study_of_others(
    persona: Persona, row: DayRow, score: Float, minutes: float, parameters: DutyParameters
) -> float:
    """Return what people study who are no learners; learners have their part of the table."""
    from scipy.special import ndtr

    if persona.age < parameters.studies_from_age:
        return 0.0
    others = 1.0 - float(np.interp(persona.age, *parameters.learners.knots))
    return minutes if ndtr(-score[0, _EDUCATION]) < others * row.share[_EDUCATION] else 0.0


def _lengths(row: DayRow, score: Float, most: tuple[float, ...], most_sd: float) -> Float:
    """Return the minutes of each activity if it is done."""
    minutes = np.exp(row.log_mean + row.log_sd * np.clip(score[1], -most_sd, most_sd))
    lengths: Float = np.minimum(minutes, most)
    return lengths


def _away(
    row: DayRow, score: Float, most: tuple[float, ...], parameters: TimeUseParameters
) -> dict[str, dict[str, float]]:
    from scipy.special import ndtr

    ranks, shares = ndtr(-score[0, _AWAY]), ndtr(-row.quantile[_AWAY])
    columns = (ranks, shares, _lengths(row, score, most, parameters.most_sd)[_AWAY])
    return {
        name: dict(zip(_AWAY_NAMES, column.tolist(), strict=True))
        for name, column in zip(("ranks", "shares", "lengths"), columns, strict=True)
    }


_AWAY = list(AWAY)
_AWAY_NAMES = tuple(ACTIVITIES[row] for row in AWAY)
_ELSEWHERE = frozenset({"work", "leisure", "travel"})


@lru_cache(maxsize=16)
def _most(parameters: TimeUseParameters, *, is_duty_day: bool) -> tuple[float, ...]:
    longest = dict(parameters.most_min)
    if is_duty_day:
        longest.update(parameters.most_on_duty_min)
    return tuple(float(longest.get(name, DAY_MIN)) for name in ACTIVITIES)
