"""How much days differ, between persons and within a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.observed.activities import SURVEY_GROUPS, survey_group
from mesa_llm_city.experiments.observed.respondents import ALL, Respondents
from mesa_llm_city.experiments.observed.time_use import ObservedTimeUse, TimeUseCell
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap, Estimate
from mesa_llm_city.experiments.validation.measure import (
    Family,
    Figure,
    Measure,
    Reference,
    measures_of,
)
from mesa_llm_city.experiments.validation.person_days import PersonDays, person_days
from mesa_llm_city.experiments.validation.run_tables import RunTables
from mesa_llm_city.experiments.validation.time_use import matching

__all__ = ["Spread", "spread", "variation", "work_departures"]

_ALIKE = "everybody has the mean day"
_SURVEY = "United States, ages 15+, half of the days weekend days (ATUS 2016)"
_ADULTS = Respondents(ages=(15, 200))
_WEEKEND_SHARE = 0.5


class _Activity(NamedTuple):
    """An activity whose spread is measured.

    Attributes
    ----------
    name : str
        Name in the report.
    group : str
        Purposes of this survey group count, or the purpose of this name.
    published_min : float
        Standard deviation between person-days in the survey, in minutes.
    """

    name: str
    group: str
    published_min: float


_ACTIVITIES = (
    _Activity("sleep", "sleep", 136.0),
    _Activity("housework with care of others", "housework", 169.0),
    _Activity("eating", "meals", 51.0),
)


class Spread(NamedTuple):
    """Standard deviations, each an array of shape (k,) over activities.

    Attributes
    ----------
    days : ndarray of float64
        Between all person-days.
    between : ndarray of float64
        Between the means of persons.
    within : ndarray of float64
        Between the days of a person.
    """

    days: Float
    between: Float
    within: Float


def variation(tables: RunTables, observed: ObservedTimeUse | None, bootstrap: Bootstrap) -> Family:
    """Measure how much sleep, housework and eating differ between days, and leaving for work.

    People of 15 and over; half of the weight lies on weekend days, as in the survey of the
    published references. Where the table of time use has ``sd_min`` for everybody, its value and
    its share of weekends are used instead.
    """
    lived = person_days(tables, _column, len(_ACTIVITIES))
    adult = matching(tables, _ADULTS)[lived.person]
    measures: list[Measure] = []
    for row, activity in enumerate(_ACTIVITIES):
        share, reference = _reference(activity, observed)
        weights = adult * _weights(lived, share)
        found = bootstrap.estimate(_spread_of(lived, row, weights, tables.persons))
        measures += _spreads(activity.name, found, reference, n=int((weights > 0).sum()))
    return Family(name="variation", measures=(*measures, *_leaving(tables, bootstrap)))


def spread(values: Float, person: Int, weights: Float, persons: int) -> Spread:
    """Return the standard deviations of person-days, between persons and within them.

    The variance of person-days is the sum of the other two.

    Parameters
    ----------
    values : ndarray of float64, shape (d, k)
        One row per person-day.
    person : ndarray of int64, shape (d,)
        Row of the person.
    weights : ndarray of float64, shape (d,)
        How much each day counts.
    persons : int
        Number of persons.

    Examples
    --------
    Two persons with means of 2 and 6, whose days differ by 1 from it:

    >>> days = np.array([[1.0], [3.0], [5.0], [7.0]])
    >>> [part.round(3).tolist() for part in spread(days, np.array([0, 0, 1, 1]), np.ones(4), 2)]
    [[2.236], [2.0], [1.0]]
    """
    total = float(weights.sum())
    if not total:
        nothing = np.full(values.shape[1], np.nan)
        return Spread(nothing, nothing, nothing)
    mean = weights @ values / total
    weight = np.bincount(person, weights, persons)
    sums = np.zeros((persons, values.shape[1]))
    np.add.at(sums, person, weights[:, None] * values)
    means = np.divide(sums, weight[:, None], out=np.zeros_like(sums), where=weight[:, None] > 0)
    within = weights @ (values - means[person]) ** 2 / total
    between = weight @ (means - mean) ** 2 / total
    return Spread(np.sqrt(between + within), np.sqrt(between), np.sqrt(within))


def work_departures(tables: RunTables) -> tuple[Int, Float]:
    """Return when people leave home for work: the first such trip of each day.

    Returns
    -------
    person : ndarray of int64, shape (d,)
        Rows of the persons.
    minute : ndarray of float64, shape (d,)
        Minutes since midnight.
    """
    trips = tables.trips
    commutes = trips.only((trips.purpose == "work") & (trips.origin == tables.home[trips.person]))
    day = commutes.person * tables.days + commutes.start_min // DAY_MIN
    _, first = np.unique(day, return_index=True)
    minute = (commutes.start_min[first] % DAY_MIN).astype(np.float64)
    return commutes.person[first], minute


def _column(purpose: str) -> int | None:
    """Return the row of the activity that a purpose belongs to."""
    group = survey_group(purpose)
    names = [activity.group for activity in _ACTIVITIES]
    if purpose == "sleep":
        return 0
    return names.index(group) if group in names else None


def _weights(lived: PersonDays, weekend_share: float) -> Float:
    """Return weights of days such that weekend days have a share of the whole."""
    weekend = lived.is_weekend
    ends, rest = int(weekend.sum()), int((~weekend).sum())
    if not ends or not rest:
        return np.ones(len(lived))
    return np.where(weekend, weekend_share / ends, (1.0 - weekend_share) / rest)


def _reference(activity: _Activity, observed: ObservedTimeUse | None) -> tuple[float, Reference]:
    """Return the share of weekends, and the standard deviation between person-days of a survey."""
    published = _WEEKEND_SHARE, Reference(activity.published_min, _SURVEY)
    if observed is None:
        return published
    for cell in observed.cells:
        who = cell.respondents
        is_everybody = who.sex == who.employment == who.youngest_child == who.day_type == ALL
        found = _survey_sd(activity, cell, observed)
        if is_everybody and who.ages[0] <= 20 and who.ages[1] >= 100 and np.isfinite(found):
            return cell.weekend_share, Reference(found, observed.source.file)
    return published


def _survey_sd(activity: _Activity, cell: TimeUseCell, observed: ObservedTimeUse) -> float:
    """Return the standard deviation that a table has of an activity; NaN if it has none."""
    if activity.group in cell.sd_by_activity:
        return cell.sd_by_activity[activity.group]
    column = observed.column(activity.group)
    is_alone = activity.group in SURVEY_GROUPS and column is not None
    return float(cell.sd_min[column]) if is_alone and column is not None else float("nan")


def _spread_of(
    lived: PersonDays, row: int, weights: Float, persons: int
) -> Callable[[Float], Float]:
    """Return what gives the three standard deviations of an activity, by how persons count."""
    values = lived.minutes[:, [row]]
    return lambda count: np.concatenate(
        spread(values, lived.person, weights * count[lived.person], persons)
    )


def _spreads(name: str, found: Estimate, reference: Reference, *, n: int) -> Iterator[Measure]:
    whole = Figure(f"{name}: SD between person-days", n, "person-days", "min", reference=reference)
    between = Figure(f"{name}: SD between persons", n, "person-days", "min")
    within = Figure(f"{name}: SD within persons", n, "person-days", "min")
    return measures_of((whole, between, within), found, {_ALIKE: np.zeros(3)})


def _leaving(tables: RunTables, bootstrap: Bootstrap) -> Iterator[Measure]:
    """Return how much leaving for work varies within a person, and between persons."""
    person, minute = work_departures(tables)
    n = np.bincount(person, minlength=tables.persons)
    mean = np.bincount(person, minute, tables.persons) / np.maximum(n, 1)
    square = np.bincount(person, (minute - mean[person]) ** 2, tables.persons)
    often = n > 1

    def figures(count: Float) -> Float:
        weights = count * often
        if not weights.sum():
            return np.full(2, np.nan)
        own = np.sqrt(square[often] / (n[often] - 1))
        middle = float(np.average(mean, weights=weights))
        between = float(np.sqrt(np.average((mean - middle) ** 2, weights=weights)))
        return np.array([float(np.average(own, weights=weights[often])), between])

    departures = int(n[often].sum())
    wanted = (
        Figure("leaving for work: SD within persons, mean", departures, "departures", "min"),
        Figure("leaving for work: SD between persons", departures, "departures", "min"),
    )
    return measures_of(wanted, bootstrap.estimate(figures), {_ALIKE: np.zeros(2)})
