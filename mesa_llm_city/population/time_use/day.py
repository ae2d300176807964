"""One day of persons, drawn from a table of time use."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.libm import exp
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters.population import DutyParameters, TimeUseParameters
from mesa_llm_city.population.categories import EMPLOYED
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.population.persona import Persona
from mesa_llm_city.population.time_use.cells import is_in
from mesa_llm_city.population.time_use.day_loops import DayNumbers
from mesa_llm_city.population.time_use.dimensions import DAY_TYPES
from mesa_llm_city.population.time_use.duty import (
    DRAWS,
    LEARNERS,
    Duties,
    draw_duties,
    duty_numbers,
)
from mesa_llm_city.population.time_use.row import AWAY, DRAWN, TableRows, most_minutes, rows_of
from mesa_llm_city.population.time_use.table import TimeUseTable
from mesa_llm_city.population.time_use.traits import NUMBERS, DayTraits

__all__ = [
    "DayBounds",
    "DayDraw",
    "DayDraws",
    "Duty",
    "day_numbers",
    "day_weights",
    "draw_bounds",
    "draw_day",
    "draw_days",
]

_LEARN = tuple(LEARNERS)
_COUNT = len(DRAWN)
_AT_HOME = _COUNT - len(AWAY)
_EDUCATION = DRAWN.index("education")


class DayBounds(NamedTuple):
    """What a day is bound by: duty and sleep. Arrays of shape (m,).

    Attributes
    ----------
    kind : ndarray of int64
        Rows of the table.
    is_works_day : ndarray of bool
        Whether it is a day of the week on which the person works or learns as a rule.
    duties : Duties
        Work and school.
    is_long : ndarray of bool
        Whether a duty is so long that it leaves little of the day.
    free : ndarray of float64
        How few of the minutes of work and school the day takes, as a standard score.
    sleep_min : ndarray of float64
        Minutes of sleep.
    """

    kind: Int
    is_works_day: Bool
    duties: Duties
    is_long: Bool
    free: Float
    sleep_min: Float

    def take(self, rows: Int | slice) -> DayBounds:
        """Return some of the rows."""
        return DayBounds(
            self.kind[rows],
            self.is_works_day[rows],
            self.duties.take(rows),
            self.is_long[rows],
            self.free[rows],
            self.sleep_min[rows],
        )


class DayDraws(NamedTuple):
    """What m persons aim to do on one day.

    Attributes
    ----------
    bounds : DayBounds
        Duty and sleep.
    minutes : ndarray of float64, shape (m, activities of `DRAWN`)
        Minutes of each activity, 0 for what is not done; of education what is learnt at home.
    leaves_home : ndarray of bool, shape (m,)
        Whether the person leaves home at all.
    ranks, shares, lengths : ndarray of float64, shape (m, activities of `AWAY`)
        Of what people leave home for: the activity is done if its rank, in [0, 1], is below
        its share on days away from home, and then takes its length in minutes.
    """

    bounds: DayBounds
    minutes: Float
    leaves_home: Bool
    ranks: Float
    shares: Float
    lengths: Float

    def of(self, activity: str) -> Float:
        """Return the minutes of one of `DRAWN`; shape (m,)."""
        return self.minutes[:, DRAWN.index(activity)]

    def away_min(self, activity: str, factor: Float | float = 1.0) -> Float:
        """Return the minutes of something away from home if it is more or less likely; (m,).

        Parameters
        ----------
        activity : str
            One of `AWAY`.
        factor : ndarray of float64, shape () or (m,), default 1
            What its share is multiplied by.
        """
        at = AWAY.index(activity)
        is_done = self.leaves_home & (self.ranks[:, at] < self.shares[:, at] * factor)
        return np.where(is_done, self.lengths[:, at], 0.0)


def draw_bounds(
    people: PeopleColumns,
    days: Sequence[int],
    *,
    clock: Clock,
    streams: ColumnStreams,
    traits: DayTraits,
    table: TimeUseTable,
    parameters: TimeUseParameters,
) -> DayBounds:
    """Draw duty and sleep of persons on some days.

    Parameters
    ----------
    people : PeopleColumns
        The m persons.
    days : sequence of int
        Indices of the d days; -1 is the day before the run.
    clock : Clock
        The calendar.
    streams : ColumnStreams
        Random streams of the persons.
    traits : DayTraits
        What they are like.
    table : TimeUseTable
        Shares and minutes by kind of person and day.
    parameters : TimeUseParameters
        How days of a person differ.

    Returns
    -------
    DayBounds
        d m rows, those of all persons on the first day before those on the next.
    """
    rows = rows_of(table, parameters)
    uniforms = [streams.on("time_use.bounds", day=day, n=DRAWS + 1) for day in days]
    draws = uniforms[0] if len(days) == 1 else np.concatenate(uniforms)
    every = np.tile(np.arange(len(people)), len(days))
    if len(days) > 1:
        people, traits = people.take(every), traits.take(every)
    kinds = [(clock.day_type(day), clock.weekday(day * DAY_MIN)) for day in days]
    day_type, weekday = np.repeat(np.array(kinds), len(every) // len(days), axis=0).T
    is_holiday = [clock.is_holiday(day * DAY_MIN) for day in days]
    works = (people.work_days >> weekday) & 1 == 1
    kind = traits.cell * len(DAY_TYPES) + day_type
    duties = draw_duties(
        people,
        rows,
        kind,
        draws,
        employment=traits.employment,
        is_usual_day=works & ~np.repeat(is_holiday, len(every) // len(days)),
        parameters=parameters.duties,
    )
    is_long = duties.has & (duties.minutes >= parameters.long_duty_min)
    free = _free(rows, kind, duties, parameters)
    score = _sleep_score(normal_of(draws[:, DRAWS]), free, traits.sleep_need, parameters)
    minutes = exp(rows.sleep_mean[2 * kind + is_long] + rows.sleep_sd[kind] * score)
    minutes = np.minimum(minutes, most_minutes(parameters, ("sleep",))[is_long * 1, 0])
    minutes[minutes < parameters.least_min] = 0.0
    return DayBounds(kind, works, duties, is_long, free, minutes)


def draw_days(
    people: PeopleColumns,
    day: int,
    bounds: DayBounds,
    *,
    streams: ColumnStreams,
    traits: DayTraits,
    table: TimeUseTable,
    parameters: TimeUseParameters,
) -> DayDraws:
    """Draw what persons aim to do on a day beside duty and sleep.

    Parameters
    ----------
    people, streams, traits, table, parameters
        See `draw_bounds`.
    day : int
        Index of the day.
    bounds : DayBounds
        Duty and sleep of the day.

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
    from scipy.special import ndtr

    rows, kind = rows_of(table, parameters), bounds.kind
    own = normal_of(streams.on("time_use", day=day, n=NUMBERS))
    own *= math.sqrt(1.0 - parameters.person_share)
    own += math.sqrt(parameters.person_share) * traits.numbers
    leaves = _leaves_home(people, rows, bounds, own[:, -1], parameters)
    r, rest = _correlations(parameters)
    pull = r * bounds.free[:, np.newaxis]
    score = rest * own[:, :_COUNT] + pull
    lengths = rest * own[:, _COUNT : 2 * _COUNT] + pull
    np.maximum(lengths, -parameters.most_sd, out=lengths)
    np.minimum(lengths, parameters.most_sd, out=lengths)
    lengths *= rows.log_sd.take(kind, axis=0)
    lengths += rows.log_mean.take(2 * kind + bounds.is_long, axis=0)
    lengths = exp(lengths)
    most = most_minutes(parameters, DRAWN).take(bounds.is_long * 1, axis=0)
    np.minimum(lengths, most, out=lengths)
    is_done = score > rows.quantile.take(kind, axis=0)
    is_done[:, _AT_HOME:] &= leaves[:, np.newaxis]
    is_done &= lengths >= parameters.least_min
    minutes = np.where(is_done, lengths, 0.0)
    minutes[:, _EDUCATION] = _study(
        people,
        bounds,
        minutes[:, _EDUCATION],
        score=score[:, _EDUCATION],
        share=rows.share_education[kind],
        parameters=parameters.duties,
    )
    return DayDraws(
        bounds,
        minutes,
        leaves,
        ranks=ndtr(-score[:, _AT_HOME:]),
        shares=rows.share_away[kind],
        lengths=lengths[:, _AT_HOME:],
    )


