"""Trips a day, and whether they drift from week to week."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, WEEK_DAYS
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.observed.respondents import Respondents
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family, Measure, Reference
from mesa_llm_city.experiments.validation.person_days import person_days
from mesa_llm_city.experiments.validation.run_tables import RunTables
from mesa_llm_city.experiments.validation.time_use import matching

__all__ = ["trip_rates", "weekly_rates"]

_LAST_WEEK = 8
_ADULTS = Respondents(ages=(18, 200))
_ENGLAND = Reference(2.36, "England, all ages (National Travel Survey 2022)")
_STEADY = Reference(0.0, "no drift")


def trip_rates(tables: RunTables, bootstrap: Bootstrap) -> Family:
    """Measure trips a person-day, and how the eighth week differs from the second.

    In shorter runs the last whole week takes the place of the eighth; with two weeks it is
    compared with the first. The first week is that of the first seven days, whatever its
    day of the week, so that all weeks have the same days.
    """
    trips, days = weekly_rates(tables)
    adults = matching(tables, _ADULTS).astype(np.float64)
    everybody = np.ones(tables.persons)
    measures = [
        _rate("trips a day", trips, days, everybody, reference=_ENGLAND, bootstrap=bootstrap),
        _rate("trips a day, ages 18+", trips, days, adults, reference=None, bootstrap=bootstrap),
        *_drift(trips, days, tables.days // WEEK_DAYS, bootstrap),
    ]
    total = days.sum(axis=0)
    by_week = np.divide(trips.sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
    notes = () if tables.days >= 2 * WEEK_DAYS else ("drift needs two whole weeks",)
    return Family(
        name="trips and drift",
        measures=tuple(measures),
        details={"trips_a_day_by_week": by_week.round(4).tolist()},
        notes=notes,
    )


def weekly_rates(tables: RunTables) -> tuple[Float, Float]:
    """Return trips and days of each person by week of the run, both of shape (p, weeks).

    A last week of fewer than seven days is a week of its own.
    """
    weeks = -(-tables.days // WEEK_DAYS)
    trips, days = np.zeros((tables.persons, weeks)), np.zeros((tables.persons, weeks))
    lived = person_days(tables, lambda _: 0, 1)
    np.add.at(days, (lived.person, lived.day // WEEK_DAYS), 1.0)
    is_whole = np.zeros((tables.persons, tables.days), dtype=np.bool_)
    is_whole[lived.person, lived.day] = True
    made = tables.trips
    day = np.minimum(made.start_min // DAY_MIN, tables.days - 1)
    kept = is_whole[made.person, day]
    np.add.at(trips, (made.person[kept], day[kept] // WEEK_DAYS), 1.0)
    return trips, days


def _rate(
    name: str,
    trips: Float,
    days: Float,
    who: Float,
    *,
    reference: Reference | None,
    bootstrap: Bootstrap,
) -> Measure:
    def figure(count: Float) -> Float:
        lived = float((count * who) @ days.sum(axis=1))
        return np.array([(count * who) @ trips.sum(axis=1) / lived if lived else np.nan])

    value, interval = bootstrap.estimate(figure).at(0)
    return Measure(
        name=name,
        value=value,
        interval=interval,
        better="nearer",
        reference=reference,
        n=int(who @ days.sum(axis=1)),
        units="person-days",
    )


def _drift(trips: Float, days: Float, whole: int, bootstrap: Bootstrap) -> Iterator[Measure]:
    """Yield the change of trips a day between two of the whole weeks, if there are two."""
    if whole < 2:
        return
    first, last = (0, 1) if whole == 2 else (1, min(whole, _LAST_WEEK) - 1)

    def figure(count: Float) -> Float:
        with np.errstate(divide="ignore", invalid="ignore"):
            rates = (count @ trips) / (count @ days)
        return np.array([100.0 * (rates[last] / rates[first] - 1.0)])

    value, interval = bootstrap.estimate(figure).at(0)
    yield Measure(
        name=f"trips a day, week {last + 1} against week {first + 1}",
        unit="%",
        value=value,
        interval=interval,
        better="nearer",
        reference=_STEADY,
        n=int(days[:, [first, last]].sum()),
        units="person-days",
    )
