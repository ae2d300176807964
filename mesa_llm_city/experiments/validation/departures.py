"""Departures by hour of a run against observed ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.hourly import DAY_H
from mesa_llm_city.experiments.observed.departures import DepartureCurve, Departures
from mesa_llm_city.experiments.observed.respondents import ALL
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family, Figure, Measure, measures_of
from mesa_llm_city.experiments.validation.run_tables import Bool, RunTables
from mesa_llm_city.experiments.validation.similarity import pearson

__all__ = ["departures", "hourly_trips", "of_day_type"]

_FLAT = "the same in every hour"
_OTHER_DAYS = "the observed mean over all kinds of day"


def departures(tables: RunTables, observed: Departures, bootstrap: Bootstrap) -> Family:
    """Compare the shares of trips by hour of departure with observed ones.

    Reported are Pearson's correlation over the 24 hours, and the share of the trips that begin
    in another hour (half of the sum of absolute differences). Naive predictions are the mean of
    the observed curves of all kinds of day, and equal hours.
    """
    measures: list[Measure] = []
    details, notes = {}, []
    for curve, truth in observed.curves.items():
        trips = hourly_trips(tables, curve)
        if not trips.any():
            notes.append(f"{curve}: the run has no such trip")
            continue
        measures += _measures(curve, truth, trips, _mean_curve(observed, curve), bootstrap)
        total = trips.sum(axis=0)
        details[str(curve)] = {
            "run": (total / total.sum()).round(5).tolist(),
            "observed": truth.round(5).tolist(),
        }
    return Family(name="departures", measures=tuple(measures), details=details, notes=tuple(notes))


def hourly_trips(tables: RunTables, curve: DepartureCurve) -> Float:
    """Return the trips of each person that a curve is about, by hour, shape (p, 24)."""
    trips = tables.trips
    of_it = of_day_type(tables, trips.start_min // DAY_MIN, curve.day_type)
    for names, wanted in ((trips.purpose, curve.purpose), (trips.mode, curve.mode)):
        if wanted != ALL:
            of_it &= names == wanted
    hour = trips.start_min[of_it] % DAY_MIN // HOUR_MIN
    counts = np.zeros((tables.persons, DAY_H))
    np.add.at(counts, (trips.person[of_it], hour), 1.0)
    return counts


def of_day_type(tables: RunTables, day: Int, day_type: str) -> Bool:
    """Tell which days of the run are of a kind."""
    weekday = tables.day_of_week(day)
    kinds = {
        "weekday": weekday < 5,
        "weekend": weekday >= 5,
        "saturday": weekday == 5,
        "sunday": weekday == 6,
    }
    found: Bool = kinds.get(day_type, np.ones(len(day), dtype=np.bool_))
    return found


def _mean_curve(observed: Departures, curve: DepartureCurve) -> Float | None:
    """Return the mean of the curves of other kinds of day too; None if there are none."""
    alike = [one for other, one in observed.curves.items() if other[1:] == curve[1:]]
    mean: Float | None = np.mean(alike, axis=0) if len(alike) > 1 else None
    return mean


def _measures(
    curve: DepartureCurve, truth: Float, trips: Float, mean: Float | None, bootstrap: Bootstrap
) -> Iterator[Measure]:
    flat = np.full(DAY_H, 1.0 / DAY_H)
    curves = ({} if mean is None else {_OTHER_DAYS: mean}) | {_FLAT: flat}
    n = int(trips.sum())
    figures = (
        Figure(f"{curve}: correlation over the hours", n, "trips", better="higher"),
        Figure(f"{curve}: trips in another hour", n, "trips", unit="%", better="lower"),
    )
    found = bootstrap.estimate(lambda count: _figures(count @ trips, truth))
    naive = {name: _figures(one, truth) for name, one in curves.items()}
    return measures_of(figures, found, naive)


def _figures(counts: Float, truth: Float) -> Float:
    """Return the correlation, and the share of trips in another hour in per cent."""
    total = float(counts.sum())
    if not total:
        return np.full(2, np.nan)
    shares = counts / total
    return np.array([pearson(shares, truth), 50.0 * float(np.abs(shares - truth).sum())])