def _free(rows: TableRows, kind: Int, duties: Duties, parameters: TimeUseParameters) -> Float:
    """Return how few of the minutes of work and school the day takes, as a standard score."""
    spread = rows.duty_sd_min[kind]
    differs = spread >= parameters.least_duty_sd_min
    score = (rows.duty_min[kind] - duties.minutes) / np.where(differs, spread, 1.0)
    bounded = np.minimum(np.maximum(score, -parameters.most_sd), parameters.most_sd)
    return np.where(differs, bounded, 0.0)


def _sleep_score(
    day: Float, free: Float, need: NDArray[np.float32], parameters: TimeUseParameters
) -> Float:
    """Return how long the night is; the part of the person is what they need."""
    r = parameters.if_free.get("sleep", 0.0)
    score = math.sqrt((1.0 - r**2) * (1.0 - parameters.person_share)) * day + r * free
    score += math.sqrt(parameters.person_share) * need
    return np.minimum(np.maximum(score, -parameters.most_sd), parameters.most_sd)


@lru_cache(maxsize=8)
def day_numbers(parameters: TimeUseParameters) -> DayNumbers:
    """Return what loops over persons read of the parameters."""
    of_sleep, share = parameters.if_free.get("sleep", 0.0), parameters.person_share
    scalars = (
        parameters.most_sd,
        parameters.least_min,
        parameters.least_duty_sd_min,
        parameters.long_duty_min,
        parameters.least_unbound,
        parameters.duties.at_home,
    )
    most, most_long = most_minutes(parameters, ("sleep",))[:, 0].tolist()
    return DayNumbers(
        duty_numbers(parameters.duties),
        most,
        most_long,
        np.float32(math.sqrt(share)),
        math.sqrt(1.0 - share),
        math.sqrt((1.0 - of_sleep**2) * (1.0 - share)),
        float(of_sleep),
        *(float(one) for one in scalars),
    )


@lru_cache(maxsize=8)
def day_weights(parameters: TimeUseParameters) -> Float:
    """Return the weights of `fill_day`; shape (4, activities of `DRAWN`)."""
    return np.concatenate([_correlations(parameters), most_minutes(parameters, DRAWN)])


@lru_cache(maxsize=8)
def _correlations(parameters: TimeUseParameters) -> tuple[Float, Float]:
    r = np.array([parameters.if_free.get(name, 0.0) for name in DRAWN])
    return r, np.sqrt(1.0 - r**2)


def _leaves_home(
    people: PeopleColumns,
    rows: TableRows,
    bounds: DayBounds,
    score: Float,
    parameters: TimeUseParameters,
) -> Bool:
    from scipy.special import ndtr

    duties, is_at_work = bounds.duties, people.work == people.home
    leaves: Bool = duties.has & ~duties.at_home & ~is_at_work
    left = np.flatnonzero(~leaves)
    if not len(left):
        return leaves
    kind, jobs = bounds.kind[left], parameters.duties
    at_home = np.where(is_in(people, jobs.flexible_jobs)[left], jobs.at_home, 0.0)
    at_home[is_at_work[left]] = 1.0
    away = is_in(people, EMPLOYED)[left] * rows.share_work[kind] * (1.0 - at_home)
    away += is_in(people, _LEARN)[left] * rows.share_education[kind]
    chance = (rows.leaves_home[kind] - away) / np.maximum(1.0 - away, parameters.least_unbound)
    leaves[left] = ndtr(score[left]) < chance
    return leaves


def _study(
    people: PeopleColumns,
    bounds: DayBounds,
    minutes: Float,
    *,
    score: Float,
    share: Float,
    parameters: DutyParameters,
) -> Float:
    """Return what is learnt at home: by learners beyond school, and by others."""
    from scipy.special import ndtr

    studied = np.zeros_like(minutes)
    some = np.flatnonzero(minutes)
    if not len(some):
        return studied
    told, duties = minutes[some], bounds.duties
    learns = is_in(people, _LEARN)[some]
    # A school day without school is one of holidays.
    beyond = np.where(bounds.is_works_day[some], 0.0, told)
    at_school = duties.is_school[some]
    beyond[at_school] = np.maximum(told - duties.minutes[some], 0.0)[at_school]
    # Learners have their part of the table.
    others = 1.0 - np.interp(people.age[some], *parameters.learners.knots)
    studies = people.age[some] >= parameters.studies_from_age
    studies &= ndtr(-score[some]) < others * share[some]
    studied[some] = np.where(learns, beyond, np.where(studies, told, 0.0))
    return studied


class Duty(NamedTuple):
    """Work or school of one person on one day, with the attributes of `Duties`."""

    is_school: bool
    start_min: float
    minutes: float
    at_home: bool
    is_usual: bool


class DayDraw(NamedTuple):
    """What a person aims to do on one day: a row of `DayDraws` by name.

    Attributes
    ----------
    duty : Duty or None
        Work or school.
    minutes : mapping of str to float
        Minutes by activity of the table, 0 for what is not done. Work, leisure and travel are
        not among them, and of education what is learnt at home.
    leaves_home : bool
        Whether the person leaves home at all.
    """

    duty: Duty | None
    minutes: Mapping[str, float]
    leaves_home: bool


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
    """Draw what a person aims to do on a day (see `draw_bounds` and `draw_days`)."""
    people, columns = PeopleColumns.of([persona]), ColumnStreams.of(streams)
    need = np.array([sleep_need])
    traits = DayTraits.of(people, columns, need, table=table, parameters=parameters)
    bounds = draw_bounds(
        people,
        [day],
        clock=clock,
        streams=columns,
        traits=traits,
        table=table,
        parameters=parameters,
    )
    drawn = draw_days(
        people,
        day,
        bounds,
        streams=columns,
        traits=traits,
        table=table,
        parameters=parameters,
    )
    minutes = dict(zip(DRAWN, drawn.minutes[0].tolist(), strict=True))
    duties = bounds.duties
    duty = Duty(*(one[0].item() for one in duties[1:])) if duties.has[0] else None
    asleep = {"sleep": float(bounds.sleep_min[0])}
    return DayDraw(duty, asleep | minutes, bool(drawn.leaves_home[0]))
